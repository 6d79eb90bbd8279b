"""What people read and entered in Yunling: the plan of the reading book, three days of it, and today's finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from random import Random

from groundswell.demo import county
from groundswell.desk.accounts.models import User
from groundswell.desk.entry.records import Said
from groundswell.desk.sources.models import Reading, ReadingDuty, Source
from groundswell.desk.spine.actions import found
from groundswell.desk.spine.ports import ports

OFTEN = ["08:30", "11:30", "14:00", "16:30", "20:30", "23:00"]
SELDOM = ["09:00", "15:00"]
KEY_TIMES = ["07:30", "09:00", "10:30", "12:00", "14:00", "15:30", "17:00", "18:30", "20:30", "22:30"]
DAYS = 3
MISSED = "v-chihuo"  # today at 11:30: the gap that the book shows
BEFORE_ITS_TIME = ("v-yunlingyan", "v-qinghedaren", "v-xuexiao")  # read at 16:00 already
# (time, planned time, source, text, counts, published, link): what was found on the phone and entered
FINDS = (
    (
        time(11, 41),
        "11:30",
        "v-qinghedaren",
        "白石镇老桥头一排路灯全灭了，晚上接孩子只能打手电，上周就有人报修，到现在没人来 @路灯报修 看看",
        {"reads": 12_600, "likes": 864, "comments": 231, "reposts": 97},
        "2026-11-23T10:52:00+08:00",
        "https://video.example/v-qinghedaren/20261123-1",
    ),
    (
        time(14, 9),
        "14:00",
        "v-donghu",
        "东湖公园的健身器材锈得掉渣，螺丝都松了，老人天天在上面压腿，县城管局能不能来紧一紧",
        {"reads": 3_400, "likes": 152, "comments": 48, "reposts": 9},
        "2026-11-22T21:35:00+08:00",
        "https://video.example/v-donghu/20261122-3",
    ),
)

NOT_HERE = {(MISSED, "11:30"), *((slug, planned) for _clock, planned, slug, *_rest in FINDS)}  # missed, or noted as it is entered


def plan_readings(sources: dict[str, Source]) -> None:
    """Who reads what, when: the public bodies' accounts by the editor twice a day, all others by whoever is on duty."""
    editor = User.objects.get(username="limin")
    rows = []
    for row in county.sources():
        if row.kind == "manual":
            seldom = row.official
            rows.append(
                ReadingDuty(
                    source=sources[row.slug],
                    reader=editor if seldom else None,
                    times=SELDOM if seldom else OFTEN,
                    key_times=[] if seldom else KEY_TIMES,
                )
            )
    ReadingDuty.objects.bulk_create(rows)


def fill_book(moment: datetime) -> None:
    """The last days as they were read: mostly in time, sometimes late, once not at all."""
    people = {user.username: user for user in User.objects.filter(username__in=["linxiao", "hanmei", "limin"])}
    random = Random(county.SEED)
    rows = []
    today = moment.astimezone(county.ZONE).date()
    for duty in ReadingDuty.objects.select_related("source").order_by("id"):
        for back in range(DAYS, -1, -1):
            day = today - timedelta(days=back)
            for text in duty.times:
                planned = datetime.combine(day, time.fromisoformat(text), county.ZONE)
                at = planned + timedelta(minutes=random.choice((-12, -4, 1, 3, 5, 8, 13, 21, 34, 52)), seconds=random.randrange(60))
                if text == "16:30" and back == 0:
                    at = planned - timedelta(minutes=27, seconds=-random.randrange(90))
                    if duty.source.slug not in BEFORE_ITS_TIME:
                        continue
                if at >= moment or (back == 0 and (duty.source.slug, text) in NOT_HERE):
                    continue
                reader = people["limin"] if duty.reader_id else people["hanmei" if at.hour >= 18 or at.hour < 8 else "linxiao"]
                rows.append(Reading(source=duty.source, reader=reader, at=at, planned_at=planned, found=0))
    Reading.objects.bulk_create(rows)


def enter_finds(sources: dict[str, Source]) -> None:
    """What the duty officer found while reading, entered as anybody enters it, at its time."""
    officer = User.objects.get(username="linxiao")
    for clock, _planned, slug, text, counts, stamp, url in FINDS:
        with desk_stands_at(datetime.combine(county.NOW.date(), clock, county.ZONE)):
            said = Said(sources[slug], "", text, url, stamp, "路过的人", dict(counts))
            found("item.enter", officer, {"said": said, "reading": True})


@contextmanager
def desk_stands_at(moment: datetime) -> Iterator[None]:
    """The desk's clock stands at MOMENT."""
    before = ports.clock
    ports.clock = lambda: moment.astimezone(UTC)
    try:
        yield
    finally:
        ports.clock = before
