"""Reads behind a ledger: the year's rows in words, the counts by month, the sums for the year summary, the table for export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.releases.ledger_kinds import Field, LedgerKind
from groundswell.desk.releases.models import LedgerRow
from groundswell.desk.spine.shell import named
from groundswell.reports.tables import Cell, to_xlsx


@dataclass(frozen=True)
class Shown:
    """A row with its fields in words; an address is apart."""

    row: LedgerRow
    cells: list[tuple[Field, str]]

    @property
    def addresses(self) -> list[str]:
        return [words for each, words in self.cells if each.type == "url" and words]


@dataclass(frozen=True)
class Month:
    first: date
    count: int
    share: int  # of the busiest month, in per cent


@dataclass(frozen=True)
class Year:
    """A ledger's year: its rows, the counts by month, the sums, the split by each choice."""

    year: int
    rows: list[Shown]
    months: list[Month]
    total: int
    sums: list[tuple[str, int]]
    split: list[tuple[str, list[tuple[str, int]]]]


def years(kind: str) -> list[int]:
    """The years with rows, the newest first."""
    return [day.year for day in LedgerRow.objects.filter(kind=kind).dates("day", "year", order="DESC")]


def year_of(kind: LedgerKind, year: int, month: int = 0) -> Year:
    """What the ledger KIND holds of YEAR (index kind, -day); the rows perhaps only of one MONTH, the counts of the whole year."""
    found = list(LedgerRow.objects.filter(kind=kind.code, day__year=year).select_related("unit", "by"))
    counted = [row for row in found if not row.struck]
    by_month = Counter(row.day.month for row in counted)
    most = max(by_month.values(), default=1)
    return Year(
        year=year,
        rows=shown(kind, [row for row in found if not month or row.day.month == month]),
        months=[Month(date(year, n, 1), by_month[n], round(100 * by_month[n] / most)) for n in range(1, 13)],
        total=len(counted),
        sums=_sums(kind, counted),
        split=[
            (
                str(each.words),
                [(each.choice_words(code), n) for code, n in Counter(row.values.get(each.code) for row in counted).most_common() if code],
            )
            for each in kind.fields
            if each.type == "choice"
        ],
    )


def shown(kind: LedgerKind, rows: Sequence[LedgerRow]) -> list[Shown]:
    """ROWS with their fields in words."""
    people = {user.pk: named(user) for user in User.objects.filter(pk__in=_people(kind, rows))}
    return [Shown(row, [(each, words_of(each, row.values.get(each.code), people)) for each in kind.fields]) for row in rows]


def _people(kind: LedgerKind, rows: Sequence[LedgerRow]) -> set[int]:
    codes = [each.code for each in kind.fields if each.type == "people"]
    return {pk for row in rows for code in codes for pk in row.values.get(code) or ()}


def _sums(kind: LedgerKind, rows: Sequence[LedgerRow]) -> list[tuple[str, int]]:
    found = [(str(each.words), sum(int(row.values.get(each.code) or 0) for row in rows)) for each in kind.fields if each.sum]
    for each in kind.fields:
        if each.type == "people":
            found.append((_("%(what)s, person-times") % {"what": each.words}, sum(len(row.values.get(each.code) or ()) for row in rows)))
    return found


def words_of(each: Field, value: Any, people: Mapping[int, str]) -> str:
    """VALUE of a field as people read it."""
    if value in (None, "", []):
        return ""
    if each.type == "people":
        return "、".join(people.get(pk, "?") for pk in value)
    return each.choice_words(value) if each.type == "choice" else str(value)


def as_xlsx(kind: LedgerKind, found: Year) -> bytes:
    """The year as a workbook; what a spreadsheet would run as a formula is text (``reports.tables``)."""
    head: list[Cell] = [_("Day"), str(kind.title), _("Unit"), *(str(each.words) for each in kind.fields), _("Kept by"), _("Struck out")]
    table: list[list[Cell]] = [head]
    for each_row in found.rows:
        row = each_row.row
        numbers = [row.values.get(each.code) if each.type == "number" else words for each, words in each_row.cells]
        table.append([row.day, row.title, named(row.unit), *numbers, named(row.by), row.struck])
    return to_xlsx(table, f"{kind.words} {found.year}")
