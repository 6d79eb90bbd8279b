"""A page as blocks of text in order, each in its frame: one walk over the quick parser's tree."""
# ruff: noqa: E501, SIM905 (a pattern or a table stays one line)

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

from selectolax.lexbor import LexborNode

from groundswell.engine.read.roles import LONGEST_NAME, roles_of

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
BOLD = frozenset("b strong em i h1 h2 h3 h4 h5 h6".split())
PLAIN, LINK, STRONG, WORDS, SILENT, ENDS, BLOCK = range(7)  # what a node is to the walk; what is not in KINDS is a block-level element
KINDS = {
    "-text": WORDS,
    **dict.fromkeys(INLINE, PLAIN),
    **dict.fromkeys(BOLD & INLINE, STRONG),
    "a": LINK,
    **dict.fromkeys(("br", *UNREAD), ENDS),
    **dict.fromkeys(("input", "link", "meta"), SILENT),  # unread, but they end no line
}
NO_ELEMENT = ("-", "_", "!")  # how the names of comments and declarations begin
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
    """A block-level element on the way from the body to a block, with what is added up in it (see layout)."""

    __slots__ = (
        "above", "best_overlap", "child_text", "commas", "count", "depth", "described", "eff", "fifth_text", "first", "flags", "fourth_text", "good", "kids",
        "largest", "last", "links", "lively", "marks", "near", "own_paragraphs", "own_text", "paragraph_kids", "paragraphs", "path", "plain", "rule", "side", "tag",
        "text", "third_text",
    )  # fmt: skip

    def __init__(self, above: Frame | None, tag: str, style: str = "", ident: str = "", declared: int = 0) -> None:
        self.above = above
        self.tag = tag
        self.marks, form, flags = _named(tag, style[:LONGEST_NAME], ident[:LONGEST_NAME])
        if above is None:
            self.depth, self.flags, self.path = 0, declared, 0
        else:
            self.depth = above.depth + 1
            self.flags = above.flags | flags | declared
            self.path = hash((above.path, form))
        self.text = self.links = self.plain = self.good = self.side = self.best_overlap = self.described = self.rule = 0.0
        self.near = self.largest = 0.0
        self.count = self.commas = self.paragraphs = self.own_paragraphs = self.lively = self.eff = self.kids = self.paragraph_kids = 0
        self.first = self.last = -1
        # running text of its own, of its children, of theirs, …
        self.own_text = self.child_text = self.third_text = self.fourth_text = self.fifth_text = 0.0


class Block:
    """A line of text: its frame, how many of its characters are links and bold, whether a <br> or an image stood before it."""

    __slots__ = ("after_image", "bold", "broken", "frame", "links", "text")

    def __init__(self, frame: Frame, text: str, links: int, bold: int, broken: bool, after_image: bool) -> None:
        self.frame = frame
        self.text = text
        size = len(text)
        self.links = links if links < size else size
        self.bold = bold if bold < size else size
        self.broken = broken
        self.after_image = after_image


@lru_cache(maxsize=50_000)
def first_class(style: str) -> str:
    """The first class of an element; digits are dropped, so that numbered rows look alike."""
    return DIGITS.sub("", style.split(" ", 1)[0])


@lru_cache(maxsize=50_000)
def _named(tag: str, style: str, ident: str) -> tuple[int, int, int]:
    """What class and id say; the shape, of tag and first class; the flag of the tag."""
    name = f"{style} {ident}" if style and ident else style or ident
    return roles_of(name), hash((tag, first_class(style))), FLAGS.get(tag, 0)


def _enter(above: Frame, node: LexborNode, tag: str) -> Frame | None:
    """The frame of a block-level element; None where it is hidden."""
    said = node.attributes
    style = said.get("class") or ""
    if not said or (style and len(said) == 1):  # as most are
        return Frame(above, tag, style)
    shown = said.get("style")
    if "hidden" in said or (shown and HIDDEN.search(shown)):
        return None
    declared = DECLARED if said.get("itemprop") == "articleBody" or said.get("property") == "articleBody" else 0
    return Frame(above, tag, style, said.get("id") or "", declared)


def blocks_of(body: LexborNode) -> list[Block]:
    """The blocks under BODY in order, hidden parts, scripts and controls left out. Deeper or more than any real page is not looked at.

    One long loop on purpose: it runs for each node of each page, and a call for each would double its time.
    """
    found: list[Block] = []
    frame = Frame(None, "body")
    pieces: list[str] = []
    links = bold = in_link = in_bold = 0
    broken = image = False
    stack: list[tuple[int, LexborNode]] = []
    node: LexborNode | None = body.first_child
    left = MOST_NODES
    while node is not None:
        tag = node.tag or ""
        kind = KINDS.get(tag, BLOCK)
        child: LexborNode | None = None
        if kind == WORDS:
            said = node.text_content
            if said and (pieces or not said.isspace()):
                pieces.append(said)
                if in_link or in_bold:
                    size = len(said.strip())
                    links += size if in_link else 0
                    bold += size if in_bold else 0
        elif kind <= STRONG:
            child = node.first_child
            if tag == "img":
                image = True
            elif child is not None:
                if tag in MAY_HIDE and (shown := node.attributes.get("style")) and HIDDEN.search(shown):
                    child = None
                elif kind == LINK:
                    in_link += 1
                elif kind == STRONG:
                    in_bold += 1
        elif kind != SILENT:
            if pieces:
                _say(found, frame, pieces, links, bold, broken, image)
                pieces, image = [], False
            links = bold = 0
            broken = tag == "br"
            if kind == BLOCK and tag[:1] not in NO_ELEMENT:
                child = node.first_child
                inner = _enter(frame, node, tag) if child is not None else None
                if inner is None:
                    child = None
                else:
                    frame = inner
                    in_bold += tag in BOLD
        if child is not None and len(stack) < DEEPEST:
            stack.append((kind, node))
            node = child
            continue
        if child is not None:  # too deep: as if it were empty
            stack.append((kind, node))
            after = None
        else:
            after = node.next
        while after is None and stack:
            kind, node = stack.pop()
            if kind == BLOCK:
                if pieces:
                    _say(found, frame, pieces, links, bold, broken, image)
                    pieces, image = [], False
                links = bold = 0
                broken = False
                in_bold -= frame.tag in BOLD
                frame = frame.above or frame
            elif kind == LINK:
                in_link -= 1
            elif kind == STRONG:
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
    for row, together in groupby(found, key=_row_of):
        blocks = list(together)
        if row is None:
            joined += blocks
            continue
        first = blocks[0]
        first.frame = row
        first.text = " ".join([block.text for block in blocks])
        first.links = sum([block.links for block in blocks])
        first.bold = sum([block.bold for block in blocks])
        joined.append(first)
    return joined


def _row_of(block: Block) -> Frame | None:
    """What a small cell of a table stands in; None for any other block."""
    return block.frame.above if block.frame.tag in ("td", "th") and len(block.text) < SMALL_CELL else None
