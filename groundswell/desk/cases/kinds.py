"""Kinds of work as data: which states, which moves between them, who may, which clocks. One file a kind below ``kinds/``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml
from django.utils.functional import lazy
from django.utils.translation import get_language
from msgspec import Struct

FOLDER = "groundswell.desk.cases"
COLUMNS = ("open", "handling", "review", "answered", "closed")
ACTS = ("open", "spoke")  # that start or meet clocks and are no moves
FORMS = ("", "reason", "answer", "follow", "outcome", "unit")
RULES_OF_THE_CASE = ("date", "sort", "within")  # the day that the case bears, the rule of its sort, the limit given to the task


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """A word of the trade in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.zh

    @property
    def lazily(self) -> Any:
        """The same, chosen when it is shown."""
        return _lazy_words(self)  # type: ignore[no-untyped-call]


_lazy_words = lazy(lambda words: str(words), str)


class StateRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One state: its column on the board; whether the work is over, whether its clocks rest in it."""

    zh: str
    en: str
    column: str
    ends: bool = False
    waits: bool = False

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class Sort(Struct, frozen=True, forbid_unknown_fields=True):
    """A sort of a kind (question, complaint …) with the time limit that holds for it."""

    zh: str
    en: str
    rule: str

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class ClockRow(Struct, frozen=True, forbid_unknown_fields=True):
    """A clock: the code of its rule (engine/clocks/rules) or one of RULES_OF_THE_CASE, and the moves that start and meet it."""

    code: str
    rule: str
    zh: str
    en: str
    starts: tuple[str, ...]
    meets: tuple[str, ...]
    runs_on: tuple[str, ...] = ()  # moves after which it is not met after all

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class Move(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A way from some states to another; becomes an action of the registry."""

    code: str
    from_: tuple[str, ...]
    to: str
    verb: Words
    did: Words
    may: str  # permission
    form: str = ""
    key: str = ""
    icon: str = ""
    undo: bool = False
    tasks_done: bool = False  # refused while a task of the case is open
    other_person: str = ""  # refused to whoever did this move last


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of work."""

    code: str
    words: Words
    prefix: str  # of its numbers
    opens: str  # the first state
    states: dict[str, StateRow]
    clocks: tuple[ClockRow, ...]
    moves: tuple[Move, ...]
    subject: str = "case"  # case | task
    sorts: dict[str, Sort] = {}
    dated: bool = False  # a day stands on it by which it is due

    def whole(self, state: str) -> str:
        """STATE as it is stored: ``incident.open``, so that no kind can be in another's state."""
        return f"{self.code}.{state}"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code. Raises ValueError naming the file and what is wrong in it."""
    found: dict[str, Kind] = {}
    for entry in sorted(files(FOLDER).joinpath("kinds").iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".yaml"):
            kind = read_kind(entry.read_text(encoding="utf-8"), entry.name)
            found[kind.code] = kind
    return found


def case_kinds() -> list[Kind]:
    """The kinds of cases, tasks left out."""
    return [kind for kind in kinds().values() if kind.subject == "case"]


def read_kind(text: str, name: str) -> Kind:
    """One kind out of its file. Raises ValueError."""
    try:
        kind = msgspec.convert(yaml.safe_load(text), type=Kind)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise ValueError(f"{name}: {error}") from None
    for wrong in _faults(kind):
        raise ValueError(f"{name}: {wrong}")
    return kind


def _faults(kind: Kind) -> list[str]:
    moves = {move.code for move in kind.moves}
    wrong = [f"it opens in “{kind.opens}”, which is no state"] if kind.opens not in kind.states else []
    wrong += [
        f"the column “{row.column}” of {code} is none of {', '.join(COLUMNS)}"
        for code, row in kind.states.items()
        if row.column not in COLUMNS
    ]
    wrong += [f"two moves are called “{code}”" for code in moves if sum(move.code == code for move in kind.moves) > 1]
    for move in kind.moves:
        wrong += [
            f"{move.code} names the state “{state}”, which there is not" for state in (*move.from_, move.to) if state not in kind.states
        ]
        wrong += [f"{move.code} asks for the form “{move.form}”, which there is not"] if move.form not in FORMS else []
        wrong += (
            [f"{move.code} needs another person than of “{move.other_person}”"]
            if move.other_person and move.other_person not in moves
            else []
        )
    for clock in kind.clocks:
        named = (*clock.starts, *clock.meets, *clock.runs_on)
        wrong += [f"the clock {clock.code} names the move “{move}”, which there is not" for move in named if move not in moves | set(ACTS)]
    reached, before = {kind.opens}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {move.to for move in kind.moves if set(move.from_) & reached}
    wrong += [f"nothing leads to the state “{state}”" for state in kind.states if state not in reached]
    return wrong


def state_row(state: str) -> StateRow:
    """The row of a stored state. Raises LookupError."""
    code, _, own = state.partition(".")
    return kinds()[code].states[own]


def allowed_moves() -> set[tuple[str, str]]:
    """Every (from, to) of stored states that may follow each other, ("", first) included; a move that is taken back goes the other way."""
    pairs: set[tuple[str, str]] = set()
    for kind in kinds().values():
        pairs.add(("", kind.whole(kind.opens)))
        for move in kind.moves:
            for state in move.from_:
                pairs.add((kind.whole(state), kind.whole(move.to)))
                if move.undo:
                    pairs.add((kind.whole(move.to), kind.whole(state)))
    return pairs
