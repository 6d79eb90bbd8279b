"""Screens of the settings: the parts, one part as a form, the calendar of working days, the notice pasted in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.spine import settings_actions, settings_queries
from groundswell.desk.spine.ports import today
from groundswell.desk.spine.preferences import PARTS, SPECS
from groundswell.desk.spine.settings_calendar import HAND, NOTICE
from groundswell.desk.spine.settings_forms import DayForm, NoticeForm, SettingsForm, field_name
from groundswell.desk.spine.settings_notice import NoticedDay, read_notice
from groundswell.desk.spine.views import needs

READ, CHANGE = "setting.read", "setting.change"


def overview(request: HttpRequest) -> HttpResponse:
    """Everybody's own settings; the desk's for those who may see them."""
    user = user_of(request)
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"q": text, "may_read": may(user, READ)}
    if context["may_read"]:
        context |= {"parts": settings_queries.parts(), "found": settings_queries.rows_that_match(text) if text else [], "part_words": PARTS}
    else:
        context["keepers"] = User.objects.filter(is_active=True, grants__role="administrator", grants__until=None).distinct()[:5]
    return render(request, "spine/settings.html", context)


@needs(READ)
def part(request: HttpRequest, code: str) -> HttpResponse:
    if code not in PARTS:
        raise Http404(code)
    user = user_of(request)
    form = SettingsForm(request.POST or None, part=code, may_change=may(user, CHANGE))
    status = 200
    if request.method == "POST":
        if not may(user, CHANGE):
            raise PermissionDenied(CHANGE)
        if form.is_valid():
            changed = settings_actions.change_settings(user, form.values)
            words = (
                ngettext("%(n)s setting changed", "%(n)s settings changed", len(changed)) % {"n": len(changed)}
                if changed
                else _("Nothing was changed.")
            )
            return _said(request, words, f"/desk/settings/{code}/")
        status = 422
    rows = settings_queries.rows_of(code)
    context = {
        "part_code": code,
        "words": PARTS[code],
        "form": form,
        "lines": [(row, form[field_name(row.spec.key)]) for row in rows],
        "parts": settings_queries.parts(),
        "may_change": may(user, CHANGE),
        "kept": settings_queries.KEPT if code == "retention" else (),
    }
    return render(request, "spine/settings_part.html", context, status=status)


@needs(CHANGE)
@require_POST
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """One setting back to its default."""
    if key not in SPECS or SPECS[key].part not in PARTS:
        raise Http404(key)
    settings_actions.reset_setting(user_of(request), key)
    return _said(request, _("%(setting)s: back to the default") % {"setting": SPECS[key].label}, f"/desk/settings/{SPECS[key].part}/")


# ---------------------------------------------------------------- the calendar


@needs(READ)
def calendar(request: HttpRequest) -> HttpResponse:
    year = _year(request.GET.get("year", ""))
    context = {
        "part_code": settings_queries.CALENDAR,
        "year": settings_queries.year_calendar(year),
        "today": today(),
        "parts": settings_queries.parts(),
        "may_change": may(request.user, CHANGE),
    }
    return render(request, "spine/settings_calendar.html", context)


@needs(CHANGE)
def notice(request: HttpRequest) -> HttpResponse:
    """Paste, look at what was read, then save: two answers of one address."""
    form = NoticeForm(request.POST or None, initial={"year": _year(request.GET.get("year", ""))})
    read = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            read = read_notice(form.cleaned_data["text"], form.cleaned_data["year"])
            if not read.days:
                form.add_error(
                    "text", _("No holiday was found in it. Each line should look like “一、元旦：1月1日（周四）至3日（周六）放假，共3天。”")
                )
            elif "save" in request.POST:
                count = settings_actions.set_calendar_days(user_of(request), read.days, form.cleaned_data["source"] or NOTICE)
                words = ngettext("%(n)s day written into the calendar", "%(n)s days written into the calendar", count) % {"n": count}
                return _said(request, words, f"/desk/settings/calendar/?year={form.cleaned_data['year']}")
            else:
                status = 200
    return render(request, "spine/settings_notice.html", {"form": form, "read": read if read and read.days else None}, status=status)


@needs(CHANGE)
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One day by hand."""
    try:
        when = date.fromisoformat(day)
    except ValueError as error:
        raise Http404(day) from error
    found = settings_queries.day_entered(when)
    initial = {"what": ("work" if found.is_working else "rest") if found.announced else "usual", "name": found.name}
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["what"] == "usual":
            settings_actions.forget_calendar_day(user_of(request), when)
        else:
            entered = NoticedDay(when, form.cleaned_data["what"] == "work", form.cleaned_data["name"])
            settings_actions.set_calendar_days(user_of(request), [entered], HAND)
        return _said(request, _("The calendar was changed."), f"/desk/settings/calendar/?year={when.year}")
    template = "spine/settings_day_dialog.html" if getattr(request, "htmx", False) else "spine/settings_day.html"
    return render(request, template, {"form": form, "day": found}, status=422 if request.method == "POST" else 200)


def _year(text: str) -> int:
    return int(text) if text.isdigit() and 2000 <= int(text) <= 2100 else today().year


def _said(request: HttpRequest, words: str, target: str) -> HttpResponse:
    request.session["toast"] = {"words": words, "undo": "", "next": target}
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)
