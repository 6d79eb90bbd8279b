"""The reading book: the plan of a day, what is due, late, missed and done, one tap, its undo, the plan's own history, paper and file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.audit.models import Record
from groundswell.desk.bulletins.models import KeyPeriod
from groundswell.desk.reading import book, queries
from groundswell.desk.reading.book import Standing
from groundswell.desk.sources.models import Reading, ReadingDuty, Source
from groundswell.desk.spine.actions import NotAllowed, found, perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import today, zone
from groundswell.desk.spine.queue import waiting
from groundswell.desk.spine.shell import COUNTERS
from groundswell.desk.stream.models import Item
from tests.conftest import Clock
from tests.desk.county import lay

Person = Callable[..., User]
TIMES = ["08:30", "11:30", "16:30"]


@pytest.fixture(autouse=True)
def _ground(desk: None) -> None:
    lay()
    for slug, name in (("eye", "云岭眼"), ("talk", "东湖夜话")):
        Source.objects.create(
            slug=slug, name=name, name_en=slug.title(), channel="video", kind="manual", sort_key=slug, address="https://v.example/"
        )


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


@pytest.fixture
def editor(person: Person) -> User:
    return person(Role.EDITOR)


@pytest.fixture
def eye() -> Source:
    return Source.objects.get(slug="eye")


@pytest.fixture
def planned(eye: Source) -> ReadingDuty:
    return ReadingDuty.objects.create(source=eye, times=TIMES)


def at(clock: Clock, text: str, day: int = 23) -> None:
    hour, minute = map(int, text.split(":"))
    clock.now = datetime(2026, 11, day, hour, minute, tzinfo=zone()).astimezone(UTC)


def standings(user: User | None = None) -> list[str]:
    return [slot.standing.value for slot in book.plan_of(today(), user)]


def read(user: User, source: Source) -> Reading:
    made: Reading = found("reading.done", user, {"source": source})
    return made


# ---------------------------------------------------------------- how a planned time stands


@pytest.mark.parametrize(
    ("time", "standing"),
    [
        ("07:59", ["coming", "coming", "coming"]),
        ("08:00", ["due", "coming", "coming"]),  # half an hour beforehand it may be read
        ("09:15", ["due", "coming", "coming"]),
        ("09:16", ["late", "coming", "coming"]),  # 45 minutes are given
        ("10:59", ["late", "coming", "coming"]),
        ("11:00", ["missed", "due", "coming"]),  # the next one opens: it can no longer be made
        ("23:59", ["missed", "missed", "late"]),
    ],
)
def test_without_a_reading(planned: ReadingDuty, clock: Clock, time: str, standing: list[str]) -> None:
    at(clock, time)
    assert standings() == standing


@pytest.mark.parametrize(
    ("read_at", "standing"),
    [
        ("07:40", ["late", "coming", "coming"]),  # too early for any
        ("08:05", ["done", "coming", "coming"]),
        ("09:10", ["done", "coming", "coming"]),
        ("10:20", ["done_late", "coming", "coming"]),
    ],
)
def test_with_a_reading(planned: ReadingDuty, clock: Clock, duty: User, eye: Source, read_at: str, standing: list[str]) -> None:
    at(clock, read_at)
    made = read(duty, eye)
    assert made.planned_at == (None if read_at == "07:40" else datetime(2026, 11, 23, 8, 30, tzinfo=zone()))
    at(clock, "10:30")
    assert standings() == standing


def test_anybodys_reading_answers_and_the_first_one_counts(
    planned: ReadingDuty, clock: Clock, duty: User, editor: User, eye: Source
) -> None:
    at(clock, "08:10")
    first = read(editor, eye)
    at(clock, "08:20")
    read(duty, eye)
    day = queries.day_of(today())
    assert day.slots[0].reading == first
    assert [row.reader for row in day.beyond] == [duty]


@pytest.mark.parametrize(
    ("days", "day", "there"),
    [
        ("daily", date(2026, 11, 23), True),
        ("working", date(2026, 11, 23), True),  # a Monday
        ("working", date(2026, 11, 22), False),
        ("working", date(2026, 10, 10), True),  # a Saturday that works, in lieu of the holiday
        ("working", date(2026, 10, 1), False),  # the National Day
        ("rest", date(2026, 10, 1), True),
        ("rest", date(2026, 10, 10), False),
    ],
)
def test_days(planned: ReadingDuty, days: str, day: date, there: bool) -> None:
    ReadingDuty.objects.update(days=days)
    assert bool(book.plan_of(day)) is there


def test_a_key_period_has_times_of_its_own(planned: ReadingDuty) -> None:
    KeyPeriod.objects.create(name="大会", since=date(2026, 11, 23), until=date(2026, 11, 25))
    assert len(book.plan_of(date(2026, 11, 24))) == 3  # no others named: the usual ones
    ReadingDuty.objects.update(key_times=["08:00", "10:00", "12:00", "14:00", "16:00", "20:00"])
    assert len(book.plan_of(date(2026, 11, 24))) == 6
    assert len(book.plan_of(date(2026, 11, 26))) == 3


def test_what_falls_to_whom(planned: ReadingDuty, clock: Clock, duty: User, editor: User, person: Person) -> None:
    at(clock, "08:30")
    ReadingDuty.objects.create(source=Source.objects.get(slug="talk"), reader=editor, times=["08:30"])
    assert [slot.source.slug for slot in book.plan_of(today(), duty)] == ["eye"] * 3
    assert [slot.source.slug for slot in book.plan_of(today(), editor) if slot.is_open] == ["eye", "talk"]
    assert book.plan_of(today(), person(Role.AUDITOR)) == []


# ---------------------------------------------------------------- one tap


def test_one_tap_fills_the_book_and_undo_empties_it(planned: ReadingDuty, clock: Clock, duty: User, eye: Source, client: Client) -> None:
    at(clock, "08:30")
    client.force_login(duty)
    assert "Read, nothing found" in client.get("/desk/reading/").content.decode()
    answer = client.post("/desk/reading/done/", {"source": "eye", "next": "/desk/reading/#now"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/reading/#now")
    assert standings() == ["done", "coming", "coming"]
    assert queries.strip_of(eye, clock.now)[-1] == ""
    html = client.get("/desk/reading/").content.decode()
    assert "/desk/undo/" in html
    batch = Entry.objects.get(action="reading.done").batch
    client.post(f"/desk/undo/{batch}/")
    assert not Reading.objects.exists()
    assert standings() == ["due", "coming", "coming"]
    assert Record.objects.filter(act="reading.done.undo").exists()


def test_only_sources_that_people_read_and_only_those_who_may(duty: User, client: Client, person: Person) -> None:
    client.force_login(duty)
    assert client.post("/desk/reading/done/", {"source": "forum"}).status_code == 404
    client.force_login(person(Role.LEADER))
    assert client.get("/desk/reading/").status_code == 403
    assert client.post("/desk/reading/done/", {"source": "eye"}).status_code == 403
    with pytest.raises(NotAllowed):
        read(person(Role.LEADER), Source.objects.get(slug="eye"))


def test_found_something_leads_to_the_form_with_the_source_and_counts(
    planned: ReadingDuty, clock: Clock, duty: User, client: Client
) -> None:
    at(clock, "08:30")
    client.force_login(duty)
    html = client.get("/desk/reading/").content.decode()
    assert "/desk/enter/?source=eye&amp;reading=1" in html
    form = client.get("/desk/enter/?source=eye&reading=1").content.decode()
    assert '<option value="eye" selected>' in form
    sent = {"do": "save", "source": "eye", "reading": "1", "text": "锦绣小区今天又停水了，老人提不动水"}
    answer = client.post("/desk/enter/", sent)
    assert "reading=1" in answer["Location"]
    assert Item.objects.filter(kind="entered").count() == 1
    slot = book.plan_of(today())[0]
    assert (slot.standing, slot.reading.found if slot.reading else 0) == (Standing.DONE, 1)


# ---------------------------------------------------------------- Today, the rail


@pytest.fixture
def new_plan(planned: ReadingDuty) -> ReadingDuty:
    """A plan that holds from today on."""
    ReadingDuty.objects.update(since=datetime(2026, 11, 23, tzinfo=zone()))
    return planned


def keys(user: User, clock: Clock) -> list[str]:
    return [entry.key for entry in waiting(user, clock.now)[0] if entry.kind == "reading"]


def test_a_late_reading_stands_on_today_until_it_is_made(
    new_plan: ReadingDuty, clock: Clock, duty: User, eye: Source, person: Person
) -> None:
    at(clock, "08:40")
    assert keys(duty, clock) == []
    assert COUNTERS["reading"](duty).text == "1"  # type: ignore[union-attr]
    at(clock, "09:30")
    assert keys(duty, clock) == ["reading:2026-11-23:08:30"]
    with translation.override("en"):
        entry = next(entry for entry in waiting(duty, clock.now)[0] if entry.kind == "reading")
    assert entry.due_at == datetime(2026, 11, 23, 9, 15, tzinfo=zone())
    assert "Eye" in entry.why
    assert COUNTERS["reading"](duty).tone == "warn"  # type: ignore[union-attr]
    assert keys(person(Role.LEADER), clock) == []
    read(duty, eye)
    assert keys(duty, clock) == []
    assert COUNTERS["reading"](duty) is None


def test_a_missed_one_stays_until_the_source_is_read_again(new_plan: ReadingDuty, clock: Clock, duty: User, eye: Source) -> None:
    at(clock, "11:05")  # the next one is due, not late yet: the gap is told all the same
    assert keys(duty, clock) == ["reading:2026-11-23:08:30:missed"]
    at(clock, "12:30")
    assert keys(duty, clock) == ["reading:2026-11-23:11:30"]
    with translation.override("en"):
        entry = next(entry for entry in waiting(duty, clock.now)[0] if entry.kind == "reading")
    assert "1 earlier time was missed too" in entry.why
    at(clock, "07:00", day=24)  # over night too
    assert keys(duty, clock) == ["reading:2026-11-23:08:30:missed"]
    read(duty, eye)
    assert keys(duty, clock) == []


def test_sources_of_one_time_are_one_entry(new_plan: ReadingDuty, clock: Clock, duty: User) -> None:
    ReadingDuty.objects.create(source=Source.objects.get(slug="talk"), times=["08:30"], since=new_plan.since)
    ReadingDuty.objects.update(since=datetime(2026, 11, 23, tzinfo=zone()))
    at(clock, "09:30")
    with translation.override("en"):
        entries = [entry for entry in waiting(duty, clock.now)[0] if entry.kind == "reading"]
    assert [entry.title for entry in entries] == ["2 sources to read, planned for 08:30"]


# ---------------------------------------------------------------- the plan


def test_editors_plan_many_at_once_and_take_it_back_at_once(editor: User, client: Client) -> None:
    client.force_login(editor)
    assert "given to nobody" in client.get("/desk/reading/plan/").content.decode()
    ids = list(Source.objects.filter(kind="manual").values_list("pk", flat=True))
    answer = client.post(
        "/desk/reading/plan/new/", {"sources": ids, "reader": "", "times": "8:30，11点半", "days": "daily", "key_times": ""}
    )
    assert answer.status_code == 422  # 11点半 is no time
    client.post(
        "/desk/reading/plan/new/",
        {"sources": ids, "reader": editor.pk, "times": "16点 8:30、11：30", "days": "working", "key_times": "7:00"},
    )
    rows = ReadingDuty.objects.all()
    assert {(row.reader, tuple(row.times), row.days, tuple(row.key_times)) for row in rows} == {
        (editor, ("08:30", "11:30", "16:00"), "working", ("07:00",))
    }
    assert Record.objects.filter(act="reading_duty.make").count() == 2
    undo(editor, Entry.objects.filter(action="reading_duty.make")[0].batch)
    assert not ReadingDuty.objects.filter(until=None).exists()


def test_a_change_holds_from_now_on_and_past_days_keep_their_plan(planned: ReadingDuty, clock: Clock, editor: User) -> None:
    at(clock, "12:00")
    values = {"reader": editor, "times": ["09:00", "15:00"], "days": "daily", "key_times": []}
    entry = perform("reading_duty.change", editor, planned, values)
    assert [f"{slot.at:%H:%M}" for slot in book.plan_of(today())] == ["08:30", "11:30", "15:00"]
    assert [f"{slot.at:%H:%M}" for slot in book.plan_of(today() - timedelta(days=1))] == TIMES
    assert [f"{slot.at:%H:%M}" for slot in book.plan_of(today() + timedelta(days=1))] == ["09:00", "15:00"]
    assert Record.objects.filter(act="reading_duty.change").exists()
    undo(editor, entry.batch)
    assert [f"{slot.at:%H:%M}" for slot in book.plan_of(today())] == TIMES
    assert ReadingDuty.objects.count() == 1


def test_an_ended_plan_ends_now(planned: ReadingDuty, clock: Clock, editor: User) -> None:
    at(clock, "12:00")
    entry = perform("reading_duty.end", editor, planned)
    assert [f"{slot.at:%H:%M}" for slot in book.plan_of(today())] == ["08:30", "11:30"]
    assert book.plan_of(today() + timedelta(days=1)) == []
    undo(editor, entry.batch)
    assert len(book.plan_of(today() + timedelta(days=1))) == 3


def test_who_only_proposes_sources_plans_nothing(planned: ReadingDuty, duty: User, client: Client) -> None:
    client.force_login(duty)
    assert client.get("/desk/reading/plan/").status_code == 200
    assert client.get("/desk/reading/plan/new/").status_code == 403
    assert client.post(f"/desk/reading/plan/{planned.pk}/end/").status_code == 403
    assert "Change the plan" not in client.get("/desk/reading/plan/").content.decode()


def test_a_retired_source_is_read_no_more(planned: ReadingDuty, eye: Source) -> None:
    Source.objects.filter(pk=eye.pk).update(state="retired")
    assert book.plan_of(today()) == []


# ---------------------------------------------------------------- paper and file


def test_the_day_on_paper_and_as_a_file(planned: ReadingDuty, clock: Clock, duty: User, eye: Source, client: Client) -> None:
    at(clock, "08:40")
    read(duty, eye)
    at(clock, "12:40")
    Reading.objects.create(source=Source.objects.get(slug="talk"), reader=duty, at=clock.now, note="=cmd|' /C calc'!A0")
    at(clock, "20:00")
    client.force_login(duty)
    paper = client.get("/desk/reading/paper/").content.decode()
    assert "Reading Book" in paper
    assert "planned 3 · read 1 · missed 1 · entered 0" in paper
    assert "beyond the plan" in paper
    answer = client.get("/desk/reading/book.csv?day=2026-11-23")
    assert answer["Content-Disposition"] == 'attachment; filename="reading-book-2026-11-23.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:6] == ["Eye", "08:30", "whoever is on duty", "08:40", "某1", "read"]
    assert [row[5] for row in rows[1:]] == ["read", "missed", "late", "beyond the plan"]
    assert rows[4][7].startswith("'=")  # no cell runs as a formula


def test_past_days_are_everybodys_and_lie_behind_the_bracket_key(planned: ReadingDuty, clock: Clock, duty: User, client: Client) -> None:
    client.force_login(duty)
    html = client.get("/desk/reading/?day=2026-11-22").content.decode()
    assert "missed" in html
    assert "?day=2026-11-21" in html
    assert "Read, nothing found" not in html  # what is past is not read any more
    assert client.get("/desk/reading/?day=2099-01-01").status_code == 200  # there is no tomorrow in the book
    assert client.get("/desk/reading/?day=nonsense").status_code == 200


def test_an_empty_day_says_what_to_do(duty: User, editor: User, client: Client) -> None:
    client.force_login(editor)
    html = client.get("/desk/reading/").content.decode()
    assert "Nothing is planned for you" in html
    assert "/desk/reading/plan/new/" in html
    client.force_login(duty)
    assert "/desk/reading/plan/new/" not in client.get("/desk/reading/").content.decode()


# ---------------------------------------------------------------- health


def test_a_missed_reading_is_a_gap_in_the_strip_until_the_next(planned: ReadingDuty, clock: Clock, duty: User, eye: Source) -> None:
    ReadingDuty.objects.update(since=datetime(2026, 11, 23, tzinfo=zone()))
    at(clock, "09:10")
    start = clock.now.replace(minute=0) - timedelta(hours=3)
    assert book.hours_with_gaps(start, clock.now) == set()
    at(clock, "11:50")
    gap = {hour.astimezone(zone()).hour for _source, hour in book.hours_with_gaps(start, clock.now)}
    assert gap == {9, 10, 11}  # from 09:15, when it was late
    at(clock, "12:05")
    read(duty, eye)
    at(clock, "14:00")
    gap = {hour.astimezone(zone()).hour for _source, hour in book.hours_with_gaps(start, clock.now)}
    assert gap == {9, 10, 11, 12}
