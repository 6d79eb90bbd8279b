"""Lists as CSV and XLSX for other programs, safe to open: no cell of ours can run as a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from groundswell.reports.clean import paragraphs

Cell = str | int | float | bool | datetime | date | None

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_LONGEST = 32_767  # characters that a spreadsheet cell holds
_WIDEST = 60
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # the first day that a zip file knows


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows, the first usually the names of the columns, as CSV in UTF-8 with the mark that Excel needs.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
    Times are written in ISO form, None as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def to_xlsx(rows: Iterable[Sequence[Cell]], title: str = "Sheet1", at: datetime | None = None) -> bytes:
    """Rows as a workbook of one sheet: first row bold and fixed, columns as wide as their words, filter on.

    Every text is stored as text, with the apostrophe of ``to_csv`` too, since the sheet may be saved as CSV.
    Times lose their zone after being written in it (spreadsheets know none). ``at`` is the time of making;
    without it 1980-01-01 is written and equal rows give equal bytes."""
    made = (at or _EPOCH).replace(tzinfo=None)
    book = Workbook(write_only=True)
    book.properties.creator = "Groundswell"
    book.properties.created = book.properties.modified = made
    sheet = book.create_sheet(_sheet_title(title))
    table = [[_xlsx_value(cell) for cell in row] for row in rows]
    for column, width in enumerate(_widths(table), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    if table and table[0]:
        sheet.auto_filter.ref = f"A1:{get_column_letter(max(map(len, table)))}{len(table)}"
    for place, row in enumerate(table):
        sheet.append([_xlsx_cell(sheet, value, head=place == 0) for value in row])
    raw = io.BytesIO()
    book.save(raw)
    return _fixed(raw, made)


def neutral(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet could run it; blanks before the sign do not hide it."""
    text = "\n".join(paragraphs(text)) if text.strip() else ""
    return "'" + text if text.lstrip().startswith(_RISKY) else text


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else _guard(cell)


def _guard(cell: str) -> str:
    """Looks at the raw beginning too: a tab or line end in front is taken away by cleaning, but was there."""
    clean = neutral(cell)
    return "'" + clean if cell[:1] in ("\t", "\r", "\n") and clean and not clean.startswith("'") else clean


def _xlsx_value(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return _guard(cell)[:_LONGEST]
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, float) and (cell != cell or cell in (float("inf"), float("-inf"))):
        return None
    return cell


def _xlsx_cell(sheet: object, value: Cell, head: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith("'")
        cell.alignment = Alignment(vertical="top", wrap_text=len(value) > _WIDEST)
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if head:
        cell.font = Font(bold=True)
    return cell


def _widths(table: Sequence[Sequence[Cell]]) -> list[float]:
    widths: list[float] = []
    for row in table[:500]:
        for column, value in enumerate(row):
            shown = 16 if isinstance(value, datetime) else sum(2 if ord(char) >= 0x2E80 else 1 for char in str(value)[:_WIDEST])
            if column == len(widths):
                widths.append(6.0)
            widths[column] = max(widths[column], min(shown + 2.0, float(_WIDEST)))
    return widths


def _sheet_title(title: str) -> str:
    """A name that spreadsheets accept: no []:*?/\\ and at most 31 characters."""
    clean = " ".join(paragraphs("".join(" " if char in "[]:*?/\\" else char for char in title))).strip("' ")
    return clean[:31] or "Sheet1"


def _fixed(raw: io.BytesIO, made: datetime) -> bytes:
    """The workbook without the times at which its members were packed."""
    out = io.BytesIO()
    stamp = max(made, _EPOCH.replace(tzinfo=None)).timetuple()[:6]
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(member))
    return out.getvalue()
