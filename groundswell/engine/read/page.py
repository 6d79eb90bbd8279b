"""One page, whatever it is: article, thread, list; what kind it is follows from what is found in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from groundswell.engine.read.article import read_article
from groundswell.engine.read.heading import site_of
from groundswell.engine.read.layout import fold, is_title_of
from groundswell.engine.read.repeat import OF_TIME, SENTENCE, TIME, author_of
from groundswell.engine.read.rows import main_list, read_rows, share_of_page
from groundswell.engine.read.thread import MIN_POSTS, SMALL, lone_post, read_posts
from groundswell.engine.read.tree import PageTree, split_address
from groundswell.engine.records import Page, Post, Row

NEXT = re.compile(r"^(?:下一页|下页|后一页|下一頁|next(?: page)?|›|»|>)\s*[›»>]*$", re.IGNORECASE)
SEARCH = re.compile(r"[?&](?:q|wd|keyword|keywords|query|search|kw)=", re.IGNORECASE)
BOARD_ADDRESS = re.compile(r"forum|thread|board|bbs|tieba|/f\?|/b/|topic|luntan", re.IGNORECASE)
FORUM_WORDS = re.compile(r"楼主|只看该作者|只看TA|回复于")
PAGED = re.compile(r"[?&](?:page|pn|p)=(?!1\b)\d|-(?!1-)\d+-\d+\.html")
THREAD_ADDRESS = re.compile(r"thread|topic|forum|[?&/]tid|/p/\d|bbs|/t/|viewtopic|luntan|/post[-/]\d", re.IGNORECASE)
SEARCH_FIELDS = (
    ",".join(f"input[name={name}]" for name in ("q", "wd", "kw", "qw", "word", "query", "keyword", "keywords", "search"))
    + ",input[type=search]"
)
RESULT_MARK = re.compile(r"search|results?\b|sousuo|(?:^|\s)s_(?:post|item|list)", re.IGNORECASE)
SEARCH_WORDS = re.compile(r"搜索|检索|search", re.IGNORECASE)
ROWS_KIND, FEW_ROWS = 8, 3
ROWS_SHARE = 0.4  # of the article's text that titles must have to be the page's matter
UNSURE = 0.5  # confidence at which an article is hardly one
IN_TEXT = 0.6
SURE, PAGE_SHARE_OF_SURE, DATED_SHARE = 0.6, 0.5, 0.8
PAGE_SHARE = 0.35  # of all text of the page that the rows hold
ONE_POST = 0.85  # of the text of all: then it is an article with something beside it
POSTS_SHARE = 0.7
SHORTEST_POST = 4  # characters
LINE_START = 60  # characters of a line by which it is known again
LONGEST_DATED = 120  # characters of a line that shows when a post was written
ARTICLE, HEADING, OPENER = 40, 8, 10  # characters


def read_page(
    body: bytes,
    *,
    url: str = "",
    charset: str = "",
    now: datetime | None = None,
    zone: str = "Asia/Shanghai",
    kind: str = "",
    options: Mapping[str, Any] | None = None,
) -> Page:
    """What the page says. KIND, where the register knows it (article, thread, list, board), settles what is looked for.

    OPTIONS may hold CSS selectors of the source: ``rows``, ``posts``, ``title``, ``body``, ``time``.
    Raises ReadError: empty, not_html.
    """
    chosen = {name: str(value) for name, value in (options or {}).items() if isinstance(value, str)}
    tree = PageTree(body, url, charset)
    if kind in ("list", "board"):
        return _list(tree, read_rows(tree, now=now, zone=zone, selector=chosen.get("rows", "")), kind)
    page = read_article(tree, now=now, zone=zone, body=chosen.get("body", ""), title=chosen.get("title", ""), time=chosen.get("time", ""))
    if kind == "article":
        return page
    if _is_news(tree) and kind != "thread" and not chosen.get("posts") and "楼" not in tree.source and not BOARD_ADDRESS.search(tree.url):
        return page
    posts = () if _cannot_be_thread(tree, kind, chosen) else read_posts(tree, now=now, zone=zone, selector=chosen.get("posts", ""))
    if kind == "thread" and not posts:
        posts = lone_post(tree, now=now, zone=zone)
    if posts and (kind == "thread" or chosen.get("posts") or _is_thread(tree, page, posts)):
        return _thread(tree, page, posts)
    if kind == "thread" or (page.confidence > UNSURE and _is_article(tree, page)):
        return page
    rows = read_rows(tree, now=now, zone=zone, selector=chosen.get("rows", ""))
    dated = sum(bool(row.published_at) for row in rows)
    if len(rows) >= (FEW_ROWS if dated > len(rows) / 2 else ROWS_KIND) and _rows_are_the_matter(tree, page, rows):
        return _list(tree, rows, "")
    return page


def _cannot_be_thread(tree: PageTree, kind: str, chosen: Mapping[str, str]) -> bool:
    """No two times of one shape with something said between them: no posts. Looking for posts costs more than all the rest.

    One time for machines is most often that of an article, and its words are looked at like the others; of two the shapes are not known.
    """
    if kind == "thread" or chosen.get("posts") or len(tree.quick.css("[datetime]")) >= MIN_POSTS:
        return False
    last: dict[int, int] = {}  # shape of what shows a time → where it stood last
    for place, block in enumerate(tree.blocks):
        hit = TIME.search(block.text) if len(block.text) < LONGEST_DATED and OF_TIME.search(block.text) else None
        if hit is None:
            continue
        before = last.get(block.frame.path)
        if before is not None and (
            _says(block.text, block.links, len(hit[0])) or any(_says(each.text, each.links) for each in tree.blocks[before + 1 : place])
        ):
            return False
        last[block.frame.path] = place
    return True


def _says(text: str, links: int, shown: int = 0) -> bool:
    """Words that are no link, beside the SHOWN characters of a time."""
    return len(text) - links - shown >= SHORTEST_POST


def _rows_are_the_matter(tree: PageTree, page: Page, rows: tuple[Row, ...]) -> bool:
    """The rows hold much of the page; the surer the article, the more of it."""
    if sum(row.title in page.text for row in rows) > IN_TEXT * len(rows):
        return True  # what was taken for an article is the list itself
    if _is_article(tree, page):
        return False
    share = share_of_page(tree)
    if page.confidence > SURE and len(page.text) >= ARTICLE:
        dated = sum(bool(row.published_at) for row in rows) > DATED_SHARE * len(rows)
        return share > PAGE_SHARE_OF_SURE or (dated and sum(len(row.title) for row in rows) > len(page.text))
    return sum(len(row.title) for row in rows) > ROWS_SHARE * len(page.text) or share > (
        PAGE_SHARE if page.confidence > UNSURE else PAGE_SHARE / 2
    )


def _thread(tree: PageTree, page: Page, posts: tuple[Post, ...]) -> Page:
    """POSTS as a thread; where the opening post stands apart from the answers, it goes before them."""
    first = posts[0]
    opener = _opener(tree, page, posts)
    apart = (first.floor or 2) > 1 and len(opener) >= OPENER and not PAGED.search(tree.url)
    if apart:
        posts = (
            Post(text=opener, published_at=page.published_at, floor=1),
            *(_moved(post, place + 2) for place, post in enumerate(posts)),
        )
    kind = "thread" if apart or tree.title_tag or (first.floor is not None) else "comments"
    return msgspec.structs.replace(
        page, kind=kind, text=posts[0].text, posts=posts, published_at=posts[0].published_at, next_url=_next(tree), reader="thread"
    )


def _opener(tree: PageTree, page: Page, posts: tuple[Post, ...]) -> str:
    """The opening post that stands apart from the answers: what the page says before the first of them, after its title."""
    said = "\n".join(post.text for post in posts)
    lines = page.text.split("\n")
    end = next((place for place, line in enumerate(lines) if line[:LINE_START] in said), len(lines))
    if end == 0:
        lines = _after_title(tree, page.title)
        end = next((place for place, line in enumerate(lines) if line[:LINE_START] in said), 0)
    kept = [line for line in lines[:end] if not SMALL.match(line) and not _shows_time(line)]
    return "\n".join(kept) if any(SENTENCE.search(line) or len(line) > LINE_START for line in kept) else ""


def _shows_time(line: str) -> bool:
    """A line of name and time, no sentence."""
    return len(line) <= LINE_START and TIME.search(line) is not None and not SENTENCE.search(line)


def _after_title(tree: PageTree, title: str) -> list[str]:
    """The lines below the title that are no links."""
    folded = fold(title)
    start = next((place for place, block in enumerate(tree.blocks) if is_title_of(block.text, folded)), len(tree.blocks))
    return [block.text for block in tree.blocks[start + 1 :] if block.links < len(block.text) / 2]


def _moved(post: Post, floor: int) -> Post:
    return post if post.floor is not None else msgspec.structs.replace(post, floor=floor)


def _is_article(tree: PageTree, page: Page) -> bool:
    """A running text under a heading that the page's title repeats."""
    if len(page.text) < ARTICLE or _is_front(tree):
        return False
    if _is_news(tree):
        return True
    title = "".join(page.title.split())
    return (
        len(title) >= HEADING
        and title[:HEADING] in "".join(tree.title_tag.split())
        and any(title[:HEADING] in "".join(node.text().split()) for node in tree.quick.css("h1,h2,h3"))
    )


