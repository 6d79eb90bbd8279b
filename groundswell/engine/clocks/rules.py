"""Time limits with their dates and sources, as data. Defaults: the body's settings say which hold for it and may differ.

The limits of national law and orders carry the number of the text. Those marked ``local`` are examples of what single
places have set for themselves; each body puts its own in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

ORDER_61 = "国办发〔2016〕61号"
ORDER_80 = "国办发〔2016〕80号"
DISCLOSURE_2008 = "国务院令第492号"
DISCLOSURE_2019 = "国务院令第711号"
LOCAL = "local"


class Rule(Struct, frozen=True, kw_only=True):
    """One time limit, while it holds."""

    code: str  # what is due: room.subject
    n: float
    unit: str  # one of due.UNITS
    since: date | None = None  # the first day on which it holds; None: always so far
    until: date | None = None  # the last day
    source: str = ""
    article: str = ""  # where in the source
    next_day_after_hours: bool = False  # receipt after office hours counts as the next working day
    extension: float = 0  # how much one extension may add at most, in the same unit
    warn: float = 0.25  # warn when this part of the limit is left


def _law(code: str, n: float, unit: str, source: str, article: str, since: date, until: date | None = None, extension: float = 0) -> Rule:
    return Rule(code=code, n=n, unit=unit, source=source, article=article, since=since, until=until, extension=extension)


def _local(code: str, n: float, unit: str = "working_day") -> Rule:
    return Rule(code=code, n=n, unit=unit, source=LOCAL)


_FROM_2016, _FROM_2008, _TO_2019, _FROM_2019 = date(2016, 7, 30), date(2008, 5, 1), date(2019, 5, 14), date(2019, 5, 15)

RULES: tuple[Rule, ...] = (
    # public opinion
    _law("opinion.respond", 48, "hour", ORDER_61, "", _FROM_2016),
    _law("opinion.conference", 24, "hour", ORDER_61, "", _FROM_2016),
    _law("opinion.first_word", 5, "hour", ORDER_80, "", date(2016, 11, 10)),
    # disclosure on request, and without one
    _law("disclosure.answer", 15, "working_day", DISCLOSURE_2008, "24", _FROM_2008, _TO_2019, extension=15),
    _law("disclosure.answer", 20, "working_day", DISCLOSURE_2019, "33", _FROM_2019, extension=20),
    _law("disclosure.publish", 20, "working_day", DISCLOSURE_2008, "18", _FROM_2008, _TO_2019),
    _law("disclosure.publish", 20, "working_day", DISCLOSURE_2019, "26", _FROM_2019),
    _law("disclosure.ask_correction", 7, "working_day", DISCLOSURE_2019, "30", _FROM_2019),
    _law("disclosure.third_party", 15, "working_day", DISCLOSURE_2019, "32", _FROM_2019),
    # messages and hotline
    _local("message.consult", 5),
    _local("message.suggest", 5),
    _local("message.complain", 7),
    _local("message.joint", 15),
    _local("message.longest", 15),
    _local("message.wrong_unit", 24, "hour"),
    _local("hotline.urgent", 0, "calendar_day"),
    _local("hotline.consult", 3),
    _local("hotline.complain", 13),
    _local("hotline.sign_for", 2, "hour"),
    # reports upward in an emergency
    _local("emergency.phone", 15, "minute"),
    _local("emergency.written", 30, "minute"),
    _local("emergency.phone_larger", 30, "minute"),
    _local("emergency.written_larger", 60, "minute"),
    # follow-up reports (续报) until the last one (终报), by level
    _local("flash.follow_1", 1, "hour"),
    _local("flash.follow_2", 2, "hour"),
    _local("flash.follow_3", 4, "hour"),
)


def rule_on(code: str, day: date, rules: Sequence[Rule] = RULES) -> Rule:
    """The rule CODE that holds on DAY; the one that began last where several do. Raises LookupError saying what there is."""
    holding = [rule for rule in _of(code, rules) if (rule.since or day) <= day <= (rule.until or day)]
    if not holding:
        spans = ", ".join(f"{rule.since or '…'} to {rule.until or '…'}" for rule in _of(code, rules)) or "none"
        raise LookupError(f"No time limit {code} holds on {day}; known spans: {spans}.")
    return max(holding, key=lambda rule: rule.since or date.min)


def _of(code: str, rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.code == code]
