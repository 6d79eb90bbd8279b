"""What is to be said of a story as a whole: level, trust, heat, forecast, digest, tone, units, places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from groundswell.engine.judge.credibility import graded, sources_by_slug
from groundswell.engine.judge.importance import MILD, either, name_harm, saturate, weigh
from groundswell.engine.judge.level_layer import alike_of, corrected_level
from groundswell.engine.judge.models import Models
from groundswell.engine.records import Concern, Credibility, Item, Judged, Knowledge, Level, Scored, SourceRecord, Why
from groundswell.engine.stories.day_rhythm import IsWorking, monday_to_friday
from groundswell.engine.stories.digest import digest_of
from groundswell.engine.stories.forecast import forecast, next_level, silence
from groundswell.engine.stories.heat import burst_of, hourly
from groundswell.engine.stories.next_level import items_to_next
from groundswell.engine.stories.sentences import denies

TOP_UNITS = 3
DENIALS = ("credibility.denied",)


def score_story(
    pairs: Sequence[tuple[Item, Judged]],
    knowledge: Knowledge,
    models: Models,
    now: datetime,
    is_working: IsWorking = monday_to_friday,
) -> Scored:
    """Everything that a story's page shows, from its items in any order; ``is_working`` is the body's calendar.

    Raises ValueError for a story without items.
    """
    if not pairs:
        raise ValueError("a story without items cannot be scored; delete it or give it its items")
    pairs = sorted(pairs, key=lambda pair: (_when(pair[0]) or now, pair[0].key))
    sources = sources_by_slug(knowledge)
    times = [when for item, _judged in pairs if (when := _when(item)) is not None]
    tone = Counter(judged.sentiment.label for _item, judged in pairs)
    credibility = _credibility(pairs, sources)
    units = _units(pairs)
    zone = ZoneInfo(knowledge.body.zone)
    offset = int((now.astimezone(zone).utcoffset() or timedelta()).total_seconds() // 60)
    level = _level(pairs, times, credibility, sources, models, now)
    voices = len({_voice(item) for item, _judged in pairs})
    needed = items_to_next(level, len(pairs), voices, fmean(_mild(judged) for _item, judged in pairs), models.importance)
    places = Counter(hit.id for _item, judged in pairs for hit in judged.places)
    return Scored(
        level=level,
        credibility=credibility,
        heat=hourly(times, now),
        forecast=forecast(times, now, 60, offset, is_working),
        silence=silence(times, now),
        next_level=next_level(times, now, level.value - 1, needed, offset, is_working) if needed else None,
        burst=burst_of(times, now),
        digest=digest_of(pairs, sources),
        tone={label: tone.get(label, 0) for label in ("negative", "neutral", "positive")},
        unit=units[0] if units else None,
        units=units,
        places=tuple(sorted(places.items(), key=lambda row: (-row[1], row[0]))),
    )


def level_of(pairs: Sequence[tuple[Item, Judged]], knowledge: Knowledge, models: Models, now: datetime) -> Level:
    """Only the level of ``score_story``, for a look back at many moments. Raises ValueError for a story without items."""
    if not pairs:
        raise ValueError("a story without items has no level")
    sources = sources_by_slug(knowledge)
    times = [when for item, _judged in pairs if (when := _when(item)) is not None]
    return _level(pairs, times, _credibility(pairs, sources), sources, models, now)


def _when(item: Item) -> datetime | None:
    return item.published_at or item.collected_at


def _voice(item: Item) -> str:
    return item.voice or item.author or item.source or item.key


def _level(
    pairs: Sequence[tuple[Item, Judged]],
    times: Sequence[datetime],
    credibility: Credibility,
    registered: dict[str, SourceRecord],
    models: Models,
    now: datetime,
) -> Level:
    spread = models.importance.spread
    items = [judged for _item, judged in pairs]
    voices = len({_voice(item) for item, _judged in pairs})
    sources = len({item.source or item.url or item.key for item, _judged in pairs})
    reads = sum(item.reads or 0 for item, _judged in pairs)
    reposts = sum((item.reposts or 0) + (item.comments or 0) for item, _judged in pairs)
    reach = either(
        saturate(len(pairs), spread.items),
        saturate(voices, spread.voices),
        saturate(sources - 1, spread.sources),
        saturate(reads, spread.reads),
        saturate(reposts, spread.reposts),
    )
    rate, growth = _speed(times, now)
    speed = either(
        saturate(rate, spread.items_per_hour), saturate(growth - 1.0, spread.growth) * saturate(rate, spread.items_per_hour / 3.0)
    )
    mild = fmean(_mild(judged) for judged in items)
    factors = {
        "safety": _high([_named_harm(judged) for judged in items]),
        "speed": 100.0 * speed * mild,
        "reach": 100.0 * reach * mild,
        "people": _high([judged.level.factors.get("people", 0.0) for judged in items]),
        "tone": fmean(_tone_of(judged) for judged in items),
        "credibility": 100.0 * credibility.score,
    }
    counts = {"items": len(pairs), "voices": voices, "sources": sources, "reads": reads}
    why = [
        Why(code="level.counts", args=counts),
        Why(code="level.rate", weight=round(rate, 1), args={"per_hour": round(rate, 1), "growth": round(growth, 2)}),
        *_common_words(items),
    ]
    why += name_harm(factors, models.importance)
    denied = [w for w in credibility.why if w.code in DENIALS]
    left = models.importance.disproved if any(_official_denial(item, registered) for item, _judged in pairs) else 1.0
    if left < 1.0:
        why.append(Why(code="level.disproved", weight=left, args={"count": int(sum(w.args["count"] for w in denied))}))
    level = weigh(factors, models.importance, why, evidence=saturate(len(pairs), 8.0), left=left)
    return corrected_level(level, models.level_layer, alike_of([judged.level for judged in items]), models.importance)


def _named_harm(judged: Judged) -> float:
    """The harm that the item's words name."""
    return 0.0 if any(why.code == "level.unnamed" for why in judged.level.why) else judged.level.factors.get("safety", 0.0)


