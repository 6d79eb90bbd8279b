"""One-time links of tasks (交办单): made by the desk, used by a unit without an account, approved by the unit's own head."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.door import check_links, count_wrong_link, new_token, token_hash
from groundswell.desk.accounts.models import User
from groundswell.desk.audit.chain import append
from groundswell.desk.bulletins import mail
from groundswell.desk.cases.models import Task, TaskLink
from groundswell.desk.spine.actions import Act, Refused, action, perform, record_fact
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import PARTS, preference, setting
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.spine.timeline import fact
from groundswell.reports.clean import one_line

Purpose = TaskLink.Purpose
OPEN = ("task.sent", "task.doing")

PARTS["links"] = gettext_lazy("One-time links")
setting(
    "links.days",
    part="links",
    label=gettext_lazy("A link to a task is good for"),
    default=7,
    kind="int",
    unit=gettext_lazy("days"),
    minimum=1,
    maximum=60,
)
setting(
    "links.head_approves",
    part="links",
    label=gettext_lazy("The unit's head approves an answer by a link of his own"),
    default=False,
    kind="bool",
)
setting(
    "links.address",
    part="links",
    label=gettext_lazy("Address of this desk for the units"),
    default="",
    hint=gettext_lazy("https://…; needed to send links by mail"),
)

fact("task_by_link", gettext_lazy("by the one-time link: %(who)s %(what)s"))
fact("task_head_approved", gettext_lazy("approved within the unit by %(who)s"))
fact("task_head_sent_back", gettext_lazy("sent back within the unit by %(who)s: %(reason)s"))
DID = {"sign": ("签收", "signed for it"), "answer": ("反馈", "answered"), "give_back": ("退回", "returned it")}


class MailLinkForm(DeskForm):
    email = forms.EmailField(label=gettext_lazy("Mail address of the unit"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))


# ---------------------------------------------------------------- made by the desk


def path_of(token: str) -> str:
    return f"/t/{token}/"


def address_of_the_desk() -> str:
    """Where units reach this desk. Raises Refused where nobody said it."""
    base = str(preference("links.address")).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise Refused(_("Set the address of this desk first: Settings, One-time links."))
    return base


def lay(task: Task, token: str, purpose: str, by: User | None, approves: TaskLink | None = None) -> TaskLink:
    """The link of TASK for PURPOSE; earlier ones that nobody used up are over by that."""
    moment = now()
    TaskLink.objects.filter(task=task, used_at=None, expires_at__gt=moment, purpose=purpose).update(expires_at=moment)
    return TaskLink.objects.create(
        task=task,
        unit=task.unit,
        purpose=purpose,
        token_hash=token_hash(token),
        made_by=by,
        made_at=moment,
        expires_at=moment + timedelta(days=int(preference("links.days"))),
        approves=approves,
    )


@action(
    "task.make_link",
    verb=gettext_lazy("One-time link"),
    did=gettext_lazy("made a one-time link for %(unit)s"),
    permission="task.hand_out",
    from_states=OPEN,
    icon="link",
    leaves_house=True,
)
def make_link(act: Act, task: Task, *, token: str = "") -> None:
    """A link that works without a password until the task is answered or returned; the page shows it once."""
    lay(task, token or new_token(), Purpose.ANSWER, act.user)
    act.data = both_names("unit", task.unit)


@action(
    "task.mail_link",
    verb=gettext_lazy("Mail a one-time link"),
    did=gettext_lazy("mailed a one-time link to %(unit)s"),
    permission="task.hand_out",
    from_states=OPEN,
    form=MailLinkForm,
    icon="send",
    leaves_house=True,
)
def mail_link(act: Act, task: Task, *, email: str) -> None:
    """The same by mail, by the server of the settings; nothing is kept where it did not leave."""
    base = address_of_the_desk()
    token = new_token()
    link = lay(task, token, Purpose.ANSWER, act.user)
    try:
        mail.send(_letter(task, base + path_of(token), email, link))
    except mail.NotSent as fault:
        raise Refused(_("The mail did not leave: %(why)s") % {"why": fault}) from fault
    act.data = both_names("unit", task.unit)


def _letter(task: Task, address: str, to: str, link: TaskLink) -> EmailMessage:
    sending = mail.server()
    office = str(preference("body.office")) or str(preference("body.name"))
    name, sender = parseaddr(one_line(sending.sender if sending else ""))
    message = EmailMessage()
    message["Subject"] = one_line(_("Task: %(title)s") % {"title": task.title})
    message["From"] = f"{one_line(name or office)} <{sender}>" if sender else one_line(office)
    message["To"] = one_line(to)
    message["Date"] = format_datetime(now())
    message["Auto-Submitted"] = "auto-generated"
    unit, here, until = lines_of(task, address, link)
    message.set_content("\n".join([unit, "", task.title, "", here, "", until, office]), cte="base64")
    return message


def lines_of(task: Task, address: str, link: TaskLink) -> list[str]:
    """What stands in every message with a LINK: for whom, where, until when. What is asked stands behind it only."""
    return [
        _("%(unit)s: a task for you.") % {"unit": named(task.unit)},
        _("Read it, sign for it and answer here, without a password:") + "\n" + address,
        _("The link is good until %(day)s and for your unit alone. Do not pass it on outside the unit.")
        % {"day": link.expires_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")},
    ]


# ---------------------------------------------------------------- used by the unit


def opened(token: str, address: str) -> TaskLink | None:
    """The live link of TOKEN, or None: wrong, used up, too old, or its task is with somebody else. Raises door.Shut."""
    check_links(address)
    link = TaskLink.objects.select_related("task__unit", "approves").filter(token_hash=token_hash(token)).first()
    if link is None:
        count_wrong_link(address)
        return None
    return link if is_live(link) else None


def is_live(link: TaskLink) -> bool:
    """May LINK be used at this moment?"""
    task = link.task
    return link.used_at is None and link.expires_at > now() and link.unit_id == task.unit_id and task.state in OPEN


def waiting_approval(link: TaskLink) -> TaskLink | None:
    """The head's link that waits for the answer of LINK."""
    return TaskLink.objects.filter(approves=link, used_at=None, expires_at__gt=now()).first()


