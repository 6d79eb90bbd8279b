"""What the first reposts of a post tell, as numbers: pace, shape, gaps, the hour, how contagious it was, what it says.

Sources: windows and gaps after Cheng et al. 2014; the memory of a post and its contagion after Zhao et al. 2015 (SEISMIC),
both counted in hours by the day's rhythm.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.spread.cascade import Floats, Seen
from groundswell.engine.spread.rhythm import Clock, Rhythm

LATE = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4)  # last parts of the time seen
EARLY = (1 / 16, 1 / 8, 1 / 4)
LAST_SECONDS = (60.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)
FIRST_SECONDS = (60.0, 300.0, 900.0, 1800.0)
QUANTILES = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
LAST_GAPS = (1, 3, 5, 10, 20, 50)
AHEAD_HOURS = (0.5, 1.0, 2.0, 4.0, 8.0, 12.0)
MEMORIES = ((300 / 3600, 0.242), (600 / 3600, 0.8))  # hours that all are read, and how fast a post is forgotten after
SLOTS = 24
YEAR = 365 * 86400.0
FACES = re.compile(r"\[[^\]]{1,6}\]")
MARKS = ("http", "@", "【", "转", "//")
WORDS = ("视频", "图", "求")
REPORTED = ("报道", "记者", "消息", "讯")


def features_of(seen: Sequence[Seen], rhythm: Rhythm) -> NDArray[np.float32]:
    """One row of numbers for each of SEEN; the same row whatever stands beside it."""
    clock = Clock(rhythm)
    rows = [[*_pace(one), *_shape(one), *_gaps(one), *_hour(one, rhythm, clock), *_contagion(one, clock), *_text(one.text)] for one in seen]
    return np.asarray(rows, dtype=np.float32) if rows else np.zeros((0, 0), np.float32)


def _share(count: float, all_seen: int, part: float) -> float:
    """A count against what an even pace would bring, held back while few are seen."""
    return (count + 2.0 * part) / (all_seen * part + 2.0 * part)


def _since(times: Floats, moment: float) -> int:
    return len(times) - int(np.searchsorted(times, moment, side="right"))


def _pace(seen: Seen) -> list[float]:
    times, age, count = seen.reposts, seen.age, len(seen.reposts)
    late = [_since(times, age * (1.0 - part)) for part in LATE]
    early = [count - _since(times, age * part) for part in EARLY]
    return [
        math.log1p(count),
        math.log1p(age),
        *(math.log1p(each) for each in late),
        *(_share(each, count, part) for each, part in zip(late, LATE, strict=True)),
        *(_share(each, count, part) for each, part in zip(early, EARLY, strict=True)),
        *(math.log1p(_since(times, age - span)) for span in LAST_SECONDS),
        *(math.log1p(count - _since(times, span)) for span in FIRST_SECONDS),
        seen.time / YEAR,
    ]


def _shape(seen: Seen) -> list[float]:
    times, age, count = seen.reposts, seen.age, len(seen.reposts)
    quantiles = np.quantile(times, QUANTILES)
    quarters = np.diff([0, *(count - _since(times, age * part) for part in (0.25, 0.5, 0.75)), count]) + 1.0
    slots = np.bincount(np.minimum((times / age * SLOTS).astype(np.int64), SLOTS - 1), minlength=SLOTS).astype(np.float64)
    tails = [(times[times > age * part] / age - part) / (1.0 - part) for part in (0.25, 0.5)]
    return [
        *(quantiles / age).tolist(),
        math.log1p(quantiles[4]),
        math.log1p(quantiles[0]),
        *np.diff(np.log(quarters)).tolist(),
        math.log((quarters[2] + quarters[3]) / (quarters[0] + quarters[1])),
        math.log1p(slots.max()),
        float(slots.argmax()),
        float(np.argmax(np.cumsum(slots) >= count / 2)),
        float(slots[-3:].max() / slots.max()),
        float(slots[-6:].std() / (slots[-6:].mean() + 1.0)),
        float((slots**2).sum() / (count + 1.0) ** 2 * SLOTS),
        *((float(tail.mean()) - 0.5) * 12.0 * len(tail) / (len(tail) + 3.0) if len(tail) else 0.0 for tail in tails),
    ]


def _gaps(seen: Seen) -> list[float]:
    times, age, count = seen.reposts, seen.age, len(seen.reposts)
    gaps = np.diff(times, prepend=0.0)
    logs = np.log1p(gaps)
    jumps = np.abs(np.diff(logs))
    return [
        math.log1p(times[0]),
        *(math.log1p((age - times[-span - 1]) / span if count > span else age / (count + 1)) for span in LAST_GAPS),
        math.log1p(age - times[-1]),
        math.log1p(gaps.max()),
        float(gaps.std() / (gaps.mean() + 1e-9)),
        math.log1p(gaps.max() * count / age),
        float((gaps <= 1.0).mean()),
        float((gaps <= 5.0).mean()),
        float(np.median(jumps)),
        float(np.median(logs[-count // 3 :]) - np.median(logs[: max(1, count // 3)])),
    ]


def _hour(seen: Seen, rhythm: Rhythm, clock: Clock) -> list[float]:
    """The hour and the weekday of the moment, by a day that begins at the quietest hour; what the next hours weigh."""
    now = seen.time + seen.age
    days, hour = divmod(now / 3600.0 - rhythm.quietest, 24.0)
    turn = hour / 24.0 * 2.0 * math.pi
    weekday = (int(days) + 3) % 7
    begun, here = float(clock(seen.time)), float(clock(now))
    whole = max(here - begun, 1e-6)
    times = clock(seen.time + seen.reposts) - begun
    return [
        hour,
        math.sin(turn),
        math.cos(turn),
        (seen.time / 3600.0 - rhythm.quietest) % 24.0,
        float(weekday),
        float(weekday >= 5),
        *(float(clock(now + 3600.0 * ahead)) - here for ahead in AHEAD_HOURS),
        math.log1p(whole * 3600.0),
        *(_share(_since(times, whole * (1.0 - part)), len(times), part) for part in (1 / 8, 1 / 4, 1 / 2)),
        *(np.quantile(times, (0.1, 0.25, 0.5, 0.75, 0.9)) / whole).tolist(),
    ]


def _contagion(seen: Seen, clock: Clock) -> list[float]:
    begun = float(clock(seen.time))
    whole = float(clock(seen.time + seen.age)) - begun
    times = clock(seen.time + seen.reposts) - begun
    born = np.concatenate([[0.0], times])
    recent = _since(times, whole / 2)
    found: list[float] = []
    for flat, decay in MEMORIES:
        reached = float(_read(np.maximum(whole - born, 0.0), flat, decay).sum())
        lately = reached - float(_read(np.maximum(whole / 2 - born, 0.0), flat, decay).sum())
        left = max(len(born) - reached, 0.0)
        now = (recent + 1.0) / (lately + 1.0)
        to_come = math.log1p(now * left / max(1.0 - 0.8 * now, 0.2))
        found += [len(times) / (reached + 1e-3), math.log1p(left), now]
        found += [to_come - math.log1p(len(times)), math.log1p(now * left / len(times))]
    return found


def _read(ages: Floats, flat: float, decay: float) -> Floats:
    """The share of a post's readers that have come AGES after it: all alike for FLAT, then by a power law."""
    whole = decay / (1.0 + decay)
    after = whole + (1.0 - whole) * (1.0 - (np.maximum(ages, flat) / flat) ** -decay)
    return np.where(ages < flat, ages / flat * whole, after)


def _text(text: str) -> list[float]:
    return [
        float(value)
        for value in (
            len(text),
            *(text.count(mark) for mark in MARKS),
            text.count("#") // 2,
            text.count("！") + text.count("!"),
            text.count("？") + text.count("?"),
            text.count("…") + text.count("..."),
            text.count("，") + text.count(","),
            text.count("“") + text.count('"'),
            sum(each.isdigit() for each in text),
            sum(each.isascii() and each.isalpha() for each in text),
            len(FACES.findall(text)),
            *(word in text for word in WORDS),
            any(word in text for word in REPORTED),
        )
    ]
