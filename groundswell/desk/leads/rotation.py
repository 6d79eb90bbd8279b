"""Sealing everything anew: a new wrapping key, new data keys, new boxes. Each lead in a transaction of its own, so that a run that is
killed has lost nothing and the next one goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.db import connection, transaction

from groundswell.desk.audit.chain import append
from groundswell.desk.leads import sealing
from groundswell.desk.leads.contents import Origin
from groundswell.desk.leads.models import Generation, Lead, Sealed
from groundswell.desk.spine.ports import now, ports

LOCK = 0x6C65_6164
Tell = Callable[[int, int], None]


class AlreadyRunning(Exception):
    """Another rotation runs on this database."""


def unfinished() -> Generation | None:
    """The generation of a rotation that was begun under the present master key and not ended."""
    newest = Generation.objects.order_by("-pk").first()
    if newest is None or newest.done_at is not None or newest.master != sealing.master_id(ports.master_key()):
        return None
    return newest if Lead.objects.filter(wrapped__isnull=False).exclude(generation=newest).exists() else None


def rotate(tell: Tell, older: bytes | None = None) -> int:
    """Seal all leads anew; how many there were to do. OLDER is the former master key, where the key file was replaced.

    Raises SealBroken where a lead does not open (those before it are done and stay so), AlreadyRunning.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning
    try:
        return _rotate(tell, older)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _rotate(tell: Tell, older: bytes | None) -> int:
    target = unfinished() or sealing.new_generation()
    todo = list(Lead.objects.filter(wrapped__isnull=False).exclude(generation=target).order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(todo, 1):
        with transaction.atomic():
            _seal_anew(pk, target, older)
        tell(done, len(todo))
    with transaction.atomic():
        target.done_at = now()
        target.save(update_fields=["done_at"])
        Generation.objects.filter(pk__lt=target.pk, leads=None).delete()  # their salts are gone: the old keys cannot be derived any more
        append("leads.rotated", None, "", {"generation": target.pk})
    return len(todo)


def _seal_anew(pk: int, target: Generation, older: bytes | None) -> None:
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("generation").get(pk=pk)
    if lead.wrapped is None or lead.generation_id == target.pk:  # destroyed or done in between
        return
    before = sealing.key_of(lead, older)
    rows = list(Sealed.objects.select_for_update().filter(lead=lead))
    plain = [(row, sealing.content_of(before, lead, row.field, row.box)) for row in rows]
    key = sealing.give_key(lead, target)
    for row, content in plain:
        row.box = sealing.box_of(key, lead, row.field, content)
        if row.field == "origin":  # the hash hangs on the master key
            lead.origin_hash = sealing.origin(_origin_key(content))
    Sealed.objects.bulk_update(rows, ["box"])
    lead.save(update_fields=["generation", "wrapped", "origin_hash"])


def _origin_key(raw: bytes) -> str:
    return msgspec.json.decode(raw, type=Origin).key
