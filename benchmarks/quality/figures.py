"""Figures and how they are shown: what, how much, the goal, the yardstick of the same run, the spread over the folds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line: VALUES are those of the folds (one where there are none), YARDSTICK what the yardstick has on the same."""

    what: str
    values: Sequence[float]
    goal: float | None = None
    yardstick: Sequence[float] = ()
    less_is_better: bool = False
    digits: int = 3
    note: str = ""

    @property
    def value(self) -> float:
        return statistics.fmean(self.values)

    @property
    def is_reached(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value <= self.goal if self.less_is_better else self.value >= self.goal


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| | figure | spread | yardstick | goal | |", "|---|---|---|---|---|---|"]
    for figure in figures:
        spread = f"{_number(min(figure.values), figure)} to {_number(max(figure.values), figure)}" if len(figure.values) > 1 else ""
        yardstick = _number(statistics.fmean(figure.yardstick), figure) if figure.yardstick else ""
        goal = f"{'≤' if figure.less_is_better else '≥'} {_number(figure.goal, figure)}" if figure.goal is not None else ""
        missed = "not reached" if figure.is_reached is False else ""
        note = "; ".join(words for words in (missed, figure.note) if words)
        lines.append(f"| {figure.what} | {_number(figure.value, figure)} | {spread} | {yardstick} | {goal} | {note} |")
    return "\n".join(lines)


def _number(value: float, figure: Figure) -> str:
    return f"{value:,.{figure.digits}f}"
