"""The screens that everybody on duty reads: the month, a day, swaps, the calendar's address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.roster import feed as feeds
from groundswell.desk.roster import queries, stretches
from groundswell.desk.roster import swaps as swapping
from groundswell.desk.roster.forms import FeedForm, SwapForm
from groundswell.desk.roster.models import CalendarFeed, Override, Publication, ShiftType, Swap
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine import ports
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

YEARS = range(2000, 2100)


def read_day(text: str) -> date:
    """A day out of an address. Raises Http404 for one that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404(text) from error


def form_page(request: HttpRequest, form: BaseForm, title: str, verb: Any, back: str, **more: Any) -> HttpResponse:
    """FORM as a page, or as a dialog where script asks for one."""
    template = "roster/form_dialog.html" if getattr(request, "htmx", False) else "roster/form.html"
    context = {"form": form, "title": title, "verb": verb, "back": back} | more
    return render(request, template, context, status=422 if form.errors else 200)


def made(request: HttpRequest, words: Any, target: str, undo: str = "") -> HttpResponse:
    request.session["toast"] = {"words": str(words), "undo": undo, "next": target}
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


@needs("roster.read")
def this_month(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/roster/{ports.today():%Y/%m}/")


@needs("roster.read")
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Who is on now, who is next, is anything uncovered?"""
    if year not in YEARS or month not in range(1, 13):
        raise Http404
    return _month(request, date(year, month, 1), None)


@needs("roster.read")
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A month as it was given out then."""
    kept = get_object_or_404(Publication.objects.select_related("by"), pk=pk)
    return _month(request, kept.month, kept)


def _month(request: HttpRequest, first: date, kept: Publication | None) -> HttpResponse:
    me, moment = user_of(request), ports.now()
    shown = "rotation" if request.GET.get("layer") == "rotation" else "final"
    last = queries.end_of(first)
    laid = queries.month_of(first, me, shown=shown, version=kept)
    today = ports.today()
    ahead = [row for row in laid.agenda if row[0].day >= today]
    context = {
        "month": laid,
        "ahead": ahead,
        "gone": [row for row in laid.agenda if row[0].day < today],
        "mine": [(head, turn, type) for head, turns in ahead for turn, type, user in turns if user == me],
        "shown": shown,
        "kept": kept,
        "on": stretches.on_duty(moment),
        "before": first - timedelta(days=1),
        "after": last + timedelta(days=1),
        "versions": Publication.objects.filter(month=first).select_related("by"),
        "changes": Override.objects.filter(day__range=(first, last), withdrawn_at=None).select_related("shift", "user", "by"),
        "swaps": Swap.objects.filter(day__range=(first, last), state__in=["asked", "agreed", "holds"]).select_related(
            "shift", "asker", "other", "back_shift"
        ),
        "types": [row for row in queries.shift_types().values() if row.is_active],
        "me": me,
        "today": today,
    }
    return render(request, "roster/month.html", context)


@needs("roster.read")
def day(request: HttpRequest, text: str) -> HttpResponse:
    """The turns of one day with their layers, and what may be done with them."""
    wanted = read_day(text)
    rows = queries.day_turns(wanted)
    published = queries.latest_publication(wanted.replace(day=1)) is not None
    template = "roster/day_dialog.html" if getattr(request, "htmx", False) else "roster/day.html"
    context = {"day": wanted, "rows": rows, "published": published, "me": user_of(request), "before": wanted - timedelta(days=1)}
    return render(request, template, context | {"after": wanted + timedelta(days=1)})


@needs("roster.read")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponseRedirect(get_object_or_404(Override, pk=pk).get_absolute_url())


@needs("roster.swap")
def ask(request: HttpRequest, text: str, shift: int, seat: int) -> HttpResponse:
    """Ask somebody to take a turn of one's own."""
    me, wanted = user_of(request), read_day(text)
    kind = get_object_or_404(ShiftType, pk=shift)
    if not may(me, "roster.swap") or queries.holder((shift, wanted, seat)) != me.pk:
        raise PermissionDenied("roster.swap")
    form = SwapForm(request.POST or None, asker=me)
    back = f"/desk/roster/days/{text}/"
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            swap = registry.found(
                "swap.ask",
                me,
                {
                    "shift": kind,
                    "day": wanted,
                    "seat": seat,
                    "other": values["other"],
                    "back": _turn(values["back"]),
                    "note": values["note"],
                },
            )
            return made(request, _("Asked."), swap.get_absolute_url())
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
    title = _("Ask for a swap: %(shift)s of %(day)s") % {"shift": kind, "day": text}
    return form_page(request, form, title, registry.ACTIONS["swap.ask"].verb, back)


def _turn(text: str) -> tuple[ShiftType, date, int] | None:
    if not text:
        return None
    pk, on, seat = text.split(".")
    return ShiftType.objects.get(pk=int(pk)), date.fromisoformat(on), int(seat)


@needs("roster.read")
def swaps(request: HttpRequest) -> HttpResponse:
    """All swaps, open ones first; and one's own coming turns, to ask for one."""
    me = user_of(request)
    rows = list(Swap.objects.select_related("asker", "other", "shift", "back_shift").order_by("-id")[:100])
    rows.sort(key=lambda row: row.state not in (Swap.State.ASKED, Swap.State.AGREED))
    first = ports.today()
    types = queries.shift_types()
    own = [(turn, types[turn.key[0]]) for turn in queries.own_turns(me, first, first + timedelta(days=42))]
    return render(request, "roster/swaps.html", {"swaps": rows, "own": own[:20]})


@needs("roster.read")
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """One swap: who asks whom for what, what it would bring, what may be done."""
    row = get_object_or_404(Swap.objects.select_related("asker", "other", "shift", "back_shift"), pk=pk)
    is_open = row.state in (Swap.State.ASKED, Swap.State.AGREED)
    known, types = queries.people(), queries.shift_types()
    found = [(known.get(each.turn.user or 0), each, types[each.turn.key[0]]) for each in swapping.consequences(row)] if is_open else []
    context = {"swap": row, "acts": swapping.acts_for(user_of(request), row), "found": found, "entries": list(entries_of(row))}
    return render(request, "roster/swap.html", context)


@needs("roster.read")
def calendar(request: HttpRequest) -> HttpResponse:
    """The secret address of one's calendar: shown once, made anew at any time."""
    me = user_of(request)
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session["calendar"] = feeds.renew(me, everybody=form.cleaned_data["everybody"])
        return HttpResponseRedirect("/desk/roster/calendar/")
    secret = request.session.pop("calendar", "")
    address = request.build_absolute_uri(f"/calendar/{secret}.ics") if secret else ""
    there = CalendarFeed.objects.filter(user=me).first()
    return render(request, "roster/calendar.html", {"form": form, "address": address, "there": there})


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar itself: no door but its secret."""
    found = feeds.feed_of(secret)
    if found is None:
        raise Http404
    with translation.override(found.user.language):
        response = HttpResponse(feeds.calendar_of(found), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
