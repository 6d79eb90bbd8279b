"""What stands between a report and its readers: the bulletins' checks, head by head, and a flash report's own; ``words`` says them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from groundswell.desk.bulletins import checks, facts
from groundswell.desk.bulletins.checks import CITE, ERROR, OK, WARN
from groundswell.desk.bulletins.models import Issue, IssueItem, Series
from groundswell.desk.flash.drafting import HEADS, SOURCED
from groundswell.desk.flash.models import SERIES, Call, Kind, Report
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import State
from groundswell.desk.stream.models import Item

NEVER = frozenset({"no_text", "nobody"})  # these no reason overrules
LOOKS = (checks.sources, checks.names, checks.figures, checks.behind, checks.gone)
OF_A_BRIEF = frozenset({"no_source", "not_cited"})  # what only some heads of a flash report need
ONCE = frozenset({"stale_figures", "merged", "not_us"})
OLD = timedelta(hours=2)


@dataclass(frozen=True)
class Finding:
    """One finding: its code, how bad it is, the head that it is about ("" the whole report), what its sentence needs."""

    code: str
    severity: str
    head: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


def check(report: Report, readers: int | None = None) -> list[Finding]:
    """Every finding on REPORT, errors first; READERS, where given, is how many will get it."""
    found = list(_of_the_bulletins(report))
    found += [each for look in OWN for each in look(report)]
    if readers == 0:
        found.append(Finding("nobody", ERROR))
    heads = {code: place for place, code in enumerate(HEADS)}
    rank = {ERROR: 0, WARN: 1, OK: 2}
    found.sort(key=lambda each: (rank[each.severity], heads.get(each.head, -1)))
    return found + list(_in_order({each.code for each in found}))


def errors(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.severity == ERROR]


def _of_the_bulletins(report: Report) -> Iterator[Finding]:
    """The checks that a piece of a bulletin goes through, each head looked at as a piece that rests on the report's sources."""
    series = Series(code=SERIES)
    issue = Issue(series=series, window_from=report.made_at, window_to=report.made_at, due_at=report.made_at)
    pieces = [_piece(report, issue, code) for code in HEADS if report.facts.get(code, {}).get("zh")]
    ground = checks.Ground(
        issue=issue,
        pieces=pieces,
        items=Item.objects.select_related("source").defer("tokens", "signature", "judged").in_bulk(report.citations),
        keep=tuple(facts.keep_names()),
        printed={},
        at=now(),
    )
    seen: set[str] = set()
    for look in LOOKS:
        for each in look(ground):
            if each.code in OF_A_BRIEF or (each.code in ONCE and each.code in seen):
                continue
            seen.add(each.code)
            args = dict(each.args)
            if "citations" in args:
                args.pop("citations")
            yield Finding(each.code, each.severity, each.piece.section if each.piece and each.code not in ONCE else "", args)


def _piece(report: Report, issue: Issue, code: str) -> IssueItem:
    said = report.facts[code]
    first = code == "what"
    return IssueItem(
        issue=issue,
        section=code,
        position=0,
        story=report.story,
        title=report.title if first else "",
        text=said.get("zh", ""),
        title_en=report.title_en if first else "",
        text_en=said.get("en", ""),
        level=report.level,
        citations=report.citations,
        figures=report.figures,
        behind=said.get("behind", ""),
        drafted_by_machine=said.get("by") == "machine",
    )


# ---------------------------------------------------------------- of a flash report alone


def _sourced(report: Report) -> Iterator[Finding]:
    """What, when and who rest on an item that can be opened."""
    for code in SOURCED:
        text = report.facts.get(code, {}).get("zh", "")
        if not text.strip():
            yield Finding("no_text", ERROR, code)
        elif not CITE.search(text):
            yield Finding("no_source", ERROR, code)


def _verified(report: Report) -> Iterator[Finding]:
    said = report.facts.get("what", {})
    if facts.is_unverified(report.story):
        for text in (said.get("zh", ""), said.get("en", "")):
            if text and not checks.HEDGED.search(report.title + text):
                yield Finding("unverified", ERROR, "what")
                return


def _level(report: Report) -> Iterator[Finding]:
    if report.level != report.story.level:
        yield Finding("level_differs", WARN, args={"level": report.level, "now": report.story.level})
    if report.level <= 2 and not report.facts.get("advice", {}).get("zh", "").strip():
        yield Finding("no_advice", WARN, "advice")


def _told(report: Report) -> Iterator[Finding]:
    """The grave ones are told by telephone before they are written."""
    if report.kind == Kind.FIRST and report.level <= 2 and not Call.objects.filter(story=report.story).exists():
        yield Finding("not_told", WARN)


def _news(report: Report) -> Iterator[Finding]:
    same = report.kind == Kind.FOLLOW and not int(report.figures.get("fresh") or 0) and not report.corrects_id
    if same and report.facts.get("change", {}).get("by") == "machine":
        yield Finding("no_news", WARN, "change")
    settled = report.story.state in (State.CLOSED, State.FOLLOWING) or now() - report.story.last_at >= OLD
    if report.kind == Kind.FINAL and not settled:
        yield Finding("still_moving", WARN)


OWN: tuple[Callable[[Report], Iterator[Finding]], ...] = (_sourced, _verified, _level, _told, _news)
GOOD = {
    "sources_ok": {"no_source", "bad_citation", "quote_differs"},
    "names_ok": {"private_name", "private_data"},
    "figures_ok": {"figure_differs", "stale_figures", "merged"},
}


def _in_order(codes: set[str]) -> Iterator[Finding]:
    yield from (Finding(code, OK) for code, bad in GOOD.items() if not codes & bad)


def words(found: Finding) -> str:
    """FOUND in the reader's language, with its head."""
    said = str((WORDS.get(found.code) or checks.WORDS[found.code])() % dict(found.args))
    return _("%(head)s: %(finding)s") % {"head": HEADS[found.head], "finding": said} if found.head else said


WORDS: dict[str, Callable[[], str]] = {
    "nobody": lambda: _("Nobody would get it: choose at least one recipient."),
    "level_differs": lambda: _("The report says level %(level)s, the story stands at %(now)s by now."),
    "not_told": lambda: _("Nobody has been told by telephone yet."),
    "no_news": lambda: _("It says nothing new since the last report."),
    "still_moving": lambda: _("The story still moves: a follow-up report may be meant rather than the last one."),
    "no_source": lambda: _("No sentence names its source with [n]."),
    "no_text": lambda: _("Nothing is written here."),
    "stale_figures": lambda: _("%(n)s items have come since it was drafted: count again."),
    "sources_ok": lambda: _("Every fact that needs one has its source."),
}
