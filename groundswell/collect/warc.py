"""A fetched response as WARC records (ISO 28500, WARC 1.1) and back.

Bodies are kept as they were read, that is unpacked; the three headers that spoke of the packing keep their
values under ``X-Archive-Orig-``. What WARC has no field for (the address asked where it was redirected, the
source, the role) stands in ``X-`` fields of the response record.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from groundswell.engine.records import Fetched

from .client import content_hash, media_type

RecordKind = Literal["response", "resource"]

PACKING = frozenset({"content-encoding", "transfer-encoding", "content-length"})
ORIGINAL = "X-Archive-Orig-"
SPARE = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")


def to_warc(fetched: Fetched, kind: RecordKind) -> bytes:
    """The records of one response, each compressed on its own: response and request, or one resource."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    if kind == "resource":
        writer.write_record(resource_record(writer, fetched))
    else:
        writer.write_request_response_pair(request_record(writer, fetched), response_record(writer, fetched))
    return out.getvalue()


def warcinfo(name: str, software: str) -> bytes:
    """The record that opens a WARC file."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": software, "format": "WARC File Format 1.1"}))
    return out.getvalue()


def target(fetched: Fetched) -> str:
    """The address as a WARC field may hold it: spaces, line ends and letters beyond ASCII percent-encoded."""
    return quote(fetched.final_url, safe=SPARE + "%")


def record_headers(fetched: Fetched) -> dict[str, str]:
    digest = b32encode(sha256(fetched.body).digest()).decode("ascii")
    named = {
        "WARC-Date": fetched.fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "WARC-Payload-Digest": f"sha256:{digest}",
        "WARC-IP-Address": fetched.address,
        "X-Asked-URI": quote(fetched.url, safe=SPARE) if fetched.url != target(fetched) else "",
        "X-Source": quote(fetched.source, safe=SPARE),
        "X-Role": quote(fetched.role, safe=SPARE),
        "X-Part-Of": quote(fetched.part_of, safe=SPARE),
    }
    return {name: value for name, value in named.items() if value}


def response_record(writer: WARCWriter, fetched: Fetched) -> Any:
    headers = [(ORIGINAL + name if name.lower() in PACKING else name, value) for name, value in fetched.headers]
    headers.append(("Content-Length", str(len(fetched.body))))
    line = f"{fetched.status} {phrase(fetched.status)}"
    return writer.create_warc_record(
        target(fetched),
        "response",
        payload=BytesIO(fetched.body),
        length=len(fetched.body),
        warc_headers_dict=record_headers(fetched),
        http_headers=StatusAndHeaders(line, headers, protocol="HTTP/1.1"),
    )


def request_record(writer: WARCWriter, fetched: Fetched) -> Any:
    parts = urlsplit(target(fetched))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return writer.create_warc_record(
        target(fetched),
        "request",
        http_headers=StatusAndHeaders(f"GET {path} HTTP/1.1", list(fetched.request_headers), is_http_request=True),
    )


def resource_record(writer: WARCWriter, fetched: Fetched) -> Any:
    return writer.create_warc_record(
        target(fetched),
        "resource",
        payload=BytesIO(fetched.body),
        length=len(fetched.body),
        warc_content_type=with_charset(fetched),
        warc_headers_dict=record_headers(fetched),
    )


def with_charset(fetched: Fetched) -> str:
    kind = fetched.content_type or "application/octet-stream"
    return f"{kind}; charset={fetched.charset}" if fetched.charset else kind


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def from_warc(records: bytes, ref: str) -> Fetched | None:
    """The response or resource that ``to_warc`` wrote; None where the records hold neither (a warcinfo)."""
    fetched: Fetched | None = None
    sent: tuple[tuple[str, str], ...] = ()
    for record in ArchiveIterator(BytesIO(records)):
        if record.rec_type in ("response", "resource"):
            fetched = fetched_of(record, ref)
        elif record.rec_type == "request":
            sent = pairs(record.http_headers.headers)
    return replace(fetched, request_headers=sent) if fetched else None


def fetched_of(record: Any, ref: str) -> Fetched:
    head = record.rec_headers
    body: bytes = record.raw_stream.read() if record.rec_type == "response" else record.content_stream().read()
    http = record.http_headers if record.rec_type == "response" else None
    headers = restored(pairs(http.headers)) if http else ()
    kind = next((value for name, value in headers if name.lower() == "content-type"), "") if http else head.get_header("Content-Type", "")
    content_type, charset = media_type(kind)
    final_url: str = head.get_header("WARC-Target-URI")
    return Fetched(
        url=unquote(head.get_header("X-Asked-URI", "")) or final_url,
        final_url=final_url,
        status=int(http.get_statuscode()) if http else 200,
        headers=headers,
        body=body,
        fetched_at=datetime.fromisoformat(head.get_header("WARC-Date")),
        content_type=content_type,
        charset=charset,
        archive=ref,
        content_hash=content_hash(body),
        address=head.get_header("WARC-IP-Address", ""),
        source=unquote(head.get_header("X-Source", "")),
        role=unquote(head.get_header("X-Role", "")),
        part_of=unquote(head.get_header("X-Part-Of", "")),
    )


def pairs(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers)


def restored(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The headers as they were sent: ours is dropped, the renamed ones get their names back."""
    return tuple((name.removeprefix(ORIGINAL), value) for name, value in headers if name.lower() not in PACKING)
