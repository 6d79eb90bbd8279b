"""The screens of issues: the list, one series, an issue to be read, reviewed, signed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.bulletins import checks, editor, files, issues, paper, queries, sheets, steps
from groundswell.desk.bulletins.editor_views import VERBS, issue_or_404
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, KeyPeriod, Series
from groundswell.desk.bulletins.templatetags.bulletins import language
from groundswell.desk.spine.ports import now, today
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

PAGE = 30
MINOR = frozenset(f"issue.{verb}" for verb in VERBS)  # acts of arranging: in the timeline, but folded away
STATES: tuple[tuple[str, Any, Q], ...] = (
    ("all", gettext_lazy("All"), Q()),
    ("open", gettext_lazy("Being made"), Q(state__in=queries.UNDONE)),
    ("issued", gettext_lazy("Issued"), Q(state=IssueState.ISSUED)),
    ("carried", gettext_lazy("Carried over"), Q(state=IssueState.CARRIED)),
)


@needs("bulletin.read")
def bulletins(request: HttpRequest) -> HttpResponse:
    """Every series with the issue that is being made, and all issues below."""
    series = list(Series.objects.filter(is_active=True))
    cards = [_card(each, request) for each in sorted(series, key=lambda each: (not each.clock_times, each.code))]
    context = _listed(request, queries.issues(user_of(request))) | {"cards": cards, "all_series": Series.objects.order_by("code")}
    return render(request, "bulletins/list.html", context | _common(request))


@needs("bulletin.read")
def one_series(request: HttpRequest, code: str) -> HttpResponse:
    """One series: its next issue, its clocks and list, its issues by year."""
    series = get_object_or_404(Series, pk=code)
    rows = queries.issues(user_of(request)).filter(series=series)
    context = _listed(request, rows) | {
        "series": series,
        "card": _card(series, request),
        "recipients": series.recipients.filter(is_active=True),
    }
    return render(request, "bulletins/series.html", context | _common(request))


def _common(request: HttpRequest) -> dict[str, Any]:
    day = today()
    return {
        "period": KeyPeriod.objects.filter(since__lte=day, until__gte=day).first(),
        "may_edit": may(request.user, "bulletin.edit"),
        "may_set": may(request.user, "bulletin.series"),
    }


def _card(series: Series, request: HttpRequest) -> dict[str, Any]:
    """What is being made of SERIES, or when the next one is due."""
    moment = now()
    undone = series.issues.filter(state__in=queries.UNDONE).select_related("series")
    issue = queries.current_issue(series, moment) or undone.order_by("due_at").first()
    latest = series.issues.filter(by_clock=True).aggregate(at=Max("due_at"))["at"]
    next_at = issues.rhythm_of(series).next_after(max(moment, latest or moment)) if series.clock_times else None
    card: dict[str, Any] = {"series": series, "issue": issue, "next_at": next_at}
    if issue is not None:
        count = issue.pieces.count()
        card |= {
            "pieces": count,
            "share": min(100, round(100 * count / max(1, series.most_pieces))),
            "tally": editor.tally(checks.check(issue)) if issue.is_open else None,
            "limit": editor.limit_of(issue),
        }
    card["last"] = series.issues.filter(state=IssueState.ISSUED).defer("frozen").order_by("-signed_at").first()
    return card


def _listed(request: HttpRequest, rows: QuerySet[Issue]) -> dict[str, Any]:
    """The list under its tabs, narrowed by year, series and words."""
    params = request.GET.dict()
    years = list(rows.order_by("-year").values_list("year", flat=True).distinct())
    if params.get("year", "").isdigit():
        rows = rows.filter(year=int(params["year"]))
    if params.get("series"):
        rows = rows.filter(series_id=params["series"])
    if words := params.get("q", "").strip():
        wanted = Q(pieces__title__icontains=words) | Q(pieces__text__icontains=words)
        if words.isdigit():
            wanted |= Q(number=int(words)) | Q(total=int(words))
        rows = rows.filter(pk__in=Issue.objects.filter(wanted).values("pk"))
    code = params.get("state", "all")
    plain = Issue.objects.filter(pk__in=rows.order_by().values("pk"))
    tabs = [{"code": each, "words": name, "count": plain.filter(which).count(), "current": each == code} for each, name, which in STATES]
    which = next((which for each, _name, which in STATES if each == code), Q())
    page = Paginator(rows.filter(which).defer("frozen").order_by("-due_at", "-pk"), PAGE).get_page(params.get("page"))
    shown = list(page.object_list)
    titles = IssueItem.objects.only("issue_id", "title", "position")  # a line of them stands below the number
    prefetch_related_objects(shown, Prefetch("pieces", titles))
    return {"page": page, "rows": shown, "state_tabs": tabs, "params": params, "years": years, "code": code}


@needs("bulletin.read")
def issue(request: HttpRequest, series: str, year: int, ref: str) -> HttpResponse:
    """The issue to be read: its paper, and once it is signed its files, its hash and who has it."""
    found = issue_or_404(series, year, ref)
    if found.address != request.path:  # a draft's address after it got its number
        return HttpResponseRedirect(found.address)
    wish = request.GET.get("paper", "") or language()
    entries = list(entries_of(found))
    context = _issue_context(request, found, wish) | {
        "text": files.phone_text(found, wish),
        "dispatches": found.dispatches.select_related("recipient").order_by("-state", "id"),
        "counts": editor.dispatch_counts(found),
        "waiting_list": found.series.recipients.filter(is_active=True).exclude(dispatch__issue=found),
        "entries": [entry for entry in entries if entry.action not in MINOR],
        "minor": [entry for entry in entries if entry.action in MINOR],
        "corrections": found.corrections.select_related("issue", "issue__series"),
        "whole": paper.is_whole(found) if found.frozen else None,
        "next_one": steps.next_of(found, user_of(request)),
    }
    return render(request, "bulletins/issue.html", context)


@needs("bulletin.read")
def review(request: HttpRequest, series: str, year: int, ref: str) -> HttpResponse:
    """核稿: every piece with its sources, what was found, what was said; then pass it or return it."""
    found = issue_or_404(series, year, ref)
    if found.state in (IssueState.ISSUED, IssueState.CARRIED):
        return HttpResponseRedirect(found.address)
    editor.read_whole(found)
    listed = checks.check(found)
    rows = editor.rows_of(found, listed)
    context = _issue_context(request, found, request.GET.get("paper", "") or language(), listed) | {
        "rows": rows,
        "groups": [group for group in editor.groups_of(found, rows) if group.rows],
        "findings": editor.findings(listed, rows),
        "tally": editor.tally(listed),
        "said": [one for one in found.comments.select_related("by", "settled_by") if one.piece_id is None],
        "unsettled": found.comments.filter(settled_at=None).count(),
        "may_check": may(request.user, "bulletin.check", found),
        "may_settle": may(request.user, "bulletin.edit", found),
        "impartial": editor.may_be_reviewed_by(found, user_of(request)),
    }
    return render(request, "bulletins/review.html", context)


@needs("bulletin.read")
def sign(request: HttpRequest, series: str, year: int, ref: str) -> HttpResponse:
    """签发: the check page before it leaves the house. It works with one thumb."""
    found = issue_or_404(series, year, ref)
    if found.state != IssueState.SIGNING:
        return HttpResponseRedirect(found.address)
    editor.read_whole(found)
    listed = checks.check(found)
    number, total = queries.next_number(found.series, found.year)
    context = _issue_context(request, found, request.GET.get("paper", "") or language(), listed) | {
        "rows": editor.rows_of(found, listed),
        "findings": editor.findings(listed, editor.rows_of(found, listed)),
        "tally": editor.tally(listed),
        "number": number,
        "total": total,
        "recipients": found.series.recipients.filter(is_active=True),
        "may_sign": may(request.user, "bulletin.sign", found),
        "may_check": may(request.user, "bulletin.check", found),
        "impartial": editor.may_be_reviewed_by(found, user_of(request)),
        "unsettled": found.comments.filter(settled_at=None).count(),
    }
    return render(request, "bulletins/sign.html", context)


def by_id(request: HttpRequest, ref: int) -> HttpResponse:
    """The registry's address of an issue leads to its own."""
    return HttpResponseRedirect(get_object_or_404(Issue.objects.select_related("series"), pk=ref).address)


def _issue_context(request: HttpRequest, found: Issue, wish: str, listed: Any = ()) -> dict[str, Any]:
    return {
        "issue": found,
        "base": request.path,
        "limit": editor.limit_of(found),
        "steps": steps.steps(found, found.series.recipients.filter(is_active=True).count() or found.series.copies),
        "page": sheets.page_of(found, wish, listed),
        "paper_language": "en" if wish.startswith("en") else "zh-hans",
        "may_edit": may(request.user, "bulletin.edit", found),
    }
