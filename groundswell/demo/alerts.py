"""The alerts of the demo county: its rules, two channels, and whom they called; the water at night went to the leader on duty."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from groundswell.demo import county
from groundswell.demo.cases import desk_at
from groundswell.demo.readings import desk_stands_at
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.alerts import chain, raising, trial
from groundswell.desk.alerts.knowing import places_known, seen_now
from groundswell.desk.alerts.matching import kept
from groundswell.desk.alerts.models import Alert, Rule
from groundswell.desk.roster import stretches
from groundswell.desk.spine.actions import found, perform
from groundswell.desk.spine.ports import now
from groundswell.desk.stream.models import Watch

SINCE = "11-16 09:00"  # when the rules were switched on
PAST = timedelta(days=3)
UNSEEN = "供水有事"  # the night shift was about to hand over and did not see it
NIGHT_ENDS = county.NOW.replace(hour=8, minute=0)
RULES: tuple[dict[str, Any], ...] = (
    {"name": "供水有事", "name_en": "Something about the water", "watch": "supply", "unit": "water", "least_items": 3, "night_level": 4},
    {"name": "Ⅱ级以上", "name_en": "Level II and above", "level": 2, "least_items": 3, "night_level": 2},
    {"name": "升得太快", "name_en": "Faster than forecast", "above": 1.5, "least_items": 12, "night_level": 3},
    {"name": "来源中断一天", "name_en": "A source silent for a day", "about": "source", "silent_hours": 24, "night_level": 0},
)
PROPOSED: dict[str, Any] = {"name": "校园", "name_en": "Schools", "watch": "campus", "least_items": 4, "night_level": 2}
CHANNELS = (
    {"kind": "mail", "name": "值班邮箱", "name_en": "Duty mail"},
    {
        "kind": "webhook", "name": "县应急指挥平台", "name_en": "Emergency command platform", "address": "https://hooks.yunling.example/alerts",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "language": "zh-hans",
    },
)  # fmt: skip


def load_alerts() -> None:
    """All of it. The desk's clock stands at ``county.NOW``; stories are scored, cases, instructions and the roster are there."""
    people = {user.username: user for user in User.objects.all()}
    with desk_at(SINCE):
        rules = [found("alert_rule.make", people["limin"], _values(each)) for each in RULES]
        for each in CHANNELS:
            made = found("alert_channel.make", people["chenli"], dict(each))
            perform("alert_channel.off", people["chenli"], made)
    with desk_at("11-23 09:40"):
        found("alert_rule.propose", people["hanmei"], _values(PROPOSED))
    for rule, hit in _hits(rules):
        _tell(rule, hit, people)
    raising.mark_levels(now())
    _known_by_now()


def _values(row: dict[str, Any]) -> dict[str, Any]:
    values = {"group_minutes": 120, "accept_minutes": 15, "attend_minutes": 30} | row
    if "watch" in row:
        values["watch"] = Watch.objects.get(slug=row["watch"])
    if "unit" in row:
        values["unit"] = Unit.objects.get(code=row["unit"])
    return values


def _hits(rules: list[Rule]) -> list[tuple[Rule, trial.Hit]]:
    """When the rules would have called in the last days: each story by the rule that came first, the newest, in order of time."""
    lately = Q(last_at__gt=county.NOW - PAST, item_count__gte=3)
    rows = [
        (rule, hit)
        for rule in rules
        if rule.about == "story"
        for hit in trial.tried(rule, county.NOW, PAST.days + 1, _only(rule, lately)).hits
    ]
    rows = [(rule, hit) for rule, hit in rows if hit.at > max(county.NOW - PAST, rule.enabled_at or county.NOW)]
    rows.sort(key=lambda row: row[1].at)
    first: dict[int, tuple[Rule, trial.Hit]] = {}
    for rule, hit in rows:
        if hit.story is not None:
            first.setdefault(hit.story.pk, (rule, hit))
    return list(first.values())


def _only(rule: Rule, lately: Q) -> Q:
    """Levels are computed anew at a cost: only for the stories that stand there now."""
    return lately & Q(level__lte=rule.level) if rule.level is not None else lately


def _tell(rule: Rule, hit: trial.Hit, people: dict[str, User]) -> None:
    """Raise it at its time; the duty officer has it in minutes, but for the one that went unseen."""
    story = hit.story
    assert story is not None
    moments = trial.moments_of(rule, [story], county.NOW)[story.pk]
    seen = trial.seen_then(rule, moments, trial.Levels(story, ()), hit.at)
    with desk_stands_at(hit.at):
        made = raising.raise_about(rule, story, hit.reasons, seen, now()) if seen is not None else None
    if made is None:
        return
    at = made.starts_at
    _go_on(at)
    if at > NIGHT_ENDS - timedelta(hours=2) and at < NIGHT_ENDS and rule.name == UNSEEN:
        at += timedelta(minutes=15)
        _go_on(at)
        leader = made.steps.get(no=1).people.get()
        with desk_stands_at(at + timedelta(minutes=3)):
            perform("alert.accept", leader, made)
        with desk_stands_at(at + timedelta(minutes=11)):
            perform("story.seen", leader, story)
        _go_on(at + timedelta(minutes=33))
        return
    officer = next(iter(stretches.on_duty(at).now.people), people["linxiao"])
    with desk_stands_at(min(at + timedelta(minutes=4), county.NOW)):
        perform("alert.accept", officer, made)
    with desk_stands_at(min(at + timedelta(minutes=26), county.NOW)):
        perform("alert.finish", officer, made, {"outcome": "not_right" if hit.verdict != "right" and story.level == 4 else "right"})


def _go_on(at: datetime) -> None:
    with desk_stands_at(at):
        chain.go_on(now())


def _known_by_now() -> None:
    """What the alerts know of their stories: of those dealt with all of it, of the open ones the news, as the rules noticed it."""
    known = places_known()
    for alert in Alert.objects.select_related("rule", "story"):
        if alert.story is None:
            continue
        if alert.state == "done":
            alert.seen = kept(seen_now(alert.story, alert.rule, known))
            alert.save(update_fields=["seen"])
        else:
            raising.consider_story(alert.rule, alert.story, now(), known)
    Rule.objects.filter(about="source").update(enabled_at=now())  # sources that were silent before are known
