"""What other apps send by the channels of alerts: what is said lies sealed in the row until it has left, then it is gone.

A parcel is a ``Sending`` without an alert, tried again and logged like any other. Its kind, the first word of its key, says whether it
is still wanted and hears when it will not arrive.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.functional import Promise

from groundswell.desk.alerts.models import Channel, Sending, SendingState
from groundswell.desk.spine.settings_seal import seal, unseal


@dataclass(frozen=True)
class Kind:
    """What another app sends; ``wanted`` and ``lost`` are asked with the reference that it gave."""

    words: str | Promise  # in the channel's log
    event: str  # the type of a webhook
    wanted: Callable[[str], bool]
    lost: Callable[[str, Channel], None]


@dataclass(frozen=True)
class Said:
    """What goes out; SECRET is the part of it that no log may hold."""

    title: str
    text: str
    secret: str = ""


KINDS: dict[str, Kind] = {}


def hand_over(kind: str, ref: str, channel: Channel, to: str, said: Said, at: datetime) -> Sending:
    """SAID by CHANNEL to a number or group, when the worker comes next."""
    key = f"{kind}:{ref}:{channel.pk}"
    sealed = seal(_seal_name(key), json.dumps(asdict(said), ensure_ascii=False))
    return Sending.objects.create(
        key=key, channel=channel, to=to, language=channel.language, title=str(KINDS[kind].words), sealed=sealed, made_at=at, next_try_at=at
    )


def kind_of(row: Sending) -> Kind | None:
    """What ROW carries; None where it is an alert or a test."""
    return KINDS.get(row.key.partition(":")[0])


def said_in(row: Sending) -> Said:
    """What ROW says. Raises SealBroken."""
    return Said(**json.loads(unseal(_seal_name(row.key), row.sealed))) if row.sealed else Said(row.title, row.text)


def is_wanted(row: Sending) -> bool:
    kind = kind_of(row)
    return kind is None or kind.wanted(_ref(row))


def settle(row: Sending) -> None:
    """ROW went out, failed for good or was dropped: nothing of what it said stays; its app hears of what will not arrive."""
    kind = kind_of(row)
    if kind is None or row.state == SendingState.WAITING:
        return
    row.sealed = ""
    if row.state == SendingState.FAILED and row.channel is not None:
        kind.lost(_ref(row), row.channel)


def give_up(channel: Channel) -> None:
    """CHANNEL is switched off: what waits for it will not arrive."""
    for row in channel.sendings.select_for_update(of=("self",)).filter(state=SendingState.WAITING).exclude(sealed=""):
        row.state, row.next_try_at, row.cause = SendingState.FAILED, None, "switched_off"
        settle(row)
        row.save()


def _ref(row: Sending) -> str:
    return row.key.split(":")[1]


def _seal_name(key: str) -> str:
    return f"alerts.parcel.{key}"
