"""What the body says: from the clue to the public page through different people's hands, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.audit.models import Record
from groundswell.desk.cases.models import Case
from groundswell.desk.releases import checks, meanwhile
from groundswell.desk.releases.grounds import grounds
from groundswell.desk.releases.models import Check, PublicAct, Release, Stage, Version
from groundswell.desk.spine.actions import NotAllowed, Refused, found, perform, possible
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stories.models import Story
from tests.conftest import Clock
from tests.desk.county import NOW, WATER, lay, scored, tell, water_story

Person = Callable[..., User]
TEXT: dict[str, Any] = {
    "title": "清河镇自来水发黄系冲洗管网所致",
    "summary": "水发黄由抢修后冲洗管网引起，检测合格，今晚八点恢复。",
    "text": "凌晨主管抢修后冲洗管网，铁锈随水流出。\n县疾控中心取样检测，各项合格。",
    "sources": [{"words": "县疾控中心检测报告", "address": "https://cdc.example/report"}],
    "signed": "县水务局",
}


@pytest.fixture(autouse=True)
def _county(desk: None) -> Iterator[None]:
    lay()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓", name_en="Lin Xiao")


@pytest.fixture
def editor(person: Person) -> User:
    return person(Role.EDITOR, name="李敏")


@pytest.fixture
def second(person: Person) -> User:
    return person(Role.DUTY, name="韩梅")


@pytest.fixture
def leader(person: Person) -> User:
    return person(Role.LEADER, name="刘明")


@pytest.fixture
def team(duty: User, editor: User, second: User, leader: User) -> tuple[User, User, User, User]:
    return duty, editor, second, leader


def clue(by: User, kind: str = "statement", **on: Any) -> Release:
    made: Release = found("release.clue", by, {"kind": kind, "clue": "群众问水能不能喝"} | on)
    return made


def approved(team: tuple[User, User, User, User], row: Release, **said: Any) -> Release:
    duty, editor, second, leader = team
    perform("release.write", duty, row, TEXT | said)
    perform("release.submit", duty, row)
    perform("release.pass_review", editor, row)
    perform("release.secrecy", second, row, {"ground": "clear"})
    perform("release.approve", leader, row)
    return row


def published(team: tuple[User, User, User, User], **said: Any) -> Release:
    row = approved(team, clue(team[0], **{"kind": said.pop("kind")} if "kind" in said else {}), **said)
    perform("release.publish", team[0], row)
    return row


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# ---------------------------------------------------------------- the way


def test_from_the_clue_to_the_public_page_by_four_people(team: tuple[User, User, User, User], client: Client) -> None:
    duty, editor, second, leader = team
    story = water_story()
    row = clue(duty, story=story)
    assert (row.number, row.state) == ("FB-2026-0001", Stage.CLUE)
    assert [entry.kind_words for entry in waiting(duty, NOW)[0] if entry.kind == "release"] == ["Clue"]
    perform("release.write", duty, row, TEXT)
    perform("release.submit", duty, row)
    for who, what, words, values in (
        (editor, "pass_review", "To be reviewed", {}),
        (second, "secrecy", "Secrecy review", {"ground": "clear"}),
        (leader, "approve", "To approve", {"note": "同意"}),
    ):
        assert [entry.kind_words for entry in waiting(who, NOW)[0] if entry.kind == "release"] == [words]
        assert words not in [entry.kind_words for entry in waiting(duty, NOW)[0]]
        assert Client().get(f"/releases/{row.number}/").status_code == 404
        perform(f"release.{what}", who, row, values)
    client.force_login(duty)
    assert TEXT["title"] in client.get(f"{row.get_absolute_url()}publish/").content.decode()
    assert client.post(f"{row.get_absolute_url()}publish/").status_code == 302
    row.refresh_from_db()
    assert row.state == Stage.PUBLISHED
    shown = page("/releases/FB-2026-0001/")
    for words in (TEXT["title"], "铁锈随水流出", "县疾控中心检测报告", "https://cdc.example/report", "县水务局"):
        assert words in shown
    for name in ("林晓", "李敏", "韩梅", "刘明", "Lin Xiao"):
        assert name not in shown
    assert "<script" not in shown
    told = Entry.objects.get(subject_type="story", subject_id=story.pk, action="system.release_public")
    assert told.data["number"] == row.number
    assert [check.kind for check in Check.objects.order_by("id")] == ["review", "secrecy", "approval"]
    acts = set(Record.objects.filter(subject=f"release:{row.pk}").values_list("act", flat=True))
    assert acts >= {"release.write", "release.secrecy", "release.approve", "release.publish"}


def test_who_writes_never_reviews_and_the_secrecy_review_is_a_second_persons(person: Person, leader: User) -> None:
    every = person(Role.DUTY, Role.EDITOR, Role.LEADER, name="周建国")
    other = person(Role.DUTY, Role.EDITOR, name="吴昊")
    row = clue(every)
    perform("release.write", every, row, TEXT)
    perform("release.submit", every, row)
    with pytest.raises(Refused, match="another person"):
        perform("release.pass_review", every, row)
    perform("release.pass_review", other, row)
    for who in (every, other):
        with pytest.raises(Refused):
            perform("release.secrecy", who, row, {"ground": "clear"})
    perform("release.secrecy", leader, row, {"ground": "clear"})
    with pytest.raises(Refused, match="another person"):
        perform("release.approve", every, row)
    perform("release.approve", leader, row)
    assert row.state == Stage.APPROVED


def test_who_has_no_right_does_nothing(duty: User, editor: User, person: Person, client: Client) -> None:
    row = clue(duty)
    perform("release.write", duty, row, TEXT)
    for role in (Role.UNIT_OFFICER, Role.LEADS_KEEPER, Role.AUDITOR):
        stranger = person(role)
        assert possible(stranger, row) == []
        client.force_login(stranger)
        for path in ("", "new/", f"{row.number}/", "spokespeople/", "corrections/", "ledgers/press/"):
            assert client.get(f"/desk/releases/{path}").status_code in (403, 404), path
    perform("release.submit", duty, row)
    with pytest.raises(NotAllowed):
        perform("release.pass_review", duty, row)
    perform("release.pass_review", editor, row)
    with pytest.raises(NotAllowed):
        perform("release.approve", editor, row)


# ---------------------------------------------------------------- the secrecy review, also in the database


@pytest.mark.parametrize("code", [code for code, row in grounds().items() if row.result == "back"])
def test_a_ground_against_it_sends_it_back_and_that_text_never_goes_on(team: tuple[User, User, User, User], code: str) -> None:
    duty, editor, second, _leader = team
    row = clue(duty)
    perform("release.write", duty, row, TEXT)
    perform("release.submit", duty, row)
    perform("release.pass_review", editor, row)
    perform("release.secrecy", second, row, {"ground": code, "note": "请核"})
    assert row.state == Stage.DRAFT
    with pytest.raises(Refused, match="write a new one"):
        perform("release.submit", duty, row)
    assert any(entry.kind_words == "Sent back" for entry in waiting(duty, NOW)[0])
    check = Check.objects.get(kind="secrecy")
    assert (check.ground, check.result, check.note) == (code, "back", "请核")


def test_a_doubt_is_put_to_the_organ_in_charge_and_waits(team: tuple[User, User, User, User]) -> None:
    duty, editor, second, _leader = team
    row = clue(duty)
    perform("release.write", duty, row, TEXT)
    perform("release.submit", duty, row)
    perform("release.pass_review", editor, row)
    perform("release.secrecy", second, row, {"ground": "unsure"})
    assert row.state == Stage.SECRECY
    perform("release.secrecy", second, row, {"ground": "clear"})
    assert row.state == Stage.APPROVAL


def forced(row: Release, **values: Any) -> None:
    """Straight into the table, past every action."""
    with transaction.atomic():
        Release.objects.filter(pk=row.pk).update(**values)


def test_the_database_publishes_nothing_without_its_reviews(team: tuple[User, User, User, User]) -> None:
    duty, editor, second, leader = team
    row = clue(duty)
    perform("release.write", duty, row, TEXT)
    text = row.current
    assert text is not None
    for values in ({"state": "published"}, {"state": "approved"}, {"public": text}, {"state": "published", "public": text}):
        with pytest.raises(IntegrityError):
            forced(row, **values)
    for state in ("review", "secrecy", "approval", "approved"):  # step by step, as the moves allow
        forced(row, state=state)
    for kind, by in (("review", editor), ("approval", leader)):
        Check.objects.create(at_version=text, kind=kind, result="pass", by=by, at=NOW)
    with pytest.raises(IntegrityError, match="without its secrecy"):
        forced(row, state="published", public=text)
    Check.objects.create(at_version=text, kind="secrecy", result="ask", ground="unsure", by=second, at=NOW)
    with pytest.raises(IntegrityError, match="without its secrecy"):
        forced(row, state="published", public=text)
    Check.objects.create(at_version=text, kind="secrecy", result="pass", ground="clear", by=second, at=NOW)
    forced(row, state="published", public=text)


def test_the_database_keeps_what_was_written_and_reviewed(team: tuple[User, User, User, User]) -> None:
    duty, editor, _second, _leader = team
    row = published(team)
    text = row.current
    assert text is not None
    statements: list[Callable[[], object]] = [
        lambda: Version.objects.filter(pk=text.pk).update(text="换掉"),
        lambda: Check.objects.filter(at_version=text).update(ground="third_party"),
        lambda: Check.objects.filter(at_version=text).delete(),
        lambda: PublicAct.objects.filter(release=row).update(why="改"),
        lambda: Check.objects.create(at_version=text, kind="review", result="pass", by=duty, at=NOW),  # the writer
        lambda: Check.objects.create(at_version=text, kind="secrecy", result="pass", ground="clear", by=editor, at=NOW),  # the reviewer
        lambda: Check.objects.create(at_version=text, kind="secrecy", result="pass", by=duty, at=NOW),  # without a ground
        lambda: Version.objects.create(release=row, n=9, title="不实", text="x", verdict="false", by=duty, at=NOW),  # without a source
        lambda: Release.objects.filter(pk=row.pk).update(public=None),
        lambda: Release.objects.filter(pk=row.pk).update(state="void"),
        lambda: Release.objects.filter(pk=row.pk).update(state="withdrawn"),  # without a reason
    ]
    for n, statement in enumerate(statements):
        with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012
            statement()
            pytest.fail(f"statement {n} was taken")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from releases_check")
        assert cursor.fetchone() == (3,)


# ---------------------------------------------------------------- checks, embargo, what came meanwhile


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"signed": ""}, "no_signature"),
        ({"sources": []}, "no_source"),
        ({"text": "请联系居民13812345678了解"}, "private_data"),
        ({"text": "锦绣小区3栋2单元501室居民反映水黄"}, "private_data"),
        ({"text": "据村民王建军介绍，水已经清了。"}, "private_name"),
        ({"text": "秘密★10年\n关于抢修的情况"}, "secret"),
    ],
)
def test_a_text_with_a_fault_is_not_sent_on(duty: User, said: dict[str, Any], code: str) -> None:
    row = clue(duty)
    perform("release.write", duty, row, TEXT | said)
    assert row.current is not None
    assert code in [each.code for each in checks.errors(checks.of_text(row.current, row))]
    with pytest.raises(Refused):
        perform("release.submit", duty, row)


def test_a_name_may_stand_where_another_person_says_why(duty: User, editor: User) -> None:
    row = clue(duty)
    perform("release.write", duty, row, TEXT | {"text": "据村民王建军介绍，水已经清了。"})
    with pytest.raises(NotAllowed):
        perform("release.let_stand", duty, row, {"text": "王建军", "why": "本人同意"})
    perform("release.let_stand", editor, row, {"text": "王建军", "why": "本人书面同意"})
    perform("release.submit", duty, row)
    assert row.state == Stage.REVIEW


def test_a_fact_check_needs_claim_verdict_sentence_and_source(duty: User, client: Client) -> None:
    row = clue(duty, "fact_check")
    client.force_login(duty)
    said = {"title": "停课一周不实", "text": "没有通知。", "verdict": "false", "signed": "县教育局", "version": row.version}
    answer = client.post(f"{row.get_absolute_url()}write/", said)
    assert answer.status_code == 422
    assert "A verdict names its source" in answer.content.decode()
    answer = client.post(f"{row.get_absolute_url()}write/", said | {"sources": "县教育局通知 | javascript:alert(1)"})
    assert answer.status_code == 422
    assert client.post(f"{row.get_absolute_url()}write/", said | {"sources": "县教育局 | https://edu.example/1"}).status_code == 302
    row.refresh_from_db()
    assert row.current is not None
    assert {each.code for each in checks.errors(checks.of_text(row.current, row))} == {"no_summary", "no_claim"}


def test_nothing_goes_out_before_its_embargo(team: tuple[User, User, User, User], clock: Clock) -> None:
    row = approved(team, clue(team[0]), embargo_until=NOW + timedelta(hours=3))
    assert [entry.kind_words for entry in waiting(team[0], NOW)[0] if entry.kind == "release"] == ["Under embargo"]
    with pytest.raises(Refused, match="embargo"):
        perform("release.publish", team[0], row)
    clock.forward(hours=3, minutes=1)
    perform("release.publish", team[0], row)


def test_it_is_held_when_a_citizen_wrote_meanwhile_and_says_which(
    team: tuple[User, User, User, User], clock: Clock, client: Client
) -> None:
    duty = team[0]
    story = water_story()
    row = approved(team, clue(duty, story=story))
    assert meanwhile.held_by(row, clock.now) == []
    later = tell(["晚上又黄了，" + WATER[0]], start=125)[0]  # collected a minute before now
    Story.objects.filter(pk=story.pk).update(dirty_since=None)
    type(later).objects.filter(pk=later.pk).update(story=story, collected_at=clock.now + timedelta(minutes=11))
    clock.forward(minutes=20)
    held = meanwhile.held_by(row, clock.now)
    assert [each.url for each in held] == [f"/desk/items/{later.key}/"]
    with pytest.raises(Refused, match="Citizens wrote"):
        perform("release.publish", duty, row)
    entry = next(entry for entry in waiting(duty, clock.now)[0] if entry.kind == "release")
    assert (entry.kind_words, "晚上又黄了" in entry.why) == ("Held", True)
    client.force_login(duty)
    shown = client.get(f"{row.get_absolute_url()}publish/").content.decode()
    assert f"/desk/items/{later.key}/" in shown
    assert "disabled" in shown
    perform("release.read_on", duty, row)
    assert Entry.objects.get(action="release.read_on").data["read"] == [f"item:{later.key}"]
    perform("release.publish", duty, row)


def test_a_reply_is_held_by_its_own_message_only(team: tuple[User, User, User, User], clock: Clock) -> None:
    duty = team[0]
    case = found("case.open", duty, {"kind": "message", "title": "水能喝吗", "text": "问", "sort": "consult"})
    perform("case.message_accept", duty, case)
    perform("case.message_ask", duty, case, {"reason": "哪个小区"})
    row = approved(team, clue(duty, "reply", case=case))
    clock.forward(minutes=5)
    tell(WATER)
    scored()
    assert meanwhile.held_by(row, clock.now) == []
    perform("case.message_told", duty, case, {"reason": "锦绣小区三号楼"})
    assert [each.key for each in meanwhile.held_by(row, clock.now)] == [f"case:{Case.objects.get(pk=case.pk).number}"]
    with pytest.raises(Refused, match="Citizens wrote"):
        perform("release.publish", duty, row)
    perform("release.refuse", team[3], row, {"note": "先看补充"})
    perform("release.write", duty, row, TEXT)
    assert meanwhile.held_by(row, clock.now) == []


# ---------------------------------------------------------------- in public


def test_a_correction_goes_the_whole_way_while_the_page_stands(team: tuple[User, User, User, User]) -> None:
    duty, editor, second, leader = team
    row = published(team)
    perform("release.correct", duty, row, {"reason": "恢复时间有变"})
    assert TEXT["title"] in page(row.public_path)
    with pytest.raises(Refused, match="write a new one"):
        perform("release.submit", duty, row)
    new = TEXT | {"title": "清河镇供水恢复时间更正为二十一时"}
    perform("release.write", duty, row, new)
    with pytest.raises(Refused, match="what it puts right"):
        perform("release.submit", duty, row)
    perform("release.write", duty, row, new | {"why": "恢复时间由20时更正为21时"})
    perform("release.submit", duty, row)
    perform("release.pass_review", editor, row)
    perform("release.secrecy", second, row, {"ground": "clear"})
    assert "更正为二十一时" not in page(row.public_path)
    perform("release.approve", leader, row)
    with pytest.raises(Refused, match="this is a correction"):
        perform("release.publish", duty, row)
    perform("release.publish_correction", duty, row)
    shown = page(row.public_path)
    assert "更正为二十一时" in shown
    assert "恢复时间由20时更正为21时" in shown
    assert [act.kind for act in row.public_acts.all()] == ["publish", "correct"]


def test_a_correction_given_up_leaves_the_page_as_it_was(team: tuple[User, User, User, User]) -> None:
    row = published(team)
    perform("release.correct", team[0], row, {"reason": "看错了"})
    perform("release.write", team[0], row, TEXT | {"title": "改动", "why": "改"})
    with pytest.raises(Refused, match="correct or withdraw"):
        perform("release.drop", team[0], row, {"reason": "不要了"})
    perform("release.abandon", team[0], row, {"reason": "原文无误"})
    assert row.state == Stage.PUBLISHED
    assert row.current == row.public
    assert TEXT["title"] in page(row.public_path)


def test_a_withdrawn_page_keeps_its_address_and_says_why(team: tuple[User, User, User, User]) -> None:
    duty, _editor, _second, leader = team
    row = published(team)
    path = row.public_path
    with pytest.raises(NotAllowed):
        perform("release.withdraw", duty, row, {"reason": "检测有误"})
    with pytest.raises(Refused, match="private person"):
        perform("release.withdraw", leader, row, {"reason": "据村民王建军反映有误"})
    perform("release.withdraw", leader, row, {"reason": "检测数据有误，以新的说明为准"})
    shown = page(path)
    assert "检测数据有误，以新的说明为准" in shown
    assert "铁锈随水流出" not in shown
    assert 'content="noindex"' in shown
    assert "已撤回" in page("/releases/")
    assert possible(leader, row) == []


def test_a_fact_check_stands_at_its_own_address_with_its_verdict_first(team: tuple[User, User, User, User]) -> None:
    said = {"title": "全县学校停课一周不实", "claim": "全县学校停课一周", "verdict": "false", "summary": "没有停课通知。"}
    row = published(team, kind="fact_check", **said)
    assert row.slug == "2026-quan-xian-xue-xiao-ting-ke-yi-zhou"
    shown = page(f"/fact-checks/{row.slug}/")
    assert shown.index("不实</span>") < shown.index("没有停课通知") < shown.index("全县学校停课一周</blockquote>")
    assert "全县学校停课一周不实" in page("/fact-checks/")
    assert "全县学校停课一周不实" in page("/")
    assert row.slug not in page("/releases/")
    assert Client().get(f"/releases/{row.number}/").status_code == 404
    again = published(team, kind="fact_check", **said)
    assert again.slug == f"{row.slug}-2"


def test_the_english_page_says_where_there_is_no_english(team: tuple[User, User, User, User]) -> None:
    row = published(team)
    shown = page(f"/en{row.public_path}")
    assert "there is no English text" in shown
    assert f'<h1 lang="zh-Hans">{TEXT["title"]}' in shown
    other = published(team, title_en="Yellow water was flushing", text_en="Rust came out.", summary_en="Safe.", signed_en="Water Bureau")
    shown = page(f"/en{other.public_path}")
    for words in ("Yellow water was flushing", "Rust came out.", "Water Bureau"):
        assert words in shown
    assert TEXT["title"] not in shown


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_markup_in_a_text_is_only_words_everywhere(team: tuple[User, User, User, User], client: Client) -> None:
    said = {
        "title": EVIL,
        "text": EVIL,
        "summary": EVIL,
        "sources": [{"words": EVIL, "address": 'https://x.example/?a="><b>'}],
        "signed": EVIL,
        "contact": EVIL,
    }
    row = published(team, **said)
    client.force_login(team[0])
    paths = ["/desk/releases/?tab=all", row.get_absolute_url(), f"{row.get_absolute_url()}versions/", f"{row.get_absolute_url()}publish/"]
    for shown in (
        page(row.public_path),
        page("/releases/"),
        page(f"/en{row.public_path}"),
        *(client.get(path).content.decode() for path in paths),
    ):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_every_version_stays_and_the_difference_is_marked(duty: User, client: Client) -> None:
    row = clue(duty)
    perform("release.write", duty, row, TEXT)
    perform("release.write", duty, row, TEXT | {"text": TEXT["text"].replace("合格", "达标")})
    assert [text.n for text in row.versions.all()] == [1, 2]
    client.force_login(duty)
    shown = client.get(f"{row.get_absolute_url()}versions/?a=1&b=2").content.decode()
    assert "[gone] </span>合格</del>" in shown
    assert "[new] </span>达标</ins>" in shown
    assert client.get(f"{row.get_absolute_url()}versions/?a=²&b=99999999").status_code == 200


def test_two_people_who_write_at_once_do_not_overwrite_each_other(duty: User, client: Client) -> None:
    row = clue(duty)
    client.force_login(duty)
    said = {"title": "一", "text": "一", "signed": "县水务局", "version": row.version}
    assert client.post(f"{row.get_absolute_url()}write/", said).status_code == 302
    answer = client.post(f"{row.get_absolute_url()}write/", said | {"title": "二"})
    assert answer.status_code == 422
    assert "Somebody changed" in answer.content.decode()
    assert row.versions.count() == 1


def test_it_begins_at_a_story_a_message_or_a_post(duty: User, client: Client) -> None:
    story = water_story()
    item = story.items.earliest("id")
    client.force_login(duty)
    said = {"kind": "reply", "clue": "有人问能不能喝", "write": ""}
    answer = client.post(f"/desk/releases/new/?on=item:{item.key}", said)
    row = Release.objects.get()
    assert answer.headers["Location"] == f"{row.get_absolute_url()}write/"
    assert (row.item, row.story) == (item, story)
    assert row.number in client.get(f"/desk/stories/{story.number}/").content.decode()
    assert client.post("/desk/releases/new/?on=item:none", said).status_code == 302
    assert client.get("/desk/releases/FB-2026-9999/").status_code == 404
