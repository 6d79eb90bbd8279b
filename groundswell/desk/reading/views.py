"""The screens of the reading book: a day by its times, one tap for "nothing found", the plan, the day on paper and as a file."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.reading import queries
from groundswell.desk.reading.actions import NewPlanForm
from groundswell.desk.reading.book import Standing
from groundswell.desk.sources.models import Source
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now, today, zone
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.views import needs, safe_next
from groundswell.reports.tables import to_csv

STANDING_WORDS: dict[Standing, str | Promise] = {
    Standing.COMING: gettext_lazy("to come"),
    Standing.DUE: gettext_lazy("due"),
    Standing.LATE: gettext_lazy("late"),
    Standing.MISSED: gettext_lazy("missed"),
    Standing.DONE: gettext_lazy("read"),
    Standing.DONE_LATE: gettext_lazy("read late"),
}


def _day(request: HttpRequest) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("day", "")), today())
    except ValueError:
        return today()


@needs("source.reading")
def book(request: HttpRequest) -> HttpResponse:
    """A day of the book: what is due, late, done; one tap a source."""
    user, day = user_of(request), _day(request)
    everybody = request.GET.get("who") == "all" or day != today()
    shown = queries.day_of(day, None if everybody else user)
    sources = [slot.source.pk for slot in shown.slots]
    context: dict[str, Any] = {
        "day": shown,
        "is_today": day == today(),
        "everybody": everybody,
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat() if day < today() else "",
        "last": queries.last_readings(sources),
        "now": now(),
        "words": {standing.value: words for standing, words in STANDING_WORDS.items()},
        "may_edit": may(user, "source.edit"),
        "may_enter": may(user, "item.enter"),
        "unplanned": queries.unplanned(),
        "here": request.get_full_path(),
    }
    return render(request, "reading/book.html", context)


@require_POST
@needs("source.reading")
def done(request: HttpRequest) -> HttpResponse:
    """已阅，无情况: one source was read and nothing found."""
    source = get_object_or_404(Source.objects.filter(kind="manual"), slug=request.POST.get("source", ""))
    target = safe_next(request, "/desk/reading/")
    batch = uuid.uuid4()
    try:
        registry.found("reading.done", user_of(request), {"source": source}, batch=batch)
    except registry.NotAllowed:
        raise PermissionDenied("source.reading") from None
    words = _("%(source)s: read, nothing found.") % {"source": named(source)}
    request.session["toast"] = {"words": words, "undo": str(batch), "next": target}
    return HttpResponseRedirect(target)


@needs("source.reading")
def plan(request: HttpRequest) -> HttpResponse:
    """Who reads what when."""
    rows = queries.plan()
    context = {
        "rows": rows,
        "without": sum(not each.duties and not each.source.quiet_is_normal for each in rows),
        "may_edit": may(request.user, "source.edit"),
    }
    return render(request, "reading/plan.html", context)


@needs("source.edit")
def new_plan(request: HttpRequest) -> HttpResponse:
    """Give sources to a person, with times; many at once are one undo."""
    if not may(request.user, "source.edit"):
        raise PermissionDenied("source.edit")
    wanted = Source.objects.filter(slug__in=request.GET.getlist("source"))
    form = NewPlanForm(
        request.POST or None, initial={"sources": list(wanted.values_list("pk", flat=True)), "times": ["08:30", "11:30", "16:30"]}
    )
    if request.method == "POST" and form.is_valid():
        batch, values = uuid.uuid4(), dict(form.cleaned_data)
        sources = list(values.pop("sources"))
        for source in sources:
            registry.found("reading_duty.make", user_of(request), {**values, "source": source}, batch=batch)
        words = ngettext("%(n)s source is planned.", "%(n)s sources are planned.", len(sources)) % {"n": len(sources)}
        request.session["toast"] = {"words": words, "undo": str(batch), "next": "/desk/reading/plan/"}
        return HttpResponseRedirect("/desk/reading/plan/")
    return render(request, "reading/new_plan.html", {"form": form}, status=422 if form.errors else 200)


@needs("source.reading")
def paper(request: HttpRequest) -> HttpResponse:
    """The day as one prints it: who read what when, everybody's, with lines to sign."""
    shown = queries.day_of(_day(request))
    context = {
        "day": shown,
        "rows": queries.rows_of(shown),
        "now": now(),
        "words": {standing.value: words for standing, words in STANDING_WORDS.items()},
        "back": "/desk/reading/?" + urlencode({"day": shown.day.isoformat()}),
    }
    return render(request, "reading/paper.html", context)


@needs("source.reading")
def book_csv(request: HttpRequest) -> HttpResponse:
    """The same day as a table for other programs."""
    shown = queries.day_of(_day(request))
    head = (_("source"), _("planned"), _("reader planned"), _("read at"), _("read by"), _("result"), _("entered"), _("note"))
    rows = [
        (
            named(slot.source if slot else reading.source if reading else None),
            f"{slot.at.astimezone(zone()):%H:%M}" if slot else "",
            (named(slot.reader) if slot.reader else _("whoever is on duty")) if slot else "",
            f"{reading.at.astimezone(zone()):%H:%M}" if reading else "",
            named(reading.reader) if reading else "",
            str(STANDING_WORDS[slot.standing]) if slot else _("beyond the plan"),
            reading.found if reading else "",
            reading.note if reading else "",
        )
        for slot, reading in queries.rows_of(shown)
    ]
    response = HttpResponse(to_csv([head, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reading-book-{shown.day.isoformat()}.csv"'
    return response
