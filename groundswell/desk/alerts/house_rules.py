"""Settings of alerts: quiet hours, minutes of the chain, who is called where no roster says it, hosts inside that may be told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.forms import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundswell.collect.guard import parse_allowed
from groundswell.desk.accounts.models import User
from groundswell.desk.spine.ports import ports, zone
from groundswell.desk.spine.preferences import PARTS, preference, setting
from groundswell.desk.spine.settings_forms import CHECKS

PARTS["alerts"] = _("Alerts")
MINUTES = {"kind": "int", "unit": _("minutes"), "minimum": 1, "maximum": 720}
NAMES = _("user names, separated by commas; asked only where the roster names nobody")

setting("alerts.quiet_from", part="alerts", label=_("Quiet hours begin"), default="22:00", kind="time")
setting("alerts.quiet_until", part="alerts", label=_("Quiet hours end"), default="07:00", kind="time")
setting("alerts.accept_minutes", part="alerts", label=_("Accepted within, before the next is called"), default=15, **MINUTES)
setting("alerts.attend_minutes", part="alerts", label=_("Attended within, after it was accepted"), default=30, **MINUTES)
setting("alerts.duty", part="alerts", label=_("Called first"), default=[], kind="list", hint=NAMES)
setting("alerts.leader", part="alerts", label=_("Called second"), default=[], kind="list", hint=NAMES)
setting(
    "alerts.first_leader", part="alerts", label=_("Called last"), default=[], kind="list",
    hint=_("user names, separated by commas; asked only where nobody is in charge of the whole")
)  # fmt: skip
setting(
    "alerts.inside",
    part="alerts",
    label=_("Hosts inside that may be told"),
    default=[],
    kind="list",
    hint=_("such as sms.example.gov.cn, 10.1.2.3:8080; all other addresses inside our own network are refused"),
)
setting(
    "alerts.address",
    part="alerts",
    label=_("Address of the desk for links in messages"),
    default="",
    hint=_("such as https://desk.example.gov.cn; empty: messages carry no link"),
)


def named_people(key: str) -> list[User]:
    """The active people that the setting KEY names, in its order."""
    names = [str(name).strip() for name in preference(key)]
    found = {user.username: user for user in User.objects.filter(username__in=names, is_active=True)}
    return [found[name] for name in names if name in found]


def allowed_inside() -> frozenset[str]:
    """Hosts inside our network that the administrator listed; what is no host is no permission."""
    listed = {str(entry).strip() for entry in preference("alerts.inside")}
    return frozenset(ports.reachable) | frozenset(entry for entry in listed if _is_host(entry))


def _is_host(entry: str) -> bool:
    try:
        parse_allowed(frozenset({entry}))
    except ValueError:
        return False
    return bool(entry)


def _hosts(entries: Any) -> Any:
    """What the form of the settings asks of "alerts.inside"."""
    for entry in entries:
        if not _is_host(entry):
            raise ValidationError(
                gettext("“%(entry)s” is no host; write for example sms.example.gov.cn or 10.1.2.3:8080.") % {"entry": entry}
            )
    return entries


CHECKS["alerts.inside"] = _hosts


def quiet_until(moment: datetime) -> datetime | None:
    """When the quiet hours end that hold MOMENT; None outside them."""
    first, last = (time.fromisoformat(str(preference(f"alerts.quiet_{end}"))) for end in ("from", "until"))
    local = moment.astimezone(zone())
    if first == last:
        return None
    if first < last:
        return _at(local, last) if first <= local.time() < last else None
    if local.time() >= first:
        return _at(local + timedelta(days=1), last)
    return _at(local, last) if local.time() < last else None


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, zone())
