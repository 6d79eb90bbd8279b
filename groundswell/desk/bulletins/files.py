"""An issue as a file to take away: Word, PDF, HTML, text; and its few lines for a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from groundswell.desk.bulletins import paper
from groundswell.desk.bulletins.editor_views import issue_or_404
from groundswell.desk.bulletins.models import Issue
from groundswell.desk.bulletins.templatetags.bulletins import language
from groundswell.desk.spine.views import needs
from groundswell.reports.docx import brief_docx
from groundswell.reports.fonts import NoChineseFont
from groundswell.reports.html import brief_html
from groundswell.reports.paper import Brief
from groundswell.reports.pdf import brief_pdf
from groundswell.reports.text import brief_text

PHONE = 200  # characters of the text for a phone
WHOLE = 20_000  # characters of the text file
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
Draw = Callable[[Brief, datetime | None], bytes]
# ending: (content type, shown in the browser rather than kept, drawn by)
KINDS: dict[str, tuple[str, bool, Draw]] = {
    "docx": (WORD, False, brief_docx),
    "pdf": ("application/pdf", True, brief_pdf),
    "html": ("text/html; charset=utf-8", True, lambda brief, at: brief_html(brief).encode()),
    "txt": ("text/plain; charset=utf-8", False, lambda brief, at: brief_text(brief, WHOLE).encode()),
}


@needs("bulletin.read")
def file(request: HttpRequest, series: str, year: int, ref: str, kind: str) -> HttpResponse:
    """The paper in the language asked for by ``paper``; of a signed issue always the one that was signed."""
    issue = issue_or_404(series, year, ref)
    if kind not in KINDS:
        raise Http404(kind)
    content_type, inline, draw = KINDS[kind]
    try:
        body = draw(paper.brief_of(issue, request.GET.get("paper", "") or language()), issue.signed_at)
    except NoChineseFont as fault:
        messages.error(request, str(fault))
        return HttpResponseRedirect(issue.address)
    shown = "inline" if inline and request.GET.get("keep") is None else "attachment"
    headers = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file_name(issue, kind))}", "X-Content-Type-Options": "nosniff"}
    if kind == "html":
        headers["Content-Security-Policy"] = PAGE_POLICY
    return HttpResponse(body, content_type=content_type, headers=headers)


def file_name(issue: Issue, kind: str) -> str:
    """重要舆情摘要 2026-226.docx; a draft says so."""
    name = "".join(each for each in issue.series.name if each.isalnum() or each in " -_")
    number = f"{issue.year}-{issue.number:03d}" if issue.number else f"{issue.day:%Y-%m-%d}-draft"
    return f"{name} {number}.{kind}"


def phone_text(issue: Issue, wish: str) -> str:
    """200 characters at most, to be pasted into a message."""
    return brief_text(paper.brief_of(issue, wish), PHONE)
