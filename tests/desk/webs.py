"""Small public webs on loopback for the tests of the desk: a feed, a list of articles, a board with threads of two pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.preferences import change
from tests.collect.conftest import Web

HTML = {"Content-Type": "text/html; charset=utf-8"}
RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}
XML = {"Content-Type": "application/xml; charset=utf-8"}
TEXTS = (
    ("清河镇自来水发黄 居民等说法", "清河镇锦绣小区居民反映，十一月二十三日早上六点起自来水发黄，有很重的铁锈味，县水务局说正在冲洗管道。"),
    ("实验小学门口堵车", "云岭县实验小学放学时校门口堵车，接孩子的电动车排到桥头，家长希望县教育局安排错时放学。"),
    ("幸福里小区停暖三天", "幸福里小区停暖已经三天，老人孩子冻得受不了，物业说是换热站的阀门坏了，正在等配件。"),
    ("东湖夜市占道", "东湖夜市摊位占了半条路，下班时间车辆通不过，附近居民希望城管部门划定摆摊区域和时间。"),
)
LONG = "附近的住户说，这样的情况已经不是第一次，前几次也都是过了几天才有人来处理，希望这次能给一个明确的说法和期限。" * 3


@contextmanager
def served(archive: Path) -> Iterator[Web]:
    """A server that the collector may ask, without pauses; what is fetched lies in ARCHIVE."""
    web = Web()
    before, folder = ports.reachable, ports.archive_folder
    ports.reachable, ports.archive_folder = (*before, web.host), archive
    change(None, "collect.host_seconds", 0.0)
    change(None, "body.name_en", "Yunling County")
    change(None, "body.contact", "https://yunling.example/contact")
    yield web
    ports.reachable, ports.archive_folder = before, folder
    web.stop()


def rss(web: Web, entries: Sequence[tuple[str, str]] = TEXTS, *, first_hour: int = 1) -> bytes:
    """A feed whose entries came an hour apart on the test's day."""
    items = "".join(
        f"<item><title>{title}</title><link>{web.url(f'/a/{n}')}</link><guid>{n}</guid><author>handle_of_{n}</author>"
        f"<pubDate>{datetime(2026, 11, 23, first_hour + n, tzinfo=UTC):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{text}</description></item>"
        for n, (title, text) in enumerate(entries)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>云岭快讯</title>{items}</channel></rss>'.encode()


def article(title: str, text: str, *, head: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p class='time'>2026-11-23 09:30</p>"
        f"<div id='zoom'><p>{text}</p><p>{LONG}</p></div></body></html>"
    ).encode()


def listing(web: Web, *, head: str = "", row: str = "li") -> bytes:
    """A page that lists the articles of TEXTS."""
    rows = "".join(
        f"<{row}><a href='/a/{n}'>{title}，详情请看全文</a> <span>2026-11-2{n}</span></{row}>" for n, (title, _text) in enumerate(TEXTS * 2)
    )
    return f"<html><head><title>云岭新闻</title>{head}</head><body><h1>本地新闻</h1><ul class='news'>{rows}</ul></body></html>".encode()


def show_articles(web: Web) -> None:
    for n, (title, text) in enumerate(TEXTS * 2):
        web.routes[f"/a/{n}"] = (200, HTML, article(title, text))


def board(replies: Sequence[int]) -> bytes:
    """A board with a thread for each of REPLIES."""
    rows = "".join(
        f"<tr class='thread'><td><a href='/t/{n}.html'>{TEXTS[n][0]}，大家那里怎么样</a></td><td>2026-11-23 0{n}:10</td>"
        f"<td class='replies'>{count}</td></tr>"
        for n, count in enumerate(replies)
    )
    return f"<html><head><title>清河论坛</title></head><body><table>{rows}</table></body></html>".encode()


def thread(n: int, floors: Sequence[int], *, following: str = "") -> bytes:
    """A page of thread N with these floors; with a link to the following page."""
    posts = "".join(
        f"<div class='post'><span class='author'>路人甲{floor}</span> <span class='floor'>{floor}楼</span> "
        f"<span class='time'>2026-11-23 1{floor % 10}:00</span><div class='content'>{TEXTS[n][1] if floor == 1 else f'我家也是这样，第{floor}层说一句'}</div></div>"
        for floor in floors
    )
    more = f"<a href='{following}'>下一页</a>" if following else ""
    return f"<html><head><title>{TEXTS[n][0]} - 清河论坛</title></head><body>{posts}{more}</body></html>".encode()
