"""Who has read a report and when: by opening it on the desk, by the one-time link, by 圈阅, 批示 or 转批. Mail has no tracking picture."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts import door
from groundswell.desk.accounts.models import User
from groundswell.desk.flash.models import Delivery, Report, Stage
from groundswell.desk.spine.actions import Refused, perform, record_fact
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import fact

fact("flash_read", gettext_lazy("%(who)s has read it by the one-time link"))


def unread(user: User) -> list[Delivery]:
    """What was put before USER and is not read yet, the newest first (index user, read_at)."""
    rows = Delivery.objects.filter(user=user, read_at=None, report__state=Stage.SENT, form="")
    return list(rows.select_related("report__story", "instead_of").order_by("-report__sent_at")[:20])


def opened(user: User, report: Report) -> None:
    """USER opened REPORT on the desk: the first time it is written down, where it was put before this person."""
    if report.state == Stage.SENT and report.deliveries.filter(user=user, read_at=None, form="").exists():
        with suppress(Refused):  # the same person opened it twice in one moment, or may not read any more
            perform("flash.open", user, report)


def mark(user: User, report: Report, at: datetime) -> bool:
    """The row of USER is read at AT; False where it was before, or there is none."""
    return bool(report.deliveries.filter(user=user, read_at=None, form="").update(read_at=at))


def by_link(token: str, address: str) -> Delivery | None:
    """The delivery that TOKEN opens, None where it is wrong, used or too old. Raises door.Shut for too many wrong ones."""
    door.check_links(address)
    rows = Delivery.objects.filter(token_hash=door.token_hash(token), report__state=Stage.SENT).select_related("report__story", "user")
    row = rows.first()
    if row is None:
        door.count_wrong_link(address)
        return None
    return row if row.token_until is not None and row.token_until > now() else None


@transaction.atomic
def read_by_link(row: Delivery) -> None:
    """The reader confirmed by the link, which is used up by that."""
    if Delivery.objects.filter(pk=row.pk).exclude(token_hash="").update(token_hash="", token_until=None):
        if row.read_at is None:
            Delivery.objects.filter(pk=row.pk, read_at=None).update(read_at=now(), read_by_link=True)
        who = {"who": row.name, "who_en": (row.user.name_en or row.name) if row.user else row.name}
        record_fact("flash_read", row.report, who)
