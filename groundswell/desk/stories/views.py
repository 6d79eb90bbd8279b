"""The screens of stories: the list, one story, its items, the figures behind its chart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.models import Unit
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.spine.models import Entry, Notice
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.timeline import entries_of, sentence_of
from groundswell.desk.spine.views import do, needs
from groundswell.desk.stories import queries
from groundswell.desk.stories.forecast_words import rising_words, told_of
from groundswell.desk.stories.lists import MOST, TYPES, story_file
from groundswell.desk.stories.models import Story
from groundswell.desk.stories.templatetags.stories import language
from groundswell.reports import charts
from groundswell.reports.spread import spread_rows

PAGE = 50
EVENTS = 6  # numbered on the chart
EBBING = 0.6  # what is expected over what came in as many hours, below which a story that holds is said to ebb soon
ON_CHART = ("story.take_up", "story.set_level", "story.close", "story.reopen")
FACTORS = {
    "safety": lambda: _("Safety"),
    "speed": lambda: _("Speed"),
    "reach": lambda: _("Reach"),
    "people": lambda: _("People concerned"),
    "tone": lambda: _("Sentiment"),
    "credibility": lambda: _("Credibility"),
}


def set_level(request: HttpRequest, number: str) -> HttpResponse:
    """Change the level; where a person may only propose level I, choosing it becomes the proposal."""
    proposes = request.method == "POST" and request.POST.get("level") == "1" and not may(request.user, "story.level_one")
    return do(request, number, "story.propose_level_one" if proposes else "story.set_level")


@needs("story.read")
def stories(request: HttpRequest) -> HttpResponse:
    """The list: which stories are getting worse than expected?"""
    params = request.GET.dict()
    code = params.get("state", "open")
    rows = queries.narrowed(user_of(request), params)
    shown = queries.in_tab(rows, code).select_related("unit").order_by(*queries.SORTS.get(params.get("sort", ""), queries.SORTS["above"]))
    if params.get("format") in TYPES:
        return story_file(shown[:MOST], params["format"])
    page = Paginator(shown, PAGE).get_page(params.get("page"))
    context = {
        "state_tabs": queries.tabs(rows, code),
        "page": page,
        "stories": queries.with_places(list(page.object_list)),
        "facets": queries.facets(queries.in_tab(rows, code)),
        "params": params,
        "unit": Unit.objects.filter(code=params.get("unit", "")).first(),
        "code": code,
    }
    return render(request, "stories/list.html", context)


@needs("story.read")
def story(request: HttpRequest, number: str) -> HttpResponse:
    """One story: how bad, where is it going, what do I do next?"""
    found = _story(request, number)
    if found.merged_into_id:
        into = Story.objects.get(pk=found.merged_into_id)
        return HttpResponseRedirect(f"/desk/stories/{into.number}/")
    moment = now()
    shown = queries.spread(found, moment)
    institutions = queries.institutions(found)
    entries = list(entries_of(found))
    events = _events(found, institutions, entries, shown)
    before, after = queries.neighbours(user_of(request), found)
    context: dict[str, Any] = {
        "story": found,
        "now": moment,
        "summary": _summary(found),
        "chart": mark_safe(
            charts.spread_charts(shown.heat, shown.forecast, now=moment, zone=zone(), words=language(), events=events, key=f"s{found.pk}")
        ),
        "events": events,
        "conclusion": _conclusion(shown),
        "told": told_of(found, shown.forecast, shown.silence),
        "bucket": shown.bucket,
        "factors": _factors(found),
        "bounds": {"two": preference("judge.level_two"), "one": preference("judge.level_one")},
        "tiles": queries.town_tiles(found),
        "institutions": institutions,
        "items": queries.representative(found),
        "entries": entries,
        "proposal": Notice.objects.filter(kind="level_one", subject_type="story", subject_id=found.pk, closed_at=None).first(),
        "suggested": _suggested(found),
        "similar": queries.similar(found),
        "before": before,
        "after": after,
    }
    return render(request, "stories/story.html", context)


@needs("story.read")
def items(request: HttpRequest, number: str) -> HttpResponse:
    """All items of the story, to read, to check, to part."""
    found = _story(request, number)
    rows = found.items.select_related("source", "unit").order_by("-published_at", "-id")
    if request.GET.get("tone") in ("-1", "0", "1"):
        rows = rows.filter(tone=int(request.GET["tone"]))
    if request.GET.get("place"):
        rows = rows.filter(places__contains=[request.GET["place"]])
    if request.GET.get("source"):
        rows = rows.filter(source__slug=request.GET["source"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"story": found, "page": page, "items": page.object_list, "params": request.GET.dict(), "row_next": request.get_full_path()}
    return render(request, "stories/items.html", context)


@require_POST
@needs("story.merge")
def part(request: HttpRequest, number: str) -> HttpResponse:
    """The items that were ticked become a story of their own: on to the form that asks its title."""
    found = _story(request, number)
    keys = [key for key in request.POST.getlist("key") if key.isalnum()][:200]
    if not keys:
        messages.warning(request, _("Tick the items that should leave the story first."))
        return HttpResponseRedirect(f"/desk/stories/{found.number}/items/")
    return HttpResponseRedirect(f"/desk/stories/{found.number}/split/?" + urlencode({"keys": ",".join(keys)}))


@needs("story.read")
def figures(request: HttpRequest, number: str) -> HttpResponse:
    """The figures behind the chart, as a table or as JSON."""
    found = _story(request, number)
    shown = queries.spread(found, now())
    rows = spread_rows(shown.heat, shown.forecast, now())
    if request.GET.get("format") == "json":
        return JsonResponse(
            {
                "story": found.number,
                "minutes": shown.bucket,
                "rows": [
                    {"start": row.start.isoformat(), "count": row.count, "median": row.median, "low80": row.low80, "high80": row.high80}
                    for row in rows
                ],
            }
        )
    return render(request, "stories/figures.html", {"story": found, "rows": rows, "bucket": shown.bucket})


def _story(request: HttpRequest, number: str) -> Story:
    rows = Story.objects.select_related("unit", "merged_into")
    found = rows.filter(number=number).first()
    if found is None or (not found.merged_into_id and not queries.readable(user_of(request)).filter(pk=found.pk).exists()):
        raise Http404(number)
    return found


def _summary(story: Story) -> list[dict[str, Any]]:
    """The parts of the summary with the numbers of their sources."""
    if story.summary_by_hand:
        return [{"text": story.summary_by_hand, "n": 0, "item": None}]
    return [{"text": part["text"], "n": place, "item": part.get("item")} for place, part in enumerate(story.digest, 1)]


def _events(story: Story, institutions: list[dict[str, Any]], entries: list[Entry], shown: queries.Spread) -> list[charts.Event]:
    """What is numbered on the chart: the first item, the first word of each public body, when it began to rise, what the desk did."""
    found = [(story.first_at, _("first item"))]
    for row in institutions:
        first = row["first"]
        if first.published_at and first.published_at > story.first_at:
            said = _("%(source)s speaks") if row["source"].official else _("%(source)s reports")
            found.append((first.published_at, said % {"source": named(row["source"])}))
    if story.rising_at:
        found.append((story.rising_at, rising_words(story, story.rising_at)))
    for entry in [each for each in entries if each.action in ON_CHART and each.undo_of_id is None][:4]:
        found.append((entry.at, sentence_of(entry)))
    end = shown.heat.start + timedelta(minutes=shown.bucket * (len(shown.heat.counts) + 1))
    inside = sorted(pair for pair in found if shown.heat.start <= pair[0] <= end)[:EVENTS]
    return [charts.Event(at=at, n=n, title=title) for n, (at, title) in enumerate(inside, 1)]


def _conclusion(shown: queries.Spread) -> dict[str, Any] | None:
    """What the forecast says, in words above the picture; None where there is none."""
    forecast = shown.forecast
    if forecast is None or not forecast.median:
        return None
    if round(max(forecast.median)) == 0:
        return {"trend": "quiet", "peak": 0, "peak_at": None}
    top = max(range(len(forecast.median)), key=lambda place: forecast.median[place])
    ebbs = forecast.outlook and forecast.outlook.expected < EBBING * forecast.outlook.unchanged
    return {
        "trend": "to_ebb" if ebbs and forecast.trend in ("steady", "new") else forecast.trend,
        "peak_at": forecast.peak_at,
        "peak": round(forecast.median[top]),
        "low": round(forecast.low80[top]),
        "high": round(forecast.high80[top]),
        "above": forecast.above,
    }


def _factors(story: Story) -> list[dict[str, Any]]:
    return [
        {"words": FACTORS[name](), "value": round(value)}
        for name, value in sorted(story.level_factors.items(), key=lambda pair: -pair[1])
        if name in FACTORS
    ]


def _suggested(story: Story) -> list[dict[str, Any]]:
    """Suggested units with confidence and reasons."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[row["unit"] for row in story.suggested_units])}
    return [
        {**row, "unit": units[row["unit"]], "dots": round(row["confidence"] * 5)} for row in story.suggested_units if row["unit"] in units
    ][:3]
