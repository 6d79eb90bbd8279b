"""The screens of flash reports: the list with what is due, a report, its check page, writing it, its files, its read link."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.bulletins import mail
from groundswell.desk.bulletins import queries as bulletin_queries
from groundswell.desk.bulletins.models import Series
from groundswell.desk.flash import actions, checks, clocks, paper, queries, readings
from groundswell.desk.flash.drafting import HEADS
from groundswell.desk.flash.forms import HandForm, SendForm, WriteForm
from groundswell.desk.flash.models import SERIES, Kind, Report, Stage
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now, today
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.desk.stories import queries as story_queries
from groundswell.desk.stories.templatetags.stories import language

PAGE = 30


def report_of(request: HttpRequest, ref: str) -> Report:
    rows = queries.readable(user_of(request)).select_related("story__unit", "written_by", "sent_by", "before", "corrects", "opening")
    return get_object_or_404(rows, ref=ref)


@needs("flash.read")
def reports(request: HttpRequest) -> HttpResponse:
    """What is due, and every report by its state."""
    user, moment = user_of(request), now()
    found = queries.readable(user)
    words = request.GET.get("q", "").strip()
    if words:
        found = found.filter(title__icontains=words)
    code = request.GET.get("tab", "all")
    page = Paginator(queries.listed(found, code), PAGE).get_page(request.GET.get("page"))
    context = {
        "due": queries.due(moment) if may(user, "flash.report") else [],
        "tabs": queries.tabs(found, code),
        "page": page,
        "rows": page.object_list,
        "params": request.GET.dict(),
        "unread": readings.unread(user),
    }
    return render(request, "flash/list.html", context)


@require_POST
@needs("flash.report")
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """One key on a story: the draft that is there, else a new one, on its check page."""
    user = user_of(request)
    story = get_object_or_404(story_queries.readable(user), number=number)
    report = Report.objects.filter(story=story, state=Stage.DRAFT).first()
    if report is None:
        try:
            report = registry.found("flash.draft", user, {"story": story, "kind": request.GET.get("kind", "")})
        except registry.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from None
        except registry.Refused as refusal:
            request.session["toast"] = {"words": str(refusal), "undo": "", "next": ""}
            return HttpResponseRedirect(f"/desk/stories/{story.number}/")
    return HttpResponseRedirect(f"{report.get_absolute_url()}check/")


@needs("flash.read")
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """The report to be read: its facts with their sources, its files, who has it and who has read it."""
    found = report_of(request, ref)
    user = user_of(request)
    readings.opened(user, found)
    items = queries.items_of(found)
    series = queries.series_with(found)
    context: dict[str, Any] = _whole(found, items) | {
        "series": series,
        "deliveries": queries.deliveries_of(found),
        "entries": list(entries_of(found)),
        "whole": paper.is_whole(found) if found.frozen else None,
        "short": paper.short_of(found, request.GET.get("paper", "") or language()),
        "hand": HandForm(),
        "may_report": may(user, "flash.report"),
        "is_last": bool(series) and series[-1].pk == found.pk,
        "corrections": [each for each in series if each.corrects_id == found.pk],
        "clocks": clocks.standing(found.story, now()),
        "link": request.session.pop("flash_link", None),
    }
    return render(request, "flash/report.html", context)


def _whole(found: Report, items: Any) -> dict[str, Any]:
    return {
        "report": found,
        "story": found.story,
        "facts": queries.facts_of(found, items),
        "items": items,
        "paper_language": "en" if language() == "en" else "zh-hans",
        "now": now(),
    }


@needs("flash.report")
def check(request: HttpRequest, ref: str) -> HttpResponse:
    """The check page before it leaves the house: the facts, what is not in order, to whom it goes; then one press."""
    found = report_of(request, ref)
    if found.state != Stage.DRAFT:
        return HttpResponseRedirect(found.get_absolute_url())
    presented, listed = actions.readers(found)
    may_mail = mail.server() is not None
    readers = queries.readers(presented, listed, may_mail)
    form = SendForm(request.POST if request.method == "POST" else None, initial={"to": [each.value for each in readers]})
    form.fields["to"].choices = [(each.value, each.name) for each in readers]  # type: ignore[attr-defined]
    chosen = request.POST.getlist("to") if request.method == "POST" else [each.value for each in readers]
    if request.method == "POST" and form.is_valid():
        try:
            registry.perform("flash.send", user_of(request), found, form.cleaned_data, version=_version(request))
        except registry.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from None
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            seconds = int((found.sent_at - found.made_at).total_seconds()) if found.sent_at else 0
            request.session["toast"] = {"words": _sent_words(found, seconds), "undo": "", "next": ""}
            return HttpResponseRedirect(found.get_absolute_url())
    findings = checks.check(found, len(chosen))
    number, total = bulletin_queries.next_number(Series.objects.get(pk=SERIES), today().year)
    context = _whole(found, queries.items_of(found)) | {
        "form": form,
        "readers": readers,
        "chosen": chosen,
        "findings": [(each, checks.words(each)) for each in findings],
        "wrong": checks.errors(findings),
        "number": number,
        "total": total,
        "clocks": [each for each in clocks.standing(found.story, now()) if each.clock.met_at is None],
        "unmailed": [] if may_mail else list(listed),
    }
    return render(request, "flash/check.html", context, status=422 if form.errors else 200)


def _sent_words(found: Report, seconds: int) -> str:
    data = {"number": found.number, "n": found.deliveries.count(), "seconds": seconds}
    if seconds < 600:
        return _("Sent as no. %(number)s to %(n)s recipients, %(seconds)s seconds after the draft was made.") % data
    return _("Sent as no. %(number)s to %(n)s recipients.") % data


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


@needs("flash.report")
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """Writing in a draft, its sources beside it."""
    found = report_of(request, ref)
    if found.state != Stage.DRAFT:
        return HttpResponseRedirect(found.get_absolute_url())
    form = WriteForm(request.POST if request.method == "POST" else None, initial=registry.ACTIONS["flash.write"].initial(found))  # type: ignore[misc]
    form.keep_heads(found)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            registry.perform("flash.write", user_of(request), found, form.cleaned_data, version=_version(request))
        except registry.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from None
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            return HttpResponseRedirect(f"{found.get_absolute_url()}check/")
    context = _whole(found, queries.items_of(found)) | {"form": form, "heads": _heads(form, found)}
    return render(request, "flash/write.html", context, status=status if status != 200 else 422 if form.errors else 200)


def _heads(form: WriteForm, found: Report) -> list[dict[str, Any]]:
    return [
        {"zh": form[code], "en": form[f"{code}_en"], "behind": found.facts[code].get("behind", "")} for code in HEADS if code in found.facts
    ]


@needs("flash.report")
def to_check(request: HttpRequest, ref: str) -> HttpResponse:
    """Sending stands on the check page."""
    return HttpResponseRedirect(f"{report_of(request, ref).get_absolute_url()}check/")


@require_POST
@needs("flash.report")
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """From the last report of a series to the next: KIND of the button pressed."""
    found = report_of(request, ref)
    kind = request.POST.get("kind", "")
    there = Report.objects.filter(story=found.story, state=Stage.DRAFT).first()
    try:
        made = there or registry.found("flash.draft", user_of(request), {"story": found.story, "kind": kind if kind == Kind.FINAL else ""})
    except registry.Refused as refusal:
        request.session["toast"] = {"words": str(refusal), "undo": "", "next": ""}
        return HttpResponseRedirect(found.get_absolute_url())
    return HttpResponseRedirect(f"{made.get_absolute_url()}check/")
