"""Random histories at a desk, as a process of its own: ``python -m tests.soak.player play|live|look FIRST COUNT MOST``.

``play``: COUNT histories from seed FIRST on, one after the other, of up to MOST acts each by all roles; each is looked at, one JSON row
a history. ``live``: one history that is kept, act by act; each act is told (its batch) once it is committed, until the process is killed.
``look``: what is wrong with all that was kept since the timeline's line FIRST; one JSON row.
"""

from __future__ import annotations

import inspect
import json
import random
import sys
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from groundswell.demo.county import NOW
from groundswell.server.home import open_home

TEXTS = (
    "已派人到现场核实，今晚恢复供水。",
    "Looked at on site; mended by tonight.",
    '<b>停水</b>通知 & "引号"',
    "=1+1",
    "请于规定时限内反馈",
    "第二次来电，仍未解决，电话无人接听",
)
OWN_PAGES = {  # acts whose values come from a page of their own, not from a form of the registry
    "source.save", "watch.save", "shift.change", "series.save", "release.write", "ledger_row.change", "alert_channel.save",
    "alert_rule.save", "lead.propose",
}  # fmt: skip


class Clock:
    """The desk's time as the history goes on: from the county's present, or from the last act after it."""

    def __init__(self) -> None:
        from groundswell.desk.spine.models import Entry

        last = Entry.objects.order_by("-id").values_list("at", flat=True).first()
        self.now = max(NOW.astimezone(UTC), last or NOW)

    def __call__(self) -> datetime:
        return self.now


