"""A rule tried on the past: when it would have called in the last days, and what people made of it afterwards.

Items are kept with their times, so counts, speed and level are computed anew as of each hour by the same engine that runs now; levels
that people set count from when they set them. Each story counts once: grouping would join what follows. Of very many stories the
largest are looked at, and the answer says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from groundswell.desk.alerts.knowing import conditions_of, is_narrowed, items_wanted
from groundswell.desk.alerts.matching import Reason, Seen, calls
from groundswell.desk.alerts.models import About, Rule
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.settings_calendar import working_days
from groundswell.desk.stories.models import Story
from groundswell.desk.stories.scoring import above_bound
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.learnt import current_models
from groundswell.desk.stream.models import Item
from groundswell.desk.stream.records import pairs
from groundswell.engine import records
from groundswell.engine.stories.forecast import speed_above
from groundswell.engine.stories.score import level_of

DAYS, MOST_STORIES, MOST_LOOKS, MOST_ITEMS, LISTED = 30, 400, 40, 600, 30
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


def tried(rule: Rule, now: datetime, days: int = DAYS, only: Q | None = None) -> Trial:
    """RULE, saved or not, on the last DAYS before NOW; the newest call first. ONLY narrows the stories that are looked at."""
    from groundswell.desk.alerts.trial_silence import silences

    since = now - timedelta(days=days)
    if rule.about == About.SOURCE:
        return Trial(days, sorted(silences(rule, since, now), key=lambda hit: hit.at, reverse=True))
    stories, left_out = _stories(rule, since, only)
    moments = moments_of(rule, stories, now)
    said = _said_by_people([story.pk for story in stories])
    looked = (_first_call(rule, story, moments[story.pk], said[story.pk], since, now) for story in stories if story.pk in moments)
    hits = [hit for hit in looked if hit is not None]
    return Trial(days, sorted(hits, key=lambda hit: hit.at, reverse=True), left_out)


# ---------------------------------------------------------------- stories


def _stories(rule: Rule, since: datetime, only: Q | None) -> tuple[list[Story], int]:
    """The stories that may have called, the largest first; what people said is none of ours counts too, as a wrong call."""
    rows: QuerySet[Story] = Story.objects.filter(merged_into=None, last_at__gte=since, item_count__gte=rule.least_items)
    rows = rows.filter(only) if only is not None else rows
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


def moments_of(rule: Rule, stories: Sequence[Story], now: datetime) -> dict[int, Moments]:
    """The times of all items of STORIES in one read (index item_story)."""
    ids = [story.pk for story in stories]
    wanted: set[int] = set()
    if is_narrowed(rule):
        wanted = set(Item.objects.filter(_told(rule), story__in=ids).values_list("pk", flat=True))
    rows = Item.objects.filter(story__in=ids, published_at__isnull=False, published_at__lte=now).order_by("published_at")
    found: dict[int, Moments] = defaultdict(lambda: Moments([], []))
    for pk, story, at in rows.values_list("pk", "story_id", "published_at"):
        assert story is not None
        assert at is not None
        found[story].times.append(at)
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


class Levels:
    """The level of one story at a moment: the one a person had set by then, else the engine's on what was there. Its rows are read once."""

    def __init__(self, story: Story, acts: Sequence[Entry]) -> None:
        self.story = story
        self.set_by = [entry for entry in acts if entry.action == "story.set_level"]
        self.known: dict[datetime, int] = {}
        self.pairs: list[tuple[records.Item, records.Judged]] | None = None

    def at(self, moment: datetime) -> int:
        if moment not in self.known:
            before = [entry for entry in self.set_by if entry.at <= moment]
            self.known[moment] = ROMAN.get(str(before[-1].data.get("became")), self.story.level) if before else self._by_engine(moment)
        return self.known[moment]

    def _by_engine(self, moment: datetime) -> int:
        if self.pairs is None:
            rows = self.story.items.filter(published_at__isnull=False).select_related("source").defer("tokens")
            self.pairs = pairs(rows.order_by("published_at")[:MOST_ITEMS])
        there = [pair for pair in self.pairs if pair[0].published_at is not None and pair[0].published_at <= moment]
        level = level_of(there, current_knowledge(), current_models(), moment).value if there else 4
        return max(2, level)  # level I only a person gives


def _first_call(rule: Rule, story: Story, moments: Moments, acts: Sequence[Entry], since: datetime, now: datetime) -> Hit | None:
    """The first hour since SINCE in which everything that RULE asks holds."""
    if len(moments.counted) < rule.least_items:
        return None
    asks, levels = conditions_of(rule), Levels(story, acts)
    ends = _looks(rule, moments, max(moments.counted[rule.least_items - 1], since), now)
    if rule.level is not None and rule.above is None:
        ends = _near_the_rise(ends, rule.level, levels, moments)
    before: int | None = None
    for at in ends:
        seen = seen_then(rule, moments, levels, at, before)
        if seen is not None:
            if reasons := calls(asks, seen):
                verdict, why = _verdict(rule, story, acts)
                return Hit(at, reasons, verdict, why, story=story)
            before = seen.level if rule.level is not None else None
    return None


def _near_the_rise(ends: list[datetime], level: int, levels: Levels, moments: Moments) -> list[datetime]:
    """Of ENDS the first at which the level was reached, with the one before it, found by halving; none where it never was.

    A level falls again when the speed is gone, so it is looked for at the liveliest hour and at the last.
    """
    if not ends:
        return []
    liveliest = max(range(len(ends)), key=lambda n: bisect_right(moments.times, ends[n]) - bisect_right(moments.times, ends[n] - HOUR))
    high = next((n for n in (liveliest, len(ends) - 1) if levels.at(ends[n]) <= level), None)
    if high is None:
        return []
    low = 0
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if levels.at(ends[middle]) <= level else (middle + 1, high)
    return ends[max(0, low - 1) :]


def _looks(rule: Rule, moments: Moments, first: datetime, now: datetime) -> list[datetime]:
    """When to look: at once where only items count; else at the end of each hour in which items came, the liveliest where they are many."""
    at_once = [first] if first <= now and moments.times[-1] >= first else []
    if rule.level is None and rule.above is None:
        return at_once
    hours: dict[datetime, int] = defaultdict(int)
    for at in moments.times[bisect_left(moments.times, first - HOUR) :]:
        hours[at.replace(minute=0, second=0, microsecond=0) + HOUR] += 1
    ends = [end for end in sorted(hours) if first <= end <= now]
    if rule.above is not None:
        ends = [end for end in ends if hours[end] >= 3]  # a handful of items is no surge
    if len(ends) > MOST_LOOKS:
        ends = sorted(sorted(ends, key=lambda end: -hours[end])[:MOST_LOOKS])
    return ends or ([] if rule.above is not None else at_once)


def seen_then(rule: Rule, moments: Moments, levels: Levels, at: datetime, before: int | None = None) -> Seen | None:
    """What was known of a story at AT; None where its speed is too low already."""
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
    return Seen(
        level=levels.at(at) if rule.level is not None else levels.story.level,
        items=upto,
        counted=bisect_right(moments.counted, at),
        was_level=before,
        above=above,
        by_forecast=by_forecast,
        rate=rate,
    )


def _verdict(rule: Rule, story: Story, acts: Sequence[Entry]) -> tuple[str, str]:
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
