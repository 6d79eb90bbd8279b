"""Triage: one key an act, undone by one key, learnt from; many at once; only what one may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.spine.actions import Changed, NotAllowed, Refused, perform, undo
from groundswell.desk.spine.models import Entry
from groundswell.desk.stories import grouping
from groundswell.desk.stories import queries as stories
from groundswell.desk.stories.models import Story
from groundswell.desk.stream import intake, queries
from groundswell.desk.stream.models import Correction, Item, ItemState
from groundswell.engine import records
from tests.desk.county import ELSEWHERE, SCHOOL, WATER, lay, officer, piece, scored, tell, water_story

Person = Callable[..., User]
NOT_US = {"reason": "same_name"}


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY)


def suggested(text: str = SCHOOL[0], minutes: float = 100) -> tuple[Item, Story]:
    """An item that waits in the stream with a story suggested."""
    story = water_story()
    row = tell([text], start=minutes)[0]
    Item.objects.filter(pk=row.pk).update(state=ItemState.OPEN, story=None, suggested_story=story, suggested_confidence=0.6)
    row.refresh_from_db()
    return row, story


def test_into_the_suggested_story_and_back(duty: User) -> None:
    item, story = suggested()
    entry = perform("item.join", duty, item)
    scored()
    story.refresh_from_db()
    assert (item.story_id, item.state, item.state_by_hand, story.item_count) == (story.pk, ItemState.IN_STORY, True, 5)
    assert Correction.objects.get(item=item, field="story").became == story.number
    undo(duty, entry.batch)
    scored()
    item.refresh_from_db()
    story.refresh_from_db()
    assert (item.story_id, item.state, item.state_by_hand, story.item_count) == (None, ItemState.OPEN, False, 4)
    assert Correction.objects.get(item=item).undone_at is not None


def test_a_suggested_story_that_was_merged_leads_on_to_the_one_it_went_into(duty: User) -> None:
    item, story = suggested()
    other = Story.objects.get(pk=tell([SCHOOL[1] + "。"], start=200)[0].story_id)
    perform("story.merge", duty, story, {"into": other})
    perform("item.join", duty, item)
    assert item.story_id == other.pk


def test_without_a_suggestion_joining_is_refused(duty: User) -> None:
    item = tell([ELSEWHERE])[0]
    with pytest.raises(Refused):
        perform("item.join", duty, item)


def test_an_item_put_into_a_story_stays_there_and_its_likes_follow(duty: User) -> None:
    story = water_story()
    first = tell([SCHOOL[0]], start=100)[0]
    perform("item.put", duty, first, {"into": story})
    grouping.forget()
    assert tell([SCHOOL[0] + "！"], start=101)[0].story_id == story.pk


def test_taking_back_a_put_brings_the_likes_back_too(duty: User) -> None:
    story = water_story()
    first = tell([SCHOOL[0]], start=100)[0]
    former = first.story_id
    entry = perform("item.put", duty, first, {"into": story})
    grouping.forget()
    tell([ELSEWHERE], start=101)
    undo(duty, entry.batch)
    first.refresh_from_db()
    assert first.story_id == former
    grouping.forget()
    assert tell([SCHOOL[0] + "！"], start=102)[0].story_id == former
    again = perform("item.put", duty, first, {"into": story})  # the same act once more counts once more
    grouping.forget()
    assert tell([SCHOOL[0] + "？"], start=103)[0].story_id == story.pk
    assert again.data["story"] == story.number


def test_a_story_founded_by_a_person_and_gone_again(duty: User) -> None:
    item = tell([SCHOOL[0]])[0]
    entry = perform("item.found_story", duty, item)
    made = item.story
    assert made is not None
    assert made.number.startswith("ST-2026-1123-")
    scored()
    grouping.forget()
    assert tell([SCHOOL[0] + "！"], start=5)[0].story_id == made.pk
    other = tell([ELSEWHERE])[0]
    second = perform("item.found_story", duty, other)
    alone = other.story_id
    undo(duty, second.batch)
    assert not stories.readable(duty).filter(pk=alone).exists()
    perform("item.put", duty, item, {"into": water_story()})
    with pytest.raises(Changed):  # somebody put it elsewhere since
        undo(duty, entry.batch)


def test_not_about_us_with_a_reason_and_back(duty: User) -> None:
    story = water_story()
    item = story.items.order_by("id")[0]
    entry = perform("item.not_us", duty, item, NOT_US)
    scored()
    story.refresh_from_db()
    assert (item.state, item.story_id, item.about_us, item.reason, story.item_count) == (ItemState.NOT_US, None, False, "same_name", 3)
    taught = Correction.objects.get(item=item)
    assert (taught.field, taught.was, taught.became, taught.reason) == ("about_us", "yes", "no", "same_name")
    undo(duty, entry.batch)
    scored()
    item.refresh_from_db()
    story.refresh_from_db()
    assert (item.story_id, item.about_us, item.reason, story.item_count) == (story.pk, True, "", 4)


def test_about_us_after_all_puts_an_advert_back_when_it_is_undone(duty: User) -> None:
    item = tell([ELSEWHERE])[0]
    Item.objects.filter(pk=item.pk).update(advert=True)
    entry = perform("item.about_us", duty, item)
    assert (item.state, item.about_us, item.advert) == (ItemState.OPEN, True, False)
    undo(duty, entry.batch)
    item.refresh_from_db()
    assert (item.state, item.about_us, item.advert) == (ItemState.ASIDE, False, True)
    assert Correction.objects.get(item=item).undone_at is not None


def test_the_sentiment_goes_round_and_an_unsure_one_is_confirmed_first(duty: User) -> None:
    item = tell([WATER[0]])[0]
    Item.objects.filter(pk=item.pk).update(tone=-1, tone_unsure=True)
    item.refresh_from_db()
    seen = []
    for _ in range(4):
        perform("item.tone", duty, item)
        seen.append(item.tone)
    assert seen == [-1, 0, 1, -1]
    assert (item.tone_by_hand, item.tone_unsure) == (True, False)


def test_undoing_one_correction_leaves_the_others(duty: User, clock: object) -> None:
    item = tell([WATER[0]])[0]
    Item.objects.filter(pk=item.pk).update(tone=-1, tone_unsure=False)
    item.refresh_from_db()
    perform("item.assign", duty, item, {"unit": Unit.objects.get(code="education")})
    entry = perform("item.tone", duty, item)
    undo(duty, entry.batch)
    assert dict(Correction.objects.filter(item=item).values_list("field", "undone_at")) == {
        "unit": None,
        "tone": Correction.objects.get(field="tone").undone_at,
    }
    assert Correction.objects.get(field="tone").undone_at is not None


def test_put_off_for_an_hour_it_is_away_and_comes_back(duty: User, clock: Callable[[], object]) -> None:
    item, _story = suggested()
    perform("item.snooze", duty, item)
    assert item not in queries.narrowed(duty, {})
    clock.forward(minutes=61)  # type: ignore[attr-defined]
    assert item in queries.narrowed(duty, {})


def test_many_at_once_are_one_undo(duty: User, client: Client) -> None:
    rows = tell([*WATER, *SCHOOL])
    client.force_login(duty)
    keys = [row.key for row in rows]
    answer = client.post("/desk/items/bulk/not-us/", {"ref": keys, "reason": "old", "next": "/desk/stream/"})
    assert answer.status_code == 302
    assert set(Item.objects.filter(key__in=keys).values_list("state", "reason")) == {("not_us", "old")}
    batches = set(Entry.objects.filter(action="item.not_us").values_list("batch", flat=True))
    assert len(batches) == 1
    client.post(f"/desk/undo/{batches.pop()}/")
    assert not Item.objects.filter(key__in=keys, state=ItemState.NOT_US).exists()
    assert Correction.objects.filter(undone_at=None).count() == 0


def test_bulk_names_what_is_refused_and_does_the_rest(duty: User, client: Client) -> None:
    item, story = suggested()
    lonely = tell([ELSEWHERE], start=300)[0]
    client.force_login(duty)
    page = client.post("/desk/items/bulk/join/", {"ref": [item.key, lonely.key], "next": "/desk/stream/"}, follow=True)
    item.refresh_from_db()
    assert item.story_id == story.pk
    assert ELSEWHERE[:20] in page.content.decode()
    assert "No story is suggested" in page.content.decode()


def test_a_row_changed_meanwhile_is_refused_with_409(duty: User, client: Client) -> None:
    item = tell([WATER[0]])[0]
    client.force_login(duty)
    old = item.version
    perform("item.assign", duty, item, {"unit": Unit.objects.get(code="education")})
    answer = client.post(f"/desk/items/{item.key}/not-us/", {**NOT_US, "version": old})
    item.refresh_from_db()
    assert answer.status_code == 409
    assert item.state != ItemState.NOT_US


def test_the_row_leaves_with_a_toast_that_takes_it_back(duty: User, client: Client) -> None:
    item, story = suggested()
    client.force_login(duty)
    answer = client.post(f"/desk/items/{item.key}/join/", {"remove": "1", "version": item.version}, HTTP_HX_REQUEST="true")
    item.refresh_from_db()
    assert answer.status_code == 200
    assert 'id="undo"' in answer.content.decode()
    assert item.story_id == story.pk


def test_a_unit_officer_sees_only_the_units_items_and_changes_none(person: Person, client: Client) -> None:
    water, school = tell([WATER[0], SCHOOL[0]])
    user = officer(person)
    client.force_login(user)
    listed = client.get("/desk/stream/?state=all").content.decode()
    assert water.key in listed
    assert school.key not in listed
    assert [client.get(f"/desk/items/{row.key}/").status_code for row in (water, school)] == [200, 404]
    assert client.post(f"/desk/items/{water.key}/not-us/", NOT_US).status_code == 403
    client.post("/desk/items/bulk/not-us/", {"ref": [school.key], "reason": "old"})
    school.refresh_from_db()
    assert school.state != ItemState.NOT_US
    with pytest.raises(NotAllowed):
        perform("item.tone", user, water)
    assert client.get("/desk/archive/", {"q": "小学"}).context["found"].hits == []
    assert client.get("/desk/stream/newer/?state=all&than=0").context["count"] == 1
    assert "data-bulk" not in listed
    assert "not-us" not in listed


def test_copies_and_parents_of_other_units_stay_hidden(person: Person, client: Client) -> None:
    first = piece(SCHOOL[0])
    intake.store([first])
    answer = piece("县水务局在学校门口修自来水管道，停水通知贴了吗", parent=first.key, minutes=5)
    intake.store([answer])
    Item.objects.filter(key=answer.key).update(unit=Unit.objects.get(code="water"), story=None)
    client.force_login(officer(person))
    page = client.get(f"/desk/items/{answer.key}/")
    assert page.status_code == 200
    assert page.context["parent"] is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", [Role.DUTY, Role.EDITOR, Role.LEADER])
def test_screens_open_full_and_empty_in_both_languages(person: Person, client: Client, role: str, language: str) -> None:
    client.force_login(person(role, language=language))
    at = [
        "/desk/stream/",
        "/desk/stream/?state=all",
        "/desk/stream/?state=open&tone=-1&unit=water&channel=forum&watch=supply&source=forum&since=2026-11-01&until=nonsense",
        "/desk/archive/",
    ]
    assert {client.get(page).status_code for page in at} == {200}
    item, _story = suggested()
    perform("item.tone", person(Role.DUTY), item)
    forms = [f"/desk/items/{item.key}/{verb}/" for verb in ("not-us", "put", "assign", "join", "tone")]
    for page in [*at, f"/desk/items/{item.key}/", *forms]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert " style=" not in answer.content.decode()
    assert client.get(f"/desk/items/{item.key}/", HTTP_HX_REQUEST="true").content.decode().count("<html") == 0


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADS_KEEPER])
def test_others_are_kept_out(person: Person, client: Client, role: str) -> None:
    item = tell([WATER[0]])[0]
    client.force_login(person(role))
    assert {
        client.get(page).status_code
        for page in ("/desk/stream/", "/desk/stream/newer/?than=0", f"/desk/items/{item.key}/", "/desk/archive/?q=水")
    } == {403}
    assert not queries.readable(person(role)).exists()


def test_the_stream_goes_on_by_cursor_without_doubles(duty: User, client: Client) -> None:
    tell([f"锦绣小区自来水第{n}次发黄" for n in range(60)], step=0.5)
    client.force_login(duty)
    first = client.get("/desk/stream/?state=all").context["slice"]
    rest = client.get(f"/desk/stream/?state=all&cursor={first.next_cursor}", HTTP_HX_REQUEST="true").context["slice"]
    keys = [row.key for row in (*first.items, *rest.items)]
    assert (len(first.items), len(rest.items), rest.next_cursor, len(set(keys))) == (50, 10, None, 60)
    assert client.get(f"/desk/stream/newer/?state=all&than={first.newest - 3}").context["count"] == 3


def test_tab_counts_and_facets_open_as_many_rows_as_they_say(duty: User, client: Client) -> None:
    tell([*WATER, *SCHOOL, ELSEWHERE])
    client.force_login(duty)
    page = client.get("/desk/stream/?state=all").context
    for code, count in page["counts"].items():
        assert queries.narrowed(duty, {"state": code}).count() == count, code
    for facet, name in (("channels", "channel"), ("units", "unit"), ("watches", "watch"), ("tones", "tone")):
        for code, _words, count in page["facets"][facet]:
            assert queries.narrowed(duty, {"state": "all", name: str(code)}).count() == count, (name, code)


def test_no_form_stands_inside_another(duty: User, client: Client) -> None:
    from html.parser import HTMLParser

    class Forms(HTMLParser):
        depth = deepest = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.depth += tag == "form"
            self.deepest = max(self.depth, self.deepest)

        def handle_endtag(self, tag: str) -> None:
            self.depth -= tag == "form"

    suggested()
    client.force_login(duty)
    for page in ("/desk/stream/", "/desk/stories/", f"/desk/stories/{Story.objects.latest('id').number}/items/"):
        parser = Forms()
        parser.feed(client.get(page).content.decode())
        assert (parser.depth, parser.deepest) == (0, 1), page


def test_a_reply_concerns_us_where_what_it_answers_does() -> None:
    first = piece(WATER[0])
    intake.store([first])
    reply = piece("我家也是，太气人了", parent=first.key, minutes=3)
    intake.store([reply])
    row = Item.objects.get(key=reply.key)
    assert (row.about_us, row.story_id) == (True, Item.objects.get(key=first.key).story_id)
    assert row.judged["why"][0]["code"] == "about.answers"


@pytest.mark.parametrize(("said", "tone"), [(WATER[2], -1), ("给清河镇锦绣小区送水的师傅点赞，真贴心", 1)])
def test_who_only_agrees_sounds_like_what_it_answers(said: str, tone: int) -> None:
    first = piece(said)
    reply, echo = piece("说得对，支持楼主。", parent=first.key, minutes=3), piece("同问！", minutes=4)
    intake.store([first, reply, echo])
    late = piece("我家也是。", parent=first.key, minutes=5)
    intake.store([late])
    tones = dict(Item.objects.values_list("key", "tone"))
    assert (tones[first.key], tones[reply.key], tones[late.key], tones[echo.key]) == (tone, tone, tone, 0)
    assert Item.objects.get(key=reply.key).judged["sentiment"]["why"][0]["code"] == "tone.echo"


def test_one_bad_item_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = piece("坏" + WATER[0]), piece(SCHOOL[0])
    real = intake.judge_items

    def sometimes(items: list[records.Item], *rest: object) -> object:
        if any(item.key == bad.key for item in items):
            raise RuntimeError("no")
        return real(items, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "judge_items", sometimes)
    intake.store([bad, good])
    assert dict(Item.objects.values_list("key", "state"))[bad.key] == ItemState.ARRIVED
    assert Item.objects.get(key=good.key).judged_at is not None


def test_hostile_bytes_are_stored_as_text(duty: User) -> None:
    item = piece("锦绣小区自来水\0发黄\ud800'\\ || a:*", title="'; drop table stream_item; --\0", reads=10**12)
    intake.store([item])
    row = Item.objects.get(key=item.key)
    assert "\0" not in row.text + row.title
    assert row.reads == 2_147_483_647
    assert queries.search(duty, "自来水").hits[0].item == row
    assert row.collected_at - item.collected_at == timedelta(0)


def test_the_first_of_its_kind_waits_until_its_story_is_seen() -> None:
    first = tell(WATER[:1])[0]
    assert (first.state, first.suggested_story_id) == (ItemState.OPEN, None)
    assert first.story_id is not None
    tell(WATER[1:], start=10)
    scored()
    first.refresh_from_db()
    assert first.state == ItemState.IN_STORY


def test_what_the_machine_is_unsure_of_waits_with_its_guess_until_a_person_says(duty: User) -> None:
    for confidence, new, asks in ((0.79, False, True), (0.8, False, False), (1.0, True, True)):
        assert grouping.Placed(1, confidence, new=new).asks is asks, (confidence, new)
    item, story = suggested()
    Item.objects.filter(pk=item.pk).update(story=story, story_confidence=0.7)
    scored()
    item.refresh_from_db()
    assert item.state == ItemState.OPEN, "a story that is seen keeps what it may not own"
    perform("item.join", duty, item)
    assert (item.story_id, item.state, item.story_confidence) == (story.pk, ItemState.IN_STORY, 1.0)


def test_new_story_keeps_the_one_that_the_machine_made_and_undo_leaves_it(duty: User) -> None:
    item = tell(WATER[:1])[0]
    entry = perform("item.found_story", duty, item)
    assert (Story.objects.count(), item.state, item.story_id) == (1, ItemState.IN_STORY, entry.before["story"])
    undo(duty, entry.batch)
    scored()
    item.refresh_from_db()
    assert (item.state, Story.objects.get().item_count) == (ItemState.OPEN, 1)


def test_a_full_stream_is_sent_within_the_budget_of_a_page(duty: User, client: Client) -> None:
    """60 kB a page on the line; and no length that a token could be guessed from."""
    texts = [f"清河镇第{place}号井盖松了，车一过就响，{place}天了没有人来修，请县水务局看看" for place in range(70)]
    tell(texts)
    Item.objects.update(state=ItemState.OPEN, story=None, about_us=True)
    client.force_login(duty)
    plain, packed = client.get("/desk/stream/"), [client.get("/desk/stream/", headers={"Accept-Encoding": "gzip"}) for _ in range(8)]
    assert len(plain.content) > 100_000
    assert {answer["Content-Encoding"] for answer in packed} == {"gzip"}
    assert "Accept-Encoding" in packed[0]["Vary"]
    assert max(len(answer.content) for answer in packed) < 60_000
    assert len({len(answer.content) for answer in packed}) > 1
