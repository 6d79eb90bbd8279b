"""Turns out of rotations, changes and swaps; what is wrong with them; how the load lies. Pure: days and times are arguments.

Layers as in Grafana OnCall: rotation, overrides, final schedule; shift swaps; gaps and balance shown beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DUTY, LEADER = "duty", "leader"
Key = tuple[int, date, int]  # kind of shift, day, seat
Base = dict[Key, int | None]


@dataclass(frozen=True)
class Shift:
    """A kind of shift: its begin in the body's zone, its length, its days ("all", "working", "rest"), its layer."""

    pk: int
    starts: time
    length: timedelta
    days: str = "all"
    layer: str = DUTY


@dataclass(frozen=True)
class Rota:
    """PEOPLE one after another from SINCE on, each for TURN_DAYS days."""

    since: date
    people: tuple[int, ...]
    turn_days: int = 1


@dataclass(frozen=True)
class Change:
    """Over the rotation, in the order of AT: KEY goes to GIVES (None: to nobody). With TAKER_OF only while that person still holds it."""

    at: datetime
    key: Key
    gives: int | None
    kind: str  # override | swap
    taker_of: int | None = None


@dataclass(frozen=True)
class Turn:
    """One seat of one shift on one day."""

    key: Key
    layer: str
    start: datetime
    end: datetime
    user: int | None
    origin: str  # rotation | override | swap
    base: int | None

    @property
    def day(self) -> date:
        return self.key[1]

    @property
    def hours(self) -> float:
        return (self.end - self.start).total_seconds() / 3600


@dataclass(frozen=True)
class Finding:
    """Something wrong: "gap", "thin" (a second person is wanted), "double" or "rest"."""

    code: str
    turn: Turn
    other: Turn | None = None
    hours: float = 0  # of rest


@dataclass(frozen=True)
class Load:
    """What falls to one person: turns, hours; of the turns those by night, on weekends, on holidays; AGAINST the average in per cent."""

    user: int
    turns: int
    hours: float
    nights: int
    weekends: int
    holidays: int
    against: int


