"""The screens beside releases: spokespeople and their replies, correction requests with their letter and evidence."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.rights import user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.releases import proof, queries
from groundswell.desk.releases.correction_forms import CorrectionForm
from groundswell.desk.releases.grounds import ground_words
from groundswell.desk.releases.letters import letter_of
from groundswell.desk.releases.models import CorrectionRequest
from groundswell.desk.releases.speaking import NameForm, SpokenForm
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.desk.stream.models import Item
from groundswell.reports.fonts import NoChineseFont
from groundswell.reports.letter import letter_docx, letter_pdf

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTERS = {"docx": (WORD, letter_docx), "pdf": ("application/pdf", letter_pdf)}


@needs("release.read")
def spokespeople(request: HttpRequest) -> HttpResponse:
    """Who speaks for the body on what, and what did they say?"""
    speak, spoke = queries.speakers()
    context = {"speak": speak, "spoke": spoke, "replies": queries.spoken_with_effect(now()), "here": "spokespeople"}
    return render(request, "releases/spokespeople.html", context)


@needs("release.read")
def spokesperson(_request: HttpRequest, ref: int) -> HttpResponse:
    """One spokesperson or reply stands on the page of all."""
    return HttpResponseRedirect("/desk/releases/spokespeople/")


@needs("spokesperson.name")
def name_spokesperson(request: HttpRequest) -> HttpResponse:
    return _make(request, "spokesperson.name", NameForm(request.POST or None), "/desk/releases/spokespeople/")


@needs("release.draft")
def record_reply(request: HttpRequest) -> HttpResponse:
    """A reply that a spokesperson gave: where it stands, when."""
    initial = {"story": request.GET.get("story", ""), "release": request.GET.get("release", "")}
    return _make(request, "spoken.record", SpokenForm(request.POST or None, initial=initial), "/desk/releases/spokespeople/")


def _make(request: HttpRequest, name: str, form: DeskForm, back: str, more: dict[str, Any] | None = None) -> HttpResponse:
    """The form of an act that makes a record, on a page of its own."""
    each = registry.ACTIONS[name]
    if request.method == "POST" and form.is_valid():
        try:
            made = registry.found(name, user_of(request), form.cleaned_data | (more or {}))
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(made.get_absolute_url() if hasattr(made, "get_absolute_url") else back)
    context = {"form": form, "verb": each.verb, "back": back, "here": "corrections" if "correction" in name else "spokespeople"}
    return render(request, "releases/make.html", context, status=422 if form.errors else 200)


@needs("release.read")
def corrections(request: HttpRequest) -> HttpResponse:
    """Which publishers were asked, what came of it?"""
    tab = request.GET.get("tab", "open")
    rows = list(queries.corrections_in(tab)[:200])
    return render(request, "releases/corrections.html", {"tab_rows": queries.correction_tabs(tab), "rows": rows, "here": "corrections"})


@needs("release.draft")
def new_correction(request: HttpRequest) -> HttpResponse:
    """From an institution's item where there is one: its page becomes the evidence."""
    item = Item.objects.filter(key=request.GET.get("item", ""), institutional=True).select_related("source").first()
    initial = {"publisher": item.source_id, "address": item.url, "headline": item.title[:200]} if item else {}
    return _make(
        request,
        "correction_request.write",
        CorrectionForm(request.POST or None, initial=initial),
        "/desk/releases/corrections/",
        {"item": item},
    )


def _correction(number: str) -> CorrectionRequest:
    rows = CorrectionRequest.objects.select_related(
        "publisher", "item", "story", "release__current", "release__public", "by", "approved_by"
    )
    return get_object_or_404(rows, number=number)


MOVES = ("submit", "approve", "send", "answer", "close")


@needs("release.read")
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """What was said, what is right, what shows it, and what did the publisher do?"""
    found = _correction(number)
    possible = {each.name for each in registry.possible(user_of(request), found)}
    context = {
        "correction": found,
        "entries": list(entries_of(found)),
        "ground": ground_words(found.ground) if found.ground else "",
        "first_move": next((f"correction_request.{move}" for move in MOVES if f"correction_request.{move}" in possible), ""),
        "here": "corrections",
    }
    return render(request, "releases/correction.html", context)


@needs("release.read")
def letter(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The letter as a file, in the language asked for by ``paper`` or the reader's."""
    found = _correction(number)
    if kind not in LETTERS:
        raise Http404(kind)
    content_type, draw = LETTERS[kind]
    wish = request.GET.get("paper") or get_language() or ""
    try:
        body = draw(letter_of(found, "en" if wish == "en" else "zh-hans"))
    except NoChineseFont as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect(found.get_absolute_url())
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.number)}.{kind}", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=content_type, headers=headers)


@require_POST
@needs("release.draft")
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """The pages as plain WARC; it leaves the sealed archive, so the taking is written down."""
    found, out = _correction(number), io.BytesIO()
    try:
        pages = proof.write(found, out) if found.evidence else 0
    except ArchiveError:
        pages = 0
    if not pages:
        raise Http404(number)
    append("correction_request.evidence", user_of(request), f"correction_request:{found.pk}", {"pages": pages})
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.warc"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(out.getvalue(), content_type="application/warc", headers=headers)
