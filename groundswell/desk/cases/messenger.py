"""A task's one-time link by messenger or short message: by the channels of alerts, into the unit's own group or to its telephone.

Of the link only the hash is kept; the message lies sealed until it has left. One that does not arrive ends its link and stands on Today.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.door import new_token
from groundswell.desk.accounts.fields import NamedChoice
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.alerts import parcels
from groundswell.desk.alerts.models import Channel, ChannelKind, ChannelState
from groundswell.desk.cases import links
from groundswell.desk.cases.models import Task, TaskLink
from groundswell.desk.spine.actions import Act, Refused, action, record_fact
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.shell import both_names
from groundswell.desk.spine.timeline import fact

KIND = "task_link"
GROUPS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU, ChannelKind.WEBHOOK)
PHONE = re.compile(r"\+?[\d\- ()]{5,24}")

fact("task_link_lost", gettext_lazy("the one-time link did not arrive by %(channel)s and is over"))


def ways_to(unit: Unit) -> QuerySet[Channel]:
    """The channels that lead to UNIT: gateways of short messages, and its own groups."""
    found = Channel.objects.filter(state=ChannelState.ON)
    return found.filter(Q(kind=ChannelKind.SMS) | Q(kind__in=GROUPS, unit=unit)).order_by("kind", "pk")


class MessageLinkForm(DeskForm):
    """By which way; a short message asks for the number."""

    channel = NamedChoice(label=gettext_lazy("By which way"), queryset=Channel.objects.none(), empty_label=None, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the unit"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=gettext_lazy("For a short message; the group of a robot needs none."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = Unit.objects.filter(code=self.initial.get("unit", "")).first()
        ways = ways_to(unit) if unit is not None else Channel.objects.none()
        self.fields["channel"].queryset = ways  # type: ignore[attr-defined]
        if not ways.exists():
            self.fields["channel"].help_text = _(
                "No channel leads to this unit yet. The administrator adds its group or a gateway of short messages: Channels of alerts."
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        phone = str(data.get("phone", "")).strip()
        if (channel := data.get("channel")) is not None and channel.kind == ChannelKind.SMS and not PHONE.fullmatch(phone):
            self.add_error("phone", _("Write the number to which the short message goes."))
        return data


def _first_choice(task: Task) -> dict[str, Any]:
    officers = User.objects.filter(unit=task.unit, is_active=True).exclude(phone="").order_by("pk")
    phone = officers.values_list("phone", flat=True).first() or ""
    return {"unit": task.unit.code, "channel": ways_to(task.unit).values_list("pk", flat=True).first(), "phone": phone}


@action(
    "task.message_link",
    verb=gettext_lazy("Send a one-time link by messenger"),
    did=gettext_lazy("sent a one-time link to %(unit)s by %(channel)s"),
    permission="task.hand_out",
    from_states=links.OPEN,
    form=MessageLinkForm,
    initial=_first_choice,
    icon="send",
    leaves_house=True,
)
def message_link(act: Act, task: Task, *, channel: Channel, phone: str = "") -> None:
    """The worker sends it and tries again; where it fails for good, the link is over."""
    base = links.address_of_the_desk()
    if not ways_to(task.unit).filter(pk=channel.pk).exists():
        raise Refused(_("This channel does not lead to the unit of the task."))
    by_phone = channel.kind == ChannelKind.SMS
    if by_phone and not phone.strip():
        raise Refused(_("Write the number to which the short message goes."))
    token = new_token()
    link = links.lay(task, token, links.Purpose.ANSWER, act.user)
    with translation.override("en" if channel.language == "en" else "zh-hans"):
        title = _("Task: %(title)s") % {"title": task.title}
        said = parcels.Said(title, "\n".join(links.lines_of(task, base + links.path_of(token), link)), token)
    parcels.hand_over(KIND, str(link.pk), channel, phone.strip() if by_phone else channel.host, said, act.at)
    act.data = both_names("unit", task.unit) | both_names("channel", channel)


def _live(ref: str) -> TaskLink | None:
    link = TaskLink.objects.select_related("task").filter(pk=int(ref)).first()
    return link if link is not None and links.is_live(link) else None


def _wanted(ref: str) -> bool:
    return _live(ref) is not None


def _lost(ref: str, channel: Channel) -> None:
    """Nobody has the link: it is over, the timeline says so, and Today until there is another."""
    if (link := _live(ref)) is not None:
        TaskLink.objects.filter(pk=link.pk).update(expires_at=now(), lost_at=now())
        record_fact("task_link_lost", link.task, both_names("channel", channel))


parcels.KINDS[KIND] = parcels.Kind(gettext_lazy("A task's one-time link"), "task.link", _wanted, _lost)
