"""Items stored in a second, judged and grouped as they are, beside a bare COPY of the same rows.

Texts are the demo county's, from its seed. Wall time, one process; the database is the embedded one in a home of its own.
"""

from __future__ import annotations

import os
import time
from contextlib import closing

from benchmarks.measure import Figure
from benchmarks.scratch import load, scratch_home

COUNT, QUICK, BATCH = 6000, 300, 500


def run(quick: bool) -> list[Figure]:
    """``stream.intake.store`` in batches into an empty desk, then COPY of its rows into a table of the same columns and indexes."""
    with scratch_home():
        from groundswell.demo import county
        from groundswell.server.home import open_home

        with open_home(make=True, migrate=True):
            from groundswell.demo.load import _english_names, _sources, _voice
            from groundswell.demo.past import past_items
            from groundswell.desk.spine.ports import ports
            from groundswell.desk.stream.intake import store
            from groundswell.server.first_steps import lay_ground

            ports.clock = lambda: county.NOW
            lay_ground(county.knowledge_path())
            _sources(_english_names(), county.PORT0)
            items = list(past_items(county.NOW, voice=_voice, port0=county.PORT0))
            items.sort(key=lambda item: (item.collected_at or county.NOW, item.key))
            items = items[-(QUICK if quick else COUNT) :]
            store(items[:1])  # loads dictionaries and models
            started = time.perf_counter()
            new = sum(len(store(items[at : at + BATCH]).new) for at in range(1, len(items), BATCH))
            ours = time.perf_counter() - started
            count, theirs = _bare_copy()
    assert count == new + 1, (count, new)
    return [
        Figure("bare COPY of the same rows", count, "items", theirs, True),
        Figure("stream.intake.store", new, "items", ours, note=f"batches of {BATCH}, {os.cpu_count()} cores; {load()}"),
    ]


def _bare_copy() -> tuple[int, float]:
    """Rows and seconds of one COPY into a table with the same columns and indexes."""
    from django.db import connection

    with closing(connection.cursor()) as cursor:
        cursor.execute("create table bare (like stream_item including all)")
        with cursor.copy("copy stream_item to stdout") as out:
            rows = b"".join(bytes(part) for part in out)
        started = time.perf_counter()
        with cursor.copy("copy bare from stdin") as copy:
            copy.write(rows)
        seconds = time.perf_counter() - started
        cursor.execute("select count(*) from bare")
        return int(cursor.fetchone()[0]), seconds
