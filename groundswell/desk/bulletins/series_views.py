"""The settings of a series: its words and clocks, sections, recipients; and the key periods of all series."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, may_propose, user_of
from groundswell.desk.bulletins import forms
from groundswell.desk.bulletins.models import KeyPeriod, Recipient, Series
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import today
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

MAY = "bulletin.series"
LATEST = 12  # lines of the series' timeline
GROUPS = (
    ("paper", ("name", "name_en", "office", "office_en", "classification")),
    ("clocks", ("clock_times", "key_period_times", "remind_minutes", "is_active")),
    ("measure", ("most_pieces", "length_limit")),
    ("foot", ("report_to", "send_to", "issue_to", "copies")),
    ("numbers", ("total_before", "number_before", "number_before_year")),
)


def series_settings(request: HttpRequest, code: str) -> HttpResponse:
    """One series; whoever may not change it reads it."""
    if not (may_propose(request.user, "bulletin.read") or may(request.user, MAY)):
        raise PermissionDenied(MAY)
    series = get_object_or_404(Series, pk=code)
    form = forms.SeriesForm(request.POST or None, instance=Series.objects.get(pk=code))
    status = 200
    if request.method == "POST":
        if not may(request.user, MAY):
            raise PermissionDenied(MAY)
        status = 422
        if form.is_valid():
            entry = registry.perform("series.save", user_of(request), series, form.cleaned_data)
            request.session["toast"] = {"words": str(registry.ACTIONS["series.save"].verb), "undo": str(entry.batch), "next": request.path}
            return HttpResponseRedirect(request.path)
    if not may(request.user, MAY):
        for field in form.fields.values():
            field.disabled = True
    context = {
        "series": series,
        "all_series": Series.objects.order_by("code"),
        "form": form,
        "groups": [(group, [form[name] for name in names]) for group, names in GROUPS],
        "recipients": series.recipients.order_by("-is_active", "id"),
        "periods": KeyPeriod.objects.order_by("-until"),
        "today": today(),
        "entries": entries_of(series, LATEST),
        "may_change": may(request.user, MAY),
        "reads": may_propose(request.user, "bulletin.read"),
    }
    return render(request, "bulletins/series_settings.html", context, status=status)


@needs(MAY)
def new_series(request: HttpRequest) -> HttpResponse:
    return _make(request, forms.NewSeriesForm, "series.make", lambda series: f"/desk/bulletins/{series.pk}/settings/")


@needs(MAY)
def new_key_period(request: HttpRequest) -> HttpResponse:
    return _make(request, forms.KeyPeriodForm, "key_period.make", lambda period: _first_settings() + "#key-periods")


@require_POST
@needs("bulletin.edit")
def open_issue(request: HttpRequest, code: str) -> HttpResponse:
    """The issue of today's next clock, opened before the clock does it; then to its editor."""
    series = get_object_or_404(Series, pk=code)
    try:
        made = registry.found("issue.open", user_of(request), {"series": series, "day": today()})
    except registry.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from None
    except registry.Refused as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(f"/desk/bulletins/{series.pk}/")
    return HttpResponseRedirect(f"{made.address}edit/")


def _make(request: HttpRequest, form_class: Any, name: str, after: Any) -> HttpResponse:
    """A form whose record is made by the action NAME."""
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = registry.found(name, user_of(request), form.cleaned_data)
        target = after(made)
        if getattr(request, "htmx", False):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = target
            return response
        return HttpResponseRedirect(target)
    template = "bulletins/make_dialog.html" if getattr(request, "htmx", False) else "bulletins/make.html"
    context = {"form": form, "action": registry.ACTIONS[name], "back": _first_settings()}
    return render(request, template, context, status=422 if form.errors else 200)


def recipient(request: HttpRequest, ref: str) -> HttpResponse:
    """A recipient has no page: it stands on its series' settings."""
    found = get_object_or_404(Recipient, pk=ref)
    return HttpResponseRedirect(f"/desk/bulletins/{found.series_id}/settings/#recipients")


def key_period(request: HttpRequest, ref: str) -> HttpResponse:
    """A key period has no page either."""
    get_object_or_404(KeyPeriod, pk=ref)
    return HttpResponseRedirect(_first_settings() + "#key-periods")


def settings_of_the_first(request: HttpRequest) -> HttpResponse:
    """Where the desk's settings lead to; the tabs there go on to the other series."""
    return HttpResponseRedirect(_first_settings())


def _first_settings() -> str:
    series = Series.objects.order_by("-is_active", "code").first()
    return f"/desk/bulletins/{series.pk}/settings/" if series else "/desk/bulletins/"
