"""What lies sealed in a lead, as plain structs: the matter, notes, files, receipt, feedback, the outcome's draft."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from groundswell.desk.entry import pictures
from groundswell.desk.leads import sealing
from groundswell.desk.leads.models import Lead

PDF = b"%PDF-"
NAMES = {"image/png": "png", "application/pdf": "pdf"}


class Note(msgspec.Struct, frozen=True):
    """A keeper's note."""

    by: str
    at: datetime
    text: str


class Origin(msgspec.Struct, frozen=True):
    """The item of the stream that became a lead, as it was said."""

    key: str
    source: str
    url: str
    title: str
    text: str
    at: datetime | None


class Receipt(msgspec.Struct, frozen=True):
    """The organ's receipt."""

    number: str
    day: date
    text: str = ""


class Feedback(msgspec.Struct, frozen=True):
    """What the organ reported."""

    number: str
    day: date
    text: str


class Draft(msgspec.Struct, frozen=True):
    """What the public is to be told."""

    title: str
    text: str
    title_en: str = ""
    text_en: str = ""


@dataclass(frozen=True)
class File:
    """A picture, drawn anew from its points, or a PDF."""

    code: str
    media_type: str
    body: bytes

    @property
    def name(self) -> str:
        return f"{self.code}.{NAMES[self.media_type]}"


@dataclass(frozen=True)
class Contents:
    """All of a lead, opened."""

    matter: str
    text: str
    contact: str
    screening: str
    origin: Origin | None
    notes: Sequence[Note]
    files: Sequence[File]
    receipt: Receipt | None
    feedback: Feedback | None


def put(lead: Lead, field: str, value: msgspec.Struct) -> None:
    sealing.put(lead, field, msgspec.json.encode(value))


def opened(lead: Lead) -> Contents:
    """Everything in LEAD. Raises SealBroken."""
    return _of(sealing.everything(lead))


def _of(fields: dict[str, bytes]) -> Contents:
    def text(name: str) -> str:
        return fields.get(name, b"").decode()

    return Contents(
        text("matter"),
        text("text"),
        text("contact"),
        text("screening"),
        msgspec.json.decode(fields["origin"], type=Origin) if "origin" in fields else None,
        [msgspec.json.decode(each, type=Note) for name, each in fields.items() if name.startswith("note:")],
        list(_files(fields)),
        msgspec.json.decode(fields["receipt"], type=Receipt) if "receipt" in fields else None,
        msgspec.json.decode(fields["feedback"], type=Feedback) if "feedback" in fields else None,
    )


def _files(fields: dict[str, bytes]) -> Iterator[File]:
    for name, raw in fields.items():
        if name.startswith("file:"):
            kind, _zero, body = raw.partition(b"\0")
            yield File(name.removeprefix("file:"), kind.decode(), body)


def draft_of(lead: Lead) -> Draft | None:
    """The outcome's draft. Raises SealBroken."""
    raw = sealing.get(lead, "outcome")
    return None if raw is None else msgspec.json.decode(raw, type=Draft)


def add_note(lead: Lead, by: str, at: datetime, text: str) -> None:
    put(lead, f"note:{secrets.token_hex(6)}", Note(by, at, text))


def add_file(lead: Lead, media_type: str, body: bytes) -> None:
    sealing.put(lead, f"file:{secrets.token_hex(6)}", media_type.encode() + b"\0" + body)


def file_of(lead: Lead, code: str) -> File | None:
    """One file of LEAD. Raises SealBroken."""
    raw = sealing.get(lead, f"file:{code}")
    return None if raw is None else next(_files({f"file:{code}": raw}))


def taken_in(upload: Any) -> tuple[str, bytes]:
    """(media type, bytes) of what was uploaded. A picture is drawn anew: what a telephone writes into it (place, device) names
    whoever took it. The file's own name is not kept for the same reason. Raises PictureFault.
    """
    body = b"".join(upload.chunks())
    if body.startswith(PDF):
        if len(body) > pictures.LARGEST_BYTES:
            raise pictures.PictureFault("too_large")
        return "application/pdf", body
    return "image/png", pictures.clean(body).body
