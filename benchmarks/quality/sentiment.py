"""Sentiment: three sets through learn and label, and the shipped reading of tone on 500 civic sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.quality.figures import Figure
from benchmarks.quality.routing import BARE, folds, measured
from benchmarks.quality.shared import rows, scored_labels
from benchmarks.quality.yardstick import CHARACTERS
from groundswell.engine.judge.models import Models
from groundswell.engine.judge.sentiment import ToneReader
from groundswell.engine.text.normal import fold

CIVIC = Path(__file__).parent.parent / "data" / "civic_tone.txt"


def run(quick: bool) -> list[Figure]:
    reviews, _ = measured("sentiment", rows("sentiment/chnsenticorp_train"), rows("sentiment/chnsenticorp_dev"), (CHARACTERS,))
    virus, _ = measured("sentiment", rows("sentiment/smp_virus_train"), rows("sentiment/smp_virus_dev"), (CHARACTERS,))
    posts, _ = folds("sentiment", rows("sentiment/weibo2018_train"), quick, (CHARACTERS,))
    return [
        Figure("ChnSentiCorp, accuracy on its dev part", [reviews["accuracy"]], 0.94, [reviews["yardstick_accuracy_0"]]),
        Figure("weibo2018, accuracy, five folds", posts["accuracy"], 0.91, posts["yardstick_accuracy_0"]),
        Figure("SMP-virus, macro-F1 on its dev part", [virus["macro_f1"]], 0.66, [virus["yardstick_0"]]),
        Figure("largest calibration error of the three", [max(reviews["ece"], virus["ece"], *posts["ece"])], 0.03, less_is_better=True),
        Figure(
            "reviews a second, reasons included",
            [reviews["rate"]],
            10_000,
            [reviews["bare_rate"]],
            digits=0,
            note=f"108 characters; {BARE}",
        ),
        Figure("weibo2018 posts a second", posts["rate"], 10_000, posts["bare_rate"], digits=0, note="80 characters"),
        Figure("SMP-virus posts a second", [virus["rate"]], 10_000, [virus["bare_rate"]], digits=0, note="46 characters"),
        *_civic(),
    ]


def civic() -> Iterator[tuple[str, str, str]]:
    """(label, mark, sentence) of the published sentences."""
    group = ("", "")
    for line in CIVIC.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            label, mark = line.split()[1:3]
            group = (label, mark)
        elif line and not line.startswith("#"):
            yield *group, line


def _civic() -> list[Figure]:
    found = list(civic())
    models = Models.default()
    figures = {}
    for name, model in (("both", models.tone_model), ("table", None)):
        said = [ToneReader(models.tone, (), model).read(fold(text)) for _label, _mark, text in found]
        figures[name] = scored_labels([label for label, _mark, _text in found], [(one.label, one.confidence) for one in said])
        if name == "both":
            ironic = [one.unsure for one, (_label, mark, _text) in zip(said, found, strict=True) if mark == "irony"]
            sure = [one.label == label for one, (label, _mark, _text) in zip(said, found, strict=True) if not one.unsure]
            english = [one.label == label for one, (label, _mark, text) in zip(said, found, strict=True) if text.isascii()]
    return [
        Figure(
            "500 civic sentences, macro-F1",
            [figures["both"]["macro_f1"]],
            0.85,
            [figures["table"]["macro_f1"]],
            note="yardstick: the table alone",
        ),
        Figure("their calibration error", [figures["both"]["ece"]], None, [figures["table"]["ece"]], less_is_better=True),
        Figure("right where it is sure", [sum(sure) / len(sure)], note=f"sure of {len(sure)} of 500"),
        Figure("English ones right", [sum(english) / len(english)], note=f"{len(english)} sentences"),
        Figure("ironic ones marked unsure", [sum(ironic) / len(ironic)], note=f"{len(ironic)} sentences"),
    ]
