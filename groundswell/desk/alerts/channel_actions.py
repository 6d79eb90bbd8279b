"""What the administrator does to channels: make, change, switch on and off. Secrets never reach timeline or chain."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy

from groundswell.desk.alerts import parcels, sending
from groundswell.desk.alerts.models import Channel, ChannelState
from groundswell.desk.alerts.texts import in_both
from groundswell.desk.alerts.wire import seal_name
from groundswell.desk.spine.actions import Act, action, subject
from groundswell.desk.spine.settings_seal import seal

subject("alert_channel", Channel, path="alerts/channels", ref="code", state_field="state", name=gettext_lazy("Channel"))
TRACKED = ("name", "name_en", "language", "unit", "host", "method", "success_field", "success_value")


def _write(act: Act, channel: Channel, *, address: str = "", secret: str = "", **values: Any) -> None:
    """An empty address or secret keeps the one that is there."""
    for field, value in values.items():
        setattr(channel, field, value)
    if address:
        parts = urlsplit(address)
        channel.sealed_address = seal(seal_name(channel, "address"), address)
        channel.host = parts.netloc.rpartition("@")[2][:260]
    if secret:
        channel.sealed_secret = seal(seal_name(channel, "secret"), secret)
    channel.changed_at, channel.changed_by = act.at, act.user
    act.data = {"address": bool(address), "secret": bool(secret)}


@action(
    "alert_channel.make",
    verb=gettext_lazy("New channel"),
    did=gettext_lazy("made the channel"),
    permission="setting.change",
    creates=True,
    icon="plus",
    tracks=TRACKED,
)
def make(act: Act, _none: None, *, kind: str, **values: Any) -> Channel:
    channel = Channel(code=uuid.uuid4().hex, kind=kind)
    _write(act, channel, **values)
    channel.save()
    return channel


@action(
    "alert_channel.save",
    verb=gettext_lazy("Save"),
    did=gettext_lazy("changed the channel"),
    permission="setting.change",
    tracks=TRACKED,
)
def save(act: Act, channel: Channel, **values: Any) -> None:
    _write(act, channel, **values)


@action(
    "alert_channel.on",
    verb=gettext_lazy("Switch on"),
    did=gettext_lazy("switched the channel on"),
    permission="setting.change",
    from_states=[ChannelState.OFF],
    to_state=ChannelState.ON,
    icon="play",
)
def switch_on(act: Act, channel: Channel) -> None:
    """Alerts that begin from now on use it."""


@action(
    "alert_channel.off",
    verb=gettext_lazy("Switch off"),
    did=gettext_lazy("switched the channel off"),
    permission="setting.change",
    from_states=[ChannelState.ON],
    to_state=ChannelState.OFF,
    icon="pause",
)
def switch_off(act: Act, channel: Channel) -> None:
    """What waits to be sent by it is dropped."""
    parcels.give_up(channel)
    channel.sendings.filter(state="waiting").update(state="dropped", next_try_at=None)


@action(
    "alert_channel.gone",
    verb=gettext_lazy("Switch off"),
    did=gettext_lazy("switched off: the receiver says that the address is gone (410)"),
    permission="alert.program",
    from_states=[ChannelState.ON],
    to_state=ChannelState.OFF,
)
def gone(act: Act, channel: Channel) -> None:
    """The receiver wants nothing more, as Standard Webhooks has it; the program does it."""


@action(
    "alert_channel.test",
    verb=gettext_lazy("Send a test"),
    did=gettext_lazy("sent a test: %(result)s"),
    permission="setting.change",
    icon="send",
    key="t",
    leaves_house=True,
)
def test(act: Act, channel: Channel) -> None:
    """To the person who presses it, or to the channel's group; the answer stands in the channel's log."""
    assert act.user is not None
    row = sending.test_of(channel, act.user)
    act.data = in_both("result", lambda: str(row.get_state_display()))
