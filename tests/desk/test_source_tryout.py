"""Adding a source: an address is pasted, its kind found, what would come is shown, and only then it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.sources import tryout
from groundswell.desk.sources.models import Failure, FetchRun, SeenPage, Source
from groundswell.desk.sources.tryout import try_source
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.preferences import change
from groundswell.desk.stream.models import Item
from tests.collect.conftest import Web
from tests.desk.county import lay
from tests.desk.webs import HTML, RSS, XML, article, board, listing, rss, served, show_articles, thread

Person = Callable[..., User]
FILLED = {"name": "云岭快讯", "name_en": "Yunling Flash", "channel": "news", "ground": "公开", "interval_minutes": "30", "trust": "50"}


@pytest.fixture
def web(desk: None, tmp_path: Path) -> Iterator[Web]:
    lay()
    with served(tmp_path / "archive") as made:
        yield made


@pytest.fixture
def editor(person: Person, client: Client) -> User:
    user = person(Role.EDITOR)
    client.force_login(user)
    return user


def nothing_is_stored(tmp_path: Path) -> bool:
    kept = [path for path in (tmp_path / "archive").rglob("*") if path.is_file()] if (tmp_path / "archive").exists() else []
    return not (kept or Item.objects.exists() or FetchRun.objects.exists() or SeenPage.objects.exists() or Failure.objects.exists())


def look(client: Client, address: str) -> str:
    answer = client.post("/desk/sources/new/", {"address": address, "do": "look"})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "headers", "made", "kind", "said"),
    [
        ("/feed", RSS, rss, "feed", "It is a feed."),
        ("/feed.bin", {"Content-Type": "application/octet-stream"}, rss, "feed", "It is a feed."),
        ("/news/", HTML, listing, "list", "lists articles"),
        ("/board/", HTML, lambda web: board([3, 5, 1, 7]), "board", "board"),
        ("/sitemap.xml", XML, lambda web: f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{web.url('/a/0')}</loc></url></urlset>".encode(), "sitemap", "sitemap"),
        ("/notice", HTML, lambda web: article("停水通知", "因管道检修，清河镇今晚停水。"), "page", "single page"),
    ],
)  # fmt: skip
def test_the_kind_is_found_and_what_would_come_is_shown(
    editor: User,
    client: Client,
    web: Web,
    tmp_path: Path,
    path: str,
    headers: dict[str, str],
    made: Callable[[Web], bytes],
    kind: str,
    said: str,
) -> None:
    show_articles(web)
    web.routes |= {f"/t/{n}.html": (200, HTML, thread(n, [1, 2, 3])) for n in range(4)}
    web.routes[path] = (200, headers, made(web))
    page = look(client, web.url(path))
    assert said in page
    assert f'<option value="{kind}" selected>' in page
    assert "can be read" in page
    assert "nothing would come" not in page
    assert "handle_of" not in page  # a private author's name is not shown either
    assert nothing_is_stored(tmp_path)
    assert not Source.objects.filter(slug="try-out").exists()


def test_items_of_a_list_are_read_from_the_pages_behind_it(editor: User, client: Client, web: Web) -> None:
    show_articles(web)
    web.routes["/news/"] = (200, HTML, listing(web))
    page = look(client, web.url("/news/"))
    assert "铁锈味" in page  # stands in the article only
    assert web.paths() == ["/robots.txt", "/news/", "/a/0", "/a/1"]


def test_a_page_that_announces_a_feed_offers_it(editor: User, client: Client, web: Web) -> None:
    web.routes["/"] = (200, HTML, listing(web, head="<link rel='alternate' type='application/rss+xml' href='/feed'>"))
    web.routes["/feed"] = (200, RSS, rss(web))
    page = look(client, web.url("/"))
    assert f'name="address" value="{web.url("/feed")}"' in page
    assert "It is a feed." in look(client, web.url("/feed"))


def test_an_address_is_taken_out_of_what_was_pasted(editor: User, client: Client, web: Web) -> None:
    web.routes["/feed"] = (200, RSS, rss(web))
    assert "It is a feed." in look(client, f"大家都在看这个：{web.url('/feed')}，快来")


def test_what_was_seen_is_saved_and_read_at_once(editor: User, client: Client, web: Web) -> None:
    web.routes["/feed"] = (200, RSS, rss(web))
    answer = client.post("/desk/sources/new/", FILLED | {"address": web.url("/feed"), "kind": "feed", "do": "save"})
    assert answer.status_code == 302
    source = Source.objects.get(slug="yunling-flash")
    assert (source.state, source.kind, source.sort_key, source.added_by) == ("active", "feed", "yun ling kuai xun", editor)
    assert source.next_fetch_at is not None
    assert answer["Location"] == "/desk/sources/yunling-flash/"
    assert Entry.objects.filter(subject_type="source", subject_id=source.pk, action="source.make", actor=editor).count() == 1


def test_the_same_address_is_not_taken_twice(editor: User, client: Client, web: Web) -> None:
    Source.objects.create(slug="there", name="已有", channel="news", kind="feed", address=web.url("/feed"))
    answer = client.post("/desk/sources/new/", {"address": web.url("/feed"), "do": "look"})
    assert (answer.status_code, web.paths()) == (422, [])
    assert "/desk/sources/there/" in answer.content.decode()
    saved = client.post("/desk/sources/new/", FILLED | {"address": web.url("/feed"), "kind": "feed", "do": "save"})
    assert saved.status_code == 422
    assert "已有" in saved.content.decode()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://10.0.0.1/", "lies inside our own network (a private network)"),
        ("http://169.254.169.254/latest/", "the cloud&#x27;s metadata service"),
        ("http://[::ffff:127.0.0.1]/", "this machine itself"),
        ("http://0x7f000001/", "an address in disguise"),
        ("ftp://example.org/", "only http and https are read"),
        ("file:///etc/passwd", "only http and https are read"),
        ("http://me:secret@example.org/", "user name or password"),
        ("", "Paste an address first"),
    ],
)
def test_refused_addresses_say_why_and_what_to_do(editor: User, client: Client, web: Web, address: str, words: str) -> None:
    answer = client.post("/desk/sources/new/", {"address": address, "do": "look"})
    assert words in answer.content.decode()
    assert web.paths() == []


def test_a_redirect_to_the_inside_is_refused(editor: User, client: Client, web: Web) -> None:
    web.routes["/out"] = (302, {"Location": "http://192.168.1.1/admin"}, b"")
    assert "a private network" in look(client, web.url("/out"))


def test_robots_are_obeyed_in_a_test_too(editor: User, client: Client, web: Web) -> None:
    web.routes |= {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /closed/"), "/closed/feed": (200, RSS, rss(web))}
    page = look(client, web.url("/closed/feed"))
    assert "robots.txt of 127.0.0.1 forbids it to us" in page
    assert web.paths() == ["/robots.txt"]


def test_a_crawl_delay_is_told_and_the_test_does_not_wait_for_ever(editor: User, client: Client, web: Web, tmp_path: Path) -> None:
    show_articles(web)
    web.routes |= {"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 600"), "/news/": (200, HTML, listing(web))}
    page = look(client, web.url("/news/"))
    assert "600 s between two requests" in page
    assert "/a/0" not in web.paths()
    assert nothing_is_stored(tmp_path)


def test_a_slow_site_ends_with_the_time_of_a_test(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    change(None, "collect.host_seconds", 3.0)
    web.routes["/news/"] = (200, HTML, listing(web))
    found = try_source(Source(slug="try-out", address=web.url("/news/"), kind="list"), seconds=1.0)
    assert found.cut_short
    assert found.seconds < 2
    assert tryout.SECONDS <= 20


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ((404, {}, b""), "There is nothing at this address (404)"),
        ((503, {}, b""), "out of order for now (503)"),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 \x00\x01"), "It is no"),
        ((200, HTML, b""), "It is empty"),
        ((200, XML, b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x "y">]><rss version="2.0"><channel><title>&x;</title></channel></rss>'), "nothing would come"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_words(
    editor: User, client: Client, web: Web, route: tuple[int, dict[str, str], bytes], words: str
) -> None:
    web.routes["/x"] = route
    page = look(client, web.url("/x"))
    assert words in page, page
    assert "nothing would come" in page


def test_a_selector_helps_where_the_finding_goes_wrong(editor: User, client: Client, web: Web) -> None:
    body = "<html><head><title>公告</title></head><body>" + "".join(
        f"<div class='odd'><b><a href='/a/{n}'>第{n}号公告：关于清河镇供水的说明</a></b></div>" for n in range(2)
    ) + "</body></html>"  # fmt: skip
    web.routes["/odd/"] = (200, HTML, body.encode())
    show_articles(web)
    values = FILLED | {"address": web.url("/odd/"), "kind": "list", "rows": "div.odd", "do": "try"}
    page = client.post("/desk/sources/new/", values).content.decode()
    assert "第1号公告" in page.split('id="preview"')[1]
    wrong = client.post("/desk/sources/new/", values | {"rows": "div..odd", "do": "save"})
    assert wrong.status_code == 422
    assert "no CSS selector" in wrong.content.decode()


def test_a_source_in_the_register_is_tested_without_storing(editor: User, client: Client, web: Web, tmp_path: Path) -> None:
    web.routes["/feed"] = (200, RSS, rss(web))
    Source.objects.create(slug="flash", name="快讯", channel="news", kind="feed", address=web.url("/feed"), etag='"1"', institutional=True)
    assert web.paths() == []
    assert client.get("/desk/sources/flash/try/").status_code == 200
    assert web.paths() == []  # only a person's push asks the site
    page = client.post("/desk/sources/flash/try/").content.decode()
    assert "实验小学门口堵车" in page
    assert "handle_of_1" in page  # an institution's name is kept
    assert "if-none-match" not in web.asked[-1][1]
    assert nothing_is_stored(tmp_path)


def test_duty_proposes_and_an_editor_decides(person: Person, client: Client, web: Web) -> None:
    duty, editor = person(Role.DUTY), person(Role.EDITOR)
    client.force_login(duty)
    values = FILLED | {"address": web.url("/feed"), "kind": "feed", "do": "save"}
    assert client.post("/desk/sources/new/", values).status_code == 302
    source = Source.objects.get(slug="yunling-flash")
    assert (source.state, source.added_by, source.next_fetch_at) == ("proposed", duty, None)
    assert client.post("/desk/sources/yunling-flash/approve/").status_code == 403
    client.force_login(editor)
    assert "Decide" in client.get("/desk/").content.decode()
    client.post("/desk/sources/yunling-flash/approve/")
    source.refresh_from_db()
    assert source.state == "active"
    assert source.next_fetch_at is not None


def test_who_may_not_even_propose_sees_no_form(person: Person, client: Client, web: Web) -> None:
    client.force_login(person(Role.LEADER))
    assert client.get("/desk/sources/new/").status_code == 403
    assert client.get("/desk/sources/").status_code == 403
