"""What people come to do, each role from its first screen on, with a keyboard, on a phone, without script, with an input method."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
BOTH = pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 390)])
CURRENT = "[data-row][aria-current=true]"


def number(text: str | None) -> int:
    """“1,318” → 1318."""
    found = re.search(r"\d[\d,]*", text or "")
    assert found, text
    return int(found[0].replace(",", ""))


def item_of(row: Locator) -> str:
    return str(row.get_attribute("id")).removeprefix("item-")


def state_of(county: House, key: str) -> tuple[Any, ...]:
    return county.rows("select state, tone, story_id, for_bulletin from stream_item where key = %s", (key,))[0]


def await_state(page: Page, county: House, key: str, wanted: str) -> None:
    """The server has done it; the page learns of it by its own request."""
    for _try in range(200):
        if state_of(county, key)[0] == wanted:
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"the item is {state_of(county, key)[0]}, not {wanted}")


def waiting(county: House) -> int:
    return int(county.rows("select count(*) from stream_item where state = 'open'")[0][0])


@pytest.fixture
def waits(county: House) -> None:
    """Some items wait for triage, whatever the journeys before did."""
    county.change(
        "update stream_item set state = 'open', state_by_hand = false where state in ('open', 'in_story') and story_confidence < 0.9 and collected_at >"
        " (select max(collected_at) - interval '6 hours' from stream_item)"
    )
    county.change("update stream_item set suggested_story_id = story_id where state = 'open' and suggested_story_id is null")


# ---------------------------------------------------------------- the duty officer


@BOTH
def test_the_duty_officer_takes_up_a_story_and_gives_it_a_level(visit: Visit, county: House, language: str, width: int) -> None:
    county.change(
        "update stories_story set state = 'rising', level = 3, level_by_hand = false where level <= 3 and state in ('rising', 'handling')"
    )
    page = visit(county, "linxiao", language=language, width=width)
    page.goto("/desk/")
    row = page.locator("[data-row]").filter(has=page.locator("form[action$='/take-up/']")).first  # other rows may be more urgent
    number_of = str(row.locator("a[data-main]").get_attribute("href")).split("/")[3]
    row.get_by_role("button", name=re.compile("Take up|开始办理")).click()
    expect(page.locator("#toast")).to_contain_text(re.compile("Take up|开始办理"))
    assert county.rows("select state from stories_story where number = %s", (number_of,)) == [("handling",)]
    page.goto(f"/desk/stories/{number_of}/")
    if width > 1000:
        page.keyboard.press("l")
    else:
        page.locator(f"a[href*='{number_of}/set-level/']").last.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("input[name=level][value='2']").check()
    dialog.locator("input[name=reason]").fill("涉及面广")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".storyhead .lv2")).to_be_visible()
    page.locator("#undo button").click()
    expect(page.locator(".storyhead .lv3")).to_be_visible()


def test_triage_by_keys_with_undo(visit: Visit, county: House, waits: None) -> None:
    page = visit(county, "linxiao")
    page.goto("/desk/stream/")
    first = item_of(page.locator(CURRENT))
    before = state_of(county, first)
    page.keyboard.press("1")
    await_state(page, county, first, "in_story")
    expect(page.locator("#toast #undo")).to_be_visible()
    assert item_of(page.locator(CURRENT)) != first, "the cursor went on"
    page.keyboard.press("u")
    await_state(page, county, first, "open")
    assert state_of(county, first) == before
    page.keyboard.press("j")
    second = item_of(page.locator(CURRENT))
    page.keyboard.press("3")
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("input[name=reason]").first).to_be_focused()
    page.keyboard.press("Control+Enter")
    await_state(page, county, second, "not_us")
    expect(page.locator("#toast")).to_contain_text("与本地无关")
    page.keyboard.press("u")
    await_state(page, county, second, "open")


def test_many_at_once_are_taken_back_at_once(visit: Visit, county: House, waits: None) -> None:
    page = visit(county, "linxiao")
    page.goto("/desk/stream/")
    before = waiting(county)
    for key in ("x", "j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk] [data-count]")).to_have_text("3")
    page.locator("[data-bulk] button[formaction$='/join/']").click()
    expect(page.locator("#toast #undo")).to_be_visible()
    assert waiting(county) == before - 3
    page.keyboard.press("u")
    expect(page.locator(".note")).to_be_visible()
    assert waiting(county) == before


def test_triage_without_script(visit: Visit, county: House, waits: None) -> None:
    page = visit(county, "linxiao", script=False)
    page.goto("/desk/stream/")
    row = page.locator("[data-row]").first
    key = item_of(row)
    row.locator("summary").click()
    row.locator("button[formaction$='/join/']").click()
    assert state_of(county, key)[0] == "in_story"
    page.locator("#undo button").click()
    assert state_of(county, key)[0] == "open"
    page.locator(f"#item-{key} summary").click()
    page.locator(f"#item-{key} a[href*='/not-us/']").click()
    page.locator("main form button.pri").click()
    assert state_of(county, key)[0] == "not_us"
    page.locator("#undo button").click()
    assert state_of(county, key)[0] == "open"


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("who", ["linxiao", "limin", "liuming", "tangwei"])
def test_every_figure_of_today_opens_a_list_of_as_many(visit: Visit, county: House, who: str) -> None:
    page = visit(county, who, language="en")
    page.goto("/desk/")
    figures = [(number(link.locator("b").inner_text()), str(link.get_attribute("href"))) for link in page.locator(".funnel a").all()]
    figures += [(number(link.inner_text()), str(link.get_attribute("href"))) for link in page.locator(".stories .big a").all()]
    assert len(figures) >= 5
    for figure, address in figures:
        page.goto(address)
        shown = page.locator(".head .n").inner_text()
        assert number(shown) == figure or (shown.endswith("+") and figure >= number(shown)), (address, shown, figure)


def test_the_number_beside_today_is_the_length_of_its_list(visit: Visit, county: House) -> None:
    page = visit(county, "linxiao")
    page.goto("/desk/")
    assert number(page.locator("#count-today").inner_text()) == page.locator(".todo > li").count()


def test_tabs_and_facets_say_how_many_there_are(visit: Visit, county: House) -> None:
    page = visit(county, "linxiao")
    for address, links in (("/desk/stories/", ".tabs a"), ("/desk/stories/", ".facets a"), ("/desk/stream/?state=ours", ".facets a")):
        page.goto(address)
        found = [(number(link.locator("span").last.inner_text()), str(link.get_attribute("href"))) for link in page.locator(links).all()]
        assert found
        for figure, there in found[:6]:
            page.goto(f"{address.partition('?')[0]}{there}")
            assert number(page.locator(".head .n").inner_text()) == figure, there


# ---------------------------------------------------------------- other roles


@BOTH
def test_an_editor_sees_the_past_of_a_watch_while_writing(visit: Visit, county: House, language: str, width: int) -> None:
    page = visit(county, "limin", language=language, width=width)
    page.goto("/desk/watches/new/")
    page.fill("[name=name]", f"夜市 {language}")
    page.fill("[name=query]", "夜市 AND (")
    expect(page.locator("#preview mark")).to_be_visible()
    page.fill("[name=query]", "夜市 OR 摊位")
    expect(page.locator("#preview .irow").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/desk/watches/(?!new)"))
    expect(page.locator("h1")).to_contain_text("夜市")
    county.change("delete from stream_watch where name = %s", (f"夜市 {language}",))


def test_level_one_is_proposed_and_a_leader_decides(visit: Visit, county: House) -> None:
    story = county.rows("select number from stories_story where item_count > 3 and level = 4 and state = 'new' order by id limit 1")[0][0]
    duty = visit(county, "linxiao")
    duty.goto(f"/desk/stories/{story}/propose-level-one/")
    duty.fill("[name=reason]", "可能波及全县")
    duty.press("[name=reason]", "Control+Enter")
    duty.wait_for_url(f"**/desk/stories/{story}/")
    leader = visit(county, "liuming", width=390)
    leader.goto("/desk/")
    leader.locator(f".todo a.btn[href*='{story}/set-level/']").click()
    leader.locator("input[name=level][value='1']").check()
    leader.fill("[name=reason]", "同意")
    leader.locator("form button.pri").click()
    expect(leader.locator(".storyhead .lv1")).to_be_visible()
    assert county.rows("select level from stories_story where number = %s", (story,)) == [(1,)]
    leader.goto("/desk/")
    assert leader.locator(f".todo a[href*='{story}/set-level/']").count() == 0


@BOTH
def test_a_unit_officer_sees_the_own_unit_and_nothing_else(visit: Visit, county: House, language: str, width: int) -> None:
    page = visit(county, "tangwei", language=language, width=width)
    page.goto("/desk/stories/?state=all")
    own = {
        row[0]
        for row in county.rows(
            "select number from stories_story where unit_id = (select unit_id from accounts_user where username = 'tangwei')"
        )
    }
    shown = [str(link.get_attribute("href")).split("/")[3] for link in page.locator("td.st a[data-main]").all()]
    assert shown
    assert set(shown) <= own
    other = county.rows(
        "select number from stories_story where unit_id <> (select unit_id from accounts_user where username = 'tangwei') limit 1"
    )[0][0]
    answer = page.goto(f"/desk/stories/{other}/")
    assert answer is not None
    assert answer.status == 404
    page.goto(f"/desk/stories/{shown[0]}/")
    assert page.locator("[data-key=l], [data-key=c], [data-key=a]").count() == 0


@BOTH
def test_the_administrator_changes_a_setting_and_it_stands_in_the_audit(visit: Visit, county: House, language: str, width: int) -> None:
    page = visit(county, "chenli", language=language, width=width)
    page.goto("/desk/settings/judge/")
    field = page.locator("li[id='judge.rising_items'] input").first
    field.fill("7")
    field.press("Control+Enter")
    expect(page.locator(".note.ok, #toast span").first).to_be_visible()
    expect(page.locator("li[id='judge.rising_items'] input").first).to_have_value("7")
    page.locator("li[id='judge.rising_items'] .plainlink").click()
    expect(page.locator("li[id='judge.rising_items'] input").first).to_have_value("5")
    page.goto("/desk/audit/")
    expect(page.locator("[data-row]").first).to_contain_text(re.compile("Chen Li|陈立"))


@BOTH
def test_the_auditor_checks_the_chain_and_reads_no_story(visit: Visit, county: House, language: str, width: int) -> None:
    page = visit(county, "fangzheng", language=language, width=width)
    page.goto("/desk/audit/")
    page.locator("form[action='/desk/audit/check/'] button").click()
    expect(page.locator(".chainstate.holds")).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("button", name=re.compile("CSV")).click()
    assert coming.value.suggested_filename.endswith(".csv")
    answer = page.goto("/desk/stories/")
    assert answer is not None
    assert answer.status == 403


# ---------------------------------------------------------------- keys, input methods, the palette


def test_the_palette_knows_pinyin_initials_and_arrows(visit: Visit, county: House) -> None:
    page = visit(county, "linxiao")
    page.goto("/desk/")
    page.keyboard.press("/")
    expect(page.locator("dialog[open] input[type=search]")).to_be_focused()
    page.keyboard.type("xswj")
    hit = page.locator("#go-hits a[href='/desk/stories/?unit=water']")
    expect(hit).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#go-hits a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/stories/?unit=water")
    page.keyboard.press("/")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/desk/watches/")


def test_an_input_method_sends_one_query_and_presses_no_key(visit: Visit, county: House, waits: None) -> None:
    page = visit(county, "linxiao")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/desk/go/?q=" in request.url else None)
    page.goto("/desk/stream/")
    open_before, where = waiting(county), item_of(page.locator(CURRENT))
    method = page.context.new_cdp_session(page)
    for letter in "j13u":  # keys that an input method eats: the browser says 229
        method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": letter, "windowsVirtualKeyCode": 229})
        method.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter, "windowsVirtualKeyCode": 229})
    assert (waiting(county), item_of(page.locator(CURRENT))) == (open_before, where)
    page.keyboard.press("/")
    expect(page.locator("dialog[open] input[type=search]")).to_be_focused()
    for syllables in ("z", "zi", "zi l", "zi lai", "zi lai sh", "zi lai shui"):
        method.send("Input.imeSetComposition", {"text": syllables, "selectionStart": len(syllables), "selectionEnd": len(syllables)})
        page.wait_for_timeout(300)  # longer than the pause after which a query would go
    method.send("Input.insertText", {"text": "自来水"})
    expect(page.locator("#go-hits a").last).to_contain_text("自来水")
    assert len(asked) == 1, asked


def test_shortcuts_that_are_switched_off_do_nothing(visit: Visit, county: House, waits: None) -> None:
    page = visit(county, "linxiao", shortcuts=False)
    page.goto("/desk/stream/")
    before, where = waiting(county), page.locator(CURRENT).get_attribute("id")
    for key in ("j", "1", "3", "x", "/", "?", "g", "t"):
        page.keyboard.press(key)
    assert (waiting(county), page.locator(CURRENT).get_attribute("id")) == (before, where)
    assert page.locator("dialog[open]").count() == 0
    assert page.url.endswith("/desk/stream/")
    shown = [key for key in page.locator("main .acts kbd, .hintbar kbd, .find kbd").all() if key.is_visible()]
    assert not shown, "a key that does nothing is not shown"


def test_letters_in_a_field_are_letters(visit: Visit, county: House, waits: None) -> None:
    page = visit(county, "linxiao")
    before = waiting(county)
    page.goto("/desk/stories/")
    page.locator("#q").focus()
    page.keyboard.type("j1xug")
    assert page.locator("#q").input_value() == "j1xug"
    page.goto("/desk/audit/")
    page.locator("#a-act").focus()
    page.keyboard.press("u")
    assert waiting(county) == before


def test_the_whole_desk_by_tab(visit: Visit, county: House) -> None:
    """The first stop leads past the rail; then the stops follow the order of the page and leave it again."""
    page = visit(county, "linxiao")
    page.goto("/desk/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    tops = []
    for _stop in range(12):
        tops.append(
            page.evaluate("(() => { const b = document.activeElement.getBoundingClientRect(); return Math.round(b.top + scrollY); })()")
        )
        page.keyboard.press("Tab")
    assert all(after >= before - 40 for before, after in pairwise(tops)), tops


def test_a_dialog_gives_the_focus_back(visit: Visit, county: House) -> None:
    page = visit(county, "linxiao")
    page.goto("/desk/")
    opener = page.locator(".dayhead a[href='/desk/notes/new/']")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open] textarea")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open] .errors, dialog[open] .bad").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


# ---------------------------------------------------------------- the door


@BOTH
def test_the_door(visit: Visit, county: House, language: str, width: int) -> None:
    page = visit(county, "", language=language, width=width)
    page.goto("/desk/stories/")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type("wuhao")
    page.fill("[name=password]", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    assert page.title().startswith(("Error: ", "错误：", "有误："))
    page.fill("[name=username]", "wuhao")
    page.fill("[name=password]", "demo county 2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/stories/")
