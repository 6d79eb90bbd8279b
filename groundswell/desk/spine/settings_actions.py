"""What is done to settings and to the calendar of working days; each change goes on the audit chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.audit.chain import append
from groundswell.desk.spine import preferences
from groundswell.desk.spine.actions import NotAllowed
from groundswell.desk.spine.models import CalendarDay, Preference
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import SPECS, preference
from groundswell.desk.spine.settings_calendar import NOTICE
from groundswell.desk.spine.settings_notice import NoticedDay
from groundswell.desk.spine.settings_seal import seal

CHANGE = "setting.change"


def change_settings(user: User, values: Mapping[str, Any]) -> list[str]:
    """Set what differs from the present values, all or nothing; returns the keys that were changed. Raises NotAllowed."""
    _must_be_allowed(user)
    changed = []
    with transaction.atomic():
        for key, value in values.items():
            if SPECS[key].kind == "secret":
                _set_secret(user, key, value)
            elif preference(key) == value:
                continue
            else:
                preferences.change(user, key, value)
            changed.append(key)
    return changed


def reset_setting(user: User, key: str) -> None:
    """Back to the default. Raises NotAllowed."""
    _must_be_allowed(user)
    with transaction.atomic():
        if SPECS[key].kind == "secret":
            _set_secret(user, key, "")
        else:
            preferences.change(user, key, SPECS[key].default)


def _set_secret(user: User, key: str, text: str) -> None:
    """The chain says that it was set or removed, never what it is, not even sealed."""
    values = {"value": seal(key, text), "changed_at": now(), "changed_by": user}
    Preference.objects.update_or_create(key=key, defaults=values)
    append("setting.change", user, key, {"secret": "set" if text else "removed"})
    preferences.forget()


def set_calendar_days(user: User, days: Iterable[NoticedDay], source: str = NOTICE) -> int:
    """Write DAYS into the calendar, over what was there; returns how many. Raises NotAllowed."""
    _must_be_allowed(user)
    rows = [CalendarDay(day=each.day, is_working=each.is_working, name=each.name, source=source) for each in days]
    with transaction.atomic():
        CalendarDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=["is_working", "name", "source"])
        listed = {row.day.isoformat(): "work" if row.is_working else "rest" for row in rows}
        append("calendar.change", user, f"calendar:{rows[0].day.year}" if rows else "calendar", {"days": listed, "source": source})
    return len(rows)


def forget_calendar_day(user: User, day: date) -> None:
    """Take DAY out again: the usual list holds. Raises NotAllowed."""
    _must_be_allowed(user)
    with transaction.atomic():
        if CalendarDay.objects.filter(day=day).delete()[0]:
            append("calendar.change", user, f"calendar:{day.year}", {"days": {day.isoformat(): "usual"}})


def _must_be_allowed(user: User) -> None:
    if not may(user, CHANGE):
        raise NotAllowed(_("Only an administrator changes settings."))
