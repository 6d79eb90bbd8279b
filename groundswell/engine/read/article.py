"""One article on a page: title, body, time to the minute, author; a quick reader first, a careful one where it is not sure."""
# ruff: noqa: E501, SIM905 (a pattern or a table stays one line)

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from groundswell.engine.read.body import Body, quick_body
from groundswell.engine.read.heading import heading_of, site_of
from groundswell.engine.read.layout import Layout
from groundswell.engine.read.plain import tidy
from groundswell.engine.read.published import published_at
from groundswell.engine.read.small_print import without_small_print
from groundswell.engine.read.tree import Element, PageTree, text_of
from groundswell.engine.records import Page
from groundswell.engine.text.language import detect_language

READS = re.compile(r"(?:阅读|浏览|点击|查看)(?:量|数|次数)?\s*[:：(（]?\s*([\d,.]+\s*万?)")
READS_BEGIN = "阅浏点查"
MIN_BODY = 25
MOST_CAREFUL = 600_000  # characters; the careful reader takes its time
MOST_WITHIN = 1_000_000_000  # elements times elements around them; 170 million on the largest of the pages that we learn from
MOST_COUNTED_CELLS = 200_000  # by the careful reader, which counts the cells of rows within rows again and again
CELLS = ("td", "th")
SURE = 0.25  # confidence from which the quick reader is not doubted
KEEPS = 0.4  # the careful reader is not believed where it finds much less
LATIN = frozenset("de fr es it pt nl pl sv da no fi cs hu ro tr id".split())
PLAIN_LATIN = dict.fromkeys((*range(160, 592), *range(8208, 8256), 8364), " ")
SAMPLE = 500
ABOVE = 8000  # characters of a page in which the number of readings stands


def read_article(tree: PageTree, *, now: datetime | None, zone: str, body: str = "", title: str = "", time: str = "") -> Page:
    """TREE as an article. BODY, TITLE and TIME are CSS selectors of the source's own, used where they find something."""
    name = _selected(tree, title).replace("\n", " ") or heading_of(tree)
    layout = layout_of(tree, name)
    found = quick_body(layout)
    chosen = _selected(tree, body)
    text, confidence, reader = (chosen, 1.0, "selector") if chosen else _body(tree, layout, found, name)
    name = name or text.split("\n", 1)[0][:60]
    told = [text_of(node)[:80] for node in select(tree, time)[:3]]
    return Page(
        kind="article",
        url=tree.url,
        title=name,
        text=text,
        published_at=published_at(tree, layout, found.places, told, name, now, zone),
        site=tree.site or site_of(tree, name),
        lang=_language(tree, text or name),
        author=tree.meta.get("author", "")[:80],
        reads=_reads(tree),
        confidence=confidence,
        reader=reader,
    )


def layout_of(tree: PageTree, title: str = "") -> Layout:
    """The page's blocks and what is around them; TITLE where it is known."""
    description = tree.meta.get("description") or tree.meta.get("og:description") or ""
    return Layout(tree.blocks, title or heading_of(tree), description)


def select(tree: PageTree, selector: str) -> list[Element]:
    """Nodes that a CSS selector finds; a selector that cannot be read finds nothing."""
    if not selector:
        return []
    from lxml.cssselect import CSSSelector, SelectorError

    try:
        found = CSSSelector(selector)(tree.root)
    except (SelectorError, SyntaxError):
        return []
    return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []


def selector_fault(selector: str) -> str:
    """What is wrong with a CSS selector, as its parser says it; "" where nothing is."""
    from lxml.cssselect import CSSSelector, SelectorError

    try:
        CSSSelector(selector)
    except (SelectorError, SyntaxError) as fault:
        return str(fault)
    return ""


def _selected(tree: PageTree, selector: str) -> str:
    return tidy("\n".join(text_of(node) for node in select(tree, selector)))


def _body(tree: PageTree, layout: Layout, found: Body, title: str) -> tuple[str, float, str]:
    """Body text, confidence, and the reader it is from: the learned one, or trafilatura where that is not sure of itself."""
    quick = "\n".join(without_small_print([layout.blocks[place].text for place in found.places], title))
    if found.confidence >= SURE or len(tree.text) < MIN_BODY:
        return quick, found.confidence, "quick"
    careful = _careful(tree)
    if len(careful) < max(MIN_BODY, KEEPS * len(quick)):
        return quick, found.confidence, "quick"
    return careful, found.confidence, "careful"


def _careful(tree: PageTree) -> str:
    if len(tree.shown) > MOST_CAREFUL:
        return ""
    import trafilatura
    from lxml import html

    try:
        root = html.document_fromstring(tree.shown)
        if _takes_long(root):
            return ""
        found = trafilatura.bare_extraction(
            root, fast=True, include_comments=False, include_tables=True, with_metadata=False, deduplicate=False
        )
    except Exception:  # it raises many kinds on broken pages; the quick reader's answer stands then
        return ""
    return tidy(str(getattr(found, "text", "") or ""))


def _takes_long(root: Element) -> bool:
    """Would the careful reader take long? It looks for links within every element that holds some and knows each found one again by
    looking through all found before, and counts the cells of each row of each table: on tables in tables again and again."""
    elements = within = counted = depth = rows = tables = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        step = 1 if event == "start" else -1
        depth += step
        if element.tag == "tr":
            rows += step
        elif element.tag == "table":
            tables += step
        if step == 1:
            elements += 1
            within += depth
            if element.tag in CELLS:
                counted += rows * tables
    return within * elements > MOST_WITHIN or counted > MOST_COUNTED_CELLS


def _language(tree: PageTree, text: str) -> str:
    """The language of TEXT; what the page declares is believed where the script leaves it open, for telling it from the words takes long."""
    root = tree.quick.root
    declared = ((root.attributes.get("lang") or "") if root is not None else "")[:2].lower()
    return declared if declared in LATIN and text[:SAMPLE].translate(PLAIN_LATIN).isascii() else detect_language(text)


def _reads(tree: PageTree) -> int | None:
    above = tree.text[:ABOVE]
    found = READS.search(above) if any(mark in above for mark in READS_BEGIN) else None
    if not found:
        return None
    text = found[1].replace(",", "").replace(" ", "")
    try:
        return int(float(text[:-1]) * 10_000) if text.endswith("万") else int(float(text))
    except (ValueError, OverflowError):  # no number, or one of three hundred digits
        return None
