"""What the engine must know of the body, read from the desk's tables and kept until somebody changes them."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Any

from django.db.models import Max, Q

from groundswell.desk.accounts.models import Place, SlangWord, Unit
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.ports import today
from groundswell.desk.spine.preferences import preference, setting
from groundswell.desk.stream.models import Watch
from groundswell.engine.records import Body, Knowledge, Slang, SourceRecord, WatchSpec
from groundswell.engine.records import Place as PlaceRecord
from groundswell.engine.records import Unit as UnitRecord
from groundswell.engine.text.tokens import lexicon_version

setting("lexicon.changed_at", part="hidden", label="", default="")
_lock = threading.Lock()
_kept: tuple[Any, Knowledge] | None = None
_looked_at = 0.0
LOOK_SECONDS = 1.0


def forget() -> None:
    """Read the tables anew at the next question (after a change in this process, between tests)."""
    global _looked_at
    _looked_at = 0.0


def current_knowledge() -> Knowledge:
    """The knowledge as of now; built anew only when units, places, watches, words or sources changed."""
    global _kept, _looked_at
    with _lock:
        if _kept is not None and time.monotonic() - _looked_at < LOOK_SECONDS:
            return _kept[1]
        stamp, _looked_at = _stamp(), time.monotonic()
        if _kept is None or _kept[0] != stamp:
            _kept = (stamp, _with_version(_read()))
        return _kept[1]


def _stamp() -> tuple[Any, ...]:
    """Changes whenever a table that the engine knows does."""
    watches = Watch.objects.aggregate(at=Max("changed_at"), n=Max("id"))
    sources = Source.objects.aggregate(v=Max("version"), n=Max("id"))
    units = Unit.objects.aggregate(n=Max("id")), Place.objects.aggregate(n=Max("id")), SlangWord.objects.aggregate(n=Max("id"))
    return (
        preference("lexicon.changed_at"),
        preference("body.name"),
        tuple(watches.values()),
        tuple(sources.values()),
        str(units),
        today(),
    )


def _with_version(knowledge: Knowledge) -> Knowledge:
    import msgspec

    return msgspec.structs.replace(knowledge, version=lexicon_version(knowledge))


def _read() -> Knowledge:
    units = {unit.pk: unit for unit in Unit.objects.filter(is_active=True)}
    places = {place.pk: place for place in Place.objects.filter(is_active=True)}
    return Knowledge(
        body=Body(name=preference("body.name"), aliases=tuple(preference("body.aliases")), zone=preference("body.zone")),
        units=tuple(
            UnitRecord(
                id=unit.code,
                name=unit.name,
                aliases=tuple(unit.aliases),
                duties=tuple(unit.duties),
                parent=units[unit.parent_id].code if unit.parent_id in units else None,
            )
            for unit in sorted(units.values(), key=lambda unit: unit.code)
        ),
        places=tuple(_place(place, places, units) for place in sorted(places.values(), key=lambda place: place.code)),
        watches=tuple(_watches(today())),
        slang=tuple(
            Slang(word=word.word, means=word.means, tone=word.tone) for word in SlangWord.objects.filter(state="accepted").order_by("word")
        ),
        sources=tuple(
            SourceRecord(
                slug=source.slug,
                name=source.name,
                channel=source.channel,
                institutional=source.institutional,
                official=source.official,
                trust=source.trust,
                unit=units[source.unit_id].code if source.unit_id in units else None,
                place=places[source.place_id].code if source.place_id in places else None,
            )
            for source in Source.objects.order_by("slug")
        ),
    )


def _place(place: Place, places: dict[int, Place], units: dict[int, Unit]) -> PlaceRecord:
    return PlaceRecord(
        id=place.code,
        name=place.name,
        kind=place.kind,
        aliases=tuple(place.aliases),
        within=places[place.within_id].code if place.within_id in places else None,
        not_when=tuple(place.not_when),
        unit=units[place.unit_id].code if place.unit_id in units else None,
    )


def _watches(day: date) -> list[WatchSpec]:
    rows = Watch.objects.filter(Q(expires_on=None) | Q(expires_on__gte=day), state="enabled").select_related("unit").order_by("slug")
    return [WatchSpec(id=watch.slug, name=watch.name, query=watch.query, unit=watch.unit.code if watch.unit else None) for watch in rows]
