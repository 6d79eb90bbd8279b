"""What could go into an issue and why: stories with news in its window, what people marked, single items; the best proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import log1p
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.desk.bulletins import facts, issues
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, Mark
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream.models import Item
from groundswell.engine.stories.digest import pieces_of

ATTENTION, DEVELOPING, POSITIVE = "attention", "developing", "positive"
LATE = timedelta(days=1)  # an item that reached us so long after its hour still counts for the window in which it came
MARKED = timedelta(days=7)  # a mark is kept so long
TOGETHER = timedelta(days=4)  # stories that began within so long of one another may be one matter
STANDING = timedelta(days=21)
FEW = 6  # so many proposals an issue has even on a quiet day, small as they are
MOST = 60
LEVEL_WORTH = {1: 120.0, 2: 80.0, 3: 40.0, 4: 10.0}


@dataclass(frozen=True)
class Why:
    """One reason, as a code with what its sentence needs; ``why_words`` says it."""

    code: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """Something that could go into the issue."""

    story: Story | None
    item: Item | None
    title: str
    level: int
    count: int  # items of the story
    fresh: int  # of them within the window
    sources: int
    section: str  # the one proposed
    why: Sequence[Why]
    kind: str  # suggested | marked | positive | item
    proposed: bool  # the machine would take it
    picked: bool  # it is in the issue
    printed_in: Issue | None = None  # the last issue that had it
    printed_note: str = ""  # "new" where there is news since, "same" where not, "" where never printed
    unverified: bool = False
    score: float = 0.0


@dataclass
class _Fresh:
    """What the window brought of a story."""

    fresh: int = 0
    official: int = 0
    negative: int = 0
    positive: int = 0
    reads: int = 0


def candidates(issue: Issue) -> list[Candidate]:
    """The candidates of ISSUE, the best first. A few queries, whatever the number of items (indexes item_published, item_collected)."""
    fresh = _fresh_stories(issue)
    marks = {mark.story_id: mark for mark in Mark.objects.select_related("by").filter(at__gte=now() - MARKED)}
    marked_items = list(
        Item.objects.filter(for_bulletin=True, collected_at__gte=issue.window_from - MARKED)
        .select_related("source", "unit")
        .defer("tokens")
    )
    wanted = {item.story_id for item in marked_items if item.story_id}
    picked = dict(issue.pieces.exclude(story=None).values_list("story_id", "pk"))
    ids = [*fresh, *marks, *wanted, *picked]
    stories = list(Story.objects.filter(pk__in=ids, merged_into=None).select_related("unit").defer("blob"))
    printed = _printed(issue, [story.pk for story in stories])
    found = [
        _candidate(
            issue, story, fresh.get(story.pk, _Fresh()), marks.get(story.pk), story.pk in wanted, printed.get(story.pk), story.pk in picked
        )
        for story in stories
        if story.about_us or story.pk in picked or story.pk in marks
    ]
    found += _single_items(issue, marked_items)
    found.sort(key=lambda each: (-each.score, each.title))
    return _proposed(issue, _side_by_side(found))[:MOST]


def in_window(issue: Issue) -> Q:
    """Items that belong to the window: published in it, or reaching us in it not long after their hour."""
    since, until = issue.window_from, min(issue.window_to, max(now(), issue.window_from))
    late = Q(collected_at__gte=since, collected_at__lt=until, published_at__gte=since - LATE, published_at__lt=since)
    return Q(published_at__gte=since, published_at__lt=until) | late


def _fresh_stories(issue: Issue) -> dict[int, _Fresh]:
    rows: QuerySet[Any] = Item.objects.filter(in_window(issue), about_us=True, advert=False, story__isnull=False).order_by()
    counted = rows.values("story").annotate(
        n=Count("pk"),
        official=Count("pk", filter=Q(source__official=True) | Q(institutional=True)),
        neg=Count("pk", filter=Q(tone=-1)),
        pos=Count("pk", filter=Q(tone=1)),
        reads=Sum("reads"),
    )
    return {row["story"]: _Fresh(row["n"], row["official"], row["neg"], row["pos"], int(row["reads"] or 0)) for row in counted}


def _printed(issue: Issue, stories: Iterable[int]) -> dict[int, IssueItem]:
    """The last signed piece of the series before ISSUE for each of STORIES."""
    rows = IssueItem.objects.filter(
        story__in=list(stories), issue__series=issue.series, issue__state=IssueState.ISSUED, issue__due_at__lt=issue.due_at
    )
    return {row.story_id or 0: row for row in rows.select_related("issue").order_by("issue__due_at")}


def _candidate(
    issue: Issue, story: Story, fresh: _Fresh, mark: Mark | None, item_marked: bool, printed: IssueItem | None, picked: bool
) -> Candidate:
    positive = facts.looks_positive(story, story.positive, story.negative, story.item_count)
    unverified = facts.is_unverified(story) and not positive
    note = _printed_note(printed, fresh.fresh)
    publicity = fresh.fresh > 0 and fresh.official >= 0.6 * fresh.fresh and story.negative <= 0.15 * story.item_count
    why = list(_reasons(issue, story, fresh, mark, item_marked, positive, unverified, publicity, printed, note))
    section = POSITIVE if positive else ATTENTION if story.level <= 3 or unverified else DEVELOPING
    return Candidate(
        story=story,
        item=None,
        title=story.title,
        level=story.level,
        count=story.item_count,
        fresh=fresh.fresh,
        sources=story.source_count,
        section=own_section(issue, section),
        why=tuple(why),
        kind="marked" if mark or item_marked else "positive" if positive else "suggested",
        proposed=False,
        picked=picked,
        printed_in=printed.issue if printed else None,
        printed_note=note,
        unverified=unverified,
        score=_score(story, fresh, bool(mark or item_marked), positive, unverified, publicity, note, issue),
    )


def _printed_note(printed: IssueItem | None, fresh: int) -> str:
    if printed is None:
        return ""
    before = int(printed.figures.get("items") or 0)
    return "new" if fresh >= max(3, 0.1 * before) else "same"


def _reasons(
    issue: Issue,
    story: Story,
    fresh: _Fresh,
    mark: Mark | None,
    item_marked: bool,
    positive: bool,
    unverified: bool,
    publicity: bool,
    printed: IssueItem | None,
    note: str,
) -> Iterable[Why]:
    """Why STORY stands here, the weightiest first."""
    if mark:
        yield Why("marked", {"who": mark.by.name, "note": mark.note})
    elif item_marked:
        yield Why("item_marked")
    if story.level <= 3 and not positive:
        yield Why("level", {"level": story.level})
    if story.above >= 1 and story.state == State.RISING:
        yield Why("above", {"above": f"{story.above:.1f}", "rate": int(story.rate)})
    elif story.state == State.RISING:
        yield Why("rising", {"rate": int(story.rate)})
    if story.first_at >= issue.window_from:
        yield Why("new", {"n": fresh.fresh})
    elif fresh.fresh:
        yield Why("more", {"n": fresh.fresh})
    if unverified:
        yield Why("unverified")
    if positive:
        yield Why("positive", {"p": round(100 * story.positive / max(1, story.item_count))})
    if publicity:
        yield Why("publicity")
    elif fresh.official and not positive:
        yield Why("official", {"n": fresh.official})
    if story.unit_id and story.unit:
        yield Why("unit", {"unit": story.unit.name, "unit_en": story.unit.name_en})
    if printed is not None:
        yield Why("printed_new" if note == "new" else "printed_same", {"number": printed.issue.number, "n": fresh.fresh})


def _score(story: Story, fresh: _Fresh, marked: bool, positive: bool, unverified: bool, publicity: bool, note: str, issue: Issue) -> float:
    """How much an editor would want it: level first, then what is new, how fast, how far; what was printed without news last."""
    n = fresh.fresh
    base = 20.0 if positive else LEVEL_WORTH[story.level]
    score = base * (n / (n + 2.5)) + 9.0 * log1p(n) + 0.35 * story.level_score + 2.0 * log1p(fresh.reads)
    score += 14.0 * min(story.above, 3.0) + (12.0 if story.state == State.RISING else 0.0) + (10.0 if unverified else 0.0)
    score += 8.0 if story.first_at >= issue.window_from else 0.0
    score -= 45.0 if publicity else 0.0
    score -= 35.0 if is_standing(story, n, issue) else 0.0
    score -= 30.0 if note == "same" else 0.0
    return round(score + (200.0 if marked else 0.0), 2)


def is_standing(story: Story, fresh: int, issue: Issue) -> bool:
    """A matter that has been talked of for weeks and brings little today."""
    return issue.window_to - story.first_at > STANDING and fresh < 0.15 * story.item_count


def _single_items(issue: Issue, marked: Sequence[Item]) -> list[Candidate]:
    """Items without a story that somebody marked, or that are weighty by themselves."""
    picked = set(issue.pieces.exclude(item=None).values_list("item_id", flat=True))
    rows = {item.pk: (item, True) for item in marked if item.story_id is None}
    lone = Item.objects.filter(in_window(issue), about_us=True, advert=False, story=None, level__lte=3).select_related("source", "unit")
    for item in lone.defer("tokens").order_by("level", "-reads")[:20]:
        rows.setdefault(item.pk, (item, False))
    printed = {
        row.item_id: row
        for row in IssueItem.objects.filter(item__in=list(rows), issue__state=IssueState.ISSUED, issue__series=issue.series).select_related(
            "issue"
        )
    }
    return [_item_candidate(issue, item, is_marked, printed.get(item.pk), item.pk in picked) for item, is_marked in rows.values()]


def _item_candidate(issue: Issue, item: Item, marked: bool, printed: IssueItem | None, picked: bool) -> Candidate:
    positive = item.tone > 0 and not item.tone_unsure
    why = [Why("item_marked")] if marked else []
    why += [Why("alone"), Why("level", {"level": item.level})] if item.level <= 3 else [Why("alone")]
    why += [Why("unit", {"unit": item.unit.name, "unit_en": item.unit.name_en})] if item.unit else []
    why += [Why("printed_same", {"number": printed.issue.number, "n": 0})] if printed else []
    return Candidate(
        story=None,
        item=item,
        title=item.title or item.text[:40],
        level=item.level,
        count=1,
        fresh=1,
        sources=1,
        section=own_section(issue, POSITIVE if positive else ATTENTION if item.level <= 2 else DEVELOPING),
        why=tuple(why),
        kind="marked" if marked else "item",
        proposed=False,
        picked=picked,
        printed_in=printed.issue if printed else None,
        printed_note="same" if printed else "",
        score=(190.0 if marked else 0.0) + 0.4 * LEVEL_WORTH[item.level] + 2.0 * log1p(item.reads or 0) - (60.0 if printed else 0.0),
    )


def _side_by_side(found: list[Candidate]) -> list[Candidate]:
    """A story that seems one matter with a weightier one says so and ranks behind."""
    known: list[tuple[Story, frozenset[str], frozenset[str]]] = []
    out = []
    for each in found:
        story = each.story
        if story is None:
            out.append(each)
            continue
        pieces = pieces_of(" ".join([story.title, *(part["text"] for part in story.digest)]))
        places = frozenset(code for code, _n in story.places)
        other = next((one for one, p, q in known if _one_matter(story, pieces, places, one, p, q)), None)
        if other is None:
            known.append((story, pieces, places))
            out.append(each)
        else:
            why = (*each.why, Why("near", {"number": other.number, "title": other.title}))
            out.append(replace(each, why=why, score=each.score - (40.0 if each.kind != "marked" else 0.0)))
    return sorted(out, key=lambda each: -each.score)


def _one_matter(
    story: Story, pieces: frozenset[str], places: frozenset[str], other: Story, its_pieces: frozenset[str], its_places: frozenset[str]
) -> bool:
    if story.unit_id is None or story.unit_id != other.unit_id or abs(story.first_at - other.first_at) > TOGETHER:
        return False
    shared = len(pieces & its_pieces) / max(1, min(len(pieces), len(its_pieces)))
    both = len(places & its_places)
    return shared >= 0.2 or both >= 3 or (both >= 1 and shared >= 0.1)


def _proposed(issue: Issue, found: list[Candidate]) -> list[Candidate]:
    """The best of FOUND proposed, up to the series' number: nothing without news, no publicity of our own, no matter twice."""
    room, taken, out = issue.series.most_pieces, 0, []
    quiet = sum(_is_news(each, issue) for each in found) < FEW
    for each in found:
        take = taken < room and (_is_news(each, issue) or (quiet and _is_fit(each, issue)))
        taken += take
        out.append(replace(each, proposed=take))
    return out


