"""RSS, RDF and Atom from well-formed XML: which elements become which fields, as feedparser maps them, at the speed of libxml2."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html.entities import html5

from lxml import etree
from msgspec import Struct

Element = etree._Element
PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:", "http://purl.org/dc/elements/1.0/": "dc:", "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:", "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.itunes.com/DTDs/Podcast-1.0.dtd": "itunes:", "http://search.yahoo.com/mrss/": "media:", "http://search.yahoo.com/mrss": "media:",
    "http://www.w3.org/1999/xhtml": "xhtml:", "http://www.w3.org/2005/Atom": "", "http://purl.org/atom/ns#": "", "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "", "http://channel.netscape.com/rdf/simple/0.9/": "", "http://backend.userland.com/rss2": "", "": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:", "http://blogs.law.harvard.edu/tech/rss": "", "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
}  # fmt: skip
USUAL = frozenset(
    ("dc", "dcterms", "content", "media", "itunes")
)  # prefixes that are believed where the address of their space is misspelt
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
ALONE = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
END = re.compile(rb"</(?:rss|feed|rdf:RDF)\s*>", re.IGNORECASE)
ENTRIES = re.compile(rb"<(?:([A-Za-z][\w.-]{0,30}):)?(?:item|entry)[\s>]", re.IGNORECASE)
DECLARATION = re.compile(rb"<\?[^>]{0,200}>")
TAG = re.compile(rb"<[A-Za-z][^<>]{0,2000}>")
BARE_VALUE = re.compile(rb"(\s[\w:.-]{1,60}=)([^\s\"'<>/]+)")
HEAD_BYTES = 4096  # at either end, where something may stand that is none of the feed
KNOWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
CONTROLS = re.compile("[\x80-\x9f]")
HTML_TYPES = frozenset(("html", "xhtml", "text/html", "application/xhtml+xml"))
PLAIN_TYPES = frozenset(("text", "plain", "text/plain", ""))
DEEPEST = 6  # groups of media in groups
MOST_TAGS = 500  # of one entry


class Raw:
    """The fields of one entry or channel while its elements are read; markup as it stood."""

    __slots__ = (
        "author",
        "content",
        "created",
        "depths",
        "has_content",
        "hub",
        "id",
        "lang",
        "link",
        "published",
        "summary",
        "tags",
        "title",
        "title_depth",
        "updated",
    )

    def __init__(self) -> None:
        self.id = self.link = self.title = self.author = self.published = self.updated = self.created = self.lang = self.hub = ""
        self.summary: str | None = None
        self.content: list[str] = []
        self.tags: list[list[str | None]] = []  # term, scheme, label
        self.title_depth = -1
        self.depths: dict[str, int] = {}
        self.has_content = False


class XmlFeed(Struct, frozen=True):
    version: str
    channel: Raw
    entries: list[Raw]


def parse_xml(body: bytes, most: int) -> XmlFeed | None:
    """BODY as a feed with at most MOST entries; None where it is not well-formed or no feed. Entities are never expanded."""
    root = _root(body)
    return None if root is None else _feed(root, most)


def recover_xml(text: str, most: int) -> XmlFeed | None:
    """What can be saved of a feed that no reader takes: prefixes that nobody declared, attributes without quotes, broken declarations.

    None where nothing comes of it. An element that never ends ends with its parent, as libxml2 recovers.
    """
    body = text.encode("utf-8", "replace")
    first = ENTRIES.search(body)
    body = DECLARATION.sub(b"", body)
    if first and first[1] and b"xmlns:" + first[1] not in body:
        body = body.replace(b"<" + first[1] + b":", b"<").replace(b"</" + first[1] + b":", b"</")
    body = TAG.sub(lambda tag: BARE_VALUE.sub(rb'\1"\2"', tag[0]), body)
    root = _parsed(_mended_xml(body.strip()), recover=True)
    found = None if root is None else _feed(root, most)
    return found if found is not None and found.entries else None


def _feed(root: Element, most: int) -> XmlFeed | None:
    kind = _name(root)
    if kind == "rss" or kind == "rdf:rdf":
        channel = next((child for child in root if _name(child) == "channel"), None)
        if channel is None:
            return None
        outer, items = channel, [child for child in (*channel, *root) if _name(child) == "item"]
    elif kind == "feed":
        outer, items = root, [child for child in root if _name(child) == "entry"]
    else:
        return None
    return XmlFeed(_version(root, kind), _read(outer, CHANNEL), [_read(item, ENTRY) for item in items[:most]])


def _root(body: bytes) -> Element | None:
    """The root element; what is often wrong with a feed is mended once."""
    body = body.lstrip(b" \t\r\n").removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    root = _parsed(body)
    return root if root is not None else _parsed(_mended_xml(body))


def _parsed(body: bytes, *, recover: bool = False) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True,
        recover=recover,
    )  # fmt: skip
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _mended_xml(body: bytes) -> bytes:
    """Something before the declaration or after the end, names of HTML's characters, an & that stands alone."""
    start = body.find(b"<?xml", 0, HEAD_BYTES)
    body = body[max(start, 0) :]
    ends = [found.end() for found in END.finditer(body, max(0, len(body) - HEAD_BYTES))]
    body = body[: ends[0]] if ends else body
    return ALONE.sub(b"&amp;", ENTITY.sub(_numbered, body))


