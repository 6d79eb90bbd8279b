"""A lead by one key from the stream, through its keeper's hands to the public; and for everybody else an address that does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults
from tests.browser.ground import PASSWORD
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]


def go(page: Page, address: str) -> None:
    """ADDRESS, with the password where the pages are locked by now."""
    page.goto(address)
    if page.locator("#unlock_password").count():
        page.fill("#unlock_password", PASSWORD)
        sent(page, "main form button.pri")
        page.goto(address)


def sent(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()
    expect(page.locator(".errors")).to_have_count(0)


def read(page: Page, lead: str, why: str) -> None:
    go(page, lead)
    page.check(f"input[name=why][value={why}]")
    sent(page, "form[action$='/read/'] button.pri")


def act(page: Page, lead: str, slug: str, fill: Callable[[Page], object]) -> None:
    go(page, f"{lead}{slug}/")
    fill(page)
    sent(page, "main form button.pri")


def test_from_the_stream_to_the_public(visit: Visit, county: House) -> None:
    duty = visit(county, "linxiao")
    duty.goto("/desk/stream/?state=ours")
    duty.keyboard.press("j")
    current = duty.locator("[data-row][aria-current=true]")
    expect(current).to_have_count(1)
    said = (current.locator("a[data-main] b").text_content() or "").strip()
    with duty.expect_navigation():
        duty.keyboard.press("9")
    toast = duty.locator("#toast")
    expect(toast).to_contain_text("已移交线索员：XS-")
    number = re.findall(r"XS-\d{4}-\d{4}", toast.text_content() or "")[0]
    lead = f"/desk/leads/{number}/"

    keeper = visit(county, "qiaoyun", script=False)
    go(keeper, "/desk/leads/")
    expect(keeper.locator("main")).to_contain_text(number)
    go(keeper, lead)
    expect(keeper.locator("main")).not_to_contain_text(said[:12])
    read(keeper, lead, "screen")
    expect(keeper.locator("main")).to_contain_text(said[:12])
    assert faults.frame(keeper, "zh-hans") == []
    act(keeper, lead, "screen", lambda page: page.locator("input[name=organ]").first.check())
    act(keeper, lead, "transfer", lambda page: page.fill("textarea[name=letter]", "请依规办理。"))
    with keeper.expect_download() as packed:
        keeper.locator(f"a[href='{lead}package/']").click()
    assert packed.value.path().read_bytes().startswith(b"age-encryption.org/v1")
    act(keeper, lead, "receipt", lambda page: page.fill("input[name=number]", "收字第1号"))
    act(keeper, lead, "feedback", lambda page: (page.check("input[value=partly]"), page.fill("textarea[name=text]", "部分属实，已整改。")))
    act(keeper, lead, "name-leader", lambda page: page.select_option("select[name=leader]", index=1))
    leader = county.rows(
        "select u.username from leads_lead_leaders l join accounts_user u on u.id = l.user_id join leads_lead d on d.id = l.lead_id "
        "where d.number = %s",
        (number,),
    )[0][0]
    go(keeper, f"{lead}outcome/")
    keeper.fill("input[name=title]", "一项反映的核查结果")
    keeper.fill("textarea[name=text]", "电话13912345678")
    keeper.locator("main form button.pri").click()
    expect(keeper.locator(".errors")).to_contain_text("13912345678")
    keeper.fill("textarea[name=text]", "经核查，反映的问题部分属实，已责令整改。")
    sent(keeper, "main form button.pri")

    passes = visit(county, leader, script=False, width=390)
    read(passes, lead, "outcome")
    act(passes, lead, "pass-outcome", lambda page: page.check("input[name=knowing]"))
    act(keeper, lead, "publish", lambda page: page.check("input[name=sure]"))
    public = visit(county, "", script=False, width=390)
    public.goto("/outcomes/")
    expect(public.locator("main")).to_contain_text("经核查，反映的问题部分属实，已责令整改。")
    expect(public.locator("main")).not_to_contain_text(number)
    assert faults.reflow(public, 390) == []

    for who in ("linxiao", "limin", "chenli", "fangzheng"):
        page = visit(county, who)
        for address in ("/desk/leads/", lead, f"{lead}outcome/", f"{lead}package/"):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 404, f"{who} {address}"
        expect(page.locator("a[href^='/desk/leads/']")).to_have_count(0)
    nobody = visit(county, "", script=False)
    for address in ("/desk/leads/", lead, f"{lead}package/", "/desk/no-such-screen/"):  # who is not signed in learns as little
        nobody.goto(address)
        assert nobody.url == f"{county.base}/desk/sign-in/?next={address}"