def _is_front(tree: PageTree) -> bool:
    return bool(tree.url) and split_address(tree.url).path.strip("/") in ("", "index.html", "index.htm")


def _is_news(tree: PageTree) -> bool:
    return tree.meta.get("og:type", "").lower() == "article" or any(
        name in tree.meta for name in ("article:published_time", "datepublished")
    )


def _is_thread(tree: PageTree, page: Page, posts: tuple[Post, ...]) -> bool:
    """Floors say so, or a forum's address; else the posts must hold most of the page's text, with their authors or times."""
    if sum(post.floor is not None for post in posts) > len(posts) / 2:
        return True
    path = split_address(tree.url)
    if BOARD_ADDRESS.search(path.netloc + path.path) or FORUM_WORDS.search(tree.text[:20_000]):
        return True
    if _is_news(tree) or sum(bool(post.author) for post in posts) < len(posts) / 2:
        return False
    sizes = [len(post.text) + sum(len(comment.text) for comment in post.comments) for post in posts]
    return sum(sizes) > POSTS_SHARE * len(page.text) and max(sizes) < ONE_POST * sum(sizes)


def _list(tree: PageTree, rows: tuple[Row, ...], kind: str) -> Page:
    found = "search_result" if _is_search(tree, rows) else "thread_list" if kind == "board" or _are_threads(tree, rows) else "link_list"
    return Page(
        kind=found,  # type: ignore[arg-type]
        url=tree.url,
        title=tree.title_tag,
        site=tree.site or site_of(tree, ""),
        rows=rows,
        next_url=_next(tree),
        reader="rows",
    )


