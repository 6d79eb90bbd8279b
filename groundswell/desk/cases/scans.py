"""Photographs and scans: drawn anew, sealed in the raw archive and never elsewhere, kept as long as what they belong to."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse

from groundswell.desk.entry import pictures
from groundswell.desk.sources.retention import keeps_refs


def seal(body: bytes) -> str:
    """Put the picture BODY into the archive, drawn anew from its points. Returns its place. Raises PictureFault."""
    return pictures.put_away(pictures.clean(body), "picture:scan")


def uploaded(request: HttpRequest, name: str) -> str:
    """The place of the picture that the form sent as NAME, sealed now; "" where none was sent. Raises PictureFault."""
    if getattr(request, "picture_too_large", False):
        raise pictures.PictureFault("too_large")
    upload = request.FILES.get(name)
    return seal(upload.read()) if upload else ""


def shown(ref: str) -> HttpResponse:
    """The picture at REF as an answer that nobody keeps. Raises ArchiveError where it is gone."""
    response = HttpResponse(pictures.picture_at(ref).body, content_type="image/png")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@keeps_refs
def photos_kept() -> Iterator[str]:
    """The photographs of units' answers."""
    from groundswell.desk.cases.models import Task, TaskLink

    yield from TaskLink.objects.exclude(photo="").values_list("photo", flat=True)
    yield from Task.objects.exclude(stamp="").values_list("stamp", flat=True)
