"""Spokespeople and the comparison of what came after their words with the forecast; differences between texts; the grounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.releases.diff import GONE, NEW, SAME, compare
from groundswell.desk.releases.effect import effect
from groundswell.desk.releases.grounds import choices, grounds
from groundswell.desk.releases.models import Spoken, Spokesperson
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import today
from groundswell.desk.stories.models import KeptForecast
from tests.conftest import Clock
from tests.desk.county import NOW, lay, water_story

Person = Callable[..., User]
DAY = timedelta(days=1)


@pytest.fixture
def _county(desk: None) -> Iterator[None]:
    lay()
    with translation.override("en"):
        yield


@pytest.fixture
def leader(_county: None, person: Person) -> User:
    return person(Role.LEADER, name="刘明")


@pytest.fixture
def duty(_county: None, person: Person) -> User:
    return person(Role.DUTY, name="林晓")


@pytest.fixture
def speaker(leader: User, duty: User) -> Spokesperson:
    made: Spokesperson = found("spokesperson.name", leader, {"user": duty, "topics": ["供水", "停水"], "since": today() - 10 * DAY})
    return made


def said(**more: object) -> dict[str, object]:
    return {"text": "正在冲洗管网，今晚八点恢复", "address": "https://forum.example/t/1#9", "at": NOW - timedelta(hours=1)} | more


def test_a_leader_names_them_with_topics_and_dates_and_ends_it(speaker: Spokesperson, leader: User, duty: User) -> None:
    assert (speaker.state, speaker.speaks_on(today()), speaker.speaks_on(today() - 11 * DAY)) == ("active", True, False)
    with pytest.raises(NotAllowed):
        found("spokesperson.name", duty, {"user": duty, "topics": ["供暖"], "since": today()})
    with pytest.raises(Refused, match="before the first"):
        perform("spokesperson.end", leader, speaker, {"until": today() - 20 * DAY})
    perform("spokesperson.end", leader, speaker, {"until": today() - DAY})
    assert speaker.state == "ended"
    with pytest.raises(Refused, match="does not go with"):
        perform("spokesperson.end", leader, speaker, {"until": today()})


def test_a_reply_is_recorded_with_address_who_and_when_and_tells_its_story(speaker: Spokesperson, duty: User, client: Client) -> None:
    story = water_story()
    client.force_login(duty)
    form = {
        "spokesperson": speaker.pk,
        "text": "正在冲洗管网",
        "address": "https://forum.example/t/1",
        "at": "2026-11-23T15:06",
        "story": story.number,
    }
    assert client.post("/desk/releases/spoken/new/", form).status_code == 302
    row = Spoken.objects.get()
    assert (row.spokesperson, row.story, row.recorded_by, row.at) == (speaker, story, duty, NOW - timedelta(hours=1))
    assert Entry.objects.filter(subject_type="story", subject_id=story.pk, action="system.spoken").count() == 1
    shown = client.get("/desk/releases/spokespeople/").content.decode()
    assert "https://forum.example/t/1" in shown
    assert "正在冲洗管网" in client.get(f"/desk/stories/{story.number}/").content.decode()
    perform("spoken.strike", duty, row, {"reason": "登错了事件"})
    assert "登错了事件" in client.get("/desk/releases/spokespeople/").content.decode()
    assert "正在冲洗管网</a>" not in client.get(f"/desk/stories/{story.number}/").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"at": "2026-11-24T09:00"}, "still to come"),
        ({"at": "2026-10-01T09:00"}, "did not speak for the body"),
        ({"address": "javascript:alert(1)"}, "valid URL"),
        ({"story": "ST-2026-0101-99"}, "No story has this number"),
        ({"release": "FB-2026-9999"}, "No release has this number"),
    ],
)
def test_what_cannot_be_recorded(speaker: Spokesperson, duty: User, client: Client, more: dict[str, str], words: str) -> None:
    client.force_login(duty)
    form = {"spokesperson": speaker.pk, "text": "回应", "address": "https://forum.example/", "at": "2026-11-23T15:06"}
    answer = client.post("/desk/releases/spoken/new/", form | more)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Spoken.objects.exists()


@pytest.mark.parametrize(("low", "high", "where"), [(0, 3, "above"), (2, 9, "within"), (6, 9, "below")])
def test_what_came_stands_beside_the_band_of_that_time(duty: User, clock: Clock, low: float, high: float, where: str) -> None:
    story = water_story()  # four items from 14:00 to 14:15
    made = NOW - timedelta(hours=2, minutes=7)
    KeptForecast.objects.create(
        story=story, made_at=made, due_at=made + 2 * timedelta(hours=1), expected=3, low80=low, high80=high, unchanged=1
    )
    told = effect(story, made + timedelta(minutes=30), NOW)
    assert told is not None
    assert (told.came, told.hours, told.over, told.where, told.before) == (4, 2, True, where, 0)
    early = effect(story, made + timedelta(minutes=30), made + timedelta(minutes=6))
    assert early is not None
    assert (early.came, early.where) == (2, "")  # not over: what came so far, and no verdict
    assert effect(story, made - timedelta(minutes=1), NOW) is None  # none stood before it was made
    assert effect(story, made + timedelta(hours=4), NOW) is None  # too old to say anything about that moment
    KeptForecast.objects.update(shown=False)
    assert effect(story, made + timedelta(minutes=30), NOW) is None  # nobody saw it then


def test_the_page_says_that_it_claims_no_cause(speaker: Spokesperson, duty: User, client: Client) -> None:
    story = water_story()
    made = NOW - timedelta(hours=3)
    KeptForecast.objects.create(story=story, made_at=made, due_at=made + timedelta(hours=2), expected=3, low80=2, high80=9, unchanged=1)
    found("spoken.record", duty, said(spokesperson=speaker, story=story, at=made + timedelta(minutes=5)))
    client.force_login(duty)
    for path in ("/desk/releases/spokespeople/", f"/desk/stories/{story.number}/"):
        shown = client.get(path).content.decode()
        assert "within the band" in shown
        assert "A comparison, not a cause." in shown


# ---------------------------------------------------------------- pure parts


@given(st.text(alphabet="水清了，。\nab 1", max_size=60), st.text(alphabet="水清了，。\nab 1", max_size=60))
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    parts = compare(before, after)
    assert "".join(part.text for part in parts if part.kind in (SAME, GONE)) == before
    assert "".join(part.text for part in parts if part.kind in (SAME, NEW)) == after
    assert all(part.text for part in parts)


def test_endless_texts_are_compared_in_bounded_time() -> None:
    parts = compare("水" * 50_000, "清" * 50_000)
    assert [(part.kind, len(part.text)) for part in parts] == [(GONE, 50_000), (NEW, 50_000)]


def test_every_ground_says_its_law_and_its_result_in_both_languages() -> None:
    assert {row.result for row in grounds().values()} == {"pass", "back", "ask"}
    for row in grounds().values():
        assert row.law
        assert row.zh
        assert row.en
    assert {code for code, _words in choices("pass")} == {"clear", "third_party", "public_interest"}
