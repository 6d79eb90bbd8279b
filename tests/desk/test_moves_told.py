"""What the program moves stands on the timeline: from which state to which, in a sentence of both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.bulletins import issues
from groundswell.desk.bulletins.models import Issue, IssueState
from groundswell.desk.cases.models import Case
from groundswell.desk.sources.jobs import end_pauses
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import perform, undo
from groundswell.desk.spine.models import Entry, Preference
from groundswell.desk.spine.timeline import sentence_of
from groundswell.desk.stories import scoring
from groundswell.desk.stories.actions import wake_followed
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream.models import Item, ItemState
from tests.conftest import Clock
from tests.desk.county import WATER, lay, scored, tell, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


def moves(kind: str, pk: int) -> list[tuple[str, str, str]]:
    """Act, state before and after of the lines that moved a record, the oldest first."""
    rows = Entry.objects.filter(subject_type=kind, subject_id=pk).order_by("id").values_list("action", "from_state", "to_state")
    return [row for row in rows if row[1] != row[2]]


def said(entry: Entry) -> tuple[str, str]:
    with translation.override("en"):
        english = sentence_of(entry)
    with translation.override("zh-hans"):
        return english, sentence_of(entry)


def test_a_followed_story_that_comes_back(duty: User, clock: Clock) -> None:
    story = water_story()
    perform("story.follow", duty, story, {"days": 3})
    assert wake_followed(clock.now) == 0
    assert wake_followed(clock.forward(days=3)) == 1
    assert wake_followed(clock.now) == 0
    story.refresh_from_db()
    assert (story.state, story.follow_until) == (State.NEW, None)
    assert moves("story", story.pk) == [("story.follow", "new", "following"), ("system.story_back", "following", "new")]
    entry = Entry.objects.get(action="system.story_back")
    assert said(entry) == ("the time of following is over: it comes back as new", "跟踪到期，转回新增")


def test_a_story_that_rises_and_no_longer_does(clock: Clock) -> None:
    """Since when and until when: both ends are on the timeline, once each, however often it is scored."""
    Preference.objects.create(key="judge.rising_items", value=2, changed_at=clock.now)
    story = water_story()
    tell([f"{text}，{place}号楼也黄" for place in range(3) for text in WATER], start=128, step=1)
    clock.forward(minutes=20)
    for _again in range(3):
        scored()
        Story.objects.filter(pk=story.pk).update(dirty_since=clock.now)
    assert moves("story", story.pk) == [("system.story_surging", "new", "rising")]
    clock.forward(hours=5)
    for _again in range(3):
        scoring.score(story.pk)
    assert moves("story", story.pk)[1:] == [("system.story_calm", "rising", "new")]
    assert said(Entry.objects.get(action="system.story_calm")) == ("it is no longer rising", "不再升温")


def test_a_closed_story_with_new_items(duty: User, clock: Clock) -> None:
    story = water_story()
    perform("story.close", duty, story, {"reason": "mended"})
    tell(WATER, start=130)
    clock.forward(hours=1)
    scored()
    assert moves("story", story.pk)[-1] == ("system.story_reopened", "closed", "reopened")
    assert Story.objects.get(pk=story.pk).closed_at is None, "it does not count as closed today"


def test_items_that_go_with_their_story_come_back_as_they_stood(duty: User) -> None:
    """One that waited for a person waits again, one that a person had placed stays placed by a person."""
    story = water_story()
    _first, second, third, fourth = story.items.order_by("id")
    perform("item.put", duty, second, {"into": story})
    Item.objects.filter(pk=third.pk).update(state=ItemState.OPEN)
    before = list(Item.objects.order_by("id").values_list("key", "state", "state_by_hand", "about_us", "reason"))
    entry = perform("story.not_us", duty, story, {"reason": "another county"})
    assert set(Item.objects.values_list("state", "state_by_hand", "about_us")) == {("not_us", True, False)}
    assert moves("item", third.pk) == [("system.item_sent_away", "open", "not_us")]
    assert story.number in said(Entry.objects.get(subject_id=third.pk, action="system.item_sent_away"))[1]
    perform("item.about_us", duty, fourth)
    undo(duty, entry.batch)
    assert (
        list(Item.objects.exclude(pk=fourth.pk).order_by("id").values_list("key", "state", "state_by_hand", "about_us", "reason"))
        == before[:3]
    )
    assert moves("item", third.pk)[-1] == ("system.item_brought_back", "not_us", "open")
    assert Item.objects.get(pk=fourth.pk).state == ItemState.OPEN, "what a person decided meanwhile stays"


def test_the_first_items_of_a_story_that_is_seen_by_itself() -> None:
    first = tell(WATER[:1])[0]
    assert first.state == ItemState.OPEN
    tell(WATER[1:], start=5)
    scored()
    assert moves("item", first.pk) == [("system.item_in_story", "open", "in_story")]


def test_a_pause_that_is_over(duty: User, clock: Clock) -> None:
    source = Source.objects.get(slug="media")
    perform("source.pause", duty, source, {"reason": "r", "until": clock.now + timedelta(hours=1)})
    end_pauses(clock.forward(hours=2))
    assert moves("source", source.pk)[-1] == ("system.pause_over", "paused", "active")


def test_a_case_whose_opening_was_taken_back(duty: User) -> None:
    batch = perform("story.open_case", duty, water_story()).batch
    case = Case.objects.get()
    undo(duty, batch)
    assert moves("case", case.pk) == [("system.case_of_story_undone", "incident.open", "incident.void")]


def test_an_issue_that_was_carried_over(edits: User, issue: Issue, clock: Clock) -> None:
    later = issues.make_for(issue.series, issue.due_at + timedelta(days=1))
    issues.carry(issue, later, clock.now)
    assert moves("issue", issue.pk)[-1] == ("system.brief_carried", "arranging", IssueState.CARRIED)
    assert moves("issue", later.pk) == [("system.brief_took_over", "picking", "arranging")]
    issues.make_for(issue.series, issue.due_at)  # its clock had been taken away and is back
    assert moves("issue", issue.pk)[-1] == ("system.brief_revived", IssueState.CARRIED, "picking")


def test_an_undo_tells_the_state_in_which_the_record_is(duty: User) -> None:
    """The act left the state alone, and the state moved since: the line of the undo does not turn it back."""
    story = water_story()
    entry = perform("story.set_level", duty, story, {"level": 2, "reason": "r"})
    perform("story.take_up", duty, story)
    undone = undo(duty, entry.batch)[0]
    assert (undone.from_state, undone.to_state) == ("handling", "handling")
    assert Story.objects.get(pk=story.pk).state == State.HANDLING
