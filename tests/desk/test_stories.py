"""Stories: made and joined by the intake, scored, levelled by people, merged and parted, read by those who may."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from groundswell.desk.accounts.models import Role, Unit, User
from groundswell.desk.audit.models import Record
from groundswell.desk.audit.queries import payload_in_words
from groundswell.desk.audit.words import act_sentence
from groundswell.desk.spine.actions import Changed, NotAllowed, Refused, perform, undo
from groundswell.desk.spine.models import Entry, Notice
from groundswell.desk.spine.palette import find
from groundswell.desk.spine.timeline import sentence_of
from groundswell.desk.stories import actions, grouping, queries, scoring
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream import intake
from groundswell.desk.stream.models import Correction, Item
from tests.desk.county import ELSEWHERE, SCHOOL, WATER, lay, officer, piece, scored, tell, water_story

Person = Callable[..., User]
READERS = (Role.DUTY, Role.EDITOR, Role.LEADER)
STRANGERS = (Role.LEADS_KEEPER, Role.AUDITOR, Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


# ---- intake


def test_the_same_items_twice_change_nothing() -> None:
    items = [piece(text, minutes=place) for place, text in enumerate((*WATER, *SCHOOL, ELSEWHERE))]
    first = intake.store(items)
    before = (Item.objects.count(), Story.objects.count(), list(Item.objects.order_by("id").values_list("key", "story_id", "state")))
    grouping.forget()
    again = intake.store([*items, *items])
    assert (len(first.new), first.known) == (7, 0)
    assert (again.new, again.changed, again.known) == ((), (), 7)
    assert before == (
        Item.objects.count(),
        Story.objects.count(),
        list(Item.objects.order_by("id").values_list("key", "story_id", "state")),
    )


def test_a_crash_at_the_end_leaves_nothing_and_the_next_try_all(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [piece(text, minutes=place) for place, text in enumerate(WATER)]

    class Crash(BaseException):
        pass

    def crash(*_args: object) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(grouping.Groups, "save", crash)
        with pytest.raises(Crash):
            intake.store(items)
    assert (Item.objects.count(), Story.objects.count()) == (0, 0)
    intake.store(items)
    assert (Item.objects.count(), Story.objects.count()) == (4, 1)


def test_known_items_bring_their_counts_and_texts_up_to_date() -> None:
    first = piece(WATER[0], reads=10)
    intake.store([first])
    changed = intake.store([piece(WATER[1], key=first.key, reads=900, voice=first.voice)])
    row = Item.objects.get(key=first.key)
    assert (changed.changed, row.reads, row.text, row.versions.get().text) == ((first.key,), 900, WATER[1], WATER[0])


def test_an_item_of_an_unknown_source_is_refused_whole() -> None:
    with pytest.raises(LookupError, match="nowhere"):
        intake.store([piece(WATER[0]), piece(WATER[1], source="nowhere")])
    assert not Item.objects.exists()


def test_one_event_is_one_story_and_another_event_another() -> None:
    story, other = water_story(), tell(SCHOOL, start=60)
    scored()
    assert {row.story_id for row in other} != {story.pk}
    assert story.item_count == 4
    assert tell([ELSEWHERE])[0].story_id is None


# ---- scoring


def test_scoring_fills_what_the_page_shows() -> None:
    story = water_story()
    assert story.unit is not None
    assert (story.unit.code, story.item_count, story.negative + story.neutral + story.positive, story.dirty_since) == ("water", 4, 4, None)
    assert story.digest
    assert {part["item"] for part in story.digest} <= set(story.items.values_list("pk", flat=True))
    assert dict(story.places)["jinxiu"] == 4
    assert story.level_factors
    assert sum(story.series) == 4


def test_a_level_set_by_a_person_stays_when_the_program_scores_anew(person: Person) -> None:
    duty, story = person(Role.DUTY), water_story()
    perform("story.set_level", duty, story, {"level": 2, "reason": "涉及饮水安全"})
    tell([WATER[1]], start=40)
    scored()
    story.refresh_from_db()
    assert (story.level, story.level_by_hand, story.item_count) == (2, True, 5)
    taught = Correction.objects.get(story=story, field="level")
    assert (taught.became, taught.reason) == ("II", "涉及饮水安全")


def test_the_program_never_gives_level_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    real = scoring.score_story

    def extreme(*args: Any) -> Any:
        found = real(*args)
        return msgspec.structs.replace(found, level=msgspec.structs.replace(found.level, value=1))

    monkeypatch.setattr(scoring, "score_story", extreme)
    story = water_story()
    assert (story.suggested_level, story.level) == (1, 2)


def test_level_one_is_proposed_by_the_duty_officer_and_decided_by_a_leader(person: Person, client: Client) -> None:
    duty, leader, story = person(Role.DUTY), person(Role.LEADER), water_story()
    level = story.level
    with pytest.raises(Refused):
        perform("story.set_level", duty, story, {"level": 1, "reason": "x"})
    client.force_login(duty)
    answer = client.post(f"/desk/stories/{story.number}/set-level/", {"level": "1", "reason": "多小区停水", "version": story.version})
    story.refresh_from_db()
    notice = Notice.objects.get(kind="level_one", subject_id=story.pk, closed_at=None)
    assert (answer.status_code, story.level, notice.data["reason"]) == (302, level, "多小区停水")
    assert "多小区停水" in client.get(f"/desk/stories/{story.number}/").content.decode()
    client.force_login(leader)
    assert "Level I proposed" in client.get("/desk/").content.decode()
    client.post(f"/desk/stories/{story.number}/set-level/", {"level": "1", "reason": "同意"})
    story.refresh_from_db()
    notice.refresh_from_db()
    assert (story.level, story.level_by_hand, notice.closed_at is not None) == (1, True, True)
    assert Record.objects.filter(act="story.set_level").exists()


def test_a_proposal_can_be_taken_back(person: Person) -> None:
    duty, story = person(Role.DUTY), water_story()
    entry = perform("story.propose_level_one", duty, story, {"reason": "x"})
    undo(duty, entry.batch)
    assert not Notice.objects.filter(kind="level_one", closed_at=None).exists()


# ---- merge and part


def test_a_merged_story_takes_its_items_and_all_that_would_have_come_to_it(person: Person) -> None:
    duty, water = person(Role.DUTY), water_story()
    school = Story.objects.get(pk=tell(SCHOOL, start=60)[0].story_id)
    scored()
    perform("story.merge", duty, water, {"into": school})
    grouping.forget()
    late = tell([WATER[1] + "！"], start=90)[0]
    scored()
    school.refresh_from_db()
    assert (late.story_id, school.item_count) == (school.pk, 7)
    grouping.forget()
    assert tell([WATER[2] + "！"], start=95)[0].story_id == school.pk
    assert not queries.readable(duty).filter(pk=water.pk).exists()


def test_an_undone_merge_parts_the_two_for_good(person: Person) -> None:
    duty, water = person(Role.DUTY), water_story()
    school = Story.objects.get(pk=tell(SCHOOL, start=60)[0].story_id)
    entry = perform("story.merge", duty, water, {"into": school})
    during = tell([SCHOOL[1] + "？"], start=70)[0]
    assert during.story_id == school.pk
    undo(duty, entry.batch)
    scored()
    water.refresh_from_db()
    school.refresh_from_db()
    assert (water.merged_into, water.item_count, school.item_count) == (None, 4, 3)
    grouping.forget()
    assert tell([WATER[1] + "！"], start=81)[0].story_id == water.pk
    assert tell([SCHOOL[0] + "！"], start=82)[0].story_id == school.pk


def test_a_merge_cannot_be_undone_once_the_other_went_on(person: Person) -> None:
    duty, water = person(Role.DUTY), water_story()
    school = Story.objects.get(pk=tell(SCHOOL, start=60)[0].story_id)
    third = Story.objects.get(pk=tell(["县水务局招聘抄表员，报名到月底截止"], start=200)[0].story_id)
    entry = perform("story.merge", duty, water, {"into": school})
    perform("story.merge", duty, school, {"into": third})
    with pytest.raises(Refused):
        undo(duty, entry.batch)
    assert third.items.count() == 7


def test_a_story_is_not_merged_into_itself_or_twice(person: Person) -> None:
    duty, water = person(Role.DUTY), water_story()
    school = Story.objects.get(pk=tell(SCHOOL, start=60)[0].story_id)
    with pytest.raises(Refused):
        perform("story.merge", duty, water, {"into": water})
    perform("story.merge", duty, water, {"into": school})
    with pytest.raises(Refused):
        perform("story.merge", duty, water, {"into": school})


@pytest.mark.parametrize("parted", [1, 2])
def test_parted_items_have_a_story_of_their_own_that_the_grouping_respects(person: Person, parted: int) -> None:
    duty, story = person(Role.DUTY), water_story()
    keys = list(story.items.order_by("id").values_list("key", flat=True)[:parted])
    perform("story.split", duty, story, {"keys": ",".join(keys), "title": "只是传言"})
    scored()
    made = Story.objects.get(title="只是传言")
    story.refresh_from_db()
    assert (made.item_count, story.item_count) == (parted, 4 - parted)
    grouping.forget()
    intake.store([piece(WATER[3] + "，锦绣小区", minutes=50)])
    scored()
    assert set(made.items.values_list("key", flat=True)) >= set(keys)
    assert not story.items.filter(key__in=keys).exists()


def test_nothing_and_everything_cannot_be_parted(person: Person) -> None:
    duty, story = person(Role.DUTY), water_story()
    for keys in ("", ",".join(story.items.values_list("key", flat=True)), "0" * 32):
        with pytest.raises(Refused):
            perform("story.split", duty, story, {"keys": keys, "title": ""})


# ---- states


def test_taking_up_following_closing_and_what_comes_back(person: Person, clock: Any) -> None:
    duty, story = person(Role.DUTY), water_story()
    perform("story.take_up", duty, story)
    perform("story.follow", duty, story, {"days": 3})
    clock.forward(days=3, minutes=1)
    assert actions.wake_followed(clock.now) == 1
    story.refresh_from_db()
    perform("story.close", duty, story, {"reason": "已恢复供水"})
    late = tell(WATER[:3], start=60 * 24 * 3 + 60 * 4)
    Item.objects.filter(pk__in=[row.pk for row in late]).update(story=story)
    Story.objects.filter(pk=story.pk).update(dirty_since=clock.forward(hours=3))
    scored()
    story.refresh_from_db()
    assert story.state == State.REOPENED
    assert Entry.objects.filter(action="system.story_reopened", subject_id=story.pk).exists()


def test_undo_puts_back_and_is_refused_after_another_change(person: Person) -> None:
    duty, story = person(Role.DUTY), water_story()
    first = perform("story.take_up", duty, story)
    undo(duty, first.batch)
    story.refresh_from_db()
    assert story.state == State.NEW
    second = perform("story.assign", duty, story, {"unit": Unit.objects.get(code="education")})
    perform("story.assign", duty, story, {"unit": Unit.objects.get(code="water")})
    with pytest.raises(Changed):
        undo(duty, second.batch)


def test_a_change_on_an_old_version_is_answered_409_with_the_form(person: Person, client: Client) -> None:
    duty, story = person(Role.DUTY), water_story()
    client.force_login(duty)
    old = story.version
    perform("story.assign", duty, story, {"unit": Unit.objects.get(code="education")})
    answer = client.post(f"/desk/stories/{story.number}/set-level/", {"level": "3", "reason": "x", "version": old})
    story.refresh_from_db()
    assert answer.status_code == 409
    assert "meantime" in answer.content.decode()
    assert not story.level_by_hand


# ---- who reads what


def pages(story: Story) -> list[str]:
    at = f"/desk/stories/{story.number}/"
    return [
        "/desk/stories/",
        "/desk/stories/?state=all&sort=count",
        "/desk/stories/?state=rising",
        at,
        f"{at}items/",
        f"{at}items/?tone=-1",
        f"{at}forecast/",
        f"{at}forecast/?format=json",
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", READERS)
def test_pages_open_for_those_who_may_in_both_languages(person: Person, client: Client, role: str, language: str) -> None:
    user, story = person(role, language=language), water_story()
    perform("story.take_up", person(Role.DUTY), story)
    client.force_login(user)
    for page in [
        *pages(story),
        *(f"/desk/stories/{story.number}/{verb}/" for verb in ("set-level", "assign", "edit", "merge", "close", "follow")),
    ]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert " style=" not in answer.content.decode()


@pytest.mark.parametrize("role", STRANGERS)
def test_pages_are_closed_to_others(person: Person, client: Client, role: str) -> None:
    story = water_story()
    client.force_login(person(role))
    assert {client.get(page).status_code for page in pages(story)} == {403}
    assert not [hit for hit in find(person(role), "自来水") if "/stories/" in hit.url]


def test_a_unit_officer_sees_the_own_units_stories_only(person: Person, client: Client) -> None:
    water = water_story()
    school = Story.objects.get(pk=tell(SCHOOL, start=60)[0].story_id)
    scored()
    user = officer(person)
    client.force_login(user)
    listed = client.get("/desk/stories/?state=all").content.decode()
    assert water.number in listed
    assert school.number not in listed
    assert [client.get(page).status_code for page in (pages(water)[3], pages(school)[3], f"/desk/stories/{school.number}/items/")] == [
        200,
        404,
        404,
    ]
    assert client.get(f"/desk/stories/{water.number}/take-up/").status_code == 403
    assert [hit.words for hit in find(user, "ST-2026") if hit.url.startswith("/desk/stories/ST")] == [Story.objects.get(pk=water.pk).title]
    with pytest.raises(NotAllowed):
        perform("story.take_up", user, water)
    for item in water.items.all():
        assert client.get(f"/desk/items/{item.key}/").status_code == 200


def test_a_unit_officer_without_a_unit_sees_nothing(person: Person, client: Client) -> None:
    water = water_story()
    client.force_login(person("unit_officer"))
    assert client.get(f"/desk/stories/{water.number}/").status_code == 404


def test_the_address_of_a_merged_story_leads_on(person: Person, client: Client) -> None:
    duty, water = person(Role.DUTY), water_story()
    school = Story.objects.get(pk=tell(SCHOOL, start=60)[0].story_id)
    scored()
    perform("story.merge", duty, water, {"into": school})
    client.force_login(duty)
    assert client.get(f"/desk/stories/{water.number}/").headers["Location"] == f"/desk/stories/{school.number}/"


def test_markup_in_titles_and_texts_is_shown_not_run(person: Person, client: Client) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    intake.store([piece(f"{text}{evil}", title=f"{evil}锦绣小区自来水发黄{place}", minutes=place) for place, text in enumerate(WATER)])
    scored()
    story = Story.objects.order_by("-item_count")[0]
    client.force_login(person(Role.DUTY))
    for page in (*pages(story), "/desk/", "/desk/stream/?state=all", "/desk/archive/?q=自来水"):
        shown = client.get(page).content.decode()
        assert "<script>alert" not in shown, page
        assert "<img src=x" not in shown, page


def test_every_figure_opens_as_many_rows_as_it_says(person: Person, client: Client) -> None:
    story = water_story()
    client.force_login(person(Role.DUTY))
    for tone, count in (("-1", story.negative), ("0", story.neutral), ("1", story.positive)):
        page = client.get(f"/desk/stories/{story.number}/items/?tone={tone}")
        assert page.context["page"].paginator.count == count
    rows = client.get(f"/desk/stories/{story.number}/forecast/?format=json").json()["rows"]
    assert sum(row["count"] or 0 for row in rows) == story.item_count
    for tab in client.get("/desk/stories/").context["state_tabs"]:
        assert client.get(f"/desk/stories/?state={tab.code}").context["page"].paginator.count == tab.count


def test_the_list_goes_out_as_csv_and_xlsx_without_formulas(person: Person, client: Client) -> None:
    story = water_story()
    Story.objects.filter(pk=story.pk).update(title='=HYPERLINK("http://x","点我")', title_by_hand=True)
    client.force_login(person(Role.DUTY, language="zh-hans"))
    text = client.get("/desk/stories/?state=all&format=csv")
    assert text["Content-Type"].startswith("text/csv")
    assert "attachment" in text["Content-Disposition"]
    lines = text.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("编号,标题")
    assert story.number in lines[1]
    assert "'=HYPERLINK" in lines[1]
    sheet = load_workbook(BytesIO(client.get("/desk/stories/?state=all&format=xlsx").content)).active
    assert sheet.max_row == 2
    assert sheet["B2"].value.startswith("'=")
    assert sheet["B2"].data_type == "s"


def test_an_act_names_the_unit_in_the_readers_language(person: Person) -> None:
    duty, story = person(Role.DUTY), water_story()
    perform("story.assign", duty, story, {"unit": Unit.objects.get(code="education")})
    entry = Entry.objects.get(action="story.assign")
    record = Record.objects.get(act="story.assign")
    for language, wanted in (("en", "Education Bureau"), ("zh-hans", "县教育局")):
        with translation.override(language):
            assert wanted in sentence_of(entry)
            assert wanted in act_sentence(record.act, record.payload)
            assert [change.after for change in payload_in_words(record) if change.before is None].count(wanted) == 1
