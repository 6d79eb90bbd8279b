"""Which level is reported how fast, as data; and what the body may set.

The spans are the practice of emergency reports in counties (电话 15 分钟、书面 30 分钟 for the grave ones, 30 and 60 for the larger):
``engine.clocks.rules`` holds them with dates and source; each body puts its own in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.spine.preferences import PARTS, preference, setting
from groundswell.engine.clocks.rules import Rule, rule_on

PHONE, WRITTEN, FOLLOW = "phone", "written", "follow"


@dataclass(frozen=True)
class ClockWords:
    """A clock of a story in both languages."""

    zh: str
    en: str
    words: str | Promise


CLOCKS: dict[str, ClockWords] = {
    PHONE: ClockWords("电话首报", "Telephone first", _("Telephone first")),
    WRITTEN: ClockWords("书面初报", "First report", _("Written first report")),
    FOLLOW: ClockWords("续报", "Follow-up report", _("Follow-up report due")),
}
# level → clock → code of its rule
DUE: dict[int, dict[str, str]] = {
    1: {PHONE: "emergency.phone", WRITTEN: "emergency.written", FOLLOW: "flash.follow_1"},
    2: {PHONE: "emergency.phone", WRITTEN: "emergency.written", FOLLOW: "flash.follow_2"},
    3: {PHONE: "emergency.phone_larger", WRITTEN: "emergency.written_larger", FOLLOW: "flash.follow_3"},
}

PARTS["flash"] = _("Flash reports")
setting(
    "flash.from_level",
    part="flash",
    label=_("A report is due from level"),
    default="2",
    kind="choice",
    choices=(("1", _("Ⅰ Critical")), ("2", _("Ⅱ Major")), ("3", _("Ⅲ Serious"))),
)
setting(
    "flash.quiet_hours",
    part="flash",
    label=_("The final report is proposed after quiet hours"),
    default=24,
    kind="int",
    unit=_("hours"),
    minimum=2,
    maximum=240,
)
setting(
    "flash.offices",
    part="flash",
    label=_("Offices outside that are told by telephone"),
    default=[],
    kind="list",
    hint=_("One a line with its number: duty room of the city 0000-9000"),
)


def from_level() -> int:
    """The level from which a report is due."""
    return int(preference("flash.from_level"))


def rule_for(clock: str, level: int, day: date) -> Rule:
    """The rule that holds on DAY for CLOCK of a story of LEVEL; of a level without a row, that of the mildest."""
    return rule_on(DUE[min(level, max(DUE))][clock], day)


def offices() -> list[tuple[str, str]]:
    """(name, number) of each office of the setting; the number is the last word where it has digits."""
    found = []
    for row in preference("flash.offices"):
        name, _blank, number = str(row).strip().rpartition(" ")
        found.append((name, number) if name and any(char.isdigit() for char in number) else (str(row).strip(), ""))
    return found
