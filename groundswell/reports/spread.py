"""Draws how a story spreads: counts seen, forecast with its 50 % and 80 % bands, alert line, events, now.

The x axis is time: a bar stands in the interval that it counts, ticks stand on round hours of the body's
zone. Labels are put where nothing else stands; one that finds no room is left out, since the sentence
beside the chart and its <desc> say the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from msgspec import Struct

from groundswell.engine.records import Forecast, Heat
from groundswell.reports.svg import amount, el, finite, nice_steps, num, plain, points, root, text, text_width
from groundswell.reports.words import Words, words_of

_TICKS = [timedelta(minutes=n) for n in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)]
_TICKS += [timedelta(days=n) for n in (1, 2, 7, 14, 30, 60, 90, 180, 365)]
_DAY = timedelta(days=1)
Size = Literal["wide", "slim", "paper"]
_SIZES: dict[Size, tuple[float, float]] = {"wide": (760.0, 286.0), "slim": (348.0, 236.0), "paper": (520.0, 204.0)}
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened, drawn as a numbered dot; the numbers are explained beside the chart."""

    at: datetime
    n: int
    title: str = ""


class _Frame(Struct, frozen=True, kw_only=True):
    """Where the plot lies and what its axes mean."""

    width: float
    height: float
    left: float
    right: float  # x of the right edge
    roof: float  # y of the highest value
    ground: float  # y of zero
    start: datetime
    end: datetime
    steps: tuple[float, ...]
    zone: tzinfo
    slim: bool

    def x(self, at: datetime) -> float:
        return self.left + (self.right - self.left) * ((at - self.start) / (self.end - self.start))

    def y(self, value: float) -> float:
        return self.ground - (self.ground - self.roof) * min(value, self.steps[-1]) / self.steps[-1]


class _Band(Struct, frozen=True, kw_only=True):
    """The forecast as points in time, from the last full interval on."""

    times: tuple[datetime, ...]
    median: tuple[float, ...]
    low50: tuple[float, ...]
    high50: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]


def spread_charts(
    heat: Heat,
    forecast: Forecast | None,
    *,
    now: datetime,
    zone: tzinfo,
    words: str | Words,
    alert: float | None = None,
    alert_label: str = "",
    events: Sequence[Event] = (),
    key: str = "spread",
) -> str:
    """The wide and the slim drawing together; the style sheet shows the one that fits the screen."""
    sizes: tuple[Size, ...] = ("wide", "slim")
    return "".join(
        spread_chart(
            heat,
            forecast,
            now=now,
            zone=zone,
            words=words,
            alert=alert,
            alert_label=alert_label,
            events=events,
            size=size,
            key=key + ("-s" if size == "slim" else ""),
        )
        for size in sizes
    )


def spread_chart(
    heat: Heat,
    forecast: Forecast | None,
    *,
    now: datetime,
    zone: tzinfo,
    words: str | Words,
    alert: float | None = None,
    alert_label: str = "",
    events: Sequence[Event] = (),
    size: Size = "wide",
    key: str = "spread",
) -> str:
    """One drawing: wide for screens (760 × 286), slim for phones (348 × 236), or for paper (520 × 204, larger letters in print).

    ``heat`` and ``forecast`` are items per interval, times aware; ``alert`` is the number of items per
    interval at which the next level begins; ``key`` makes the ids of <title> and <desc> unique on a page."""
    said = words_of(words)
    alert = finite([alert])[0] or None
    counts = finite(heat.counts)
    band = _band(heat, counts, forecast, now)
    frame = _frame(heat, counts, band, alert, now, zone, size)
    drawn: list[Box] = []
    parts = [_grid(frame, alert), _time_axis(frame)]
    parts.append(_bands(frame, band))
    parts.append(_bars(frame, heat, counts, now))
    parts.append(_median(frame, band))
    parts.append(_alert(frame, alert, alert_label or said["alert"], said, drawn))
    parts.append(_now(frame, now, said, drawn))
    parts.append(_events(frame, heat, counts, band, events, drawn))
    parts.append(_band_labels(frame, band, said, drawn))
    if not any(counts):
        x, y = (frame.left + frame.right) / 2, (frame.roof + frame.ground) / 2
        parts += [_plate(_box(x, y, said["chart_empty"], "middle", bold=True)), text(x, y, said["chart_empty"], "tick", "middle", 13)]
    title, desc = _said(heat, counts, band, alert, alert_label or said["alert"], zone, said)
    return root(frame.width, frame.height, "".join(parts), size, "", title, desc, key)


