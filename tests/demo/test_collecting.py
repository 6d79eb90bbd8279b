"""The demo web asked by the program's own collector, by the rules of each site, on a clock that waits no real time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from groundswell.collect.budget import MemoryBudget
from groundswell.collect.client import Client
from groundswell.collect.kinds import KINDS
from groundswell.collect.robots import MemoryRules, Robots
from groundswell.collect.session import Session
from groundswell.demo.county import NOW, SITES, sources, spec_of
from groundswell.demo.web import Server
from tests.demo.test_web import free_block


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def port0() -> Iterator[int]:
    first = free_block(len(SITES))
    with Server(lambda: NOW, port0=first):
        yield first


def keep(*_: Any, **__: Any) -> str:
    return "nowhere:0"


def test_the_collector_gets_every_source_but_the_one_that_is_down(port0: int) -> None:
    clock = Clock()
    client = Client("Groundswell/1.0 (Yunling County)", "http://127.0.0.1/", allowed=frozenset({"127.0.0.1"}), now=clock.now)
    robots = Robots(client.robots_token, MemoryRules(), clock.now)
    session = Session(client, robots=robots, budget=MemoryBudget(), keep=keep, now=clock.now, sleep=clock.sleep)
    outcomes: dict[str, list[str]] = {}
    for source in sources():
        if source.site:
            spec = spec_of(source, port0=port0)
            outcomes[source.slug] = [type(result).__name__ for result in KINDS[spec.kind].collect(spec, session)]
    assert outcomes.pop("workers") == ["Failed"]
    assert len(outcomes) == 72
    assert {slug: names for slug, names in outcomes.items() if names != ["Fetched"]} == {}
    assert clock.at - NOW >= timedelta(seconds=60)  # the sites' crawl delays were kept


def test_what_robots_forbids_is_not_asked(port0: int) -> None:
    clock = Clock()
    client = Client("Groundswell/1.0 (Yunling County)", "http://127.0.0.1/", allowed=frozenset({"127.0.0.1"}), now=clock.now)
    robots = Robots(client.robots_token, MemoryRules(), clock.now)
    session = Session(client, robots=robots, budget=MemoryBudget(), keep=keep, now=clock.now, sleep=clock.sleep)
    forum = spec_of(next(source for source in sources() if source.slug == "qinghe-forum"), port0=port0)
    result = session.visit(forum, forum.address.replace("/qinghe-forum/", "/user/12345678"), role="page")
    assert getattr(result, "cause", "") == "robots"
