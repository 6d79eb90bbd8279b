"""Screenshots: checked and made anew without anything but the picture, read by tesseract, sealed in the raw archive, shown back from it.

A picture is never on disk in plain: uploads stay in memory, tesseract reads from a pipe, the archive is encrypted.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core import signing
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.collect.archive import Archive
from groundswell.collect.client import content_hash
from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.models import User
from groundswell.desk.sources.collecting import institution_names, shared_archive
from groundswell.desk.spine.ports import now
from groundswell.engine.records import Fetched
from groundswell.engine.text.screenshots import read_off

ROLE = "picture"
LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000  # a long screenshot of a whole thread has some 20 million
LONGEST_SIDE = 30_000
FORMATS = ("PNG", "JPEG", "WEBP")
ACCEPTED = ("image/png", "image/jpeg", "image/webp")
OCR_SECONDS = 20.0
OCR_WIDTH = 820  # points: letters of a phone's screenshot are then some 30 high, which tesseract reads best and quickly
SALT = "entry.picture"
KEPT_FOR = 24 * 3600  # seconds in which a picture that was sealed may be saved with its item
FAULTS: dict[str, str | Promise] = {
    "no_pillow": _(
        "This desk takes no pictures: the add-on “ocr” is not installed. Type or paste the text instead; everything else works."
    ),
    "too_large": _("The picture is larger than 10 MB. Cut it to the part that matters, or send it in two pieces."),
    "bomb": _("The picture is larger than it may be when it is unpacked (40 million points). Cut it to the part that matters."),
    "kind": _("Only PNG, JPEG and WebP pictures are taken. Make a screenshot of it and choose that."),
    "broken": _("The picture cannot be read; it seems to be damaged. Choose it again, or make a new screenshot."),
    "disk": _("The picture could not be put into the archive, so it was not taken. Say so to the administrator: the disk may be full."),
}
NO_TEXT: dict[str, str | Promise] = {
    "no_tesseract": _(
        "The picture is kept, but this desk cannot read text from pictures (tesseract is not installed). Please type what it says."
    ),
    "no_chinese": _("The picture is kept. Only its Latin text was read: tesseract lacks Chinese (package tesseract-ocr-chi-sim)."),
    "slow": _("The picture is kept, but reading it took too long. Please type what it says."),
    "failed": _("The picture is kept, but no text could be read from it. Please type what it says."),
    "empty": _("The picture is kept, but no text was found on it. Please type what it shows."),
}


class PictureFault(Exception):
    """The picture is not taken; ``code`` is one of FAULTS."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    @property
    def words(self) -> str:
        return str(FAULTS[self.code])


@dataclass(frozen=True)
class Clean:
    """A picture made anew from its points: no EXIF, no comments, no second picture inside."""

    body: bytes
    width: int
    height: int
    media_type: str = "image/png"


class InMemory(MemoryFileUploadHandler):
    """Uploads never touch the disk; what is too large is cut off before it is read whole."""

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > LARGEST_BYTES:
            assert self.request is not None
            self.request.picture_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)


def has_pillow() -> bool:
    try:
        import PIL  # noqa: F401
    except ImportError:
        return False
    return True


def clean(body: bytes) -> Clean:
    """BODY checked and drawn anew. Raises PictureFault. Sizes are looked at before a single point is unpacked."""
    if not has_pillow():
        raise PictureFault("no_pillow")
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(body) > LARGEST_BYTES:
        raise PictureFault("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PIXELS or max(picture.size) > LONGEST_SIDE:
                    raise PictureFault("bomb")
                picture.seek(0)
                turned = ImageOps.exif_transpose(picture)
                points = _flat(turned)
        plain = Image.frombytes(points.mode, points.size, points.tobytes())
        out = io.BytesIO()
        plain.save(out, "PNG", optimize=False, compress_level=6)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureFault("bomb") from None
    except UnidentifiedImageError:
        raise PictureFault("kind") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, MemoryError):
        raise PictureFault("broken") from None
    return Clean(out.getvalue(), plain.width, plain.height)


def _flat(picture: Any) -> Any:
    """The points in grey or red, green, blue; what was transparent lies on white."""
    from PIL import Image

    if picture.mode == "L":
        return picture.copy()
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        ground = Image.new("RGBA", over.size, "white")
        ground.alpha_composite(over)
        return ground.convert("RGB")
    return picture.convert("RGB")


