"""Drop folders: where the files of a source are put, and a file that a person hands in through the page."""

from __future__ import annotations

from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.utils.translation import gettext as _

from groundswell.collect.client import content_hash
from groundswell.collect.errors import ArchiveError
from groundswell.collect.kinds.files import TYPES
from groundswell.desk.sources import collecting
from groundswell.desk.sources.models import FetchRun, SeenPage, Source
from groundswell.desk.sources.words import say_failure
from groundswell.desk.spine.actions import Refused
from groundswell.desk.spine.ports import now, ports
from groundswell.engine.records import Fetched

MOST_BYTES = 8 * 2**20  # of a file through the page; larger ones go into the folder


def drop_root() -> Path:
    return ports.home / "drop"


def folder_of(slug: str) -> Path:
    """The usual folder of a source."""
    return drop_root() / slug


def drop_folder_fault(address: str) -> str:
    """Why a drop folder must not lie at ADDRESS; "" where it may, and for no address (then it is the usual one)."""
    if not address:
        return ""
    path = Path(address)
    if not path.is_absolute() or ".." in path.parts or drop_root() not in path.parents:
        return _("A drop folder lies below %(root)s. Leave it empty for the usual one; a share can be mounted there.") % {
            "root": drop_root()
        }
    return ""


def make_folder(source: Source) -> None:
    """See that a file source has its folder, readable by the program's own user."""
    if source.kind != "files":
        return
    source.address = source.address or str(folder_of(source.slug))
    if not drop_folder_fault(source.address):
        Path(source.address).mkdir(parents=True, exist_ok=True, mode=0o750)


def take_upload(source: Source, name: str, stream: IO[bytes]) -> FetchRun:
    """Read the rows of a file handed in through the page. Raises Refused with the cause and the mend."""
    body = stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        _refuse("too_large", "split_file", limit_bytes=MOST_BYTES)
    plain = Path(name.replace("\\", "/")).name[:200] or "file"
    ending = Path(plain).suffix.lower()
    if ending not in TYPES:
        _refuse("file_kind", "check_kind", name=plain)
    taken = content_hash(body)
    if SeenPage.objects.filter(source=source, content_hash=taken).exists():
        raise Refused(_("This very file was taken in already."))
    url = f"drop:{quote(source.slug)}/{quote(plain)}"
    fetched = Fetched(
        url=url,
        final_url=url,
        status=200,
        headers=(),
        body=body,
        fetched_at=now(),
        content_type=TYPES[ending],
        content_hash=taken,
        source=source.slug,
        role="file",
    )
    try:
        return collecting.take_file(source, fetched)
    except ArchiveError as error:
        _refuse("archive", "check_disk", reason=error.code)
        raise


def _refuse(cause: str, mend: str, **args: object) -> None:
    said = say_failure(cause, mend, args)
    raise Refused(f"{said.cause}. {said.mend}")
