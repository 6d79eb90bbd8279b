"""The reads behind Today: rising stories, the day's funnel, the health of the sources, the running shift."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.reading.book import hours_with_gaps
from groundswell.desk.roster.stretches import running
from groundswell.desk.sources.models import Channel, FetchRun, Kind, Reading, Source
from groundswell.desk.spine.models import DutyNote
from groundswell.desk.spine.ports import now as desk_now
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.queue import Button, Waiting, count_waiting, queue_source
from groundswell.desk.spine.shell import Count as Number
from groundswell.desk.spine.shell import counter, named
from groundswell.desk.stories import queries as stories
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream import queries as stream

HOURS = 24


@dataclass(frozen=True)
class Shift:
    """The running shift as Today's head shows it."""

    words: str
    since: datetime
    until: datetime
    gone: int  # per cent
    left: timedelta
    people: tuple[User, ...] = ()


def shift(now: datetime) -> Shift:
    """The running shift: of the published roster, else day or night by the setting."""
    found = running(now)
    gone = round(100 * ((now - found.since) / (found.until - found.since)))
    return Shift(found.words, found.since, found.until, gone, found.until - now, found.people)


def stories_for(user: User) -> QuerySet[Story]:
    """The stories USER may read that concern the body."""
    return stories.readable(user).filter(about_us=True)


def rising_stories(user: User, limit: int = 5) -> Sequence[Story]:
    """Open stories by how far they stand above their forecast (index state, -above)."""
    rows = stories_for(user).filter(state__in=[State.NEW, State.RISING, State.HANDLING, State.REOPENED, State.FOLLOWING], item_count__gte=3)
    return stories.with_places(list(rows.select_related("unit").order_by("-above", "level", "-last_at")[:limit]))


def live_story_count(user: User) -> int:
    return stories_for(user).exclude(state=State.CLOSED).filter(item_count__gte=3, last_at__gte=_recent()).count()


def _recent() -> datetime:
    return desk_now() - timedelta(days=3)


@dataclass(frozen=True)
class Step:
    """One bar of the funnel: its words, number, list and length in per cent (logarithmic)."""

    words: str | Promise
    count: int
    url: str
    length: int
    strong: bool


def funnel(user: User, now: datetime) -> list[Step]:
    """Today from what was collected to what is closed; each number opens the list that it counts."""
    local = now.astimezone(zone())
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = local.date().isoformat()
    items = stream.readable(user).filter(collected_at__gte=start, collected_at__lte=now)
    active = stories_for(user).filter(last_at__gte=start)
    counted = items.aggregate(all=Count("pk"), ours=Count("pk", filter=Q(about_us=True, advert=False)))
    open_states = [State.NEW, State.RISING, State.REOPENED]
    rows = [
        (_("Collected"), counted["all"], "/desk/stream/?" + urlencode({"state": "all", "since": day}), False),
        (_("About us"), counted["ours"], "/desk/stream/?" + urlencode({"state": "ours", "since": day}), False),
        (_("Stories"), active.count(), "/desk/stories/?" + urlencode({"state": "all", "active": day}), False),
        (
            _("To handle"),
            active.filter(state__in=open_states, level__lte=3).count(),
            "/desk/stories/?" + urlencode({"state": "to_handle", "active": day}),
            True,
        ),
        (
            _("Closed"),
            stories_for(user).filter(closed_at__gte=start).count(),
            "/desk/stories/?" + urlencode({"state": "closed", "closed": day}),
            True,
        ),
    ]
    top = math.log1p(max([count for _words, count, _url, _strong in rows] + [1]))
    return [Step(words, count, url, round(100 * math.log1p(count) / top), strong) for words, count, url, strong in rows]


@dataclass(frozen=True)
class HealthRow:
    """A channel's last 24 hours: per cell "" read, "l" little, "z" no data; and what is wrong now."""

    channel: str
    words: str
    sources: int
    cells: list[str]
    broken: int


def health(now: datetime) -> dict[str, Any]:
    """The health strips by channel: an hour in which no source of the channel could be read is an empty cell.

    Channels that only people read are empty where no planned reading was made; between two times of the plan nothing is missing.
    """
    since = (now - timedelta(hours=HOURS - 1)).replace(minute=0, second=0, microsecond=0)
    counts = dict(Source.objects.filter(state="active").values_list("channel").annotate(n=Count("pk")))
    broken = dict(_broken_sources().values_list("channel").annotate(n=Count("pk")))
    good = _by_hour(FetchRun.objects.filter(at__gte=since).exclude(outcome="failed"), "source__channel")
    for key, value in _by_hour(Reading.objects.filter(at__gte=since), "source__channel").items():
        good[key] = good.get(key, 0) + value
    collected = set(Source.objects.filter(state="active").exclude(kind=Kind.MANUAL).values_list("channel", flat=True))
    gaps = _gaps_by_channel(since, now) if set(counts) - collected else {}
    rows = []
    for channel in Channel:
        if channel.value not in counts:
            continue
        hours = [good.get((channel.value, since + timedelta(hours=n)), 0) for n in range(HOURS)]
        if not hours[-1] and not broken.get(channel.value):
            hours[-1] = hours[-2]  # the hour has only begun, and nothing is wrong
        usual = sorted(hours)[len(hours) // 2]
        cells = ["z" if not n else "l" if n < usual * 0.5 else "" for n in hours]
        if channel.value not in collected:
            unread = [gaps.get((channel.value, since + timedelta(hours=n)), 0) for n in range(HOURS)]
            cells = ["z" if n >= counts[channel.value] else "l" if n else "" for n in unread]
        rows.append(HealthRow(channel.value, str(channel.label), counts[channel.value], cells, broken.get(channel.value, 0)))
    return {"rows": rows, "broken": sum(broken.values())}


def _gaps_by_channel(since: datetime, now: datetime) -> dict[tuple[str, datetime], int]:
    """(channel, hour) → how many sources of it a person should have read and did not."""
    channels = dict(Source.objects.filter(kind=Kind.MANUAL).values_list("pk", "channel"))
    found: dict[tuple[str, datetime], int] = {}
    for source, hour in hours_with_gaps(since, now):
        key = (channels[source], hour)
        found[key] = found.get(key, 0) + 1
    return found


def _broken_sources() -> QuerySet[Source]:
    return Source.objects.filter(state="active").filter(Q(silent_since__isnull=False) | Q(failures__gte=3))


def _by_hour(rows: QuerySet[Any], channel: str) -> dict[tuple[str, datetime], int]:
    found = rows.annotate(hour=TruncHour("at")).values_list(channel, "hour").annotate(n=Count("pk"))
    return {(name, hour): n for name, hour, n in found}


@counter("today")
def needed(user: User) -> Number | None:
    """What waits for USER: the length of Today's first list."""
    count = count_waiting(user, desk_now())
    return Number(str(count), "hot") if count else None


@queue_source
def notes_left(user: User, now: datetime) -> list[Waiting]:
    """Notes that somebody left for the next officer."""
    if not may(user, "note.write"):
        return []
    rows = DutyNote.objects.filter(for_next=True, done_at=None).select_related("by").order_by("id")[:20]
    return [
        Waiting(
            key=f"note:{row.pk}",
            kind="note",
            kind_words=_("Left by hand-over"),
            title=row.text.splitlines()[0][:80],
            url="/desk/notes/",
            why=_("noted by %(who)s") % {"who": named(row.by)},
            button=Button(_("Tick off"), f"/desk/notes/{row.pk}/tick-off/", "d", post=True),
        )
        for row in rows
    ]
