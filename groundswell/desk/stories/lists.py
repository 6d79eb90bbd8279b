"""Lists of stories for other programs: the columns, and the file that a person takes away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import Place
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.shell import named
from groundswell.desk.stories.models import Story
from groundswell.reports.tables import Cell, to_csv, to_xlsx

MOST = 10_000  # rows of one file
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def story_table(stories: Iterable[Story]) -> Iterator[tuple[Cell, ...]]:
    """A row of column names in the present language, then one row a story; times in the body's zone."""
    names = {place.code: named(place) for place in Place.objects.all()}
    yield (
        _("Number"),
        _("Title"),
        _("Level"),
        _("State"),
        _("Unit"),
        _("Places"),
        _("First item"),
        _("Last item"),
        _("Items"),
        _("Sources"),
        _("Negative"),
        _("Neutral"),
        _("Positive"),
        _("Items in the last hour"),
        _("Times the forecast's upper bound"),
    )
    for story in stories:
        places = "、".join(names.get(code, code) for code, _n in story.places[:5])
        yield (
            story.number,
            story.title,
            story.level,
            story.get_state_display(),
            named(story.unit),
            places,
            _local(story.first_at),
            _local(story.last_at),
            story.item_count,
            story.source_count,
            story.negative,
            story.neutral,
            story.positive,
            story.rate,
            story.above,
        )


def story_file(stories: Iterable[Story], ending: str) -> HttpResponse:
    """STORIES as a file to keep; ENDING is "csv" or "xlsx"."""
    rows = story_table(stories)
    body = to_csv(rows) if ending == "csv" else to_xlsx(rows, _("Stories"), _local(now()))
    name = f"stories-{_local(now()):%Y-%m-%d-%H%M}.{ending}"
    return HttpResponse(body, content_type=TYPES[ending], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _local(at: datetime) -> datetime:
    return at.astimezone(zone())
