"""File drops: any encoding and delimiter, Chinese and English columns; one bad row stops nothing."""

from __future__ import annotations

import gzip
import io

import pytest
from openpyxl import Workbook

from groundswell.engine.read import ReadError, read_table

WANT = {"title": "停水", "text": "清河镇停水，何时恢复", "published_at": "2026-11-23 16:05", "reads": "12"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_csv(encoding: str, mark: str) -> None:
    lines = [["标题", "正文", "发布时间", "阅读量（次）"], ["停水", '"清河镇停水，何时恢复"', "2026-11-23 16:05", "12"]]
    body = "\r\n".join(mark.join(line) for line in lines).encode(encoding)
    assert list(read_table(body, name="drop.csv")) == [WANT]


def test_jsonl_goes_on_after_a_bad_row() -> None:
    body = '{"title":"甲","text":"一"}\nnot json\n[1]\n{"x":1}\n\n{"内容":"二"}\n'.encode()
    rows = list(read_table(body, name="drop.jsonl"))
    assert [row["text"] for row in rows if isinstance(row, dict)] == ["一", "二"]
    assert [(row.row, row.filling["reason"]) for row in rows if isinstance(row, ReadError)] == [
        (2, "not_json"),
        (3, "not_object"),
        (4, "no_text"),
    ]


def test_packed_by_name_or_by_bytes() -> None:
    body = '{"text":"一"}\n'.encode()
    assert list(read_table(gzip.compress(body), name="drop.jsonl.gz")) == [{"text": "一"}]
    assert list(read_table(body, name="drop.jsonl.gz")) == [{"text": "一"}]  # unpacked on the way


def test_large_files_are_not_cut() -> None:
    body = ("正文\n" + "清河镇停水\n" * 600_000).encode()  # above the limit of a page
    assert sum(isinstance(row, dict) for row in read_table(body[: 12 * 1024 * 1024], name="drop.csv")) > 480_000


def test_xlsx() -> None:
    book = Workbook()
    book.active.append(["标题", "内容", "评论数"])
    book.active.append(["停水", "清河镇停水", 3])
    file = io.BytesIO()
    book.save(file)
    assert list(read_table(file.getvalue(), name="drop.xlsx")) == [{"title": "停水", "text": "清河镇停水", "comments": 3}]


@pytest.mark.parametrize(
    ("body", "name", "cause"),
    [(b"", "a.csv", "empty"), ("甲,乙\n1,2\n".encode(), "a.csv", "no_column"), (b"{", "a.json", "row"), (b"PK\x03\x04xx", "a.xlsx", "broken"), (b"\x89PNG\r\n\x1a\n", "a.csv", "not_text")],
)  # fmt: skip
def test_what_is_no_table(body: bytes, name: str, cause: str) -> None:
    causes: list[str] = []
    try:
        causes += [row.cause for row in read_table(body, name=name) if isinstance(row, ReadError)]
    except ReadError as error:
        causes.append(error.cause)
    assert causes == [cause]
