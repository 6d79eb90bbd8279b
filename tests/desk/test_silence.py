"""Sources that fall silent or fail, noticed once on a held clock, and closed when they come back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.sources import silence
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import perform, undo
from groundswell.desk.spine.models import CalendarDay, Entry, Notice
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stream.models import Item
from tests.conftest import Clock
from tests.desk.county import lay

Person = Callable[..., User]
_serial = itertools.count(1)


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()
    silence._looked.clear()


def history(
    source: Source, until: datetime, *, days: int = 28, hours: tuple[int, ...] = (1, 3, 5, 7, 9), weekends: bool = True
) -> datetime:
    """Items at those hours of UTC (nine to five in the body's zone) of every day before UNTIL; the time of the newest."""
    start = until.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    moments = [start + timedelta(days=day, hours=hour) for day in range(days + 1) for hour in hours]
    moments = [at for at in moments if at <= until and (weekends or (at + timedelta(hours=8)).weekday() < 5)]
    Item.objects.bulk_create(
        Item(key=f"{next(_serial):032x}", source=source, channel="news", text="…", collected_at=at, published_at=at) for at in moments
    )
    Source.objects.filter(pk=source.pk).update(last_item_at=moments[-1], last_success_at=until)
    return moments[-1]


def media(**changes: object) -> Source:
    Source.objects.filter(slug="media").update(**changes)
    return Source.objects.get(slug="media")


def pass_on(clock: Clock, *, until: datetime) -> None:
    """The program looks every two hours."""
    while clock.now < until:
        clock.forward(hours=2)
        silence.look(clock.now)


def test_a_source_that_stops_raises_one_notice_and_says_since_when(clock: Clock, person: Person, client: Client) -> None:
    clock.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30 in the body's zone
    last = history(media(), clock.now)
    silence.count_yields(clock.now)
    silence.look(clock.now)
    assert media().usual_per_day == pytest.approx(5, abs=0.1)
    assert media().silent_since is None
    pass_on(clock, until=datetime(2026, 11, 24, 2, 0, tzinfo=UTC))  # a night and a morning coffee
    assert media().silent_since is None
    pass_on(clock, until=datetime(2026, 11, 25, 14, 0, tzinfo=UTC))
    assert media().silent_since == last
    notice = Notice.objects.get(kind="source_silent", closed_at=None)
    assert notice.subject_id == media().pk
    assert 4 <= notice.data["missed"] <= 10
    assert Entry.objects.filter(subject_type="source", action="system.source_silent").count() == 1
    duty = person(Role.DUTY)
    with translation.override("en"):
        [entry] = [each for each in waiting(duty, clock.now)[0] if each.kind == "source"]
    assert "nothing new has come since" in entry.why
    assert "should have come" in entry.why
    client.force_login(duty)
    page = client.get("/desk/sources/").content.decode()
    assert "1 of 3 sources gives no data." in page
    assert "1 broken" in page  # the rail


def test_it_is_closed_when_items_come_again(clock: Clock) -> None:
    history(media(), clock.now)
    silence.count_yields(clock.now)
    pass_on(clock, until=clock.now + timedelta(days=3))
    assert Notice.objects.filter(kind="source_silent", closed_at=None).count() == 1
    media(silent_since=None, last_item_at=clock.now)  # what a reading with a new item does
    silence.look(clock.now)
    assert not Notice.objects.filter(closed_at=None).exists()
    assert Entry.objects.filter(action="system.source_back").count() == 1
    silence.look(clock.forward(hours=1))
    assert Notice.objects.count() == 1


def test_a_weekend_is_no_silence_for_a_bureau_but_the_monday_after_is(clock: Clock) -> None:
    clock.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # a Friday evening
    history(media(), clock.now, weekends=False)
    silence.count_yields(clock.now)
    pass_on(clock, until=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert media().silent_since is None
    pass_on(clock, until=datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    assert media().silent_since is not None


def test_a_holiday_of_the_calendar_is_a_day_off(clock: Clock) -> None:
    clock.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    CalendarDay.objects.create(day="2026-11-23", is_working=False, name="…")
    history(media(), clock.now, weekends=False)
    silence.count_yields(clock.now)
    pass_on(clock, until=datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    assert media().silent_since is None


def test_quiet_that_is_normal_is_left_in_peace(clock: Clock, person: Person) -> None:
    history(media(), clock.now)
    silence.count_yields(clock.now)
    pass_on(clock, until=clock.now + timedelta(days=2))
    assert media().silent_since is not None
    duty = person(Role.DUTY)
    entry = perform("source.quiet_is_normal", duty, media())
    silence.look(clock.now)
    assert media().silent_since is None
    assert not Notice.objects.filter(closed_at=None).exists()
    pass_on(clock, until=clock.now + timedelta(days=2))
    assert media().silent_since is None
    undo(duty, entry.batch)
    silence.look(clock.now)
    assert media().silent_since is not None


def test_pausing_ends_the_alarm(clock: Clock, person: Person) -> None:
    history(media(), clock.now)
    silence.count_yields(clock.now)
    pass_on(clock, until=clock.now + timedelta(days=2))
    perform("source.pause", person(Role.DUTY), media(), {"reason": "the site moves house", "until": None})
    silence.look(clock.now)
    assert not Notice.objects.filter(closed_at=None).exists()


def test_three_failures_in_a_row_are_noticed_once_and_closed_by_an_answer(clock: Clock) -> None:
    media(failures=2, last_cause="dns")
    silence.look(clock.now)
    assert not Notice.objects.exists()
    media(failures=3)
    silence.look(clock.forward(minutes=5))
    media(failures=4)
    silence.look(clock.forward(minutes=5))
    assert Notice.objects.get(kind="source_failing", closed_at=None).data == {"n": 3, "cause": "dns"}
    media(failures=0, last_cause="")
    silence.look(clock.forward(minutes=5))
    assert not Notice.objects.filter(closed_at=None).exists()
    assert Entry.objects.filter(action="system.source_answers").count() == 1


def test_a_source_too_young_to_say_is_not_accused(clock: Clock) -> None:
    history(media(), clock.now, days=3)
    silence.count_yields(clock.now)
    assert media().usual_per_day is None
    pass_on(clock, until=clock.now + timedelta(days=5))
    assert media().silent_since is None


def test_items_that_came_by_an_import_count_as_yield(clock: Clock) -> None:
    last = history(media(), clock.now)
    media(last_item_at=last - timedelta(days=9))
    silence.count_yields(clock.now)
    silence.look(clock.now)
    assert (media().last_item_at, media().silent_since) == (last, None)


def test_the_tick_looks_once_a_minute(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    Source.objects.update(counted_at=clock.now)
    media(failures=5, last_cause="dns")
    silence.look_now_and_then(clock.now)
    assert Notice.objects.count() == 1
    Source.objects.filter(slug="forum").update(failures=5, last_cause="dns")
    silence.look_now_and_then(clock.forward(seconds=30))
    assert Notice.objects.count() == 1
    silence.look_now_and_then(clock.forward(seconds=31))
    assert Notice.objects.count() == 2


def test_many_blind_sources_are_one_line_of_the_queue(clock: Clock, person: Person) -> None:
    for n in range(6):
        Source.objects.create(slug=f"s{n}", name=f"来源{n}", channel="news", kind="feed", failures=4, last_cause="dns")
    with translation.override("en"):
        [entry] = [each for each in waiting(person(Role.DUTY), clock.now)[0] if each.kind == "source"]
    assert (entry.title, entry.url) == ("6 sources without data", "/desk/sources/?state=broken")
