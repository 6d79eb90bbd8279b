"""What stands between an issue and its readers: each check a row with its piece and its mend, as data; ``words`` says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.desk.bulletins import facts, issues, phrases, recount
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, Origin
from groundswell.desk.spine.ports import now
from groundswell.desk.stream.models import Item
from groundswell.engine.judge.person_name import private_names

ERROR, WARN, OK = "error", "warn", "ok"
NEVER = frozenset({"empty_issue"})  # these no reason overrules
CITE = re.compile(r"\[(\d{1,3})\]")
HEDGED = re.compile(
    r"网传|传言|传闻|据称|未经证实|未核实|尚未核实|待核实|有待核实|不实|辟谣|谣言|unverified|not (?:been )?verified|alleged|rumou?r|denied",
    re.I,
)
STALE = timedelta(hours=2)


@dataclass(frozen=True)
class Check:
    """One finding: its code, how bad it is, the piece it is about, what its sentence needs, and how it is mended."""

    code: str
    severity: str
    piece: IssueItem | None = None
    args: dict[str, Any] = field(default_factory=dict)
    mend: str = ""  # write | redraft | drop | move | settle | pick | ""


@dataclass(frozen=True)
class Ground:
    """What all checks of an issue look at, read once."""

    issue: Issue
    pieces: Sequence[IssueItem]
    items: Mapping[int, Item]
    keep: tuple[str, ...]
    printed: Mapping[int, IssueItem]
    at: datetime


Found = Iterator[Check]


def check(issue: Issue) -> list[Check]:
    """Every finding on ISSUE, errors first, each in the order of the paper; then what is in order."""
    ground = _ground(issue)
    found = [each for look in LOOKS for each in look(ground)]
    place = {piece.pk: n for n, piece in enumerate(ground.pieces, 1)}
    rank = {ERROR: 0, WARN: 1, OK: 2}
    found.sort(key=lambda each: (rank[each.severity], place.get(each.piece.pk, 0) if each.piece else 0))
    return found + list(_in_order(found, ground))


def _ground(issue: Issue) -> Ground:
    pieces = issues.ordered(issue)
    cited = {pk for piece in pieces for pk in piece.citations}
    earlier = IssueItem.objects.filter(
        story__in=[piece.story_id for piece in pieces if piece.story_id],
        issue__series=issue.series,
        issue__state=IssueState.ISSUED,
        issue__due_at__lt=issue.due_at,
    )
    return Ground(
        issue=issue,
        pieces=pieces,
        items=Item.objects.select_related("source").defer("tokens", "signature", "judged").in_bulk(cited),
        keep=tuple(facts.keep_names()),
        printed={row.story_id or 0: row for row in earlier.select_related("issue").order_by("issue__due_at")},
        at=now(),
    )


def empty(ground: Ground) -> Found:
    if not ground.pieces:
        yield Check("empty_issue", ERROR, mend="pick")
        return
    filled = {piece.section for piece in ground.pieces}
    for row in ground.issue.series.sections:
        if row["code"] not in filled:
            yield Check("empty_section", WARN, args={"section": row["name"], "section_en": row.get("name_en", "")}, mend="pick")
    for piece in ground.pieces:
        if piece.section not in issues.section_codes(ground.issue.series):
            yield Check("no_section", ERROR, piece, mend="move")
        if not piece.text.strip():
            yield Check("no_text", ERROR, piece, mend="write")


def sources(ground: Ground) -> Found:
    """A piece rests on items of the archive; each [n] is one of them; its quotations stand in them."""
    for piece in ground.pieces:
        known = [pk for pk in piece.citations if pk in ground.items]
        if not known and piece.corrects_issue_id is None:
            yield Check("no_source", ERROR, piece, mend="write")
            continue
        for text in (piece.text, piece.advice, piece.text_en, piece.advice_en):
            for n in dict.fromkeys(int(match[1]) for match in CITE.finditer(text)):
                if not 1 <= n <= len(piece.citations) or piece.citations[n - 1] not in ground.items:
                    yield Check("bad_citation", ERROR, piece, {"text": f"[{n}]", "n": n, "most": len(piece.citations)}, "write")
        if known and not CITE.search(piece.text) and piece.text.strip():
            yield Check("not_cited", WARN, piece, mend="write")
        for quote in recount.wrong_quotes(piece, ground.items):
            yield Check("quote_differs", ERROR, piece, {"text": quote}, "write")


def names(ground: Ground) -> Found:
    """Private persons' names, numbers and homes; institutions and officials in office may stand."""
    for piece in ground.pieces:
        seen: set[str] = set()
        said = frozenset(
            name for pk in piece.citations if pk in ground.items for name in phrases.repeated_names(ground.items[pk].text[:4000])
        )
        for text in (piece.title, piece.text, piece.advice, piece.title_en, piece.text_en, piece.advice_en):
            for name in _names_in(text, ground.keep, said):
                if name not in seen:
                    seen.add(name)
                    yield Check("private_name", ERROR, piece, {"name": name}, "write")
            for number in (*phrases.private_numbers(text), *phrases.homes(text)):
                if number not in seen:
                    seen.add(number)
                    yield Check("private_data", ERROR, piece, {"text": number}, "write")


