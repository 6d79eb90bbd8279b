"""Figures about the running house for whoever watches it: name → (words, label or "", value or values by label)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from django.conf import settings
from django.db import connection

Figures = dict[str, tuple[str, str, Mapping[str, float] | float]]

# each row: a value, or a label and a value
QUERIES: dict[str, tuple[str, str, str]] = {
    "items": (
        "Items in the desk, as the database estimates them",
        "",
        "select greatest(reltuples, 0) from pg_class where relname = 'stream_item'",
    ),
    "items_last_hour": (
        "Items collected within an hour",
        "",
        "select count(*) from stream_item where collected_at > now() - interval '1 hour'",
    ),
    "stories": ("Stories by state", "state", "select state, count(*) from stories_story where merged_into_id is null group by state"),
    "stories_unscored": ("Stories that wait for scoring", "", "select count(*) from stories_story where dirty_since is not null"),
    "sources": ("Sources by state", "state", "select state, count(*) from sources_source group by state"),
    "sources_failing": ("Sources whose last run failed", "", "select count(*) from sources_source where failures > 0 and state = 'active'"),
    "sources_silent": ("Sources that fell silent", "", "select count(*) from sources_source where silent_since is not null"),
    "jobs": ("Jobs by status", "status", "select status::text, count(*) from procrastinate_jobs group by status"),
    "jobs_failed": ("Jobs that failed for good", "", "select count(*) from procrastinate_jobs where status = 'failed'"),
    "oldest_job_seconds": (
        "Age of the oldest job that could run and does not",
        "",
        "select coalesce(extract(epoch from now() - min(e.at)), 0) from procrastinate_jobs j "
        "join procrastinate_events e on e.job_id = j.id "
        "where j.status = 'todo' and e.type = 'deferred' and (j.scheduled_at is null or j.scheduled_at <= now())",
    ),
    "last_tick_seconds": (
        "Seconds since the worker's clock ticked",
        "",
        "select coalesce(extract(epoch from now()) - max(defer_timestamp), 1e9) from procrastinate_periodic_defers "
        "where task_name = 'server.tick'",
    ),
    "workers": (
        "Workers that showed themselves within a minute",
        "",
        "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '1 minute'",
    ),
    "database_bytes": ("Size of the database", "", "select pg_database_size(current_database())"),
}


def figure(name: str) -> float:
    """One figure without labels, read now."""
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[name][2])
        return float(cursor.fetchone()[0])


def figures() -> Figures:
    """All figures, read now."""
    found: Figures = {}
    with connection.cursor() as cursor:
        for name, (words, label, sql) in QUERIES.items():
            cursor.execute(sql)
            rows = cursor.fetchall()
            found[name] = (words, label, {str(key): float(value) for key, value in rows} if label else float(rows[0][0]))
    found["disk_free_bytes"] = ("Free on the disk of the home", "", float(shutil.disk_usage(settings.CONFIG.home).free))
    return found
