"""Private names never reach the disk: handles are planted wherever the web shows them, collected over HTTP, and then looked for everywhere."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import Workbook

from groundswell.cli import replay as command
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.sources import collecting
from groundswell.desk.sources.models import Source
from groundswell.desk.stream.models import Item
from groundswell.server.logs import EventFormatter
from tests.collect.conftest import Web
from tests.conftest import Clock
from tests.desk.county import lay, scored
from tests.desk.screens import post
from tests.desk.test_entry import needs_ocr
from tests.desk.webs import HTML, RSS, served

XML = {"Content-Type": "application/atom+xml; charset=utf-8"}
JSON = {"Content-Type": "application/feed+json; charset=utf-8"}
SAID = "清河镇锦绣小区居民反映，十一月二十三日早上六点起自来水发黄，有很重的铁锈味，县水务局说正在冲洗管道，大家都在等一个说法。"
MORE = "附近的住户说，这样的情况已经不是第一次，前几次也都是过了几天才有人来处理，希望这次能给一个明确的说法和期限。" * 2


class Plants:
    """Names that nobody has, one for each place where the web shows a name."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def han(self, place: str) -> str:
        return self._put(place, "藏" + "".join(chr(0x7000 + 37 * len(self.places) + n) for n in range(3)))

    def latin(self, place: str) -> str:
        return self._put(place, f"zq{len(self.places):02d}_hidden")

    def _put(self, place: str, name: str) -> str:
        assert place not in self.places
        self.places[place] = name
        return name


@pytest.fixture
def plants() -> Plants:
    return Plants()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that the program's loggers say, written as the log files are."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(EventFormatter())
    roots = [logging.getLogger(name) for name in ("", "groundswell", "django", "procrastinate", "httpx", "httpcore")]
    before = [(each, each.level) for each in roots]
    for each in roots:
        each.addHandler(handler)
        each.setLevel(logging.INFO)
    yield out
    for each, level in before:
        each.removeHandler(handler)
        each.setLevel(level)


@pytest.fixture
def web(desk: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    lay()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with served(tmp_path / "archive") as made:
        yield made


def mentions(plants: Plants, where: str) -> str:
    """What people write: with @, a chain of reposts, an answer."""
    at, chain, answer, wide, latin = (plants.han(f"{where}: {how}") for how in ("@", "//@", "answer", "wide @", "after RT"))
    return f"{SAID} @{at} 你怎么看 //@{chain}:转给大家看看 ＠{wide} RT @{latin}: 就是这样\n回复 {answer}：我家也是这样\n请 @县水务局 回应。"


def serve_feeds(web: Web, plants: Plants) -> list[Source]:
    a, b, c, d, e = (plants.han(f"feed {name}") for name in ("rss author", "dc:creator", "atom author", "json author", "media:credit"))
    avatar, profile, mail = plants.latin("feed avatar"), plants.latin("feed profile"), plants.latin("feed e-mail")
    web.routes["/rss"] = (200, RSS, (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>某地论坛</title><item><title>水黄了 @{plants.han('feed title')}</title><link>{web.url('/p/1')}</link><guid>1</guid>"
        f"<author>{mail}@mail.example ({a})</author><dc:creator>{b}</dc:creator><media:credit>{e}</media:credit>"
        "<pubDate>Mon, 23 Nov 2026 02:00:00 GMT</pubDate>"
        f"<description><![CDATA[<img src='https://img.example/avatar/{avatar}.png'><p>{mentions(plants, 'rss')}</p>"
        f"<a href='https://forum.example/u/{profile}'>@{plants.han('feed link')}</a>]]></description></item></channel></rss>"
    ).encode())  # fmt: skip
    web.routes["/atom"] = (200, XML, (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>某人的微博</title><id>x</id>'
        f"<author><name>{plants.han('atom feed author')}</name></author>"
        f"<entry><id>2</id><title>停水</title><link href='{web.url('/p/2')}'/><updated>2026-11-23T03:00:00Z</updated>"
        f"<author><name>{c}</name><uri>https://micro.example/{plants.latin('atom uri')}</uri></author>"
        f"<contributor><name>{plants.han('atom contributor')}</name></contributor>"
        f"<content type='html'>{mentions(plants, 'atom')}</content></entry></feed>"
    ).encode())  # fmt: skip
    web.routes["/json"] = (200, JSON, json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": "时间线", "author": {"name": plants.han("json feed author")},
        "items": [{"id": "3", "url": web.url("/p/3"), "content_text": mentions(plants, "json"), "date_published": "2026-11-23T11:00:00+08:00",
                   "author": {"name": d, "avatar": f"https://img.example/{plants.latin('json avatar')}.jpg"},
                   "authors": [{"name": plants.han("json authors"), "url": f"https://micro.example/@{plants.latin('json url')}"}],
                   "user": {"screen_name": plants.latin("json user"), "nickname": plants.han("json nickname")},
                   "_meta": {"reposted_by": plants.han("json repost")}}],
    }, ensure_ascii=False).encode())  # fmt: skip
    return [source(web, name, "feed", f"/{name}", channel="microblog") for name in ("rss", "atom", "json")]


