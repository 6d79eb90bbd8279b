"""What whoever watches the server is told: alive, ready, figures behind a token; and what the logs hold."""

from __future__ import annotations

import logging
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client

from groundswell.server.figures import QUERIES
from groundswell.server.logs import DayFile, EventFormatter, remove_old


def ticked(seconds_ago: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_periodic_defers (task_name, defer_timestamp, periodic_id) "
            "values ('server.tick', extract(epoch from now()) - %s, 'x')",
            [seconds_ago],
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "status", "told"),
    [
        (1, 200, {"ready": True, "database": True, "worker": True}),
        (600, 503, {"ready": False, "database": True, "worker": False}),  # a worker that does nothing
        (None, 503, {"ready": False, "database": True, "worker": False}),  # none has ever run
    ],
)
def test_ready_is_a_desk_whose_worker_ticks(client: Client, seconds: float | None, status: int, told: dict[str, Any]) -> None:
    if seconds is not None:
        ticked(seconds)
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()) == (status, told)


def test_alive_asks_no_database(client: Client) -> None:
    assert client.get("/health/").json()["alive"] is True  # without the mark of a database, a query would fail the test


@pytest.mark.django_db
def test_figures_are_for_the_bearer_of_the_token(client: Client, desk: None, settings: Any) -> None:
    assert client.get("/health/metrics/", headers={"authorization": "Bearer "}).status_code == 404
    settings.CONFIG = msgspec.structs.replace(settings.CONFIG, metrics_token="a secret")
    for wrong in ({}, {"authorization": "Bearer other"}, {"authorization": "Bearer 密"}):
        assert client.get("/health/metrics/", headers=wrong).status_code == 404
    ticked(5)
    answer = client.get("/health/metrics/", headers={"authorization": "Bearer a secret"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    shown = answer.content.decode()
    assert all(f"# TYPE groundswell_{name} gauge" in shown for name in QUERIES)
    assert "groundswell_disk_free_bytes " in shown
    late = next(line for line in shown.splitlines() if line.startswith("groundswell_last_tick_seconds "))
    assert 4 < float(late.split()[1]) < 60


def record(words: str, **fields: object) -> logging.LogRecord:
    found = logging.LogRecord("groundswell.collect", logging.INFO, "x.py", 1, words, None, None)
    found.created = 1_795_420_800.0  # 2026-11-23T16:00:00+08:00
    vars(found).update(fields)
    return found


def test_a_line_is_an_event_with_fields_and_cannot_be_forged() -> None:
    line = EventFormatter().format(record("collected", source="a\n2026-11-23T08:00:00Z INFO forged", new=3, request=object()))
    assert line == "2026-11-23T08:00:00Z INFO groundswell.collect collected source=a 2026-11-23T08:00:00Z INFO forged new=3"


def test_an_error_is_told_by_its_places_not_by_its_words() -> None:
    told, text = record("run failed", source="a"), "".join(("张", "三的电话"))
    try:
        int(text)
    except ValueError:
        told.exc_info = sys.exc_info()
    line = EventFormatter().format(told)
    assert "张三" not in line
    assert "test_health.py" in line
    assert line.endswith("builtins.ValueError")
    assert EventFormatter(places=False).format(told) == "2026-11-23T08:00:00Z INFO groundswell.collect run failed source=a"


def test_files_are_of_a_day_and_a_process_and_go_after_their_time(tmp_path: Path) -> None:
    handler = DayFile(str(tmp_path / "logs"), "worker")
    handler.setFormatter(EventFormatter())
    for day in range(3):
        event = record(f"day {day}")
        event.created += day * 86400
        handler.emit(event)
    handler.close()
    names = [f"worker-2026-11-{day}.log" for day in (23, 24, 25)]
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == names
    assert (tmp_path / "logs" / names[1]).read_text() == "2026-11-24T08:00:00Z INFO groundswell.collect day 1\n"
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "logs" / names[0]).stat().st_mode & 0o777 == 0o600
    (tmp_path / "logs" / "notes.log").touch()
    assert remove_old(tmp_path / "logs", date(2027, 5, 23), 180) == 1  # the 24th is 180 days ago
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == ["notes.log", *names[1:]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxy", "counted"),
    [
        (True, 2),  # each visitor has tries of his own
        (False, 1),  # a header that anybody can send is nobody's word
    ],
)
def test_behind_a_proxy_the_throttle_counts_visitors(client: Client, desk: None, settings: Any, proxy: bool, counted: int) -> None:
    from groundswell.desk.accounts.models import SignInAttempt

    settings.CONFIG = msgspec.structs.replace(settings.CONFIG, proxy=proxy)
    for visitor in ("203.0.113.7, 198.51.100.1", "203.0.113.7, 198.51.100.2"):
        client.post("/desk/sign-in/", {"username": "x", "password": "y"}, headers={"x-forwarded-for": visitor})
    assert SignInAttempt.objects.values("address_hash").distinct().count() == counted