def sign(link: TaskLink, who: str) -> None:
    """签收 by WHO of the unit."""
    with transaction.atomic():
        TaskLink.objects.filter(pk=link.pk).update(who=who)
        _do(link, "sign", who, {})


def give_back(link: TaskLink, who: str, reason: str) -> None:
    """Back to the desk, as not the unit's; the link is used up."""
    with transaction.atomic():
        _use_up(link, who)
        _do(link, "give_back", who, {"reason": reason})


def answer(link: TaskLink, who: str, text: str, photo: str) -> str:
    """The unit's answer. Returns "" where it is with the desk, else the token by which the unit's head approves it first."""
    with transaction.atomic():
        link.text, link.photo, link.sent_back = text, photo or link.photo, ""
        if not preference("links.head_approves"):
            _use_up(link, who)
            _do(link, "answer", who, {"text": text})
            return ""
        kept = TaskLink.objects.filter(pk=link.pk, used_at=None).update(who=who, text=link.text, photo=link.photo, sent_back="")
        if not kept:
            raise Refused(_("This link was used in the meantime."))
        link.who = who
        TaskLink.objects.filter(approves=link, used_at=None).update(approves=None, expires_at=now())
        token = new_token()
        lay(link.task, token, Purpose.APPROVE, None, link)
        return token


def approve(link: TaskLink, who: str) -> None:
    """本单位审核: the head lets the answer go to the desk. Raises Refused where it is the one who wrote it."""
    written = link.approves
    assert written is not None
    if _same(who, written.who):
        raise Refused(_("Whoever wrote the answer does not approve it."))
    with transaction.atomic():
        _use_up(link, who)
        _use_up(written, written.who)
        record_fact("task_head_approved", link.task, {"who": who})
        _do(written, "answer", written.who, {"text": written.text})


def send_back(link: TaskLink, who: str, reason: str) -> None:
    """The head wants it otherwise: the answer goes back to whoever wrote it, whose link works on."""
    written = link.approves
    assert written is not None
    with transaction.atomic():
        _use_up(link, who)
        TaskLink.objects.filter(pk=link.pk).update(approves=None)
        TaskLink.objects.filter(pk=written.pk).update(sent_back=reason)
        record_fact("task_head_sent_back", link.task, {"who": who, "reason": reason})


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _use_up(link: TaskLink, who: str) -> None:
    """LINK is over by this act; of two at once only one goes. Raises Refused."""
    link.who, link.used_at = who, now()
    if not TaskLink.objects.filter(pk=link.pk, used_at=None).update(used_at=link.used_at, who=who, text=link.text, photo=link.photo):
        raise Refused(_("This link was used in the meantime."))


def _do(link: TaskLink, code: str, who: str, values: dict[str, Any]) -> None:
    """The move CODE of the task, done by the program for WHO, whose name stands on the timeline and on the chain."""
    perform(f"task.{code}", None, link.task, values)
    zh, en = DID[code]
    record_fact("task_by_link", link.task, {"who": who, "what": zh, "what_en": en})
    append(f"task.{code}", None, f"task:{link.task_id}", {"data": {"who": who} | values})