def _is_search(tree: PageTree, rows: tuple[Row, ...]) -> bool:
    """The address, the title or a name says so, or a field still holds what was asked and the titles show it again."""
    if SEARCH.search(tree.url) or SEARCH_WORDS.search(tree.title_tag) or _named_result(tree):
        return True
    asked = {(node.attributes.get("value") or "").strip().lower() for node in tree.quick.css(SEARCH_FIELDS)} - {""}
    many = sum(any(word in row.title.lower() for word in asked) for row in rows)
    marked = len(tree.quick.css("a em, a b, a font, h3 em")) >= len(rows) / 2
    return bool(asked) and (many > len(rows) / 2 or (marked and many > 0))


def _named_result(tree: PageTree) -> bool:
    """The rows or what holds them are called results of a search."""
    box = next((node for node, _ in main_list(tree)[0]), None)
    above = box.getparent() if box is not None else None
    return any(node is not None and RESULT_MARK.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in (box, above))


def _are_threads(tree: PageTree, rows: tuple[Row, ...]) -> bool:
    """Rows with answers and authors, or of addresses as forums have them; news with comments have neither."""
    if sum(row.reply_count is not None for row in rows) <= len(rows) / 2:
        return False
    if BOARD_ADDRESS.search(tree.url) or sum(THREAD_ADDRESS.search(row.url) is not None for row in rows) > len(rows) / 2:
        return True
    boxes = [node for node, _ in main_list(tree)[0][:8]]
    return sum(bool(author_of(node, set())[1]) for node in boxes) > len(boxes) / 2


def _next(tree: PageTree) -> str:
    """The address of the next page, where the page has a link that says so."""
    for link in tree.quick.css("a[href],link[href]"):
        if link.attributes.get("rel") == "next" or NEXT.match(" ".join(link.text().split())):
            found = tree.absolute(link.attributes.get("href"))
            if found and found != tree.url:
                return found
    return ""
