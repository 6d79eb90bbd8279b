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


class Clock:
    """The desk's time as the history goes on."""

    def __init__(self) -> None:
        self.now = NOW.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now


class Player:
    """Somebody who does whatever the registry offers, and some of what it does not."""

    def __init__(self, seed: int, clock: Clock) -> None:
        from groundswell.desk.accounts.models import User

        self.chance = random.Random(seed)
        self.clock = clock
        self.people = list(User.objects.filter(is_active=True).order_by("pk"))
        self.told: list[str] = []
        self.batches: list[uuid.UUID] = []
        self.counts: Counter[str] = Counter()

    def act(self) -> uuid.UUID | None:
        """One try. The batch of what was done, or None where it was refused, had no form that fits, or nothing was there."""
        from groundswell.desk.spine import actions
        from groundswell.desk.spine.ticks import TICKS

        self.clock.now += timedelta(minutes=self.chance.choice((0, 1, 1, 5, 20, 90, 600)))
        luck = self.chance.random()
        if luck < 0.01:
            for each in TICKS:
                each.run(self.clock.now)
            self.counts["ticks"] += 1
            return None
        if luck < 0.06 and self.batches:
            user, batch = self.chance.choice(self.people), self.chance.choice(self.batches[-5:])
            return self._try(lambda: actions.undo(user, batch)[0].batch, "undo")
        code = self.chance.choice(sorted(actions.SUBJECTS))
        record = actions.SUBJECTS[code].model._default_manager.order_by("?").first()
        any_of_it = [each for each in actions.ACTIONS.values() if each.subject == code and not each.creates]
        if record is None or not any_of_it:
            return None
        user, each = self.chance.choice(self.people), self.chance.choice(any_of_it)
        if self.chance.random() < 0.9:  # else whatever it is, whoever asks
            for one in self.chance.sample(self.people, 6):
                if offers := actions.possible(one, record):
                    user, each = one, self.chance.choice(offers)
                    break
        values = self._values(each, record)
        if values is None or not self._does_with(each, set(values)):
            self.counts["no form"] += 1  # or one of its own page
            return None
        name = f"{each.name} on {record.pk}"
        return self._try(lambda: actions.perform(each.name, user, record, values).batch, name)

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
    def _does_with(each: Any, said: set[str]) -> bool:
        """Has the act all that it cannot do without?"""
        named = list(inspect.signature(each.run).parameters.values())[2:]
        if each.form is None and any(one.kind is one.VAR_KEYWORD for one in named):
            return False
        return {one.name for one in named if one.default is one.empty and one.kind is not one.VAR_KEYWORD} <= said

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


def faults(since: int, clocks: set[int], people: list[Any], now: datetime) -> list[str]:
    """What must never be: states that no line of the timeline leads to, lost clocks, a chain that does not hold, a queue that fails."""
    from groundswell.desk.audit import chain
    from groundswell.desk.spine.actions import SUBJECTS
    from groundswell.desk.spine.models import Entry, RunningClock
    from groundswell.desk.spine.queue import waiting

    found = []
    last: dict[tuple[str, int], str] = {}
    for entry in Entry.objects.filter(id__gt=since).order_by("id"):
        own = (entry.subject_type, entry.subject_id)
        follows = entry.subject_type == "issue"  # the state of an issue follows from its pieces and from the clock
        if own in last and not follows and not entry.undo_of_id and entry.from_state != last[own]:
            found.append(f"{own} went from {last[own]!r} to {entry.from_state!r} without a line before {entry.action}")
        last[own] = entry.to_state
    for (code, pk), state in last.items():
        kind = SUBJECTS[code]
        record = kind.model._default_manager.filter(**{kind.id_field: pk}).first()
        if record is None or not kind.state_field or code == "issue":
            continue
        if kind.state_of(record) != state:
            found.append(f"{code} {pk} is {kind.state_of(record)!r}, its timeline says {state!r}")
        column = next((each for each in kind.model._meta.concrete_fields if each.name == kind.state_field), None)
        legal = {str(key) for key, _words in (column.choices or ())} if column else set()
        if legal and kind.state_of(record) not in legal:
            found.append(f"{code} {pk} is {kind.state_of(record)!r}, which is no state")
    if missing := clocks - set(RunningClock.objects.values_list("pk", flat=True)):
        found.append(f"clocks are gone: {sorted(missing)[:5]}")
    found += [f"the audit chain breaks: {each}" for each in chain.verify()[1][:3]]
    for user in people:
        waiting(user, now)
    return found


def play(first: int, count: int, most: int) -> None:
    from groundswell.desk.spine.models import Entry, RunningClock
    from groundswell.desk.spine.ports import ports

    ports.clock = clock = Clock()
    for seed in range(first, first + count):
        since = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        clocks = set(RunningClock.objects.values_list("pk", flat=True))
        player = Player(seed, clock)
        long = int(most ** player.chance.random())
        try:
            for _n in range(long):
                player.act()
            wrong = faults(since, clocks, player.chance.sample(player.people, 3), clock.now)
        except Exception as error:  # told with what led to it
            wrong = [f"{type(error).__name__}: {error}", traceback.format_exc()[-1500:], " / ".join(player.told[-5:])]
        print(json.dumps({"seed": seed, "acts": long, "wrong": wrong, **player.counts}, ensure_ascii=False), flush=True)


def live(seed: int, most: int) -> None:
    from groundswell.desk.spine.ports import ports

    ports.clock = clock = Clock()
    player = Player(seed, clock)
    for _n in range(most):
        if batch := player.act():
            print(batch, flush=True)


def main() -> None:
    what, first, count, most = sys.argv[1], *map(int, sys.argv[2:5])
    with open_home():
        if what == "play":
            play(first, count, most)
        elif what == "look":
            print(json.dumps(faults(first, set(), Player(0, Clock()).people[:8], NOW.astimezone(UTC)), ensure_ascii=False))
        else:
            live(first, most)


if __name__ == "__main__":
    main()