class Player:
    """Somebody who does whatever the registry offers, and some of what it does not."""

    def __init__(self, seed: int, clock: Clock, program: float = 0.01) -> None:
        from groundswell.desk.accounts.models import User

        self.chance = random.Random(seed)
        self.clock = clock
        self.program = program  # how often it is the program's turn
        self.people = list(User.objects.filter(is_active=True).order_by("pk"))
        self.told: list[str] = []
        self.batches: list[uuid.UUID] = []
        self.counts: Counter[str] = Counter()

    def act(self) -> uuid.UUID | None:
        """One try. The batch of what was done, or None where it was refused, had no form that fits, or nothing was there."""
        from groundswell.desk.spine import actions

        self.clock.now += timedelta(minutes=self.chance.choice((0, 1, 1, 5, 20, 90, 600)))
        luck = self.chance.random()
        if luck < self.program:
            return self._program()
        if luck < self.program + 0.05 and self.batches:
            user, batch = self.chance.choice(self.people), self.chance.choice(self.batches[-5:])
            return self._try(lambda: actions.undo(user, batch)[0].batch, "undo")
        if luck < self.program + 0.09:
            return self._found()
        code, record = self._record()
        any_of_it = [each for each in actions.ACTIONS.values() if each.subject == code and not each.creates]
        if record is None or not any_of_it:
            return None
        user, each = self.chance.choice(self.people), self.chance.choice(any_of_it)
        if self.chance.random() < 0.9:  # else whatever it is, whoever asks
            for one in self.chance.sample(self.people, len(self.people)):
                if offers := [offer for offer in actions.possible(one, record) if self._does_with(offer)]:
                    user, each = one, self.chance.choice(offers)
                    break
        values = self._values(each, record) if self._does_with(each) else None
        if values is None:
            self.counts["no form"] += 1  # or one of its own page
            return None
        return self._try(lambda: actions.perform(each.name, user, record, values).batch, f"{each.name} on {record.pk}")

    def _program(self) -> None:
        """What the program does by itself, and its worker."""
        from groundswell.desk.spine.ticks import TICKS
        from groundswell.desk.stories import scoring

        for each in TICKS:
            each.run(self.clock.now)
        scoring.score_dirty(10)
        scoring.score_live(10)
        self.counts["ticks"] += 1

    def _record(self) -> tuple[str, Any]:
        """Half the time something that was touched just now, else anything of any kind."""
        from groundswell.desk.spine.actions import SUBJECTS
        from groundswell.desk.spine.models import Entry

        if self.chance.random() < 0.5:
            code, pk = self.chance.choice(list(Entry.objects.order_by("-id").values_list("subject_type", "subject_id")[:30]))
            kind = SUBJECTS[code]
            return code, kind.model._default_manager.filter(**{kind.id_field: pk}).first()
        code = self.chance.choice(sorted(SUBJECTS))
        return code, SUBJECTS[code].model._default_manager.order_by("?").first()

    def _found(self) -> uuid.UUID | None:
        """A record made by a form."""
        from groundswell.desk.spine import actions

        each = self.chance.choice([each for each in actions.ACTIONS.values() if each.creates and each.form and self._does_with(each)])
        values, batch = self._values(each, None), uuid.uuid4()
        user = self.chance.choice(self.people)
        return None if values is None else self._try(lambda: actions.found(each.name, user, values, batch=batch) and batch, each.name)

    def _try(self, do: Callable[[], uuid.UUID], name: str) -> uuid.UUID | None:
        from groundswell.desk.spine.actions import Refused

        self.told.append(name)
        try:
            batch = do()
        except Refused:
            self.counts["refused"] += 1
            return None
        self.counts["done"] += 1
        self.counts[f"did {name.partition(' ')[0]}"] += 1
        self.batches.append(batch)
        return batch

    def _values(self, each: Any, record: Any) -> dict[str, Any] | None:
        """What a person may have typed into the form, as the form takes it; None where it does not."""
        if each.form is None:
            return {}
        initial = each.initial(record) if each.initial else {}
        blank = each.form(initial=initial)
        said = {blank.add_prefix(name): self._typed(field, initial.get(name)) for name, field in blank.fields.items()}
        form = each.form({name: value for name, value in said.items() if value is not None}, {}, initial=initial)
        return dict(form.cleaned_data) if form.is_valid() else None

    @staticmethod
    def _does_with(each: Any) -> bool:
        """Does its form ask all that the act cannot do without?"""
        named = list(inspect.signature(each.run).parameters.values())[2:]
        if each.name in OWN_PAGES:
            return False
        needs = {one.name for one in named if one.default is one.empty and one.kind is not one.VAR_KEYWORD}
        return needs <= set(each.form.base_fields if each.form else ())

    def _typed(self, field: Any, initial: Any) -> Any:
        from django import forms

        chance = self.chance
        if isinstance(field, forms.FileField) or (not field.required and chance.random() < 0.4):
            return None
        if isinstance(field, forms.BooleanField):
            return "on" if chance.random() < 0.7 else None
        if isinstance(field, forms.ModelMultipleChoiceField):
            return [field.prepare_value(one) for one in field.queryset.order_by("?")[:2]]
        if isinstance(field, forms.ModelChoiceField):
            return next((field.prepare_value(one) for one in field.queryset.order_by("?")[:1]), "")
        if isinstance(field, forms.ChoiceField):
            keys = [str(key) for key, _words in _flat(field.choices) if str(key)]
            return ([chance.choice(keys)] if isinstance(field, forms.MultipleChoiceField) else chance.choice(keys)) if keys else ""
        if isinstance(field, forms.DecimalField | forms.IntegerField | forms.FloatField):
            least = int(field.min_value or 0)
            return str(chance.randint(least, min(int(field.max_value or least + 20), least + 20)))
        moment = self.clock.now.astimezone(NOW.tzinfo) + timedelta(hours=chance.randint(-48, 240))
        if isinstance(field, forms.DateTimeField):
            return moment.strftime("%Y-%m-%dT%H:%M")
        if isinstance(field, forms.DateField):
            return moment.strftime("%Y-%m-%d")
        if isinstance(field, forms.TimeField):
            return moment.strftime("%H:%M")
        if initial and chance.random() < 0.5 and isinstance(initial, str | int):
            return str(initial)
        return chance.choice(TEXTS)[: getattr(field, "max_length", None) or 200]


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found = []
    for key, words in choices:
        found += list(words) if isinstance(words, list | tuple) else [(key, words)]
    return found


States = dict[tuple[str, int], str]
FOLLOWS = {  # states that nobody sets: they follow from the number of an issue's pieces, from the day of a term's end
    ("issue", "picking"): "being made",
    ("issue", "arranging"): "being made",
    ("spokesperson", "active"): "named",
    ("spokesperson", "ended"): "named",
}


