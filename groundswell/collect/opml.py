"""Lists of sources as OPML: read what other readers export, write OPML 2.0."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

import listparser
from lxml import etree
from msgspec import Struct

from .errors import CollectError, Failed
from .guard import check_url

LIMIT_BYTES = 5 * 1024 * 1024
LIMIT_ROWS = 10_000
LIMIT_DEPTH = 16
LIMIT_TAG = 20_000  # characters: parsers take the square of the number of attributes

DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']""")
PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
UTF8_PROLOG = b'<?xml version="1.0" encoding="utf-8"?>\n'
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class OpmlRow(Struct, frozen=True, kw_only=True):
    """One source of a list. ``kind`` is feed, or empty where the list says only that there is a page."""

    name: str
    address: str
    kind: str = "feed"
    folder: tuple[str, ...] = ()  # outermost first


class OpmlList(Struct, frozen=True, kw_only=True):
    """A list that was read: its rows, and those whose address must not be asked."""

    title: str
    rows: tuple[OpmlRow, ...]
    refused: tuple[Failed, ...] = ()


def read_opml(body: bytes) -> OpmlList:
    """Read an OPML file (also FOAF and iGoogle lists); duplicates by address are dropped.

    Raises ValueError: too large, too deep, an endless element, or no list of sources. No entity is expanded, nothing is fetched.
    """
    if len(body) > LIMIT_BYTES:
        raise ValueError(f"the list is larger than {LIMIT_BYTES} bytes: split it")
    text = PROLOG.sub("", decode(body))
    if max(map(len, text.split("<"))) > LIMIT_TAG:
        raise ValueError(f"the list has an element of more than {LIMIT_TAG} characters: shorten its attributes")
    utf8 = UTF8_PROLOG + text.encode("utf-8", "replace")
    if too_deep(utf8):
        raise ValueError(f"the list is nested deeper than {LIMIT_DEPTH} folders: flatten it")
    parsed = listparser.parse(utf8)
    if not parsed.get("version"):
        raise ValueError("this is not an OPML list: export it again as OPML from the program that it comes from")
    found = [row_of(entry, "feed") for entry in parsed["feeds"]] + [row_of(entry, "") for entry in parsed["lists"]]
    rows: dict[str, OpmlRow] = {}
    refused: list[Failed] = []
    for row in found[:LIMIT_ROWS]:
        try:
            check_url(row.address)
        except CollectError as error:
            refused.append(error.failed)
        else:
            rows.setdefault(row.address, row)
    return OpmlList(title=plain(parsed["meta"].get("title", "")), rows=tuple(rows.values()), refused=tuple(refused))


def decode(body: bytes) -> str:
    """The text, by byte order mark, then by what the file declares, then as UTF-8 or GB 18030, whichever fits."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = DECLARED.match(body[:200])
    for name in ([declared[1].decode("ascii")] if declared else []) + ["utf-8", "gb18030"]:
        try:
            return body.decode("gb18030" if name.lower() in ("gb2312", "gbk") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


class Depth:
    """Follows the outlines of a list as a parser meets them, and remembers the deepest."""

    def __init__(self) -> None:
        self.now = self.deepest = 0

    def start(self, tag: Any, attrib: Any) -> None:
        self.now += tag == "outline"
        self.deepest = max(self.deepest, self.now)

    def end(self, tag: Any) -> None:
        self.now -= tag == "outline"

    def data(self, data: Any) -> None:
        """Text is not looked at."""

    def comment(self, text: Any) -> None:
        """Nor are comments."""

    def close(self) -> None:
        """Nothing is built."""


def too_deep(utf8: bytes) -> bool:
    """True where more outlines are open at once than a list of sources has: their paths would fill the memory."""
    depth = Depth()
    parser = etree.HTMLParser(target=depth, recover=True)
    parser.feed(utf8)
    parser.close()
    return depth.deepest > LIMIT_DEPTH


def row_of(entry: dict[str, object], kind: str) -> OpmlRow:
    paths = entry.get("categories")
    folder = paths[-1] if isinstance(paths, list) and paths else ()
    return OpmlRow(
        name=plain(str(entry.get("title") or "")),
        address=str(entry.get("url") or "").strip(),
        kind=kind,
        folder=tuple(plain(str(part)) for part in folder if str(part).strip()),
    )


def plain(text: str) -> str:
    return " ".join(text.split())[:200]


def write_opml(rows: Iterable[OpmlRow], *, title: str, now: datetime) -> bytes:
    """The rows as OPML 2.0 in UTF-8, folders nested; feeds as type rss, other kinds as type link."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = writable(title)
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = ElementTree.SubElement(root, "body")
    folders: dict[tuple[str, ...], ElementTree.Element] = {(): body}
    for row in rows:
        ElementTree.SubElement(folder_element(folders, row.folder), "outline", outline(row))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def folder_element(folders: dict[tuple[str, ...], ElementTree.Element], path: tuple[str, ...]) -> ElementTree.Element:
    if path not in folders:
        parent = folder_element(folders, path[:-1])
        folders[path] = ElementTree.SubElement(parent, "outline", {"text": writable(path[-1])})
    return folders[path]


def outline(row: OpmlRow) -> dict[str, str]:
    name = writable(row.name or row.address)
    place = {"type": "rss", "xmlUrl": row.address} if row.kind == "feed" else {"type": "link", "url": row.address}
    return {"text": name, "title": name} | place


def writable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return NOT_XML.sub("", text)
