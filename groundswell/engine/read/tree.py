"""A page as a tree: parsed once, hidden parts known, with the few questions that all readers ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from groundswell.engine.read.blocks import Block, blocks_of, first_class
from groundswell.engine.read.decode import decode
from groundswell.engine.read.errors import ReadError
from groundswell.engine.read.plain import tidy
from groundswell.engine.read.roles import LONGEST_NAME
from groundswell.engine.read.tame import tame

BLOCKS = frozenset(
    "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article blockquote pre dd dt dl figcaption header footer hr main aside".split()  # noqa: SIM905
)
DROPPED = ("script", "style", "noscript", "template", "iframe", "object", "svg", "select", "button")
DOOMED = "HIDDEN"  # what attributes hide is named so before it is taken out; names out of the parser are in small letters
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LONGEST_FEW = 2000  # characters with blanks of what may be a few words
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
CLOSED = re.compile("</html", re.IGNORECASE)
OPENED = re.compile(r"<([sS](?:cript|CRIPT|tyle|TYLE|vg|VG))\b")  # nothing that is shown, and often most of a page
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://[^\s<>]{4,400}) -->")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?=[/?#]|\Z)")
PATH = re.compile(r"/(?!/)[\w/.~%+,=&:@!*-]*(?:\?[\w/.~%+,=&:@!*-]+)?", re.ASCII)
WHOLE_ADDRESS = re.compile(rf"https?://[a-z0-9.-]+(?:{PATH.pattern})?", re.ASCII)
WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
Element = etree._Element


class PageTree:
    """An HTML page, parsed when it is asked: ``quick`` for reading in order, ``root`` without what is not shown for lists and threads.

    Raises ReadError: empty, not_text, too_large; ``root`` not_html.
    """

    def __init__(self, body: bytes, url: str = "", charset: str = "") -> None:
        if not body or body.isspace():
            raise ReadError("empty")
        self.source = decode(body, charset, what=url)
        self.shown = tame(without_scripts(self.source))
        self.url = url or self._declared_url()
        self.main_list: tuple[list[tuple[Element, Element]], float] | None = None  # kept by rows, which several ask for
        self.link_titles: dict[Element, str] = {}  # likewise, "" for links that are no title: many groups hold the same links
        self.siblings: list[list[Element]] | None = None  # kept by repeat, for threads and lists
        self.timed: set[Element] | None = None  # likewise
        self._addresses: dict[str, str] = {}  # href → absolute

    @cached_property
    def quick(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.shown)

    @cached_property
    def root(self) -> Element:
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        try:
            document = etree.fromstring(_whole(_without_controls(self.shown)).encode("utf-8", "replace"), parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            raise ReadError("not_html") from None
        if document is None:
            raise ReadError("not_html")
        _prune(document)
        return document

    @cached_property
    def blocks(self) -> list[Block]:
        """The page's lines in order."""
        body = self.quick.body
        return blocks_of(body) if body is not None else []

    @cached_property
    def meta(self) -> dict[str, str]:
        """What the page declares, by name in lower case."""
        found: dict[str, str] = {}
        for node in self.quick.css("meta"):
            said = node.attributes
            name = (said.get("property") or said.get("name") or said.get("itemprop") or "").lower()
            content = (said.get("content") or "").strip()
            if name and content:
                found.setdefault(name, content)
        return found

    def _declared_url(self) -> str:
        """The address that a page kept in a file says it has."""
        saved = SAVED_FROM.search(self.source, 0, 4000)
        link = self.quick.css_first("link[rel=canonical]")
        told = (saved[1] if saved else "", (link.attributes.get("href") or "") if link is not None else "", self.meta.get("og:url", ""))
        return next((address.strip() for address in told if WEB.match(address.strip()) and split_address(address.strip()).netloc), "")

    @cached_property
    def base(self) -> str:
        """The address that relative links start from."""
        node = self.quick.css_first("base[href]")
        try:
            return urljoin(self.url, node.attributes.get("href") or "") if node is not None else self.url
        except ValueError:
            return self.url

    @cached_property
    def _origin(self) -> str | None:
        """What stands before a path in addresses of this page, None where that is no plain ``https://host``."""
        found = ORIGIN.match(self.base)
        return found[0] if found else None

    def absolute(self, href: str | None) -> str:
        """HREF as an absolute web address, "" where it is none."""
        if not href or href.startswith(("javascript:", "#", "mailto:", "tel:", "data:")):
            return ""
        if href not in self._addresses:
            self._addresses[href] = self._joined(href)
        return self._addresses[href]

    def _joined(self, href: str) -> str:
        # As most links are; joining takes ten times as long.
        if WHOLE_ADDRESS.fullmatch(href):
            return href
        if self._origin is not None and PATH.fullmatch(href) and "/." not in href:
            return self._origin + href
        try:
            joined = urljoin(self.base, href.strip())
            return joined if urlsplit(joined).scheme in ("http", "https", "") else ""
        except ValueError:
            return ""

    @cached_property
    def text(self) -> str:
        """All that the page shows, in one line."""
        return " ".join(block.text for block in self.blocks)

    @cached_property
    def title_tag(self) -> str:
        node = self.quick.css_first("title")
        return tidy(" ".join(node.text().split())) if node is not None else ""

    @cached_property
    def site(self) -> str:
        """The name of the site: what it declares, else its host."""
        return self.meta.get("og:site_name") or self.meta.get("application-name") or split_address(self.url).netloc


