"""The demo county's past into a desk: people, units, sources, 60 days of items, the health of the last day."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.models import Count
from django.db.models.functions import TruncHour

from groundswell.demo import county
from groundswell.demo.alerts import load_alerts
from groundswell.demo.aside import Aside
from groundswell.demo.cases import load_cases
from groundswell.demo.corrections import load_corrections
from groundswell.demo.flash import load_flash
from groundswell.demo.instructions import load_instructions
from groundswell.demo.issues import load_issues
from groundswell.demo.leads import load_leads
from groundswell.demo.past import past_items
from groundswell.demo.plans import load_plans
from groundswell.demo.readings import enter_finds, fill_book, plan_readings
from groundswell.demo.releases import load_releases
from groundswell.demo.roster import load_roster
from groundswell.desk.accounts.models import Grant, Oversight, Place, Role, Unit, User
from groundswell.desk.sources.models import Failure, FetchRun, SeenPage, Source
from groundswell.desk.spine.models import DutyNote
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.spine.preferences import change
from groundswell.desk.stories.models import KeptForecast, Story
from groundswell.desk.stories.record import look_back
from groundswell.desk.stories.scoring import score_dirty, score_many
from groundswell.desk.stream.intake import store
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.knowledge import forget as forget_knowledge
from groundswell.desk.stream.models import Item, ItemState, Watch
from groundswell.desk.stream.new_words import propose as propose_new_words
from groundswell.desk.stream.voices import month_key
from groundswell.engine import records
from groundswell.engine.pipeline import Models
from groundswell.engine.runners.local import judge_on_cores
from groundswell.server.first_steps import lay_ground

ROLES = {"unit": Role.UNIT_OFFICER, "leads": Role.LEADS_KEEPER}
BATCH, SCORED_AT_ONCE = 1000, 400
LEFT = timedelta(hours=5)  # what came so long ago at most still waits for triage
PASSWORD = "demo county 2026"
Tell = Callable[[str], None]


def load_county(tell: Tell, port0: int = county.PORT0, after: datetime | None = None, aside: Aside | None = None) -> None:
    """Fill an empty desk. TELL gets a line a step; AFTER leaves out what was published up to then; ASIDE may take part of the work.

    The desk's clock must stand at ``county.NOW``.
    """
    tell("people, units, sources")
    lay_ground(county.knowledge_path())
    Watch.objects.update(changed_at=county.START)
    _body()
    units = _english_names()
    _people(units)
    sources = _sources(units, port0)
    plan_readings(sources)
    forget_knowledge()
    tell("60 days of the public web")
    _items(tell, port0, after)
    _history(sources)
    load_corrections()
    tell("stories")
    if aside is not None:
        aside.begin()
        score_half(0)
        aside.wait_for_scores()
    while score_dirty(SCORED_AT_ONCE):
        pass
    _notes()
    tell("cases and bulletins")
    load_cases()
    load_issues()
    load_flash()
    load_instructions()
    load_releases()
    load_plans()
    load_roster()
    load_leads()
    load_alerts()
    if aside is None or not aside.end():
        KeptForecast.objects.all().delete()
        look_back(county.START, county.NOW)
        propose_new_words(county.NOW)


def score_half(which: int) -> None:
    """Score the stories with even (0) or odd (1) primary keys: two processes share them."""
    dirty = Story.objects.filter(dirty_since__isnull=False).order_by("dirty_since").values_list("pk", flat=True)
    mine = [pk for pk in dirty if pk % 2 == which]
    for start in range(0, len(mine), SCORED_AT_ONCE):
        score_many(mine[start : start + SCORED_AT_ONCE])


def _body() -> None:
    office = county.office()
    for key, value in {
        "body.name_en": "Yunling County",
        "body.office": office["name"],
        "body.office_en": office["name_en"],
        "body.contact": "http://127.0.0.1:8700/",
        "product.name": "民声台",
        "product.name_en": "Civic Desk",
        "collect.host_seconds": 0.3,
    }.items():
        change(None, key, value)


def _english_names() -> dict[str, Unit]:
    data = county.knowledge_data()
    for model, rows in ((Unit, data["units"]), (Place, data["places"])):
        for row in rows:
            if row.get("name_en"):
                model._default_manager.filter(code=row["id"]).update(name_en=row["name_en"])

    for row in data["watches"]:
        if row.get("name_en"):
            Watch.objects.filter(slug=row["id"]).update(name_en=row["name_en"])
    return {unit.code: unit for unit in Unit.objects.all()}


def _people(units: dict[str, Unit]) -> None:
    password = make_password(PASSWORD)  # one of all: hashing takes its time
    for person in county.people():
        user = User.objects.create(
            username=person.id,
            password=password,
            name=person.name,
            name_en=person.name_en,
            post=person.title,
            post_en=person.title_en,
            phone=person.phone,
            unit=units.get(person.unit or ""),
        )
        for role in person.roles:
            Grant.objects.create(user=user, role=ROLES.get(role, role), since=county.START)
        if person.first:
            Oversight.objects.create(leader=user, whole=True, since=county.START.date())
        for field in person.fields:
            if field in units:
                Oversight.objects.create(leader=user, unit=units[field], since=county.START.date())


def _sources(units: dict[str, Unit], port0: int) -> dict[str, Source]:
    places = {place.code: place for place in Place.objects.all()}
    rows = []
    for number, source in enumerate(county.sources()):
        first = county.NOW + timedelta(seconds=5 + number * 4 % 240)
        rows.append(
            Source(
                slug=source.slug,
                name=source.name,
                name_en=source.name_en,
                owner=source.owner,
                channel=source.channel,
                kind=source.kind,
                address=county.address_of(source, port0=port0),
                ground=source.ground,
                institutional=source.institutional,
                official=source.official,
                trust=source.trust,
                unit=units.get(source.unit or ""),
                place=places.get(source.place or ""),
                interval_minutes=source.interval,
                sort_key=pinyin_key(source.name),
                next_fetch_at=None if source.kind == "manual" else first,
                options=county.options_of(source),
            )
        )
    Source.objects.bulk_create(rows)
    return {source.slug: source for source in Source.objects.all()}


def _items(tell: Tell, port0: int, after: datetime | None) -> None:
    items = list(past_items(county.NOW, voice=_voice, port0=port0, after=after))
    items.sort(key=lambda item: (item.collected_at or county.NOW, item.key))
    knowledge, models = current_knowledge(), Models.default()
    batch: list[records.Item] = []
    verdicts: dict[str, records.Judged] = {}
    done = 0
    for item, judged in zip(
        items, judge_on_cores(items, knowledge, models, county.NOW, processes=min(2, os.cpu_count() or 1)), strict=True
    ):
        batch.append(item)
        verdicts[item.key] = judged
        if len(batch) == BATCH:
            store(batch, models=models, prejudged=verdicts)
            done += len(batch)
            if done % 6000 == 0:
                tell(f"{done:,} items of {len(items):,}")
            batch, verdicts = [], {}
    store(batch, models=models, prejudged=verdicts)
    Item.objects.filter(judged_at__gt=county.NOW).update(judged_at=county.NOW)
    _triage()


def _triage() -> None:
    """The night shift looked through all that came before the morning; what came since waits for the visitor."""
    before = Item.objects.filter(state=ItemState.OPEN, collected_at__lt=county.NOW - LEFT)
    before.update(state=ItemState.IN_STORY)


def _voice(handle: str, source: str, at: datetime) -> str:
    from groundswell.engine.text.mentions import voice

    return voice(handle, source=source, key=month_key(at.astimezone(county.ZONE).strftime("%Y-%m")))


FAULTS: dict[str, tuple[str, str, dict[str, object]]] = {  # how a source is broken → cause, mend, args as its readings say them
    "redesign": ("nothing_found", "edit_selector", {}),
    "errors": ("http_status", "wait", {"status": 503}),
    "malformed": ("broken", "tell_owner", {"reason": "not well-formed"}),
}


def _history(sources: dict[str, Source]) -> None:
    """Readings of the last day, what each source yielded in them, and the failures of the broken ones."""
    moment = county.NOW.astimezone(UTC)
    random = Random(county.SEED)
    hour = TruncHour("collected_at")
    came = {
        (source, at): n
        for source, at, n in Item.objects.filter(collected_at__gt=moment - timedelta(days=2))
        .annotate(hour=hour)
        .order_by()
        .values_list("source_id", "hour")
        .annotate(n=Count("pk"))
    }
    runs, failures = [], []
    for row in county.sources():
        source = sources[row.slug]
        if row.kind == "manual":
            continue
        fault = FAULTS.get(row.broken.how) if row.broken else None
        broken = row.broken.since.astimezone(UTC) if row.broken and fault else None
        for back in range(24):
            at = moment - timedelta(hours=back, minutes=random.randrange(50))
            dead = broken is not None and at >= broken
            new = 0 if dead else came.get((source.pk, at.replace(minute=0, second=0, microsecond=0)), 0)
            run = FetchRun(
                source=source,
                at=at,
                seconds=round(random.uniform(0.05, 1.2), 2),
                outcome="failed" if dead else "items" if new else "nothing_new",
                status=503 if dead and row.broken and row.broken.how == "errors" else 200,
                pages=1 + new,
                size_bytes=random.randrange(6_000, 40_000) * (1 + new),
                seen=0 if dead else max(20, new),
                new=new,
            )
            runs.append(run)
            if dead and fault:
                failures.append(Failure(source=source, run=run, at=at, url=source.address, cause=fault[0], mend=fault[1], args=fault[2]))
        source.last_run_at = moment - timedelta(minutes=random.randrange(1, max(2, row.interval)))
        source.last_item_at = Item.objects.filter(source=source).order_by("-collected_at").values_list("collected_at", flat=True).first()
        source.last_success_at = broken or source.last_run_at
        if row.broken:
            if fault:
                source.failures, source.last_cause = 12, fault[0]
            source.silent_since = row.broken.since.astimezone(UTC)
    FetchRun.objects.bulk_create(runs, batch_size=2000)
    Failure.objects.bulk_create(failures)
    Source.objects.bulk_update(
        sources.values(), ["last_run_at", "last_success_at", "last_item_at", "failures", "last_cause", "silent_since"]
    )
    _seen_pages(moment)
    fill_book(moment)
    enter_finds(sources)


def _seen_pages(moment: datetime) -> None:
    """What was read must not be fetched again: the pages of the past, threads with the replies that they had."""
    replies: dict[tuple[int, str], int] = {}
    rows = Item.objects.filter(collected_at__gt=moment - timedelta(days=21)).values_list("source_id", "url", "kind")
    for source, url, kind in rows.iterator(chunk_size=5000):
        if url:
            replies[source, url] = replies.get((source, url), 0) + (kind in ("reply", "comment"))
    SeenPage.objects.bulk_create(
        (
            SeenPage(source_id=source, url_hash=blake2b(url.encode(), digest_size=16).hexdigest(), fetched_at=moment, replies=count)
            for (source, url), count in replies.items()
        ),
        batch_size=5000,
        ignore_conflicts=True,
    )


def _notes() -> None:
    hanmei, linxiao = User.objects.get(username="hanmei"), User.objects.get(username="linxiao")
    at = county.NOW.astimezone(UTC)
    DutyNote.objects.create(
        at=at - timedelta(hours=8, minutes=4), by=hanmei, text="夜班平稳。幸福里供暖的帖子后半夜仍有人跟，白班请继续盯。", for_next=False
    )
    DutyNote.objects.create(at=at - timedelta(hours=8), by=hanmei, text="请白班致电县人社局，问网站为何自 14 日起没有更新。", for_next=True)
    DutyNote.objects.create(
        at=at - timedelta(hours=1, minutes=10),
        by=linxiao,
        text="县水务局来电：主管抢修后冲洗管网，预计 20 时恢复，检测结果待定。",
        for_next=False,
    )


def is_loaded() -> bool:
    """Was the county loaded into this desk before?"""
    return User.objects.filter(username="linxiao").exists() and Story.objects.exists()
