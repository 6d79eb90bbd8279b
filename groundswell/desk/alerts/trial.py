"""A rule tried on the past: when it would have called in the last days, and what people made of it afterwards.

Items are kept with their times, so counts, speed and level are computed anew as of each hour by the same engine that runs now; levels
that people set count from when they set them. Each story counts once: grouping would join what follows. Of very many stories the
largest are looked at, and the answer says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Q, QuerySet

from groundswell.collect.silence import is_silent
from groundswell.desk.alerts.knowing import conditions_of, is_narrowed, items_wanted, names_of, places_known
from groundswell.desk.alerts.matching import Reason, Seen, calls
from groundswell.desk.alerts.models import About, Rule
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.silence import days_off, rhythm_at
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.settings_calendar import working_days
from groundswell.desk.stories.models import Story
from groundswell.desk.stories.scoring import above_bound
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.learnt import current_models
from groundswell.desk.stream.models import Item
from groundswell.desk.stream.records import pairs
from groundswell.engine.stories.forecast import speed_above
from groundswell.engine.stories.score import level_of

DAYS, MOST_STORIES, MOST_LOOKS, LISTED = 30, 400, 40, 30
HOUR = timedelta(hours=1)
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
RIGHT, WRONG, OPEN = "right", "wrong", "open"  # what people made of it
BY_PEOPLE = ("story.set_level", "story.not_us", "story.take_up", "story.open_case", "story.close")


@dataclass(frozen=True)
class Hit:
    """One call that there would have been."""

    at: datetime
    reasons: list[Reason]
    verdict: str  # right | wrong | open
    why: str  # code of what people did
    story: Story | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Trial:
    """What a rule would have done."""

    days: int
    hits: list[Hit] = field(default_factory=list)
    left_out: int = 0  # stories that were too many to look at

    def count(self, verdict: str) -> int:
        return sum(hit.verdict == verdict for hit in self.hits)

    @property
    def right(self) -> int:
        return self.count(RIGHT)

    @property
    def wrong(self) -> int:
        return self.count(WRONG)

    @property
    def undecided(self) -> int:
        return self.count(OPEN)

    @property
    def listed(self) -> list[Hit]:
        return self.hits[:LISTED]


def tried(rule: Rule, now: datetime, days: int = DAYS) -> Trial:
    """RULE, saved or not, on the last DAYS before NOW; the newest call first."""
    since = now - timedelta(days=days)
    if rule.about == About.SOURCE:
        hits = [hit for source in _sources(rule) for hit in _silences(source, rule, since, now)]
        return Trial(days, sorted(hits, key=lambda hit: hit.at, reverse=True))
    stories, left_out = _stories(rule, since)
    moments = _moments(rule, stories, now)
    said = _said_by_people([story.pk for story in stories])
    looked = (_first_call(rule, story, moments[story.pk], said[story.pk], since, now) for story in stories if story.pk in moments)
    hits = [hit for hit in looked if hit is not None]
    return Trial(days, sorted(hits, key=lambda hit: hit.at, reverse=True), left_out)


# ---------------------------------------------------------------- stories


def _stories(rule: Rule, since: datetime) -> tuple[list[Story], int]:
    """The stories that may have called, the largest first; what people said is none of ours counts too, as a wrong call."""
    rows: QuerySet[Story] = Story.objects.filter(merged_into=None, last_at__gte=since, item_count__gte=rule.least_items)
    if rule.unit_id is not None:
        rows = rows.filter(unit=rule.unit_id)
    if is_narrowed(rule):
        rows = rows.filter(pk__in=Item.objects.filter(_told(rule), published_at__gte=since).values("story"))
    if rule.level is not None:
        rows = rows.filter(Q(level__lte=rule.level + 1) | Q(suggested_level__lte=rule.level + 1))
    light = rows.defer("blob", "digest", "series", "level_why", "forecast", "outlook")
    return list(light.order_by("-item_count")[:MOST_STORIES]), max(0, rows.count() - MOST_STORIES)


def _told(rule: Rule) -> Q:
    """As ``items_wanted``, but what people took away later was there then."""
    wanted = items_wanted(rule)
    return Q(*[part for part in wanted.children if part != ("about_us", True)]) if is_narrowed(rule) else Q()


@dataclass(frozen=True)
class Moments:
    """The items of a story by their times, and which of them the rule counts."""

    times: list[datetime]
    counted: list[datetime]
    places: list[list[str]]


def _moments(rule: Rule, stories: Sequence[Story], now: datetime) -> dict[int, Moments]:
    """The times of all items of STORIES in one read (index item_story)."""
    ids = [story.pk for story in stories]
    wanted: set[int] = set()
    if is_narrowed(rule):
        wanted = set(Item.objects.filter(_told(rule), story__in=ids).values_list("pk", flat=True))
    rows = Item.objects.filter(story__in=ids, published_at__isnull=False, published_at__lte=now).order_by("published_at")
    found: dict[int, Moments] = defaultdict(lambda: Moments([], [], []))
    for pk, story, at, places in rows.values_list("pk", "story_id", "published_at", "places"):
        assert story is not None
        assert at is not None
        found[story].times.append(at)
        found[story].places.append(places)
        if not is_narrowed(rule) or pk in wanted:
            found[story].counted.append(at)
    return dict(found)


def _said_by_people(ids: Sequence[int]) -> dict[int, list[Entry]]:
    """What people did to the stories, the oldest first; what was taken back is left out."""
    rows = Entry.objects.filter(subject_type="story", subject_id__in=ids, action__in=BY_PEOPLE, actor__isnull=False, undo_of=None)
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in rows.filter(undone_by=None).order_by("id"):
        found[entry.subject_id].append(entry)
    return found


def _first_call(rule: Rule, story: Story, moments: Moments, acts: Sequence[Entry], since: datetime, now: datetime) -> Hit | None:
    """The first hour since SINCE in which everything that RULE asks holds."""
    if len(moments.counted) < rule.least_items:
        return None
    enough = moments.counted[rule.least_items - 1]
    asks = conditions_of(rule)
    before: int | None = None
    for at in _looks(rule, moments, max(enough, since), now):
        seen = seen_then(rule, story, moments, acts, at, before)
        if seen is not None:
            if reasons := calls(asks, seen):
                verdict, why = _verdict(rule, story, acts, at)
                return Hit(at, reasons, verdict, why, story=story)
            before = seen.level if rule.level is not None else None
    return None


def _looks(rule: Rule, moments: Moments, first: datetime, now: datetime) -> Iterator[datetime]:
    """When to look: at once where only items count; else at the end of each hour in which items came, the liveliest where they are many."""
    if rule.level is None and rule.above is None:
        if first <= now and moments.times[-1] >= first:
            yield first
        return
    hours: dict[datetime, int] = defaultdict(int)
    for at in moments.times[bisect_left(moments.times, first - HOUR) :]:
        hours[at.replace(minute=0, second=0, microsecond=0) + HOUR] += 1
    ends = [end for end in sorted(hours) if first <= end <= now]
    if rule.above is not None:
        ends = [end for end in ends if hours[end] >= 3]  # a handful of items is no surge
    if len(ends) > MOST_LOOKS:
        liveliest = sorted(ends, key=lambda end: -hours[end])[:MOST_LOOKS]
        ends = sorted(liveliest)
    yield from ends
    if not ends and rule.above is None and first <= now and moments.times[-1] >= first:
        yield first


def seen_then(rule: Rule, story: Story, moments: Moments, acts: Sequence[Entry], at: datetime, before: int | None = None) -> Seen | None:
    """What was known of STORY at AT; None where the cheap conditions do not hold already."""
    upto = bisect_right(moments.times, at)
    rate = upto - bisect_right(moments.times, at - HOUR)
    above, by_forecast = 0.0, False
    if rule.above is not None:
        offset = int((at.astimezone(zone()).utcoffset() or timedelta(0)) / timedelta(minutes=1))
        told = speed_above(moments.times[:upto], at, offset, working_days())
        earlier = bisect_right(moments.times, at - HOUR) - bisect_right(moments.times, at - 2 * HOUR)
        above, by_forecast = above_bound(rate, earlier, told), bool(told)
        if above < rule.above:
            return None
    level = level_then(story, acts, at) if rule.level is not None else story.level
    return Seen(
        level=level,
        items=upto,
        counted=bisect_right(moments.counted, at),
        was_level=before,
        above=above,
        by_forecast=by_forecast,
        rate=rate,
        places=names_of(sorted({code for each in moments.places[:upto] for code in each}), places_known()),
    )


def level_then(story: Story, acts: Sequence[Entry], at: datetime) -> int:
    """The level at AT: the one a person had set by then, else the engine's on what was there."""
    set_by = [entry for entry in acts if entry.action == "story.set_level" and entry.at <= at]
    if set_by:
        return ROMAN.get(str(set_by[-1].data.get("became")), story.level)
    rows = list(story.items.filter(published_at__lte=at).select_related("source").defer("tokens").order_by("published_at")[:600])
    return max(2, level_of(pairs(rows), current_knowledge(), current_models(), at).value) if rows else 4  # level I only a person gives


