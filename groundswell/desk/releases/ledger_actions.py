"""Rows of the ledgers: added, put right, struck out with a reason; nothing is taken away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.releases.models import LedgerRow
from groundswell.desk.spine.actions import Act, action, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.timeline import in_a_line

subject("ledger_row", LedgerRow, path="releases/ledgers/rows", state_field="state", name=gettext_lazy("Row of a ledger"))


@action(
    "ledger_row.add",
    verb=gettext_lazy("Add a row"),
    did=gettext_lazy("added: %(title)s"),
    permission="ledger.keep",
    icon="plus",
    creates=True,
)
def add(act: Act, _none: None, *, kind: str, day: date, title: str, values: dict[str, Any], unit: Unit | None = None) -> LedgerRow:
    """VALUES as the kind's form gives them."""
    act.data = {"title": in_a_line(title)}
    return LedgerRow.objects.create(kind=kind, day=day, title=title, values=values, unit=unit, by_id=act.by, at=act.at)


@action(
    "ledger_row.change",
    verb=gettext_lazy("Put right"),
    did=gettext_lazy("put it right"),
    permission="ledger.keep",
    from_states=["kept"],
    tracks=("day", "title", "values", "unit"),
    undoable=True,
    icon="edit",
)
def change(act: Act, row: LedgerRow, *, day: date, title: str, values: dict[str, Any], unit: Unit | None = None) -> None:
    row.day, row.title, row.values, row.unit = day, title, values, unit


@action(
    "ledger_row.strike",
    verb=gettext_lazy("Strike out"),
    did=gettext_lazy("struck it out"),
    permission="ledger.keep",
    from_states=["kept"],
    form=ReasonForm,
    icon="x",
)
def strike(act: Act, row: LedgerRow, *, reason: str) -> None:
    """It stays in the list, crossed out, and counts no more."""
    row.struck = reason
