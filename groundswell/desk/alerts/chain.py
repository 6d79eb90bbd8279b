"""The chain of people that an alert calls: fixed when it begins, gone through by the tick, each step once.

Accepting stops only the step that runs; who accepted and then did nothing loses it again (PagerDuty calls that the acknowledgement
timeout). All of it happens under the alert's row lock, so that two workers, or one that was killed and came back, do nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.leaders import acting_for, first_leaders
from groundswell.desk.accounts.models import User
from groundswell.desk.alerts import texts
from groundswell.desk.alerts.house_rules import named_people
from groundswell.desk.alerts.models import CALLING, Alert, Channel, ChannelKind, Ended, Part, Sending, State, Step
from groundswell.desk.roster import stretches
from groundswell.desk.spine.actions import perform, record_fact
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.timeline import fact

fact("alert_step", _("called %(who)s (%(part)s)"))
fact("alert_nobody", _("nobody could be called: %(part)s"))
fact("alert_end_of_chain", _("nobody accepted it; the chain is at its end"))
PERSONAL = (ChannelKind.MAIL, ChannelKind.SMS)


def lay(alert: Alert) -> None:
    """Fix the chain of a new ALERT: who stands where at this moment, by what, for how long."""
    rule = alert.rule
    duty = stretches.on_duty(alert.starts_at)
    parts = (
        (Part.DUTY, list(duty.now.people) or named_people("alerts.duty")),
        (Part.LEADER, _there(list(duty.leader.people if duty.leader else ()) or named_people("alerts.leader"))),
        (Part.FIRST, _there(first_leaders() or named_people("alerts.first_leader"))),
    )
    channels = list(rule.channels.filter(state="on").values_list("pk", flat=True))
    due_at = alert.starts_at
    for no, (part, people) in enumerate(parts):
        step = Step.objects.create(
            alert=alert, no=no, part=part, minutes=rule.accept_minutes if people else 0, channels=channels, due_at=due_at
        )
        step.people.set(people)
        due_at += timedelta(minutes=step.minutes)
    alert.next_at = alert.starts_at


def _there(leaders: Sequence[User]) -> list[User]:
    """LEADERS, or whoever does their part while they are away."""
    found = (acting_for(leader) for leader in leaders)
    return list(dict.fromkeys(user for user in found if user is not None))


def begin_at(alert: Alert, moment: datetime) -> None:
    """The chain of an alert that waited begins at MOMENT instead."""
    shift = moment - alert.starts_at
    for step in alert.steps.all():
        step.due_at += shift
        step.save(update_fields=["due_at"])
    alert.starts_at = alert.next_at = moment


def go_on(now: datetime) -> int:
    """Look after every chain whose time has come; how many were moved (index alert_chain)."""
    moved = 0
    for pk in Alert.objects.filter(next_at__lte=now).order_by("next_at").values_list("pk", flat=True)[:100]:
        with transaction.atomic():
            alert = Alert.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, next_at__lte=now).first()
            if alert is not None:
                _move(alert, now)
                moved += 1
    return moved


def _move(alert: Alert, now: datetime) -> None:
    if alert.state == State.ACCEPTED:
        if attended(alert):
            Alert.objects.filter(pk=alert.pk).update(next_at=None)
            return
        perform("alert.lapse", None, alert, {"minutes": alert.attend_minutes})
    if alert.state in CALLING:
        alert.next_at = _call_next(alert, now)
        alert.save(update_fields=["next_at"])
    else:
        Alert.objects.filter(pk=alert.pk).update(next_at=None)


def attended(alert: Alert) -> bool:
    """Did anybody do anything about it since it was accepted? Counted are acts on the story or source."""
    kind = "story" if alert.story_id else "source"
    acts = Entry.objects.filter(subject_type=kind, subject_id=alert.thing.pk, actor__isnull=False)
    return acts.filter(at__gte=alert.accepted_at).exists()


def _call_next(alert: Alert, now: datetime) -> datetime | None:
    """Call the next step that has people; when the one after it is due, None at the end of the chain."""
    for step in alert.steps.filter(fired_at=None).order_by("no"):
        alert.steps.filter(fired_at__isnull=False, ended="").update(ended=Ended.PASSED, ended_at=now)
        people = list(step.people.all())
        step.fired_at = now
        if not people:
            step.ended, step.ended_at = Ended.NOBODY, now
            step.save()
            record_fact("alert_nobody", alert, both("part", step))
            continue
        step.save()
        record_fact("alert_step", alert, both("part", step) | who_words(people))
        send(alert, step, people, now, f"{step.no}")
        return now + timedelta(minutes=step.minutes)
    alert.steps.filter(ended="").update(ended=Ended.PASSED, ended_at=now)
    record_fact("alert_end_of_chain", alert)
    return None


def tell_news(alert: Alert, now: datetime) -> None:
    """Say the news to those who were called last."""
    step = alert.steps.filter(fired_at__isnull=False).order_by("-no").first()
    if step is not None:
        people = [alert.accepted_by] if alert.state == State.ACCEPTED and alert.accepted_by else list(step.people.all())
        send(alert, step, people, now, f"{step.no}:news{alert.news}")


def send(alert: Alert, step: Step, people: Sequence[User], now: datetime, what: str) -> None:
    """A row for each person and group that is told; the screen shows it at once, the rest goes by jobs."""
    rows = [_screen(alert, step, person, now, what) for person in people]
    for channel in Channel.objects.filter(pk__in=step.channels, state="on"):
        if channel.kind in PERSONAL:
            rows += [_outside(alert, step, channel, person, now, what) for person in people]
        else:
            rows.append(_outside(alert, step, channel, None, now, what))
    Sending.objects.bulk_create(rows, ignore_conflicts=True)


def _screen(alert: Alert, step: Step, person: User, now: datetime, what: str) -> Sending:
    said = texts.message(alert, person.language, step)
    return Sending(
        key=f"{alert.number}:{what}:screen:{person.pk}", alert=alert, step=step, person=person, to=person.username,
        language=person.language, title=said.title, text=said.text, state="sent", made_at=now, at=now,
    )  # fmt: skip


def _outside(alert: Alert, step: Step, channel: Channel, person: User | None, now: datetime, what: str) -> Sending:
    language = person.language if person else channel.language
    to = channel.host if person is None else person.email if channel.kind == ChannelKind.MAIL else person.phone
    said = texts.message(alert, language, step)
    row = Sending(
        key=f"{alert.number}:{what}:{channel.pk}:{person.pk if person else 'group'}",
        alert=alert, step=step, channel=channel, person=person,
        to=to, language=language, title=said.title, text=said.text, made_at=now, next_try_at=now,
    )  # fmt: skip
    if not to:
        row.state, row.cause, row.next_try_at = "failed", "no_address", None
    return row


def both(name: str, step: Step) -> dict[str, str]:
    """The step's part in both languages, for the data of an act."""
    return texts.in_both(name, lambda: str(Part(step.part).label))


def who_words(people: Sequence[User]) -> dict[str, str]:
    return {"who": "、".join(user.name for user in people), "who_en": ", ".join(user.name_en or user.name for user in people)}
