"""What releases put into Today's queue: drafts for the next person, what is held, corrections without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.releases import meanwhile
from groundswell.desk.releases.models import IN_WORK, Check, CorrectionRequest, Kind, Release, Stage, Verdict
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter

MOST = 20
SOON = timedelta(hours=2)  # a next update is called for so long before it is due


def _row(row: Release, words: str, why: str, button: Button, due_at: datetime | None = None, limit: timedelta | None = None) -> Waiting:
    return Waiting(
        key=f"release:{row.pk}:{row.state}",
        kind="release",
        kind_words=words,
        title=row.title,
        url=row.get_absolute_url(),
        why=why,
        button=button,
        due_at=due_at,
        limit=limit,
    )


@queue_source
def to_review(user: User, now: datetime) -> Iterator[Waiting]:
    """What another wrote and waits for a review, the secrecy review or the approval of this person."""
    wanted = [
        (Stage.REVIEW, "release.review", _("To be reviewed"), _("Review it"), "", "v"),
        (Stage.SECRECY, "release.secrecy", _("Secrecy review"), _("Secrecy review"), "secrecy/", "m"),
        (Stage.APPROVAL, "release.approve", _("To approve"), _("Look"), "", "v"),
    ]
    states = {row[0]: row for row in wanted if may(user, row[1])}
    rows = Release.objects.filter(state__in=states).select_related("current").exclude(current__by=user).order_by("id")
    for row in rows[:MOST]:
        assert row.current is not None
        state, _right, words, button, path, key = states[Stage(row.state)]
        if state == Stage.SECRECY and row.current.checks.filter(kind=Check.Kind.REVIEW, by=user).exists():
            continue  # who reviewed the content does not do this as well
        yield _row(row, words, str(row.get_kind_display()), Button(button, f"{row.get_absolute_url()}{path}", key))


@queue_source
def to_publish(user: User, now: datetime) -> Iterator[Waiting]:
    """What is approved: publish it, or read first what citizens wrote meanwhile; what was sent back, to its writer; a clue that lies."""
    if not may(user, "release.publish"):
        return
    for row in Release.objects.filter(state=Stage.APPROVED).select_related("current", "item").order_by("id")[:MOST]:
        assert row.current is not None
        url = f"{row.get_absolute_url()}publish/"
        held = meanwhile.held_by(row, now)
        if row.current.embargo_until is not None and row.current.embargo_until > now:
            yield _row(row, _("Under embargo"), _("may go out then"), Button(_("Look"), url), row.current.embargo_until)
        elif held:
            yield _row(row, _("Held"), _("a citizen wrote meanwhile: %(words)s") % {"words": held[-1].words[:60]}, Button(_("Look"), url))
        else:
            yield _row(row, _("To publish"), _("approved"), Button(_("Publish it"), url, "p"))
    for row in Release.objects.filter(state=Stage.DRAFT, current__by=user).select_related("current").order_by("id")[:MOST]:
        assert row.current is not None
        back = row.current.checks.filter(result=Check.Result.BACK).last()
        if back is not None:
            yield _row(
                row,
                _("Sent back"),
                back.note or str(back.get_kind_display()),
                Button(_("Write the text"), f"{row.get_absolute_url()}write/", "e"),
            )


@queue_source
def clues(user: User, now: datetime) -> Iterator[Waiting]:
    """Clues that nobody has written on yet; a page that says “being checked” whose next word is due."""
    if not may(user, "release.draft"):
        return
    for row in Release.objects.filter(state=Stage.CLUE).order_by("id")[:MOST]:
        yield _row(row, _("Clue"), str(row.get_kind_display()), Button(_("Write the text"), f"{row.get_absolute_url()}write/", "e"))
    rows = Release.objects.filter(
        state=Stage.PUBLISHED, kind=Kind.FACT_CHECK, public__verdict=Verdict.CHECKING, public__next_update__lt=now + SOON
    )
    for row in rows.select_related("current", "public").order_by("id")[:MOST]:
        assert row.public is not None
        why = _("the page says when it will say more")
        button = Button(_("Write the text"), f"{row.get_absolute_url()}correct/")
        yield _row(row, _("Next word due"), why, button, row.public.next_update, SOON)


@queue_source
def corrections(user: User, now: datetime) -> Iterator[Waiting]:
    """Requests to approve, to send, and those whose time is over without an answer."""
    today = now.astimezone(zone()).date()
    wanted = {
        CorrectionRequest.Stage.REVIEW: ("release.approve", _("Correction to approve"), _("Look"), "", "v"),
        CorrectionRequest.Stage.READY: ("release.publish", _("Correction to send"), _("Send"), "", "s"),
        CorrectionRequest.Stage.SENT: ("release.draft", _("No answer"), _("Look"), "", ""),
        CorrectionRequest.Stage.ANSWERED: ("release.draft", _("Answer came"), _("Close with a result"), "close/", "d"),
    }
    states = [state for state, row in wanted.items() if may(user, row[0])]
    rows = CorrectionRequest.objects.filter(state__in=states).select_related("publisher").order_by("id")
    for row in rows[: 2 * MOST]:
        _right, words, button, path, key = wanted[CorrectionRequest.Stage(row.state)]
        if row.state == CorrectionRequest.Stage.SENT and (row.due_on is None or row.due_on >= today):
            continue
        if row.state == CorrectionRequest.Stage.REVIEW and row.by_id == user.pk:
            continue
        due_at = datetime.combine(row.due_on, time(23, 59), zone()) if row.due_on and row.state == CorrectionRequest.Stage.SENT else None
        yield Waiting(
            key=f"correction:{row.pk}:{row.state}",
            kind="release",
            kind_words=words,
            title=row.headline,
            url=row.get_absolute_url(),
            why=str(row.publisher),
            button=Button(button, f"{row.get_absolute_url()}{path}", key),
            due_at=due_at,
        )


@counter("releases")
def in_work(_user: User) -> Count | None:
    """How many releases are under way (index state, -id)."""
    count = Release.objects.filter(state__in=IN_WORK).count()
    return Count(str(count)) if count else None
