"""What is done to the chain: checking it, and noting who took a copy of it."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from groundswell.desk.accounts.models import User
from groundswell.desk.audit.chain import Break, append, verify
from groundswell.desk.audit.models import Record
from groundswell.desk.audit.queries import Sieve
from groundswell.desk.spine.ports import ports

NAMED_BREAKS = 20


@transaction.atomic
def check_chain(user: User) -> tuple[Record, list[Break]]:
    """Walk the whole chain and its head outside; the result is a link of the chain itself."""
    links, breaks = verify(ports.audit_head_file)
    found = [[each.seq, each.what] for each in breaks[:NAMED_BREAKS]]
    return append("audit.verified", user, "", {"links": links, "breaks": found, "rows": len(breaks)}), breaks


def note_export(user: User, sieve: Sieve, rows: int) -> None:
    """Who took a copy of which acts."""
    append("audit.export", user, "", {"filter": {key: str(value) for key, value in asdict(sieve).items() if value}, "rows": rows})
