"""From a draft to what the public sees: written, reviewed, cleared, approved and published by different people, at both widths."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
TITLE = {1440: "清河镇二十一时恢复供水", 390: "清河镇二十二时检测合格"}


def act(page: Page, path: str, slug: str, fill: Callable[[Page], None] | None = None) -> None:
    """The act SLUG on its own page, without script: the form, the button, and where it leads."""
    page.goto(f"{path}{slug}/")
    if fill is not None:
        fill(page)
    with page.expect_navigation():
        page.locator("main form button.pri").click()
    expect(page.locator(".errors")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_from_a_draft_to_what_the_public_sees(visit: Visit, county: House, width: int) -> None:
    title = TITLE[width]
    writes = visit(county, "linxiao", width=width, script=False)
    writes.goto("/desk/releases/new/")
    writes.locator("input[name=kind][value=press]").check()
    writes.locator("textarea[name=clue]").fill("群众问什么时候恢复")
    with writes.expect_navigation():
        writes.locator("button[name=write]").click()
    path = re.sub(r"write/$", "", re.sub(r"^https?://[^/]+", "", writes.url))
    writes.locator("input[name=title]").fill(title)
    writes.locator("textarea[name=text]").fill("冲洗完成，检测合格，可以饮用。")
    writes.locator("textarea[name=sources]").fill("县疾控中心检测报告")
    writes.locator("input[name=signed]").fill("云岭县水务局")
    with writes.expect_navigation():
        writes.locator("main form button.pri").click()
    expect(writes.locator("h1")).to_contain_text(title)
    act(writes, path, "submit")
    act(visit(county, "limin", width=width, script=False), path, "pass-review")
    act(visit(county, "wuhao", width=width, script=False), path, "secrecy", lambda page: page.locator("input[value=clear]").check())
    act(visit(county, "liuming", width=width, script=False), path, "approve")
    stranger = visit(county, "", width=width, script=False)
    number = path.rstrip("/").rsplit("/", 1)[1]
    answer = stranger.goto(f"/releases/{number}/")
    assert answer is not None
    assert answer.status == 404, "not public before it is published"
    act(writes, path, "publish")
    for address, words in ((f"/releases/{number}/", "新闻通稿"), (f"/en/releases/{number}/", "Published in Chinese")):
        stranger.goto(address)
        expect(stranger.locator("h1")).to_have_text(title)
        expect(stranger.locator("main")).to_contain_text(words)
        expect(stranger.locator("main")).to_contain_text("云岭县水务局")
        assert stranger.locator("script").count() == 0
    seen = visit(county, "", width=width)  # the instruments need script; the page has none
    seen.goto(f"/releases/{number}/")
    assert not faults.axe(seen)
    assert not seen.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    for name in ("林晓", "李敏", "吴昊", "刘明"):
        expect(stranger.locator("body")).not_to_contain_text(name)
    stranger.goto("/releases/")
    expect(stranger.get_by_role("link", name=title)).to_be_visible()
