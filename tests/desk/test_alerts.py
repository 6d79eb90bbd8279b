"""Alerts: when a rule calls, whom, in which order, once; what accepting stops; quiet hours, grouping, no repeat without news."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Place, Role, Unit, User
from groundswell.desk.alerts import chain, raising
from groundswell.desk.alerts.matching import Conditions, Seen, calls, news
from groundswell.desk.alerts.models import Alert, Ended, LevelMark, Rule, Sending, State
from groundswell.desk.alerts.reasons import sentences
from groundswell.desk.audit.models import Record
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import ACTIONS, NotAllowed, Refused, found, perform, possible
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Watch
from tests.conftest import Clock
from tests.desk.alerting import People, people, raised, rule
from tests.desk.county import lay, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def county(desk: None) -> None:
    lay()


@pytest.fixture
def who(county: None, person: Person) -> People:
    return people(person)


@pytest.fixture
def story(county: None) -> Story:
    return water_story()


def queued(user: User, clock: Clock) -> list[str]:
    return [entry.key for entry in waiting(user, clock.now)[0] if entry.kind == "alert"]


def steps(alert: Alert) -> list[tuple[str, bool, str]]:
    return [(step.part, step.fired_at is not None, step.ended) for step in alert.steps.order_by("no")]


# ---------------------------------------------------------------- when a rule calls


@pytest.mark.parametrize(
    ("asks", "seen", "codes"),
    [
        (Conditions(level=2), Seen(2, 5, 5), ["level", "items"]),
        (Conditions(level=2), Seen(3, 5, 5), []),  # below
        (Conditions(level=2, rose=True), Seen(2, 5, 5), []),  # it was there from the beginning
        (Conditions(level=2, rose=True), Seen(2, 5, 5, was_level=3), ["rose", "items"]),
        (Conditions(level=2, rose=True), Seen(2, 5, 5, was_level=1), []),  # it fell to that
        (Conditions(above=1.5), Seen(4, 5, 5, above=1.4), []),
        (Conditions(above=1.5), Seen(4, 5, 5, above=1.6, by_forecast=True), ["above", "items"]),
        (Conditions(above=1.5), Seen(4, 5, 5, above=1.6), ["surge", "items"]),  # no forecast yet: against its own hours
        (Conditions(level=2, above=1.0), Seen(2, 5, 5, above=0.9), []),  # all that is asked must hold
        (Conditions(least_items=3), Seen(4, 9, 2), []),  # two of nine are of that kind
    ],
)
def test_a_rule_calls_when_everything_that_it_asks_holds(asks: Conditions, seen: Seen, codes: list[str]) -> None:
    assert [each["code"] for each in calls(asks, seen)] == codes


def test_news_is_a_higher_level_twice_as_many_items_or_a_new_place() -> None:
    before = {"level": 3, "items": 10, "places": ["qinghe"]}
    qinghe = {"qinghe": ("清河镇", "Qinghe")}
    assert news(before, Seen(3, 19, places=qinghe)) == []
    assert news(before, Seen(4, 12)) == []  # lower is no news
    assert [each["code"] for each in news(before, Seen(2, 20, places=qinghe | {"hexi": ("河西镇", "")}))] == [
        "news_level", "news_doubled", "news_place",
    ]  # fmt: skip


def test_conditions_on_watch_place_unit_and_source_are_looked_up_in_the_items(who: People, story: Story, clock: Clock) -> None:
    unit, place = Unit.objects.get(code="water"), Place.objects.get(code="qinghe")
    fits = {
        "level": None,
        "watch": Watch.objects.get(slug="supply"),
        "unit": unit,
        "place": place,
        "source": Source.objects.get(slug="forum"),
    }
    made = raised(rule(who.editor, **fits), story)
    assert [each["code"] for each in made.reason] == ["watch", "place", "source", "unit", "items"]
    assert "Water Bureau" in sentences(made.reason)
    for narrowed in (
        {"watch": Watch.objects.get(slug="school")},
        {"source": Source.objects.get(slug="media")},
        {"unit": Unit.objects.get(code="education")},
    ):
        other = rule(who.editor, level=None, **narrowed)
        assert [each for each in raising.candidates(other, clock.now) if raising.consider_story(other, each, clock.now)] == []


def test_that_a_level_rose_is_known_from_its_marks(who: People, story: Story, clock: Clock) -> None:
    Story.objects.filter(pk=story.pk).update(level=3)
    asks = rule(who.editor, level=2, rose=True)
    assert raising.look(clock.now) == []
    Story.objects.filter(pk=story.pk).update(level=2)
    assert [each.rule for each in raising.look(clock.forward(minutes=1))] == [asks]
    assert list(LevelMark.objects.filter(story=story).order_by("id").values_list("level", flat=True)) == [3, 2]
    assert "rose from level III" in sentences(Alert.objects.get().reason)
    with translation.override("zh-hans"):
        assert "升到" in sentences(Alert.objects.get().reason)


def test_what_was_there_before_a_rule_was_switched_on_does_not_call(who: People, story: Story, clock: Clock) -> None:
    asks = rule(who.editor)
    Rule.objects.filter(pk=asks.pk).update(enabled_at=clock.now)
    assert raising.look(clock.now) == []
    perform("alert_rule.pause", who.duty, asks)
    Rule.objects.filter(pk=asks.pk).update(enabled_at=clock.now - timedelta(days=1))
    assert raising.look(clock.now) == []  # paused
    perform("alert_rule.enable", who.editor, asks)
    assert asks.enabled_at == clock.now


def test_a_silent_source_calls_once_a_silence(who: People, clock: Clock) -> None:
    asks = rule(who.editor, about="source", level=None, silent_hours=24)
    source = Source.objects.get(slug="media")
    Source.objects.filter(pk=source.pk).update(silent_since=clock.now - timedelta(hours=23))
    assert raising.look(clock.now) == []
    assert len(raising.look(clock.forward(hours=2))) == 1
    assert raising.look(clock.forward(hours=2)) == []
    made = Alert.objects.get(rule=asks)
    assert (made.source, made.level) == (source, None)
    Source.objects.filter(pk=source.pk).update(silent_since=clock.now)
    assert len(raising.look(clock.forward(hours=25))) == 1


# ---------------------------------------------------------------- the chain


def test_unseen_it_goes_to_the_leader_on_duty_and_then_to_the_first(who: People, story: Story, clock: Clock) -> None:
    made = raised(rule(who.editor), story)
    assert made.number == "AL-2026-0001"
    assert chain.go_on(clock.now) == 1
    assert (queued(who.duty, clock), queued(who.leader, clock)) == ([f"alert:{made.pk}:open"], [])
    assert chain.go_on(clock.forward(minutes=14, seconds=59)) == 0
    assert chain.go_on(clock.forward(seconds=1)) == 1
    assert queued(who.leader, clock) == [f"alert:{made.pk}:open"]
    assert queued(who.first, clock) == []
    chain.go_on(clock.forward(minutes=15))
    assert steps(made) == [("duty", True, "passed"), ("leader", True, "passed"), ("first", True, "")]
    chain.go_on(clock.forward(minutes=15))
    made.refresh_from_db()
    assert (made.state, made.next_at) == (State.OPEN, None)
    assert steps(made)[2] == ("first", True, "passed")
    assert queued(who.first, clock) == [f"alert:{made.pk}:open"]  # it still stands there
    said = list(Entry.objects.filter(subject_type="alert").order_by("id").values_list("action", flat=True))
    assert said == ["alert.raise", "system.alert_step", "system.alert_step", "system.alert_step", "system.alert_end_of_chain"]
    assert Sending.objects.filter(channel=None).count() == 3


def test_the_chain_is_fixed_when_it_begins(who: People, story: Story, clock: Clock, person: Person) -> None:
    from groundswell.desk.spine.preferences import change

    asks = rule(who.editor)
    made = raised(asks, story)
    change(None, "alerts.leader", [person(Role.LEADER).username])
    perform("alert_rule.save", who.editor, asks, {"accept_minutes": 60})
    chain.go_on(clock.now)
    chain.go_on(clock.forward(minutes=15))
    assert queued(who.leader, clock) == [f"alert:{made.pk}:open"]


def test_the_roster_says_who_is_called_and_a_stand_in_takes_the_place_of_who_is_away(
    who: People, story: Story, clock: Clock, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.desk.accounts.models import Absence
    from groundswell.desk.roster import stretches
    from groundswell.desk.roster.stretches import OnDuty, Stretch

    night, deputy = person(Role.DUTY), person(Role.LEADER)
    span = (clock.now - timedelta(hours=1), clock.now + timedelta(hours=9))
    on = Stretch("夜班", "Night", *span, (night,))
    monkeypatch.setattr(stretches, "on_duty", lambda moment: OnDuty(on, on, Stretch("带班", "Leading", *span, (who.leader,))))
    Absence.objects.create(leader=who.leader, since=clock.now.date(), until=clock.now.date(), stand_in=deputy, noted_by=who.editor)
    made = raised(rule(who.editor), story)
    assert [list(step.people.all()) for step in made.steps.order_by("no")] == [[night], [deputy], [who.first]]


def test_nobody_at_a_step_is_said_and_passed_over_at_once(who: People, story: Story, clock: Clock) -> None:
    from groundswell.desk.spine.preferences import change

    change(None, "alerts.duty", [])
    made = raised(rule(who.editor), story)
    chain.go_on(clock.now)
    assert steps(made)[:2] == [("duty", True, Ended.NOBODY), ("leader", True, "")]
    assert queued(who.leader, clock)
    assert Entry.objects.filter(action="system.alert_nobody").count() == 1


def test_accepting_stops_the_step_and_an_act_on_the_story_keeps_it(who: People, story: Story, clock: Clock) -> None:
    made = raised(rule(who.editor), story)
    chain.go_on(clock.now)
    clock.forward(minutes=3)
    perform("alert.accept", who.duty, made)
    assert (made.accepted_by, made.next_at) == (who.duty, clock.now + timedelta(minutes=30))
    assert steps(made)[0] == ("duty", True, "accepted")
    assert queued(who.duty, clock) == [f"alert:{made.pk}:accepted"]
    chain.go_on(clock.forward(minutes=20))
    assert queued(who.leader, clock) == []
    perform("story.take_up", who.duty, story)
    chain.go_on(clock.forward(minutes=10))
    made.refresh_from_db()
    assert (made.state, made.next_at) == (State.ACCEPTED, None)
    with pytest.raises(Refused):
        perform("alert.accept", who.leader, made)
    perform("alert.finish", who.duty, made, {"outcome": "right", "note": "已转县水务局"})
    assert (made.state, made.outcome) == (State.DONE, "right")
    assert Record.objects.filter(act__in=["alert.accept", "alert.finish"]).count() == 2


def test_accepted_but_unattended_it_is_open_again_and_the_next_is_called(who: People, story: Story, clock: Clock) -> None:
    made = raised(rule(who.editor), story)
    chain.go_on(clock.now)
    perform("alert.accept", who.duty, made)
    chain.go_on(clock.forward(minutes=30))
    made.refresh_from_db()
    assert (made.state, made.accepted_by) == (State.RETURNED, None)
    assert queued(who.leader, clock) == [f"alert:{made.pk}:returned"]
    perform("alert.accept", who.leader, made)
    with pytest.raises(Refused):
        perform("alert.give_back", who.duty, made, {"reason": "x"})  # not the one who has it
    perform("alert.give_back", who.leader, made, {"reason": "在外出差"})
    chain.go_on(clock.now)
    assert queued(who.first, clock) == [f"alert:{made.pk}:returned"]


def test_the_database_lets_no_other_way_through(who: People, story: Story) -> None:
    made = raised(rule(who.editor), story)
    for state in ("done", "returned"):
        with pytest.raises(IntegrityError, match="no act leads"), transaction.atomic():
            Alert.objects.filter(pk=made.pk).update(state=state)
    with pytest.raises(IntegrityError, match="somebody_accepted"), transaction.atomic():
        Alert.objects.filter(pk=made.pk).update(state="accepted")
    with pytest.raises(IntegrityError, match="alert_rule_says_when"), transaction.atomic():
        Rule.objects.filter(pk=made.rule_id).update(level=None)


def test_every_act_in_every_state_as_every_role(who: People, story: Story, clock: Clock, person: Person) -> None:
    """What is offered goes, what is not offered is refused."""
    roles = {role: person(role) for role in Role}
    values: dict[str, dict[str, Any]] = {"give_back": {"reason": "x"}, "finish": {"outcome": "right"}, "lapse": {"minutes": 1}}
    tried = 0
    for state in State:
        made = _in_state(rule(who.editor, group_minutes=5), story, state, who.duty, clock)
        for user in roles.values():
            for each in [each for each in ACTIONS.values() if each.subject == "alert" and not each.creates]:
                offered = each.name in {one.name for one in possible(user, made)}
                with transaction.atomic():
                    try:
                        perform(each.name, user, Alert.objects.get(pk=made.pk), values.get(each.slug.replace("-", "_"), {}))
                    except NotAllowed:
                        assert not offered, (each.name, state)
                    except Refused:
                        assert not offered or each.slug in ("give-back", "send-again"), (each.name, state)
                    else:
                        assert offered, (each.name, state)
                    tried += 1
                    transaction.set_rollback(True)
    assert tried > 120


def _in_state(of: Rule, story: Story, state: str, duty: User, clock: Clock) -> Alert:
    Alert.objects.all().delete()
    made = raised(of, story)
    chain.go_on(clock.now)
    if state != State.OPEN:
        perform("alert.accept", duty, made)
    if state == State.RETURNED:
        perform("alert.give_back", duty, made, {"reason": "x"})
    if state == State.DONE:
        perform("alert.finish", duty, made, {"outcome": "right"})
    return made


# ---------------------------------------------------------------- once, whatever happens


def test_a_restart_in_between_doubles_nothing(who: People, story: Story, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    made = raised(rule(who.editor), story)

    class Killed(BaseException):
        pass

    def killed(*_args: object, **_more: object) -> None:
        raise Killed

    monkeypatch.setattr(chain, "send", killed)
    for _restart in range(2):
        with pytest.raises(Killed), transaction.atomic():
            chain.go_on(clock.now)
    assert steps(made)[0] == ("duty", False, "")
    monkeypatch.undo()
    for _restart in range(2):
        chain.go_on(clock.now)
    assert Sending.objects.count() == 1
    assert Entry.objects.filter(action="system.alert_step").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_one_and_fire_each_step_once(clock: Clock) -> None:
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    lay()
    of, story = _alone(clock), water_story()
    _at_once(lambda: raising.consider_story(of, Story.objects.get(pk=story.pk), clock.now), 4)
    assert Alert.objects.count() == 1
    for _step in range(4):
        _at_once(lambda: chain.go_on(clock.now), 4)
        clock.forward(minutes=15)
    assert Sending.objects.count() == 2
    assert sorted(Sending.objects.values_list("key", flat=True)) == sorted(set(Sending.objects.values_list("key", flat=True)))
    assert Entry.objects.filter(action="system.alert_step").count() == 2


def _alone(clock: Clock) -> Rule:
    """A rule and two people without the fixtures of one transaction."""
    from groundswell.desk.accounts.models import Grant
    from groundswell.desk.spine.preferences import change

    made = {}
    for name, role in (("duty", Role.DUTY), ("leader", Role.LEADER)):
        made[name] = User.objects.create_user(name, "a long password 1", name=name)
        Grant.objects.create(user=made[name], role=role, since=clock.now - timedelta(days=1))
        change(None, f"alerts.{name}", [name])
    return Rule.objects.create(
        name="供水", level=4, least_items=2, night_level=4, state="enabled", enabled_at=clock.now - timedelta(days=1), changed_at=clock.now
    )


def _at_once(work: Callable[[], object], workers: int) -> None:
    ready = threading.Barrier(workers)
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            ready.wait(20)
            work()
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong, wrong


# ---------------------------------------------------------------- quiet hours, grouping, news


def test_in_quiet_hours_what_is_below_waits_until_the_morning(who: People, story: Story, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23:30 in the body's zone
    Story.objects.filter(pk=story.pk).update(level=3)
    made = raised(rule(who.editor, night_level=2), Story.objects.get(pk=story.pk))
    assert made.starts_at == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 07:00
    assert chain.go_on(clock.now) == 0
    assert queued(who.duty, clock) == []
    clock.now = made.starts_at
    assert chain.go_on(clock.now) == 1
    assert queued(who.duty, clock)
    assert [step.due_at for step in made.steps.order_by("no")] == [clock.now + timedelta(minutes=15 * n) for n in range(3)]


def test_what_rises_at_night_does_not_wait_any_longer(who: People, story: Story, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    asks = rule(who.editor, night_level=2)
    Story.objects.filter(pk=story.pk).update(level=3)
    made = raised(asks, Story.objects.get(pk=story.pk))
    Story.objects.filter(pk=story.pk).update(level=2)
    assert raising.consider_story(asks, Story.objects.get(pk=story.pk), clock.forward(hours=1)) is None
    made.refresh_from_db()
    assert (made.level, made.starts_at) == (2, clock.now)
    assert chain.go_on(clock.now) == 1
    assert queued(who.duty, clock)


def test_one_alert_a_story_and_more_only_with_news(who: People, story: Story, clock: Clock) -> None:
    Story.objects.filter(pk=story.pk).update(level=4)
    asks, other = rule(who.editor), rule(who.editor, name="另一条", level=3)
    made = raised(asks, Story.objects.get(pk=story.pk))
    chain.go_on(clock.now)
    Story.objects.filter(pk=story.pk).update(level=3)
    assert raising.look(clock.forward(minutes=1)) == []  # another rule, the same matter
    made.refresh_from_db()
    assert (made.news, made.seen["level"]) == (1, 3)
    assert Sending.objects.count() == 1  # within the minutes of grouping nobody is told again
    assert raising.look(clock.forward(minutes=1)) == []
    made.refresh_from_db()
    assert made.news == 1  # no news
    Story.objects.filter(pk=story.pk).update(item_count=8)
    raising.look(clock.forward(minutes=120))
    made.refresh_from_db()
    assert made.news == 2
    assert Sending.objects.filter(key__contains=":news2:").count() == 1
    assert "grew from 4 to 8 items" in sentences(made.reason)
    assert other.alerts.count() == 0


def test_what_was_dealt_with_calls_again_only_after_the_minutes_and_with_news(who: People, story: Story, clock: Clock) -> None:
    asks = rule(who.editor)
    made = raised(asks, story)
    perform("alert.accept", who.duty, made)
    perform("alert.finish", who.duty, made, {"outcome": "not_right"})
    assert raising.look(clock.forward(minutes=121)) == []
    Story.objects.filter(pk=story.pk).update(item_count=8)
    assert [each.number for each in raising.look(clock.forward(minutes=1))] == ["AL-2026-0002"]
    second = Alert.objects.get(number="AL-2026-0002")
    assert second.reason[0]["code"] == "news_doubled"
    perform("alert.accept", who.duty, second)
    perform("alert.finish", who.duty, second, {"outcome": "right"})
    Story.objects.filter(pk=story.pk).update(item_count=16)
    assert raising.look(clock.forward(minutes=60)) == []  # news, but within the minutes
    assert len(raising.look(clock.forward(minutes=60))) == 1


# ---------------------------------------------------------------- screens


def test_the_screens_and_who_may_open_them(who: People, story: Story, clock: Clock, person: Person) -> None:
    of = rule(who.editor)
    made = raised(of, story)
    chain.go_on(clock.now)
    admin, officer = person(Role.ADMINISTRATOR), person(Role.UNIT_OFFICER, unit=Unit.objects.get(code="water"))
    doors = {
        "/desk/alerts/": (who.duty, who.leader, who.editor),
        "/desk/alerts/notices/": (who.duty, who.leader, who.editor),
        made.get_absolute_url(): (who.duty, who.leader, who.editor),
        "/desk/alerts/rules/": (who.duty, who.editor, admin),
        "/desk/alerts/rules/new/": (who.duty, who.editor, admin),
        of.get_absolute_url(): (who.duty, who.editor, admin),
        "/desk/alerts/channels/": (admin,),
    }
    client = Client()
    for address, allowed in doors.items():
        for user in (who.duty, who.leader, who.editor, admin, officer):
            client.force_login(user)
            assert client.get(address).status_code == (200 if user in allowed else 403), (address, user.pk)
    client.force_login(admin)
    assert story.title not in client.get(of.get_absolute_url()).content.decode()  # who keeps rules need not read stories
    client.force_login(who.leader)
    assert made.number in client.get(f"/desk/stories/{story.number}/").content.decode()
    assert client.post(f"{made.get_absolute_url()}accept/").status_code == 302
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Zhou Jianguo accepted it" in page
    found("alert_rule.propose", who.duty, {"name": "建议", "level": 2, "about": "story"})
    assert any(key.startswith("alert-rule") for key in queued(who.editor, clock))
    with pytest.raises(NotAllowed):
        found("alert_rule.make", who.duty, {"name": "不行", "level": 2})
    with pytest.raises(NotAllowed):
        found("alert_rule.propose", who.leader, {"name": "不行", "level": 2})
