"""What the audit screens read: acts by person, kind, day and subject; one act in words; the last check of the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, scope
from groundswell.desk.audit.models import Record
from groundswell.desk.audit.words import act_sentence, columns_of, field_words, subject_words, value_words
from groundswell.desk.spine.actions import SUBJECTS
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.shell import in_language

PAGE = 50


@dataclass(frozen=True)
class Sieve:
    """What to show: "" and None mean any. ``subject`` is "kind:id" or the beginning of it."""

    person: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None
    subject: str = ""

    @property
    def is_open(self) -> bool:
        return self == Sieve()


@dataclass(frozen=True)
class Line:
    """One act in words."""

    record: Record
    act: str
    subject: str
    url: str


def acts_for(user: User, sieve: Sieve) -> QuerySet[Record]:
    """The acts that USER may see, newest first (primary key, or index actor, -seq / act, -seq)."""
    rows = Record.objects.select_related("actor").order_by("-seq")
    if scope(user, "audit.read") != ALL:
        rows = rows.filter(actor=user)
    if sieve.person == "-":
        rows = rows.filter(actor=None)
    elif sieve.person:
        rows = rows.filter(actor__username=sieve.person)
    if sieve.act:
        rows = rows.filter(Q(act=sieve.act) | Q(act=f"{sieve.act}.undo"))
    if sieve.since:
        rows = rows.filter(at__gte=_midnight(sieve.since))
    if sieve.until:
        rows = rows.filter(at__lt=_midnight(sieve.until + timedelta(days=1)))
    if sieve.subject:
        exact = ":" in sieve.subject or "." in sieve.subject
        rows = rows.filter(subject=sieve.subject) if exact else rows.filter(subject__startswith=sieve.subject)
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def lines_of(rows: Iterable[Record]) -> list[Line]:
    """ROWS in words, with the address of each subject that still exists; one query a kind of subject."""
    kept = list(rows)
    records = _subjects({row.subject for row in kept})
    return [Line(row, act_sentence(row.act, row.payload), *subject_words(row.subject, records)) for row in kept]


def _subjects(names: set[str]) -> dict[str, Any]:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for name in names:
        kind, _colon, key = name.partition(":")
        if kind in SUBJECTS and key.isdigit():
            by_kind[kind].add(int(key))
    return {
        f"{kind}:{pk}": record
        for kind, keys in by_kind.items()
        for pk, record in SUBJECTS[kind].model._default_manager.in_bulk(list(keys)).items()
    }


@dataclass(frozen=True)
class Change:
    """One field of a payload: before and after, or only what was said (``before`` None)."""

    words: str
    before: str | None
    after: str


def payload_in_words(record: Record) -> list[Change]:
    """The payload as lines of a table; fields that did not change are left out. Empty where it was purged."""
    payload = dict(record.payload or {})
    before, after = payload.pop("before", None) or {}, payload.pop("after", None) or {}
    columns = columns_of(record.subject, {*before, *after})
    lines = [
        Change(field_words(name), value_words(before.get(name), name, columns.get(name)), value_words(value, name, columns.get(name)))
        for name, value in after.items()
        if before.get(name) != value
    ]
    if {"was", "became"} <= payload.keys():
        lines.append(Change(field_words("became"), value_words(payload.pop("was")), value_words(payload.pop("became"))))
    data = payload.pop("data", None) or {}
    if after:  # the sentence's own words for it would say it twice
        data = {name: value for name, value in data.items() if name not in ("was", "became")}
    said = {name: value for name, value in in_language({**data, **payload}).items() if not name.endswith("_en") or name[:-3] not in data}
    return lines + [
        Change(field_words(name), None, value_words(value, name)) for name, value in said.items() if value not in ("", None, [], {})
    ]


@dataclass(frozen=True)
class ChainState:
    """The last check of the chain: when, by whom, how many links, the breaks found; how many links came since."""

    checked: Record | None
    links: int
    breaks: list[tuple[int, str]]
    since: int
    total: int


def chain_state() -> ChainState:
    """From the chain itself: a check is an act like any other (index act, -seq)."""
    last = Record.objects.select_related("actor").filter(act="audit.verified").order_by("-seq").first()
    top = Record.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    payload = (last.payload or {}) if last else {}
    breaks = [(int(seq), str(what)) for seq, what in payload.get("breaks", [])]
    return ChainState(last, int(payload.get("links", 0)), breaks, top - last.seq if last else top, top)
