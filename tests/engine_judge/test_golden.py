"""Same in, same out: golden files, any batch, any order, any number of processes."""

from __future__ import annotations

import random

import msgspec
import pytest

from groundswell.engine.pipeline import Judge, Models, judge_items
from groundswell.engine.runners.local import judge_on_cores
from tests.engine_judge.county import NOW, county
from tests.golden.items import golden_items
from tests.golden.make import COMMAND, HERE, made


@pytest.mark.parametrize("name", ["judged.jsonl", "stories.jsonl", "scored.jsonl"])
def test_golden(name: str) -> None:
    held = (HERE / name).read_bytes().splitlines()
    now = made()[name].splitlines()
    differing = [number for number, (a, b) in enumerate(zip(held, now, strict=False), 1) if a != b]
    assert not differing, f"{name}, lines {differing[:5]} changed; if that is meant, run  {COMMAND}  and look at the difference"
    assert len(held) == len(now)


def test_any_batch_and_order_give_the_same_bytes() -> None:
    items = golden_items()
    whole = {one.key: msgspec.msgpack.encode(one) for one in judge_items(items, county(), Models.default(), NOW)}
    chance = random.Random(7)
    for size in (1, 3, 17):
        mixed = chance.sample(items, len(items))
        fresh = Judge(county(), Models.default())
        for start in range(0, len(mixed), size):
            for one in fresh(mixed[start : start + size], NOW):
                assert msgspec.msgpack.encode(one) == whole[one.key]


def test_processes_give_the_same_in_the_same_order() -> None:
    items = golden_items()
    alone = list(judge_on_cores(items, county(), Models.default(), NOW, 1))
    together = list(judge_on_cores(iter(items), county(), Models.default(), NOW, 2, batch=7))
    assert msgspec.msgpack.encode(together) == msgspec.msgpack.encode(alone)
    with pytest.raises(ValueError, match="at least one process"):
        list(judge_on_cores(items, county(), Models.default(), NOW, 0))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\ud800",
        "<script>" * 50,
        "（" * 3000,
        "水" * 50_000,
        "1" * 20_000,
        "供水停水清河镇" * 3000,
        "é\u0301\u202e" * 100,
        "𠀀𠀁 😀" * 10,
    ],
)
def test_hostile_text_is_judged_too(text: str) -> None:
    from tests.engine_judge.county import said

    assert said(text, title=text[:50]).key
