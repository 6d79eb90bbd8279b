"""Telephone first (电话首报): one form with everything filled in; a row on the story's timeline, and so in the duty log."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins.wording import percent
from groundswell.desk.flash import clocks, sending
from groundswell.desk.flash.forms import CallForm
from groundswell.desk.flash.house_rules import PHONE, offices
from groundswell.desk.flash.models import Call
from groundswell.desk.flash.telling import level_words, moment
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.timeline import in_a_line
from groundswell.desk.stories.actions import LIVE
from groundswell.desk.stories.models import Story


def proposed(story: Story) -> dict[str, Any]:
    """The form as it opens: the first of those before whom it is put, and what is known in two sentences."""
    at = now()
    told = set(Call.objects.filter(story=story, at__gte=at - timedelta(days=1)).values_list("to", flat=True))
    first = next((one for one in sending.leaders_for(story, story.level, at) if one.user.pk not in told), None)
    data = {
        "level": level_words(story.level), "title": story.title, "first": moment(story.first_at), "now": moment(at),
        "items": story.item_count, "sources": story.source_count, "share": percent(story.negative, story.item_count),
    }  # fmt: skip
    text = _("Level %(level)s: %(title)s. First said %(first)s; by %(now)s %(items)s items in %(sources)s sources, %(share)s%% negative.")
    return {"to": f"u:{first.user.pk}" if first else "", "text": text % data}


def _callee(to: str, other: str) -> dict[str, Any]:
    """Who was told, out of the choice or the words of the form. Raises Refused where it names nobody."""
    kind, _sign, ref = to.partition(":")
    if other.strip():
        return {"name": other.strip()}
    if kind == "u" and ref.isdigit():
        user = User.objects.filter(pk=int(ref), is_active=True).first()
        if user is not None:
            post, post_en = user.post, user.post_en
            name = f"{user.name}（{post}）" if post else user.name
            english = user.name_en or user.name
            return {
                "to": user,
                "name": name[:80],
                "name_en": (f"{english} ({post_en})" if post_en else english)[:100],
                "number": user.phone,
            }
    rows = offices()
    if kind == "o" and ref.isdigit() and int(ref) < len(rows):
        return {"name": rows[int(ref)][0][:80], "number": rows[int(ref)][1][:40]}
    raise Refused(_("Say whom you told."))


@action(
    "story.telephone",
    verb=gettext_lazy("Telephone first"),
    did=gettext_lazy("told %(who)s by telephone at %(time)s: %(text)s"),
    permission="flash.report",
    from_states=LIVE,
    form=CallForm,
    initial=proposed,
    key="p",
    icon="phone",
    leaves_house=True,
)
def telephone(act: Act, story: Story, *, text: str, to: str = "", other: str = "", at: time | None = None) -> None:
    """Who was told what, when, by whom: it meets the first clock; the written report has its own."""
    callee = _callee(to, other)
    told_at = datetime.combine(act.at.astimezone(zone()).date(), at, zone()) if at else act.at
    call = Call.objects.create(story=story, text=text.strip(), at=min(told_at, act.at), by_id=act.by, **callee)
    clocks.meet(story, (PHONE,), call.at)
    local = f"{call.at.astimezone(zone()):%H:%M}"
    act.data = {"who": call.name, "who_en": call.name_en or call.name, "time": local, "text": in_a_line(text), "call": call.pk}
