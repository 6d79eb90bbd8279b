"""The model of tone that ships: its card is true, it holds no text, and it reads the published sentences as well as is said."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b
from importlib.resources import files

import pytest

from benchmarks.quality.sentiment import civic
from groundswell.engine.judge.models import Models
from groundswell.engine.judge.sentiment import ToneReader, evidence
from groundswell.engine.judge.tone_model import EVIDENCE, dump_tone, load_tone
from groundswell.engine.learn.confidence import macro_f1
from groundswell.engine.learn.model import ModelError
from groundswell.engine.text.normal import fold
from tools.tone_seeds import seeds_by_pattern

HERE = files("groundswell.engine.judge")
DATA = HERE.joinpath("tone.model").read_bytes()
LABELS = ("negative", "neutral", "positive")
TOGETHER = 8  # characters that a taught sentence and a published one may not have in common


def test_the_card_names_the_file() -> None:
    card = HERE.joinpath("tone.md").read_text(encoding="utf-8")
    assert f"`{blake2b(DATA, digest_size=8).hexdigest()}`" in card
    assert f"{len(DATA):,} bytes" in card
    assert len(DATA) < 1_500_000


def test_the_file_is_written_as_it_is_read() -> None:
    assert dump_tone(load_tone(DATA)) == DATA


@pytest.mark.parametrize("data", [b"", b"GSTONE1\n", DATA[:-4], DATA[:100]])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="make"):
        load_tone(data)


def test_no_word_stands_in_it() -> None:
    assert not re.search("[\u4e00-\u9fff]{2}", DATA.decode("utf-8", "ignore").replace("\ufffd", ""))


def test_the_published_sentences() -> None:
    found = list(civic())
    assert len({text for _label, _mark, text in found}) == len(found) == 500
    assert sum(text.isascii() for _label, _mark, text in found) >= 80
    assert all(count >= 130 for count in Counter(label for label, _mark, _text in found).values())


def test_none_of_them_was_taught() -> None:
    taught = {
        text[at : at + TOGETHER]
        for _label, texts in seeds_by_pattern()
        for text in texts
        if not text.isascii()
        for at in range(len(text) - TOGETHER + 1)
    }
    for _label, _mark, text in civic():
        assert not any(text[at : at + TOGETHER] in taught for at in range(len(text) - TOGETHER + 1)) or text.isascii(), text


def test_they_are_read_as_well_as_is_said() -> None:
    import numpy as np

    models = Models.default()
    reader = ToneReader(models.tone, (), models.tone_model)
    found = list(civic())
    said = [
        reader.read(fold(text), one) for (_l, _m, text), one in zip(found, reader.learnt([fold(t) for _l, _m, t in found]), strict=True)
    ]
    right, first = (np.array([LABELS.index(label) for label in labels]) for labels in ([f[0] for f in found], [s.label for s in said]))
    assert macro_f1(first, right, 3) >= 0.85
    ironic = [one for one, (_label, mark, _text) in zip(said, found, strict=True) if mark == "irony"]
    assert sum(one.unsure for one in ironic) >= 0.85 * len(ironic)


def test_the_evidence_has_a_number_for_each_name() -> None:
    reader = ToneReader(Models.default().tone)
    assert len(evidence(reader.reading("恭喜，又停水了？！"))) == len(EVIDENCE)
    assert dict(zip(EVIDENCE, evidence(reader.reading("恭喜，又停水了")), strict=True))["incongruous"] == 1.0
    assert dict(zip(EVIDENCE, evidence(reader.reading("恭喜，停水的事终于解决了")), strict=True))["incongruous"] == 0.0
