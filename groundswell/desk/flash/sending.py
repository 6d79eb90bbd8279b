"""A report to its readers: one row each; leaders find it on the desk, mail goes at once and is tried again with growing pauses.

A row is locked while its mail is under way and marked in the same transaction, so that two workers never send it twice and a worker that
is killed leaves it waiting. The Message-ID is the same at every try.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.desk.accounts import leaders
from groundswell.desk.accounts.leaders import Presented
from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins import mail
from groundswell.desk.bulletins.dispatch import PAUSES
from groundswell.desk.bulletins.models import Recipient
from groundswell.desk.flash import paper
from groundswell.desk.flash.models import SERIES, Delivery, Report, Way
from groundswell.desk.roster.stretches import on_duty
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import Refused
from groundswell.desk.spine.models import Notice
from groundswell.desk.spine.preferences import preference
from groundswell.desk.stories.models import Story
from groundswell.reports.clean import one_line
from groundswell.reports.docx import brief_docx
from groundswell.reports.pdf import brief_pdf
from groundswell.reports.sheet import compose

WAITING, SENT, FAILED = "waiting", "sent", "failed"
READ_LIFE = timedelta(days=7)


# ---------------------------------------------------------------- to whom


def leaders_for(story: Story, level: int, at: datetime) -> list[Presented]:
    """Before whom it is put, in the order of 呈送; whoever is away is stood in for."""
    led = on_duty(at).leader
    return leaders.put_before(story.unit, level, on_duty=led.people if led else (), words=story.title)


def listed() -> list[Recipient]:
    """Who gets every flash report by mail: the list of the series."""
    return list(Recipient.objects.filter(series=SERIES, is_active=True))


def start(report: Report, presented: Sequence[Presented], recipients: Sequence[Recipient], at: datetime) -> list[Delivery]:
    """A row for each reader, leaders first. Those on the desk have it at once."""
    may_mail = mail.server() is not None
    rows: list[Delivery] = []
    for one in presented:
        by_mail = bool(one.user.email) and may_mail
        rows.append(
            Delivery(
                report=report, position=len(rows) + 1, user=one.user, name=one.user.name, why=one.why, instead_of=one.instead_of,
                email=one.user.email if by_mail else "", language=one.user.language, way=Way.MAIL if by_mail else Way.DESK,
                state=WAITING if by_mail else SENT, at=None if by_mail else at, next_try_at=at if by_mail else None,
            )
        )  # fmt: skip
    for each in recipients:
        rows.append(
            Delivery(
                report=report, position=len(rows) + 1, recipient=each, name=each.name, email=each.email, language=each.language,
                way=Way.MAIL, state=WAITING, next_try_at=at,
            )
        )  # fmt: skip
    return Delivery.objects.bulk_create(rows)


# ---------------------------------------------------------------- by mail


def due(now: datetime) -> list[int]:
    """Deliveries to be tried now (index flash_delivery_waiting)."""
    rows = Delivery.objects.filter(state=WAITING, next_try_at__lte=now).order_by("next_try_at", "position")
    return list(rows.values_list("pk", flat=True)[:50])


def send_one(pk: int) -> str:
    """Try one mail; the row's state afterwards. One that is sent, failed or under way elsewhere is left alone."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=WAITING)
        row = rows.select_related("report__story", "user", "recipient").first()
        if row is None:
            return ""
        row.tries += 1
        row.at = ports.now()
        token = ""
        if row.user_id is not None and _base():
            token = _new_link(row)
        try:
            mail.send(message_of(row, token))
        except mail.NotSent as fault:
            row.cause, row.error = fault.cause, str(fault)[:300]
            final = fault.final or row.tries > len(PAUSES)
            row.state = FAILED if final else WAITING
            row.next_try_at = None if final else row.at + timedelta(minutes=PAUSES[row.tries - 1])
        else:
            row.state, row.next_try_at, row.cause, row.error = SENT, None, "", ""
        row.save()
    if row.state == FAILED:
        _notice(row)
    return row.state


def again(report: Report, one: Delivery | None, now: datetime) -> list[str]:
    """Names of those whose failed delivery is tried again. Raises Refused where none has failed."""
    rows = report.deliveries.filter(state=FAILED)
    rows = rows.filter(pk=one.pk) if one is not None else rows
    fresh = dict(Recipient.objects.filter(pk__in=rows.values("recipient")).values_list("pk", "email"))
    names = []
    for row in rows:
        names.append(row.name)
        row.email = fresh.get(row.recipient_id or 0, row.user.email if row.user and row.user.email else row.email)
        row.state, row.tries, row.next_try_at, row.cause, row.error = WAITING, 0, now, "", ""
        row.save()
    if not names:
        raise Refused(_("Nothing has failed here."))
    Notice.objects.filter(kind="flash_failed", subject_type="flash", subject_id=report.pk, closed_at=None).update(closed_at=now)
    return names


def _base() -> str:
    """The desk's own address for links, "" where none is set."""
    base = str(preference("links.address")).rstrip("/")
    return base if base.startswith(("https://", "http://")) else ""


def _new_link(row: Delivery) -> str:
    from groundswell.desk.accounts.door import new_token, token_hash

    token = new_token()
    row.token_hash, row.token_until = token_hash(token), ports.now() + READ_LIFE
    return token


def message_of(row: Delivery, token: str = "") -> EmailMessage:
    """The mail of a report to one reader in the reader's language, with its read link where there is one."""
    report, sending = row.report, mail.server()
    language = paper.code_of(row.language)
    brief = paper.brief_of(report, language)
    sheet = compose(brief)
    name, address = parseaddr(one_line(sending.sender if sending else ""))
    message = EmailMessage()
    message["Subject"] = one_line(f"{sheet.title} {sheet.issue} {brief.sections[0].title if brief.sections else ''}")[:200]
    message["From"] = mail.address_of(name or sheet.office or sheet.title, address)
    message["To"] = mail.address_of(row.name, row.email)
    message["Message-ID"] = f"<flash-{report.ref}-{row.pk}.{report.frozen_hash[:16]}@groundswell>"
    message["Date"] = format_datetime(report.sent_at) if report.sent_at else ""
    message["Auto-Submitted"] = "auto-generated"
    body = mail.body_of(brief)
    if token:
        with translation.override(language):
            ask = _("Please confirm that you have read it (the link works once):")
        body = f"{ask}\n{_base()}/f/{token}/\n\n{body}"
    message.set_content(body, cte="base64")
    for ending, kind, data in _files(report.pk, report.frozen_hash, language):
        message.add_attachment(data, maintype="application", subtype=kind, filename=f"{report.ref}.{ending}")
    return message


@lru_cache(maxsize=4)
def _files(pk: int, frozen_hash: str, language: str) -> tuple[tuple[str, str, bytes], ...]:
    """Word and PDF of a sent report, drawn once for all its readers."""
    brief = paper.brief_of(Report.objects.get(pk=pk, frozen_hash=frozen_hash), language)
    return ("docx", mail.WORD, brief_docx(brief)), ("pdf", "pdf", brief_pdf(brief))


def _notice(row: Delivery) -> None:
    """One notice a report, with how many have failed by now."""
    data: dict[str, Any] = {"n": Delivery.objects.filter(report=row.report_id, state=FAILED).count()}
    Notice.objects.update_or_create(
        kind="flash_failed",
        subject_type="flash",
        subject_id=row.report_id,
        closed_at=None,
        defaults={"data": data},
        create_defaults={"data": data, "raised_at": ports.now()},
    )


def contact_of(user: User) -> str:
    """How a leader is reached, for the check page."""
    return user.email or user.phone
