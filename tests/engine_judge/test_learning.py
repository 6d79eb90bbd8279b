"""Learning from rows: what is learnt, what a correction does and how long it stays, the same bytes for the same input."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from groundswell.cli import main
from groundswell.engine.learn.confidence import fair_constants, fit_confidence, leads, macro_f1
from groundswell.engine.learn.correcting import corrected, correction_of
from groundswell.engine.learn.features import BLOCK_PASSAGES, Shape, blocks, features_of, stretches_of
from groundswell.engine.learn.labelling import Labelled, Labeller
from groundswell.engine.learn.learning import LearnError, learn
from groundswell.engine.learn.model import Model, ModelError, dump_model, load_model
from groundswell.engine.learn.passage import Passage, passage_of, passage_of_text

PLACES = ("东街", "西街", "南门", "北门", "河边", "桥头", "学校旁", "市场口")
SUBJECTS = {
    "水务": ("自来水发黄", "水管漏水", "停水两天", "水压太低", "水里有沙子"),
    "城管": ("路灯不亮", "占道经营", "油烟呛人", "垃圾没清", "广告牌歪了"),
    "教育": ("校车超员", "食堂饭凉", "老师补课收费", "学区划分不公", "操场没修好"),
}


def rows() -> list[dict[str, str]]:
    """A hundred and twenty messages of three offices."""
    return [
        {"text": f"{place}{what}，请派人来看", "label": label} for label, whats in SUBJECTS.items() for what in whats for place in PLACES
    ]


@pytest.fixture(scope="module")
def model() -> Model:
    return learn("routing", [passage_of(row) for row in rows()], [row["label"] for row in rows()])


def said(model: Model, *texts: str) -> list[Labelled]:
    return Labeller(model)([passage_of_text("", text) for text in texts])


def taught(model: Model, *pairs: tuple[str, Any]) -> Model:
    return corrected(model, [correction_of(model, passage_of_text("", text), label) for text, label in pairs])


# ---------------------------------------------------------------- what is learnt


def test_a_new_message_goes_where_its_like_went(model: Model) -> None:
    assert [one.label for one in said(model, "车站后面水管漏水了", "夜里路灯不亮", "中学食堂饭凉")] == ["水务", "城管", "教育"]


def test_the_answer_has_all_parts(model: Model) -> None:
    (one,) = said(model, "车站后面水管漏水了")
    assert next(label for label, _p in one.top) == one.label
    assert len(one.top) == 3
    assert sum(p for _label, p in one.top) == pytest.approx(1.0, abs=0.01)
    assert one.top[0][1] == one.confidence
    assert any("漏水" in piece or "水管" in piece for piece, weight in one.why if weight > 0)


def test_labels_are_kept_as_they_are() -> None:
    texts = [f"{place}{what}" for what in ("自来水发黄", "路灯不亮") for place in PLACES]
    made = learn("level", [passage_of_text("", text) for text in texts], [1] * len(PLACES) + [4] * len(PLACES))
    assert said(made, "车站自来水发黄")[0].label == 1
    assert type(said(made, "车站路灯不亮")[0].label) is int


def test_words_alone_and_the_same_words_as_text_are_read_alike() -> None:
    words = passage_of({"tokens": "东街 自来水 发黄   　 请 派人 来 看 iPhone 12"})
    assert words.text == "东街自来水发黄请派人来看iphone 12"
    assert words.text[: words.head] == "东街自来水发黄"
    text = passage_of({"title": "东街 自来水发黄", "text": "请派人来看"})
    shape = Shape(runs=(2, 3), words=False, pairs=False, head=False)
    shared = set(features_of([words], shape).ids.tolist()) & set(features_of([text], shape).ids.tolist())
    assert len(shared) >= 18


@pytest.mark.parametrize("row", [{}, {"label": "x"}, {"text": 3}, {"title": ["x"], "text": "y"}])
def test_a_row_without_text_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="text"):
        passage_of(row)


def test_nothing_is_learnt_from_nothing() -> None:
    with pytest.raises(LearnError, match="no row with a label"):
        learn("routing", [], [])


@pytest.mark.parametrize("text", ["", " ", "？", "\x00\ud800", "🙂" * 9, "a" * 20_000, "水" * 20_000])
def test_hostile_and_empty_texts_get_an_answer(model: Model, text: str) -> None:
    (one,) = said(model, text)
    assert one.label in SUBJECTS
    assert 0 <= one.confidence <= 1


def test_one_label_alone_is_the_answer() -> None:
    made = learn("routing", [passage_of_text("", "水"), passage_of_text("", "停水")], ["水务", "水务"])
    assert said(made, "路灯")[0].label == "水务"
    assert said(taught(made, ("路灯不亮", "城管")), "路灯不亮")[0].label == "城管"


# ---------------------------------------------------------------- same in, same out


def test_the_same_rows_give_the_same_bytes(model: Model) -> None:
    again = learn("routing", [passage_of(row) for row in rows()], [row["label"] for row in rows()])
    assert dump_model(again) == dump_model(model)


def test_any_batch_gives_the_same_answers(model: Model) -> None:
    texts = [row["text"] for row in rows()] * 10 + ["", "长" * 3000]
    passages = [passage_of_text("", text) for text in texts]
    labeller = Labeller(model)
    whole = labeller(passages)
    assert len(passages) > BLOCK_PASSAGES
    assert whole == [one for size in (1,) for at in range(0, len(passages), size) for one in labeller(passages[at : at + size])]
    assert whole == labeller(passages[:7]) + labeller(passages[7:500]) + labeller(passages[500:])


def test_blocks_hold_everything_once() -> None:
    passages = [Passage("水" * n) for n in (0, 5, 200_000, 1, 0)] + [Passage("x")] * 3000
    assert [p for block in blocks(passages) for p in block] == passages


def test_a_stretch_has_the_same_number_wherever_it_stands() -> None:
    shape = Shape(runs=(2,), words=False, pairs=False, head=False)
    parts = list(stretches_of([Passage("停水了又停水"), Passage("没停水")], shape))
    found = {(part.passage[n], part.start[n]): part.id[n] for part in parts for n in range(len(part.id))}
    assert found[0, 0] == found[0, 4] == found[1, 7]
    assert (0, 5) not in found  # no stretch reaches from one passage into the next


# ---------------------------------------------------------------- corrections


def test_a_correction_is_learnt_and_the_like_follow(model: Model) -> None:
    text = "河边油烟呛人，请派人来看"
    assert said(model, text)[0].label == "城管"
    after = taught(model, (text, "水务"))
    first, like, other = said(after, text, "桥头油烟呛人，请派人来看", "学校旁校车超员，请派人来看")
    assert (first.label, first.unsure) == ("水务", False)
    assert dict(like.top)["水务"] > dict(said(model, "桥头油烟呛人，请派人来看")[0].top)["水务"]
    assert other.label == "教育"


def test_corrections_survive_learning_again(model: Model) -> None:
    text = "河边油烟呛人，请派人来看"
    after = taught(model, (text, "水务"))
    again = learn("routing", [passage_of(row) for row in rows()], [row["label"] for row in rows()], after.corrections)
    assert said(again, text)[0].label == "水务"
    third = learn("routing", [passage_of(row) for row in rows()[:90]], [row["label"] for row in rows()[:90]], again.corrections)
    assert said(third, text)[0].label == "水务"


def test_the_last_correction_of_a_passage_counts(model: Model) -> None:
    after = taught(taught(model, ("河边油烟呛人", "水务")), ("河边油烟呛人", "教育"))
    assert said(after, "河边油烟呛人")[0].label == "教育"
    assert len(after.corrections) == 1


def test_a_label_that_was_never_seen(model: Model) -> None:
    after = taught(model, ("井盖丢了，掉下去一个人", "住建"))
    assert said(after, "井盖丢了，掉下去一个人")[0].label == "住建"
    assert said(after, "东街自来水发黄，请派人来看")[0].label == "水务"


def test_many_corrections_hold_together(model: Model) -> None:
    labels = list(SUBJECTS)
    pairs = [(f"第{n}号来信：{chr(0x4E00 + 37 * n)}{chr(0x5000 + 53 * n)}巷的事", labels[n % 3]) for n in range(120)]
    after = taught(model, *pairs)
    assert [one.label for one in said(after, *(text for text, _label in pairs))] == [label for _text, label in pairs]


def test_of_a_corrected_passage_only_numbers_are_kept(model: Model) -> None:
    data = dump_model(taught(model, ("张三丰的电话是六六一二三四五", "水务")))
    assert "张三丰".encode() not in data
    assert "六六一二三四五".encode() not in data


# ---------------------------------------------------------------- how sure


def test_confidence_is_as_often_right_as_it_says() -> None:
    chance = np.random.default_rng(3)
    right = chance.integers(0, 3, 4000)
    scores = chance.normal(0, 1, (4000, 3))
    scores[np.arange(4000), right] += 1.2
    lead, first = leads(scores)
    sure = fit_confidence(scores, right).of(lead)
    for low, high in ((0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        inside = (sure >= low) & (sure < high)
        assert (first == right)[inside].mean() == pytest.approx(sure[inside].mean(), abs=0.05)


def test_rare_labels_are_found_too() -> None:
    chance = np.random.default_rng(4)
    right = (chance.random(3000) < 0.05).astype(np.int64)
    scores = np.column_stack((np.ones(3000), chance.normal(0, 0.3, 3000) + right * 0.6))
    added = fair_constants(scores, right)
    assert macro_f1((scores + added).argmax(axis=1), right, 2) > macro_f1(scores.argmax(axis=1), right, 2)


# ---------------------------------------------------------------- the file and the commands


@pytest.mark.parametrize("spoil", [lambda d: b"", lambda d: d[:-9], lambda d: b"PK" + d, lambda d: d[:6] + b"\x80", lambda d: d + b"x"])
def test_a_damaged_file_is_refused(model: Model, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ModelError, match="groundswell learn"):
        load_model(spoil(dump_model(model)))


def test_parts_that_do_not_fit_are_refused(model: Model) -> None:
    import msgspec

    for change in ({"features": model.features[:-4]}, {"labels": ("水务",)}, {"kind": "taste"}, {"scales": model.scales + b"ab"}):
        with pytest.raises(ModelError, match="do not fit"):
            load_model(dump_model(msgspec.structs.replace(model, **change)))


def _file(path: Path, found: Sequence[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
    return str(path)


def _labels(tmp_path: Path, model: str, *texts: str) -> list[dict[str, Any]]:
    out = tmp_path / "out.jsonl"
    source = _file(tmp_path / "ask.jsonl", [{"text": text} for text in texts])
    assert main(["label", "--model", model, "--in", source, "--out", str(out)]) == 0
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_learn_label_correct_learn_again(tmp_path: Path) -> None:
    train, model = _file(tmp_path / "train.jsonl", rows()), str(tmp_path / "routing.model")
    assert main(["learn", "routing", "--in", train, "--model", model]) == 0
    (row,) = _labels(tmp_path, model, "桥头路灯不亮")
    assert row.keys() == {"id", "label", "confidence", "unsure", "top", "why"}
    assert (row["id"], row["label"]) == (0, "城管")
    assert main(["correct", "--model", model, "--in", _file(tmp_path / "c.jsonl", [{"text": "桥头路灯不亮", "label": "水务"}])]) == 0
    assert _labels(tmp_path, model, "桥头路灯不亮")[0]["label"] == "水务"
    assert main(["learn", "routing", "--in", train, "--model", model]) == 0
    assert _labels(tmp_path, model, "桥头路灯不亮")[0]["label"] == "水务"


def test_a_bad_row_is_named_and_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = _file(tmp_path / "train.jsonl", [*rows(), {"text": "没有标签"}, {"label": "水务"}])
    assert main(["learn", "routing", "--in", train, "--model", str(tmp_path / "m")]) == 0
    said_so = capsys.readouterr().err
    assert "line 121" in said_so
    assert "line 122" in said_so


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["label", "--model", "{tmp}/none"], "cannot be read"),
        (["correct", "--model", "{tmp}/none", "--in", "{tmp}/c.jsonl"], "there is no model"),
        (["learn", "level", "--in", "{tmp}/train.jsonl", "--model", "{tmp}/routing.model"], "a model of routing, not of level"),
        (["learn", "level", "--in", "{tmp}/train.jsonl", "--model", "{tmp}/nowhere/m"], "No such file"),
        (["label", "--model", "{tmp}/train.jsonl"], "not a model"),
    ],
)
def test_faults_are_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    _file(tmp_path / "train.jsonl", rows())
    _file(tmp_path / "c.jsonl", [{"text": "x", "label": "y"}])
    assert main(["learn", "routing", "--in", f"{tmp_path}/train.jsonl", "--model", f"{tmp_path}/routing.model"]) == 0
    capsys.readouterr()
    assert main([part.replace("{tmp}", str(tmp_path)) for part in arguments]) == 1
    assert words in capsys.readouterr().err
