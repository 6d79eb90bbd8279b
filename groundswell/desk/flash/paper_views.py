"""A report to take away, as a file or the long picture; and the page behind a leader's one-time read link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from groundswell.desk.accounts import door
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.bulletins.files import PAGE_POLICY, WHOLE, WORD
from groundswell.desk.flash import paper, queries, readings, sending
from groundswell.desk.flash.models import Delivery, Report, Stage
from groundswell.desk.flash.views import report_of
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.views import needs
from groundswell.desk.stories.templatetags.stories import language
from groundswell.reports.docx import brief_docx
from groundswell.reports.fonts import NoChineseFont
from groundswell.reports.html import brief_html
from groundswell.reports.paper import Brief
from groundswell.reports.pdf import brief_pdf
from groundswell.reports.phone import brief_png
from groundswell.reports.text import brief_text

Draw = Callable[[Brief, datetime | None], bytes]
# ending: (content type, shown in the browser rather than kept, drawn by)
KINDS: dict[str, tuple[str, bool, Draw]] = {
    "docx": (WORD, False, brief_docx),
    "pdf": ("application/pdf", True, brief_pdf),
    "html": ("text/html; charset=utf-8", True, lambda brief, at: brief_html(brief).encode()),
    "png": ("image/png", True, lambda brief, at: brief_png(brief)),
    "txt": ("text/plain; charset=utf-8", False, lambda brief, at: brief_text(brief, WHOLE).encode()),
}


@needs("flash.read")
def file(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """The paper in the language asked for by ``paper``; of a sent report always the one that was sent."""
    found = report_of(request, ref)
    if kind not in KINDS:
        raise Http404(kind)
    content_type, inline, draw = KINDS[kind]
    try:
        body = draw(paper.brief_of(found, request.GET.get("paper", "") or language()), found.sent_at)
    except NoChineseFont as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect(found.get_absolute_url())
    shown = "inline" if inline and request.GET.get("keep") is None else "attachment"
    headers = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(_name(found, kind))}", "X-Content-Type-Options": "nosniff"}
    if kind == "html":
        headers["Content-Security-Policy"] = PAGE_POLICY
    return HttpResponse(body, content_type=content_type, headers=headers)


def _name(found: Report, kind: str) -> str:
    number = f"{found.year}-{found.number:03d}" if found.number else f"{found.ref}-draft"
    return f"舆情快报 {number}.{kind}"


@require_POST
def make_link(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """A one-time read link for one leader, shown once, to be passed on by messenger."""
    if not may(request.user, "flash.report"):
        raise PermissionDenied("flash.report")
    found = report_of(request, ref)
    row = get_object_or_404(Delivery, pk=pk, report=found, user__isnull=False)
    if found.state != Stage.SENT or row.read_at is not None:
        raise Http404(ref)
    token = door.new_token()
    Delivery.objects.filter(pk=row.pk).update(token_hash=door.token_hash(token), token_until=now() + sending.READ_LIFE)
    append("flash.read_link", user_of(request), f"flash:{found.pk}", {"delivery": row.pk})
    request.session["flash_link"] = {"name": row.name, "address": request.build_absolute_uri(f"/f/{token}/")}
    return HttpResponseRedirect(f"{found.get_absolute_url()}#readers")


@csrf_exempt  # the address itself is the key and no cookie counts
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A leader's page behind the link: one press, then the report. Used, renewed or run out, it says so and shows nothing else."""
    wanted = request.GET.get("language") or translation.get_language_from_request(request)
    with translation.override("en" if wanted == "en" else "zh-hans"):
        return door.closed(_by_link(request, token))


def _by_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        row = readings.by_link(token, str(request.META.get("REMOTE_ADDR", "")))
    except door.Shut:
        return render(request, "flash/read_link.html", {"gone": True, "many": True}, status=429)
    if row is None:
        return render(request, "flash/read_link.html", {"gone": True}, status=404)
    if request.method != "POST":  # a program that looks at links before a person does must not count as reading
        return render(request, "flash/read_link.html", {"row": row, "report": row.report})
    readings.read_by_link(row)
    items = queries.items_of(row.report)
    context = {"row": row, "report": row.report, "facts": queries.facts_of(row.report, items), "items": items, "read": True}
    return render(request, "flash/read_link.html", context)