def days_between(first: date, last: date) -> Iterator[date]:
    """FIRST to LAST, both within."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def runs_on(shift: Shift, day: date, works: Callable[[date], bool]) -> bool:
    return shift.days == "all" or works(day) == (shift.days == "working")


def rotated(
    shift: Shift, rotas: Sequence[Rota], first: date, last: date, seats: Callable[[date], int], works: Callable[[date], bool]
) -> Base:
    """Who stands in SHIFT from FIRST to LAST by the rotation. A turn of one day counts the days on which the shift runs, a longer one
    the days of the calendar; a further seat goes to another person of the order."""
    found: Base = {}
    ordered = sorted(rotas, key=lambda rota: rota.since)
    for place, rota in enumerate(ordered):
        end = min(last, ordered[place + 1].since - timedelta(days=1)) if place + 1 < len(ordered) else last
        run = 0
        if end < first:
            continue
        for day in days_between(rota.since, end):
            if not runs_on(shift, day, works):
                continue
            if day >= first:
                index = run if rota.turn_days == 1 else (day - rota.since).days // rota.turn_days
                for seat, user in enumerate(_seated(rota.people, index, seats(day))):
                    found[shift.pk, day, seat] = user
            run += 1
    for day in days_between(first, last):
        if runs_on(shift, day, works):
            for seat in range(seats(day)):
                found.setdefault((shift.pk, day, seat), None)
    return found


def _seated(people: Sequence[int], index: int, seats: int) -> list[int | None]:
    """The person of INDEX, and for each further seat whoever stands half the order (a third, …) further, so that turns lie apart."""
    found: list[int | None] = []
    for seat in range(seats):
        start = index + seat * len(people) // seats
        following = (people[(start + ahead) % len(people)] for ahead in range(len(people)))
        found.append(next((user for user in following if user not in found), None))
    return found


def final(base: Base, changes: Iterable[Change], shifts: Mapping[int, Shift], zone: ZoneInfo) -> list[Turn]:
    """BASE with CHANGES laid over it one after another, by begin. Seats that only a change names are added."""
    held, origin = dict(base), dict.fromkeys(base, "rotation")
    for change in sorted(changes, key=lambda change: change.at):
        if change.taker_of is not None and held.get(change.key) != change.taker_of:
            continue
        held[change.key], origin[change.key] = change.gives, change.kind
    turns = [_turn(key, user, origin[key], base.get(key), shifts[key[0]], zone) for key, user in held.items() if key[0] in shifts]
    return sorted(turns, key=lambda turn: (turn.start, turn.layer, turn.key))


def _turn(key: Key, user: int | None, origin: str, base: int | None, shift: Shift, zone: ZoneInfo) -> Turn:
    start = datetime.combine(key[1], shift.starts, zone)
    end = datetime.combine(key[1], shift.starts) + shift.length
    return Turn(key, shift.layer, start, end.replace(tzinfo=zone), user, origin, base)


def findings(turns: Sequence[Turn], rest: timedelta, cover: Callable[[date], int]) -> list[Finding]:
    """What is wrong with TURNS (by begin): nobody, one too few for the day's COVER, two at once, less than REST between two.

    The rest between shifts is 11 hours in the Working Time Directive 2003/88/EC, article 3; leaders on duty are on call and rest meanwhile.
    """
    found = [Finding("gap", turn) for turn in turns if turn.user is None and turn.key[2] == 0]
    filled: dict[tuple[int, date], set[int]] = {}
    for turn in turns:
        filled.setdefault(turn.key[:2], set())
        if turn.user is not None:
            filled[turn.key[:2]].add(turn.user)
    first = {turn.key[:2]: turn for turn in turns if turn.key[2] == 0 and turn.layer == DUTY and turn.user is not None}
    found += [Finding("thin", turn) for key, turn in first.items() if len(filled[key]) < cover(key[1])]
    for layer in (DUTY, LEADER):
        for before, after in _pairs([turn for turn in turns if turn.layer == layer]):
            pause = after.start - before.end
            if pause < timedelta(0):
                found.append(Finding("double", after, before))
            elif layer == DUTY and pause < rest:
                found.append(Finding("rest", after, before, pause.total_seconds() / 3600))
    return sorted(found, key=lambda each: (each.turn.start, each.code))


def _pairs(turns: Sequence[Turn]) -> Iterator[tuple[Turn, Turn]]:
    last: dict[int, Turn] = {}
    for turn in turns:
        if turn.user is None:
            continue
        if turn.user in last:
            yield last[turn.user], turn
        if turn.user not in last or turn.end > last[turn.user].end:
            last[turn.user] = turn


def loads(turns: Iterable[Turn], code_of: Callable[[date], str]) -> list[Load]:
    """The load of each person, the most first. CODE_OF a day: working_day, make_up_day, weekend or holiday.

    A shift belongs to the day on which it begins; a make-up day is no weekend.
    """
    by_user: dict[int, list[Turn]] = {}
    for turn in turns:
        if turn.user is not None:
            by_user.setdefault(turn.user, []).append(turn)
    average = sum(turn.hours for own in by_user.values() for turn in own) / len(by_user) if by_user else 0
    found = []
    for user, own in by_user.items():
        hours = sum(turn.hours for turn in own)
        codes = [code_of(turn.day) for turn in own]
        against = round(100 * (hours / average - 1)) if average else 0
        found.append(Load(user, len(own), hours, sum(map(is_night, own)), codes.count("weekend"), codes.count("holiday"), against))
    return sorted(found, key=lambda load: (-load.hours, load.user))


def is_night(turn: Turn) -> bool:
    """Does it hold two in the morning?"""
    two = turn.start.replace(hour=2, minute=0, second=0, microsecond=0)
    two = two if two >= turn.start else two + timedelta(days=1)
    return two < turn.end


def with_user(turns: Iterable[Turn], swapped: Mapping[Key, int | None]) -> list[Turn]:
    """TURNS as they would be with other people in some of them."""
    return [replace(turn, user=swapped[turn.key]) if turn.key in swapped else turn for turn in turns]