def serve_pages(web: Web, plants: Plants) -> list[Source]:
    writer, meta, ld = (plants.han(f"page {name}") for name in ("byline", "meta author", "ld+json"))
    page = (
        f"<html><head><title>清河镇自来水发黄</title><meta name='author' content='{meta}'><meta property='article:author' content='{plants.han('page og author')}'>"
        f"<script type='application/ld+json'>{{\"@type\": \"Article\", \"author\": {{\"name\": \"{ld}\"}}}}</script></head><body>"
        f"<h1>清河镇自来水发黄</h1><div class='meta'><img class='avatar' src='/avatar/{plants.latin('page avatar')}.png'>"
        f"<span class='author'>作者：{writer}</span> <span class='time'>2026-11-23 09:30</span></div>"
        f"<div id='zoom'><p>{mentions(plants, 'page')}</p><p>{MORE}</p></div>"
        f"<div class='comments'><div class='comment'><a class='user' href='/u/{plants.latin('page commenter address')}'>{plants.han('page commenter')}</a>"
        f"<span>2026-11-23 10:00</span><p>我家也是，烧开了还是黄的。</p></div></div></body></html>"
    ).encode()  # fmt: skip
    rows = "".join(f"<li><a href='/a/{n}'>清河镇自来水发黄，居民等说法，详情{n}</a> <span>2026-11-23</span></li>" for n in range(6))
    for n in range(6):
        web.routes[f"/a/{n}"] = (200, HTML, page)
    web.routes["/list/"] = (200, HTML, f"<html><title>新闻</title><body><ul>{rows}</ul></body></html>".encode())
    web.routes["/one/"] = (200, HTML, page)
    return [source(web, "list", "list", "/list/", channel="blog"), source(web, "one", "page", "/one/", channel="blog")]


def serve_board(web: Web, plants: Plants) -> list[Source]:
    def floor(n: int, text: str, more: str = "") -> str:
        name = plants.han(f"floor {n}")
        return (
            f"<div class='post' id='post_{n}'><div class='side'><a class='author' href='/space/{plants.latin(f'floor {n} address')}'>{name}</a>"
            f"<img class='avatar' src='/uc/{plants.latin(f'floor {n} avatar')}.jpg' alt='{plants.han(f'floor {n} alt')}'></div>"
            f"<div class='head'><em class='time'>发表于 2026-11-23 0{n}:10</em> <span class='floor'>{n}楼</span></div>"
            f"<div class='content'>{text}</div>{more}</div>"
        )

    quoted = plants.han("quoted post")
    quote = f"<div class='quote'><blockquote>{quoted} 发表于 2026-11-23 01:10<br>水黄了</blockquote></div>"
    comments = (
        "<ul class='comments'>"
        + "".join(
            f"<li class='comment'><a class='user' href='/u/{n}'>{plants.han(f'sub-comment {n}')}</a>：<span class='text'>"
            f"回复 {plants.han(f'sub-comment answer {n}')}：我家也是这样的情况</span> <span class='time'>2026-11-23 05:1{n}</span></li>"
            for n in range(3)
        )
        + "</ul>"
    )
    floors = (
        floor(1, mentions(plants, "floor 1"))
        + floor(2, f"回复 {plants.han('floor answer')}：我家也是这样，烧开了还是黄的，不敢给孩子喝。")
        + floor(3, f"{quote}楼上说得对，我们这栋楼从早上起就没有干净水用。", comments)
        + floor(4, f"回复 2楼 {plants.han('floor answer with number')}：物业说要等到晚上。")
    )
    web.routes["/board/"] = (200, HTML, (
        "<html><title>清河论坛</title><body><table>"
        f"<tr class='thread'><td><a href='/t/0.html'>清河镇自来水发黄，大家那里怎么样</a></td><td class='by'>{plants.han('board starter')}</td>"
        f"<td>2026-11-23 00:10</td><td class='replies'>3</td><td>最后回复 {plants.han('board last')}</td></tr></table></body></html>"
    ).encode())  # fmt: skip
    web.routes["/t/0.html"] = (
        200,
        HTML,
        f"<html><head><title>清河镇自来水发黄 - 清河论坛</title></head><body>{floors}</body></html>".encode(),
    )
    return [source(web, "board", "board", "/board/", options={"rows": "tr.thread", "posts": "div.post"})]


