"""kill -9 in the middle of collecting, entering and replaying: what was begun is done again, nothing is lost, nothing is there twice."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.db import connection
from django.db.models import Count

from groundswell.cli import replay as command
from groundswell.desk.accounts.models import Role
from groundswell.desk.entry.models import Picture
from groundswell.desk.sources.models import Source
from groundswell.desk.stories import grouping
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item, ItemVersion
from tests.collect.conftest import Web
from tests.conftest import HOME
from tests.desk.county import lay
from tests.desk.webs import HTML, RSS, article, served

pytestmark = pytest.mark.slow
PAGES = 24
SHARES = (0.2, 0.7)  # of the work, when the process dies
PRELUDE = """
import os
from groundswell.server.home import set_up_django
set_up_django()
"""
COLLECT = (
    PRELUDE
    + """
from groundswell.desk.sources.collecting import collect_source
from groundswell.desk.sources.models import Source
Source.objects.update(fetching_since=None, next_fetch_at=None)
for pk in Source.objects.exclude(kind="manual").order_by("pk").values_list("pk", flat=True):
    collect_source(pk)
"""
)
ENTER = (
    PRELUDE
    + """
from groundswell.desk.accounts.models import User
from groundswell.desk.entry.actions import AlreadyThere
from groundswell.desk.entry.records import Said
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import found
source, user = Source.objects.get(slug="eye"), User.objects.get()
for n in range(PAGES):
    said = Said(source, "", f"锦绣小区{n}号楼今天又停水了，老人提不动水", f"https://v.example/{n}", "2026-11-23T15:00:00+08:00", f"住户{n}", {})
    try:
        found("item.enter", user, {"said": said, "reading": True})
    except AlreadyThere:
        continue
""".replace("PAGES", str(PAGES))
)
REPLAY = (
    PRELUDE
    + """
from groundswell.cli.replay import replay
from groundswell.desk.sources import replay as rooms
rooms.BATCH = 3
replay()
"""
)


@pytest.fixture
def web(transactional_db: None, desk: None) -> Iterator[Web]:
    shutil.rmtree(HOME / "archive", ignore_errors=True)
    lay()
    with served(HOME / "archive") as made:
        yield made
    shutil.rmtree(HOME / "archive", ignore_errors=True)
    grouping.forget()


def database() -> str:
    """The address of this test's own database."""
    parts = urlsplit(os.environ["GROUNDSWELL_TEST_POSTGRES"])
    return parts._replace(path="/" + quote(str(connection.settings_dict["NAME"]))).geturl()


def child(script: str, web: Web) -> subprocess.Popen[bytes]:
    env = os.environ | {
        "GROUNDSWELL_DATABASE_URL": database(),
        "GROUNDSWELL_HOME": str(HOME),
        "GROUNDSWELL_REACHABLE": web.host,
        "GROUNDSWELL_CLOCK": f"2026-11-23T18:00:00+08:00|1|{HOME.stat().st_mtime:.3f}",  # the desk's day, and on from there
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def run(script: str, web: Web) -> None:
    done = child(script, web)
    _out, error = done.communicate(timeout=300)
    assert done.returncode == 0, error.decode()[-2000:]


def killed(script: str, web: Web, whole: int) -> list[int]:
    """Start SCRIPT again and again, kill it when a share of WHOLE items lies in the database. Returns what lay there after each."""
    left = []
    with psycopg.connect(database(), autocommit=True) as watcher:

        def count() -> int:
            row = watcher.execute("select count(*) from stream_item").fetchone()
            return int(row[0]) if row else 0

        for share in SHARES:
            process = child(script, web)
            while process.poll() is None and count() < share * whole:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.02)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            left.append(count())
    assert any(number < whole for number in left), "it was never killed in the middle"
    return left


def whole_and_once() -> None:
    """What must hold whatever happened: stories count their items, all are judged, nothing has a false earlier text."""
    assert not Item.objects.filter(judged_at=None).exists()
    assert not ItemVersion.objects.exists()
    for story in Story.objects.annotate(n=Count("items")):
        assert story.item_count == story.n


def serve(web: Web) -> None:
    """A list of articles and a feed, so long that one can die in the middle."""
    rows = "".join(f"<li><a href='/a/{n}'>清河镇第{n}村自来水发黄，居民等说法，详情</a> <span>2026-11-23</span></li>" for n in range(PAGES))
    web.routes["/list/"] = (200, HTML, f"<html><title>新闻</title><body><ul>{rows}</ul></body></html>".encode())
    for n in range(PAGES):
        web.routes[f"/a/{n}"] = (
            200,
            HTML,
            article(f"清河镇第{n}村自来水发黄", f"第{n}村的居民说，{n + 1}天来自来水一直发黄，没有人来看过。"),
        )
    entries = "".join(
        f"<item><title>第{n}条</title><link>{web.url(f'/f/{n}')}</link><guid>{n}</guid><pubDate>Mon, 23 Nov 2026 02:{n:02d}:00 GMT</pubDate>"
        f"<description>云岭县{n}路今天封闭施工，第{n}天了，司机要绕行。</description></item>"
        for n in range(PAGES)
    )
    web.routes["/rss"] = (200, RSS, f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{entries}</channel></rss>'.encode())
    Source.objects.create(slug="list", name="list", channel="news", kind="list", address=web.url("/list/"))
    Source.objects.create(slug="rss", name="rss", channel="news", kind="feed", address=web.url("/rss"))


def test_collecting(web: Web) -> None:
    Source.objects.all().delete()
    serve(web)
    killed(COLLECT, web, 2 * PAGES)
    run(COLLECT, web)
    assert Item.objects.count() == 2 * PAGES
    whole_and_once()
    assert not command.replay(since="2026-11-01", until="2027-12-31", check=True).differences
    asked = [path for path in web.paths() if path.startswith("/a/")]
    assert len(asked) <= PAGES + len(SHARES)  # only the page in hand was asked for again


def test_entering(web: Web, person: object) -> None:
    Source.objects.create(slug="eye", name="云岭眼", channel="video", kind="manual")
    duty = person(Role.DUTY)  # type: ignore[operator]
    killed(ENTER, web, PAGES)
    run(ENTER, web)
    assert Item.objects.filter(kind="entered").count() == PAGES
    assert set(Item.objects.values_list("entered_by", flat=True)) == {duty.pk}
    from groundswell.desk.sources.models import Reading
    from groundswell.desk.spine.models import Entry

    assert Entry.objects.filter(action="item.enter").count() == PAGES  # an item and its line in the timeline, or neither
    assert sum(Reading.objects.values_list("found", flat=True)) == PAGES
    whole_and_once()
    voices = set(Item.objects.values_list("voice", flat=True))
    assert len(voices) == PAGES  # each author one pseudonym, also over the deaths
    assert not command.replay(since="2026-11-01", until="2027-12-31", check=True).differences


def test_replaying(web: Web) -> None:
    Source.objects.all().delete()
    serve(web)
    run(COLLECT, web)
    before = set(Item.objects.values_list("key", "text", "title", "published_at", "archive"))
    Item.objects.all().delete()
    Story.objects.all().delete()
    grouping.GroupingState.objects.all().delete()
    killed(REPLAY, web, 2 * PAGES)
    run(REPLAY, web)
    assert set(Item.objects.values_list("key", "text", "title", "published_at", "archive")) == before
    whole_and_once()
    assert not Picture.objects.exists()
