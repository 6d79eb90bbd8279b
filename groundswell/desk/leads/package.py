"""The sealed package for the organ: a zip with manifest, text and attachments, encrypted for the organ's public key alone.

Format: age (age-encryption.org/v1) by the kept package pyrage. It has one modern suite and no settings that can be set wrong; the
organ opens it with the free programs age or rage and its own key file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime

import pyrage
from django.utils.translation import gettext as _

from groundswell.desk.leads.contents import Contents
from groundswell.desk.leads.models import Lead, Organ
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference

FORMAT = "groundswell lead package 1"


class BadKey(ValueError):
    """The text is no public key; the message says what is one."""


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    """The public key in TEXT. Raises BadKey."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise BadKey(
            _("This is no age public key. It begins with “age1” and has 62 characters; the organ makes it with age-keygen.")
        ) from None


def sealed(lead: Lead, contents: Contents, organ: Organ, at: datetime, letter: str, *, with_contact: bool) -> bytes:
    """The package of LEAD for ORGAN. LETTER is the covering text; the informant's contact data go along only where asked for."""
    parts = dict(_parts(contents, letter, with_contact))
    manifest = {
        "format": FORMAT,
        "number": lead.number,
        "from": preference("body.office") or preference("body.name"),
        "to": organ.name,
        "received": lead.registered_at.astimezone(zone()).date().isoformat(),
        "way": lead.way,
        "transferred": at.astimezone(zone()).isoformat(timespec="seconds"),
        "parts": {name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in parts.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        for name, body in parts.items():
            archive.writestr(name, body)
    packed: bytes = pyrage.encrypt(out.getvalue(), [recipient_of(organ.recipient)])
    return packed


def _parts(contents: Contents, letter: str, with_contact: bool) -> Iterator[tuple[str, bytes]]:
    if letter.strip():
        yield "letter.txt", letter.encode()
    yield "lead.txt", f"{contents.matter}\n\n{contents.text}\n".encode()
    if contents.origin is not None:
        origin = contents.origin
        said = (origin.source, origin.url, origin.at.astimezone(zone()).isoformat(timespec="minutes") if origin.at else "", origin.title)
        yield "origin.txt", "\n".join((*said, "", origin.text)).encode()
    if with_contact and contents.contact:
        yield "contact.txt", contents.contact.encode()
    for file in contents.files:
        yield f"attachments/{file.name}", file.body


def digest(package: bytes) -> str:
    return hashlib.sha256(package).hexdigest()
