"""A plan as data: roles, grades with their thresholds, steps with clocks and texts. One shape for the files and for what is edited."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib.resources import files
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from groundswell.desk.cases.kinds import Words

FOLDER = "groundswell.desk.plans"
GRADES = (1, 2, 3, 4)  # I is the highest
LEAD = "lead"  # as the unit of a step: whoever leads the case
METRICS = ("level", "items", "sources", "rate", "negative")
SPAN = re.compile(r"^([1-9]\d{0,3})([mhd])$")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """Who does what in a response."""

    code: str
    zh: str
    en: str

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class Grade(Struct, frozen=True, forbid_unknown_fields=True):
    """A grade of the response: what it means, and from which figures of a story on it is proposed; all that are given must be met.

    ``level`` is the opinion level of the story (舆情等级, I is 1), never the emergency's own. ``negative`` is a share in per cent.
    """

    grade: int
    zh: str
    en: str
    level: int | None = None
    items: int | None = None
    sources: int | None = None
    rate: int | None = None
    negative: int | None = None

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)

    @property
    def thresholds(self) -> dict[str, int]:
        """metric → value, those that are given."""
        found = {metric: getattr(self, metric) for metric in METRICS}
        return {metric: value for metric, value in found.items() if value is not None}


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done from GRADE upwards, by whom, within which time of the start or of reaching that grade."""

    code: str
    grade: int
    role: str
    within: str
    zh: str
    en: str
    every: str = ""  # done again and again in this rhythm
    text: Words | None = None  # ready to use
    unit: str = ""  # to be handed out as a task: LEAD or the code of a unit
    days: int = 0  # of that task, in working days

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class Playbook(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole plan."""

    code: str
    zh: str
    en: str
    about: Words
    words: tuple[str, ...]
    roles: tuple[Role, ...]
    grades: tuple[Grade, ...]
    steps: tuple[Step, ...]
    not_words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    credibility: str = ""  # "low": it is also proposed for stories of low credibility

    @property
    def name(self) -> Words:
        return Words(self.zh, self.en)

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)

    def role(self, code: str) -> Role | None:
        return next((role for role in self.roles if role.code == code), None)

    def grade(self, number: int) -> Grade | None:
        return next((grade for grade in self.grades if grade.grade == number), None)


def span_of(text: str) -> timedelta:
    """``20m``, ``2h``, ``1d`` as a time. Raises ValueError."""
    found = SPAN.match(text)
    if found is None:
        raise ValueError(f"“{text}” is no time: write 20m, 2h or 1d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def read_playbook(data: Any, name: str) -> Playbook:
    """A plan out of parsed DATA. Raises ValueError naming NAME and what is wrong."""
    try:
        book = msgspec.convert(data, type=Playbook)
    except msgspec.ValidationError as error:
        raise ValueError(f"{name}: {error}") from None
    for wrong in faults(book):
        raise ValueError(f"{name}: {wrong}")
    return book


def data_of(book: Playbook) -> dict[str, Any]:
    """BOOK as JSON data, the inverse of ``read_playbook``."""
    found: dict[str, Any] = msgspec.to_builtins(book)
    return found


def shipped() -> list[Playbook]:
    """The plans that come with the desk. Raises ValueError naming the file."""
    rows = sorted(files(FOLDER).joinpath("library").iterdir(), key=lambda each: each.name)
    return [read_playbook(yaml.safe_load(row.read_text(encoding="utf-8")), row.name) for row in rows if row.name.endswith(".yaml")]


def faults(book: Playbook) -> list[str]:
    """What is wrong with BOOK beyond its shape, in English for whoever edits a file."""
    roles, grades = {role.code for role in book.roles}, [grade.grade for grade in book.grades]
    wrong = (
        [] if sorted(grades) == sorted(set(grades)) and set(grades) <= set(GRADES) and grades else ["grades are I to IV (1–4), each once"]
    )
    wrong += [f"grade {row.grade} has no threshold" for row in book.grades if not row.thresholds]
    codes = [step.code for step in book.steps]
    wrong += ["it has no steps"] if not codes else []
    wrong += [f"two steps are called “{code}”" for code in dict.fromkeys(codes) if codes.count(code) > 1]
    for step in book.steps:
        wrong += [f"the step {step.code} is for the role “{step.role}”, which there is not"] if step.role not in roles else []
        wrong += [f"the step {step.code} begins at the grade {step.grade}, which there is not"] if step.grade not in GRADES else []
        for text in (step.within, step.every) if step.every else (step.within,):
            try:
                span_of(text)
            except ValueError as error:
                wrong.append(f"the step {step.code}: {error}")
        wrong += _one_sided(f"the step {step.code}", step.words)
        wrong += _one_sided(f"the text of {step.code}", step.text) if step.text else []
    for words in (book.name, book.about, *(row.words for row in book.roles), *(row.words for row in book.grades)):
        wrong += _one_sided("a name", words)
    return wrong


def _one_sided(what: str, words: Words) -> list[str]:
    return [] if words.zh.strip() and words.en.strip() else [f"{what} stands in one language only: {words.zh or words.en}"]
