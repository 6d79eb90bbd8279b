"""Replay, evidence, retention: the archive alone makes the same items again; a story's pages leave it in plain; what is past its time goes."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from groundswell.cli import evidence as evidence_command
from groundswell.cli import replay as command
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.audit.models import Record
from groundswell.desk.entry.models import Picture
from groundswell.desk.entry.records import Said
from groundswell.desk.sources import collecting, retention
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import found, perform, undo
from groundswell.desk.spine.models import AuthorKey, Entry
from groundswell.desk.spine.preferences import change
from groundswell.desk.stories import grouping
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item, ItemVersion
from groundswell.desk.stream.voices import month_key
from groundswell.server.faults import Fault
from tests.collect.conftest import Web
from tests.conftest import Clock
from tests.desk.county import lay, scored
from tests.desk.webs import HTML, RSS, TEXTS, board, listing, rss, served, show_articles, thread

BOARD = {"rows": "tr.thread", "posts": "div.post"}
KEPT = ("key", "source_id", "kind", "url", "title", "text", "published_at", "published_stamp", "collected_at", "author", "voice",
        "institutional", "parent", "reads", "likes", "comments", "reposts", "archive", "channel", "entered_by_id")  # fmt: skip


@pytest.fixture
def web(desk: None, tmp_path: Path) -> Iterator[Web]:
    lay()
    with served(tmp_path / "archive") as made:
        yield made


@pytest.fixture
def duty(person: Callable[..., User]) -> User:
    return person(Role.DUTY)


def source(web: Web, slug: str, kind: str, path: str, **more: object) -> Source:
    values = {"name": slug, "channel": "forum", "interval_minutes": 30} | more
    return Source.objects.create(slug=slug, kind=kind, address=web.url(path) if kind != "files" else path, **values)


def collect_everything(web: Web, clock: Clock, folder: Path, duty: User) -> None:
    """A feed, a followed feed with a dead page, a list, a board with a long thread, a dropped file, an entry; some of it twice."""
    show_articles(web)
    web.routes |= {
        "/feed": (200, RSS, rss(web)),
        "/followed": (200, RSS, rss(web)),
        "/list/": (200, HTML, listing(web)),
        "/board/": (200, HTML, board([4])),
        "/t/0.html": (200, HTML, thread(0, [1, 2, 3], following="/t/0.html?page=2")),
        "/t/0.html?page=2": (200, HTML, thread(0, [4, 5])),
    }
    web.routes.pop("/a/2")  # its feed's own text must do
    drop = folder / "drop"
    drop.mkdir()
    row = {"id": "7", "text": "白石镇桥头路灯全灭，晚上看不见路 @巡夜人", "author": "夜行者", "reads": "1.2万", "time": "2026-11-23 09:00"}
    (drop / "rows.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    os.utime(drop / "rows.jsonl", (1, 1))  # it lies there whole
    made = [
        source(web, "feed1", "feed", "/feed", institutional=True),
        source(web, "feed2", "feed", "/followed", options={"follow": True}),
        source(web, "list1", "list", "/list/"),
        source(web, "board1", "board", "/board/", options=BOARD),
        source(web, "file1", "files", str(drop)),
    ]
    hand = source(web, "hand1", "manual", "/x", channel="video")
    clock.forward(minutes=1)
    for each in made:
        assert collecting.collect_source(each.pk)
    said = Said(
        hand, "", "锦绣小区今天又停水了 @物业老陈 出来", "https://v.example/1", "2026-11-23T15:00:00+08:00", "云岭小王", {"reads": 5000}
    )
    found("item.enter", duty, {"said": said})
    clock.forward(hours=1)
    web.routes["/feed"] = (
        200,
        RSS,
        rss(web, [(TEXTS[0][0], TEXTS[0][1] + "最新：已恢复供水。"), *TEXTS[1:]]),
    )  # the publisher changed a text
    web.routes |= {"/board/": (200, HTML, board([5])), "/t/0.html?page=2": (200, HTML, thread(0, [4, 5, 6]))}
    for each in made[:4]:
        Source.objects.filter(pk=each.pk).update(next_fetch_at=None)
        assert collecting.collect_source(each.pk)


def facts() -> dict[str, tuple[Any, ...]]:
    return {row[0]: row for row in Item.objects.values_list(*KEPT)}


def versions() -> set[tuple[str, str]]:
    return set(ItemVersion.objects.values_list("item__key", "text"))


def forget_items() -> None:
    """The database without its items, as after a loss."""
    Item.objects.all().delete()
    Story.objects.all().delete()
    grouping.GroupingState.objects.all().delete()
    grouping.forget()


def named(result: Any) -> dict[str, tuple[str, ...]]:
    return {each.key: (each.what, *each.fields) for each in result.differences}


# ---------------------------------------------------------------- replay


def test_the_archive_alone_makes_the_same_items_again(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    before, earlier = facts(), versions()
    assert {row[2] for row in before.values()} == {"article", "post", "reply", "entered"}
    assert earlier
    assert any(row[10] for row in before.values())  # private authors are among them
    assert not command.replay(check=True).differences
    asked = len(web.asked)
    forget_items()
    result = command.replay()
    assert result.put_back == len(before)
    after = facts()
    assert set(after) == set(before)
    assert {key: row for key, row in after.items() if before[key] != row} == {}
    assert versions() == earlier
    assert len(web.asked) == asked  # nobody was asked for it
    assert not command.replay(check=True).differences
    assert command.replay().put_back == 0


def test_check_names_what_is_missing_changed_and_unknown(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    gone, bent, other = Item.objects.filter(kind="article").order_by("id")[:3]
    stranger = Item.objects.filter(kind="reply").first()
    assert stranger is not None
    gone.delete()
    Item.objects.filter(pk=bent.pk).update(text=bent.text + "改过")
    Item.objects.filter(pk=other.pk).update(published_stamp="2026-11-01")
    Item.objects.filter(pk=stranger.pk).update(key="f" * 32)
    Item.objects.filter(source__slug="file1").update(archive="")  # as if it had been imported
    result = command.replay(check=True)
    assert named(result) == {
        gone.key: ("missing",),
        bent.key: ("differs", "text"),
        other.key: ("differs", "published_stamp"),
        stranger.key: ("missing",),
        "f" * 32: ("unknown",),
    }
    assert result.without_archive == 1
    assert Item.objects.filter(key=gone.key).count() == 0  # it was only looked at
    lines = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", lines)
        command.tell(result, as_json=False, check=True)
    assert f"{bent.key}: differs in text" in lines.getvalue()
    assert "5 differ" in lines.getvalue()


def test_put_back_touches_nothing_that_is_there(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    kept, lost = Item.objects.filter(kind="article", about_us=True).order_by("id")[:2]
    perform("item.tone", duty, kept)
    perform("item.not_us", duty, kept, {"reason": "old"})
    entered = Item.objects.get(kind="entered")
    undo(duty, Entry.objects.get(action="item.enter").batch)  # taken back: it must not come again
    kept.refresh_from_db()
    count, mine = Item.objects.count(), (kept.state, kept.tone, kept.tone_by_hand, kept.reason, kept.version)
    lost.delete()
    assert command.replay().put_back == 1
    kept.refresh_from_db()
    entered.refresh_from_db()
    assert (kept.state, kept.tone, kept.tone_by_hand, kept.reason, kept.version) == mine
    assert entered.reason == "withdrawn"
    assert Item.objects.count() == count


def test_only_some_days_and_only_one_source(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    forget_items()
    assert command.replay(until="2026-11-22").put_back == 0
    assert command.replay(since="2026-11-24").put_back == 0
    part = command.replay(slug="feed1")
    assert part.put_back == len(TEXTS)
    assert set(Item.objects.values_list("source__slug", flat=True)) == {"feed1"}
    with pytest.raises(Fault, match="no source"):
        command.replay(slug="nobody")
    with pytest.raises(Fault, match="no day"):
        command.replay(since="yesterday")


def test_a_source_that_became_an_institution_changes_no_old_item(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    before = facts()
    Source.objects.filter(slug="feed1").update(institutional=False)
    Source.objects.filter(slug="feed2").update(institutional=True)
    assert not command.replay(check=True).differences
    assert facts() == before


def test_after_the_months_key_is_gone_the_stored_pseudonyms_stay(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    old = Item.objects.filter(source__slug="file1").get()
    change(None, "retention.author_key_months", 1)
    clock.forward(days=27)  # still the month after: the key of November is kept
    assert not command.replay(check=True).differences
    clock.forward(days=14)
    change(None, "retention.archive_days", 3650)
    assert retention.sweep(clock.now).keys == 1
    assert not AuthorKey.objects.filter(month="2026-11").exists()
    assert not command.replay(check=True).differences
    old.refresh_from_db()
    assert len(old.voice) == 16


def test_a_damaged_record_is_named_and_the_others_are_replayed(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    hurt = Item.objects.filter(source__slug="list1").order_by("id").first()
    assert hurt is not None
    name, _, offset = hurt.archive.rpartition(":")
    with (tmp_path / "archive" / name).open("r+b") as file:
        file.seek(int(offset) + 40)
        file.write(b"\0\0\0\0")
    result = command.replay(check=True)
    assert ("damaged", hurt.archive) in {(each.what, each.ref) for each in result.differences}
    assert {each.what for each in result.differences} <= {"damaged", "unknown", "missing", "differs"}
    assert len(result.differences) <= 3


def test_exit_codes_and_json(web: Web, clock: Clock, tmp_path: Path, duty: User, capsys: pytest.CaptureFixture[str]) -> None:
    collect_everything(web, clock, tmp_path, duty)
    Item.objects.filter(kind="article").first().delete()  # type: ignore[union-attr]
    result = command.replay(check=True)
    command.tell(result, as_json=True, check=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["differences"][0]["what"], told["records"], told["put_back"]) == ("missing", result.records, 0)


def test_an_entered_picture_comes_back_with_its_item(web: Web, clock: Clock, duty: User) -> None:
    hand = source(web, "hand1", "manual", "/x", channel="video")
    picture = f"{collecting.shared_archive().write(_page('picture:entered', b'PNG', 'picture'), kind='resource')}"
    said = Said(hand, "", "锦绣小区今天又停水了", "", "2026-11-23T15:00:00+08:00", "", {}, picture=picture, width=10, height=20)
    item = found("item.enter", duty, {"said": said})
    forget_items()
    command.replay()
    again = Item.objects.get(key=item.key)
    assert (again.entered_by, Picture.objects.get(item=again).archive, Picture.objects.get(item=again).width) == (duty, picture, 10)


def _page(url: str, body: bytes, role: str, **more: Any) -> Any:
    from groundswell.collect.client import content_hash
    from groundswell.desk.spine.ports import now
    from groundswell.engine.records import Fetched

    return Fetched(
        url=url, final_url=url, status=200, headers=(), body=body, fetched_at=now(), content_hash=content_hash(body), role=role, **more
    )


# ---------------------------------------------------------------- evidence


def in_one_story(duty: User) -> Story:
    """Everything that was collected about the water, and what was entered, in one story."""
    scored()
    story = Story.objects.filter(items__source__slug="feed1").order_by("id").first()
    assert story is not None
    for item in Item.objects.filter(kind="entered") | Item.objects.filter(source__slug="board1"):
        perform("item.put", duty, item, {"into": story})
    scored()
    story.refresh_from_db()
    return story


def test_evidence_is_a_warc_that_others_read_with_a_manifest_in_front(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    collect_everything(web, clock, tmp_path, duty)
    story = in_one_story(duty)
    out = tmp_path / "story.warc.gz"
    written = evidence_command.export(story.number.lower(), out, duty.username)
    assert written.pages > 3
    assert out.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.draft"))
    kinds, bodies, manifest = [], {}, {}
    with out.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            kinds.append(record.rec_type)
            body = record.content_stream().read()
            if record.rec_headers.get_header("WARC-Target-URI", "").startswith("urn:groundswell:evidence:"):
                manifest = json.loads(body)
            elif record.rec_type in ("response", "resource"):
                bodies.setdefault(record.rec_headers.get_header("WARC-Target-URI"), set()).add(sha256(body).hexdigest())
    assert kinds[:2] == ["warcinfo", "resource"]
    assert manifest["story"] == story.number
    items = {row["key"]: row for row in manifest["items"]}
    assert set(items) == set(story.items.values_list("key", flat=True))
    for row in items.values():
        assert row["records"], row
        for page in row["records"]:
            assert page["sha256"] in bodies[page["uri"]]
            assert re.match(r"2026-11-23T\d\d:\d\d", page["fetched_at"])
    changed = next(row for row in items.values() if "feed" in row["source"] and len(row["records"]) > 1)
    assert len({page["sha256"] for page in changed["records"]}) == 2  # the earlier text has its bytes too
    link = Record.objects.get(act="evidence.export")
    assert (link.actor, link.subject, link.payload["sha256"]) == (duty, f"story:{story.pk}", sha256(out.read_bytes()).hexdigest())  # type: ignore[index]


def test_evidence_that_cannot_be_had_is_one_sentence(web: Web, clock: Clock, tmp_path: Path, duty: User) -> None:
    with pytest.raises(Fault, match="no story"):
        evidence_command.export("ST-2026-0101-01", tmp_path / "x.warc.gz")
    collect_everything(web, clock, tmp_path, duty)
    story = in_one_story(duty)
    with pytest.raises(Fault, match="nobody of the name"):
        evidence_command.export(story.number, tmp_path / "x.warc.gz", "ghost")
    with pytest.raises(Fault, match="cannot be written"):
        evidence_command.export(story.number, tmp_path / "no" / "x.warc.gz")
    Item.objects.update(archive="")
    ItemVersion.objects.update(archive="")
    with pytest.raises(Fault, match="no page behind"):
        evidence_command.export(story.number, tmp_path / "x.warc.gz")
    assert not Record.objects.filter(act="evidence.export").exists()
    assert not list(tmp_path.glob("x.warc.gz*"))


# ---------------------------------------------------------------- retention


def test_after_thirty_days_the_bytes_go_but_for_the_evidence_of_stories_with_a_file(
    web: Web, clock: Clock, tmp_path: Path, duty: User
) -> None:
    collect_everything(web, clock, tmp_path, duty)
    story = in_one_story(duty)
    assert retention.sweep(clock.now).records == 0  # nothing is old yet
    perform("story.set_level", duty, story, {"level": 2, "reason": "test"})  # a person acted: it has a file
    kept = {item.key for item in story.items.all()}
    clock.forward(days=31)
    collecting._shared.clear()  # another day, another file
    swept = retention.sweep(clock.now)
    assert swept.records > 0
    archive = collecting.shared_archive()
    for item in Item.objects.filter(key__in=kept):
        assert archive.read(item.archive).body
    out = tmp_path / "later.warc.gz"
    assert evidence_command.export(story.number, out).without == []
    first = clock.now.astimezone(UTC) - timedelta(days=60)
    left = {fetched.archive for fetched in archive.records(first, clock.now)}
    assert left
    assert {item.archive for item in Item.objects.exclude(key__in=kept)} - left
    result = command.replay(since="2026-11-01", check=True)
    assert {each.what for each in result.differences} <= {"unknown"}  # an article whose list is gone; nothing is called lost
    assert result.without_archive > 0
    assert retention.sweep(clock.now).records == 0  # once is enough
    assert Record.objects.filter(act="retention.swept").count() == 1


def test_keys_of_author_hashes_live_thirteen_months(desk: None, clock: Clock) -> None:
    for month in ("2025-09", "2025-10", "2026-11"):
        month_key(month)
    assert retention.sweep(clock.now).keys == 1
    assert set(AuthorKey.objects.values_list("month", flat=True)) == {"2025-10", "2026-11"}


def test_the_small_hours_start_the_sweep_once_a_day(desk: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.desk.sources import jobs

    started: list[str] = []
    monkeypatch.setattr(type(jobs.sweep_kept), "defer", lambda self: started.append(self.name))
    jobs._swept.clear()
    for hours in (0, 0.1, 5, 12, 3, 24):  # 16:06, a moment later, 21:06 …
        clock.forward(hours=hours)
        jobs.start_sweep(clock.now)
    assert len(started) == 3