def _numbered(found: re.Match[bytes]) -> bytes:
    return _number(found[1])


@lru_cache(maxsize=4096)
def _number(name: bytes) -> bytes:
    """``&nbsp;`` is HTML's, and XML does not know it."""
    said = "" if name in KNOWN else html5.get(name.decode("ascii") + ";", "")
    return "".join(f"&#{ord(char)};" for char in said).encode() or b"&%s;" % name


_NAMES: dict[str, str] = {}


def _name(element: Element) -> str:
    """The element's name in lower case with our prefix; "" for what is none of a feed."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    name = _NAMES.get(tag)
    if name is None:
        space, _, local = tag.rpartition("}")
        prefix = PREFIXES.get(space.lstrip("{"), f"{element.prefix}:" if element.prefix in USUAL else None)
        name = "" if prefix is None else prefix + local.lower()
        if len(_NAMES) < 5000:
            _NAMES[tag] = name
    return name


def _version(root: Element, kind: str) -> str:
    """As feedparser names it."""
    space = str(root.tag).rpartition("}")[0]
    if kind == "feed":
        return "atom03" if "purl" in space else "atom10" if "2005" in space else "atom"
    if kind == "rdf:rdf":
        spaces = set(root.nsmap.values())
        return "rss10" if "http://purl.org/rss/1.0/" in spaces else "rss090"
    said = (root.get("version") or "").strip()
    return {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}.get(said, "rss20" if said.startswith("2") else "rss")


# ---------------------------------------------------------------- elements to fields


def _read(element: Element, table: dict[str, Callable[[Raw, Element, int], None]]) -> Raw:
    raw = Raw()
    raw.id = (element.get(ABOUT) or "").strip()
    _children(raw, element, table, 0)
    return raw


def _children(raw: Raw, element: Element, table: dict[str, Callable[[Raw, Element, int], None]], depth: int) -> None:
    names = _NAMES
    for child in element:
        name = names.get(child.tag)
        if name is None:
            name = _name(child)
        handler = table.get(name)
        if handler is not None:
            handler(raw, child, depth)
        elif name in GROUPS and depth < DEEPEST:
            _children(raw, child, table, depth + 1)


def _text(element: Element) -> str:
    """What stands in ELEMENT, markup and all, without the blanks around it; mended as feedparser mends."""
    if len(element):
        said = (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)
    else:
        said = element.text or ""
    said = said.strip()
    return said if said.isascii() else _mended(said)


def _mended(text: str) -> str:
    """UTF-8 that was taken for Latin-1 and written as UTF-8 again; Windows' own characters where controls stand."""
    try:
        text = text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        pass
    if b"\xc2" in text.encode("utf-8", "ignore"):  # a quick look: the controls and the signs of Latin-1 begin so
        text = CONTROLS.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "replace"), text)
    return text


def _put(raw: Raw, field: str, value: str, depth: int) -> None:
    """Keep VALUE unless one that stands less deep is kept already."""
    old = raw.depths.get(field)
    if old is None or depth <= old:
        raw.depths[field] = depth
        setattr(raw, field, value)


def _title(raw: Raw, element: Element, depth: int) -> None:
    value = _text(element)
    if -1 < raw.title_depth <= depth:
        return
    _put(raw, "title", value, depth)
    if value:
        raw.title_depth = depth


def _media_title(raw: Raw, element: Element, depth: int) -> None:
    if not -1 < raw.title_depth <= depth:
        _put(raw, "title", _text(element), depth)