@lru_cache(maxsize=2048)
def _names_in(text: str, keep: tuple[str, ...], said: frozenset[str]) -> tuple[str, ...]:
    """The names in TEXT; the same text is looked at again with every page of the editor."""
    found = [span.text for span in private_names(text, keep)]
    known = [name for name in said if name in text and not any(name in one for one in keep)]
    for name in (*phrases.likely_names(text, keep), *known):
        if not any(name in one or one in name for one in found):
            found.append(name)
    return tuple(found)


def figures(ground: Ground) -> Found:
    """Numbers of the text against the archive, counted again as of picking; and whether they have grown old."""
    for piece in ground.pieces:
        if piece.story is not None and piece.story.merged_into is not None:
            yield Check("merged", WARN, piece, {"number": piece.story.merged_into.number}, "redraft")
            continue
        for wrong in recount.wrong_figures(piece, ground.items):
            yield Check("figure_differs", ERROR, piece, wrong, "redraft" if piece.drafted_by_machine else "write")
        if piece.story_id and ground.issue.is_open and piece.figures.get("counted_at"):
            since = recount.since_picking(piece, ground.at)
            age = ground.at - datetime.fromisoformat(piece.figures["counted_at"])
            if age > STALE and since >= max(5, 0.2 * int(piece.figures.get("items") or 0)):
                yield Check("stale_figures", WARN, piece, {"n": since}, "redraft")


def unverified(ground: Ground) -> Found:
    """A claim that little backs must not read as a fact."""
    for piece in ground.pieces:
        if piece.story is not None and facts.is_unverified(piece.story) and piece.section != "positive":
            if not HEDGED.search(piece.title + piece.text):
                yield Check("unverified", ERROR, piece, mend="write")
            elif piece.text_en and not HEDGED.search(piece.title_en + piece.text_en):
                yield Check("unverified", ERROR, piece, {"language": "en"}, "write")


def duplicates(ground: Ground) -> Found:
    """The same matter twice in this issue, or printed before without news."""
    seen: dict[int, IssueItem] = {}
    for piece in ground.pieces:
        for pk in piece.citations:
            other = seen.setdefault(pk, piece)
            if other.pk != piece.pk and piece.origin != Origin.CORRECTION and other.origin != Origin.CORRECTION:
                yield Check("twice_here", WARN, piece, {"title": other.title}, "drop")
                break
        earlier = ground.printed.get(piece.story_id or 0)
        if earlier is not None:
            fresh = int(piece.figures.get("fresh") or 0)
            code = "duplicate" if fresh < max(3, 0.1 * int(earlier.figures.get("items") or 0)) else "printed_before"
            yield Check(code, WARN if code == "duplicate" else OK, piece, {"number": earlier.issue.number, "n": fresh}, "drop")


def lengths(ground: Ground) -> Found:
    limit = ground.issue.series.length_limit
    for piece in ground.pieces:
        count = phrases.length(piece.text + piece.advice)
        if count > limit:
            yield Check("too_long", WARN, piece, {"n": count, "limit": limit}, "write")


def advice(ground: Ground) -> Found:
    """A leader must be told what is asked of him where it is grave."""
    for piece in ground.pieces:
        if piece.level <= 2 and not piece.advice.strip() and piece.section != "positive":
            yield Check("no_advice", WARN, piece, {"level": piece.level}, "write")


def comments(ground: Ground) -> Found:
    by_pk = {piece.pk: piece for piece in ground.pieces}
    for comment in ground.issue.comments.filter(settled_at=None):
        yield Check("open_comment", ERROR, by_pk.get(comment.piece_id or 0), {"comment": comment.text[:60], "pk": comment.pk}, "settle")


