"""The calendar: equal to two packages on every announced day, own days and notices over it, office hours."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from groundswell.engine.clocks import (
    Override,
    china_calendar,
    day_of,
    for_unit,
    is_working,
    next_working_day,
    weekday_calendar,
    with_days,
    with_notice,
)
from groundswell.engine.clocks.holiday_names import holiday_code
from groundswell.engine.clocks.working_days import estimated_days, read_office_hours

CN = china_calendar()
EVERY_DAY = [date(2019, 1, 1) + timedelta(days=step) for step in range((date(2027, 1, 1) - date(2019, 1, 1)).days)]


def test_equal_to_both_packages_on_every_day_of_eight_years() -> None:
    theirs = holidays.country_holidays("CN", years=range(2019, 2027))
    assert len(EVERY_DAY) == 2922
    assert [day for day in EVERY_DAY if is_working(CN, day) != chinese_calendar.is_workday(day)] == []
    assert [day for day in EVERY_DAY if is_working(CN, day) != theirs.is_working_day(day)] == []
    assert not any(day_of(CN, day).provisional for day in EVERY_DAY)


@pytest.mark.parametrize(
    ("day", "works", "code", "name"),
    [
        ("2026-02-14", True, "make_up_day", "spring_festival"),
        ("2026-02-16", False, "holiday", "spring_festival"),
        ("2026-02-15", False, "holiday", "spring_festival"),  # a Sunday inside the holiday
        ("2026-02-24", True, "working_day", ""),
        ("2026-11-21", False, "weekend", ""),
        ("2026-09-20", True, "make_up_day", "national_day"),
        ("2025-10-06", False, "holiday", "mid_autumn"),
        ("2015-09-03", False, "holiday", "victory_day"),
    ],
)
def test_days_say_what_they_are(day: str, works: bool, code: str, name: str) -> None:
    found = day_of(CN, date.fromisoformat(day))
    assert (found.is_working, found.code, found.name, found.source) == (works, code, name, "chinesecalendar" if name else "")


def test_years_not_announced_are_estimated_and_provisional() -> None:
    assert CN.known_until == 2026
    new_year, ordinary = day_of(CN, date(2027, 1, 1)), day_of(CN, date(2027, 3, 3))
    assert (new_year.is_working, new_year.name, new_year.source, new_year.provisional) == (False, "new_year", "holidays", True)
    assert (ordinary.is_working, ordinary.provisional) == (True, True)
    assert day_of(CN, date(2003, 6, 2)).provisional, "before the lists begin, too"
    assert is_working(CN, date(2500, 1, 5)), "far away the weekdays are all we know"
    assert estimated_days("XX", 2027) == {}


def test_a_notice_replaces_the_estimate_of_its_year() -> None:
    notice = {
        date(2027, 1, 1): Override(False, "new_year", "a notice"),
        date(2027, 2, 14): Override(True, "spring_festival", "a notice"),
        date(2026, 12, 26): Override(True, "new_year", "a notice"),  # make-up day in the December before
    }
    calendar = with_notice(CN, 2027, notice)
    assert calendar.known_until == 2027
    assert day_of(calendar, date(2027, 2, 14)).code == "make_up_day"
    assert is_working(calendar, date(2026, 12, 26))
    assert is_working(calendar, date(2027, 2, 8)), "estimated as rest, not in the notice"
    assert not day_of(calendar, date(2027, 2, 8)).provisional
    assert day_of(CN, date(2027, 2, 14)).provisional, "the calendar given is left as it was"
    corrected = with_notice(calendar, 2027, {date(2027, 1, 1): Override(False, "new_year", "a correction")})
    assert not is_working(corrected, date(2027, 2, 14)), "what the first notice said of the year is gone"


def test_own_days_win_and_announce_nothing() -> None:
    calendar = with_days(CN, {date(2027, 5, 4): Override(True, "body", "own"), date(2026, 11, 23): Override(False, "body", "own")})
    assert is_working(calendar, date(2027, 5, 4))
    assert day_of(calendar, date(2027, 5, 4)).provisional
    assert (day_of(calendar, date(2026, 11, 23)).code, day_of(calendar, date(2026, 11, 23)).name) == ("holiday", "body")


def test_units_keep_their_own_week_and_hours() -> None:
    hospital = for_unit(CN, weekdays=range(7), office="00:00-24:00", rests_on_holidays=False)
    assert all(is_working(hospital, day) for day in EVERY_DAY[-60:])
    assert (hospital.office, day_of(hospital, date(2027, 1, 1)).provisional) == (((0, 1440),), False)
    library = for_unit(CN, weekdays=(1, 2, 3, 4, 5))
    assert (is_working(library, date(2026, 11, 23)), is_working(library, date(2026, 11, 21))) == (False, True)
    assert not is_working(library, date(2026, 10, 3)), "a holiday on its Saturday"


def test_next_working_day() -> None:
    assert next_working_day(CN, date(2026, 9, 30)) == date(2026, 10, 8)
    assert next_working_day(CN, date(2026, 9, 18)) == date(2026, 9, 20)
    with pytest.raises(ValueError, match="no working day"):
        next_working_day(for_unit(weekday_calendar(), weekdays=()), date(2026, 9, 30))


def test_office_hours() -> None:
    assert read_office_hours("08:30-12:00 14:00–17:30") == CN.office
    for wrong in ("", "8-12", "08:30-08:30", "12:00-08:30", "08:30-12:00 11:00-13:00", "08:30-25:00", "08:70-12:00"):
        with pytest.raises(ValueError, match=r"office hours|one day"):
            read_office_hours(wrong)


def test_one_code_for_each_holiday_whatever_it_is_called() -> None:
    for words in ("春节", "Spring Festival", "Chinese New Year's Eve", "农历除夕"):
        assert holiday_code(words) == "spring_festival"
    assert holiday_code("国庆节、中秋节") == "national_day+mid_autumn"
    assert holiday_code("厂庆") == "厂庆"
    names = {day_of(CN, date(year, 1, 1) + timedelta(days=step)).name for year in range(2004, 2027) for step in range(365)}
    assert names <= {
        "",
        "new_year",
        "spring_festival",
        "tomb_sweeping",
        "labour_day",
        "dragon_boat",
        "mid_autumn",
        "national_day",
        "victory_day",
    }
