"""Where each act stands on the demo web: the address that the collector would find, and an item's identity."""

from __future__ import annotations

from groundswell.demo.acts.act import Act
from groundswell.demo.county import HOST, PORT0, DemoSource, base_of, source_named

PAGE_SIZE = 15  # floors on a page of a thread
_OWN_PAGE = {
    "cms": "{path}{at:%Y%m}/t{at:%Y%m%d}_{number}.html",
    "table": "{path}show.asp?id={number}",
    "modern": "{path}{at:%Y}/{at:%m%d}/{number}.shtml",
    "plain": "{path}article/{number}",
    "blog": "{path}{at:%Y}/{at:%m}/{number}/",
    "classic": "{path}thread-{number}-1.html",
    "floors": "{path}t/{number}",
    "flow": "{path}topic/{number}",
    "timeline": "{path}status/{number}",
    "letters": "{path}view/{number}.html",
    "video": "{path}{number}",
}


def path_of(act: Act, source: DemoSource) -> str:
    """Path and query of the page that an act opens: an article, a thread, a post, a letter."""
    return _OWN_PAGE[source.style].format(path=source.path, at=act.at, number=act.number)


def thread_page(first: str, style: str, page: int) -> str:
    """The address of another page of a thread, from that of its first page."""
    if page <= 1 or style == "flow":
        return first
    return first.replace("-1.html", f"-{page}.html") if style == "classic" else f"{first}?page={page}"


def url_of(act: Act, host: str = HOST, port0: int = PORT0) -> str:
    """The full address of the page that an act opens; for replies see ``past``, which knows their thread."""
    source = source_named()[act.source]
    base = base_of(source, host, port0) or "https://video.example"
    return base + path_of(act, source)


def headline(act: Act) -> str:
    """What a page of its own is called that shows a piece without a title: its first words."""
    return act.title or act.text[:24]
