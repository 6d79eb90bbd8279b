"""The next hours of a story: what is said, when nothing is said and why, the calendar, the chance of the next level, bursts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from groundswell.engine.clocks.working_days import china_calendar, day_of
from groundswell.engine.judge.importance import weigh
from groundswell.engine.judge.models import Models
from groundswell.engine.records import Level
from groundswell.engine.stories.day_rhythm import OFF, WORKING, mass, monday_to_friday, pace_at
from groundswell.engine.stories.forecast import AHEAD_HOURS, LEAST_ITEMS, QUIET_HOURS, forecast, next_level, silence, silence_of_record
from groundswell.engine.stories.heat import bucket_start, burst_of
from groundswell.engine.stories.next_level import items_to_next
from groundswell.engine.stories.pace import HORIZONS, PARTS, WINDOWS, chance_of, features_of, shipped_pace, sums

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 16, 6, tzinfo=CHINA)


def before(*minutes: float, now: datetime = NOW) -> list[datetime]:
    return sorted(now - timedelta(minutes=each) for each in minutes)


def steady(count: int, hours: float, now: datetime = NOW) -> list[datetime]:
    """COUNT items, evenly over the last HOURS."""
    return before(*(60.0 * hours * n / count for n in range(count)), now=now)


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (steady(14, 5), "forecast.too_few"),
        ([], "forecast.too_few"),
        (steady(80, 0.4), "forecast.too_young"),
        ([each - timedelta(hours=37) for each in steady(80, 5)], "forecast.quiet"),
        (steady(89, 3), None),  # much in little time: of all stories the one that wants a forecast
        (steady(89, 24 * 20), None),
        (steady(15, 1), None),
    ],
)
def test_it_is_silent_only_for_a_reason(times: Sequence[datetime], code: str | None) -> None:
    why = silence(times, NOW)
    assert (why.code if why else None) == code
    assert (forecast(times, NOW) is None) == (code is not None)
    assert (next_level(times, NOW, 2, 10) is None) == (code is not None)


def test_what_is_still_to_come_is_not_known() -> None:
    times = steady(60, 6)
    later = [NOW + timedelta(minutes=n) for n in range(1, 600, 7)]
    assert forecast([*times, *later], NOW) == forecast(times, NOW)
    assert next_level([*times, *later], NOW, 2, 10) == next_level(times, NOW, 2, 10)


@pytest.mark.parametrize("minutes", [30, 60])
@pytest.mark.parametrize("times", [steady(15, 2), steady(60, 6), steady(900, 3), steady(40, 240), before(*range(90, 150))])
def test_bands_hold_each_other(times: Sequence[datetime], minutes: int) -> None:
    made = forecast(times, NOW, minutes)
    assert made is not None
    assert made.outlook is not None
    assert len(made.median) == AHEAD_HOURS * 60 // minutes
    assert made.start == bucket_start(NOW, minutes, 480) + timedelta(minutes=minutes)
    for row in zip(made.low80, made.low50, made.median, made.high50, made.high80, strict=True):
        assert list(row) == sorted(row)
        assert row[0] >= 0
    assert made.outlook.low80 <= made.outlook.expected <= made.outlook.high80
    assert made.peak_at == made.start + timedelta(minutes=minutes) * made.median.index(max(made.median))


def test_buckets_of_half_hours_say_the_same_sum_as_hours() -> None:
    times = steady(120, 8, now=NOW.replace(minute=0))
    half, whole = forecast(times, NOW.replace(minute=0), 30), forecast(times, NOW.replace(minute=0), 60)
    assert half is not None
    assert whole is not None
    # the running half hour is not told, so half hours begin earlier; what both tell agrees
    assert sum(half.median[1:23]) == pytest.approx(sum(whole.median[:11]), rel=0.01)


def test_the_night_is_quiet_and_the_evening_is_not() -> None:
    made = forecast(steady(80, 10, now=NOW.replace(hour=21)), NOW.replace(hour=21))
    assert made is not None
    by_hour = {(made.start + timedelta(hours=n)).astimezone(CHINA).hour: value for n, value in enumerate(made.median)}
    assert by_hour[3] < 0.4 * by_hour[22]
    assert by_hour[8] > 2 * by_hour[4]


def test_a_day_off_has_another_morning_and_a_make_up_day_has_not() -> None:
    def is_working(day: date) -> bool:
        return day_of(china_calendar(), day).is_working

    saturday, make_up = date(2025, 9, 20), date(2025, 9, 28)  # the second is a Sunday that works for the October holidays
    assert not is_working(saturday)
    assert is_working(make_up)
    for day, hours in ((saturday, OFF), (make_up, WORKING)):
        moment = datetime(day.year, day.month, day.day, 7, 30, tzinfo=CHINA)
        assert pace_at(moment, 480, is_working) == hours[7]
    assert sum(WORKING) / 24 == pytest.approx(1.0, abs=0.03)
    assert sum(OFF) / 24 == pytest.approx(1.0, abs=0.03)


def test_the_mass_of_hours_adds_up() -> None:
    start = NOW.replace(minute=37, second=12)
    whole = mass(start, start + timedelta(hours=30), 480)
    parts = sum(mass(start + timedelta(hours=n), start + timedelta(hours=n + 1), 480) for n in range(30))
    assert whole == pytest.approx(parts)
    assert mass(start, start, 480) == 0.0
    assert mass(NOW.replace(hour=3, minute=0), NOW.replace(hour=4, minute=0), 480) == pytest.approx(WORKING[3])


def test_trends_are_told_by_the_rhythm_not_by_the_clock() -> None:
    late = NOW.replace(hour=23, minute=30)
    told = {
        "falling": forecast(before(*(10 + n for n in range(60, 150)), 20, 40, now=NOW), NOW),
        "quiet": forecast([each - timedelta(hours=5) for each in steady(60, 6)], NOW),
    }
    assert {name: made.trend for name, made in told.items() if made} == {name: name for name in told}
    calm = forecast(steady(72, 24, now=late), late)
    assert calm is not None
    assert calm.trend != "quiet"
    assert calm.outlook is not None
    assert calm.outlook.expected < calm.outlook.unchanged, "fewer come in the night, whatever the trend"


def test_above_is_what_came_over_the_bound_that_was_forecast_for_it() -> None:
    calm = steady(48, 24, now=NOW - timedelta(minutes=70))
    surge = [*calm, *before(*(8 + 0.8 * n for n in range(60)))]
    one, two = forecast(calm, NOW), forecast(sorted(surge), NOW)
    assert one is not None
    assert two is not None
    assert two.above > 2.0 > 1.0 > one.above
    young = forecast(steady(40, 0.8, now=NOW), NOW)
    assert young is not None
    assert young.above == 0.0, "nothing had been forecast an hour ago, so nothing stands above it"


def test_why_is_data() -> None:
    made = forecast(steady(60, 6), NOW)
    assert made is not None
    assert [why.code for why in made.why] == ["forecast.counts", "forecast.age", "forecast.rhythm"]
    assert made.why[0].args == {"hour": 10, "three": 30, "day": 60}


def test_the_record_silences_only_with_enough_behind_it() -> None:
    assert silence_of_record(49, -0.5) is None
    assert silence_of_record(500, 0.01) is None
    told = silence_of_record(500, -0.2)
    assert told is not None
    assert (told.code, told.args) == ("forecast.no_better", {"rows": 500, "percent": 20})


def test_the_chance_of_more_falls_with_more() -> None:
    spread = shipped_pace().totals[-1]
    for expected in (0.0, 0.4, 3.0, 40.0, 900.0):
        chances = [chance_of(spread, expected, least) for least in range(300)]
        assert chances[0] == 1.0
        assert all(0.0 <= b <= a + 1e-9 <= 1.0 + 1e-9 for a, b in pairwise(chances))
        around = spread.around(expected)
        assert list(around) == sorted(around)


def test_the_next_level_says_how_many_how_likely_and_when() -> None:
    times = steady(120, 6)
    near, far = next_level(times, NOW, 2, 5), next_level(times, NOW, 2, 2000)
    assert near is not None
    assert far is not None
    assert near.chance > 0.9 > 0.1 > far.chance
    assert near.at is not None
    assert NOW < near.at < NOW + timedelta(hours=2)
    assert far.at is None


def test_the_items_that_raise_a_level_do_so_and_one_less_does_not() -> None:
    table = Models.default().importance
    factors = {"safety": 45.0, "speed": 5.0, "reach": 12.0, "people": 40.0, "tone": 70.0, "credibility": 60.0}
    level = weigh(factors, table, (), 1.0)
    needed = items_to_next(level, 12, 9, 1.0, table)
    assert level.value > 2
    assert needed is not None
    assert needed >= 1
    assert items_to_next(weigh({**factors, "reach": 99.0, "speed": 90.0, "safety": 90.0}, table, (), 1.0), 12, 9, 1.0, table) is None
    nothing = weigh(dict.fromkeys(factors, 0.0), table, (), 1.0)
    assert items_to_next(nothing, 3, 3, 0.1, table) is None, "no number of items makes thanks a danger"
    assert items_to_next(Level(value=3, confidence=1.0), 0, 0, 1.0, table) is None


def test_a_burst_is_told_against_yesterday_and_last_week() -> None:
    times = before(5, 10, 50, 24 * 60 + 20, 24 * 60 + 59, 24 * 60 + 61)
    burst = burst_of(times, NOW)
    assert (burst.hour, burst.yesterday, burst.last_week) == (3, 2, None)
    assert burst_of([*times, NOW - timedelta(days=7, minutes=5)], NOW).last_week == 1
    assert burst_of([], NOW).yesterday is None


def test_the_shipped_figures_fit_their_reader() -> None:
    pace = shipped_pace()
    features = features_of(steady(30, 4), NOW, 480, monday_to_friday)
    assert len(features) == len(WINDOWS) + 3
    assert [len(row) for row in pace.weights] == [len(features)] * len(HORIZONS)
    assert len(pace.totals) == len(pace.hours) == len(HORIZONS)
    for spread in (*pace.totals, *pace.hours):
        assert [len(row) for row in spread.quantiles] == [len(PARTS)] * len(spread.knots)
        assert all(list(row) == sorted(row) for row in spread.quantiles)
    assert LEAST_ITEMS == 15
    assert QUIET_HOURS == 36


def test_a_later_part_never_falls_to_nothing() -> None:
    assert sums((4.0, 2.0, 1.0, 0.2), (1.0, 3.0, 6.0, 9.0)) == pytest.approx((4.0, 6.0, 6.9, 7.08))
