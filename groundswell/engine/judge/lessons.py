"""What people put right at the desk, as models that the next item feels: tone, unit, level, whether it is about us."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from groundswell.engine.judge.level_layer import LevelLesson, layer_of
from groundswell.engine.judge.models import Models, versioned
from groundswell.engine.judge.tone_model import with_tones
from groundswell.engine.learn.confidence import Confidence
from groundswell.engine.learn.correcting import correction_of, joined, with_corrections
from groundswell.engine.learn.features import Shape
from groundswell.engine.learn.model import Correction, Model
from groundswell.engine.learn.passage import Passage, squeezed
from groundswell.engine.text.normal import fold

NOBODY = ""  # the label of texts of which nothing was said
LONGEST = 2000
_BLANK = Model(
    kind="routing",
    labels=(NOBODY,),
    shape=Shape(runs=(2, 3), head=False, repeats=False, chars=LONGEST),
    shares=(1.0, 1.0, 0.0),
    constants=(0.0,),
    confidence=Confidence(),
    unknown_scale=1.0,
)


class Lesson(Struct, frozen=True):
    """A text and what a person said of it: a tone, the id of a unit, a level, or whether it is about us."""

    title: str
    text: str
    label: str


def taught(
    models: Models,
    tones: Sequence[Lesson] = (),
    units: Sequence[Lesson] = (),
    levels: Sequence[Lesson] = (),
    about_us: Sequence[Lesson] = (),
    layer: Sequence[LevelLesson] = (),
) -> Models:
    """MODELS with what people put right, in the order in which they did; of several lessons on one text the last counts.

    Labels: a tone; the id of a unit; a level, "1" to "4"; "yes" or "no".
    """
    tone = models.tone_model
    if tone is not None and tones:
        tone = with_tones(tone, _corrections(tone.words, tones))
    return versioned(
        msgspec.structs.replace(
            models,
            tone_model=tone,
            unit_memory=_memory(units),
            level_memory=_memory(levels),
            about_memory=_memory(about_us),
            level_layer=layer_of(layer, models.importance),
        )
    )


def _memory(lessons: Sequence[Lesson]) -> Model | None:
    """What was said of single texts, by label."""
    return with_corrections(_of_two(_BLANK), joined((), _corrections(_BLANK, lessons)), lead=1.0) if lessons else None


def lesson_passage(title: str, text: str) -> Passage:
    """The passage of an item as the judge folds it."""
    title, text = fold(title), fold(text)
    return Passage(squeezed((title + "\n" + text if title else text)[:LONGEST]))


def _corrections(model: Model, lessons: Sequence[Lesson]) -> list[Correction]:
    return [correction_of(model, lesson_passage(lesson.title, lesson.text), lesson.label) for lesson in lessons]


def _of_two(blank: Model) -> Model:
    """BLANK with a second label that no unit has: every unit then has a column of its own."""
    return msgspec.structs.replace(blank, labels=(NOBODY, "\x00"), constants=(0.0,))


def likenesses(labels: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
    """How like a text is to those of each label, from a memory's SCORES by LABELS.

    A label stands 1 below NOBODY where nothing is alike and 1 above on a text of its own.
    """
    return {label: (score - scores[0] + 1.0) / 2 for label, score in zip(labels[2:], scores[2:], strict=True)}
