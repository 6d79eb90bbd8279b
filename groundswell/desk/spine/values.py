"""Field values as JSON data and back, for the timeline's before and after."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models


def dump_value(value: Any) -> Any:
    """VALUE as something JSON can hold."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        raise TypeError("binary fields are not tracked")
    return value


def load_value(column: models.Field[Any, Any], value: Any) -> Any:
    """The inverse of ``dump_value`` for COLUMN."""
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    return target.to_python(value) if isinstance(target, models.DateTimeField | models.DateField) else value
