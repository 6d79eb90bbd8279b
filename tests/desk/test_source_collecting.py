"""The live run from address to items: threads over pages, patience with bad pages, politeness, rows for all that fails, the command."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from groundswell.cli import collect as command
from groundswell.collect.archive import Archive
from groundswell.desk.sources import collecting
from groundswell.desk.sources.models import Failure, FetchRun, HostBudget, SeenPage, Source
from groundswell.desk.sources.understand import understand
from groundswell.desk.spine.preferences import change
from groundswell.desk.stream.models import Item
from groundswell.server.faults import Fault
from tests.collect.conftest import Web, answer
from tests.conftest import Clock
from tests.desk.county import lay
from tests.desk.webs import HTML, RSS, TEXTS, article, board, listing, rss, served, show_articles, thread

BOARD = {"rows": "tr.thread", "posts": "div.post"}


@pytest.fixture
def web(desk: None, tmp_path: Path) -> Iterator[Web]:
    lay()
    with served(tmp_path / "archive") as made:
        yield made


def source(web: Web, kind: str, path: str, **more: object) -> Source:
    values = {"slug": "s", "name": "某源", "channel": "forum", "interval_minutes": 30} | more
    return Source.objects.create(kind=kind, address=web.url(path), **values)


def read(made: Source) -> FetchRun:
    done = collecting.collect_source(made.pk)
    assert done is not None
    made.refresh_from_db()
    return done


def asked(web: Web) -> list[str]:
    return [path for path in web.paths() if path != "/robots.txt"]


def causes(done: FetchRun) -> list[str]:
    return [failure.cause for failure in done.failed.order_by("pk")]


def test_a_thread_of_two_pages_is_one_thread(web: Web) -> None:
    web.routes |= {
        "/board/": (200, HTML, board([4])),
        "/t/0.html": (200, HTML, thread(0, [1, 2, 3], following="/t/0.html?page=2")),
        "/t/0.html?page=2": (200, HTML, thread(0, [4, 5])),
    }
    made = source(web, "board", "/board/", options=BOARD)
    done = read(made)
    assert (done.outcome, done.new, asked(web)) == ("items", 5, ["/board/", "/t/0.html", "/t/0.html?page=2"])
    opener = Item.objects.get(kind="post")
    answers = Item.objects.filter(kind="reply")
    assert set(answers.values_list("parent", flat=True)) == {opener.key}
    assert answers.count() == 4
    assert "路人甲" not in "".join(Item.objects.values_list("text", flat=True))
    assert read(made).new == 0


def test_a_post_without_a_floor_keeps_its_identity_on_a_later_page(web: Web) -> None:
    def page(texts: list[str], more: str = "") -> bytes:
        hours = {text: 10 + len(text) % 10 for text in texts}
        posts = "".join(
            f"<div class='post'><span class='time'>2026-11-23 {hours[text]}:00</span><div class='content'>{text}</div></div>"
            for text in texts
        )
        return f"<html><title>某帖</title><body>{posts}{more}</body></html>".encode()

    following = "<a href='/t/0.html?page=2'>下一页</a>"
    web.routes |= {
        "/board/": (200, HTML, board([4])),
        "/t/0.html": (200, HTML, page(["主楼说的话很长很长很长", "第一个回答的人"], following)),
        "/t/0.html?page=2": (200, HTML, page(["后一页的第一个回答", "后一页的第二个回答"])),
    }
    made = source(web, "board", "/board/", options=BOARD)
    read(made)
    assert Item.objects.filter(kind="post").count() == 1  # a later page opens no thread of its own
    assert Item.objects.filter(text__startswith="后一页", kind="reply").count() == 2
    web.routes |= {  # an answer more before them: their places move, they stay who they are
        "/board/": (200, HTML, board([5])),
        "/t/0.html?page=2": (200, HTML, page(["插进来的一个回答", "后一页的第一个回答", "后一页的第二个回答"])),
    }
    read(made)
    assert Item.objects.filter(text="插进来的一个回答").count() == 1
    assert Item.objects.filter(text__startswith="后一页").count() == 2


def test_a_thread_is_read_again_only_when_its_board_shows_other_answers(web: Web) -> None:
    web.routes |= {"/board/": (200, HTML, board([2, 2])), "/t/0.html": (200, HTML, thread(0, [1, 2, 3])), "/t/1.html": (200, HTML, thread(1, [1, 2, 3]))}  # fmt: skip
    made = source(web, "board", "/board/", options=BOARD)
    read(made)
    web.asked.clear()
    web.routes |= {"/board/": (200, HTML, board([2, 3])), "/t/1.html": (200, HTML, thread(1, [1, 2, 3, 4]))}
    assert read(made).new == 1
    assert asked(web) == ["/board/", "/t/1.html"]


def test_the_archive_alone_gives_the_same_items(web: Web) -> None:
    web.routes |= {
        "/board/": (200, HTML, board([4])),
        "/t/0.html": (200, HTML, thread(0, [1, 2, 3], following="/t/0.html?page=2")),
        "/t/0.html?page=2": (200, HTML, thread(0, [4, 5])),
    }
    made = source(web, "board", "/board/", options=BOARD)
    read(made)
    archive: Archive = collecting.shared_archive()
    again = [
        item.key
        for fetched in archive.records(made.last_run_at - timedelta(days=1), made.last_run_at + timedelta(days=1))
        for item in understand(fetched, collecting.origin_of(made, fetched)).items
    ]
    assert sorted(again) == sorted(Item.objects.values_list("key", flat=True))


def test_one_bad_page_stops_nothing_and_is_asked_again_with_patience(web: Web, clock: Clock) -> None:
    show_articles(web)
    web.routes |= {"/news/": (200, HTML, listing(web)), "/a/1": (404, {}, b""), "/a/2": (500, {}, b"")}
    made = source(web, "list", "/news/")
    done = read(made)
    assert (done.outcome, done.new, causes(done)) == ("partly", 6, ["http_status", "http_status"])
    web.asked.clear()
    read(made)
    assert asked(web) == ["/news/"]  # neither is asked again at once
    clock.forward(minutes=6)
    web.asked.clear()
    read(made)
    assert asked(web) == ["/news/", "/a/2"]  # the one that may come back
    web.routes["/a/2"] = (200, HTML, article(*TEXTS[2]))
    clock.forward(minutes=11)
    web.asked.clear()
    assert read(made).new == 1
    web.routes["/news/"] = (200, HTML, listing(web, head="<meta name='changed' content='1'>"))
    clock.forward(days=6)
    web.asked.clear()
    read(made)
    assert asked(web) == ["/news/"]
    web.routes["/news/"] = (200, HTML, listing(web, head="<meta name='changed' content='2'>"))
    clock.forward(days=2)
    web.asked.clear()
    read(made)
    assert asked(web) == ["/news/", "/a/1"]  # the one that said no, after a week


def test_a_page_that_always_fails_is_given_up_for_a_week(web: Web, clock: Clock) -> None:
    show_articles(web)
    web.routes |= {"/news/": (200, HTML, listing(web)), "/a/2": (500, {}, b"")}
    made = source(web, "list", "/news/")
    for _ in range(6):
        read(made)
        clock.forward(hours=3)
    assert SeenPage.objects.exclude(failures=0).get().failures == 5
    assert made.content_hash  # nothing is left: the list is asked conditionally again


def test_a_list_with_links_to_elsewhere_is_asked_conditionally_all_the_same(web: Web) -> None:
    def route(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers["If-None-Match"] == '"7"'
        body = listing(web).replace(
            b"</ul>", "<li><a href='http://elsewhere.example/x'>别的网站上的一条消息，与本地无关</a></li></ul>".encode()
        )
        answer(handler, 304 if known else 200, HTML | {"ETag": '"7"'}, b"" if known else body)

    show_articles(web)
    web.routes["/news/"] = route
    made = source(web, "list", "/news/")
    read(made)
    assert read(made).outcome == "unchanged"


def test_a_fault_of_ours_in_one_page_is_a_row_and_the_others_come(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    show_articles(web)
    web.routes["/news/"] = (200, HTML, listing(web))
    real = collecting.understand

    def stumble(fetched: object, origin: object) -> object:
        if fetched.url.endswith("/a/1"):  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return real(fetched, origin)  # type: ignore[arg-type]

    monkeypatch.setattr(collecting, "understand", stumble)
    done = read(source(web, "list", "/news/"))
    assert (done.outcome, done.new, causes(done)) == ("partly", 7, ["internal"])


def test_the_figures_of_a_fault_are_kept(web: Web, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    file = folder / "rows.jsonl"
    file.write_text('{"title": "一", "text": "清河镇停水"}\nnot json\n{"url": "http://a.example/"}\n', encoding="utf-8")
    import os

    os.utime(file, (1, 1))
    made = Source.objects.create(slug="drop", name="投放", channel="other", kind="files", address=str(folder))
    done = read(made)
    assert (done.outcome, done.new) == ("partly", 1)
    assert [(failure.args["row"], failure.args["reason"]) for failure in done.failed.order_by("pk")] == [(2, "not_json"), (3, "no_text")]


def test_an_empty_drop_folder_is_nothing_new(web: Web, tmp_path: Path) -> None:
    made = Source.objects.create(slug="drop", name="投放", channel="other", kind="files", address=str(tmp_path))
    assert read(made).outcome == "nothing_new"


def test_the_page_that_is_read_for_nothing_counts_as_failed(web: Web) -> None:
    web.routes["/news/"] = (200, HTML, b"<html><title>x</title><body><p>We moved.</p></body></html>")
    made = source(web, "list", "/news/", options={"rows": "ul.news li"})
    done = read(made)
    assert (done.outcome, causes(done), made.failures, made.last_cause) == ("failed", ["nothing_found"], 1, "nothing_found")


def test_every_request_names_the_body_and_its_contact_page(web: Web) -> None:
    web.routes["/feed"] = (200, RSS, rss(web))
    read(source(web, "feed", "/feed"))
    agents = {headers["user-agent"] for _path, headers in web.asked}
    [agent] = agents
    assert agent.startswith("Groundswell/")
    assert "(Yunling County)" in agent
    assert "+https://yunling.example/contact" in agent


def test_the_turns_at_a_host_are_kept_in_the_database(web: Web) -> None:
    change(None, "collect.host_seconds", 0.2)
    web.routes |= {"/feed": (200, RSS, rss(web)), "/other": (200, RSS, rss(web))}
    read(source(web, "feed", "/feed"))
    row = HostBudget.objects.get(host=web.host)
    assert row.next_at > collecting.real_now() - timedelta(seconds=5)
    HostBudget.objects.filter(host=web.host).update(next_at=collecting.real_now() + timedelta(hours=1))
    web.asked.clear()
    other = source(web, "feed", "/other", slug="other")
    done = read(other)
    assert (causes(done), web.paths()) == (["host_busy"], [])


def test_retry_after_is_kept_by_the_source_and_its_host(web: Web, clock: Clock) -> None:
    web.routes["/feed"] = (429, {"Retry-After": "7200"}, b"")
    made = source(web, "feed", "/feed")
    done = read(made)
    assert (causes(done), made.next_fetch_at) == (["http_status"], clock.now + timedelta(hours=2))
    assert HostBudget.objects.get(host=web.host).next_at > collecting.real_now() + timedelta(minutes=119)


def test_the_interval_follows_the_yield_and_failures_wait_an_hour_at_most(web: Web, clock: Clock) -> None:
    web.routes["/feed"] = (200, RSS, rss(web))
    made = source(web, "feed", "/feed", interval_minutes=20)
    read(made)
    first = made.adapted_minutes
    for _ in range(6):
        read(made)
    assert made.adapted_minutes > first  # nothing new: less often
    assert made.adapted_minutes <= 80
    web.routes["/feed"] = (500, {}, b"")
    for _ in range(12):
        read(made)
    assert made.failures == 12
    assert made.next_fetch_at - clock.now <= timedelta(minutes=80)


def test_a_feed_that_is_followed_falls_back_to_its_own_words(web: Web) -> None:
    web.routes |= {"/feed": (200, RSS, rss(web)), "/a/0": (200, HTML, article(*TEXTS[0]))}
    done = read(source(web, "feed", "/feed", options={"follow": True}))
    assert (done.new, done.outcome) == (4, "partly")
    texts = dict(Item.objects.values_list("title", "text"))
    assert "期限" in texts[TEXTS[0][0]]  # from the page
    assert texts[TEXTS[1][0]].startswith(TEXTS[1][1])  # from the feed


# ---------------------------------------------------------------- the command


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.django_db(transaction=True)
def test_the_command_reads_what_is_due_and_tells_of_each(tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    lay()
    with served(tmp_path / "archive") as web:
        Source.objects.filter(slug__in=["forum", "media", "micro"]).update(state="paused")
        web.routes |= {"/feed": (200, RSS, rss(web)), "/bad": (404, {}, b"")}
        source(web, "feed", "/feed", slug="good", next_fetch_at=clock.now)
        source(web, "feed", "/bad", slug="bad", next_fetch_at=clock.now)
        source(web, "feed", "/feed", slug="later", next_fetch_at=clock.now + timedelta(hours=1))
        assert command.collect([], everything=False, as_json=True) == 1
        rows = {row["source"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
        assert set(rows) == {"good", "bad"}
        assert (rows["good"]["outcome"], rows["good"]["new"]) == ("items", 4)
        [failure] = rows["bad"]["failures"]
        assert (failure["code"], failure["cause"]) == ("http_status", "There is nothing at this address (404)")
        assert "put it right" in failure["mend"]
        assert command.collect(["later"], everything=False, as_json=False) == 0
        told = capsys.readouterr().out
        assert told.startswith("later: new items; 4 new of 4 seen")
        assert command.collect([], everything=False, as_json=False) == 0
        assert "No source is due." in capsys.readouterr().err
        assert command.collect([], everything=True, as_json=True) == 1
        assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize(("slug", "words"), [("nobody", "There is no source “nobody”"), ("v", "read by people"), ("p", "is paused")])
def test_the_command_says_why_it_cannot(web: Web, slug: str, words: str) -> None:
    Source.objects.create(slug="v", name="眼", channel="video", kind="manual")
    Source.objects.create(slug="p", name="停", channel="news", kind="feed", state="paused")
    with pytest.raises(Fault, match=words):
        command.wanted([slug], everything=False)


def test_names_and_all_exclude_each_other() -> None:
    with pytest.raises(Fault, match="not both"):
        command.run(arguments("forum", "--all"))


def test_failures_are_rows_of_their_run(web: Web) -> None:
    done = read(source(web, "feed", "/nothing"))
    [row] = Failure.objects.all()
    assert (row.run, row.cause, row.args, row.mend) == (done, "http_status", {"status": 404}, "check_address")
