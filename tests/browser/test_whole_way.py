"""From the telephone to 销号: told at once, reported in writing, instructed on a phone, handed to two units by link, answered, closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
UNREPORTED = (
    "select s.number from stories_story s where s.state in ('new', 'rising', 'handling') and s.merged_into_id is null and s.level <= 3"
    " and not exists (select 1 from flash_report r where r.story_id = s.id) order by s.level, s.id desc limit 1"
)
GIVEN = "请水务局、教育局今天内查明并回复"
ANSWER = "已查明：支管渗漏，21时前修复，学校备水到位。"


def send(page: Page, button: str = "main form button.pri") -> None:
    """Press BUTTON and follow where it leads; nothing is to be put right there."""
    with page.expect_navigation():
        page.locator(button).first.click()
    expect(page.locator(".errors")).to_have_count(0)


def act(page: Page, address: str, fill: Callable[[Page], object] = lambda page: None) -> None:
    """The act at ADDRESS on its own page: the form, the button, and where it leads."""
    page.goto(address)
    fill(page)
    send(page)


def say(page: Page, verb: str, **values: str) -> None:
    """One act behind a unit's link; its form lies folded where another one is the usual next."""
    form = page.locator(f"form:has(input[name=act][value={verb}])")
    if not form.is_visible():
        page.locator(f"details:has(input[name=act][value={verb}]) summary").click()
    for name, value in values.items():
        form.locator(f"[name={verb}-{name}]").fill(value)
    with page.expect_navigation():
        form.locator("button").click()
    expect(page.locator(".errors")).to_have_count(0)


@pytest.fixture
def heads_approve(visit: Visit, county: House) -> Iterator[None]:
    """The administrator wants each unit's head to approve what the unit answers."""
    page = visit(county, "chenli", script=False)
    page.goto("/desk/settings/links/")
    page.check("[name=links__head_approves]")
    send(page)
    yield
    page.goto("/desk/settings/links/")
    page.uncheck("[name=links__head_approves]")
    send(page)


def told_and_reported(duty: Page, county: House, story: str) -> str:
    """By telephone first, by one key and one line; then in writing. The reference of the report that was sent."""
    duty.goto(f"/desk/stories/{story}/")
    duty.keyboard.press("p")
    dialog = duty.locator("dialog[open]")
    dialog.locator("[name=text]").fill("清河镇水黄，正在查")
    with duty.expect_navigation():
        dialog.locator("button.pri").click()
    expect(duty.locator("main")).to_contain_text("清河镇水黄，正在查")
    duty.keyboard.press("r")
    duty.wait_for_url("**/check/")
    ref = duty.url.split("/")[-3]
    if duty.locator("#id_reason").count():
        duty.fill("#id_reason", "事急，先报后核")
    send(duty, "#send button.pri")
    assert county.rows("select state from flash_report where ref = %s", (ref,)) == [("sent",)]
    return ref


def instructed(leader: Page, ref: str) -> str:
    """The leader reads the report on a phone and says what is to be done; the number of the instruction."""
    leader.goto("/desk/")
    send(leader, f".todo a.btn[href='/desk/flash/{ref}/']")
    send(leader, "main a[href^='/desk/instructions/new/?on=']")
    assert not faults.reflow(leader, 390)
    leader.fill("[name=text]", GIVEN)
    send(leader, "form:has([name=text]) button.pri")
    expect(leader.locator(".quote")).to_have_text(GIVEN)
    return leader.url.split("/")[-2]


def handed_out(duty: Page, number: str) -> dict[str, str]:
    """Two units get a task; the addresses that open them without a password, by the unit's name."""
    duty.goto("/desk/")
    send(duty, f".todo a[href^='/desk/instructions/{number}/hand-out/']")
    for box in duty.locator("[name=units]:checked").all():
        box.uncheck()
    for name in ("县水务局", "县教育局"):
        duty.locator("label", has_text=name).locator("[name=units]").check()
    send(duty)
    links = {}
    for row in duty.locator(".lanes li").all():
        links[str(row.locator(".muted").first.text_content())] = str(row.locator("a[data-main]").get_attribute("href"))
    assert set(links) == {"县水务局", "县教育局"}
    for unit, task in links.items():
        duty.goto(task)
        send(duty, f"main a[href^='{task}make-link/'], form[action='{task}make-link/'] button")
        if not duty.locator("#link").count():
            send(duty)
        links[unit] = duty.locator("#link").input_value()
    return links


def test_from_the_telephone_to_the_closing(visit: Visit, county: House, heads_approve: None) -> None:
    story = str(county.rows(UNREPORTED)[0][0])
    duty = visit(county, "linxiao")
    ref = told_and_reported(duty, county, story)
    to = county.rows(
        "select u.username from flash_delivery d join flash_report r on r.id = d.report_id join accounts_user u on u.id = d.user_id"
        " where r.ref = %s order by d.position limit 1",
        (ref,),
    )[0][0]
    leader = visit(county, str(to), width=390)
    number = instructed(leader, ref)
    office = visit(county, "linxiao", script=False)
    links = handed_out(office, number)

    education = visit(county, "", width=390)
    education.goto(links["县教育局"])
    expect(education.locator("main")).not_to_contain_text("县水务局")
    say(education, "give_back", reason="管网归水务局，学校无异常", who="孙静")
    answer = education.goto(links["县教育局"])
    assert answer is not None
    assert answer.status == 404, "used up"

    water = visit(county, "", width=390)
    water.goto(links["县水务局"])
    say(water, "sign", who="唐蔚")
    say(water, "answer", text=ANSWER, who="唐蔚")
    ahead = str(water.locator(".link-out").text_content())
    instruction = f"/desk/instructions/{number}/"
    office.goto(instruction)
    expect(office.locator(".lanes")).not_to_contain_text(ANSWER)
    head = visit(county, "", width=390)
    head.goto(ahead)
    expect(head.locator("main")).to_contain_text(ANSWER)
    say(head, "approve", who="罗局长")

    office.goto(instruction)
    for words, slug, reason in (("管网归水务局", "recall", "不归教育局"), (ANSWER, "accept", "")):
        row = office.locator(".lanes li", has_text=words)
        task = str(row.locator("a[data-main]").get_attribute("href"))
        act(office, f"{task}{slug}/", lambda page, reason=reason: page.fill("[name=reason]", reason) if reason else None)
        office.goto(instruction)
    act(office, f"{instruction}report/", lambda page: expect(page.locator("[name=text]")).to_have_value(re.compile(ANSWER)))
    assert office.request.get(f"{instruction}accept/").status == 403, "only the leader is content"

    leader.goto("/desk/")
    send(leader, f".todo a[href='{instruction}']")
    expect(leader.locator("main")).to_contain_text(ANSWER)
    send(leader, f"form[action='{instruction}accept/'] button")
    office.goto("/desk/")
    send(office, f".todo form[action='{instruction}close/'] button")
    assert county.rows("select state from instructions_instruction where number = %s", (number,)) == [("closed",)]
    office.goto(instruction)
    expect(office.locator(".trail .done")).to_have_count(5)
    office.goto(f"/desk/flash/{ref}/")
    expect(office.locator("main")).to_contain_text("销号")
