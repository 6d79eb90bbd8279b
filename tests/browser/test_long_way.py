"""The desk's long way in a browser: a call, a flash report, an instruction, two units behind their links, its closing; a swap of duty; zero reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
STORY = (
    "select number from stories_story where level = 2 and state in ('rising', 'handling', 'new') and merged_into_id is null"
    " and id not in (select story_id from flash_report) and id not in (select story_id from cases_case where story_id is not null)"
    " order by item_count desc limit 1"
)


def press(page: Page, act: str) -> None:
    """The button or link of an act on the page of its record, and what it leads to."""
    with page.expect_navigation():
        page.locator(f"main form[action$='/{act}/'] button, main a[href*='/{act}/']").first.click()


def send(page: Page, **said: str) -> None:
    """Fill the form that is open and send it."""
    form = page.locator("main form").filter(has=page.locator(".btn.pri, .acts .btn")).last
    for name, words in said.items():
        form.locator(f"[name='{name}']").fill(words)
    with page.expect_navigation():
        form.locator("button.pri").click()


@pytest.fixture
def heads_approve(visit: Visit, county: House) -> Iterator[None]:
    """A unit's head approves its answers by a link of its own."""

    def put(on: bool) -> None:
        page = visit(county, "chenli")
        page.goto("/desk/settings/links/")
        page.locator("[name='links__head_approves']").set_checked(on)
        with page.expect_navigation():
            page.locator("main form button.pri").click()

    put(True)
    yield
    put(False)


def test_from_the_call_to_the_closing_of_the_instruction(visit: Visit, county: House, heads_approve: None) -> None:
    story = str(county.rows(STORY)[0][0])
    duty = visit(county, "linxiao")
    duty.goto(f"/desk/stories/{story}/telephone/")
    send(duty, other="县委值班室", text="城区多处反映，正在核实，书面随后报。")
    assert county.rows("select count(*) from flash_call c join stories_story s on s.id = c.story_id where s.number = %s", (story,)) == [
        (1,)
    ]

    duty.goto(f"/desk/stories/{story}/")
    duty.keyboard.press("r")
    duty.wait_for_url("**/check/")
    ref = duty.url.split("/")[-3]
    if duty.locator("#id_reason").count():
        duty.locator("#id_reason").fill("事急，先报后核")
    duty.locator("#send button.pri").click()
    duty.wait_for_url(f"**/desk/flash/{ref}/")

    leader = visit(county, "songyuan", width=390)
    leader.goto(f"/desk/flash/{ref}/")
    with leader.expect_navigation():
        leader.locator("main a[href*='/desk/instructions/new/']").first.click()
    form = leader.locator("form[data-ctrl-enter]")
    form.locator("[name=text]").fill("查明原因，今天给群众一个说法。")
    for box in form.locator("[name=units]:checked").all():
        box.uncheck()
    for unit in ("县城管局", "县交通局"):
        box = form.get_by_label(unit, exact=True)
        if not box.is_visible():
            form.locator("details summary").first.click()
        box.check()
    with leader.expect_navigation():
        form.locator("button.pri").click()
    number = str(county.rows("select number from instructions_instruction order by id desc limit 1")[0][0])

    duty.goto(f"/desk/instructions/{number}/hand-out/")
    send(duty)
    tasks = [
        int(row[0])
        for row in county.rows(
            "select t.task_id from instructions_instruction_tasks t join instructions_instruction i on i.id = t.instruction_id"
            " where i.number = %s order by t.task_id",
            (number,),
        )
    ]
    assert len(tasks) == 2

    returned, answered = tasks
    unit = visit(county, "", width=390)
    unit.goto(_link(duty, returned))
    unit.locator("details", has_text="不属于本单位").locator("summary").click()
    unit.locator("[name='give_back-reason']").fill("该路段由住建部门管养")
    unit.locator("[name='give_back-who']").fill("马强")
    with unit.expect_navigation():
        unit.locator("form", has=unit.locator("[name='give_back-who']")).locator("button").click()
    assert county.rows("select state from cases_task where id = %s", (returned,)) == [("task.returned",)]

    other = visit(county, "", width=390)
    other.goto(_link(duty, answered))
    other.locator("[name='sign-who']").fill("张楠")
    with other.expect_navigation():
        other.locator("form", has=other.locator("[name='sign-who']")).locator("button").click()
    other.locator("[name='answer-text']").fill("已查明，系施工围挡所致，今晚拆除。")
    other.locator("[name='answer-who']").fill("张楠")
    with other.expect_navigation():
        other.locator("form", has=other.locator("[name='answer-text']")).locator("button").click()
    assert county.rows("select state from cases_task where id = %s", (answered,)) == [("task.doing",)], "its head has not approved it"
    head = visit(county, "", width=390)
    head.goto(other.locator(".link-out").inner_text().strip())
    head.locator("[name='approve-who']").fill("局长")
    with head.expect_navigation():
        head.locator("form", has=head.locator("[name='approve-who']")).locator("button").click()
    assert county.rows("select state from cases_task where id = %s", (answered,)) == [("task.answered",)]

    duty.goto(f"/desk/tasks/{returned}/recall/")
    send(duty, reason="另行交办住建局")
    duty.goto(f"/desk/tasks/{answered}/")
    press(duty, "accept")
    duty.goto(f"/desk/instructions/{number}/report/")
    send(duty)
    leader.goto(f"/desk/instructions/{number}/")
    press(leader, "accept")
    duty.goto(f"/desk/instructions/{number}/")
    press(duty, "close")
    assert county.rows("select state from instructions_instruction where number = %s", (number,)) == [("closed",)]


