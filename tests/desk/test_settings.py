"""Settings: typed, with default and last change; secrets sealed; the calendar of working days and the notice pasted in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils.functional import Promise

from groundswell.desk.accounts.models import User
from groundswell.desk.audit.models import Record
from groundswell.desk.spine import preferences, settings_actions, settings_queries
from groundswell.desk.spine.actions import NotAllowed
from groundswell.desk.spine.models import CalendarDay, Preference
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.preferences import PARTS, SPECS, preference
from groundswell.desk.spine.settings_calendar import HAND
from groundswell.desk.spine.settings_forms import KINDS, SettingsForm, field_name
from groundswell.desk.spine.settings_notice import NoticedDay, read_notice
from groundswell.desk.spine.settings_seal import SealBroken, seal, secret, unseal

Person = Callable[..., User]
NOTICE = """关于放假安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
请妥善安排好值班。"""


def filled(part: str, **changes: object) -> dict[str, object]:
    """What a browser sends for PART as it stands, with CHANGES (dots written as __)."""
    form = SettingsForm(part=part, may_change=True)
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "、".join(value) if isinstance(value, list) else value for name, value in sent.items()}
    return {name: value for name, value in (sent | changes).items() if value is not False}


@pytest.fixture
def chief(person: Person) -> User:
    return person("administrator", name="陈立")


@pytest.fixture
def desk_client(chief: User, client: Client) -> Client:
    client.force_login(chief)
    return client


PAGES = (
    "/desk/settings/",
    "/desk/settings/?q=mail",
    "/desk/settings/?q=zzz",
    *(f"/desk/settings/{code}/" for code in PARTS),
    "/desk/settings/calendar/",
    "/desk/settings/calendar/?year=2030",
    "/desk/settings/calendar/notice/",
    "/desk/settings/calendar/2026-10-01/",
)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_open_in_both_languages(person: Person, client: Client, language: str, address: str) -> None:
    client.force_login(person("administrator", language=language))
    page = client.get(address)
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


def test_everybody_reaches_the_own_settings_but_not_the_desks(person: Person, client: Client) -> None:
    person("administrator", name="陈立", phone="0000-8105")
    client.force_login(person("duty"))
    text = client.get("/desk/settings/").content.decode()
    assert 'href="/desk/me/"' in text
    assert "陈立 0000-8105" in text
    assert "/desk/settings/mail/" not in text
    assert {client.get(f"/desk/settings/{page}/").status_code for page in ("mail", "calendar", "calendar/notice")} == {403}


def test_the_auditor_looks_but_does_not_change(person: Person, client: Client) -> None:
    auditor = person("auditor")
    client.force_login(auditor)
    page = client.get("/desk/settings/collect/").content.decode()
    assert "disabled" in page
    assert client.post("/desk/settings/collect/", filled("collect", collect__max_mib=9)).status_code == 403
    assert client.post("/desk/settings/reset/collect.max_mib/").status_code == 403
    with pytest.raises(NotAllowed):
        settings_actions.change_settings(auditor, {"collect.max_mib": 9})
    assert preference("collect.max_mib") == 8


def test_only_what_differs_is_written_with_who_and_when(desk_client: Client, chief: User, clock: object) -> None:
    assert desk_client.post("/desk/settings/collect/", filled("collect", collect__max_mib=16)).status_code == 302
    row = Preference.objects.get()
    assert (row.key, row.value, row.changed_by, row.changed_at) == ("collect.max_mib", 16, chief, clock.now)  # type: ignore[attr-defined]
    assert Record.objects.get(act="setting.change").payload == {"was": 8, "became": 16}
    page = desk_client.get("/desk/settings/collect/").content.decode()
    assert "Default: 8 MiB" in page
    assert "changed 16:06 · 陈立" in page
    desk_client.post("/desk/settings/reset/collect.max_mib/")
    assert preference("collect.max_mib") == 8
    assert "/desk/settings/reset/" not in desk_client.get("/desk/settings/collect/").content.decode()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("collect", {"collect__max_mib": "many"}),
        ("collect", {"collect__max_mib": "0"}),  # below the least
        ("collect", {"collect__host_seconds": "601"}),  # above the most
        ("body", {"body__zone": "Mars/Base"}),
        ("body", {"duty__day_shift": "8-17"}),  # Today reads it on every visit
        ("body", {"duty__day_shift": "17:30-08:00"}),
        ("judge", {"judge__level_two": "90"}),  # above level I
        ("judge", {"judge__level_three": "65"}),  # equal to level II
        ("mail", {"mail__port": "70000"}),
        ("mail", {"mail__security": "hope"}),
        ("mail", {"mail__host": "https://mail.example.org"}),
        ("mail", {"mail__sender": "nobody"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(desk_client: Client, part: str, change: dict[str, str]) -> None:
    page = desk_client.post(f"/desk/settings/{part}/", filled(part, **change))
    assert page.status_code == 422
    assert next(iter(change)) in page.context["form"].errors or part == "judge"
    assert page.context["form"].errors
    assert not Preference.objects.exists()


def test_every_setting_has_a_kind_that_the_form_knows_and_a_default_that_it_takes(desk: None) -> None:
    assert {spec.kind for spec in SPECS.values()} <= set(KINDS)
    for part in PARTS:
        form = SettingsForm(filled(part), part=part, may_change=True)
        assert form.is_valid(), (part, form.errors)
        assert all(preference(key) == value for key, value in form.values.items())


def test_every_label_speaks_both_languages() -> None:
    words = [word for spec in SPECS.values() if spec.part in PARTS for word in (spec.label, spec.hint, spec.unit) if word]
    assert [word for word in words if not isinstance(word, Promise)] == []


# ---------------------------------------------------------------- secrets


def test_a_secret_is_sealed_never_shown_never_on_the_chain(desk_client: Client) -> None:
    assert desk_client.post("/desk/settings/mail/", filled("mail", mail__password="correct horse")).status_code == 302
    assert secret("mail.password") == "correct horse"
    kept = f"{list(Preference.objects.values())}{list(Record.objects.values())}"
    assert "correct horse" not in kept
    assert "sealed:" not in str(list(Record.objects.values_list("payload", flat=True)))
    page = desk_client.get("/desk/settings/mail/").content.decode()
    assert "correct horse" not in page
    assert "sealed:" not in page
    before = preference("mail.password")
    desk_client.post("/desk/settings/mail/", filled("mail", mail__port=465))  # the field left empty
    assert (preference("mail.password"), preference("mail.port")) == (before, 465)
    desk_client.post("/desk/settings/reset/mail.password/")
    assert secret("mail.password") == ""


def test_a_sealed_value_opens_only_with_its_key_file_and_under_its_name(desk: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("mail.password", "correct horse")
    assert unseal("mail.password", sealed) == "correct horse"
    assert sealed != seal("mail.password", "correct horse")
    for key, value in (("mail.user", sealed), ("mail.password", sealed[:-8] + "AAAAAAA="), ("mail.password", "sealed:1:?")):
        with pytest.raises(SealBroken):
            unseal(key, value)
    monkeypatch.setattr(ports, "master_key", lambda: b"\x01" * 32)
    with pytest.raises(SealBroken):
        unseal("mail.password", sealed)


def test_search_finds_by_words_key_and_pinyin(desk: None) -> None:
    keys = [row.spec.key for row in settings_queries.rows_that_match("mail")]
    assert "mail.host" in keys
    assert all(SPECS[key].part in PARTS for key in keys)
    assert not settings_queries.rows_that_match("lexicon")  # hidden


# ---------------------------------------------------------------- the calendar


@pytest.mark.parametrize(
    ("day", "working", "name"),
    [
        ("2026-01-01", False, "元旦"),
        ("2026-01-04", True, "元旦"),  # a Sunday that works
        ("2026-02-14", True, "春节"),
        ("2026-02-15", False, "春节"),  # the note in brackets holds more than the weekday
        ("2026-02-23", False, "春节"),
        ("2026-02-28", True, "春节"),  # the second of a list
        ("2026-04-06", False, "清明节"),
        ("2026-09-20", True, "国庆节"),  # a month before the holiday
        ("2026-10-07", False, "国庆节"),
        ("2026-10-10", True, "国庆节"),
    ],
)
def test_the_notice_is_read(day: str, working: bool, name: str) -> None:
    notice = read_notice(NOTICE, 2026)
    found = {each.day: each for each in notice.days}[date.fromisoformat(day)]
    assert (found.is_working, found.name) == (working, name)
    assert notice.doubts == []
    assert len(notice.days) == 3 + 1 + 9 + 2 + 3 + 7 + 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("一、元旦：1月1日（周五）放假，共1天。", "weekday"),
        ("一、元旦：1月1日（周四）至3日（周六）放假，共4天。", "count"),
        ("一、元旦：按惯例放假。", "no_date"),
        ("一、元旦：1月1日至2月28日放假。", "too_long"),
        ("一、元旦：1月3日至1日放假。", "too_long"),
        ("一、元旦：2月30日放假。", "no_such_day"),
    ],
)
def test_what_is_odd_in_a_notice_is_said(line: str, code: str) -> None:
    assert code in [doubt.code for doubt in read_notice(line, 2026).doubts]


def test_a_holiday_may_cross_the_year_and_marks_may_be_half_width() -> None:
    days = read_notice("(1). 元旦: 2026年12月31日(星期四)至2027年1月2日(星期六)放假, 共3天。", 2027).days
    assert [each.day.isoformat() for each in days] == ["2026-12-31", "2027-01-01", "2027-01-02"]


def test_pasting_shows_first_and_saves_then(desk_client: Client) -> None:
    sent = {"year": 2026, "source": "第1号", "text": NOTICE}
    page = desk_client.post("/desk/settings/calendar/notice/", sent)
    assert page.status_code == 200
    assert not CalendarDay.objects.exists()
    assert desk_client.post("/desk/settings/calendar/notice/", sent | {"save": "1"})["Location"] == "/desk/settings/calendar/?year=2026"
    assert CalendarDay.objects.count() == 27
    assert CalendarDay.objects.get(day="2026-10-10").source == "第1号"
    assert Record.objects.get(act="calendar.change").payload["days"]["2026-10-10"] == "work"
    desk_client.post("/desk/settings/calendar/notice/", sent | {"save": "1"})  # again: nothing twice
    assert CalendarDay.objects.count() == 27
    assert desk_client.post("/desk/settings/calendar/notice/", {"year": 2026, "text": "没有安排"}).status_code == 422


def test_a_day_by_hand_and_back(desk_client: Client) -> None:
    address = "/desk/settings/calendar/2026-11-27/"  # a Friday
    assert desk_client.post(address, {"what": "rest", "name": "县运动会"}).status_code == 302
    day = settings_queries.day_entered(date(2026, 11, 27))
    assert (day.is_working, day.differs, day.name) == (False, True, "县运动会")
    desk_client.post(address, {"what": "usual"})
    assert settings_queries.day_entered(date(2026, 11, 27)).is_working
    assert desk_client.get("/desk/settings/calendar/2026-13-01/").status_code == 404


def test_a_year_without_a_list_is_provisional_until_its_notice_comes(chief: User) -> None:
    assert settings_queries.year_calendar(2090).is_provisional
    assert not settings_queries.year_calendar(2025).is_provisional
    by_hand = NoticedDay(date(2090, 3, 3), False, "")
    settings_actions.set_calendar_days(chief, [by_hand], HAND)
    assert settings_queries.year_calendar(2090).is_provisional  # a single day says nothing of the year
    settings_actions.set_calendar_days(chief, read_notice("一、元旦：1月2日放假，共1天。", 2090).days)
    assert not settings_queries.year_calendar(2090).is_provisional
    assert not settings_queries.day_entered(date(2090, 3, 3)).is_working


def test_a_december_day_of_the_next_notice_does_not_announce_its_own_year(chief: User) -> None:
    settings_actions.set_calendar_days(chief, read_notice("一、元旦：2090年12月31日至2091年1月2日放假，共3天。", 2091).days)
    assert settings_queries.year_calendar(2090).is_provisional
    assert not settings_queries.year_calendar(2091).is_provisional


def test_a_notice_on_a_known_year_lies_over_its_list(chief: User) -> None:
    settings_actions.set_calendar_days(chief, [NoticedDay(date(2025, 9, 3), False, "抗战胜利纪念日")])
    assert not settings_queries.day_entered(date(2025, 9, 3)).is_working
    assert settings_queries.day_entered(date(2025, 10, 11)).is_working  # the rest of the list stays


def test_known_years_follow_the_announced_list(desk: None) -> None:
    day = settings_queries.day_entered(date(2025, 10, 11))  # a Saturday that worked
    assert (day.is_working, day.differs) == (True, True)


def test_forget_reads_anew(chief: User) -> None:
    settings_actions.change_settings(chief, {"collect.max_mib": 12})
    Preference.objects.filter(key="collect.max_mib").update(value=13)
    assert preference("collect.max_mib") in (12, 13)
    preferences.forget()
    assert preference("collect.max_mib") == 13


def test_field_names_hold_no_dots() -> None:
    assert all("." not in field_name(key) for key in SPECS)
