"""Reading: bodies of pages by models that saw no page of their site, titles, minutes, boards, feeds as feedparser reads them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks import reading
from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder
from tools.train_body import cross_validate

DIVISIONS = 3
Row = tuple[str, str, float, float]


def run(quick: bool) -> list[Figure]:
    """The body is judged by leaving whole sites out, in several divisions; the rest has learnt nothing from the pages."""
    data = folder() / "data"
    divisions = [cross_validate(data / "pages", seed) for seed in range(1 if quick else DIVISIONS)]
    rates = {figure.name: figure for figure in reading.run(quick)}
    titles, minutes = reading.titles_and_minutes(data / "pages" / "zh")
    boards = reading.boards_read(data / "boards" / "zh")
    equal = reading.fields_as_feedparser(data / "feeds" / "real")
    return [
        *(
            Figure(
                f"body F1, {tongue}, sites not seen",
                [_f1(rows, tongue) for rows in divisions],
                goal,
                [reading.trafilatura_f1(data / "pages" / tongue)],
                digits=4,
                note="yardstick: trafilatura, fast",
            )
            for tongue, goal in (("en", 0.972), ("zh", 0.97))
        ),
        Figure("title, zh", [titles], 0.95),
        Figure("minute (or the day where no more is shown), zh", [minutes], 0.92),
        *(Figure(f"boards: {name}", [value], 0.97) for name, value in boards.items()),
        _rate("pages a second, en", rates, "engine.read.read_page, en", "trafilatura.extract, fast, en", 200),
        Figure("feeds: fields equal to feedparser's", [equal], 0.999, digits=4),
        _rate("feeds a second", rates, "engine.read.read_feed", "fastfeedparser.parse", None),
    ]


def _f1(rows: Sequence[Row], tongue: str) -> float:
    mine = [row for row in rows if row[0] == tongue]
    precision, recall = statistics.fmean(row[2] for row in mine), statistics.fmean(row[3] for row in mine)
    return 2 * precision * recall / (precision + recall)


def _rate(what: str, rates: dict[str, reading.Speed], ours: str, theirs: str, goal: float | None) -> Figure:
    return Figure(what, [rates[ours].rate], goal, [rates[theirs].rate], digits=0, note=f"one core, busy machine; yardstick: {theirs}")
