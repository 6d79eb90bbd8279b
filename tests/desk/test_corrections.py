"""Requests to publishers for a correction: to institutions only, with evidence, approved by another, in a public register."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation
from docx import Document
from warcio.archiveiterator import ArchiveIterator

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.audit.models import Record
from groundswell.desk.releases.models import CorrectionRequest
from groundswell.desk.sources.collecting import shared_archive
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.retention import evidence_kept
from groundswell.desk.spine.actions import ACTIONS, NotAllowed, Refused, found, perform, possible
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.queue import waiting
from groundswell.desk.stream.models import Item
from groundswell.engine.records import Fetched
from groundswell.reports.fonts import NoChineseFont, require_chinese_font
from tests.conftest import Clock
from tests.desk.county import NOW, WATER, lay, tell

Person = Callable[..., User]
S = CorrectionRequest.Stage
BODY = "<html><h1>清河镇数十人饮水住院</h1></html>".encode()
EVIL = '"><script>alert(1)</script>'
SAID: dict[str, Any] = {
    "address": "https://media.example/a/1",
    "headline": "“数十人饮水住院”与事实不符",
    "wrong": "清河镇数十人因饮水住院。",
    "right": "到11月23日15时，县人民医院、县疾控中心没有收治此类病人。",
    "basis": "县卫健局11月23日情况说明。",
}


@pytest.fixture(autouse=True)
def _county(desk: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ports, "archive_folder", tmp_path / "archive")
    lay()
    with translation.override("en"):
        yield


@pytest.fixture
def duty(person: Person) -> User:
    return person(Role.DUTY, name="林晓")


@pytest.fixture
def leader(person: Person) -> User:
    return person(Role.LEADER, name="刘明")


@pytest.fixture
def item() -> Item:
    """An article of the county's medium, with its page in the archive."""
    row = tell([WATER[0]], source="media")[0]
    page = Fetched(
        url=SAID["address"], final_url=SAID["address"], status=200, headers=(("Content-Type", "text/html"),), body=BODY, fetched_at=NOW,
        content_type="text/html", source="media", role="page",
    )  # fmt: skip
    row.archive, row.institutional, row.url = shared_archive().write(page), True, SAID["address"]
    row.save(update_fields=["archive", "institutional", "url"])
    return row


def written(by: User, **more: Any) -> CorrectionRequest:
    made: CorrectionRequest = found("correction_request.write", by, SAID | {"publisher": Source.objects.get(slug="media")} | more)
    return made


def sent(duty: User, leader: User, **more: Any) -> CorrectionRequest:
    row = written(duty, **more)
    perform("correction_request.submit", duty, row)
    perform("correction_request.approve", leader, row, {"ground": "clear"})
    perform("correction_request.send", duty, row, {"way": "letter"})
    return row


def test_from_an_item_to_its_result_in_the_public_register(duty: User, leader: User, item: Item, client: Client) -> None:
    client.force_login(duty)
    assert "media.example/a/1" in client.get(f"/desk/releases/corrections/new/?item={item.key}").content.decode()
    said = SAID | {"publisher": item.source_id}
    assert client.post(f"/desk/releases/corrections/new/?item={item.key}", said).status_code == 302
    row = CorrectionRequest.objects.get()
    assert (row.number, row.state, row.item, row.story) == ("GZ-2026-0001", S.DRAFT, item, item.story)
    assert [each["sha256"] for each in row.evidence] == [sha256(BODY).hexdigest()]
    perform("correction_request.submit", duty, row)
    assert "Correction to approve" in [entry.kind_words for entry in waiting(leader, NOW)[0]]
    perform("correction_request.approve", leader, row, {"ground": "clear"})
    assert SAID["wrong"] not in Client().get("/corrections/").content.decode()  # not sent: in no register
    perform("correction_request.send", duty, row, {"way": "letter"})
    assert row.due_on == date(2026, 11, 30)  # five working days after Monday
    perform("correction_request.answer", duty, row, {"text": "已在原文更正并致歉。"})
    perform("correction_request.close", duty, row, {"result": "corrected"})
    for path in ("/corrections/", "/en/corrections/"):
        shown = Client().get(path).content.decode()
        for words in (SAID["headline"], SAID["wrong"], SAID["right"], "已在原文更正并致歉。", "云岭融媒", "GZ-2026-0001"):
            assert words in shown
        for name in ("林晓", "刘明", "<script"):
            assert name not in shown
    assert "corrected</span>" in Client().get("/en/corrections/").content.decode()


def test_only_institutions_are_written_to(duty: User, client: Client) -> None:
    forum = Source.objects.get(slug="forum")
    with pytest.raises(Refused, match="never to a private person"):
        written(duty, publisher=forum)
    client.force_login(duty)
    answer = client.post("/desk/releases/corrections/new/", SAID | {"publisher": forum.pk})
    assert answer.status_code == 422
    assert not CorrectionRequest.objects.exists()