def states() -> States:
    """The state of every record that has one."""
    from groundswell.desk.spine.actions import SUBJECTS

    found: States = {}
    for code, kind in SUBJECTS.items():
        if not kind.state_field:
            continue
        if kind.state_field in {column.name for column in kind.model._meta.concrete_fields}:
            pairs = kind.model._default_manager.values_list(kind.id_field, kind.state_field)
        else:
            pairs = ((kind.id_of(record), kind.state_of(record)) for record in kind.model._default_manager.all())
        found |= {(code, pk): str(state) for pk, state in pairs}
    return found


def wrong_states(since: int, before: States, after: States) -> list[str]:
    """States, and moves from BEFORE to AFTER, to which no line of the timelines after the line SINCE leads."""
    from groundswell.desk.spine.actions import SUBJECTS
    from groundswell.desk.spine.models import Entry

    found = []
    told = dict(before)
    for entry in Entry.objects.filter(id__gt=since).order_by("id"):
        own = (entry.subject_type, entry.subject_id)
        if own in told and _seen(own, entry.from_state) != _seen(own, told[own]):
            found.append(f"{own} went from {told[own]!r} to {entry.from_state!r} without a line before {entry.action}")
        told[own] = entry.to_state
    for own, state in after.items():
        if own in told and _seen(own, state) != _seen(own, told[own]):
            found.append(f"{own} is {state!r}, its timeline says {told[own]!r}")
    for code, state in sorted({(code, state) for (code, _pk), state in after.items()}):
        kind = SUBJECTS[code]
        column = next((each for each in kind.model._meta.concrete_fields if each.name == kind.state_field), None)
        if column and column.choices and state not in {str(key) for key, _words in column.choices}:
            found.append(f"{state!r} is no state of {code}")
    return found


def _seen(own: tuple[str, int], state: str) -> str:
    return FOLLOWS.get((own[0], state), state)


def faults(since: int, clocks: set[int], people: list[Any], now: datetime, before: States, after: States) -> list[str]:
    """What must never be: states that no line of the timeline leads to, lost clocks, a chain that does not hold, a queue that fails."""
    from groundswell.desk.audit import chain
    from groundswell.desk.spine.models import RunningClock
    from groundswell.desk.spine.queue import waiting

    found = wrong_states(since, before, after)
    if missing := clocks - set(RunningClock.objects.values_list("pk", flat=True)):
        found.append(f"clocks are gone: {sorted(missing)[:5]}")
    found += [f"the audit chain breaks: {each}" for each in chain.verify()[1][:3]]
    for user in people:
        waiting(user, now)
    return found


def play(first: int, count: int, most: int, clock: Clock) -> None:
    from groundswell.desk.spine.models import Entry, RunningClock

    after = states()
    for seed in range(first, first + count):
        before = after
        since = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        clocks = set(RunningClock.objects.values_list("pk", flat=True))
        player = Player(seed, clock)
        long = int(most ** player.chance.random())
        try:
            for _n in range(long):
                player.act()
            after = states()
            wrong = faults(since, clocks, player.chance.sample(player.people, 1), clock.now, before, after)
        except Exception as error:  # told with what led to it
            wrong = [f"{type(error).__name__}: {error}", traceback.format_exc()[-1500:], " / ".join(player.told[-5:])]
            after = states()
        print(json.dumps({"seed": seed, "acts": long, "wrong": wrong, **player.counts}, ensure_ascii=False), flush=True)


def live(seed: int, most: int, clock: Clock) -> None:
    player = Player(seed, clock, program=0.05)
    for _n in range(most):
        if batch := player.act():
            print(batch, flush=True)


def main() -> None:
    what, first, count, most = sys.argv[1], *map(int, sys.argv[2:5])
    with open_home():
        from groundswell.desk.spine.ports import ports

        ports.clock = clock = Clock()
        if what == "play":
            play(first, count, most, clock)
        elif what == "look":
            print(json.dumps(faults(first, set(), Player(0, clock).people[:8], clock.now, {}, states()), ensure_ascii=False))
        else:
            live(first, most, clock)


if __name__ == "__main__":
    main()