class SpreadRow(Struct, frozen=True, kw_only=True):
    """One interval of the chart's table view; what is not known is None."""

    start: datetime
    count: int | None = None
    median: float | None = None
    low80: float | None = None
    high80: float | None = None
    running: bool = False


def spread_rows(heat: Heat, forecast: Forecast | None, now: datetime) -> list[SpreadRow]:
    """The figures behind the drawing, oldest first: intervals seen, then (or beside the running one) those forecast."""
    seen = {heat.start + timedelta(minutes=heat.bucket_minutes * i): count for i, count in enumerate(heat.counts)}
    ahead: dict[datetime, tuple[float, float, float]] = {}
    if forecast:
        for i, three in enumerate(zip(forecast.median, forecast.low80, forecast.high80, strict=False)):
            ahead[forecast.start + timedelta(minutes=forecast.bucket_minutes * i)] = three
    last = max(seen, default=None) if _running(heat, now) else None
    rows = []
    for start in sorted(seen.keys() | ahead.keys()):
        median, low, high = ahead.get(start, (None, None, None))
        rows.append(SpreadRow(start=start, count=seen.get(start), median=median, low80=low, high80=high, running=start == last))
    return rows


def _middle(start: datetime, minutes: float, i: float) -> datetime:
    return start + timedelta(minutes=minutes * (i + 0.5))


def _running(heat: Heat, now: datetime) -> bool:
    """Whether the last interval is still being counted."""
    return now < heat.start + timedelta(minutes=heat.bucket_minutes * len(heat.counts))


def _band(heat: Heat, counts: list[float], forecast: Forecast | None, now: datetime) -> _Band | None:
    if forecast is None or not forecast.median:
        return None
    n = len(forecast.median)
    times = [_middle(forecast.start, forecast.bucket_minutes, i) for i in range(n)]
    lines = [finite(line)[:n] for line in (forecast.median, forecast.low50, forecast.high50, forecast.low80, forecast.high80)]
    lines = [line if len(line) == n else lines[0] for line in lines]
    full = len(counts) - (2 if _running(heat, now) else 1)
    if full >= 0 and (joint := _middle(heat.start, heat.bucket_minutes, full)) < times[0]:
        times.insert(0, joint)
        for line in lines:
            line.insert(0, counts[full])
    median, low50, high50, low80, high80 = (tuple(line) for line in lines)
    return _Band(times=tuple(times), median=median, low50=low50, high50=high50, low80=low80, high80=high80)


def _frame(heat: Heat, counts: list[float], band: _Band | None, alert: float | None, now: datetime, zone: tzinfo, size: Size) -> _Frame:
    width, height = _SIZES[size]
    slim = size == "slim"
    interval = timedelta(minutes=max(heat.bucket_minutes, 1))
    end = max([heat.start + interval * max(len(counts), 1), now, *([band.times[-1]] if band else [])])
    top = max([*counts, *(band.high80 if band else ()), 1.0])
    if alert and alert <= top * 2.2:
        top = max(top, alert * 1.08)
    steps = nice_steps(top * 1.02, 5 if size == "wide" else 4)
    labels = [amount(step) for step in steps] + ([amount(alert)] if alert and alert <= steps[-1] else [])
    left = max(text_width(label) for label in labels) + 14
    return _Frame(
        width=width, height=height, left=left, right=width - 10, roof=30.0, ground=height - 30,
        start=heat.start, end=end, steps=tuple(steps), zone=zone, slim=slim,
    )  # fmt: skip


def _grid(frame: _Frame, alert: float | None) -> str:
    parts = []
    alert_y = frame.y(alert) if alert and alert <= frame.steps[-1] else -99.0
    for step in frame.steps:
        y = frame.y(step)
        parts.append(el("line", "axis" if step == 0 else "grid", x1=frame.left, x2=frame.right, y1=y, y2=y))
        if abs(y - alert_y) >= 13:
            parts.append(text(frame.left - 8, y + 4, amount(step), "tick", "end"))
    return "".join(parts)


