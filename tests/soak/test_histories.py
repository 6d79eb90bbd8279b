"""Whatever people do at the desk, in whatever order, and wherever a process dies: states, clocks and the audit chain hold."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.browser import house

pytestmark = pytest.mark.slow
MOST = {50: 100, 500: 400}  # acts of a history, where so many histories are played


@dataclass
class Ground:
    """A database of the county's last days, and how processes of the product reach it."""

    url: str
    env: dict[str, str]

    def player(self, *args: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.soak.player", *map(str, args)]
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def told(self, *args: object) -> list[str]:
        process = self.player(*args)
        out, err = process.communicate(timeout=3600)
        assert process.returncode == 0, err[-4000:]
        return out.splitlines()


@pytest.fixture(scope="module")
def ground(browser_folder: Path) -> Iterator[Ground]:
    name = f"histories_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    url = house.database(os.environ["GROUNDSWELL_TEST_POSTGRES"], browser_folder / "home", house.COUNTY, name)
    own = browser_folder / f"{name}-home"
    shutil.copytree(browser_folder / "home", own, ignore=shutil.ignore_patterns("audit-head.jsonl"))
    yield Ground(url, house.surroundings(own, url))
    shutil.rmtree(own, ignore_errors=True)


@pytest.mark.parametrize("count", [50, pytest.param(500, marks=pytest.mark.soak)])
def test_random_histories_by_all_roles(ground: Ground, count: int) -> None:
    rows = [json.loads(line) for line in ground.told("play", 1000 * count, count, MOST[count])]
    assert len(rows) == count
    wrong = [(row["seed"], row["acts"], row["wrong"][:3]) for row in rows if row["wrong"]]
    assert not wrong, "\n".join(map(str, wrong[:20]))
    total: Counter[str] = Counter()
    for row in rows:
        total.update({name: n for name, n in row.items() if isinstance(n, int) and name not in ("seed", "acts")})
    kinds = len([name for name in total if name.startswith("did ")])
    print(
        f"{count} histories, {sum(row['acts'] for row in rows)} acts: {total['done']} done, {total['refused']} refused, of {kinds} kinds;",
        f"the program's turn {total['ticks']} times",
    )
    assert total["done"] > 8 * count, total.most_common(20)
    assert total["refused"] > 4 * count, "what is not allowed was tried too"
    assert kinds > 80, "acts of all kinds were done"


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.soak)])
def test_killed_at_random_nothing_is_lost_and_nothing_twice(ground: Ground, kills: int) -> None:
    chance = random.Random(kills)
    told: list[str] = []
    with psycopg.connect(ground.url, autocommit=True) as connection:
        since = connection.execute("select coalesce(max(id), 0) from spine_entry").fetchone()
        assert since is not None
        for kill in range(kills):
            process = ground.player("live", 9000 + kill, 1, 100_000)
            assert process.stdout is not None
            told.append(process.stdout.readline().strip())
            assert told[-1], process.communicate()[1][-4000:]
            time.sleep(chance.random() * 0.8)
            process.send_signal(signal.SIGKILL)
            told += [line.strip() for line in process.stdout.read().splitlines() if len(line.strip()) == 36]
            process.communicate()
        assert len(told) == len(set(told))
        kept = connection.execute("select distinct batch::text from spine_entry where batch::text = any(%s)", (told,)).fetchall()
        assert {batch for (batch,) in kept} == set(told), "an act that was told is gone"
        twice = connection.execute(
            "select kind, subject_id, data->>'end', count(*) from spine_notice where subject_type = 'clock' group by 1, 2, 3 having count(*) > 1"
        ).fetchall()
        assert not twice
    print(f"{kills} kills, {len(told)} acts told: all are there, none twice")
    assert json.loads(ground.told("look", since[0], 1, 1)[-1]) == []
