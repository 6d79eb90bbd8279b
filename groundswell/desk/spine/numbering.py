"""Numbers without gaps: taken inside the transaction that uses them, given back when it fails."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from groundswell.desk.spine.models import Sequence


def take_number(name: str) -> int:
    """The next number of the sequence NAME, from 1. Must run in a transaction; waits for one that holds the same sequence."""
    return take_numbers(name, 1)[0]


def take_numbers(name: str, count: int) -> range:
    """The next COUNT numbers of the sequence NAME."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"the number of {name} must be taken inside a transaction")
    Sequence.objects.get_or_create(name=name)
    row = Sequence.objects.select_for_update().get(name=name)
    row.last += count
    row.save(update_fields=["last"])
    return range(row.last - count + 1, row.last + 1)


def record_number(prefix: str, day: date) -> str:
    """A record's readable number of the day: ``ST-2026-1123-03``."""
    return record_numbers(prefix, day, 1)[0]


def record_numbers(prefix: str, day: date, count: int) -> list[str]:
    """COUNT readable numbers of the day, one after another."""
    return [f"{prefix}-{day:%Y-%m%d}-{number:02d}" for number in take_numbers(f"{prefix}:{day:%Y%m%d}", count)]
