"""Settings that the administrator changes: each with its default, kind and words; a change goes on the audit chain."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.models import Preference
from groundswell.desk.spine.ports import now

Words = str | Promise


@dataclass(frozen=True)
class Spec:
    """A row of the table of settings."""

    key: str
    part: str  # body | collect | judge | bulletins | retention | appearance
    label: Words
    default: Any
    kind: str = "text"  # text | int | float | bool | list | time | choice
    hint: Words = ""
    unit: Words = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, Words], ...] = ()


PARTS: dict[str, Words] = {
    "body": _("The body"),
    "collect": _("Collecting"),
    "judge": _("Levels and thresholds"),
    "bulletins": _("Bulletins"),
    "mail": _("Mail"),
    "retention": _("Kept and destroyed"),
}
SPECS: dict[str, Spec] = {}
_kept: dict[str, Any] = {}
_kept_until = 0.0
KEEP_SECONDS = 5.0


def setting(key: str, **rest: Any) -> Spec:
    """Register a setting; see ``Spec``."""
    SPECS[key] = Spec(key=key, **rest)
    return SPECS[key]


def preference(key: str) -> Any:
    """The value of KEY: what the administrator set, else the default."""
    global _kept_until
    if time.monotonic() > _kept_until:
        _kept.clear()
        _kept.update(Preference.objects.values_list("key", "value"))
        _kept_until = time.monotonic() + KEEP_SECONDS
    return _kept.get(key, SPECS[key].default)


def forget() -> None:
    """Drop what is kept in memory: after a change, and between tests."""
    global _kept_until
    _kept_until = 0.0


def change(user: User | None, key: str, value: Any) -> None:
    """Set KEY to VALUE and write it on the audit chain."""
    from groundswell.desk.audit.chain import append

    was = preference(key)
    if was == value:
        return
    Preference.objects.update_or_create(key=key, defaults={"value": value, "changed_at": now(), "changed_by": user})
    append("setting.change", user, key, {"was": was, "became": value})
    forget()


setting("body.name", part="body", label=_("Name of the body"), default="")
setting("body.name_en", part="body", label=_("Name in English"), default="")
setting("body.aliases", part="body", label=_("Other names"), default=[], kind="list")
setting("body.office", part="body", label=_("Office that runs the desk"), default="")
setting("body.office_en", part="body", label=_("Office in English"), default="")
setting("body.contact", part="body", label=_("Contact page or address, shown to the sites that are read"), default="")
setting("body.zone", part="body", label=_("Time zone"), default="Asia/Shanghai")
setting("product.name", part="body", label=_("Name of the desk on screen"), default="")
setting("product.name_en", part="body", label=_("Name of the desk in English"), default="")
setting(
    "collect.default_minutes",
    part="collect",
    label=_("Read a source every"),
    default=30,
    kind="int",
    unit=_("minutes"),
    minimum=1,
    maximum=1440,
)
setting(
    "collect.host_seconds",
    part="collect",
    label=_("Pause between two requests to a host"),
    default=5.0,
    kind="float",
    unit=_("seconds"),
    minimum=0,
    maximum=600,
)
setting("collect.max_mib", part="collect", label=_("Largest page"), default=8, kind="int", unit=_("MiB"), minimum=1, maximum=64)
setting(
    "collect.silent_hours",
    part="collect",
    label=_("A source is silent after, at the earliest"),
    default=12,
    kind="int",
    unit=_("hours"),
    minimum=1,
    maximum=720,
)
setting("judge.level_one", part="judge", label=_("Level I from a score of"), default=78.0, kind="float", minimum=0, maximum=100)
setting("judge.level_two", part="judge", label=_("Level II from a score of"), default=60.0, kind="float", minimum=0, maximum=100)
setting("judge.level_three", part="judge", label=_("Level III from a score of"), default=40.0, kind="float", minimum=0, maximum=100)
setting("mail.host", part="mail", label=_("Mail server"), default="")
setting("mail.port", part="mail", label=_("Port"), default=587, kind="int", minimum=1, maximum=65535)
setting("mail.user", part="mail", label=_("User name"), default="")
setting("mail.password", part="mail", label=_("Password (sealed with the key file)"), default="", kind="secret")
setting(
    "mail.security",
    part="mail",
    label=_("Encryption"),
    default="starttls",
    kind="choice",
    choices=(("starttls", "STARTTLS"), ("tls", "TLS"), ("none", _("none (only inside the house)"))),
)
setting("mail.sender", part="mail", label=_("Sender"), default="")
setting("retention.archive_days", part="retention", label=_("Raw archive"), default=30, kind="int", unit=_("days"), minimum=1, maximum=3650)
setting(
    "retention.author_key_months",
    part="retention",
    label=_("Keys of author hashes"),
    default=13,
    kind="int",
    unit=_("months"),
    minimum=1,
    maximum=120,
)
setting("retention.item_years", part="retention", label=_("Items"), default=3, kind="int", unit=_("years"), minimum=1, maximum=30)
setting("retention.log_days", part="retention", label=_("Logs"), default=180, kind="int", unit=_("days"), minimum=7, maximum=3650)