def _time_axis(frame: _Frame) -> str:
    """Ticks on round local times, as many as have room; the first after midnight is the date."""
    span = frame.end - frame.start
    room = frame.right - frame.left
    step = next((step for step in _TICKS if room * (step / span) >= _tick_room(step, frame)), _TICKS[-1])
    local = frame.start.astimezone(frame.zone).replace(tzinfo=None)
    at = local.replace(hour=0, minute=0, second=0, microsecond=0)  # wall time: a step over the change of clocks stays round
    parts, edge = [], -99.0
    while True:
        moment = at.replace(tzinfo=frame.zone).astimezone(UTC)
        if moment > frame.end:
            break
        if moment >= frame.start:
            x = frame.x(moment)
            label = _tick_label(at, step, frame)
            half = text_width(label) / 2
            middle = min(x, frame.width - half)
            if middle - half > edge:
                parts.append(el("line", "axis", x1=x, x2=x, y1=frame.ground, y2=frame.ground + 4))
                parts.append(
                    text(middle, frame.height - 9, label, "lbl" if step < _DAY and at.hour == at.minute == 0 else "tick", "middle")
                )
                edge = middle + half + 4
        at += step
    return "".join(parts)


def _tick_room(step: timedelta, frame: _Frame) -> float:
    widest = "12-30" if step >= _DAY else "00" if frame.slim and step >= timedelta(hours=1) else "00:00"
    return text_width(widest) + (12 if frame.slim else 22)


def _tick_label(at: datetime, step: timedelta, frame: _Frame) -> str:
    if step >= _DAY or at.hour == at.minute == 0:
        return f"{at.month}-{at.day}"
    return f"{at.hour:02d}" if frame.slim and step >= timedelta(hours=1) else f"{at.hour:02d}:{at.minute:02d}"


def _bars(frame: _Frame, heat: Heat, counts: list[float], now: datetime) -> str:
    """A bar an interval; where they would be thinner than two pixels, one stepped shape of the highest a pixel."""
    interval = timedelta(minutes=max(heat.bucket_minutes, 1))
    slot = (frame.right - frame.left) * (interval / (frame.end - frame.start))
    if slot < 2.6:
        return _silhouette(frame, heat, counts)
    thick = min(slot * (0.66 if slot > 5 else 0.8), 46.0)
    running = len(counts) - 1 if _running(heat, now) else -1
    parts = []
    for i, count in enumerate(counts):
        if count:
            x, y = frame.x(_middle(heat.start, heat.bucket_minutes, i)) - thick / 2, frame.y(count)
            kind = "bar-part" if i == running else "bar"
            parts.append(
                el(
                    "rect",
                    kind,
                    x=x,
                    y=y,
                    width=thick,
                    height=frame.ground - y,
                    rx=min(1.5, thick / 3),
                    stroke_width=1 if i == running else None,
                )
            )
    return "".join(parts)


def _silhouette(frame: _Frame, heat: Heat, counts: list[float]) -> str:
    highest: dict[int, float] = {}
    for i, count in enumerate(counts):
        pixel = int(frame.x(_middle(heat.start, heat.bucket_minutes, i)))
        highest[pixel] = max(highest.get(pixel, 0.0), count)
    path = [f"M{num(frame.left)} {num(frame.ground)}"]
    for pixel, count in sorted(highest.items()):
        path.append(f"H{pixel}V{num(frame.y(count))}")
    path.append(f"H{max(highest, default=int(frame.left)) + 1}V{num(frame.ground)}Z")
    return el("path", "bar", d="".join(path))


def _bands(frame: _Frame, band: _Band | None) -> str:
    if band is None or len(band.times) < 2:
        return ""
    out = []
    for kind, low, high in (("band80", band.low80, band.high80), ("band50", band.low50, band.high50)):
        upper = [(frame.x(at), frame.y(value)) for at, value in zip(band.times, high, strict=True)]
        lower = [(frame.x(at), frame.y(value)) for at, value in zip(band.times, low, strict=True)]
        out.append(el("polygon", kind, points=points([*upper, *reversed(lower)])))
    return "".join(out)