def drop_files(folder: Path, plants: Plants, web: Web) -> list[Source]:
    row = {
        "id": "7", "text": mentions(plants, "jsonl"), "time": "2026-11-23 09:00", "author": plants.han("jsonl author"),
        "user": {"name": plants.han("jsonl user")}, "nickname": plants.han("jsonl nickname"), "avatar": plants.latin("jsonl avatar"),
        "comments": [{"author": plants.han("jsonl commenter"), "text": "也黄"}],
    }  # fmt: skip
    folder.mkdir()
    (folder / "a.jsonl").write_text(
        json.dumps(row, ensure_ascii=False) + "\n{not json " + plants.han("broken line") + "\n", encoding="utf-8"
    )
    head, cells = (
        "标题,正文,作者,时间,昵称",
        f"停水,{SAID}@{plants.han('csv @')} 看,{plants.han('csv author')},2026-11-23 08:00,{plants.han('csv nickname')}",
    )
    (folder / "b.csv").write_text(f"{head}\n{cells}\n", encoding="utf-8")
    book = Workbook()
    book.active.append(["title", "text", "author", "published_at"])  # type: ignore[union-attr]
    book.active.append(["停水", f"{SAID}//@{plants.han('xlsx chain')}:转", plants.han("xlsx author"), "2026-11-23 07:00"])  # type: ignore[union-attr]
    book.save(folder / "c.xlsx")
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    return [source(web, "files", "files", str(folder))]


def source(web: Web, slug: str, kind: str, path: str, **more: Any) -> Source:
    values = {"name": f"某源{slug}", "channel": "forum", "interval_minutes": 30} | more
    return Source.objects.create(slug=slug, kind=kind, address=path if kind == "files" else web.url(path), **values)


# ---------------------------------------------------------------- looking