# ---------------------------------------------------------------- text


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that the installed tesseract knows; () without it."""
    program = shutil.which("tesseract")
    if program is None:
        return ()
    try:
        told = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10, check=False).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(line.strip() for line in told.splitlines()[1:] if line.strip())


def text_of(picture: Clean) -> tuple[str, str]:
    """(the text on PICTURE with names masked, code of NO_TEXT or "")."""
    known = languages()
    first = next((name for name in ("chi_sim", "chi_tra", "eng") if name in known), "")
    if not first:
        return "", "no_tesseract"
    points = _for_reading(picture)
    try:
        told = _tesseract(points, first)
        if first != "eng" and "eng" in known and _is_latin(told):
            told = _tesseract(points, "eng")
    except subprocess.TimeoutExpired:
        return "", "slow"
    except OSError:
        return "", "no_tesseract"
    except ValueError:
        return "", "failed"
    text = read_off(told, institution_names())
    if not text:
        return "", "empty"
    return text, "" if first != "eng" else "no_chinese"


def _tesseract(points: bytes, language: str) -> str:
    """What tesseract reads from a pipe. Chinese together with English reads worse than Chinese alone: one at a time."""
    done = subprocess.run(
        [shutil.which("tesseract") or "tesseract", "stdin", "stdout", "-l", language, "--psm", "6"],
        input=points,
        capture_output=True,
        timeout=OCR_SECONDS,
        check=False,
        env={name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ} | {"OMP_THREAD_LIMIT": "1"},
    )
    if done.returncode:
        raise ValueError(done.returncode)
    return done.stdout.decode("utf-8", "replace")


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and sum(letter.isascii() for letter in letters) > 0.8 * len(letters)


def _for_reading(picture: Clean) -> bytes:
    """In grey and no larger than reads quickly, small ones enlarged, light on dark turned round."""
    from PIL import Image, ImageOps, ImageStat

    with Image.open(io.BytesIO(picture.body)) as whole:
        grey: Any = whole.convert("L")
    scale = OCR_WIDTH / grey.width if grey.width > OCR_WIDTH else 2.0 if grey.width < 500 else 1.0
    if scale != 1.0:
        grey = grey.resize((round(grey.width * scale), max(1, round(grey.height * scale))), Image.Resampling.LANCZOS)
    if ImageStat.Stat(grey).mean[0] < 110:  # a dark theme
        grey = ImageOps.invert(grey)
    out = io.BytesIO()
    grey.save(out, "PNG", compress_level=1)
    return out.getvalue()


# ---------------------------------------------------------------- sealed


def put_away(picture: Clean, address: str) -> str:
    """Put PICTURE into the raw archive under ADDRESS ("picture:entered"). Returns its place. Raises PictureFault."""
    fetched = Fetched(
        url=address,
        final_url=address,
        status=200,
        headers=(),
        body=picture.body,
        fetched_at=now(),
        content_type=picture.media_type,
        content_hash=content_hash(picture.body),
        role=ROLE,
    )
    try:
        return shared_archive().write(fetched, kind="resource")
    except ArchiveError:
        raise PictureFault("disk") from None


def seal(picture: Clean, user: User) -> str:
    """Put PICTURE into the raw archive. Returns a signed token for its place, good for a day and for USER alone. Raises PictureFault."""
    ref = put_away(picture, "picture:entered")
    return signing.dumps([ref, picture.width, picture.height, user.pk], salt=SALT)


@dataclass(frozen=True)
class Sealed:
    ref: str
    width: int
    height: int


def opened(token: str, user: User) -> Sealed | None:
    """What TOKEN stands for; None where it is not one of USER's own, or too old."""
    try:
        ref, width, height, owner = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Sealed(str(ref), int(width), int(height)) if owner == user.pk else None


def picture_at(ref: str, archive: Archive | None = None) -> Fetched:
    """The picture at REF. Raises ArchiveError where it is gone."""
    fetched = (archive or shared_archive()).read(ref)
    if fetched.role != ROLE:
        raise ArchiveError("missing", f"{ref} is no picture")
    return fetched


def is_kept(ref: str) -> bool:
    """Does the picture at REF still lie in the archive? After its days it is destroyed, unless it is evidence."""
    try:
        picture_at(ref)
    except ArchiveError:
        return False
    return True