def _median(frame: _Frame, band: _Band | None) -> str:
    if band is None:
        return ""
    line = [(frame.x(at), frame.y(value)) for at, value in zip(band.times, band.median, strict=True)]
    if len(line) == 1:
        return el("circle", "bar", cx=line[0][0], cy=line[0][1], r=3)
    return el("polyline", "median", points=points(line), stroke_width=2.2, stroke_dasharray="5 4", stroke_linejoin="round")


def _alert(frame: _Frame, alert: float | None, label: str, said: Words, drawn: list[Box]) -> str:
    """The line with its name above it; only the name with an arrow where the line lies far above the picture."""
    if not alert:
        return ""
    if alert > frame.steps[-1]:
        words = said["alert_above"].format(label=label, value=amount(alert))
        drawn.append(_box(frame.left + 4, 14, words, "start"))
        return text(frame.left + 4, 14, words, "thr-lbl")
    y = frame.y(alert)
    line = el("line", "thr", x1=frame.left, x2=frame.right, y1=y, y2=y, stroke_width=1.4, stroke_dasharray="6 4")
    drawn.append(_box(frame.left + 4, y - 6, label, "start"))
    plate = _plate(drawn[-1])
    return line + text(frame.left - 8, y + 4, amount(alert), "thr-lbl", "end") + plate + text(frame.left + 4, y - 6, label, "thr-lbl")


def _now(frame: _Frame, now: datetime, said: Words, drawn: list[Box]) -> str:
    if not frame.start <= now <= frame.end:
        return ""
    x = frame.x(now)
    words = said["now"].format(time=f"{now.astimezone(frame.zone):%H:%M}")
    line = el("line", "now", x1=x, x2=x, y1=6, y2=frame.ground)
    for anchor, at in (("end", x - 6), ("start", x + 6)):
        box = _box(at, 15, words, anchor, bold=True)
        if box[0] >= 0 and box[2] <= frame.width and _free(box, drawn):
            drawn += [box, (x - 1, 20, x + 1, frame.ground)]
            return line + _plate(box) + text(at, 15, words, "em", anchor, bold=True)
    return line


def _events(frame: _Frame, heat: Heat, counts: list[float], band: _Band | None, events: Sequence[Event], drawn: list[Box]) -> str:
    """Numbered dots above what happened at their time, lifted or moved aside until they touch nothing."""
    parts = []
    for event in sorted(events, key=lambda event: (event.at, event.n)):
        if not frame.start <= event.at <= frame.end:
            continue
        foot_x, foot_y = frame.x(event.at), frame.y(_height_at(heat, counts, band, event.at)) - 3
        lifts = [foot_y - 25 - 21 * i for i in range(8)]
        spots = [(foot_x + aside, max(y, 12.0)) for aside in (0, 21, -21, 42, -42, 63, -63) for y in lifts if y >= 12 or y == lifts[0]]
        x, y = next(
            ((x, y) for x, y in spots if 9 <= x <= frame.width - 9 and _free((x - 10, y - 10, x + 10, y + 10), drawn)),
            (foot_x, max(lifts[0], 12.0)),
        )
        drawn.append((x - 10, y - 10, x + 10, y + 10))
        if foot_y - y > 10:
            parts.append(el("line", "lead", x1=foot_x, x2=x, y1=foot_y, y2=y + 9))
        body = el("title", "", plain(event.title)) if event.title else ""
        body += el("circle", "ev-dot", cx=x, cy=y, r=9) + text(x, y + 4, str(event.n), "ev-num", "middle", 11, bold=True)
        parts.append(el("g", "ev", body))
    return "".join(parts)


def _height_at(heat: Heat, counts: list[float], band: _Band | None, at: datetime) -> float:
    """The value drawn at a moment: the bar there, or the median where there is none."""
    i = math.floor((at - heat.start) / timedelta(minutes=max(heat.bucket_minutes, 1)))
    if 0 <= i < len(counts):
        return counts[i]
    if band:
        return min(zip(band.times, band.median, strict=True), key=lambda pair: abs(pair[0] - at))[1]
    return 0.0


