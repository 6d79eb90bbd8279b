"""The ledgers: forms out of the kind's file, counts by month, nothing vanishes, no formula runs in a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from groundswell.desk.accounts.models import Role, User
from groundswell.desk.releases import ledger_queries
from groundswell.desk.releases.ledger_kinds import Field, Words, ledger_kinds
from groundswell.desk.releases.models import LedgerRow
from groundswell.desk.spine.actions import NotAllowed, found, perform, undo
from groundswell.desk.spine.models import Entry
from tests.desk.county import lay

Person = Callable[..., User]
PRESS: dict[str, Any] = {
    "day": "2026-11-20",
    "title": "云岭冬季供暖见闻",
    "medium": "澄江日报",
    "level": "city",
    "proof": "https://cj.example/1",
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
def at_desk(duty: User, client: Client) -> Client:
    client.force_login(duty)
    return client


def add(client: Client, kind: str, **said: Any) -> LedgerRow:
    answer = client.post(f"/desk/releases/ledgers/{kind}/new/", said)
    assert answer.status_code == 302, answer.content.decode()
    row = LedgerRow.objects.latest("id")
    return row


def test_every_kind_has_its_form_list_and_workbook(at_desk: Client) -> None:
    assert list(ledger_kinds()) == ["liaison", "training", "press"]
    for kind in ledger_kinds().values():
        form = at_desk.get(f"/desk/releases/ledgers/{kind.code}/new/").content.decode()
        for field in kind.fields:
            assert f'name="{field.code}"' in form, field.code
            assert str(field.words) in form
        assert at_desk.get(f"/desk/releases/ledgers/{kind.code}/").status_code == 200
        assert at_desk.get(f"/desk/releases/ledgers/{kind.code}/year.xlsx").content.startswith(b"PK")
    assert at_desk.get("/desk/releases/ledgers/gifts/").status_code == 404
    assert at_desk.get("/desk/releases/ledgers/").headers["Location"].endswith("/liaison/")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"proof": ""}, "required"),
        ({"proof": "javascript:alert(1)"}, "valid URL"),
        ({"level": "galaxy"}, "valid choice"),
        ({"day": "2026-11-24"}, "still to come"),
        ({"title": ""}, "required"),
    ],
)
def test_a_row_that_is_not_whole_is_not_taken(at_desk: Client, change: dict[str, str], words: str) -> None:
    answer = at_desk.post("/desk/releases/ledgers/press/new/", PRESS | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not LedgerRow.objects.exists()


def test_counts_by_month_and_sums_for_the_year_summary(at_desk: Client, duty: User, person: Person) -> None:
    other = person(Role.EDITOR, name="李敏")
    for day, sort, hours, staff, others in (
        ("2026-10-12", "law", 2, [duty.pk, other.pk], 24),
        ("2026-11-05", "skill", 3, [duty.pk], 0),
        ("2026-11-06", "law", 1, [], 30),
        ("2025-11-06", "law", 8, [], 9),
    ):
        add(at_desk, "training", day=day, title="学法", sort=sort, hours=hours, staff=staff, others=others, expected=32)
    kind = ledger_kinds()["training"]
    found_ = ledger_queries.year_of(kind, 2026)
    assert [month.count for month in found_.months] == [0] * 9 + [1, 2, 0]
    assert found_.total == 3
    assert dict(found_.sums) == {"Hours": 6, "Others who attended": 54, "Expected": 96, "Staff who attended, person-times": 3}
    assert dict(dict(found_.split)["Sort"]) == {"law": 2, "skills": 1}
    assert [shown.row.day for shown in ledger_queries.year_of(kind, 2026, 10).rows] == [date(2026, 10, 12)]
    shown = at_desk.get("/desk/releases/ledgers/training/?year=2026&month=10").content.decode()
    assert "Lin Xiao" in shown
    assert ledger_queries.years("training") == [2026, 2025]
    assert at_desk.get("/desk/releases/ledgers/training/?year=²&month=13").status_code == 200


def test_a_row_is_put_right_and_taken_back_or_struck_out_but_stays(at_desk: Client, duty: User) -> None:
    row = add(at_desk, "press", **PRESS)
    assert at_desk.post(f"/desk/releases/ledgers/rows/{row.pk}/change/", PRESS | {"level": "province"}).status_code == 302
    row.refresh_from_db()
    assert row.values["level"] == "province"
    entry = Entry.objects.get(action="ledger_row.change")
    assert entry.before["values"]["level"] == "city"
    undo(duty, entry.batch)
    row.refresh_from_db()
    assert row.values["level"] == "city"
    perform("ledger_row.strike", duty, row, {"reason": "重复登记"})
    kind = ledger_kinds()["press"]
    assert ledger_queries.year_of(kind, 2026).total == 0
    shown = at_desk.get("/desk/releases/ledgers/press/").content.decode()
    assert "重复登记" in shown
    assert PRESS["title"] in shown
    assert "重复登记" in at_desk.get(f"/desk/releases/ledgers/rows/{row.pk}/").content.decode()
    assert at_desk.post(f"/desk/releases/ledgers/rows/{row.pk}/change/", PRESS).status_code == 422


def test_who_has_no_right_adds_nothing(person: Person, client: Client) -> None:
    officer = person(Role.UNIT_OFFICER)
    client.force_login(officer)
    assert client.post("/desk/releases/ledgers/press/new/", PRESS).status_code == 403
    with pytest.raises(NotAllowed):
        found("ledger_row.add", officer, {"kind": "press", "day": date(2026, 11, 1), "title": "x", "values": {}})


@pytest.mark.parametrize("evil", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "＝1+1"])
def test_no_formula_runs_in_the_workbook(at_desk: Client, evil: str) -> None:
    add(at_desk, "press", **PRESS | {"title": f"{evil}标题", "medium": evil})
    sheet = load_workbook(io.BytesIO(at_desk.get("/desk/releases/ledgers/press/year.xlsx").content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert cells
    for cell in cells:
        assert cell.data_type == "s"
        assert not cell.value.lstrip().startswith(("=", "+", "-", "@", "＝"))


def test_markup_in_a_row_is_only_words(at_desk: Client) -> None:
    row = add(at_desk, "press", **PRESS | {"title": "<script>alert(1)</script>", "medium": "<img src=x>"})
    for path in ("/desk/releases/ledgers/press/", f"/desk/releases/ledgers/rows/{row.pk}/"):
        shown = at_desk.get(path).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


@pytest.mark.parametrize("wrong", [{"type": "colour"}, {"type": "choice"}])
def test_a_file_that_is_not_well_made_says_so(wrong: dict[str, Any]) -> None:
    row = {"code": "x", "type": "text", "words": {"zh": "一", "en": "x"}} | wrong
    with pytest.raises((ValueError, msgspec.ValidationError), match="Field"):
        msgspec.convert(row, Field)
    assert str(Words("一", "x")) == "x"