def machine_words(ground: Ground) -> Found:
    """A piece of level II and above that no person has touched is read with more care."""
    for piece in ground.pieces:
        if piece.drafted_by_machine and piece.level <= 2:
            yield Check("machine_words", WARN, piece, mend="write")


def behind(ground: Ground) -> Found:
    """A piece of which only one language was rewritten says two things."""
    for piece in ground.pieces:
        if piece.behind:
            yield Check("english_behind" if piece.behind == "en" else "chinese_behind", WARN, piece, mend="write")


def gone(ground: Ground) -> Found:
    """An item that rests on something its publisher took back, or that was judged not about us since."""
    for piece in ground.pieces:
        for pk in piece.citations:
            item = ground.items.get(pk)
            if item is not None and item.state == "not_us":
                yield Check("not_us", ERROR, piece, {"n": piece.citations.index(pk) + 1}, "write")


LOOKS: tuple[Callable[[Ground], Found], ...] = (
    empty, sources, names, figures, unverified, gone, comments, duplicates, advice, lengths, machine_words, behind,
)  # fmt: skip
GOOD = {
    "sources_ok": {"no_source", "bad_citation", "not_cited", "quote_differs"},
    "names_ok": {"private_name", "private_data"},
    "figures_ok": {"figure_differs", "stale_figures", "merged"},
    "duplicates_ok": {"twice_here", "duplicate"},
    "lengths_ok": {"too_long"},
}


def _in_order(found: Sequence[Check], ground: Ground) -> Iterator[Check]:
    """What was looked at and is in order, each once."""
    codes = {each.code for each in found}
    if ground.pieces:
        yield from (Check(code, OK) for code, bad in GOOD.items() if not codes & bad)


def words(found: Check) -> str:
    """FOUND in the reader's language."""
    args = dict(found.args)
    if get_language() == "en" and args.get("section_en"):
        args["section"] = args["section_en"]
    return str(WORDS[found.code]() % args)


WORDS: dict[str, Callable[[], str]] = {
    "empty_issue": lambda: _("The issue is empty."),
    "empty_section": lambda: _("The section “%(section)s” is empty."),
    "no_section": lambda: _("It stands in no section of the series."),
    "no_text": lambda: _("It has no text."),
    "no_source": lambda: _("It has no source."),
    "bad_citation": lambda: _("[%(n)s] stands for nothing: the item has %(most)s sources."),
    "not_cited": lambda: _("No sentence of the text names its source with [n]."),
    "quote_differs": lambda: _("“%(text)s” does not stand so in the source."),
    "private_name": lambda: _("The name of a private person: %(name)s"),
    "private_data": lambda: _("A private person's number or address: %(text)s"),
    "figure_differs": lambda: _("“%(figure)s” differs from the archive: %(now)s"),
    "merged": lambda: _("Its story has been merged into %(number)s since."),
    "stale_figures": lambda: _("%(n)s items have come since it was picked."),
    "unverified": lambda: _("Not verified, but told as a fact."),
    "twice_here": lambda: _("It rests on the same item as “%(title)s”."),
    "duplicate": lambda: _("It stood in no. %(number)s, without news since."),
    "printed_before": lambda: _("It stood in no. %(number)s; %(n)s new items since."),
    "too_long": lambda: _("%(n)s characters, %(limit)s are allowed."),
    "no_advice": lambda: _("Level II and above needs advice."),
    "open_comment": lambda: _("An open comment: %(comment)s"),
    "english_behind": lambda: _("The Chinese was rewritten; the English still says what stood there before."),
    "chinese_behind": lambda: _("The English was rewritten; the Chinese still says what stood there before."),
    "machine_words": lambda: _("Level II and above in the machine's words; nobody has written in it."),
    "not_us": lambda: _("Source [%(n)s] has been judged not about us since."),
    "sources_ok": lambda: _("Every item has its sources."),
    "names_ok": lambda: _("No private person's name or number."),
    "figures_ok": lambda: _("The figures agree with the archive."),
    "duplicates_ok": lambda: _("Nothing is said twice."),
    "lengths_ok": lambda: _("No item is too long."),
}
MEND_WORDS: dict[str, Callable[[], str]] = {
    "write": lambda: _("Write"),
    "redraft": lambda: _("Draft again"),
    "drop": lambda: _("Take out"),
    "move": lambda: _("Move"),
    "settle": lambda: _("Settle"),
    "pick": lambda: _("Pick"),
    "": lambda: "",
}


def mend_words(found: Check) -> str:
    """What mends FOUND, for the button beside it."""
    return str(MEND_WORDS[found.mend]())