def _verdict(rule: Rule, story: Story, acts: Sequence[Entry], at: datetime) -> tuple[str, str]:
    """Right: a level as high set by hand, a case, a flash report, taken up, or said so at an alert. Wrong: not ours, lower, no matter."""
    said = {entry.action: entry for entry in acts}
    outcome = story.alerts.exclude(outcome="").order_by("-id").values_list("outcome", flat=True).first()
    if "story.not_us" in said or not story.about_us:
        return WRONG, "not_us"
    if outcome is not None:
        return (RIGHT, "said_right") if outcome == "right" else (WRONG, "said_wrong")
    if story.cases.exists():
        return RIGHT, "case"
    if story.printed_in.filter(issue__series_id="flash").exists():
        return RIGHT, "flash"
    if "story.set_level" in said:
        level = ROMAN.get(str(said["story.set_level"].data.get("became")), 4)
        return (RIGHT, "level") if level <= (rule.level or 3) else (WRONG, "lower")
    if "story.take_up" in said:
        return RIGHT, "taken_up"
    return (WRONG, "closed") if "story.close" in said else (OPEN, "open")


# ---------------------------------------------------------------- sources


def _sources(rule: Rule) -> Iterable[Source]:
    rows = Source.objects.filter(state="active").exclude(kind="manual").exclude(rhythm={})
    if rule.source_id is not None:
        rows = rows.filter(pk=rule.source_id)
    return rows.filter(unit=rule.unit_id) if rule.unit_id is not None else rows


