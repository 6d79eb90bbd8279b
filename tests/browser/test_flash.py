"""A flash report in a browser: the story's page, one key, the check page, sent; and the leader who opens it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import faults
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
REPORTED = (
    "select s.number from stories_story s join flash_report r on r.story_id = s.id where r.state = 'sent' and s.state <> 'closed'"
    " and s.merged_into_id is null order by r.sent_at desc limit 1"
)


def picture(page: Page, name: str) -> None:
    """For the eye, with GROUNDSWELL_PICTURES=folder."""
    if folder := os.environ.get("GROUNDSWELL_PICTURES"):
        page.screenshot(path=f"{folder}/flash-{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 390)])
def test_from_the_story_by_one_key_to_the_leader(visit: Visit, county: House, language: str, width: int) -> None:
    number = str(county.rows(REPORTED)[0][0])
    page = visit(county, "linxiao", language=language, width=width)
    page.goto(f"/desk/stories/{number}/")
    picture(page, f"story-{width}")
    if width > 1000:
        page.keyboard.press("r")
    else:
        page.locator(f"form[action='/desk/stories/{number}/flash/'] button").click()
    page.wait_for_url("**/check/")
    picture(page, f"check-{width}")
    assert not faults.axe(page)
    ref = page.url.split("/")[-3]
    reason = page.locator("#id_reason")
    if reason.count():
        reason.fill("事急，先报后核")
    page.locator("#send button.pri").click()
    page.wait_for_url(f"**/desk/flash/{ref}/")
    expect(page.locator("#toast")).to_contain_text(re.compile("已发出|Sent as"))
    expect(page.locator("#readers li").first).to_be_visible()
    picture(page, f"report-{width}")
    assert county.rows("select state, number is not null, frozen_hash <> '' from flash_report where ref = %s", (ref,)) == [
        ("sent", True, True)
    ]
    leader = visit(county, "liuming", language=language, width=width)
    leader.goto("/desk/")
    picture(leader, f"leader-{width}")
    leader.locator(f".todo a.btn[href='/desk/flash/{ref}/']").click()
    leader.wait_for_url(f"**/desk/flash/{ref}/")
    assert county.rows(
        "select count(*) from flash_delivery d join flash_report r on r.id = d.report_id join accounts_user u on u.id = d.user_id"
        " where r.ref = %s and u.username = 'liuming' and d.read_at is not null",
        (ref,),
    ) == [(1,)]


def test_screens_to_look_at(visit: Visit, county: House) -> None:
    if not os.environ.get("GROUNDSWELL_PICTURES"):
        pytest.skip("only for the eye")
    for width in (1440, 390):
        page = visit(county, "linxiao", width=width)
        for name, address in (("today", "/desk/"), ("list", "/desk/flash/"), ("charge", "/desk/people/charge/")):
            page.goto(address)
            picture(page, f"{name}-{width}")
        number = str(county.rows(REPORTED)[0][0])
        page.goto(f"/desk/stories/{number}/telephone/")
        picture(page, f"telephone-{width}")
        for n, (ref,) in enumerate(county.rows("select ref from flash_report where state = 'sent' order by id")):
            page.goto(f"/desk/flash/{ref}/")
            picture(page, f"old{n}-{width}")
    dark = visit(county, "linxiao", width=1440, theme="dark", language="en")
    ref = county.rows("select ref from flash_report where state = 'sent' order by id desc")[0][0]
    dark.goto(f"/desk/flash/{ref}/")
    picture(dark, "dark")
    report = visit(county, "limin", width=390)
    for paper in ("zh-hans", "en"):
        answer = report.request.get(f"/desk/flash/{ref}/file.png?paper={paper}")
        with open(f"{os.environ['GROUNDSWELL_PICTURES']}/flash-long-{paper}.png", "wb") as stream:
            stream.write(answer.body())
