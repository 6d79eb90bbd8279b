"""Exports: nothing that a spreadsheet would run, figures stay figures, equal bytes for equal rows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.reports.tables import to_csv, to_xlsx

ATTACKS = ['=HYPERLINK("http://evil","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", '|calc', "%0A=1", "\x00=1", "\u200b=1", "\u202e=1"]  # fmt: skip


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def xlsx_rows(data: bytes) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(io.BytesIO(data)).active]


@pytest.mark.parametrize("attack", ATTACKS)
def test_formulas_are_neutralised(attack):
    assert csv_rows(to_csv([[attack]]))[0][0].startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([["head"], [attack]])))
    cell = book.active["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_cell_begins_like_a_formula(text):
    for value in (csv_rows(to_csv([["head", text]]))[0][1], xlsx_rows(to_xlsx([[text or "x"]]))[0][0] or ""):
        assert not str(value).lstrip().startswith(("=", "+", "-", "@"))


def test_values_keep_their_kind():
    rows = [
        ["标题", "条数"],
        ["自来水", -4],
        [None, 2.5],
        [datetime(2026, 11, 23, 16, 5, tzinfo=UTC), date(2026, 11, 23)],
        [True, float("nan")],
    ]
    assert csv_rows(to_csv(rows))[1:4] == [["自来水", "-4"], ["", "2.5"], ["2026-11-23T16:05:00+00:00", "2026-11-23"]]
    read = xlsx_rows(to_xlsx(rows))
    assert read[1:4] == [("自来水", -4), (None, 2.5), (datetime(2026, 11, 23, 16, 5), datetime(2026, 11, 23))]  # noqa: DTZ001
    assert to_csv([["a"]]).startswith(b"\xef\xbb\xbf")


def test_lines_quotes_and_length():
    rows = csv_rows(to_csv([["一\n二", '引"号,逗号']]))
    assert rows == [["一\n二", '引"号,逗号']]
    assert len(str(xlsx_rows(to_xlsx([["x" * 40_000]]))[0][0])) == 32_767


def test_sheet_is_ready_to_read():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([["标题", "条数"], ["一二三四五六七八九十", 4]], title="事件/列表[1]")))
    sheet = book.active
    assert sheet.title == "事件 列表 1"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width >= 20
    assert xlsx_rows(to_xlsx([])) == []


def test_equal_rows_give_equal_bytes():
    rows = [["a", 1], ["b", 2]]
    assert to_xlsx(rows) == to_xlsx(rows)
    assert to_csv(rows) == to_csv(rows)