def _link(duty: Page, task: int) -> str:
    """A one-time link of a task, as the desk sees it once."""
    duty.goto(f"/desk/tasks/{task}/make-link/")
    with duty.expect_navigation():
        duty.locator("main form button.pri").click()
    return str(duty.locator("#link").input_value())


def test_a_swap_of_duty_asked_and_agreed(visit: Visit, county: House) -> None:
    asks = visit(county, "wuhao")
    asks.goto("/desk/roster/swaps/")
    asks.goto(str(asks.locator("a[href$='/swap/']").last.get_attribute("href")))
    asks.locator("[name=other]").select_option(str(county.rows("select id from accounts_user where username = 'hanmei'")[0][0]))
    with asks.expect_navigation():
        asks.locator("main form button.pri").click()
    pk = county.rows("select max(id) from roster_swap")[0][0]
    other = visit(county, "hanmei", width=390)
    other.goto(f"/desk/roster/swaps/{pk}/")
    press(other, "agree")
    assert county.rows("select state from roster_swap where id = %s", (pk,)) == [("holds",)]


def test_zero_reports_with_one_unit_missing(visit: Visit, county: House) -> None:
    county.change(
        "insert into roster_zeroreport (unit_id, day, due_at, state, text, token_hash, version) select id, '2026-11-23', '2026-11-23T07:30:00Z',"
        " case when code in ('water', 'housing') then 'missing' else 'nothing' end, '', '', 0 from accounts_unit where is_active"
        " on conflict do nothing"
    )
    duty = visit(county, "linxiao")
    duty.goto("/desk/zero-reports/")
    pk = county.rows("select z.id from roster_zeroreport z join accounts_unit u on u.id = z.unit_id where u.code = 'water'")[0][0]
    with duty.expect_navigation():
        duty.locator(f"form[action='/desk/zero-reports/{pk}/link/'] button").click()
    unit = visit(county, "", width=390)
    unit.goto(duty.locator("#address").input_value())
    with unit.expect_navigation():
        unit.locator("button[name=nothing]").click()
    duty.goto("/desk/zero-reports/")
    assert county.rows("select count(*) from roster_zeroreport where state = 'missing'") == [(1,)]
    expect(duty.locator("main")).to_contain_text("县住建局")
    county.change("delete from roster_zeroreport")
