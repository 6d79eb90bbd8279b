"""Reads behind the list of releases, a release's page and the register of corrections at the desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, scope
from groundswell.desk.releases.effect import Effect, effect
from groundswell.desk.releases.models import IN_WORK, Check, CorrectionRequest, Kind, PublicAct, Release, Spoken, Spokesperson, Stage
from groundswell.desk.stories.models import Story

TABS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("open", _("In work"), IN_WORK),
    ("review", _("To be reviewed"), (Stage.REVIEW, Stage.SECRECY)),
    ("approval", _("To be approved"), (Stage.APPROVAL,)),
    ("approved", _("To be published"), (Stage.APPROVED,)),
    ("public", _("Public"), (Stage.PUBLISHED,)),
    ("withdrawn", _("Withdrawn from the public"), (Stage.WITHDRAWN,)),
    ("all", _("All"), tuple(Stage)),
)
WITH = ("current__by", "story", "unit", "case", "item", "public")
C = CorrectionRequest.Stage
CORRECTION_TABS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("open", _("Open"), (C.DRAFT, C.REVIEW, C.READY, C.SENT, C.ANSWERED)),
    ("sent", _("Waiting for an answer"), (C.SENT,)),
    ("closed", _("Closed"), (C.CLOSED,)),
    ("all", _("All"), tuple(C)),
)


def may_read(user: User) -> bool:
    return scope(user, "release.read") == ALL


def readable(user: User) -> QuerySet[Release]:
    """The releases that USER may see."""
    return Release.objects.all() if may_read(user) else Release.objects.none()


def tabs(found: QuerySet[Release], current: str) -> list[dict[str, object]]:
    """The tabs with their counts, in one query."""
    return _tabs(TABS, Counter(found.order_by().values_list("state", flat=True)), current)


def correction_tabs(current: str) -> list[dict[str, object]]:
    return _tabs(CORRECTION_TABS, Counter(CorrectionRequest.objects.order_by().values_list("state", flat=True)), current)


def _tabs(rows: tuple[tuple[str, str | Promise, tuple[str, ...]], ...], counts: Counter[str], current: str) -> list[dict[str, object]]:
    return [
        {"code": code, "words": words, "count": sum(counts[str(state)] for state in states), "current": code == current}
        for code, words, states in rows
    ]


def in_tab(found: QuerySet[Release], code: str, kind: str = "") -> QuerySet[Release]:
    states = next((states for each, _words, states in TABS if each == code), IN_WORK)
    rows = found.filter(state__in=states)
    return rows.filter(kind=kind) if kind in Kind.values else rows


def corrections_in(code: str) -> QuerySet[CorrectionRequest]:
    states = next((states for each, _words, states in CORRECTION_TABS if each == code), CORRECTION_TABS[0][2])
    return CorrectionRequest.objects.filter(state__in=states).select_related("publisher", "story", "by", "approved_by")


def checks_of(release: Release) -> QuerySet[Check]:
    """Every review of every version, the newest first."""
    return Check.objects.filter(at_version__release=release).select_related("by", "at_version").order_by("-id")


@dataclass(frozen=True)
class Said:
    """A public word on a story: when, by whom, what, where, and what came after it beside the forecast."""

    at: datetime
    who: object
    words: str
    url: str
    public_url: str
    effect: Effect | None


def said_on(story: Story, now: datetime) -> list[Said]:
    """What the body said in public on STORY, replies and publishings, the newest first."""
    acts = PublicAct.objects.filter(release__story=story).exclude(kind=PublicAct.Kind.WITHDRAW).select_related("release__unit", "text")
    found = [
        Said(
            act.at,
            act.text.signed,
            f"{act.get_kind_display()}: {act.text.title}",
            act.release.get_absolute_url(),
            act.release.public_path,
            effect(story, act.at, now),
        )
        for act in acts
    ]
    for row in Spoken.objects.filter(story=story, struck="").select_related("spokesperson__user"):
        found.append(Said(row.at, row.spokesperson.user, row.text, "/desk/releases/spokespeople/", row.address, effect(story, row.at, now)))
    return sorted(found, key=lambda each: each.at, reverse=True)


def spoken_with_effect(now: datetime, most: int = 60) -> list[tuple[Spoken, Effect | None]]:
    """The last replies of spokespeople, each with its comparison."""
    rows = Spoken.objects.select_related("spokesperson__user", "story", "release__current")[:most]
    return [(row, None if row.struck else effect(row.story, row.at, now)) for row in rows]


def speakers() -> tuple[list[Spokesperson], list[Spokesperson]]:
    """(who speaks now or soon, whose time is over)."""
    rows = list(Spokesperson.objects.select_related("user", "unit"))
    return [row for row in rows if row.state == "active"], [row for row in rows if row.state == "ended"]
