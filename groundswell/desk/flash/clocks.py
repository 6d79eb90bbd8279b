"""The clocks of a story's reports: telephone, written, follow-up. Started when a story stands at its level, met by the call and the paper.

They are rows like those of cases and computed from their history in the same way; each is warned of and said to be late once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from groundswell.desk.cases.clocks import stands
from groundswell.desk.flash.house_rules import CLOCKS, FOLLOW, PHONE, WRITTEN, ClockWords, from_level, rule_for
from groundswell.desk.flash.models import Call, Kind, Report, Stage
from groundswell.desk.spine.actions import record_fact
from groundswell.desk.spine.models import Notice, RunningClock
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.settings_calendar import body_calendar
from groundswell.desk.spine.ticks import tick
from groundswell.desk.stories.models import State, Story
from groundswell.engine.clocks.history import ClockState

EVERY = timedelta(seconds=20)
FRESH = timedelta(hours=12)  # a story that was silent for longer is no emergency
OURS = Q(rule__startswith=f"{PHONE}:") | Q(rule__startswith=f"{WRITTEN}:") | Q(rule__startswith=f"{FOLLOW}:")
_looked: dict[str, datetime] = {}


@dataclass(frozen=True)
class Standing:
    """A clock of a story as it stands."""

    clock: RunningClock
    code: str
    state: ClockState

    @property
    def words(self) -> ClockWords:
        return CLOCKS[self.code]

    @property
    def due_at(self) -> datetime:
        return self.state.ends_at

    @property
    def limit(self) -> timedelta:
        return self.state.ends_at - self.state.started_at


def code_of(clock: RunningClock) -> str:
    return clock.rule.partition(":")[0]


def _rows() -> Q:
    return OURS & Q(subject_type="story")


def begin(story: Story, code: str, level: int, at: datetime) -> RunningClock:
    """Start the clock CODE of STORY at AT; one that runs already begins anew."""
    RunningClock.objects.filter(
        subject_type="story", subject_id=story.pk, rule__startswith=f"{code}:", met_at=None, cancelled_at=None
    ).update(cancelled_at=at)
    rule = rule_for(code, level, at.astimezone(zone()).date())
    clock = RunningClock(
        subject_type="story", subject_id=story.pk, rule=f"{code}:{rule.code}", amount=int(rule.n), unit=rule.unit, started_at=at
    )
    clock.due_at = stands(clock, at).ends_at
    clock.save()
    return clock


def running(story: Story) -> dict[str, RunningClock]:
    """The open clocks of STORY by their codes (index subject_type, subject_id)."""
    rows = RunningClock.objects.filter(_rows(), subject_id=story.pk, met_at=None, cancelled_at=None)
    return {code_of(clock): clock for clock in rows}


def meet(story: Story, codes: Iterable[str], at: datetime) -> None:
    """The clocks CODES of STORY are met at AT; what is late stays late."""
    for code, clock in running(story).items():
        if code in codes:
            clock.met_at = max(at, clock.started_at)
            clock.save(update_fields=["met_at"])


def cancel(story: Story, at: datetime, codes: Iterable[str] = tuple(CLOCKS)) -> None:
    """Nothing is due of STORY any more."""
    for code, clock in running(story).items():
        if code in codes:
            clock.cancelled_at = at
            clock.save(update_fields=["cancelled_at"])


def standing(story: Story, at: datetime) -> list[Standing]:
    """Every clock of STORY that was not called off, the open ones first."""
    rows = RunningClock.objects.filter(_rows(), subject_id=story.pk, cancelled_at=None).order_by("started_at", "id")
    found = [Standing(clock, code_of(clock), stands(clock, at)) for clock in rows]
    return sorted(found, key=lambda each: (each.clock.met_at is not None, each.due_at))


def open_clocks(at: datetime, most: int = 60) -> list[Standing]:
    """What is due of all stories, the most urgent first."""
    calendar = body_calendar()
    rows = RunningClock.objects.filter(_rows(), met_at=None, cancelled_at=None).order_by("due_at")[:most]
    return [Standing(clock, code_of(clock), stands(clock, at, calendar)) for clock in rows]


def after_sending(report: Report, at: datetime) -> None:
    """The written clocks are met; the next follow-up is due, unless this was the last report."""
    meet(report.story, (PHONE, WRITTEN, FOLLOW), at)
    if report.kind == Kind.FINAL:
        cancel(report.story, at)
    elif report.level <= from_level() and report.story.state != State.CLOSED:
        begin(report.story, FOLLOW, report.level, at)


# ---------------------------------------------------------------- looked after


@tick("flash.clocks")
def keep(moment: datetime) -> None:
    """Start what is due, call off what is not any more, say once what nears its end and what ran out."""
    if (last := _looked.get("at")) is not None and timedelta(0) <= moment - last < EVERY:
        return
    _looked["at"] = moment
    for story in _to_begin(moment):
        with transaction.atomic():
            _begin_both(story, moment)
    for each in open_clocks(moment, 500):
        _look(each, moment)


def forget() -> None:
    """Look anew at the next tick: for tests."""
    _looked.clear()


def _to_begin(moment: datetime) -> list[Story]:
    """Open stories of the level that move and nobody has reported, and those that woke up after their final report."""
    moving = Q(state__in=[State.RISING, State.HANDLING, State.REOPENED]) | Q(state=State.NEW, first_at__gte=moment - FRESH)
    rows = Story.objects.filter(merged_into=None, about_us=True, level__lte=from_level(), last_at__gte=moment - FRESH, item_count__gte=3)
    rows = rows.filter(moving | Q(level_by_hand=True)).exclude(state=State.CLOSED)
    known = RunningClock.objects.filter(_rows(), cancelled_at=None, subject_id__in=rows.values("pk")).values_list(
        "subject_id", "started_at"
    )
    latest: dict[int, datetime] = {}
    for pk, at in known:
        latest[pk] = max(at, latest.get(pk, at))
    reported = set(Report.objects.filter(story__in=rows, state=Stage.SENT).values_list("story_id", flat=True))
    return [story for story in rows if _is_new(story, latest.get(story.pk), story.pk in reported)]


def _is_new(story: Story, latest: datetime | None, reported: bool) -> bool:
    if not reported:
        return latest is None
    last = series_of(story)
    return bool(
        last and last[-1].kind == Kind.FINAL and story.state == State.REOPENED and (latest is None or latest < (last[-1].sent_at or latest))
    )


def series_of(story: Story) -> list[Report]:
    """The reports sent of the latest series of STORY, in their order."""
    first = Report.objects.filter(story=story, kind=Kind.FIRST, state=Stage.SENT).order_by("-sent_at", "-id").first()
    if first is None:
        return []
    return [first, *Report.objects.filter(opening=first, state=Stage.SENT).order_by("sent_at", "id")]


def _begin_both(story: Story, moment: datetime) -> None:
    begin(story, PHONE, story.level, moment)
    begin(story, WRITTEN, story.level, moment)
    told = Call.objects.filter(story=story, at__gte=moment - FRESH).order_by("at").first()
    if told is not None:
        meet(story, (PHONE,), moment)


def _look(each: Standing, moment: datetime) -> None:
    story = Story.objects.filter(pk=each.clock.subject_id).first()
    if story is None or _is_off(story):
        RunningClock.objects.filter(pk=each.clock.pk).update(cancelled_at=moment)
        return
    if each.clock.due_at != each.state.ends_at:
        RunningClock.objects.filter(pk=each.clock.pk).update(due_at=each.state.ends_at)
    if each.state.is_overdue:
        _say(each, story, "clock_late", moment)
    elif each.state.warn_at is not None and each.state.warn_at <= moment:
        _say(each, story, "clock_warned", moment)


def _is_off(story: Story) -> bool:
    """Closed, merged, not about us, or set to a milder level by a person."""
    milder = story.level_by_hand and story.level > from_level()
    return bool(story.merged_into_id or not story.about_us or story.state == State.CLOSED or milder)


def _say(each: Standing, story: Story, what: str, moment: datetime) -> None:
    end = each.state.ends_at.isoformat()
    known = Notice.objects.filter(kind=what, subject_type="clock", subject_id=each.clock.pk)
    if known.filter(data__end=end).exists():
        return
    with transaction.atomic():
        known.filter(closed_at=None).update(closed_at=moment)
        Notice.objects.create(kind=what, subject_type="clock", subject_id=each.clock.pk, raised_at=moment, data={"end": end})
        record_fact(what, story, {"clock": each.words.zh, "clock_en": each.words.en})
