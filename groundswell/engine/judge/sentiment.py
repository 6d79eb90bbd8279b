"""How an item sounds, and how it speaks of the body: negative, neutral, positive, and whether that is sure.

A lexicon with weights, negation and emphasis, turns of speech that complain without complaining words, and marks of
irony that make praise doubtful; beside them a learnt model of hashed features. The table is for what a person can name
and change, the model for all the rest; without a model the table answers alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct

from groundswell.engine.judge.finder import Finder, Found, outermost
from groundswell.engine.judge.tone_model import LABELS, ToneModel, mixed
from groundswell.engine.judge.tone_table import ToneRow
from groundswell.engine.learn.correcting import passage_hash
from groundswell.engine.learn.labelling import Labeller
from groundswell.engine.learn.passage import Passage, squeezed
from groundswell.engine.records import Sentiment, Slang, Why
from groundswell.engine.text.normal import fold

Tone = Literal["negative", "neutral", "positive"]
LONGEST = 2000  # characters that are looked at
ECHO, LONGEST_ECHO = "tone.echo", 60  # a few words that agree with what they answer, and say nothing without it
UNSURE_BELOW = 0.6  # confidence
NEUTRAL_WIDTH = 0.9  # logits on either side of zero that still sound neutral
SLANG_WEIGHT = 1.4
REACH_OF_NO = 3  # characters between a negation and what it turns round
_OPENER = re.compile(  # as answers begin
    r"^(?:@\S{1,20}\s+)?(?:(?:我也|完全|也)?(?:支持|同意|顶)(?:楼主|楼上)?|(?:楼上|楼主)?说得对|\+1|确实|补充一下|我也(?:来)?说(?:一|两)句|谁说不是呢?)[，,。！!\s]+(?=.)"
)
_AGREES = (
    r"(?:我也|完全|太|也)?(?:支持|同意|赞同|顶)(?:楼主|楼上|你|一下)?|(?:楼上|楼主|你)?说[得的](?:对|是|好)|同[问感求]|附议|\+1|顶|帮顶|路过帮顶|确实|是的|没错"
    r"|我(?:家|们这栋|们单元|们楼|们这边|们小区|们村)?(?:也|都)(?:是|一样|这样)(?:的|啊)?|一样"
)
_ECHO = re.compile(rf"(?:@\S{{1,20}}\s+)?(?:(?:{_AGREES})[，,。.！!~～\s]*){{1,4}}")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*|[。！？!?；;\n]+")
_QUESTIONS, _SHOUTS = re.compile(r"[?？]"), re.compile(r"[!！]{2,}|[?？][!！]|[?？]{2,}")
_GOOD_OF_NEGATED = 0.5  # "not bad" praises less than "bad" blames


class Reading(Struct, frozen=True):
    """What the table says of one stretch of text."""

    bad: float  # ≤ 0
    good: float  # ≥ 0
    bad_turns: float  # ≤ 0: the part of it that turns of speech carry
    good_turns: float
    ironic: bool
    incongruous: bool  # praise beside trouble that nobody mends
    shouts: bool
    questions: int
    latin: bool
    why: tuple[Why, ...]


class Learnt(Struct, frozen=True):
    """What the model says of one stretch: scores by label, and the words behind the highest."""

    scores: tuple[float, ...]
    words: tuple[tuple[str, float], ...]


class ToneReader:
    """The tone table and the body's slang as automata, and the model that was learnt."""

    def __init__(self, rows: Sequence[ToneRow], slang: Sequence[Slang] = (), model: ToneModel | None = None) -> None:
        words = {fold(row.what): row.weight for row in rows if row.kind == "word"}
        words |= {
            fold(s.word): SLANG_WEIGHT if s.tone == "positive" else -SLANG_WEIGHT for s in slang if s.tone in ("positive", "negative")
        }
        self._weights = list(words.values())
        self._words = Finder(list(words))
        self._no = Finder([fold(row.what) for row in rows if row.kind == "no"])
        more = {fold(row.what): row.weight for row in rows if row.kind == "more"}
        self._more_weights, self._more = list(more.values()), Finder(list(more))
        self._irony, self._praise, self._trouble, self._mend = (
            Finder([fold(row.what) for row in rows if row.kind == kind]) for kind in ("irony", "praise", "trouble", "mend")
        )
        self._turns = [(row.weight, re.compile(row.what), row.what) for row in rows if row.kind == "turn"]
        self._model = model
        self._labeller = Labeller(model.words) if model else None
        self._corrected = {c.passage for c in model.words.corrections} if model else set()

    def learnt(self, texts: Sequence[str]) -> list[Learnt | None]:
        """What the model says of many folded texts at once; each by its text alone."""
        if self._labeller is None:
            return [None] * len(texts)
        return [Learnt(tuple(scores), words) for scores, words in self._labeller.scores([_passage(text) for text in texts])]

    def read(self, text: str, learnt: Learnt | None = None) -> Sentiment:
        """The tone of a folded text; LEARNT, where it is known already, spares asking the model."""
        if len(text) <= LONGEST_ECHO and _ECHO.fullmatch(text) and not self._is_corrected(text):
            return Sentiment(label="neutral", confidence=0.5, unsure=True, why=(Why(code=ECHO),))
        reading = self.reading(text[:LONGEST])
        if self._model is None:
            return _verdict(reading)
        learnt = learnt or self.learnt([text])[0]
        assert learnt is not None
        return self._weighed(text, reading, learnt)

    def _is_corrected(self, text: str) -> bool:
        return bool(self._corrected) and passage_hash(_passage(text)) in self._corrected

    def stretch(self, text: str, targets: Sequence[tuple[int, int]]) -> str:
        """The sentences that name the body, a unit or an office: ``targets`` are stretches of the folded text; "" where nobody is named."""
        text = text[:LONGEST]
        named = [m for m in _SENTENCE.finditer(text) if any(m.start() <= start < m.end() for start, _end in targets)]
        return "".join(m[0] for m in named)

    def read_toward(self, stretch: str, whole: Sentiment, learnt: Learnt | None = None) -> Sentiment:
        """The tone of the STRETCH that names the body, beside the tone of the WHOLE text.

        Where nobody is named the text does not speak of the body: neutral and unsure.
        """
        if not stretch:
            return Sentiment(label="neutral", confidence=0.5, unsure=whole.label == "negative", why=(Why(code="tone.body_not_named"),))
        toward = self.read(stretch, learnt)
        if toward.label == "neutral" and whole.label == "negative" and not any(why.code == "tone.word" for why in toward.why):
            return Sentiment(label="negative", confidence=round(0.6 * whole.confidence, 3), unsure=True, why=whole.why)
        return toward

    def reading(self, text: str) -> Reading:
        """What the table says of a folded text."""
        text = _OPENER.sub("", text)
        nos, mores = self._no.find(text), self._more.find(text)
        why: dict[str, float] = {}
        for word in outermost(self._words.find(text)):
            weight = self._weights[word.word]
            weight *= max((self._more_weights[m.word] for m in mores if m.end <= word.start <= m.end + 1), default=1.0)
            if _is_negated(word, nos):
                weight = -weight * _GOOD_OF_NEGATED if weight < 0 else -weight
            key = text[word.start : word.end]
            weight *= 0.5 if key in why else 1.0  # said twice is not twice as bad
            why[key] = why.get(key, 0.0) + weight
        turns = [(match[0][:24], weight) for weight, pattern, _source in self._turns if (match := pattern.search(text))]
        why.update(turns)
        bad, good = sum(min(weight, 0.0) for weight in why.values()), sum(max(weight, 0.0) for weight in why.values())
        shouts = bool(_SHOUTS.search(text))
        reasons = sorted(why.items(), key=lambda row: (-abs(row[1]), row[0]))[:5]
        return Reading(
            bad=bad * 1.2 if shouts else bad,
            good=good,
            bad_turns=sum(min(weight, 0.0) for _piece, weight in turns),
            good_turns=sum(max(weight, 0.0) for _piece, weight in turns),
            ironic=bool(self._irony.find(text)),
            incongruous=bool(self._praise.find(text) and self._trouble.find(text) and not self._mend.find(text)),
            shouts=shouts,
            questions=_questions(text),
            latin=text.isascii(),
            why=tuple(Why(code="tone.word", weight=round(w, 2), args={"word": word}) for word, w in reasons),
        )

    def _weighed(self, text: str, reading: Reading, learnt: Learnt) -> Sentiment:
        """The verdict of model and table together."""
        assert self._model is not None
        scores = mixed(learnt.scores, evidence(reading), self._model)
        best = int(scores.argmax())
        lead = float(scores[best] - np.delete(scores, best).max())
        confidence = float(self._model.words.confidence.of(np.array([lead]))[0])
        label = LABELS[best]
        why = _both_reasons(reading, learnt, label)
        if self._is_corrected(text):
            return Sentiment(label=label, confidence=round(confidence, 3), why=(*why, Why(code="tone.corrected")))
        return _doubted(label, confidence, reading, why, irony=reading.incongruous or (reading.ironic and label != "neutral"))