def _link(raw: Raw, element: Element, depth: int) -> None:
    href = element.get("url") or element.get("uri") or element.get("href")
    if href is None:
        raw.link = _text(element)
        return
    rel = element.get("rel", "alternate")
    if rel == "hub":
        raw.hub = raw.hub or href.strip()
    if rel == "alternate" and element.get("type", "text/html") in HTML_TYPES:
        raw.link = href.strip()


def _guid(raw: Raw, element: Element, depth: int) -> None:
    value = _text(element)
    _put(raw, "id", value, depth)
    if (element.get("isPermaLink") or element.get("ispermalink") or "true") == "true" and not raw.link:
        raw.link = value


def _description(raw: Raw, element: Element, depth: int) -> None:
    if raw.summary is not None and not raw.has_content:
        _content(raw, element, depth)
    else:
        _put(raw, "summary", _text(element), depth)


def _content(raw: Raw, element: Element, depth: int) -> None:
    raw.has_content = True
    value = _text(element)
    raw.content.append(value)
    if raw.summary is None and (element.get("type") or "") in HTML_TYPES | PLAIN_TYPES:
        raw.summary = value


def _author(raw: Raw, element: Element, depth: int) -> None:
    names = {_name(child): _text(child) for child in element}
    name, mail = names.get("name") or names.get("title") or "", names.get("email") or ""
    if name or mail:
        raw.author = f"{name} ({mail})" if name and mail else name or mail
    else:
        _put(raw, "author", "".join(str(piece) for piece in element.itertext()).strip(), depth)


def _category(raw: Raw, element: Element, depth: int) -> None:
    _tag(raw, element.get("term"), element.get("scheme", element.get("domain")), element.get("label"))
    value = _text(element) if not len(element) else ""
    if value and raw.tags and not raw.tags[-1][0]:
        raw.tags[-1][0] = value
    elif value:
        _tag(raw, value, None, None)


def _media_category(raw: Raw, element: Element, depth: int) -> None:
    element.set("scheme", element.get("scheme") or "http://search.yahoo.com/mrss/category_schema")
    _category(raw, element, depth)


def _itunes_category(raw: Raw, element: Element, depth: int) -> None:
    _tag(raw, element.get("text"), "http://www.itunes.com/", None)
    for child in element:
        if _name(child) == "itunes:category" and depth < DEEPEST:
            _itunes_category(raw, child, depth + 1)


def _tag(raw: Raw, term: str | None, scheme: str | None, label: str | None) -> None:
    if len(raw.tags) < MOST_TAGS and (term or scheme or label) and [term, scheme, label] not in raw.tags:
        raw.tags.append([term, scheme, label])


def _keywords(scheme: str | None) -> Callable[[Raw, Element, int], None]:
    def handler(raw: Raw, element: Element, depth: int) -> None:
        for term in _text(element).split(","):
            if term.strip():
                _tag(raw, term.strip(), scheme, None)

    return handler


def _last(field: str) -> Callable[[Raw, Element, int], None]:
    """The last element of its kind fills FIELD."""

    def handler(raw: Raw, element: Element, depth: int) -> None:
        setattr(raw, field, _text(element))

    return handler


GROUPS = frozenset(("media:group", "media:content"))
Table = dict[str, Callable[[Raw, Element, int], None]]
DATES: Table = {
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms:issued"), _last("published")),
    **dict.fromkeys(("updated", "modified", "dc:date", "dcterms:modified", "lastbuilddate"), _last("updated")),
    **dict.fromkeys(("created", "dcterms:created"), _last("created")),
}
NAMED: Table = {"title": _title, "dc:title": _title, "link": _link, "dc:language": _last("lang"), "language": _last("lang")}
ENTRY: Table = {
    **NAMED,
    **DATES,
    "media:title": _media_title,
    "guid": _guid,
    "id": _guid,
    **dict.fromkeys(("description", "summary", "abstract", "dc:description", "media:description", "itunes:summary"), _description),
    **dict.fromkeys(("content", "content:encoded", "body", "xhtml:body", "fullitem"), _content),
    **dict.fromkeys(("author", "dc:creator", "dc:author", "itunes:author", "managingeditor"), _author),
    **dict.fromkeys(("category", "keywords", "dc:subject"), _category),
    "media:category": _media_category,
    "itunes:category": _itunes_category,
    "itunes:keywords": _keywords("http://www.itunes.com/"),
    "media:keywords": _keywords(None),
    "tags": _keywords(None),
}
CHANNEL: Table = {**NAMED, "id": _guid}
