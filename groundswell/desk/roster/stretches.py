"""Which shift runs at a moment: of the published roster, else the day and night of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.roster import queries
from groundswell.desk.roster.turns import DUTY, LEADER, Turn
from groundswell.desk.spine.once import once_a_page
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference, setting

setting("duty.day_shift", part="body", label=gettext_lazy("Day shift, where no roster is published"), default="08:00-17:30")


@dataclass(frozen=True)
class Stretch:
    """A running, past or coming shift with its people. WORDS in both languages."""

    name: str
    name_en: str
    since: datetime
    until: datetime
    people: tuple[User, ...] = ()

    @property
    def words(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    @property
    def code(self) -> str:
        """How addresses name it: its begin in the body's zone."""
        return self.since.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class OnDuty:
    """Who is on now and next, and which leader."""

    now: Stretch
    next: Stretch
    leader: Stretch | None


@once_a_page
def running(moment: datetime) -> Stretch:
    """The shift of the duty layer that holds MOMENT."""
    return _of_turns([turn for turn in _near(moment, DUTY) if turn.start <= moment < turn.end]) or usual(moment)


@once_a_page
def on_duty(moment: datetime) -> OnDuty:
    """Who is on at MOMENT, who comes next, which leader is on."""
    now = running(moment)
    coming = [turn for turn in _near(moment, DUTY) if turn.start > moment]
    following = _of_turns([turn for turn in coming if turn.start == coming[0].start]) if coming else None
    led = _of_turns([turn for turn in _near(moment, LEADER) if turn.start <= moment < turn.end])
    return OnDuty(now, following or usual(now.until), led)


def starting(since: datetime) -> Stretch | None:
    """The shift that begins exactly at SINCE."""
    found = running(since)
    return found if found.since == since else None


def _near(moment: datetime, layer: str) -> list[Turn]:
    day = moment.astimezone(zone()).date()
    return [turn for turn in queries.published_turns(day - timedelta(days=7), day + timedelta(days=3)) if turn.layer == layer]


def _of_turns(turns: list[Turn]) -> Stretch | None:
    """The shift of TURNS that began last, with everybody in it."""
    if not turns:
        return None
    latest = max(turns, key=lambda turn: turn.start)
    shift = queries.shift_types()[latest.key[0]]
    ids = [turn.user for turn in turns if turn.key[:2] == latest.key[:2] and turn.user is not None]
    people = queries.people()
    return Stretch(shift.name, shift.name_en, latest.start, latest.end, tuple(people[pk] for pk in ids if pk in people))


def usual(moment: datetime) -> Stretch:
    """Day between the two times of the setting, night around it."""
    local = moment.astimezone(zone())
    first, _dash, last = str(preference("duty.day_shift")).partition("-")
    start, end = (local.replace(hour=int(text[:2]), minute=int(text[3:5]), second=0, microsecond=0) for text in (first, last))
    if start <= local < end:
        words, since, until = gettext_lazy("Day shift"), start, end
    else:
        since = end if local >= end else end - timedelta(days=1)
        words, until = gettext_lazy("Night shift"), since + (timedelta(days=1) - (end - start))
    with translation.override("zh-hans"):
        name = str(words)
    with translation.override("en"):
        return Stretch(name, str(words), since, until)


def people_words(stretch: Stretch) -> str:
    """The names of its people, or that nobody stands in it."""
    from groundswell.desk.spine.shell import named

    return "、".join(named(user) for user in stretch.people) if stretch.people else _("nobody named")
