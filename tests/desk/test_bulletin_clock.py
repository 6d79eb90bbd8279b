"""The clock of a series: windows lie end to end whatever happens, key periods ask for two issues, what is missed is carried over."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.desk.bulletins import issues
from groundswell.desk.bulletins.candidates import candidates
from groundswell.desk.bulletins.jobs import keep_clocks
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, KeyPeriod, Series
from groundswell.desk.bulletins.windows import Rhythm, Span, rhythm, window
from groundswell.desk.spine.actions import found as make
from groundswell.desk.spine.actions import perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import now
from tests.conftest import Clock
from tests.desk.press import picked, series, signed, story

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
clock_times = st.lists(st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)), max_size=3, unique=True)
days = st.integers(-3, 20).map(lambda n: date(2026, 11, 20) + timedelta(days=n))
spans = st.lists(st.tuples(days, st.integers(0, 5)).map(lambda pair: Span(pair[0], pair[0] + timedelta(days=pair[1]))), max_size=3)
zones = st.sampled_from([SHANGHAI, ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
moments = st.integers(0, 60 * 24 * 14).map(lambda n: START + timedelta(minutes=n))


# ---- the arithmetic


@given(clock_times, clock_times, spans, zones, moments)
def test_next_and_last_clock_meet(usual: list[time], key: list[time], held: list[Span], zone: ZoneInfo, moment: datetime) -> None:
    times = Rhythm(tuple(usual), tuple(key), tuple(held), zone)
    after, before = times.next_after(moment), times.last_before(moment)
    if after is not None:
        assert after > moment
        assert after in times.on(after.astimezone(zone).date())
        earlier = times.last_before(after)
        assert earlier is None or earlier <= moment
    if before is not None:
        assert before < moment
        assert not [at for at in times.between(before, moment) if not before < at < moment]


@given(clock_times.filter(bool), st.integers(1, 10), zones)
def test_clocks_between_are_all_of_them_in_order(usual: list[time], count: int, zone: ZoneInfo) -> None:
    times = Rhythm(tuple(usual), (), (), zone)
    found = times.between(START, START + timedelta(days=count))
    assert found == sorted(set(found))
    every = [at for n in range(-1, count + 2) for at in times.on(START.date() + timedelta(days=n))]
    assert found == sorted({at for at in every if START < at < START + timedelta(days=count)})


def test_a_key_period_without_times_of_its_own_keeps_the_usual_ones() -> None:
    times = rhythm(["17:00"], [], [Span(date(2026, 11, 24), date(2026, 11, 24))], SHANGHAI)
    assert [at.time() for at in times.on(date(2026, 11, 24))] == [time(17)]


def test_a_series_without_clocks_has_none() -> None:
    times = rhythm([], [], [], SHANGHAI)
    assert times.next_after(START) is None
    assert times.last_before(START) is None


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="25:00"):
        rhythm(["25:00"], [], [], SHANGHAI)


@pytest.mark.parametrize(
    ("end", "before", "since"),
    [
        (START - timedelta(hours=9), START - timedelta(days=1), START - timedelta(hours=9)),  # from the end of the last
        (None, START - timedelta(days=1), START - timedelta(days=1)),  # the first issue: from the clock before
        (None, None, START - timedelta(days=1)),  # no clock at all: one day
        (START + timedelta(hours=1), START - timedelta(days=1), START - timedelta(days=1)),  # the last ends later: never backwards
    ],
)
def test_a_window_begins_where_the_last_one_ended(end: datetime | None, before: datetime | None, since: datetime) -> None:
    assert window(START, end, before) == (since, START)


# ---- the life of a series, with a held clock

steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 40 * 60)),
        st.tuples(st.just("sign"), st.just(0)),
        st.tuples(st.just("pick"), st.just(0)),
        st.tuples(st.just("key"), st.integers(0, 4)),
        st.tuples(st.just("times"), st.sampled_from([("17:00",), ("12:00",), ("08:30", "17:00"), ("06:00", "12:00", "18:00")])),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps)
def test_whatever_happens_nothing_is_told_twice_and_nothing_is_left_out(desk: None, clock: Clock, plan: list[tuple[str, object]]) -> None:
    """Waiting, signing, picking, key periods set at any moment, clocks changed: windows of issued issues never overlap and leave no gap."""
    Issue.objects.all().delete()
    KeyPeriod.objects.all().delete()
    clock.now = START
    brief = series(clock_times=["17:00"], key_period_times=["08:30", "17:00"])
    issues.keep_rhythm(brief, now())
    first = Issue.objects.get().window_from
    for what, value in plan:
        brief = _step(brief, clock, what, value)
        _holds(brief, first)


def _step(brief: Series, clock: Clock, what: str, value: object) -> Series:
    if what == "wait":
        clock.forward(minutes=float(str(value)))
    elif what == "key":
        day = now().astimezone(SHANGHAI).date() + timedelta(days=int(str(value)))
        KeyPeriod.objects.create(name="重点", since=day, until=day + timedelta(days=1))
    elif what == "times":
        brief = series(clock_times=list(value))  # type: ignore[call-overload]
    elif what == "pick":
        issue = issues.waiting(brief).order_by("due_at").first()
        if issue is not None:
            IssueItem.objects.create(issue=issue, section="attention", position=1, title="事", text="文")
            issues.settle(issue)
            issue.save()
    elif what == "sign":
        issue = issues.waiting(brief).order_by("due_at").first()
        if issue is not None and issue.window_from < now():
            issues.close_window(issue, now())
            last = Issue.objects.filter(number__isnull=False).count()
            issue.state, issue.number, issue.total = IssueState.ISSUED, last + 1, last + 1
            issue.save()
    issues.keep_rhythm(brief, now())
    return brief


def _holds(brief: Series, first: datetime) -> None:
    rows = list(Issue.objects.filter(series=brief).exclude(state=IssueState.CARRIED).order_by("window_to"))
    assert all(row.window_from < row.window_to <= row.due_at for row in rows)
    assert all(row.window_to == row.due_at for row in rows if row.state != IssueState.ISSUED)
    assert rows[0].window_from <= first, "a first window may reach back to the clock before, never begin later"
    for before, after in itertools.pairwise(rows):
        assert before.window_to == after.window_from, "end to end"
    waiting = [row for row in rows if row.state != IssueState.ISSUED and row.due_at > now()]
    clock = issues.rhythm_of(brief).next_after(now())
    assert clock in [row.due_at for row in rows], "the issue of the next clock is there"
    assert len(waiting) <= 4
    for row in Issue.objects.filter(series=brief, state=IssueState.CARRIED):
        assert row.carried_into is not None
        assert row.carried_into.due_at != row.due_at


def test_what_is_said_after_an_early_signature_belongs_to_the_next_issue(desk: None, clock: Clock, person: object) -> None:
    issue = signed(person)  # type: ignore[arg-type]
    assert issue.window_to == issue.signed_at < issue.due_at
    clock.forward(minutes=20)
    late = story(title="签发后才有", minutes=-5)
    clock.now = issue.due_at + timedelta(minutes=1)
    issues.keep_rhythm(issue.series, now())
    later = issues.waiting(issue.series).get(due_at__gt=now())
    assert later.window_from == issue.window_to
    assert late in [each.story for each in candidates(later)]


def test_pieces_wander_until_somebody_signs(desk: None, clock: Clock) -> None:
    clock.now = START
    brief = series()
    issues.keep_rhythm(brief, now())
    issue = Issue.objects.get()
    matter = story(minutes=-30)
    picked(issue, None, matter)
    for _day in range(3):
        clock.forward(days=1)
        issues.keep_rhythm(brief, now())
    carried = Issue.objects.filter(state=IssueState.CARRIED)
    last = issues.waiting(brief).get(due_at__gt=now())
    assert carried.count() >= 1
    assert [piece.story for piece in last.pieces.all()] == [matter]
    assert last.window_from == issue.window_from


def test_a_desk_that_stood_still_for_days_speaks_for_the_clocks_it_missed(desk: None, clock: Clock) -> None:
    clock.now = START
    brief = series()
    issues.keep_rhythm(brief, now())
    first = Issue.objects.get()
    clock.forward(days=5)
    issues.keep_rhythm(brief, now())
    last = issues.waiting(brief).get(due_at__gt=now())
    assert last.window_from == first.window_from
    assert len(issues.missed_clocks(last)) == 5
    first.refresh_from_db()
    assert (first.state, first.carried_into) == (IssueState.CARRIED, last)


def test_the_reminder_comes_once_before_the_clock(desk: None, clock: Clock) -> None:
    brief = series(remind_minutes=60)
    issues.keep_rhythm(brief, now())  # 16:06, due at 17:00
    issues.keep_rhythm(brief, clock.forward(minutes=5))
    issue = Issue.objects.get(due_at__gt=now())
    assert issue.reminded_at is not None
    assert Entry.objects.filter(action="system.brief_reminded").count() == 1


def test_an_issue_opened_for_a_day_that_is_over_is_not_taken_from_its_editor(desk: None, clock: Clock, person: object) -> None:
    late = make("issue.open", person("editor"), {"series": series(), "day": now().date() - timedelta(days=3)})  # type: ignore[operator]
    keep_clocks(now())
    late.refresh_from_db()
    assert (late.state, late.missed_at) == (IssueState.PICKING, None)
    assert late.window_to - late.window_from == timedelta(days=1)


def test_ticks_may_be_repeated_and_two_days_make_two_issues(desk: None, clock: Clock) -> None:
    for _n in range(3):
        keep_clocks(now())
    assert Issue.objects.count() == 1
    clock.forward(days=1)
    for _n in range(3):
        keep_clocks(now())
    assert Issue.objects.exclude(state=IssueState.CARRIED).count() == 1
    assert Issue.objects.count() == 2


def test_comments_go_on_with_their_pieces_and_what_is_there_already_is_not_doubled(desk: None, clock: Clock, person: object) -> None:
    editor = person("editor")  # type: ignore[operator]
    brief = series()
    issues.keep_rhythm(brief, now())
    issue = issues.waiting(brief).get()
    both, only = story(title="两期都有"), story(title="只有旧期")
    picked(issue, editor, both, only)
    perform("issue.comment", editor, issue, {"piece": issue.pieces.get(story=only), "text": "再核"})
    clock.now = issue.due_at + timedelta(minutes=1)
    issues.keep_rhythm(brief, now())
    later = issues.waiting(brief).get(due_at__gt=now())
    picked(later, editor, both)
    clock.forward(hours=5)
    issues.keep_rhythm(brief, now())
    assert sorted(piece.title for piece in later.pieces.all()) == ["两期都有", "只有旧期"]
    assert later.comments.get().text == "再核"
    assert issue.pieces.get().story == both  # stays on the record of the one that was missed
