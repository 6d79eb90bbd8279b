"""What the public may read of releases and corrections: plain data without any name of staff or of private persons.

The portal draws its pages from here and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet
from django.utils.translation import get_language

from groundswell.desk.releases.models import CorrectionRequest, Kind, PublicAct, Release, Stage, Version
from groundswell.desk.spine.shell import named

PAGE = 30
TONES = {"true": "ok", "false": "bad", "partly": "wait", "checking": "info", "old": "wait", "unproven": ""}


@dataclass(frozen=True)
class Act:
    """A line of a page's history."""

    kind: str
    words: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Row:
    """A line of a list: where it leads, what it says."""

    path: str
    title: str
    summary: str
    verdict: str
    verdict_words: str
    tone: str
    kind_words: str
    signed: str
    at: datetime  # of its last public act
    corrected: bool
    withdrawn: bool
    foreign: bool  # the page is in English, the words are Chinese


@dataclass(frozen=True)
class Page:
    """A public page, whole. Of a withdrawn one only the title, the reason and the history are left."""

    row: Row
    number: str
    claim: str
    paragraphs: tuple[str, ...]
    sources: tuple[dict[str, str], ...]
    contact: str
    first_at: datetime
    next_update: datetime | None
    withdrawn_why: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Request:
    """A line of the public register of correction requests."""

    number: str
    publisher: str
    address: str
    headline: str
    wrong: str
    right: str
    basis: str
    sent_at: datetime
    due_on: date | None
    is_late: bool
    answer: str
    answered_at: datetime | None
    state_words: str
    result: str
    result_words: str
    release_path: str
    release_title: str
    proofs: int


def _shown() -> QuerySet[Release]:
    """Releases with a public page, what changed last on top."""
    rows = Release.objects.filter(public__isnull=False).select_related("public").prefetch_related("public_acts")
    return rows.annotate(last=Max("public_acts__at")).order_by("-last", "-id")


def fact_checks(page: int = 1) -> tuple[list[Row], bool]:
    """(a page of fact-checks, is there a further one)."""
    return _listed(_shown().filter(kind=Kind.FACT_CHECK), page)


def releases(page: int = 1) -> tuple[list[Row], bool]:
    """(a page of replies, statements and press releases, is there a further one)."""
    return _listed(_shown().exclude(kind=Kind.FACT_CHECK), page)


def newest(most: int = 3) -> list[Row]:
    """What was said last, of any kind."""
    return [_row(each) for each in _shown().exclude(state=Stage.WITHDRAWN)[:most]]


def _listed(rows: QuerySet[Release], page: int) -> tuple[list[Row], bool]:
    start = (page - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return [_row(each) for each in found[:PAGE]], len(found) > PAGE


def fact_check(slug: str) -> Page | None:
    return _page(_shown().filter(kind=Kind.FACT_CHECK, slug=slug).first())


def release(number: str) -> Page | None:
    return _page(_shown().exclude(kind=Kind.FACT_CHECK).filter(number=number).first())


def preview(record: Release) -> Page:
    """The page of RECORD as it would be with its present text; for the desk only."""
    assert record.current is not None
    return _drawn(record, record.current)


def _page(record: Release | None) -> Page | None:
    return _drawn(record, record.public) if record is not None and record.public is not None else None


def _in(text: Version, name: str) -> tuple[str, bool]:
    """(the field NAME in the reader's language, else in Chinese; is it foreign to the page)."""
    chinese, english = str(getattr(text, name)), str(getattr(text, f"{name}_en"))
    if get_language() != "en":
        return chinese, False
    return (english, False) if english.strip() else (chinese, bool(chinese))


def _row(record: Release, text: Version | None = None) -> Row:
    text = text or record.public
    assert text is not None
    acts = list(record.public_acts.all())
    whole = bool(text.title_en and text.text_en) if get_language() == "en" else True
    gone = record.state == Stage.WITHDRAWN
    return Row(
        path=record.public_path,
        title=_in(text, "title")[0] if whole else text.title,
        summary="" if gone else _in(text, "summary")[0] if whole else text.summary,
        verdict="" if gone else text.verdict,
        verdict_words="" if gone or not text.verdict else str(text.get_verdict_display()),
        tone=TONES.get(text.verdict, ""),
        kind_words=str(record.get_kind_display()),
        signed=_in(text, "signed")[0] if whole else text.signed,
        at=acts[-1].at if acts else text.at,
        corrected=any(act.kind == PublicAct.Kind.CORRECT for act in acts),
        withdrawn=gone,
        foreign=not whole,
    )


def _drawn(record: Release, text: Version) -> Page:
    row, acts = _row(record, text), list(record.public_acts.all())
    body = text.text_en if not row.foreign and get_language() == "en" else text.text
    claim = text.claim_en if not row.foreign and get_language() == "en" and text.claim_en else text.claim
    return Page(
        row=row,
        number=record.number,
        claim="" if row.withdrawn else claim,
        paragraphs=() if row.withdrawn else tuple(line.strip() for line in body.splitlines() if line.strip()),
        sources=() if row.withdrawn else tuple(text.sources),
        contact=text.contact,
        first_at=acts[0].at if acts else text.at,
        next_update=None if row.withdrawn else text.next_update,
        withdrawn_why=record.withdrawn_why,
        acts=tuple(Act(act.kind, str(act.get_kind_display()), act.at, act.why) for act in acts),
    )


def requests() -> list[Request]:
    """Every correction request that was sent, the newest first."""
    rows = CorrectionRequest.objects.filter(sent_at__isnull=False).select_related("publisher", "release__public").order_by("-sent_at")
    return [_request(row) for row in rows[:500]]


def _request(row: CorrectionRequest) -> Request:
    assert row.sent_at is not None
    ours = row.release if row.release is not None and row.release.public_id else None
    return Request(
        number=row.number,
        publisher=named(row.publisher),
        address=row.address,
        headline=row.headline,
        wrong=row.wrong,
        right=row.right,
        basis=row.basis,
        sent_at=row.sent_at,
        due_on=row.due_on,
        is_late=row.is_overdue,
        answer=row.answer,
        answered_at=row.answered_at,
        state_words=str(row.get_state_display()),
        result=row.result,
        result_words=str(row.get_result_display()) if row.result else "",
        release_path=ours.public_path if ours else "",
        release_title=_row(ours).title if ours else "",
        proofs=len(row.evidence),
    )