def _silences(source: Source, rule: Rule, since: datetime, now: datetime) -> Iterator[Hit]:
    """The gaps of SOURCE that were silences by its rhythm and lasted as long as RULE asks."""
    least = timedelta(hours=rule.silent_hours or 0)
    at = Item.objects.filter(source=source, collected_at__gte=since).order_by("collected_at").values_list("collected_at", flat=True)
    times = [*at, now]
    rhythm, here = rhythm_at(source), zone()
    is_off = days_off(since.date() - timedelta(days=1), now.date() + timedelta(days=1))
    for last, following in pairwise(times):
        if following - last < least or not is_silent(rhythm, last, following, here, is_off, least=least):
            continue
        local = last.astimezone(here).strftime("%m-%d %H:%M")
        acted = _acted(source, last, following)
        verdict, why = (WRONG, "quiet") if source.quiet_is_normal else (RIGHT, "acted") if acted else (OPEN, "open")
        yield Hit(last + least, [{"code": "silent", "since": local}], verdict, why, source=source)


def _acted(source: Source, since: datetime, until: datetime) -> bool:
    acts = Entry.objects.filter(subject_type="source", subject_id=source.pk, actor__isnull=False)
    return acts.filter(at__gte=since, at__lte=until + timedelta(days=1)).exists()
