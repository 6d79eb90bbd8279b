"""Writing many rows at once: one prepared UPDATE for all, sent down the wire together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def update_rows(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write FIELDS of ROWS (of one model). Many times quicker than one expression tree for each value."""
    if not rows:
        return
    meta = rows[0]._meta
    columns: list[models.Field[Any, Any]] = [meta.get_field(name) for name in fields]  # type: ignore[misc]
    sets = ", ".join(f'"{column.column}" = %s' for column in columns)
    statement = f'update "{meta.db_table}" set {sets} where "{meta.pk.column}" = %s'
    values = [[*(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
