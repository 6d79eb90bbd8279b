"""Sitemaps (sitemaps.org 0.9), news sitemaps, sitemap indexes; gzip too, up to a limit."""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO

from lxml import etree

from groundswell.engine.read.dates import read_stamp
from groundswell.engine.read.errors import ReadError
from groundswell.engine.read.feed import ENTITY, MAX_BYTES
from groundswell.engine.records import Row

MAX_ROWS = 50_000
INDEX = "sitemap"  # the title of a row that leads to another sitemap


def read_sitemap(body: bytes, *, url: str = "", zone: str = "Asia/Shanghai") -> tuple[Row, ...]:
    """The addresses of a sitemap with their last change; rows of an index have the title "sitemap".

    Raises ReadError: empty, too_large, entities, broken, not_sitemap.
    """
    body = _unpack(body)
    if not body.strip():
        raise ReadError("empty")
    if ENTITY.search(body[:65536].replace(b"\x00", b"")):
        raise ReadError("entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body.strip(), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError("broken", reason=str(error)[:100]) from None
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise ReadError("not_sitemap")
    is_index = _name(root) == "sitemapindex"
    rows = (_row(node, is_index, zone) for node in root if isinstance(node.tag, str))
    return tuple(row for row, _ in zip(rows, range(MAX_ROWS), strict=False) if row.url)


def _row(node: etree._Element, is_index: bool, zone: str) -> Row:
    texts: dict[str, str] = {}
    for child in node.iter():
        inside = child.getparent()
        if inside is not None and _name(inside) in ("image", "video"):
            continue
        if isinstance(child.tag, str) and child.text and child.text.strip():
            texts.setdefault(_name(child), child.text.strip())
    stamp = texts.get("publication_date") or texts.get("lastmod") or ""
    return Row(
        title=INDEX if is_index else texts.get("title", ""),
        url=texts.get("loc", ""),
        published_at=read_stamp(stamp, zone=zone) if stamp else "",
    )


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _unpack(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        if len(body) > MAX_BYTES:
            raise ReadError("too_large", size=len(body), limit=MAX_BYTES)
        return body
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as stream:
            plain = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError("broken", reason=str(error)[:100]) from None
    if len(plain) > MAX_BYTES:
        raise ReadError("too_large", size=len(plain), limit=MAX_BYTES)
    return plain
