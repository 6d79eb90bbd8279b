"""Politeness in the database: turns at hosts and rules of robots.txt, shared by all workers on all machines."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db import connection

from groundswell.collect.budget import HORIZON
from groundswell.collect.robots import Rules
from groundswell.desk.sources.models import HostBudget, RobotsFile

RESERVE = """
insert into sources_hostbudget (host, next_at, failures) values (%(host)s, %(now)s::timestamptz + make_interval(secs => %(delay)s), 0)
on conflict (host) do update set next_at = greatest(sources_hostbudget.next_at, %(now)s::timestamptz) + make_interval(secs => %(delay)s)
where sources_hostbudget.next_at <= %(now)s::timestamptz + make_interval(secs => %(horizon)s)
returning next_at - make_interval(secs => %(delay)s)
"""


class DatabaseBudget:
    """The collector's ``Budget`` on one row a host; each turn is taken by one statement."""

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon

    def reserve(self, host_port: str, delay: timedelta, now: datetime) -> datetime | None:
        with connection.cursor() as cursor:
            cursor.execute(
                RESERVE, {"host": host_port[:260], "now": now, "delay": delay.total_seconds(), "horizon": self.horizon.total_seconds()}
            )
            row = cursor.fetchone()
        return row[0] if row else None

    def hold(self, host_port: str, until: datetime) -> None:
        HostBudget.objects.get_or_create(host=host_port[:260], defaults={"next_at": until})
        HostBudget.objects.filter(host=host_port[:260], next_at__lt=until).update(next_at=until)


class DatabaseRules:
    """The collector's ``RulesCache`` on one row a host."""

    def get(self, origin: str) -> Rules | None:
        row = RobotsFile.objects.filter(pk=origin[:260]).first()
        return msgspec.json.decode(row.body, type=Rules) if row else None

    def put(self, origin: str, rules: Rules) -> None:
        text = msgspec.json.encode(rules).decode().replace("\\u0000", "")
        RobotsFile.objects.update_or_create(
            pk=origin[:260], defaults={"body": text, "fetched_at": rules.read_at or rules.again_at, "status": 0}
        )
