"""Field-level encryption of leads: each lead has a data key of its own, wrapped by a key that derives from the master key.

    wrapping key = HKDF-SHA256 (RFC 5869) of the master key, salt of the generation, info "groundswell leads 1"
    data key     = 32 random bytes, sealed with the wrapping key and bound to (lead, generation)
    box          = nonce (12) · AES-256-GCM of the content · tag (16), bound to (lead, field)

The master key lies in a file outside the database, so that the database, its dumps and its backups say nothing. A box that
was put into another field or another lead does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from groundswell.collect.keys import key_id
from groundswell.desk.leads.models import Generation, Lead, Sealed
from groundswell.desk.spine.ports import now, ports

KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
FOR_FIELD, FOR_KEY = b"groundswell lead field 1\0", b"groundswell lead key 1\0"


class SealBroken(Exception):
    """What was sealed does not open; the message is one sentence for the person who asked."""


class Destroyed(SealBroken):
    """The lead's key was destroyed."""


# ---------------------------------------------------------------- keys


def master_id(master: bytes) -> str:
    return key_id(master).hex()


def _derived(master: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt or None, info=info).derive(master)


def _wrapping(generation: Generation, older: bytes | None = None) -> AESGCM:
    """The cipher that wraps data keys. Raises SealBroken where neither the master key nor OLDER is the one that was used."""
    for master in (ports.master_key(), older):
        if master is not None and master_id(master) == generation.master:
            return AESGCM(_derived(master, bytes(generation.salt), b"groundswell leads 1"))
    raise SealBroken(
        _("The leads were sealed with another key file (%(id)s): put it back, or seal them anew with “groundswell leads rotate-keys”.")
        % {"id": generation.master}
    )


def new_generation() -> Generation:
    return Generation.objects.create(salt=os.urandom(SALT_BYTES), master=master_id(ports.master_key()), made_at=now())


def present_generation() -> Generation:
    """The newest that belongs to the present master key; made where there is none."""
    newest = Generation.objects.filter(master=master_id(ports.master_key())).order_by("-pk").first()
    return newest or new_generation()


def give_key(lead: Lead, generation: Generation | None = None) -> bytes:
    """A fresh data key for LEAD (not saved), wrapped by GENERATION or the present one."""
    generation = generation or present_generation()
    key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
    lead.generation = generation
    lead.wrapped = nonce + _wrapping(generation).encrypt(nonce, key, _of_key(lead, generation))
    return key


def key_of(lead: Lead, older: bytes | None = None) -> bytes:
    """LEAD's data key. Raises SealBroken."""
    if lead.wrapped is None or lead.generation is None:
        raise Destroyed(_("The contents of %(lead)s were destroyed.") % {"lead": lead.number})
    raw = bytes(lead.wrapped)
    try:
        return _wrapping(lead.generation, older).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _of_key(lead, lead.generation))
    except InvalidTag:
        raise _changed(lead) from None


def _of_key(lead: Lead, generation: Generation) -> bytes:
    return FOR_KEY + lead.seal.bytes + bytes(generation.salt)


def _changed(lead: Lead) -> SealBroken:
    return SealBroken(
        _("A sealed part of %(lead)s does not open: it was changed or moved in the database. Restore it from a backup.")
        % {"lead": lead.number}
    )


# ---------------------------------------------------------------- fields


def box_of(key: bytes, lead: Lead, field: str, content: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, FOR_FIELD + lead.seal.bytes + field.encode())


def content_of(key: bytes, lead: Lead, field: str, box: bytes | memoryview[int]) -> bytes:
    """The inverse of ``box_of``. Raises SealBroken."""
    raw = bytes(box)
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], FOR_FIELD + lead.seal.bytes + field.encode())
    except (InvalidTag, ValueError):
        raise _changed(lead) from None


def put(lead: Lead, field: str, content: bytes | str) -> None:
    """Seal CONTENT as FIELD of LEAD, in place of what stood there. The lead's row must be locked or new."""
    data = content.encode() if isinstance(content, str) else content
    box = box_of(key_of(lead), lead, field, data)
    Sealed.objects.update_or_create(lead=lead, field=field, defaults={"box": box, "at": now()})


def get(lead: Lead, field: str) -> bytes | None:
    """What FIELD of LEAD holds, None where nothing. The key and the box are read by one query, so that a rotation between is no harm.

    Raises SealBroken.
    """
    row = Sealed.objects.select_related("lead__generation").filter(lead=lead, field=field).first()
    return None if row is None else content_of(key_of(row.lead), row.lead, field, row.box)


def get_text(lead: Lead, field: str) -> str:
    return (get(lead, field) or b"").decode()


def everything(lead: Lead, beginning: str = "") -> dict[str, bytes]:
    """All sealed fields of LEAD whose names start with BEGINNING, oldest first; one query. Raises SealBroken."""
    rows = list(Sealed.objects.select_related("lead__generation").filter(lead=lead, field__startswith=beginning).order_by("at", "pk"))
    if not rows:
        return {}
    key = key_of(rows[0].lead)
    return {row.field: content_of(key, row.lead, row.field, row.box) for row in rows}


# ---------------------------------------------------------------- where it came from


def origin(item_key: str) -> str:
    """A hash of the item's key that only the master key can make: the database does not say which item became a lead."""
    key = _derived(ports.master_key(), b"", b"groundswell leads origin 1")
    return hmac.new(key, item_key.encode(), hashlib.sha256).hexdigest()
