"""A page as blocks of text in order, each in its frame: one walk over the quick parser's tree."""
# ruff: noqa: E501, SIM905 (a pattern or a table stays one line)

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from groundswell.engine.read.roles import roles_of

INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup time tt u var wbr img "
        "o:p st1:chsdate nobr ruby rb rt amp-img picture source"
    ).split()
)
UNREAD = frozenset(
    "script style noscript template iframe object embed svg select button textarea input head audio video canvas map menu dialog math title meta link nav".split()
)
MAY_HIDE = frozenset(("span", "a", "em", "font"))
SILENT = frozenset(("input", "link", "meta"))  # unread, but they end no line
BOLD = frozenset("b strong em i h1 h2 h3 h4 h5 h6".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
LIST, TABLE, QUOTE, FIGURE, ARTICLE, ASIDE, SUMMARY, HEADER, FOOTER, FORM, SECTION, PARAGRAPH, DECLARED = (
    1 << place for place in range(13)
)
FLAGS = {
    "li": LIST, "ul": LIST, "ol": LIST, "dd": LIST, "dt": LIST, "dl": LIST, "table": TABLE, "tr": TABLE, "td": TABLE, "th": TABLE, "blockquote": QUOTE,
    "figure": FIGURE, "figcaption": FIGURE, "article": ARTICLE, "main": ARTICLE, "aside": ASIDE, "summary": SUMMARY, "header": HEADER, "footer": FOOTER, "form": FORM,
    "section": SECTION, "p": PARAGRAPH,
}  # fmt: skip
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)  # "visibility: hidden" is often the body itself, until a script shows it
DIGITS = re.compile(r"[\d_-]+")
DEEPEST, MOST_BLOCKS, MOST_NODES = 1500, 20_000, 250_000
SMALL_CELL = 80  # characters; a table's row of such cells is one block


class Frame:
    """A block-level element on the way from the body to a block, with what is added up in it (see layout).

    The sums are defaults of the class, for most frames of a page never hold anything and there are many.
    """

    text = links = plain = good = side = best_overlap = described = rule = near = largest = 0.0
    count = commas = paragraphs = own_paragraphs = lively = eff = kids = paragraph_kids = 0
    first = last = -1
    own_text = child_text = third_text = fourth_text = fifth_text = 0.0  # running text of its own, of its children, of theirs, …

    def __init__(self, above: Frame | None, tag: str, name: str, style: str, declared: int) -> None:
        self.above = above
        self.tag = tag
        self.marks = roles_of(name) if name else 0
        if above is None:
            self.depth, self.flags, self.path = 0, declared, 0
        else:
            self.depth = above.depth + 1
            self.flags = above.flags | FLAGS.get(tag, 0) | declared
            self.path = hash((above.path, shape(tag, style)))


class Block:
    """A line of text: its frame, how many of its characters are links and bold, whether a <br> or an image stood before it."""

    __slots__ = ("after_image", "bold", "broken", "frame", "links", "row", "text")

    def __init__(self, frame: Frame, text: str, links: int, bold: int, broken: bool, after_image: bool) -> None:
        self.frame = frame
        self.text = text
        self.links = min(links, len(text))
        self.bold = min(bold, len(text))
        self.broken = broken
        self.after_image = after_image
        self.row: Frame | None = None


@lru_cache(maxsize=50_000)
def shape(tag: str, style: str) -> int:
    """Tag and first class; digits are dropped, so that numbered rows look alike."""
    return hash((tag, DIGITS.sub("", style)))


def _enter(above: Frame, node: LexborNode, tag: str) -> Frame | None:
    """The frame of a block-level element; None where it is hidden."""
    said = node.attributes
    if not said:
        return Frame(above, tag, "", "", 0)
    shown = said.get("style")
    if "hidden" in said or (shown and HIDDEN.search(shown)):
        return None
    style, ident = said.get("class") or "", said.get("id") or ""
    name = f"{style} {ident}" if style and ident else style or ident
    declared = DECLARED if said.get("itemprop") == "articleBody" or said.get("property") == "articleBody" else 0
    return Frame(above, tag, name, style.split(" ", 1)[0], declared)


