"""The sentences of a flash report, one function a head, in the language that is active; what an item says ends with its [n]."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from groundswell.desk.accounts.leaders import leaders
from groundswell.desk.bulletins import phrases
from groundswell.desk.bulletins.wording import EN, WHO_EN, WHO_ZH, ZH, Said, percent
from groundswell.desk.cases.models import Task
from groundswell.desk.flash.models import Call
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.shell import in_language, named
from groundswell.desk.stream.models import Item
from groundswell.reports.numerals import numeral

if TYPE_CHECKING:
    from groundswell.desk.flash.drafting import Ground

SILENCE: dict[str, str | Promise] = {  # why nothing is forecast
    "forecast.too_few": gettext_lazy("There is no forecast yet: too little has been said."),
    "forecast.too_young": gettext_lazy("There is no forecast yet: it has only begun."),
    "forecast.quiet": gettext_lazy("Nothing is forecast: it is quiet."),
    "forecast.no_better": gettext_lazy("Nothing is forecast: the last forecasts were no better than “it goes on as now”."),
}
LONG = 90  # characters of one quotation
FEW = 3  # sentences of a head
_GAP = re.compile(r"(?<=[。！？”；])\s+|\s+(?=[\u3400-\u9fff])")
ROMAN = {"zh": ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"), "en": ("", "I", "II", "III", "IV")}


def english() -> bool:
    return get_language() == "en"


def joined(text: str) -> str:
    """TEXT of several sentences: English ones a space apart, Chinese ones without any."""
    return " ".join(text.split()) if english() else _GAP.sub("", text).strip()


def moment(at: datetime | date) -> str:
    """11月23日16:06, 23 November 16:06; only the day where only that is known."""
    if not isinstance(at, datetime):
        return date_format(at, "MONTH_DAY_FORMAT")
    local = at.astimezone(zone())
    apart = " " if english() else ""
    return f"{date_format(local, 'MONTH_DAY_FORMAT')}{apart}{local:%H:%M}"


def number(value: float) -> str:
    return numeral(round(value), get_language() or "zh-hans")


def level_words(level: int) -> str:
    return ROMAN["en" if english() else "zh"][level]


def told(ground: Ground, said: Said, *, response: bool = False) -> str:
    """One stretch of an item's own words with its number: in quotation marks where they are the first person's or of another language."""
    words = EN if english() else ZH
    source = said.source_en or said.source if english() else said.source
    if response:
        names = ("response", "response_quote")
    elif said.institutional:
        names = ("reported", "reported_quote")
    else:
        names = ("praised_by", "praised_quote") if ground.facts.is_positive else ("said_by", "quoted_by")
    lead, quote = (words[name].format(source=source) for name in names)
    own = said.lang.startswith("en") == english()
    if said.first_person or not own:
        return f"{quote}{words['open']}{said.text}{words['close']}{ground.cite(said.item)}{words['stop']} "
    text = said.text if english() else said.text.rstrip("？?")
    return f"{lead}{text}{ground.cite(said.item)}{words['stop']} "


def chosen(pool: Sequence[Said], most: int, already: str = "", longest: int = LONG) -> list[Said]:
    """The best of POOL that say different things, each of another item."""
    found: list[Said] = []
    text = already
    for said in pool:
        if len(found) >= most:
            break
        new = said.item not in {each.item for each in found} and not _known(said.text, text)
        if new and len(said.text) <= longest and phrases.length(said.text) >= 8:
            found.append(said)
            text += said.text
    return found


def _known(text: str, already: str) -> bool:
    pairs = {text[n : n + 2] for n in range(len(text) - 1)}
    return bool(pairs) and sum(pair in already for pair in pairs) > 0.5 * len(pairs)


# ---------------------------------------------------------------- head by head


def what(ground: Ground) -> str:
    rows = chosen(ground.facts.facts, 2)
    text = "".join(told(ground, said) for said in rows)
    if not text:
        words = EN if english() else ZH
        title = ground.facts.title_as_said if english() else ground.facts.title
        text = f"{words['open']}{title}{words['close']}{ground.cite(ground.facts.title_item)}{words['stop']} "
    return text + (_("This has not been verified yet.") if ground.facts.unverified else "")


def where(ground: Ground) -> str:
    if not ground.by_place:
        return _("The place is not known yet.")
    names = [(pair[1] if english() else pair[0]) + ground.cite(item) for pair, item in ground.by_place]
    return _(", ").join(names) + (EN if english() else ZH)["stop"]


def when(ground: Ground) -> str:
    cite = ground.cite(ground.first.pk) if ground.first else ""
    return _("The first item is of %(first)s%(cite)s; this report stands as of %(now)s.") % {
        "first": moment(ground.facts.first), "cite": cite, "now": moment(ground.at)
    }  # fmt: skip


def who(ground: Ground) -> str:
    item = ground.first
    if item is None:
        return _("It is not known who said it first.")
    title = phrases.unnamed(item.title or phrases.ended(next(phrases.sentences(item.text), item.text))[:40], ())
    data = {"source": named(item.source), "title": title[:60], "cite": ground.cite(item.pk)}
    if item.institutional or item.source.official:
        return _("%(source)s reported it first: “%(title)s”%(cite)s.") % data
    kind = (WHO_EN if english() else WHO_ZH).get(item.channel, "")
    data["kind"] = kind or _("item")
    return _("First said on %(source)s, a private author's %(kind)s: “%(title)s”%(cite)s.") % data


def spread(ground: Ground) -> str:
    figures = ground.figures
    data = {
        "now": moment(ground.at), "sources": figures["sources"], "items": number(figures["items"]), "fresh": number(figures["fresh"]),
        "share": percent(figures["negative"], figures["items"]),
    }  # fmt: skip
    words = ngettext(
        "By %(now)s there are %(items)s items in %(sources)s source.",
        "By %(now)s there are %(items)s items in %(sources)s sources.",
        figures["sources"],
    )
    lines = [words % data]
    if ground.before is None:
        lines.append(_("The last hour brought %(fresh)s items.") % data)
    lines.append(_("%(share)s%% negative.") % data)
    if ground.most_read is not None:
        said = {"source": named(ground.most_read.source), "cite": ground.cite(ground.most_read.pk)}
        lines.append(_("Read most: %(source)s%(cite)s.") % said)
    return " ".join(lines) if english() else "".join(lines)


def voices(ground: Ground) -> str:
    facts = ground.facts
    already = "".join(said.text for said in chosen(facts.facts, 2))  # what the first head says
    private = [said for said in facts.facts if not said.institutional]
    rows = chosen(private, 1, already) + chosen(facts.asks, FEW - 1)
    lines = []
    for said in rows:
        asks = phrases.asked(said.text) if not english() else ""
        if asks and said in facts.asks:
            lines.append(f"群众{asks}{ground.cite(said.item)}{ZH['stop']}")
        else:
            lines.append(told(ground, said))
    if not lines:
        return _("No view stands out yet.")
    return "".join(lines)


def forecast(ground: Ground) -> str:
    shown = ground.spread
    made = shown.forecast if shown else None
    if shown is None or made is None:
        return str(SILENCE.get(shown.silence.code if shown and shown.silence else "", _("There is no forecast yet.")))
    trends = {
        "rising": _("It goes on rising."), "falling": _("It is ebbing."), "quiet": _("It is quiet."),
        "to_ebb": _("It is expected to ebb."),
    }  # fmt: skip
    lines = [trends.get(made.trend, _("It stays about the same."))]
    if made.outlook is not None:
        lines.append(
            _("The next %(hours)s hours are expected to add about %(n)s (80%% range %(low)s to %(high)s).")
            % {
                "hours": made.outlook.hours, "n": number(made.outlook.expected), "low": number(made.outlook.low80),
                "high": number(made.outlook.high80),
            }
        )  # fmt: skip
    if made.trend == "rising" and made.peak_at is not None and made.peak_at > ground.at:
        lines.append(_("The height is expected near %(time)s.") % {"time": moment(made.peak_at)})
    return " ".join(lines) if english() else "".join(lines)


def measures(ground: Ground) -> str:
    lines = [told(ground, said, response=True) for said in chosen(answers(ground), 1, longest=120)]
    calls = Call.objects.filter(Q(to=None) | Q(to__in=leaders()), story=ground.story, at__lte=ground.at)  # who is no leader is not named
    for call in calls.order_by("at")[:FEW]:
        who_told = call.name_en if english() and call.name_en else call.name
        lines.append(_("Reported by telephone to %(who)s at %(time)s.") % {"who": who_told, "time": moment(call.at)} + " ")
    rows = Task.objects.filter(case__story=ground.story, handed_at__lte=ground.at).exclude(state="task.void").select_related("unit")
    for task in rows.order_by("id")[:FEW]:
        data = {"unit": named(task.unit), "title": task.title, "state": task.get_state_display()}
        lines.append(_("%(unit)s was given “%(title)s” (%(state)s).") % data + " ")
    for entry in instructed(ground, None)[:FEW]:
        lines.append(_("%(who)s instructed: “%(text)s”.") % in_language(entry.data) + " ")
    if not lines:
        return _("The office follows it; no unit has been given a task yet.")
    return "".join(lines)


def answers(ground: Ground, since: datetime | None = None) -> list[Said]:
    """What public bodies answered, SINCE a moment; a lead without what it leads to says nothing."""
    rows = [said for said in ground.facts.responses if not said.text.endswith(("表示", "称", "说", "介绍", "通报", "透露"))]
    if since is None:
        return rows
    fresh = Item.objects.filter(pk__in={said.item for said in rows}, published_at__gt=since).values_list("pk", flat=True)
    known = set(fresh)
    return [said for said in rows if said.item in known]


def instructed(ground: Ground, since: datetime | None) -> list[Entry]:
    """What leaders instructed on the story, as its timeline says it."""
    rows = Entry.objects.filter(subject_type="story", subject_id=ground.story.pk, action="system.instructed", at__lte=ground.at)
    return list((rows.filter(at__gt=since) if since else rows).order_by("id"))


TELLERS: dict[str, Callable[[Any], str]] = {
    "what": what, "where": where, "when": when, "who": who, "spread": spread, "voices": voices, "forecast": forecast, "measures": measures,
}  # fmt: skip
