"""New words of the net: proposed once a day, accepted with a meaning or refused for good, felt by the next item."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from groundswell.desk.accounts.models import Role, SlangWord, User
from groundswell.desk.spine.actions import perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.queue import SOURCES
from groundswell.desk.stream import knowledge, new_words
from groundswell.desk.stream.models import Item
from tests.desk.county import NOW, lay
from tests.engine_text.test_new_words import posts_with

Person = Callable[..., User]


@pytest.fixture
def chief(desk: None, person: Person, client: Client) -> User:
    lay()
    user = person(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def write(word: str, tone: int = -1) -> None:
    """A thousand stored posts of the last ten days, of which two dozen have WORD."""
    from groundswell.desk.sources.models import Source

    sources = list(Source.objects.all())
    for place in range(4):
        sources.append(Source.objects.create(slug=f"net-{place}-{word}", name=f"net {place}", channel="microblog", kind="feed"))
    rows = posts_with(word, sources=4)
    Item.objects.bulk_create(
        Item(
            key=f"{abs(hash((word, number))):032x}"[:32],
            source=sources[int(post.source[1:]) % len(sources)],
            channel="microblog",
            kind="post",
            text=post.text,
            voice=post.voice,
            tone=tone if word in post.text else 0,
            published_at=NOW - timedelta(minutes=14 * (len(rows) - number)),
            collected_at=NOW,
        )
        for number, post in enumerate(rows)
    )


def waiting(user: User) -> list[str]:
    with override("en"):
        return [entry.title for source in SOURCES for entry in source(user, NOW) if entry.kind == "word"]


def test_a_new_word_is_proposed_with_what_speaks_for_it(chief: User, client: Client) -> None:
    write("云整改")
    assert waiting(chief) == []
    assert new_words.propose(NOW) == ["云整改"]
    word = SlangWord.objects.get()
    assert (word.state, word.tone, word.posts, word.voices) == ("proposed", "negative", 24, 12)
    assert word.first_seen == (NOW - timedelta(minutes=14 * 400)).date()
    assert waiting(chief) == ["1 new word of the net"]
    page = client.get("/desk/units/words/").content.decode()
    assert "云整改" in page
    assert "24 posts, 12 voices" in page
    assert not knowledge.current_knowledge().slang  # nothing is used before a person takes it


def test_what_was_decided_is_remembered(chief: User) -> None:
    write("云整改")
    new_words.propose(NOW)
    word = SlangWord.objects.get()
    perform("word.refuse", chief, word)
    assert new_words.propose(NOW + timedelta(days=1)) == []
    word.refresh_from_db()
    assert word.state == "refused"
    perform("word.accept", chief, word, {"means": "只在通知里整改", "tone": "negative"})
    knowledge.forget()
    assert [(slang.word, slang.means) for slang in knowledge.current_knowledge().slang] == [("云整改", "只在通知里整改")]
    assert new_words.propose(NOW + timedelta(days=1)) == []
    assert list(Entry.objects.filter(action__in=("word.refuse", "word.accept")).values_list("action", flat=True).order_by("id")) == [
        "word.refuse",
        "word.accept",
    ]


def test_persons_and_public_bodies_are_no_words(chief: User) -> None:
    write("王晓明")
    assert new_words.propose(NOW) == []
    write("云整改")
    Item.objects.update(institutional=True)
    assert new_words.propose(NOW) == []


def test_once_a_day(chief: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(new_words.look_for_words, "defer", lambda: asked.append(1))
    new_words.start_looking(NOW)
    new_words.propose(NOW)
    new_words.start_looking(NOW + timedelta(hours=23))
    assert len(asked) == 1
    new_words.start_looking(NOW + timedelta(hours=25))
    assert len(asked) == 2


def test_the_words_known_from_the_start_can_be_looked_up(chief: User, client: Client) -> None:
    page = client.get("/desk/units/words/?state=shipped&q=踢皮球").content.decode()
    assert "to pass the buck" in page
    assert "互相推诿" in page


def test_who_may_not_keep_words_sees_no_proposals(chief: User, person: Person, client: Client) -> None:
    write("云整改")
    new_words.propose(NOW)
    duty = person(Role.DUTY)
    assert waiting(duty) == []
    client.force_login(duty)
    assert client.get("/desk/units/words/").status_code == 403