def evidence(reading: Reading) -> tuple[float, ...]:
    """What the table found, as the numbers that EVIDENCE names."""
    bad, good = -reading.bad, reading.good
    return (
        bad,
        good,
        min(1.0, bad),
        min(1.0, good),
        float(reading.ironic),
        float(reading.incongruous),
        min(2, reading.questions) / 2,
        float(reading.shouts),
        -reading.bad_turns,
        reading.good_turns,
        float(bad > 0 and good > 0),
        min(bad, good),
        float(reading.latin),
    )


def _passage(text: str) -> Passage:
    return Passage(squeezed(text[:LONGEST]))


def _both_reasons(reading: Reading, learnt: Learnt, label: Tone) -> tuple[Why, ...]:
    """The table's words, and those of the model that speak for the label; below zero is complaint."""
    why = {w.args["word"]: w for w in reading.why}
    sign = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}[label]
    for word, weight in learnt.words:
        if sign and weight > 0 and not any(word in known or known in word for known in why):
            why[word] = Why(code="tone.word", weight=round(sign * weight, 2), args={"word": word})
    return tuple(sorted(why.values(), key=lambda w: (-abs(w.weight), w.args["word"]))[:5])


def _doubted(label: Tone, confidence: float, reading: Reading, why: tuple[Why, ...], *, irony: bool) -> Sentiment:
    """The verdict with its doubts: irony and praise beside blame are never sure."""
    mixed_tones = min(-reading.bad, reading.good) > 0.5 * max(-reading.bad, reading.good) and reading.good >= 1.5
    if irony:
        why = (*why, Why(code="tone.irony"))
        confidence = min(confidence, 0.59)
        if label == "positive" and reading.ironic:
            label, confidence = "negative", min(confidence, 0.5)
    if mixed_tones:
        why, confidence = (*why, Why(code="tone.mixed")), confidence * 0.8
    unsure = confidence < UNSURE_BELOW or mixed_tones or irony
    return Sentiment(label=label, confidence=round(confidence, 3), unsure=unsure, why=why)


def _is_negated(word: Found, nos: Sequence[Found]) -> bool:
    before = [n for n in nos if n.end <= word.start <= n.end + REACH_OF_NO]
    outer = [n for n in before if not any(m is not n and m.start <= n.start and n.end <= m.end for m in before)]
    return len(outer) % 2 == 1


def _questions(text: str) -> int:
    return min(3, len(_QUESTIONS.findall(text)))


def _verdict(reading: Reading) -> Sentiment:
    """Label, confidence and doubt from the table alone."""
    total = reading.bad + reading.good - (0.3 * reading.questions if reading.bad else 0.0)
    label: Tone = "neutral"
    if total < -NEUTRAL_WIDTH:
        label = "negative"
    elif total > NEUTRAL_WIDTH:
        label = "positive"
    confidence = 0.5 + 0.49 * math.tanh(abs(abs(total) - NEUTRAL_WIDTH) / 1.8)
    irony = reading.ironic and (reading.good > 0 or reading.bad < 0)
    return _doubted(label, confidence, reading, reading.why, irony=irony)