def _mild(judged: Judged) -> float:
    """What share of its weight an item keeps: less for questions, thanks, notices."""
    return min((why.weight for why in judged.level.why if why.code == MILD), default=1.0)


def _tone_of(judged: Judged) -> float:
    return judged.level.factors.get("tone", 20.0)


def _speed(times: Sequence[datetime], now: datetime) -> tuple[float, float]:
    """Items an hour in the last three hours, and how many times those of the nine hours before."""
    recent = sum(now - timedelta(hours=3) < when <= now for when in times)
    earlier = sum(now - timedelta(hours=12) < when <= now - timedelta(hours=3) for when in times)
    return recent / 3.0, (recent / 3.0 + 0.3) / (earlier / 9.0 + 0.3)


def _high(values: Sequence[float]) -> float:
    """The value that a quarter of the items reach (three of them where there are so many); a single shout counts half."""
    ranked = sorted(values, reverse=True)
    backed = ranked[min(len(ranked) - 1, max(len(ranked) // 4, min(2, len(ranked) - 1)))]
    return max(backed, 0.5 * (ranked[0] + backed)) if len(ranked) > 1 else ranked[0]


def _common_words(items: Sequence[Judged]) -> list[Why]:
    """The harm and people words that most items give as reasons."""
    words: Counter[tuple[str, str]] = Counter()
    for judged in items:
        words.update({(why.code, str(why.args["word"])) for why in judged.level.why if "word" in why.args})
    best = sorted(words.items(), key=lambda row: (-row[1], row[0]))[:4]
    return [Why(code=code, weight=float(count), args={"word": word, "count": count}) for (code, word), count in best]


def _credibility(pairs: Sequence[tuple[Item, Judged]], sources: dict[str, SourceRecord]) -> Credibility:
    """The items' trust, more where independent sources say the same, an official word above all, a denial against."""
    scores = sorted((judged.credibility.score for _item, judged in pairs), reverse=True)
    base = 0.6 * fmean(scores) + 0.4 * fmean(scores[:3])
    why = [Why(code="credibility.items", weight=round(base, 2), args={"count": len(pairs)})]
    independent = {_voice(item) for item, _judged in pairs}
    if len(independent) > 1:
        why.append(
            Why(
                code="credibility.independent",
                weight=round(0.2 * (1.0 - math.exp(-(len(independent) - 1) / 6.0)), 3),
                args={"count": len(independent)},
            )
        )
    officials = sorted({s.name or s.slug for item, _judged in pairs if (s := sources.get(item.source)) is not None and s.official})
    denied = sum(any(w.code in DENIALS for w in judged.credibility.why) for _item, judged in pairs)
    denied += sum(_official_denial(item, sources) for item, _judged in pairs)
    if denied:
        why.append(Why(code="credibility.denied", weight=-0.35, args={"count": denied}))
    elif officials:
        why.append(Why(code="credibility.official_word", weight=0.2, args={"source": officials[0], "count": len(officials)}))
    return graded(sum(w.weight for w in why), why)


def _official_denial(item: Item, sources: dict[str, SourceRecord]) -> bool:
    source = sources.get(item.source)
    return source is not None and source.official and denies(item.title + item.text)


def _units(pairs: Sequence[tuple[Item, Judged]]) -> tuple[Concern, ...]:
    """Units by the mean of their confidence over all items, with the reasons given most often."""
    total: Counter[str] = Counter()
    why: dict[str, Counter[tuple[str, str]]] = {}
    best: dict[str, float] = {}
    for _item, judged in pairs:
        for concern in judged.concerns:
            total[concern.unit] += concern.confidence  # type: ignore[assignment]
            best[concern.unit] = max(best.get(concern.unit, 0.0), concern.confidence)
            why.setdefault(concern.unit, Counter()).update((w.code, str(w.args.get("word", ""))) for w in concern.why)
    rows = []
    for unit, mass in total.items():
        reasons = sorted(why[unit].items(), key=lambda row: (-row[1], row[0]))[:5]
        confidence = 0.7 * mass / len(pairs) + 0.3 * best[unit]
        rows.append(
            Concern(
                unit=unit,
                confidence=round(min(0.99, confidence), 3),
                why=tuple(Why(code=c, weight=float(n), args={"word": w, "count": n}) for (c, w), n in reasons),
            )
        )
    return tuple(sorted(rows, key=lambda c: (-c.confidence, c.unit))[:TOP_UNITS])
