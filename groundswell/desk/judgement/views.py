"""The screens of judgement: figures by month, the rows behind each, every correction with its way back, the models' cards."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may
from groundswell.desk.judgement import queries
from groundswell.desk.judgement.cards import cards
from groundswell.desk.judgement.queries import Figures
from groundswell.desk.judgement.words import KINDS, OF_STORIES, kind_of, value_words
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.views import needs
from groundswell.desk.stories.record import Record, forecast_record
from groundswell.desk.stream.models import Correction

READ = "judgement.read"
PAGE = 50
WHICH = ("judged", "looked", "corrected")


@needs(READ)
def page(request: HttpRequest) -> HttpResponse:
    """Figures of all kinds by month, and of one month what was put right."""
    shown = queries.months()
    month, kind = _month(request), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    wanted = shown if month in shown else [month, *shown]
    history = queries.by_month(wanted)
    judged = queries.judged_in(month)
    was, became = request.GET.get("was"), request.GET.get("became")
    listed = Paginator(queries.corrections(month, kind, was, became), PAGE).get_page(request.GET.get("page"))
    reads = may(request.user, "item.read")
    context: dict[str, Any] = {
        "months": wanted,
        "month": month,
        "kind": kind,
        "kind_words": KINDS.get(kind),
        "kinds": [_kind_row(code, history[code], month, judged) for code in KINDS],
        "mistakes": [_mistake(each) for each in queries.mistakes(month, kind)],
        "page": listed,
        "corrections": [_line(each) for each in listed.object_list],
        "narrowed": was is not None and became is not None,
        "hands": queries.hands(month),
        "forecasts": [_forecast(each) for each in forecast_record(queries.span(min(wanted))[0])],
        "watches": queries.watch_records(),
        "new_words": queries.word_record(),
        "keeps_words": may(request.user, "unit.manage"),
        "watch_days": queries.WATCH_DAYS,
        "cards": cards(),
        "reads": reads,
    }
    return render(request, "judgement/page.html", context)


@needs(READ)
def rows(request: HttpRequest, kind: str, which: str) -> HttpResponse:
    """The items or stories behind one figure; for those who may read them."""
    if kind not in KINDS or which not in WHICH:
        raise Http404(kind)
    if not may(request.user, "item.read"):
        raise Http404(kind)
    month = _month(request)
    listed = Paginator(queries.rows_of(kind, month, which), PAGE).get_page(request.GET.get("page"))
    context = {
        "kind": kind,
        "kind_words": KINDS[kind],
        "which": which,
        "which_words": which_words(which),
        "month": month,
        "page": listed,
        "rows": listed.object_list,
        "of_stories": kind in OF_STORIES,
    }
    return render(request, "judgement/rows.html", context)


@needs(READ)
def forecasts(request: HttpRequest) -> HttpResponse:
    """What was foretold in a month, what came of it; for those who may read stories."""
    if not may(request.user, "story.read"):
        raise Http404("forecasts")
    month = _month(request)
    listed = Paginator(queries.forecasts_of(month), PAGE).get_page(request.GET.get("page"))
    return render(request, "judgement/forecasts.html", {"month": month, "page": listed, "rows": listed.object_list})


@needs(READ)
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The card of one model."""
    found = next((each for each in cards() if each.code == code), None)
    if found is None:
        raise Http404(code)
    return render(request, "judgement/card.html", {"card": found})


@needs(READ)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """A correction has no page of its own: it stands in the list of its month."""
    found = get_object_or_404(Correction.objects.select_related("item", "story"), pk=pk)
    at = found.item.collected_at if found.item else found.story.first_at if found.story else found.at
    return HttpResponseRedirect(f"/desk/judgement/?month={at.astimezone(zone()):%Y-%m}#c{found.pk}")


def which_words(which: str) -> str:
    """What a figure counts, in words."""
    return {"judged": _("judged"), "looked": _("looked at by a person"), "corrected": _("put right by a person")}[which]


def _kind_row(kind: str, history: list[Figures], month: date, judged: dict[str, int]) -> dict[str, Any]:
    present = next(each for each in history if each.month == month)
    count = judged["stories" if kind in OF_STORIES else "placed" if kind == "story" else "items"]
    return {"kind": kind, "words": KINDS[kind], "history": history, "present": present, "judged": count}


def _forecast(record: Record) -> dict[str, Any]:
    """A month's record with its shares as percents."""
    shares = {"error": record.median_error, "unchanged": record.unchanged_error, "cover": record.cover80, "better": record.better}
    return {"record": record, **{name: None if share is None else round(100 * share) for name, share in shares.items()}}


def _mistake(each: queries.Mistake) -> dict[str, Any]:
    return {
        "each": each,
        "what": KINDS.get(each.field, each.field),
        "was": value_words(each.field, each.was),
        "became": value_words(each.field, each.became),
    }


def _line(each: Correction) -> dict[str, Any]:
    """One correction as the list shows it."""
    record = each.story or each.item
    address = f"/desk/stories/{each.story.number}/" if each.story else f"/desk/items/{each.item.key}/" if each.item else ""
    return {
        "each": each,
        "kind": kind_of(each),
        "was": value_words(each.field, each.was),
        "became": value_words(each.field, each.became),
        "title": str(record) if record else "",
        "address": address,
    }


def _month(request: HttpRequest) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("month", "") + "-01"), queries.months(1)[0])
    except ValueError:
        return queries.months(1)[0]
