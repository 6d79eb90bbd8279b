"""How well do we judge: figures with their rows, corrections with their way back, who may look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from groundswell.desk.accounts.models import Role, SlangWord, Unit, User
from groundswell.desk.judgement import queries
from groundswell.desk.judgement.cards import cards
from groundswell.desk.spine.actions import Refused, perform, undo
from groundswell.desk.stories.models import GroupingHand, KeptForecast, Story
from groundswell.desk.stream import learnt
from groundswell.desk.stream.models import Correction, Item
from groundswell.engine.pipeline import Models
from tests.desk.county import ELSEWHERE, NOW, SCHOOL, lay, scored, tell, water_story

Person = Callable[..., User]


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()
    learnt.forget()


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓", name_en="Lin Xiao")


@pytest.fixture
def told(duty: User) -> Story:
    """Four items of a story, one about a school; a person sorted two and put three things right."""
    story = water_story()
    first, second = story.items.order_by("id")[:2]
    perform("item.assign", duty, first, {"unit": Unit.objects.get(code="education")})
    perform("item.not_us", duty, second, {"reason": "same_name"})
    perform("story.set_level", duty, story, {"level": 2, "reason": "many ask"})
    tell(SCHOOL, start=60)
    scored()
    return story


def month_of(kind: str) -> queries.Figures:
    return queries.by_month(queries.months(1))[kind][0]


def test_figures_speak_of_what_people_looked_at(told: Story) -> None:
    assert (month_of("unit").looked, month_of("unit").corrected, month_of("unit").right) == (2, 1, 50)
    assert (month_of("about_us").corrected, month_of("about_us").right) == (1, 50)
    assert (month_of("tone").looked, month_of("tone").corrected, month_of("tone").right) == (2, 0, 100)
    assert (month_of("level").looked, month_of("level").corrected, month_of("level").right) == (1, 1, 0)


def test_nothing_looked_at_is_no_figure() -> None:
    assert month_of("level").right is None


@pytest.mark.parametrize("kind", ["about_us", "tone", "unit", "story", "level", "story_unit"])
def test_every_figure_opens_as_many_rows(told: Story, kind: str) -> None:
    month = queries.months(1)[0]
    figures, judged = month_of(kind), queries.judged_in(month)
    assert queries.rows_of(kind, month, "looked").count() == figures.looked
    assert queries.rows_of(kind, month, "corrected").count() == figures.corrected
    of = "stories" if kind in ("level", "story_unit") else "placed" if kind == "story" else "items"
    assert queries.rows_of(kind, month, "judged").count() == judged[of]


def test_a_first_story_for_an_item_puts_nothing_right(duty: User) -> None:
    (item,) = tell([ELSEWHERE])
    perform("item.about_us", duty, item)
    perform("item.found_story", duty, item)
    assert month_of("story").corrected == 0


def test_the_commonest_mistakes(told: Story) -> None:
    found = {(each.field, each.was, each.became): each.count for each in queries.mistakes(queries.months(1)[0])}
    assert found["about_us", "yes", "no"] == 1
    assert found["unit", "water", "education"] == 1


def test_a_correction_is_revoked_and_learnt_again(told: Story, duty: User) -> None:
    known = learnt.current_models().version
    correction = Correction.objects.get(field="unit")
    entry = perform("correction.revoke", duty, correction)
    assert learnt.current_models().version != known
    assert month_of("unit").corrected == 0
    with pytest.raises(Refused):
        perform("correction.revoke", duty, correction)
    undo(duty, entry.batch)
    assert learnt.current_models().version == known


def test_all_revoked_the_models_are_those_that_ship(told: Story, duty: User) -> None:
    for correction in Correction.objects.all():
        perform("correction.revoke", duty, correction)
    assert learnt.current_models() is Models.default()


def test_a_revoked_pin_no_longer_binds_the_grouping(told: Story, duty: User) -> None:
    item = Item.objects.filter(story__isnull=False).exclude(story=told).first()
    assert item is not None
    perform("item.put", duty, item, {"into": told})
    entry = perform("correction.revoke", duty, Correction.objects.get(field="story"))
    assert not GroupingHand.objects.filter(undone_at=None).exists()
    undo(duty, entry.batch)
    assert GroupingHand.objects.filter(undone_at=None).count() == 1


def test_watches_by_what_people_sorted(told: Story) -> None:
    (record,) = [record for record in queries.watch_records() if record.watch.slug == "supply"]
    assert (record.ours, record.not_us, record.precision) == (0, 1, 0)


def test_the_page_in_both_languages(told: Story, duty: User, client: Client) -> None:
    client.force_login(duty)
    for language, words in (("en", "How well do we judge?"), ("zh-hans", "研判得怎么样")):
        duty.language = language
        duty.save()
        answer = client.get("/desk/judgement/", headers={"accept-language": language})
        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert "/desk/judgement/rows/unit/corrected/?month=" in answer.content.decode()
    assert client.get("/desk/judgement/rows/unit/looked/").status_code == 200
    assert client.get("/desk/judgement/?kind=unit&was=water&became=education").context["page"].paginator.count == 1
    assert client.get("/desk/judgement/?month=2020-01").status_code == 200
    assert client.get("/desk/judgement/rows/unit/nonsense/").status_code == 404
    revoked = client.post(f"/desk/judgement/corrections/{Correction.objects.get(field='unit').pk}/revoke/")
    assert revoked.status_code == 302
    assert client.get(revoked["Location"], follow=True).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("editor", 200), ("leader", 200), ("administrator", 200), ("unit_officer", 403), ("auditor", 403)]
)
def test_who_may_look(told: Story, person: Person, client: Client, role: str, status: int) -> None:
    client.force_login(person(role))
    assert client.get("/desk/judgement/").status_code == status


def test_the_administrator_sees_figures_but_no_item(told: Story, person: Person, client: Client) -> None:
    client.force_login(person("administrator"))
    assert told.title not in client.get("/desk/judgement/").content.decode()
    assert client.get("/desk/judgement/rows/unit/looked/").status_code == 404


def test_cards_of_models(duty: User, client: Client) -> None:
    assert {"tone", "body"} <= {card.code for card in cards()}
    client.force_login(duty)
    assert client.get("/desk/judgement/models/tone/").status_code == 200
    assert client.get("/desk/judgement/models/none/").status_code == 404


def test_forecasts_beside_what_came(told: Story, duty: User, client: Client) -> None:
    KeptForecast.objects.create(
        story=told, made_at=NOW, due_at=NOW + timedelta(hours=3), expected=6.0, low80=2.0, high80=9.0, unchanged=12.0, came=5
    )
    client.force_login(duty)
    page = client.get("/desk/judgement/")
    assert (page.context["forecasts"][0]["error"], page.context["forecasts"][0]["cover"]) == (20, 100)
    assert list(client.get("/desk/judgement/forecasts/?month=2026-11").context["rows"]) == [told.kept_forecasts.get()]
    assert not client.get("/desk/judgement/forecasts/?month=2026-10").context["rows"]


def test_items_of_a_story_are_put_right_by_one_key_where_they_stand(told: Story, duty: User, client: Client) -> None:
    client.force_login(duty)
    page = client.get(f"/desk/stories/{told.number}/items/").content.decode()
    for slug, key in (("tone", "s"), ("assign", "a"), ("put", "m"), ("found-story", "2"), ("not-us", "3")):
        assert f"/{slug}/" in page
        assert f'data-key="{key}"' in page
    page = client.get(f"/desk/stories/{told.number}/").content.decode()
    for slug, key in (("set-level", "l"), ("assign", "a"), ("not-us", "0")):
        assert f"/desk/stories/{told.number}/{slug}/" in page
        assert f'data-key="{key}"' in page


def test_new_words_that_the_program_proposed(person: Person, client: Client) -> None:
    for word, state, seen in (("云搬家", "accepted", NOW.date()), ("绷住", "refused", NOW.date()), ("给力", "accepted", None)):
        SlangWord.objects.create(word=word, state=state, first_seen=seen)
    assert queries.word_record() == queries.WordRecord(0, 1, 1)
    assert queries.word_record().right == 50
    client.force_login(person("administrator"))
    assert "/desk/units/words/?state=refused" in client.get("/desk/judgement/").content.decode()
