"""催办 by mail to the unit: counted like any urging, nothing is kept where it did not leave."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.bulletins import mail
from groundswell.desk.cases import clocks
from groundswell.desk.cases.links import MailLinkForm
from groundswell.desk.cases.models import Task
from groundswell.desk.spine.actions import Act, Refused, action, record_fact
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import both_names, named
from groundswell.reports.clean import one_line


@action(
    "task.mail_urging",
    verb=gettext_lazy("Urge by mail"),
    did=gettext_lazy("urged %(unit)s by mail, for the %(n)s. time"),
    permission="task.hand_out",
    from_states=["task.sent", "task.doing"],
    form=MailLinkForm,
    icon="send",
    leaves_house=True,
)
def mail_urging(act: Act, task: Task, *, email: str) -> None:
    """The written urging by the mail server of the settings."""
    task.urged += 1
    try:
        mail.send(letter(task, email))
    except mail.NotSent as fault:
        raise Refused(_("The mail did not leave: %(why)s") % {"why": fault}) from fault
    act.data = both_names("unit", task.unit) | {"n": task.urged}
    record_fact("task_moved", task.case, both_names("unit", task.unit) | {"what": "邮件催办", "what_en": "urged by mail", "task": task.pk})


def letter(task: Task, to: str) -> EmailMessage:
    """What the unit reads: the task, since when, by when, how often it was urged. No link: those are made one by one."""
    sending = mail.server()
    office = str(preference("body.office")) or str(preference("body.name"))
    name, sender = parseaddr(one_line(sending.sender if sending else ""))
    message = EmailMessage()
    message["Subject"] = one_line(_("Urging: %(title)s") % {"title": task.title})
    message["From"] = f"{one_line(name or office)} <{sender}>" if sender else one_line(office)
    message["To"] = one_line(to)
    message["Date"] = format_datetime(now())
    message["Auto-Submitted"] = "auto-generated"
    first = next((each for each in clocks.standing(task, now()) if each.is_open), None)
    due = first.shown_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if first else "—"
    lines = [
        _("%(unit)s: this task was handed to you on %(day)s and is not answered.")
        % {"unit": named(task.unit), "day": task.handed_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")},
        "",
        task.title,
        task.text,
        "",
        _("Due: %(due)s. Urged so far, with this letter: %(n)s.") % {"due": due, "n": task.urged},
        _("Please answer, or say what hinders you."),
        "",
        office,
    ]
    message.set_content("\n".join(lines), cte="base64")
    return message
