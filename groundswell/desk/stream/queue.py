"""What the stream puts into Today's queue and beside its name: items to triage, proposed watches."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.desk.accounts.models import SlangWord, User
from groundswell.desk.accounts.rights import may
from groundswell.desk.spine.ports import now as desk_now
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter
from groundswell.desk.stream.models import Item, ItemState, Watch

MOST = 999


@counter("stream")
def to_triage(user: User) -> Count | None:
    """Items that wait for triage, counted up to 999 (index item_open)."""
    rows = Item.objects.filter(state=ItemState.OPEN).filter(Q(snoozed_until=None) | Q(snoozed_until__lte=desk_now()))
    count = rows[: MOST + 1].count()
    return Count(f"{MOST}+" if count > MOST else str(count)) if count else None


@queue_source
def proposed_watches(user: User, now: datetime) -> list[Waiting]:
    """Watches that somebody proposed and an editor must decide."""
    if not may(user, "watch.edit"):
        return []
    rows = Watch.objects.filter(state="proposed").select_related("added_by")[:10]
    return [
        Waiting(
            key=f"watch:{row.pk}",
            kind="watch",
            kind_words=_("Watch proposed"),
            title=row.name,
            url=f"/desk/watches/{row.slug}/",
            why=_("proposed by %(who)s: %(query)s") % {"who": row.added_by.name if row.added_by else "—", "query": row.query[:80]},
            button=Button(_("Look at it"), f"/desk/watches/{row.slug}/"),
        )
        for row in rows
    ]


@queue_source
def proposed_words(user: User, now: datetime) -> list[Waiting]:
    """New words of the net that the program found; one entry for all of them."""
    if not may(user, "unit.manage"):
        return []
    rows = list(SlangWord.objects.filter(state="proposed").order_by("-posts").values_list("word", flat=True))
    if not rows:
        return []
    url = "/desk/units/words/?state=proposed"
    return [
        Waiting(
            key="words:proposed",
            kind="word",
            kind_words=_("Words proposed"),
            title=ngettext("%(n)s new word of the net", "%(n)s new words of the net", len(rows)) % {"n": len(rows)},
            url=url,
            why=_(", ").join(rows[:6]),
            button=Button(_("Look at them"), url),
        )
    ]
