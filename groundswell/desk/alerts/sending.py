"""One row to be sent: locked while it is under way and marked in the same transaction; tried again with growing pauses.

Two workers never send it twice; a worker that is killed leaves it waiting. The key goes along (webhook-id, Message-ID), so that a
receiver whose answer was lost knows it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.db import transaction

from groundswell.collect.errors import CollectError
from groundswell.collect.handover import hand_over
from groundswell.desk.accounts.models import User
from groundswell.desk.alerts import parcels, texts
from groundswell.desk.alerts.house_rules import allowed_inside
from groundswell.desk.alerts.models import CALLING, Channel, ChannelKind, Sending, SendingState
from groundswell.desk.alerts.wire import request_of, secret_of, verdict_of
from groundswell.desk.bulletins import mail
from groundswell.desk.spine import ports
from groundswell.desk.spine.actions import perform
from groundswell.desk.spine.settings_seal import SealBroken
from groundswell.reports.clean import one_line

PAUSES = (5, 30, 120, 600, 1800)  # seconds before the second, third … try: an alert that is hours late helps nobody
LASTING = frozenset({"bad_url", "scheme", "userinfo", "odd_host", "port", "blocked_address", "inside_link", "tls"})


class NotTaken(Exception):
    """It was not taken; ``again``: another try may help."""

    def __init__(self, cause: str, answer: str, again: bool) -> None:
        super().__init__(cause)
        self.cause, self.answer, self.again = cause, answer, again


def due(now: datetime) -> list[int]:
    """Rows to be tried now (index sending_waiting)."""
    rows = Sending.objects.filter(state=SendingState.WAITING, next_try_at__lte=now)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:50])


def send_one(pk: int) -> str:
    """Try one row; its state afterwards. One that is sent, failed or under way elsewhere is left alone."""
    with transaction.atomic():
        rows = Sending.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=SendingState.WAITING)
        row = rows.select_related("channel", "alert__rule", "alert__story", "person").first()
        if row is None:
            return ""
        if not _is_wanted(row):
            row.state, row.next_try_at = SendingState.DROPPED, None  # somebody has it by now
        else:
            _try(row)
        parcels.settle(row)
        row.save()
    return row.state


def _is_wanted(row: Sending) -> bool:
    if row.alert is not None:
        return row.alert.state in CALLING or ":news" in row.key
    return parcels.is_wanted(row)


def _try(row: Sending) -> None:
    assert row.channel is not None
    row.tries += 1
    row.at = ports.now()
    try:
        said = _mail(row) if row.channel.kind == ChannelKind.MAIL else _web(row.channel, row)
        row.answer = _without_secrets(row.channel, row, one_line(said))[:300]
    except NotTaken as fault:
        row.cause, row.answer = fault.cause, _without_secrets(row.channel, row, one_line(fault.answer))[:300]
        final = not fault.again or row.tries > len(PAUSES)
        row.state = SendingState.FAILED if final else SendingState.WAITING
        row.next_try_at = None if final else row.at + timedelta(seconds=PAUSES[row.tries - 1])
    else:
        row.state, row.cause, row.next_try_at = SendingState.SENT, "", None


def _web(channel: Channel, row: Sending) -> str:
    try:
        asked = request_of(channel, row, datetime.now(UTC))  # of the world: receivers compare it with their own clocks
    except SealBroken as fault:
        raise NotTaken("seal", str(fault), False) from fault
    except ValueError as fault:
        raise NotTaken("secret", "", False) from fault
    try:
        answer = hand_over(asked.method, asked.url, asked.headers, asked.body, allowed=allowed_inside())
    except CollectError as fault:
        words = " ".join(f"{name}={value}" for name, value in fault.failed.args.items())
        raise NotTaken(fault.cause, words, fault.cause not in LASTING) from fault
    said = f"{answer.status} {answer.text}"
    verdict = verdict_of(channel, answer.status, answer.text)
    if verdict.gone:
        perform("alert_channel.gone", None, channel)
    if not verdict.taken:
        raise NotTaken("refused", said, verdict.again)
    return said


def _without_secrets(channel: Channel, row: Sending, text: str) -> str:
    """An answer may repeat what it was sent."""
    for secret in _secrets(channel, row):
        text = text.replace(secret, "•••") if len(secret) >= 4 else text
    return text


def _secrets(channel: Channel, row: Sending) -> Iterator[str]:
    with suppress(SealBroken):
        yield secret_of(channel)
    with suppress(SealBroken):
        yield parcels.said_in(row).secret


def _mail(row: Sending) -> str:
    try:
        sending = mail.server()
        if sending is None:
            raise mail.NotSent("no_server", "No mail server is set.", final=True)
        name, address = parseaddr(one_line(sending.sender))
        message = EmailMessage()
        message["Subject"] = one_line(row.title)
        message["From"] = mail.address_of(name or "Groundswell", address)
        message["To"] = mail.address_of(row.person.name if row.person else "", row.to)
        message["Message-ID"] = f"<{row.key.replace(':', '.')}@groundswell>"
        message["Date"] = format_datetime(row.made_at)
        message["Auto-Submitted"] = "auto-generated"
        message["Importance"] = "high"
        message.set_content(row.text + "\n", cte="base64")
        mail.send(message)
    except mail.NotSent as fault:
        raise NotTaken(fault.cause, str(fault), not fault.final) from fault
    return "250"


def test_of(channel: Channel, user: User) -> Sending:
    """A test to the person who pressed the button, or to the channel's group; tried at once and not again."""
    personal = channel.kind in (ChannelKind.MAIL, ChannelKind.SMS)
    to = channel.host if not personal else user.email if channel.kind == ChannelKind.MAIL else user.phone
    said, now = texts.test_message(user.language if personal else channel.language), ports.now()
    row = Sending.objects.create(
        key=f"test:{uuid.uuid4().hex}", channel=channel, person=user, to=to, language=channel.language, title=said.title, text=said.text,
        made_at=now, next_try_at=now,
    )  # fmt: skip
    if not to:
        row.state, row.cause, row.next_try_at = SendingState.FAILED, "no_address", None
    else:
        _try(row)
        if row.state == SendingState.WAITING:
            row.state, row.next_try_at = SendingState.FAILED, None
    row.save()
    return row
