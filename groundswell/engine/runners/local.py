"""Judging many items on all cores of one machine: the same verdicts as on one, in the same order."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import islice
from typing import TypeVar

import msgspec

from groundswell.engine.judge.judge import Judge
from groundswell.engine.judge.models import Models
from groundswell.engine.records import Item, Judged, Knowledge

BATCH = 200  # items that travel to a process at once
_T = TypeVar("_T")
_judge: Judge | None = None  # one a process, made by its first batch


def judge_on_cores(
    items: Iterable[Item], knowledge: Knowledge, models: Models, now: datetime, processes: int, batch: int = BATCH
) -> Iterator[Judged]:
    """The verdicts in the order of the items; with one process without any other.

    ``processes``: how many work at once. Raises ValueError where that or the batch is below 1; an error in a process is
    raised here.
    """
    if processes < 1 or batch < 1:
        raise ValueError(f"judging needs at least one process and one item a batch, not {processes} and {batch}")
    if processes == 1:
        judge = Judge(knowledge, models)
        for item in items:
            yield judge.judge(item, now)
        return
    context = multiprocessing.get_context("spawn")  # the caller may hold threads and connections
    with ProcessPoolExecutor(processes, context, _begin, (msgspec.msgpack.encode(knowledge), models)) as pool:
        waiting = []
        for part in _batches(items, batch):
            waiting.append(pool.submit(_judge_batch, msgspec.msgpack.encode(part), now))
            if len(waiting) > 3 * processes:
                yield from msgspec.msgpack.decode(waiting.pop(0).result(), type=list[Judged])
        for done in waiting:
            yield from msgspec.msgpack.decode(done.result(), type=list[Judged])


def _batches(items: Iterable[_T], size: int) -> Iterator[Sequence[_T]]:
    left = iter(items)
    while part := list(islice(left, size)):
        yield part


def _begin(knowledge: bytes, models: Models) -> None:
    global _judge
    _judge = Judge(msgspec.msgpack.decode(knowledge, type=Knowledge), models)


def _judge_batch(items: bytes, now: datetime) -> bytes:
    assert _judge is not None
    return msgspec.msgpack.encode(_judge(msgspec.msgpack.decode(items, type=list[Item]), now))