def split_address(address: str) -> SplitResult:
    """ADDRESS in parts; what is none (``http://[``) has empty parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def without_scripts(source: str) -> str:
    """SOURCE less scripts, styles and drawings; what is not closed stays for the parser."""
    pieces: list[str] = []
    place = 0
    unclosed: set[str] = set()  # names that are closed nowhere further on: looked for each time, they would take the square
    found = OPENED.search(source)
    while found is not None:
        closed = source.find(f"</{found[1]}", found.end()) if found[1] not in unclosed else -1
        end = source.find(">", closed) if closed >= 0 else -1
        if end >= 0:
            pieces.append(source[place : found.start()])
            place = end + 1
        else:
            unclosed.add(found[1])
        found = OPENED.search(source, max(place, found.end()))  # what stands in a script is not looked at
    return "".join([*pieces, source[place:]]) if pieces else source


def _without_controls(source: str) -> str:
    """SOURCE less the characters that an XML text may not have; bytes lose them faster than text."""
    return source.encode("utf-8", "surrogatepass").translate(None, CONTROLS).decode("utf-8", "surrogatepass")


def _prune(root: Element) -> None:
    """Take out what is not shown, keeping the text that follows it; all at once, for many in a row would take the square one by one."""
    doomed = [node for node in root.iterfind(".//*[@style]") if HIDDEN_STYLE.search(node.get("style") or "")]
    doomed += list(root.iterfind(".//*[@hidden]"))
    for node in doomed:
        node.tag = DOOMED
    etree.strip_elements(root, DOOMED, *DROPPED, with_tail=False)


def _whole(source: str) -> str:
    """Some pages close </html> in the middle and go on: the rest belongs to them. Markup kept in a comment for a script is uncovered."""
    if "<code" in source and "<!--" in source:
        source = _uncovered(source)
    return re.sub(r"</(?:body|html)\s*>", "", source, flags=re.IGNORECASE) if len(CLOSED.findall(source)) > 1 else source


def _uncovered(source: str) -> str:
    """``<code …><!-- markup --></code>`` holds a part of the page that a script puts in its place."""
    pieces: list[str] = []
    place = 0
    while (begin := source.find("<code", place)) >= 0:
        opened = source.find(">", begin)
        if opened < 0:
            break
        inner = opened + 1
        start = source.find("<!--", inner, inner + 40)
        if start < 0 or source[inner:start].strip():
            pieces.append(source[place:inner])
            place = inner
            continue
        end = source.find("-->", start)
        if end < 0:
            break
        pieces += [source[place:begin], "<div>", source[start + 4 : end], "</div>"]
        closed = source.find("</code>", end, end + 60)
        place = closed + len("</code>") if closed >= 0 else end + 3
    return "".join([*pieces, source[place:]])


def raw_words(node: Element) -> str:
    """All text of NODE as it stands in the source."""
    return str(etree.tostring(node, method="text", encoding="unicode", with_tail=False))


def words(node: Element) -> str:
    """All text of NODE in one line."""
    return " ".join(raw_words(node).split())


def few_words(node: Element, most: int) -> str:
    """All text of NODE in one line, "" where it is more than MOST characters, or very many with the blanks of the source."""
    raw = raw_words(node)
    own = " ".join(raw.split()) if len(raw) <= LONGEST_FEW else ""
    return own if len(own) <= most else ""


def text_of(node: Element) -> str:
    """The text of NODE, blocks on lines of their own."""
    return tidy("".join(_pieces(node)))


def _pieces(node: Element) -> Iterator[str]:
    """Text pieces in order, line feeds at blocks; without recursion, so that depth cannot hurt."""
    for event, each in etree.iterwalk(node, events=("start", "end")):
        block = each.tag in BLOCKS
        if event == "start":
            if block:
                yield "\n"
            if each.text:
                yield each.text.replace("\n", " ")
        else:
            if block:
                yield "\n"
            if each.tail and each is not node:
                yield each.tail.replace("\n", " ")


def signature(node: Element) -> str:
    """tag.class of NODE; digits in the class are dropped, so that numbered rows look alike."""
    return f"{node.tag}.{first_class((node.get('class') or '')[:LONGEST_NAME])}"