PLAIN, LINK, STRONG, BLOCK = range(4)


def blocks_of(body: LexborNode) -> list[Block]:
    """The blocks under BODY in order, hidden parts, scripts and controls left out. Deeper or more than any real page is not looked at.

    One long loop on purpose: it runs for each node of each page, and a call for each would double its time.
    """
    found: list[Block] = []
    frame = Frame(None, "body", "", "", 0)
    pieces: list[str] = []
    links = bold = in_link = in_bold = 0
    broken = image = False
    stack: list[tuple[int, LexborNode]] = []
    node: LexborNode | None = body.first_child
    left = MOST_NODES
    while node is not None:
        tag = node.tag or ""
        child: LexborNode | None = None
        way = PLAIN
        ends = False
        if tag == "-text":
            said = node.text_content
            if said and (pieces or not said.isspace()):
                pieces.append(said)
                if in_link or in_bold:
                    size = len(said.strip())
                    links += size if in_link else 0
                    bold += size if in_bold else 0
        elif tag in INLINE:
            child = node.first_child
            if tag == "img":
                image = True
            elif child is not None:
                if tag in MAY_HIDE and HIDDEN.search(node.attributes.get("style") or ""):
                    child = None
                elif tag == "a":
                    in_link += 1
                    way = LINK
                elif tag in BOLD:
                    in_bold += 1
                    way = STRONG
        elif tag == "br" or tag in UNREAD or tag[:1] in ("-", "_", "!"):
            ends = tag not in SILENT
        else:
            ends = True
            child = node.first_child
            way = BLOCK
        if ends:
            if pieces:
                _say(found, frame, pieces, links, bold, broken, image)
                pieces, image = [], False
            links = bold = 0
            broken = tag == "br"
            if child is not None:
                inner = _enter(frame, node, tag)
                if inner is None:
                    child = None
                else:
                    frame = inner
                    in_bold += tag in BOLD
        if child is not None and len(stack) < DEEPEST:
            stack.append((way, node))
            node = child
            continue
        if child is not None:  # too deep: as if it were empty
            stack.append((way, node))
            after = None
        else:
            after = node.next
        while after is None and stack:
            way, node = stack.pop()
            if way == BLOCK:
                if pieces:
                    _say(found, frame, pieces, links, bold, broken, image)
                    pieces, image = [], False
                links = bold = 0
                broken = False
                in_bold -= frame.tag in BOLD
                frame = frame.above or frame
            elif way == LINK:
                in_link -= 1
            elif way == STRONG:
                in_bold -= 1
            after = node.next
        left -= 1
        if left <= 0 or len(found) > MOST_BLOCKS:
            break
        node = after
    if pieces:
        _say(found, frame, pieces, links, bold, broken, image)
    return _rows_joined(found)


def _say(found: list[Block], frame: Frame, pieces: list[str], links: int, bold: int, broken: bool, image: bool) -> None:
    text = " ".join("".join(pieces).split())
    if len(text) > 1 or text.isalnum():
        found.append(Block(frame, text, links, bold, broken, image))


def _rows_joined(found: list[Block]) -> list[Block]:
    """The small cells of one row of a table become one block that stands in the row."""
    joined: list[Block] = []
    for block in found:
        cell = block.frame.tag in ("td", "th") and len(block.text) < SMALL_CELL
        if cell and joined and joined[-1].row is not None and joined[-1].row is block.frame.above:
            last = joined[-1]
            last.text = f"{last.text} {block.text}"
            last.links += block.links
            last.bold += block.bold
            continue
        block.row = block.frame.above if cell else None
        joined.append(block)
    for block in joined:
        block.frame = block.row or block.frame
    return joined
