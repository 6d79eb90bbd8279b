"""What the demo's desk looked at and put right: by the script's truth, at the time when it came, and nothing of the last days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from groundswell.demo import corrections
from groundswell.desk.accounts.models import Grant, Role, User
from groundswell.desk.stream import intake
from groundswell.desk.stream.models import Correction, Item, ItemState
from tests.desk.county import NOW, SCHOOL, WATER, lay, piece

EARLIER = -4 * 24 * 60  # minutes
TRUTH = {"about_us": True, "unit": "water", "tone": "negative", "story": "", "same_name": False, "advert": False}


@pytest.fixture
def said(desk: None, person: Callable[..., User], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Item]:
    """Store an item that a person looked at, of which the script says so and so."""
    lay()
    for name in ("linxiao", "hanmei"):
        User.objects.filter(pk=person(Role.DUTY).pk).update(username=name)
    Grant.objects.update(since=NOW - timedelta(days=60))
    facts: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(corrections, "truth", lambda _until: [{"id": key, **fact} for key, fact in facts.items()])

    def store(text: str, *, number: int = 1, minutes: float = EARLIER, first: str = "0" * 8, **truth: Any) -> Item:
        key = f"{first}{number:024x}"
        intake.store([piece(text, key=key, minutes=minutes + number)])
        facts[key] = TRUTH | truth
        Item.objects.filter(key=key, about_us=True).update(state=ItemState.IN_STORY)
        return Item.objects.get(key=key)

    return store


def told(item: Item) -> list[tuple[str, str, str]]:
    return list(Correction.objects.filter(item=item).order_by("pk").values_list("field", "was", "became"))


def test_what_was_right_was_only_looked_at(said: Callable[..., Item]) -> None:
    item = said(WATER[0])
    corrections.load_corrections()
    assert told(item) == []
    item.refresh_from_db()
    assert item.state_by_hand


def test_what_was_wrong_was_put_right_soon_after_it_came(said: Callable[..., Item]) -> None:
    unit, tone, other = said(SCHOOL[0]), said(WATER[1], number=2, tone="positive"), said(WATER[2], number=3, about_us=False, same_name=True)
    corrections.load_corrections()
    assert told(unit) == [("unit", "education", "water")]
    assert told(tone) == [("tone", "-1", "0"), ("tone", "0", "1")]
    assert told(other) == [("about_us", "yes", "no")]
    for item in (unit, tone, other):
        item.refresh_from_db()
        assert all(timedelta() < row.at - item.collected_at < timedelta(hours=1, minutes=1) for row in item.corrections.all())
    assert (unit.unit.code if unit.unit else "", tone.tone, other.state) == ("water", 1, ItemState.NOT_US)


def test_an_item_goes_to_the_story_that_holds_most_of_its_event(said: Callable[..., Item]) -> None:
    few = said(SCHOOL[0], unit="education", story="water", tone="neutral")
    many = [said(text, number=number, first="0000000b", story="water") for number, text in enumerate(WATER, 2)]
    corrections.load_corrections()
    few.refresh_from_db()
    assert few.story_id == many[0].story_id
    assert ("story", few.corrections.get(field="story").became) in [(field, became) for field, _was, became in told(few)]


def test_the_last_days_and_what_nobody_looked_at_stay_as_they_are(said: Callable[..., Item]) -> None:
    late, unseen = said(SCHOOL[0], minutes=0), said(SCHOOL[1], number=2, first="00000001")
    corrections.load_corrections()
    assert told(late) == told(unseen) == []
    assert not Item.objects.filter(state_by_hand=True).exists()