def in_database(names: dict[str, str]) -> list[str]:
    """Where in the whole database a name lies: every column of every row of every table, also as bytes."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
        tables = [row[0] for row in cursor.fetchall()]
        assert "stream_item" in tables
        for table in tables:
            cursor.execute(f'select t::text from "{table}" t')
            whole = "\n".join(row[0] for row in cursor.fetchall()).lower()
            plain = whole.encode().decode("unicode_escape", "replace") if "\\u" in whole else whole
            for place, name in names.items():
                if name.lower() in whole or name.lower() in plain or name.encode().hex() in whole:
                    found.append(f"{place} ({name}) in table {table}")
    return found


def in_files(names: dict[str, str], *folders: Path) -> list[str]:
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            body = path.read_bytes() if path.is_file() else b""
            found += [f"{place} in {path.name}" for place, name in names.items() if name.encode() in body]
    return found


def nothing_of(plants: Plants, logged: io.StringIO, tmp_path: Path) -> None:
    wrong = in_database(plants.places)
    wrong += in_files(plants.places, tmp_path / "archive", tmp_path / "tmp")
    wrong += [f"{place} in the logs" for place, name in plants.places.items() if name in logged.getvalue()]
    assert not wrong, "\n".join(wrong)


# ---------------------------------------------------------------- the test


def test_no_planted_name_is_found_after_collecting(
    web: Web, clock: Clock, tmp_path: Path, plants: Plants, logged: io.StringIO, person: Callable[..., User]
) -> None:
    clock.forward(hours=2)
    made = [*serve_feeds(web, plants), *serve_pages(web, plants), *serve_board(web, plants), *drop_files(tmp_path / "drop", plants, web)]
    for each in made:
        assert collecting.collect_source(each.pk)
    scored()
    by_source = dict.fromkeys((each.slug for each in made), 0)
    for slug in Item.objects.values_list("source__slug", flat=True):
        by_source[slug] += 1
    assert by_source == {"rss": 1, "atom": 1, "json": 1, "list": 6, "one": 1, "board": 4 + 3, "files": 3}  # all of it was taken
    assert Item.objects.exclude(voice="").count() >= 9  # the authors are there, as pseudonyms
    assert all(
        "自来水发黄" in text
        for text in Item.objects.filter(source__slug__in=["rss", "atom", "json", "list"]).values_list("text", flat=True)
    )
    assert Item.objects.filter(text__contains="@县水务局").exists()  # an institution keeps its name
    nothing_of(plants, logged, tmp_path)
    Item.objects.filter(source__slug="rss").delete()
    assert command.replay().put_back == 1
    nothing_of(plants, logged, tmp_path)


def test_no_planted_name_is_found_after_entering(
    web: Web, clock: Clock, tmp_path: Path, plants: Plants, logged: io.StringIO, person: Callable[..., User], client: Client
) -> None:
    Source.objects.create(slug="eye", name="云岭眼", channel="video", kind="manual")
    duty = person(Role.DUTY)
    client.force_login(duty)
    shared = f"7.43 复制打开抖音，看看【{plants.han('share')}的作品】自来水发黄 https://v.douyin.com/iAb/ 来自 @{plants.han('share from')}"
    html = client.post("/desk/enter/share/", {"text": shared, "title": f"{plants.han('share title')}的抖音视频"}).content.decode()
    assert plants.places["share"] not in html
    text = mentions(plants, "entered")
    answer = client.post(
        "/desk/enter/",
        {
            "do": "save",
            "source": "eye",
            "text": text,
            "author": plants.han("entered author"),
            "title": f"@{plants.han('entered title')} 说水黄",
        },
    )
    assert answer.status_code == 302
    other = client.post(
        "/desk/enter/", {"do": "save", "source": "other", "platform": f"@{plants.han('platform')}", "channel": "video", "text": MORE}
    )
    assert other.status_code == 302
    web.routes["/page"] = (
        200,
        HTML,
        f"<html><title>水黄</title><body><h1>水黄</h1><p>{mentions(plants, 'looked')}</p><p>{MORE}</p></body></html>".encode(),
    )
    looked = client.post("/desk/enter/", {"do": "link", "source": "eye", "url": web.url("/page")}).content.decode()
    assert plants.places["looked: @"] not in looked
    assert "自来水发黄" in looked
    refused = client.post("/desk/enter/", {"do": "save", "source": "eye", "text": f"机密★\n{plants.han('marked text')}"})
    assert refused.status_code == 422
    assert Item.objects.filter(kind="entered").count() == 2
    scored()
    nothing_of(plants, logged, tmp_path)


@needs_ocr
def test_no_planted_name_is_found_after_a_screenshot(
    web: Web, clock: Clock, tmp_path: Path, logged: io.StringIO, person: Callable[..., User], client: Client
) -> None:
    """Names that an OCR can read, in the places where apps show them."""
    Source.objects.create(slug="eye", name="云岭眼", channel="video", kind="manual")
    client.force_login(person(Role.DUTY))
    shot = post(
        [
            "东风小月",
            "昨天 08:12 来自云岭",
            "锦绣小区的自来水发黄，有铁锈味",
            "@西门大水 出来回应一下",
            "回复 南山老白：我家也是",
            "北方大河：同感",
            "中山小田：我家也黄",
        ]
    )
    html = client.post("/desk/enter/", {"source": "eye", "picture": SimpleUploadedFile("x.png", shot, "image/png")}).content.decode()
    text = re.search(r'<textarea name="text"[^>]*>(.*?)</textarea>', html, re.DOTALL)[1]  # type: ignore[index]
    token = re.search(r'name="picture_token" value="([^"]+)"', html)[1]  # type: ignore[index]
    assert "自来水发黄" in text
    client.post("/desk/enter/", {"do": "save", "source": "eye", "text": text, "picture_token": token})
    assert Item.objects.filter(kind="entered").count() == 1
    names = Plants()
    names.places = {name: name for name in ("东风小月", "西门大水", "南山老白", "北方大河", "中山小田")}
    nothing_of(names, logged, tmp_path)


def test_a_name_that_is_there_would_be_found(web: Web, tmp_path: Path, plants: Plants, logged: io.StringIO) -> None:
    """The search itself: in a text, in JSON, in bytes, in a file, in the log."""
    name = plants.han("here")
    made = Source.objects.create(slug="x", name="x", channel="forum", kind="feed", options={"deep": {"er": [name]}})
    assert in_database(plants.places) == [f"here ({name}) in table sources_source"]
    made.delete()
    from groundswell.desk.spine.models import AuthorKey

    AuthorKey.objects.create(month="2020-01", sealed=name.encode())
    assert in_database(plants.places) == [f"here ({name}) in table spine_authorkey"]
    (tmp_path / "tmp" / "left.bin").write_bytes(b"\0" + name.encode())
    assert in_files(plants.places, tmp_path / "tmp") == ["here in left.bin"]
    logging.getLogger("groundswell.test").info("x", extra={"field": name})
    assert name in logged.getvalue()