def test_who_writes_does_not_approve_neither_in_the_database(person: Person, duty: User) -> None:
    both = person(Role.DUTY, Role.LEADER)
    row = written(both)
    perform("correction_request.submit", both, row)
    with pytest.raises(Refused, match="another person"):
        perform("correction_request.approve", both, row, {"ground": "clear"})
    with pytest.raises(NotAllowed):
        perform("correction_request.approve", duty, row, {"ground": "clear"})
    for values in ({"approved_by": both}, {"state": "sent"}, {"sent_at": NOW}, {"state": "closed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectionRequest.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("field", ["headline", "wrong", "right", "basis"])
def test_no_private_person_gets_into_the_register(duty: User, leader: User, field: str) -> None:
    row = written(duty, **{field: "据村民王建军介绍，联系13812345678"})
    with pytest.raises(Refused, match="private"):
        perform("correction_request.submit", duty, row)
    row = sent(duty, leader)
    with pytest.raises(Refused, match="private"):
        perform("correction_request.answer", duty, row, {"text": "编辑联系电话13812345678"})


def test_an_answer_that_does_not_come_waits_in_the_queue_and_shows_in_public(duty: User, leader: User, clock: Clock) -> None:
    row = sent(duty, leader)
    assert "No answer" not in [entry.kind_words for entry in waiting(duty, clock.now)[0]]
    with pytest.raises(Refused, match="only when the time is over"):
        perform("correction_request.close", duty, row, {"result": "silent"})
    clock.forward(days=8)
    assert "No answer" in [entry.kind_words for entry in waiting(duty, clock.now)[0]]
    assert "no answer by" in Client().get("/en/corrections/").content.decode()
    perform("correction_request.close", duty, row, {"result": "silent"})
    assert row.result == "silent"


def test_the_letter_opens_and_says_statement_fact_and_evidence(duty: User, leader: User, item: Item, client: Client) -> None:
    row = sent(duty, leader, item=item, headline=EVIL, wrong=f"{EVIL} 清河镇数十人因饮水住院。")
    client.force_login(duty)
    for language, heading in (("zh-hans", "更正请求函"), ("en", "Request for a correction")):
        answer = client.get(f"{row.get_absolute_url()}letter.docx?paper={language}")
        assert answer.status_code == 200
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs)
        for words in (
            heading,
            "GZ-2026-0001",
            "<script>alert(1)</script> 清河镇数十人",
            SAID["right"],
            sha256(BODY).hexdigest(),
            "云岭融媒",
        ):
            assert words in text, words
    try:
        require_chinese_font()
    except NoChineseFont:
        return
    answer = client.get(f"{row.get_absolute_url()}letter.pdf")
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"{row.get_absolute_url()}letter.exe").status_code == 404


def test_the_evidence_is_the_page_itself_its_taking_is_written_down_and_it_is_kept(
    duty: User, leader: User, item: Item, client: Client
) -> None:
    row = written(duty, item=item)
    assert item.archive in set(evidence_kept())
    client.force_login(duty)
    assert client.get(f"{row.get_absolute_url()}evidence/").status_code == 405
    answer = client.post(f"{row.get_absolute_url()}evidence/")
    assert answer.status_code == 200
    bodies = [
        record.content_stream().read()
        for record in ArchiveIterator(io.BytesIO(answer.content))
        if record.rec_type in ("response", "resource")
    ]
    assert BODY in bodies
    assert Record.objects.filter(act="correction_request.evidence").count() == 1
    assert client.post(f"{written(duty).get_absolute_url()}evidence/").status_code == 404


def test_markup_is_only_words(duty: User, leader: User, client: Client) -> None:
    row = sent(duty, leader, headline=EVIL, wrong=EVIL, right=EVIL, basis=EVIL)
    client.force_login(duty)
    for shown in (client.get(row.get_absolute_url()), client.get("/desk/releases/corrections/"), Client().get("/corrections/")):
        assert "<script>alert" not in shown.content.decode()
        assert "&lt;script&gt;alert(1)" in shown.content.decode()


def test_what_is_dropped_was_never_public(duty: User, leader: User) -> None:
    row = written(duty)
    perform("correction_request.drop", duty, row, {"reason": "对方已自行更正"})
    assert possible(leader, row) == []
    assert SAID["headline"] not in Client().get("/corrections/").content.decode()


def test_there_is_no_act_to_have_anything_deleted() -> None:
    for each in ACTIONS.values():
        if each.subject in ("release", "correction_request", "spoken"):
            words = f"{each.name} {each.verb} {each.did}".lower()
            assert not any(word in words for word in ("delete", "remove", "take down", "删"))
