"""What a flash report says, read from the archive and composed in both languages: each fact with the items that it rests on.

The same facts as a brief's (``bulletins.facts``), told one by one under the heads that such reports have in practice: what, where, when,
who said it first, spread, voices, forecast, measures, advice; in a 续报 first what changed since the last one, in a 终报 the outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.bulletins import facts as gathering
from groundswell.desk.bulletins.wording import Facts, compose
from groundswell.desk.flash import since as changes
from groundswell.desk.flash import telling
from groundswell.desk.flash.clocks import series_of
from groundswell.desk.flash.models import Kind, Report
from groundswell.desk.spine.actions import Refused
from groundswell.desk.stories import queries as stories
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

HOUR = timedelta(hours=1)
ADVICE_ROOM = 400  # characters: enough that the composer leaves the advice whole
HEADS: dict[str, str | Promise] = {
    "change": _("Since the last report"),
    "outcome": _("Outcome"),
    "what": _("What happened"),
    "where": _("Where it is"),
    "when": _("When it began"),
    "who": _("Who said it first"),
    "spread": _("How it spreads"),
    "voices": _("What netizens say"),
    "forecast": _("What to expect"),
    "measures": _("Measures taken"),
    "advice": _("Advice to the leaders"),
}
ALWAYS = ("what", "where", "when", "who", "spread", "voices", "forecast", "measures", "advice")
TELLERS = telling.TELLERS | changes.TELLERS
SOURCED = frozenset({"what", "when", "who"})  # these must name an item


@dataclass
class Ground:
    """All that the sentences are made of, read once."""

    story: Story
    at: datetime
    since: datetime
    facts: Facts
    figures: dict[str, Any]
    first: Item | None
    most_read: Item | None
    by_place: list[tuple[tuple[str, str], int | None]]  # names in Chinese and English, the first item that names it
    spread: stories.Spread | None
    before: Report | None = None
    citations: list[int] = field(default_factory=list)

    def cite(self, item: int | None) -> str:
        """``[n]`` of ITEM, numbered as it is first named."""
        if item is None:
            return ""
        if item not in self.citations:
            self.citations.append(item)
        return f"[{self.citations.index(item) + 1}]"


@dataclass(frozen=True)
class Draft:
    """A report as the program would write it."""

    title: str
    title_en: str
    facts: dict[str, dict[str, str]]
    citations: list[int]
    figures: dict[str, Any]


def next_kind(story: Story) -> tuple[Kind, Report | None, int]:
    """(kind, the 初报 of the series, the place of a 续报) of the next report of STORY; after a 终报 a new series begins."""
    sent = series_of(story)
    if not sent or sent[-1].kind == Kind.FINAL:
        return Kind.FIRST, None, 0
    return Kind.FOLLOW, sent[0], 1 + sum(each.kind == Kind.FOLLOW for each in sent)


def draft(story: Story, kind: str, before: Report | None, at: datetime) -> Draft:
    """The facts of STORY as of AT for a report of KIND; BEFORE is the last one sent. Raises Refused where nothing is known yet."""
    ground = ground_of(story, before, at)
    codes = [*(["change"] if before is not None else []), *(["outcome"] if kind == Kind.FINAL else []), *ALWAYS]
    composed = compose(ground.facts, ADVICE_ROOM)
    advice = {"zh": composed.advice, "en": composed.advice_en}
    found: dict[str, dict[str, str]] = {}
    for code in codes:
        said = advice if code == "advice" else _both(ground, TELLERS[code])
        found[code] = {**said, "by": "machine", "behind": ""}
    title, title_en = (before.title, before.title_en) if before is not None else (composed.title, composed.title_en)
    return Draft(title, title_en, found, ground.citations, ground.figures)


def _both(ground: Ground, tell: Callable[[Any], str]) -> dict[str, str]:
    said = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            said[code] = telling.joined(tell(ground))
    return said


def ground_of(story: Story, before: Report | None, at: datetime) -> Ground:
    """What is known of STORY at AT; what is new is new since BEFORE was counted, else within the last hour."""
    since = datetime.fromisoformat(before.figures["counted_at"]) if before and before.figures.get("counted_at") else at - HOUR
    rows = gathering.known_at(Item.objects.filter(story=story), at, at)
    if not rows.exists():
        raise Refused(str(_("Nothing of this story is in the archive yet.")))
    gathered = gathering.gather_since(story, None, since, at, at)
    light = rows.select_related("source").defer(*stories.HEAVY)
    figures = gathered.figures | {"level": story.level, "tasks": changes.task_states(story), "kind": "flash"}
    return Ground(
        story=story,
        at=at,
        since=since,
        facts=gathered.facts,
        figures=figures,
        first=light.order_by("published_at", "pk").first(),
        most_read=light.filter(reads__gt=0).order_by("-reads", "pk").first(),
        by_place=_places(story, light),
        spread=stories.spread(story, at),
        before=before,
    )


def _places(story: Story, rows: Any) -> list[tuple[tuple[str, str], int | None]]:
    """The places most named, each with the first item that names it."""
    from groundswell.desk.accounts.models import Place

    codes = [code for code, count in story.places if count >= max(1, 0.15 * story.item_count)][:3]
    known = {place.code: place for place in Place.objects.filter(code__in=codes)}
    found = []
    for code in codes:
        if code in known:
            item = rows.filter(places__contains=[code]).order_by("published_at", "pk").values_list("pk", flat=True).first()
            found.append(((known[code].name, known[code].name_en or known[code].name), item))
    return found