def _is_fit(each: Candidate, issue: Issue) -> bool:
    """Something new that is not said by another candidate."""
    if each.kind == "marked":
        return True
    codes = {why.code for why in each.why}
    standing = each.story is not None and is_standing(each.story, each.fresh, issue)
    return bool(each.fresh) and not codes & {"publicity", "near"} and each.printed_note != "same" and not standing


def _is_news(each: Candidate, issue: Issue) -> bool:
    """Weighty by level, speed or number."""
    grave = each.level <= 2 or (each.level == 3 and each.fresh >= 3) or each.unverified
    return each.kind == "marked" or (_is_fit(each, issue) and (grave or each.fresh >= 8 or (each.kind == "positive" and each.fresh >= 5)))


def own_section(issue: Issue, wanted: str) -> str:
    """WANTED where the series has it, else its first section."""
    codes = issues.section_codes(issue.series)
    return wanted if wanted in codes else codes[0]


def why_words(why: Why) -> str:
    """WHY in the reader's language."""
    args = dict(why.args)
    if "unit" in args:
        args["unit"] = args["unit_en"] if get_language() == "en" and args.get("unit_en") else args["unit"]
    if "level" in args:
        args["level"] = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")[int(args["level"])]
    return WORDS[why.code]() % args


WORDS = {
    "marked": lambda: _("%(who)s wants it in"),
    "item_marked": lambda: _("an item of it is marked for the bulletin"),
    "level": lambda: _("level %(level)s"),
    "above": lambda: _("%(above)s times its forecast, %(rate)s items in an hour"),
    "rising": lambda: _("rising, %(rate)s items in an hour"),
    "new": lambda: _("new since the last issue"),
    "more": lambda: _("%(n)s new items since the last issue"),
    "unverified": lambda: _("not verified"),
    "positive": lambda: _("%(p)s%% positive"),
    "publicity": lambda: _("mostly public bodies' own words"),
    "official": lambda: _("with an official word"),
    "unit": lambda: _("concerns %(unit)s"),
    "alone": lambda: _("a single item without a story"),
    "near": lambda: _("seems one matter with %(number)s"),
    "printed_same": lambda: _("stood in no. %(number)s, no news since"),
    "printed_new": lambda: _("stood in no. %(number)s, %(n)s new items since"),
}
