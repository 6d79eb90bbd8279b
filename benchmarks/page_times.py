"""Times of the desk's pages with a million items, beside the goal of 150 ms for 95 of 100 requests.

The demo county's items and stories, judged by the engine, are copied backwards in time until there are enough:
each copy 20 days earlier, so that a million lie in about three years. Requests go one after another over HTTP.
GROUNDSWELL_BENCH_HOME names a home that is kept; filled already, it is measured as it is.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time

import httpx

from benchmarks.measure import Figure
from benchmarks.scratch import free_port, groundswell, load, percentile, running, scratch_home, visitor

MILLION, GOAL, DAYS_BACK = 1_000_000, 0.150, 20
ROUNDS, QUICK_ROUNDS = 40, 5
GIN = ("item_tokens", "item_watches")
DIFFERENT = {  # column: how a copy says it; the rest is taken over
    "key": "left(md5(key || '/' || n), 32)",
    "parent": "case when parent = '' then '' else left(md5(parent || '/' || n), 32) end",
    "duplicate_of": "case when duplicate_of = '' then '' else left(md5(duplicate_of || '/' || n), 32) end",
    "id": "id - n * {own}",
    "story_id": "story_id - n * {stories}",
    "suggested_story_id": "suggested_story_id - n * {stories}",
    "number": "number || '-' || n",
    "engine_id": "engine_id || '-' || n",
    "merged_into_id": "merged_into_id - n * {stories}",
    "digest": "'[]'::jsonb",
    "blob": "null",
    "dirty_since": "null",
}
MOMENTS = (
    "published_at", "collected_at", "judged_at", "gone_at", "snoozed_until", "first_at", "last_at", "series_start", "rising_at",
    "follow_until", "scored_at", "closed_at",
)  # fmt: skip


def run(quick: bool) -> list[Figure]:
    """Seconds of one request at the 95th percentile, page by page."""
    with scratch_home(os.environ.get("GROUNDSWELL_BENCH_HOME", "")) as home:
        if not (home / "demo").exists() and (made := groundswell("demo", "--load-only")).code:
            raise RuntimeError(made.out)
        os.environ["GROUNDSWELL_DEMO"] = "1"
        from groundswell.demo import county
        from groundswell.server.config import clock_setting
        from groundswell.server.home import open_home
        from groundswell.server.supervisor import web_command

        with open_home(migrate=True):
            count = fill(20_000 if quick else MILLION)
            os.environ["GROUNDSWELL_CLOCK"] = clock_setting(county.NOW, 1.0, time.time())
            os.environ["GROUNDSWELL_PROCESS"] = "web"  # as the supervisor starts it
            port = free_port()
            with running(web_command("127.0.0.1", port, 1), port):
                return [*measure(port, QUICK_ROUNDS if quick else ROUNDS, count)]


def fill(wanted: int) -> int:
    """Copy what is there backwards in time until there are WANTED items. Returns how many there are."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*), max(id) from stream_item")
        count, items = cursor.fetchone()
        copies = -(-wanted // count) - 1
        if copies < 1:
            return int(count)
        cursor.execute("select max(id) from stories_story")
        sizes = {"items": items, "stories": cursor.fetchone()[0]}
        cursor.execute("select indexdef from pg_indexes where indexname = any(%s)", [list(GIN)])
        definitions = [row[0] for row in cursor.fetchall()]
        cursor.execute("set constraints all immediate; set local maintenance_work_mem = '1GB'; set local synchronous_commit = off")
        cursor.execute(f"drop index {', '.join(GIN)}")
        for table in ("stories_story", "stream_item"):
            _copy(cursor, table, copies, sizes)
        cursor.execute(
            "insert into sources_fetchrun (source_id, at, seconds, outcome, status, pages, size_bytes, seen, new, changed) "
            "select source_id, at - n * interval '1 day', seconds, outcome, status, pages, size_bytes, seen, new, changed "
            "from sources_fetchrun, generate_series(1, %s) n",
            [min(copies, 60)],
        )
        for definition in definitions:
            cursor.execute(definition)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute("select count(*) from stream_item")
        return int(cursor.fetchone()[0])


def _copy(cursor: object, table: str, copies: int, sizes: dict[str, int]) -> None:
    cursor.execute("select column_name from information_schema.columns where table_name = %s", [table])  # type: ignore[attr-defined]
    columns = [row[0] for row in cursor.fetchall()]  # type: ignore[attr-defined]
    own = sizes["stories" if table == "stories_story" else "items"]
    values = [_value(column).format(**sizes, own=own) for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(  # type: ignore[attr-defined]
        f"insert into {table} ({names}) select {', '.join(values)} from {table}, generate_series(1, %s) n order by n desc, id",
        [copies],
    )


def _value(column: str) -> str:
    if column in MOMENTS:
        return f"\"{column}\" - n * interval '{DAYS_BACK} days'"
    return DIFFERENT.get(column, f'"{column}"')


OFFICER, ADMINISTRATOR = "linxiao", "chenli"


def pages() -> dict[str, tuple[str, str]]:
    """What is asked for, and by whom, by name. The story is the largest one of the county; the issue is the last one there is."""
    from groundswell.desk.sources.models import Source
    from groundswell.desk.stories.models import Story
    from groundswell.desk.stream.models import Item, Watch

    largest = Story.objects.filter(merged_into=None, pk__gt=0).order_by("-item_count")[0].number
    watch = Watch.objects.order_by("pk")[0].slug
    item = Item.objects.order_by("-pk")[0]
    source = Source.objects.order_by("pk")[0].slug
    of_the_desk = {
        "Today": "/desk/",
        "Today, what has changed (every few seconds)": "/desk/live/",
        "Stream": "/desk/stream/",
        "Stream, about us": "/desk/stream/?state=ours",
        "Stream, all": "/desk/stream/?state=all",
        "Stream, newer": f"/desk/stream/newer/?than={Item.objects.order_by('-pk')[50].pk}",
        "Stream, by watch": f"/desk/stream/?state=all&watch={watch}",
        "Stream, by unit": "/desk/stream/?state=all&unit=water",
        "Stream, by source": f"/desk/stream/?state=all&source={source}",
        "Item": f"/desk/items/{item.key}/",
        "Stories": "/desk/stories/",
        "Stories, all": "/desk/stories/?state=all",
        "Stories, all, by count": "/desk/stories/?state=all&sort=count",
        "Story, the largest": f"/desk/stories/{largest}/",
        "Story's items": f"/desk/stories/{largest}/items/",
        "Story's figures": f"/desk/stories/{largest}/forecast/",
        "Archive": "/desk/archive/",
        "Archive, a common word": "/desk/archive/?q=供暖",
        "Archive, two words": "/desk/archive/?q=幸福里 AND 供暖",
        "Archive, a rare phrase": '/desk/archive/?q="致电县人社局"',
        "Archive, nothing found": "/desk/archive/?q=海啸预警中心",
        "Watches": "/desk/watches/",
        "Watch": f"/desk/watches/{watch}/",
        "Enter by hand": "/desk/enter/",
        "Bulletins": "/desk/bulletins/",
        "Bulletins, the daily brief": "/desk/bulletins/brief/",
        "Sources": "/desk/sources/",
        "Source": f"/desk/sources/{source}/",
        "Reading book": "/desk/reading/",
        "Reading book, the plan": "/desk/reading/plan/",
        "Notes of the shift": "/desk/notes/",
        "Cases": "/desk/cases/",
        "Alerts": "/desk/alerts/",
        "Flash reports": "/desk/flash/",
        "Releases": "/desk/releases/",
        "Plans": "/desk/plans/",
        "Instructions": "/desk/instructions/",
        "Roster": "/desk/roster/",
        "Hand-over": "/desk/handover/",
        "Zero reports": "/desk/zero-reports/",
        "Judgement": "/desk/judgement/",
        "Palette": "/desk/go/?q=供",
    }
    of_the_administrator = {
        "People": "/desk/people/",
        "Rights": "/desk/people/rights/",
        "Units": "/desk/units/",
        "Places": "/desk/units/places/",
        "Settings": "/desk/settings/",
        "Audit": "/desk/audit/",
    }
    found = {name: (OFFICER, url) for name, url in of_the_desk.items()}
    found |= {name: (ADMINISTRATOR, url) for name, url in of_the_administrator.items()}
    return found | _papers()


def _papers() -> dict[str, tuple[str, str]]:
    """The editor of the last issue of the brief, where the county has one."""
    from groundswell.desk.bulletins.models import Issue

    issue = Issue.objects.order_by("-pk").first()
    return {"Bulletin, the last issue": ("limin", f"/desk/bulletins/by-id/{issue.pk}/")} if issue else {}


def measure(port: int, rounds: int, count: int) -> list[Figure]:
    """ROUNDS requests of every page, in turns, after one that only warms up."""
    wanted = pages()
    times: dict[str, list[float]] = {name: [] for name in wanted}
    notes: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        clients = {who: stack.enter_context(contextlib.closing(_signed_in(port, who))) for who in {who for who, _url in wanted.values()}}
        for turn in range(rounds + 1):
            for name, (who, url) in wanted.items():
                if name in notes:
                    continue
                started = time.perf_counter()
                answer = clients[who].get(url)
                times[name].append(time.perf_counter() - started)
                if answer.status_code != 200:
                    notes[name] = f"HTTP {answer.status_code}"
                elif turn == 0:
                    times[name].clear()
            if turn == 0:
                print(f"  {count:,} items; {load()}", file=sys.stderr)
    figures = [Figure("goal", 1, "page", GOAL, True)]
    for name in wanted:
        if name in notes:
            figures.append(Figure(name, 0, "page", GOAL, note=notes[name]))
            continue
        half, most = percentile(times[name], 0.5), percentile(times[name], 0.95)
        words = f"p50 {half * 1000:.0f} ms, p95 {most * 1000:.0f} ms" + ("" if most <= GOAL else "  ABOVE THE GOAL")
        figures.append(Figure(name, 1, "page", most, note=words))
    return figures


def _signed_in(port: int, who: str) -> httpx.Client:
    """A client that is WHO by the demo's band."""
    client = visitor(port)
    client.get("/desk/")
    client.post("/desk/demo/be/", data={"csrfmiddlewaretoken": client.cookies["csrftoken"], "who": who})
    return client
