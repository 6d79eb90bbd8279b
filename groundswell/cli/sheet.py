"""Rows of the desk printed, or written as a sheet: used by the commands on cases, plans and the roster."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from groundswell.server.faults import Fault

ENDINGS = (".xlsx", ".csv", ".json")


def stamp(at: datetime | None) -> str | None:
    """AT as it is written outside: the wall time of the body with its offset."""
    from groundswell.desk.spine.ports import zone

    return at.astimezone(zone()).isoformat(timespec="seconds") if at else None


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, whole: bool = False) -> None:
    """One line a row: JSON, or the values separated by tabs; WHOLE prints a name and a value a line."""
    for row in rows:
        if as_json:
            print(json.dumps(row, ensure_ascii=False))
        elif whole:
            for name, value in row.items():
                print(
                    f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else '' if value is None else value}"
                )
        else:
            print("\t".join("" if value is None else str(value) for value in row.values()))


def write_table(out: str, names: Sequence[str], rows: Iterable[Mapping[str, Any]], what: str, *, as_json: bool) -> None:
    """ROWS to the file OUT by its ending; cells that a spreadsheet would run are neutralised. Raises Fault."""
    from groundswell.reports.tables import to_csv, to_xlsx

    path, listed = Path(out), list(rows)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise Fault(f"“{path.name}” has no known ending. Choose one of {', '.join(ENDINGS)} for --out.")
    if ending == ".json":
        body = (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()
    else:
        table = [tuple(names), *(tuple(cell(row.get(name)) for name in names) for row in listed)]
        body = to_csv(table) if ending == ".csv" else to_xlsx(table, what)
    write_file(path, body)
    print(json.dumps({what: len(listed), "file": out}) if as_json else f"{len(listed):,} {what} → {out}")


def cell(value: Any) -> Any:
    """VALUE as one cell of a sheet."""
    if isinstance(value, list | tuple):
        return "、".join(str(each) for each in value)
    return value


def write_file(path: Path, body: bytes) -> None:
    """Write BODY to PATH. Raises Fault."""
    try:
        path.write_bytes(body)
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}. Choose another place with --out.") from error
