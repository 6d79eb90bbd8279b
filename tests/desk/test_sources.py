"""The register and its acts: what is blind stands first, figures open what they count, every failure has words, lists go out and in."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from groundswell.collect import errors as collect_errors
from groundswell.collect.guard import INSIDE
from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.sources import queries
from groundswell.desk.sources.models import Failure, FetchRun, SeenPage, Source
from groundswell.desk.sources.words import CAUSES, MENDS, REASONS, STATUS, cause_words, say_failure
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, undo
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.ports import ports
from groundswell.desk.stream.models import Item
from groundswell.engine.read import errors as read_errors
from tests.conftest import Clock
from tests.desk.county import NOW, WATER, lay, tell
from tests.desk.webs import served

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None, tmp_path: Path) -> Iterator[None]:
    lay()
    home = ports.home
    ports.home = tmp_path
    with served(tmp_path / "archive"):
        yield
    ports.home = home


@pytest.fixture
def editor(person: Person, client: Client) -> User:
    user = person(Role.EDITOR)
    client.force_login(user)
    return user


def source(slug: str = "media") -> Source:
    return Source.objects.get(slug=slug)


def values(**more: object) -> dict[str, object]:
    """What a source is made of, as the actions take it."""
    return {
        "slug": "x", "name": "新源", "name_en": "", "owner": "", "channel": "news", "kind": "feed", "address": "http://a.example/feed", "options": {},
        "ground": "公开", "unit": None, "place": None, "institutional": False, "official": False, "trust": 0.5, "interval_minutes": 30,
        "quiet_is_normal": False,
    } | more  # fmt: skip


# ---------------------------------------------------------------- words

CODES = sorted({*collect_errors.MENDS, *read_errors.MENDS, "internal"})
MEND_CODES = sorted({*collect_errors.MENDS.values(), *collect_errors.STATUS_MENDS.values(), *read_errors.MENDS.values(), "tell_us"})
FILLING = {
    "host": "a.example", "port": 8888, "address": "10.0.0.1", "reason": "private", "scheme": "ftp", "seconds": 20, "phase": "read", "status": 418,
    "limit_bytes": 8 * 2**20, "encoding": "xyz", "hops": 5, "content_type": "image/png", "folder": "x", "name": "y", "row": 7, "columns": ["a"], "limit": 9,
    "error": "ZeroDivisionError", "agent": "Groundswell",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_cause_and_every_mend_has_words_in_both_languages(language: str) -> None:
    with translation.override(language):
        for code in CODES:
            said = cause_words(code, FILLING)
            assert code in CAUSES, code
            assert said != code
            assert "%(" not in said
            assert "—" not in said, (code, said)  # every place of the sentence is filled by what the collector tells
            assert bool(re.search("[一-鿿]", said)) is (language == "zh-hans"), said
        for code in MEND_CODES:
            assert bool(re.search("[一-鿿]", str(MENDS[code]))) is (language == "zh-hans"), code


def test_the_words_hold_no_code_that_nobody_raises() -> None:
    assert set(CAUSES) == set(CODES)
    assert set(MENDS) == set(MEND_CODES)


def test_reasons_of_the_guard_and_statuses_have_words() -> None:
    assert {reason for _network, reason in INSIDE} <= set(REASONS)
    assert set(collect_errors.STATUS_MENDS) - {405, 406} <= set(STATUS)


def test_a_failure_without_its_figures_is_said_all_the_same() -> None:
    with translation.override("en"):
        assert say_failure("timeout", "wait", {}).cause == "No answer within — seconds (—)"
        assert say_failure("unheard_of", "unheard_of", {}).cause == "unheard_of"


# ---------------------------------------------------------------- the register


def test_what_is_blind_stands_first_with_cause_and_mend(editor: User, client: Client, clock: Clock) -> None:
    Source.objects.filter(slug="micro").update(failures=4, last_cause="dns", last_success_at=NOW - timedelta(hours=5), sort_key="a")
    Failure.objects.create(source=source("micro"), at=NOW, cause="dns", mend="check_address", args={"host": "a.example"})
    Source.objects.filter(slug="media").update(silent_since=NOW - timedelta(days=2), last_success_at=NOW)
    Source.objects.filter(slug="media").update(sort_key="b")
    page = client.get("/desk/sources/")
    assert [row["source"].slug for row in page.context["rows"]] == ["micro", "media", "forum"]
    text = page.content.decode()
    assert "2 of 3 sources give no data." in text
    assert "Longest: 云岭融媒" in text
    assert "Nobody knows the name a.example" in text
    assert "put it right under “Edit”" in text
    assert "2 broken" in text  # the rail
    assert [row["source"].slug for row in client.get("/desk/sources/?state=broken&channel=news").context["rows"]] == ["media"]


def test_facets_count_what_they_leave(editor: User, client: Client) -> None:
    page = client.get("/desk/sources/")
    for name, _words, choices in page.context["facets"]:
        for choice in choices:
            assert len(client.get(f"/desk/sources/?{name}={choice.code}").context["rows"]) == choice.count
    for tab in page.context["tabs"]:
        assert client.get(f"/desk/sources/?state={tab.code}").context["page"].paginator.count == tab.count


def test_todays_figure_opens_as_many_rows(editor: User, client: Client) -> None:
    tell(WATER, source="forum")
    page = client.get("/desk/sources/")
    [row] = [row for row in page.context["rows"] if row["source"].slug == "forum"]
    assert row["day"].items == 4
    link = "/desk/stream/?state=all&amp;source=forum&amp;since=2026-11-23"
    assert link in page.content.decode()
    assert client.get(link.replace("&amp;", "&")).content.decode().count('id="row-') in (0, 4)
    assert Item.objects.filter(source__slug="forum", collected_at__gte=NOW - timedelta(hours=16)).count() == 4


def test_the_strip_tells_news_from_reading_from_no_data(clock: Clock) -> None:
    micro = source("micro")
    micro.interval_minutes = 30
    tell(WATER[:1], source="micro")  # at 06:00 UTC
    for back, outcome in ((0, "nothing_new"), (1, "nothing_new"), (2, "items"), (3, "failed"), (4, "failed")):
        FetchRun.objects.create(source=micro, at=NOW - timedelta(hours=back), outcome=outcome)
    cells = queries.last_days([micro], NOW)[micro.pk].cells
    assert len(cells) == 24
    assert cells[-5:] == [None, None, 1.0, 0.0, 0.0]
    assert cells[0] is None


def test_a_source_that_is_read_seldom_does_not_look_blind(clock: Clock) -> None:
    micro = source("micro")
    micro.interval_minutes = 360
    for back in (0, 6, 12, 18, 24):
        FetchRun.objects.create(source=micro, at=NOW - timedelta(hours=back), outcome="nothing_new")
    assert None not in queries.last_days([micro], NOW)[micro.pk].cells


def test_it_is_found_by_name_pinyin_initials_and_address(editor: User, client: Client) -> None:
    Source.objects.filter(slug="media").update(sort_key="yun ling rong mei", address="http://media.example/")
    for text in ("融媒", "rong mei", "ylrm", "media.example"):
        assert [row["source"].slug for row in client.get("/desk/sources/", {"q": text}).context["rows"]] == ["media"], text
    assert any(hit.url == "/desk/sources/media/" for hit in find(editor, "ylrm"))


def test_an_empty_register_helps_to_begin(editor: User, client: Client) -> None:
    Source.objects.all().delete()
    page = client.get("/desk/sources/").content.decode()
    assert "No source yet" in page
    assert 'action="/desk/sources/new/"' in page
    assert "Forums" in page


def test_long_registers_have_pages(editor: User, client: Client, django_assert_max_num_queries: Callable[[int], object]) -> None:
    Source.objects.bulk_create(Source(slug=f"s{n}", name=f"源{n}", channel="news", kind="feed") for n in range(120))
    page = client.get("/desk/sources/?page=2")
    assert len(page.context["rows"]) == 50
    with django_assert_max_num_queries(60):  # type: ignore[attr-defined]
        client.get("/desk/sources/")


def test_a_unit_officer_sees_and_keeps_the_own_units_only(person: Person, client: Client) -> None:
    water = Unit.objects.get(code="water")
    Source.objects.filter(slug="media").update(unit=water)
    officer = person(Role.UNIT_OFFICER, unit=water)
    client.force_login(officer)
    assert [row["source"].slug for row in client.get("/desk/sources/").context["rows"]] == ["media"]
    assert client.get("/desk/sources/forum/").status_code == 404
    assert client.get("/desk/sources/media/save/").status_code == 200
    with pytest.raises(NotAllowed):
        found("source.make", officer, values(unit=Unit.objects.get(code="education")))
    assert found("source.make", officer, values(unit=water)).unit == water


# ---------------------------------------------------------------- one source


def test_the_page_of_a_source_tells_all_that_is_known(editor: User, client: Client) -> None:
    tell(WATER, source="forum")
    forum = source("forum")
    run = FetchRun.objects.create(source=forum, at=NOW, outcome="partly", pages=3, seen=9, new=4, size_bytes=123_456, status=200)
    Failure.objects.create(
        source=forum, run=run, at=NOW, url="http://a.example/gone", cause="http_status", mend="check_address", args={"status": 404}
    )
    page = client.get("/desk/sources/forum/").content.decode()
    for words in ("There is nothing at this address (404)", "http://a.example/gone", "in part", "121 KiB", "供水", "Items today", "铁锈味"):
        assert words in page, words
    assert "<svg" in page
    assert client.get("/desk/sources/nobody/").status_code == 404


def test_an_administrator_without_items_sees_no_items(person: Person, client: Client) -> None:
    tell(WATER, source="forum")
    client.force_login(person(Role.ADMINISTRATOR))
    page = client.get("/desk/sources/forum/").content.decode()
    assert "铁锈味" not in page
    assert "/desk/stream/" not in page.split("<main")[1]


# ---------------------------------------------------------------- acts


def test_pause_and_resume_with_reason_time_and_undo(person: Person, client: Client, clock: Clock) -> None:
    duty = person(Role.DUTY)
    client.force_login(duty)
    assert client.post("/desk/sources/media/pause/", {"until": "4"}).status_code == 422  # no reason
    client.post("/desk/sources/media/pause/", {"until": "4", "reason": "the site moves house"})
    media = source()
    assert (media.state, media.paused_until, media.pause_reason) == ("paused", NOW + timedelta(hours=4), "the site moves house")
    assert "Not read until" in client.get("/desk/sources/media/").content.decode()
    client.post("/desk/sources/media/resume/")
    assert (source().state, source().paused_until, source().next_fetch_at) == ("active", None, NOW)
    entry = perform("source.pause", duty, source(), {"reason": "r", "until": None})
    undo(duty, entry.batch)
    assert source().state == "active"
    assert Record.objects.filter(act__startswith="source.").count() == 4


def test_a_pause_with_an_end_ends_by_itself(person: Person, clock: Clock) -> None:
    from groundswell.desk.sources.jobs import end_pauses

    perform("source.pause", person(Role.DUTY), source(), {"reason": "r", "until": NOW + timedelta(hours=1)})
    end_pauses(clock.forward(minutes=59))
    assert source().state == "paused"
    end_pauses(clock.forward(minutes=2))
    assert source().state == "active"


def test_a_change_is_kept_field_by_field_and_can_be_taken_back(editor: User, client: Client) -> None:
    form = {"name": "云岭融媒体", "channel": "news", "kind": "list", "address": "http://m.example/news/", "ground": "公开", "interval_minutes": "15",
            "trust": "90", "institutional": "on", "official": "on", "rows": "ul.news li", "version": "0", "do": "save"}  # fmt: skip
    Source.objects.filter(slug="media").update(etag='"1"', content_hash="x", address="http://m.example/", ground="公开")
    assert client.post("/desk/sources/media/save/", form).status_code == 302
    media = source()
    assert (media.name, media.kind, media.options, media.trust, media.sort_key) == (
        "云岭融媒体",
        "list",
        {"rows": "ul.news li"},
        0.9,
        "yun ling rong mei ti",
    )
    assert (media.etag, media.content_hash, media.next_fetch_at) == ("", "", NOW)  # it is read afresh
    page = client.get("/desk/sources/media/").content.decode()
    assert "云岭融媒 → 云岭融媒体" in page
    assert "rows of the list: — → ul.news li" in page
    assert client.post("/desk/sources/media/save/", form | {"name": "别人改的"}).status_code == 409  # an older version
    [batch] = re.findall(r"/desk/undo/([0-9a-f-]{36})/", page)
    client.post(f"/desk/undo/{batch}/")
    assert (source().name, source().kind, source().options) == ("云岭融媒", "feed", {})


def test_nothing_changed_is_said(editor: User, client: Client) -> None:
    Source.objects.filter(slug="media").update(address="http://m.example/", ground="公开", sort_key="x")
    form = {"name": "云岭融媒", "channel": "news", "kind": "feed", "address": "http://m.example/", "ground": "公开", "interval_minutes": "30", "trust": "50",
            "institutional": "on", "official": "on", "place": source().place_id, "do": "save"}  # fmt: skip
    client.post("/desk/sources/media/save/", form)
    answer = client.post("/desk/sources/media/save/", form)
    assert answer.status_code == 422
    assert "Nothing was changed." in answer.content.decode()


def test_a_new_interval_counts_from_the_last_reading(editor: User) -> None:
    Source.objects.filter(slug="media").update(last_run_at=NOW - timedelta(minutes=5), adapted_minutes=120)
    perform("source.set_interval", editor, source(), {"interval_minutes": 10})
    assert (source().adapted_minutes, source().next_fetch_at) == (None, NOW + timedelta(minutes=5))


def test_read_now_queues_one_reading(editor: User) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    perform("source.read_now", editor, source())
    with pytest.raises(Refused, match="排队"):
        perform("source.read_now", editor, source())
    assert ProcrastinateJob.objects.filter(task_name="sources.collect", args={"source": source().pk}).count() == 1
    Source.objects.filter(slug="micro").update(kind="manual")
    with pytest.raises(Refused):
        perform("source.read_now", editor, source("micro"))


def test_decline_retire_and_bring_back(editor: User, person: Person) -> None:
    proposed = found("source.propose", person(Role.DUTY), values())
    assert proposed.state == "proposed"
    perform("source.decline", editor, proposed, {"reason": "behind a sign-in"})
    assert proposed.state == "retired"
    perform("source.retire", editor, source(), {"reason": "closed for good"})
    assert (source().state, source().next_fetch_at) == ("retired", None)
    perform("source.bring_back", editor, source())
    assert (source().state, source().next_fetch_at) == ("active", NOW)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("source.approve", {}),
        ("source.decline", {"reason": "r"}),
        ("source.retire", {"reason": "r"}),
        ("source.set_interval", {"interval_minutes": 5}),
    ],
)
def test_duty_may_propose_and_pause_only(person: Person, name: str, given: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        perform(name, person(Role.DUTY), source(), given)


def test_making_by_mistake_is_taken_back_by_retiring(editor: User) -> None:
    from groundswell.desk.spine.models import Entry

    made = found("source.make", editor, values())
    undone = undo(editor, Entry.objects.get(subject_type="source", subject_id=made.pk).batch)[0]
    made.refresh_from_db()
    assert (made.state, undone.from_state, undone.to_state) == ("retired", "active", "retired")


# ---------------------------------------------------------------- file drop


def drop(editor: User) -> Source:
    return found("source.make", editor, values(kind="files", address="", slug="drop"))  # type: ignore[no-any-return]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_drop_folder_is_made_and_shown(editor: User, client: Client, tmp_path: Path) -> None:
    made = drop(editor)
    assert made.address == str(tmp_path / "drop" / "drop")
    assert Path(made.address).is_dir()
    assert made.address in client.get("/desk/sources/drop/").content.decode()


@pytest.mark.parametrize("address", ["/etc", "/", "drop", "{home}/drop/../../etc", "{home}/drop"])
def test_a_drop_folder_lies_below_its_root_only(editor: User, client: Client, tmp_path: Path, address: str) -> None:
    form = {
        "name": "投放",
        "channel": "other",
        "kind": "files",
        "address": address.format(home=tmp_path),
        "ground": "x",
        "interval_minutes": "5",
        "trust": "5",
    }
    answer = client.post("/desk/sources/new/", form | {"do": "save"})
    assert answer.status_code == 422
    assert "A drop folder lies below" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "body", "new", "bad"),
    [
        ("a.jsonl", '{"title":"甲","text":"清河镇停水"}\n{"title":\n{"url":"x"}\n'.encode(), 1, [2, 3]),
        (
            "a.csv",
            "标题,正文,发布时间\n甲,清河镇停水,2026-11-23 08:00\n,,\n乙,东湖夜市占道,2026-11-23 09:00\n,,2026\n".encode("gb18030"),
            2,
            [5],
        ),
        ("a.xlsx", workbook(("title", "text"), ("甲", "清河镇停水"), ("", None), ("乙", "夜市")), 2, []),
    ],
)
def test_a_file_handed_in_stores_its_good_rows_and_names_the_bad_ones(
    editor: User, client: Client, name: str, body: bytes, new: int, bad: list[int]
) -> None:
    drop(editor)
    answer = client.post("/desk/sources/drop/hand-in/", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 302, answer.content.decode()
    assert Item.objects.filter(source__slug="drop").count() == new
    assert [failure.args["row"] for failure in Failure.objects.order_by("pk")] == bad
    page = client.get("/desk/sources/drop/").content.decode()
    assert f"handed in “{name}”: new rows {new}, unusable {len(bad)}" in page
    for row in bad:
        assert f"Line {row} " in page
    assert SeenPage.objects.get(source__slug="drop").archive  # its bytes lie in the archive
    again = client.post("/desk/sources/drop/hand-in/", {"file": SimpleUploadedFile("other-" + name, body)})
    assert again.status_code == 422
    assert "taken in already" in again.content.decode()
    assert Item.objects.filter(source__slug="drop").count() == new


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [("a.exe", b"MZ", "neither JSONL, CSV nor XLSX"), ("a.csv", b"x" * (8 * 2**20 + 1), "larger than the limit of 8 MiB")],
)
def test_a_file_that_is_none_is_refused_with_the_mend(editor: User, client: Client, name: str, body: bytes, words: str) -> None:
    drop(editor)
    answer = client.post("/desk/sources/drop/hand-in/", {"file": SimpleUploadedFile(name, body)})
    assert (answer.status_code, FetchRun.objects.count()) == (422, 0)
    assert words in answer.content.decode()


def test_only_a_drop_takes_files(editor: User, client: Client) -> None:
    assert client.post("/desk/sources/media/hand-in/", {"file": SimpleUploadedFile("a.csv", b"title\nx")}).status_code == 422


# ---------------------------------------------------------------- lists


def send(client: Client, name: str, body: bytes) -> object:
    return client.post("/desk/sources/import/", {"file": SimpleUploadedFile(name, body)})


def test_csv_goes_out_and_comes_in_again_the_same(editor: User, client: Client) -> None:
    Source.objects.filter(slug="media").update(address="http://m.example/feed", ground="公开，robots.txt 允许", owner="=HYPERLINK(1)", trust=0.93,
                                               unit=Unit.objects.get(code="water"), options={"follow": True}, interval_minutes=7)  # fmt: skip
    Source.objects.filter(slug__in=["forum", "micro"]).delete()
    answer = client.get("/desk/sources/export.csv")
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in body.decode("utf-8-sig")  # no formula runs
    was = source()
    Source.objects.all().delete()
    page = send(client, "sources.csv", body)
    assert page.context["good"] == 1, page.content.decode()  # type: ignore[attr-defined]
    client.post("/desk/sources/import/", {"list": page.context["list"]})  # type: ignore[attr-defined]
    [made] = Source.objects.all()
    for name in (
        "name",
        "owner",
        "address",
        "ground",
        "kind",
        "channel",
        "unit",
        "institutional",
        "official",
        "trust",
        "options",
        "interval_minutes",
    ):
        assert getattr(made, name) == getattr(was, name), name


def test_bad_lines_are_named_and_the_good_ones_come_in(editor: User, client: Client) -> None:
    text = (
        "名称,网址,渠道,采集方式,依据,单位\n"
        "甲网,http://a.example/feed,新闻,feed,公开,县水务局\n"
        "乙网,http://10.0.0.1:99999/,news,feed,公开,\n"
        "丙网,ftp://c.example/,news,feed,公开,\n"
        ",http://d.example/feed,news,feed,公开,\n"
        "戊网,http://a.example/feed,news,feed,公开,\n"
        "己网,http://f.example/feed,news,telepathy,公开,\n"
    )
    page = send(client, "list.csv", text.encode())
    rows = page.context["rows"]  # type: ignore[attr-defined]
    assert [(row.line, bool(row.errors)) for row in rows] == [(2, False), (3, True), (4, True), (5, True), (6, True), (7, True)]
    text = page.content.decode()  # type: ignore[attr-defined]
    assert "only http and https are read" in text
    assert "twice" in text
    assert not Source.objects.filter(name="甲网").exists()
    client.post("/desk/sources/import/", {"list": page.context["list"]})  # type: ignore[attr-defined]
    assert list(Source.objects.filter(address__contains=".example").values_list("name", "unit__code", "state")) == [
        ("甲网", "water", "active")
    ]


def test_opml_goes_out_and_comes_in(editor: User, client: Client) -> None:
    Source.objects.filter(slug="media").update(address="http://m.example/feed")
    Source.objects.filter(slug="forum").update(address="http://f.example/board/", kind="board")
    body = client.get("/desk/sources/export.opml").content
    assert b"http://m.example/feed" in body
    Source.objects.all().delete()
    page = send(client, "feeds.opml", body)
    client.post("/desk/sources/import/", {"list": page.context["list"]})  # type: ignore[attr-defined]
    assert set(Source.objects.values_list("address", "kind", "channel")) == {
        ("http://m.example/feed", "feed", "news"),
        ("http://f.example/board/", "list", "forum"),
    }


@pytest.mark.parametrize(
    ("name", "body"), [("x.opml", b"<html></html>"), ("x.csv", b"\x00\x01\x02"), ("x.csv", b"a,b\n1,2\n"), ("x.xml", b"not xml")]
)
def test_what_is_no_list_is_refused_in_words(editor: User, client: Client, name: str, body: bytes) -> None:
    assert send(client, name, body).status_code == 422  # type: ignore[attr-defined]


def test_a_list_of_somebody_who_may_only_propose_becomes_proposals(person: Person, client: Client) -> None:
    client.force_login(person(Role.DUTY))
    page = send(client, "l.csv", b"name,address,kind,ground\nA,http://a.example/feed,feed,public\n")
    client.post("/desk/sources/import/", {"list": page.context["list"]})  # type: ignore[attr-defined]
    assert Source.objects.get(name="A").state == "proposed"


def test_a_list_taken_in_by_mistake_is_taken_back_in_one_go(editor: User, client: Client) -> None:
    page = send(client, "l.csv", b"name,address,kind,ground\nA,http://a.example/feed,feed,p\nB,http://b.example/feed,feed,p\n")
    client.post("/desk/sources/import/", {"list": page.context["list"]})  # type: ignore[attr-defined]
    text = client.get("/desk/sources/").content.decode()
    [batch] = re.findall(r"/desk/undo/([0-9a-f-]{36})/", text)
    client.post(f"/desk/undo/{batch}/")
    assert set(Source.objects.filter(name__in=["A", "B"]).values_list("state", flat=True)) == {"retired"}


# ---------------------------------------------------------------- who is read next


def test_of_one_host_one_source_is_read_at_a_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one would only hold a thread of the worker while it waits for its turn."""
    from groundswell.desk.sources import jobs

    Source.objects.all().delete()
    handed: list[str] = []
    monkeypatch.setattr(type(jobs.collect), "configure", lambda _self, **kept: _Deferrer(handed))
    for number, address in enumerate(
        ["http://a.example/1", "http://a.example/2", "http://a.example:81/", "http://b.example/1", "/srv/drop", "/srv/drop2"]
    ):
        overdue = clock.now - timedelta(minutes=10 - number)
        kind = "feed" if "://" in address else "files"
        Source.objects.create(slug=f"s{number}", name="x", channel="news", kind=kind, address=address, next_fetch_at=overdue)

    jobs.start_due(clock.now)
    assert handed == ["s0", "s2", "s3", "s4", "s5"]
    handed.clear()
    Source.objects.filter(slug="s0").update(next_fetch_at=clock.now + timedelta(hours=1))
    Source.objects.filter(slug="s3").update(fetching_since=clock.now)
    Source.objects.create(slug="s6", name="x", channel="news", kind="feed", address="http://b.example/2", next_fetch_at=None)
    jobs.start_due(clock.now)
    assert handed == ["s1", "s2", "s4", "s5"]  # b.example is just being read
    handed.clear()
    clock.forward(hours=1)  # whoever has read for an hour has died
    jobs.start_due(clock.now)
    assert handed[0] == "s6"  # asked for by a person, before all that are overdue


class _Deferrer:
    def __init__(self, handed: list[str]) -> None:
        self.handed = handed

    def defer(self, source: int) -> None:
        self.handed.append(Source.objects.get(pk=source).slug)
