"""File drops: JSON Lines, JSON, CSV of any encoding and delimiter, XLSX; rows as dicts with the names of our fields."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from groundswell.engine.read.columns import COUNTS, field_of, fields_of
from groundswell.engine.read.decode import decode
from groundswell.engine.read.errors import ReadError

LIMIT_BYTES = 256 * 1024 * 1024  # of a file; texts of single cells are held shorter
MOST_ROWS = 500_000
LONGEST_CELL = 200_000  # characters
MOST_COLUMNS = 400
XLSX_RATIO_BYTES = 512 * 1024 * 1024  # what a workbook may unpack to
DELIMITERS = ",\t;|，；"
Given = dict[str, Any] | ReadError


def read_table(body: bytes, *, name: str = "") -> Iterator[Given]:
    """The rows of a file, one dict each: title, text, url, published_at, author, source, reads, comments, reposts, likes, id and columns of other names.

    NAME decides by its ending (.jsonl, .ndjson, .json, .csv, .tsv, .txt, .xlsx, also .gz), the first bytes where it tells nothing.
    A row that cannot be used comes as a ReadError with its number (from 1, the head line of CSV and XLSX is row 1) and the others go on;
    what spoils the whole file is raised by the first ``next``: empty, too_large, not_text, not_table, no_column, broken.
    """
    plain, ending = _unpack(body, name)
    if len(plain) > LIMIT_BYTES:
        raise ReadError(name, "too_large", limit_bytes=LIMIT_BYTES, size_bytes=len(plain))
    if not plain.strip():
        raise ReadError(name, "empty")
    for count, row in enumerate(_reader(plain, ending)(plain, name)):
        if count >= MOST_ROWS:
            yield ReadError(name, "too_many_rows", row=count + 1, limit=MOST_ROWS)
            return
        yield row


def _unpack(body: bytes, name: str) -> tuple[bytes, str]:
    lower = name.lower()
    if body.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(body)) as packed:
                body = packed.read(LIMIT_BYTES + 1)
        except (OSError, EOFError, ValueError) as fault:
            raise ReadError(name, "broken", reason="gzip") from fault
    lower = lower.removesuffix(".gz")
    return body, lower.rpartition(".")[2] if "." in lower else ""


def _reader(body: bytes, ending: str) -> Callable[[bytes, str], Iterator[Given]]:
    if body.startswith(b"PK\x03\x04"):
        return _xlsx
    if ending in READERS:
        return READERS[ending]
    start = body[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"["):
        return _json
    return _jsonl if start.startswith(b"{") else _csv


def _jsonl(body: bytes, name: str) -> Iterator[Given]:
    import orjson

    text = decode(body, "utf-8", what=name, limit_bytes=LIMIT_BYTES)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield _object(orjson.loads(line), name, number)
        except (orjson.JSONDecodeError, RecursionError):
            yield ReadError(name, "row", row=number, reason="not_json")


def _json(body: bytes, name: str) -> Iterator[Given]:
    import orjson

    try:
        data = orjson.loads(decode(body, "utf-8", what=name, limit_bytes=LIMIT_BYTES))
    except (orjson.JSONDecodeError, RecursionError):
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            yield from _jsonl(body, name)  # lines that were named .json
            return
        raise ReadError(name, "broken", reason="not_json") from None
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        data = max(lists, key=len) if lists else [data]
    if not isinstance(data, list):
        raise ReadError(name, "not_table", reason="no_rows")
    for number, row in enumerate(data, 1):
        yield _object(row, name, number)


def _object(row: Any, name: str, number: int) -> Given:
    if not isinstance(row, dict):
        return ReadError(name, "row", row=number, reason="not_object")
    found: dict[str, Any] = {}
    for key, value in row.items():
        field = field_of(str(key))
        found[str(key) if field in found else field] = value
    return _checked(found, name, number)


def _csv(body: bytes, name: str) -> Iterator[Given]:
    text = decode(body, what=name, limit_bytes=LIMIT_BYTES)
    csv.field_size_limit(LIMIT_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    try:
        head = next((row for row in lines if any(cell.strip() for cell in row)), [])
    except csv.Error as fault:
        raise ReadError(name, "broken", reason="csv") from fault
    fields = _head(head, name)
    number = 1
    while True:
        number += 1
        try:
            row = next(lines, None)
        except csv.Error:
            yield ReadError(name, "row", row=number, reason="columns")
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield _of_cells(fields, list(row), name, number)


def _delimiter(text: str) -> str:
    """The mark that parts the head line most often, quoted parts left out, checked against the next lines."""
    lines = [line for line in text[:20_000].split("\n")[:12] if line.strip()]
    if not lines:
        return ","
    head = "".join(part for place, part in enumerate(lines[0].split('"')) if place % 2 == 0)
    return max(DELIMITERS, key=lambda mark: (head.count(mark) > 0, head.count(mark), -DELIMITERS.index(mark)))


def _head(cells: list[str], name: str) -> list[str]:
    fields = fields_of([str(cell) for cell in cells[:MOST_COLUMNS]])
    if "text" not in fields and "title" not in fields:
        raise ReadError(name, "no_column", columns=[str(cell)[:40] for cell in cells[:20]])
    return fields


def _of_cells(fields: list[str], cells: list[Any], name: str, number: int) -> Given:
    if len(cells) > len(fields) and any(str(cell or "").strip() for cell in cells[len(fields) :]):
        return ReadError(name, "row", row=number, reason="columns")
    return _checked(dict(zip(fields, cells, strict=False)), name, number)


def _xlsx(body: bytes, name: str) -> Iterator[Given]:
    from openpyxl import load_workbook

    _refuse_swollen(body, name)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
        fields: list[str] = []
        for number, row in enumerate(rows, 1):
            cells = ["" if cell is None else cell.isoformat() if isinstance(cell, date) else cell for cell in row]
            if not any(str(cell).strip() for cell in cells):
                continue
            if fields:
                yield _of_cells(fields, cells[: len(fields)], name, number)
            else:
                while cells and not str(cells[-1]).strip():
                    cells.pop()
                fields = _head([str(cell) for cell in cells], name)
    except ReadError:
        raise
    except Exception as fault:  # a damaged workbook fails in as many ways as there are parts in it
        raise ReadError(name, "broken", reason="xlsx") from fault


def _refuse_swollen(body: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            known = any(part.filename.startswith("xl/") for part in parts)
            declares = any(_declares_entities(packed, part) for part in parts if part.filename.endswith((".xml", ".rels")))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as fault:
        raise ReadError(name, "broken", reason="zip") from fault
    if not known:
        raise ReadError(name, "not_table", reason="no_workbook")
    if size > XLSX_RATIO_BYTES:
        raise ReadError(name, "too_large", limit_bytes=XLSX_RATIO_BYTES, size_bytes=size)
    if declares:
        raise ReadError(name, "entities")


def _declares_entities(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with packed.open(part) as inside:
        return b"<!ENTITY" in inside.read(8192).upper()


def _checked(row: dict[str, Any], name: str, number: int) -> Given:
    for field, value in row.items():
        if isinstance(value, str):
            if len(value) > LONGEST_CELL:
                return ReadError(name, "row", row=number, reason="too_large")
            row[field] = value.strip()
        elif isinstance(value, datetime):
            row[field] = value.isoformat()
        elif field in COUNTS and isinstance(value, float) and value.is_integer():
            row[field] = int(value)
        elif field in ("title", "text", "url", "author", "source", "id") and value is not None:
            row[field] = str(value)
    if not (row.get("text") or row.get("title")):
        return ReadError(name, "row", row=number, reason="no_text")
    return row


READERS: dict[str, Callable[[bytes, str], Iterator[Given]]] = {
    "jsonl": _jsonl, "ndjson": _jsonl, "json": _json, "csv": _csv, "tsv": _csv, "txt": _csv, "xlsx": _xlsx, "xlsm": _xlsx,
}  # fmt: skip
