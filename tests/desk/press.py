"""A press room for the tests of bulletins: stories with items said at known minutes, an open issue, people for each step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.bulletins import issues
from groundswell.desk.bulletins.models import Issue, IssueItem, Recipient, Series
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import perform
from groundswell.desk.spine.ports import now
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item, ItemState

_serial = itertools.count(1)
YELLOW = (
    "清河镇锦绣小区6时40分起自来水发黄，有铁锈味，居民不敢用水。希望尽快公布水质检测结果。",
    "锦绣小区自来水发黄，放了十分钟还是黄的。请问什么时候能恢复？",
    "自来水发黄，整栋楼都在等说法，物业电话没人接。",
    "清河镇东苑小区的自来水也发黄，做饭都不敢用。",
    "自来水发黄第二天了，盼有人来测一测水质。",
)


def source(name: str = "云岭论坛", **fields: Any) -> Source:
    slug = f"s{next(_serial)}"
    return Source.objects.create(slug=slug, name=name, channel=fields.pop("channel", "forum"), kind="feed", **fields)


def story(
    texts: Sequence[str] = YELLOW,
    *,
    title: str = "清河镇多小区自来水发黄",
    level: int = 2,
    minutes: float = -120,
    tone: int = -1,
    from_source: Source | None = None,
    **fields: Any,
) -> Story:
    """A story with an item for each of TEXTS, five minutes apart, the first MINUTES from now."""
    start = now() + timedelta(minutes=minutes)
    number = next(_serial)
    made = Story.objects.create(
        number=f"ST-2026-1123-{number:02d}",
        engine_id=f"e{number}",
        title=title,
        level=level,
        first_at=start,
        last_at=start + timedelta(minutes=5 * (len(texts) - 1)),
        item_count=len(texts),
        source_count=1,
        negative=len(texts) if tone < 0 else 0,
        positive=len(texts) if tone > 0 else 0,
        credibility=fields.pop("credibility", "high"),
        **fields,
    )
    own = from_source or source()
    for place, text in enumerate(texts):
        item(text, made, at=start + timedelta(minutes=5 * place), from_source=own, tone=tone, level=level)
    return made


def item(text: str, of: Story | None = None, *, at: datetime | None = None, from_source: Source | None = None, **fields: Any) -> Item:
    moment = at or now() - timedelta(minutes=30)
    own = from_source or source()
    values: dict[str, Any] = {
        "about_us": True, "state": ItemState.IN_STORY if of else ItemState.OPEN, "lang": "zh", "kind": "post", "reads": 120, "comments": 3,
    }  # fmt: skip
    return Item.objects.create(
        key=f"{next(_serial):032x}",
        source=own,
        channel=own.channel,
        institutional=own.institutional,
        text=text,
        published_at=moment,
        published_stamp=moment.astimezone().isoformat(timespec="seconds"),
        collected_at=moment,
        story=of,
        **(values | fields),
    )


def water() -> Unit:
    return Unit.objects.get_or_create(code="water", defaults={"name": "县水务局", "name_en": "Water Bureau"})[0]


def series(**fields: Any) -> Series:
    """The daily brief, with FIELDS changed."""
    Series.objects.filter(pk="brief").update(**fields)
    return Series.objects.get(pk="brief")


def open_issue() -> Issue:
    """The issue of the next clock."""
    brief = series()
    clock = issues.rhythm_of(brief).next_after(now())
    assert clock is not None
    return issues.make_for(brief, clock)


def picked(issue: Issue, user: User | None, *stories: Story) -> list[IssueItem]:
    for each in stories:
        perform("issue.pick", user, issue, {"story": each})
    return list(issue.pieces.all())


def written(issue: Issue, user: User, piece: IssueItem, **words: str) -> IssueItem:
    values = {name: getattr(piece, name) for name in ("title", "text", "advice")} | words
    perform("issue.write", user, issue, {"piece": piece} | values)
    piece.refresh_from_db()
    return piece


def signed(person: Callable[..., Any], issue: Issue | None = None) -> Issue:
    """An issue with one piece, through all steps by three people."""
    editor, checker, leader = person("editor"), person("editor"), person("leader")
    issue = issue or open_issue()
    if not issue.pieces.exists():
        piece = picked(issue, editor, story(unit=water()))[0]
        written(issue, editor, piece, advice="县水务局公布检测结果。")
    perform("issue.submit", editor, issue, {"reason": "值班领导已知"})
    perform("issue.pass_check", checker, issue, {"reason": "已核"})
    perform("issue.sign", leader, issue)
    return issue


def readers(*emails: str) -> list[Recipient]:
    brief = series()
    return [Recipient.objects.create(series=brief, name=f"单位{n}", email=email) for n, email in enumerate(emails, 1)]