def _band_labels(frame: _Frame, band: _Band | None, said: Words, drawn: list[Box]) -> str:
    """Names of the bands and the median where the picture is thick enough to hold them."""
    if band is None or len(band.times) < 3:
        return ""
    rows = list(zip(band.times, band.median, band.high50, band.high80, strict=True))[1:]
    parts = []
    peak = max(rows, key=lambda row: row[1])
    wanted = [(said["median"].format(n=amount(round(peak[1]))), "em", [(row[0], row[1], row[2]) for row in rows], peak[0])]
    for words, upper in (("80%", [(row[0], row[2], row[3]) for row in rows]), ("50%", [(row[0], row[1], row[2]) for row in rows])):
        wanted.append((words, "lbl", upper, max(upper, key=lambda row: row[2] - row[1])[0]))
    for words, kind, spaces, around in wanted:
        bold = kind == "em"
        for at, low, high in sorted(spaces, key=lambda row: abs(row[0] - around)):
            x = frame.x(at)
            if not bold:  # the whole width of the words must lie between the two lines
                near = [row for row in spaces if abs(frame.x(row[0]) - x) <= text_width(words) / 2 + 6]
                low, high = max(row[1] for row in near), min(row[2] for row in near)
            thick = frame.y(low) - frame.y(high)
            y = (
                (frame.y(low) + frame.y(high)) / 2 + 4
                if not bold
                else frame.y(high) + 4 + min(thick / 2, 8)
                if thick >= 16
                else frame.y(low) - 8
            )
            box = _box(x, y, words, "middle", bold=bold)
            crowded = not bold and thick < 15
            if not crowded and box[0] > frame.left and box[2] < frame.width - 2 and box[1] > 4 and _free(box, drawn):
                drawn.append(box)
                parts.append(text(x, y, words, kind, "middle", bold=bold))
                break
    return "".join(parts)


def _box(x: float, y: float, words: str, anchor: str, bold: bool = False) -> Box:
    """The room that a line of text takes, ``y`` its baseline."""
    wide = text_width(words) * (1.06 if bold else 1.0)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return (left - 2, y - 11, left + wide + 2, y + 4)


def _plate(box: Box) -> str:
    """A pale ground under a label that lines or bars may cross."""
    return el("rect", "plate", x=box[0], y=box[1], width=box[2] - box[0], height=box[3] - box[1], rx=2)


def _free(box: Box, drawn: Sequence[Box]) -> bool:
    return not any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in drawn)


def _bucket_words(minutes: int, said: Words) -> str:
    if minutes == 30:
        return said["half_hour"]
    for size, one, many in ((1440, "day", "days"), (60, "hour", "hours")):
        if minutes % size == 0:
            return said[one] if minutes == size else said[many].format(n=minutes // size)
    return said["minutes"].format(n=minutes)


def _said(
    heat: Heat, counts: list[float], band: _Band | None, alert: float | None, label: str, zone: tzinfo, said: Words
) -> tuple[str, str]:
    """Title and description: what the picture shows, for those who hear it."""
    title = said["chart_title" if band else "chart_title_plain"].format(bucket=_bucket_words(heat.bucket_minutes, said))
    if not counts:
        return title, said["chart_empty"]
    days = timedelta(minutes=heat.bucket_minutes * len(counts)) > _DAY

    def clock(at: datetime) -> str:
        local = at.astimezone(zone)
        return f"{local.month}-{local.day} {local:%H:%M}" if days else f"{local:%H:%M}"

    def start(i: int) -> str:
        return clock(heat.start + timedelta(minutes=heat.bucket_minutes * i))

    top = max(range(len(counts)), key=lambda i: counts[i])
    desc = [
        said["chart_desc_observed"].format(
            first_time=start(0), first=amount(counts[0]), last_time=start(len(counts) - 1), last=amount(counts[-1]),
            top_time=start(top), top=amount(counts[top]),
        )
    ]  # fmt: skip
    if band:
        i = max(range(len(band.median)), key=lambda i: (i > 0, band.median[i]))
        low, high = amount(round(band.low80[i])), amount(round(band.high80[i]))
        desc.append(said["chart_desc_forecast"].format(time=clock(band.times[i]), median=amount(round(band.median[i])), low=low, high=high))
    if alert:
        desc.append(said["chart_desc_alert"].format(label=label, value=amount(alert)))
    return title, ("" if said["lang"].startswith("zh") else " ").join(desc)
