"""The night shift's alert goes unseen, the leader on duty is called and accepts on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import IN_THE_NIGHT
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]


@pytest.fixture
def called(county: House) -> str:
    """The night's alert as it stood when the leader had just been called: the duty officer's step passed, nobody has it."""
    seen = "exists (select 1 from alerts_step s where s.alert_id = a.id and s.no = 1 and s.fired_at is not null)"
    number = str(county.rows(f"select number from alerts_alert a where {seen} order by id desc limit 1")[0][0])
    county.change(
        "update alerts_step set ended = 'passed', ended_by_id = null where no = 0 and alert_id = (select id from alerts_alert where number = %s)",
        (number,),
    )
    county.change(
        "update alerts_step set ended = '', ended_at = null, ended_by_id = null where no = 1 and alert_id = (select id from alerts_alert where number = %s)",
        (number,),
    )
    county.change("update alerts_alert set state = 'returned' where number = %s and state = 'accepted'", (number,))
    county.change(
        "update alerts_alert set accepted_by_id = null, accepted_at = null, next_at = starts_at + interval '10 hours' where number = %s",
        (number,),
    )
    return number


AT_NIGHT = IN_THE_NIGHT - timedelta(minutes=16)


@pytest.fixture
def unseen(night: House) -> str:
    """Something grave was said at two at night: the worker looked each time, the night shift did not. The number of the alert."""
    grave = "select s.id from stories_story s where s.about_us and s.merged_into_id is null and s.state in ('new', 'rising', 'handling')"
    grave += " and s.item_count >= 5 and not exists (select 1 from alerts_alert a where a.story_id = s.id) order by s.id desc limit 1"
    story = night.rows(grave)[0][0]
    night.change("update stories_story set level = 2, level_by_hand = true, last_at = %s where id = %s", (AT_NIGHT, story))
    night.run("tests.browser.alert_ticks", *((AT_NIGHT + timedelta(minutes=n)).isoformat() for n in (1, 14, 16)))
    return str(night.rows("select number from alerts_alert where story_id = %s", (story,))[0][0])


def test_the_night_shift_sees_nothing_and_the_leader_on_duty_is_called(visit: Visit, night: House, unseen: str) -> None:
    said = "select u.username, u.name, s.fired_at from alerts_step s join alerts_step_people p on p.step_id = s.id"
    said += " join accounts_user u on u.id = p.user_id join alerts_alert a on a.id = s.alert_id"
    steps = [night.rows(f"{said} where a.number = %s and s.no = %s order by u.id limit 1", (unseen, no))[0] for no in (0, 1, 2)]
    assert [each[2] for each in steps] == [AT_NIGHT + timedelta(minutes=1), AT_NIGHT + timedelta(minutes=16), None]
    (duty, _name, _at), (leader, name, _then), _first = steps
    assert duty != leader
    shift = visit(night, str(duty))
    shift.goto(f"/desk/alerts/{unseen}/")
    expect(shift.locator(".rungs li").first).to_contain_text("超时未接手")
    phone = visit(night, str(leader), width=390)
    phone.goto("/desk/")
    phone.locator(f".todo form[action='/desk/alerts/{unseen}/accept/'] button").click()
    expect(phone.locator("#toast")).to_contain_text("接手")
    phone.goto(f"/desk/alerts/{unseen}/")
    expect(phone.locator(".rungs li.took")).to_contain_text(str(name))
    night.run("tests.browser.alert_ticks", (AT_NIGHT + timedelta(minutes=32)).isoformat())
    third = "select s.fired_at from alerts_step s join alerts_alert a on a.id = s.alert_id where a.number = %s and s.no = 2"
    assert night.rows(third, (unseen,)) == [(None,)], "the first leader sleeps on"


def test_the_leader_on_duty_is_called_and_accepts_on_a_phone(visit: Visit, county: House, called: str) -> None:
    duty = visit(county, "linxiao")
    duty.goto("/desk/alerts/")
    duty.locator(f"a[data-main][href='/desk/alerts/{called}/']").click()
    duty.wait_for_url(f"**/desk/alerts/{called}/")
    expect(duty.locator(".rungs li").first).to_contain_text("超时未接手")
    said = "select u.username, u.name from alerts_step_people p join accounts_user u on u.id = p.user_id join alerts_step s on s.id = p.step_id"
    username, name = county.rows(f"{said} join alerts_alert a on a.id = s.alert_id where s.no = 1 and a.number = %s", (called,))[0]
    expect(duty.locator(".rungs li").nth(1)).to_contain_text(str(name))
    leader = visit(county, str(username), width=390)
    leader.goto("/desk/")
    row = leader.locator(f".todo form[action='/desk/alerts/{called}/accept/'] button")
    row.click()
    expect(leader.locator("#toast")).to_contain_text("接手")
    leader.goto(f"/desk/alerts/{called}/")
    expect(leader.locator(".note.ok")).to_contain_text(str(name))
    expect(leader.locator(".rungs li.took")).to_contain_text(str(name))
    assert county.rows("select state from alerts_alert where number = %s", (called,)) == [("accepted",)]


def test_the_night_s_alert_agrees_with_its_story(county: House, called: str) -> None:
    """It was raised with the third item that the watch caught, unseen for a quarter of an hour, then accepted by the leader."""
    raised, story = county.rows("select raised_at, story_id from alerts_alert where number = %s", (called,))[0]
    times = county.rows(
        "select published_at from stream_item where story_id = %s and 'supply' = any(watches) order by published_at limit 3", (story,)
    )
    assert raised == times[2][0]
    first, second = county.rows(
        "select fired_at from alerts_step where alert_id = (select id from alerts_alert where number = %s) and no < 2 order by no",
        (called,),
    )
    assert (second[0] - first[0]).total_seconds() == 15 * 60


def test_a_rule_is_tried_on_the_past_while_it_is_written(visit: Visit, county: House) -> None:
    page = visit(county, "limin")
    page.goto("/desk/alerts/rules/new/")
    page.fill("[name=name]", "夜里的水")
    page.select_option("[name=watch]", label="供水")
    expect(page.locator("#trial .say")).to_contain_text("次")
    page.locator("button[name=save]").click()
    page.wait_for_url(re.compile(r"/desk/alerts/rules/\d+/"))
    expect(page.locator("h1")).to_contain_text("夜里的水")
    county.change("delete from alerts_rule where name = '夜里的水'")
