"""Every screen for everybody: axe finds nothing, nothing runs out of a phone, every stop and target can be seen and hit."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from groundswell.desk.spine.shell import PLACES
from tests.browser import faults
from tests.browser.atlas import Atlas, is_act, one_of_each_form, routes
from tests.browser.conftest import PEOPLE, SIZES
from tests.browser.ground import PASSWORD
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Visit = Callable[..., Page]
ROUTES = one_of_each_form([route for route in routes() if not route.startswith("health/")])
DESK = ("desk/", "t/", "f/", "z/")
# Answers that no link leads to: they are parts of a page, files, or need what only a letter brings.
NO_SCREEN = {
    "desk/live/": "parts of the frame, asked by the frame itself",
    "desk/stream/newer/": "a part of the stream",
    "desk/bulletins/<slug:series>/<int:year>/<slug:ref>/sign/": "only while an issue waits for a signature, as below",
    "desk/enter/<slug:key>/picture/": "needs a picture in the sealed archive; the tests of entering by hand look at it",
    "desk/enter/<slug:key>/picture/<str:token>/": "the picture itself",
    "desk/judgement/corrections/<int:pk>/": "leads on to the list of its month",
    "desk/link/<str:token>/": "tested with a link of its own below",
    "desk/judgement/corrections/<str:ref>/revoke/": "needs a correction; the tests of judgement make one",
    "desk/zero-reports/<int:pk>/": "the county asks for no zero reports; the tests of the roster do",
    "desk/zero-reports/<str:ref>/nothing/": "likewise",
    "desk/zero-reports/<str:ref>/tell/": "likewise",
    "z/<str:token>/": "likewise: the unit's own page behind a link",
    "desk/leads/awake/": "no page: whether the pages of leads are locked by now",
    "desk/leads/certificates/<str:number>/": "needs something destroyed; the tests of leads do",
    "desk/leads/<str:number>/package/": "a file, once the lead was transferred; the tests of leads take one",
    "desk/leads/<str:number>/file/<str:code>/": "a file of a lead; the tests of leads attach one",
    "calendar/<str:secret>.ics": "a file behind a secret address",
    "desk/plans/library/<str:ref>/restore/": "only while a plan is out of use; the tests of plans take one out of it",
    "desk/plans/versions/<int:pk>/": "leads on to the version's page",
    "desk/plans/responses/<str:ref>/review/": "only while a drill that ended is not reviewed; the journey of a drill does it",
    "desk/consultations/<str:ref>/minutes/": "only after a consultation has begun; the tests of consultations do it",
    "desk/tasks/<int:pk>/scan/": "the scan itself",
    "f/<str:token>/": "a leader's flash report by its one-time read link; the tests of flash reports open it",
    "t/<str:token>/": "a unit's task by its one-time link, as below",
}


@pytest.fixture(scope="session")
def atlas(county: House, browser_folder: Path) -> Atlas:
    return Atlas(county, PEOPLE, browser_folder / "atlas")


def leave(page: Page, act: Callable[[], object]) -> None:
    """ACT leads to another page; only that one is looked at."""
    with page.expect_navigation():
        act()


def everything(page: Page, language: str = "zh-hans") -> list[str]:
    """Everything that can be wrong on the page that is open, at both widths."""
    wrong = faults.frame(page, language) + [f"1440: {words}" for words in faults.axe(page)]
    wrong += faults.unseen_focus(page)
    wrong += faults.reflow(page, 390) + [f"390: {words}" for words in faults.axe(page) + faults.small_targets(page)]
    wrong += faults.reflow(page, faults.NARROW)
    page.set_viewport_size({"width": 1280, "height": 800})
    return wrong + faults.spaced(page)


def of_a_form(page: Page, language: str) -> list[str]:
    """What can be wrong with the words and fields of one act; the frame around it was looked at on other screens."""
    return (
        faults.frame(page, language)
        + faults.reflow(page, 390)
        + faults.axe(page)
        + faults.small_targets(page)
        + faults.reflow(page, faults.NARROW)
    )


def picture(page: Page, name: str) -> None:
    """For the eye: with GROUNDSWELL_PICTURES=folder every screen is also drawn, at both widths."""
    folder = os.environ.get("GROUNDSWELL_PICTURES")
    for width, size in SIZES.items() if folder else ():
        page.set_viewport_size(size)
        page.screenshot(path=f"{folder}/{name}.{width}.png", full_page=True)
    page.set_viewport_size(SIZES[1440])


def look(visit: Visit, county: House, atlas: Atlas, route: str, *, brief: bool = False, **how: str) -> None:
    found = atlas.find(route)
    assert found is not None, (
        f"no link leads anybody to {route}, and it does not answer with what links lead to elsewhere. A view that only takes POST says so "
        "by require_POST; a part of a page or a file stands in NO_SCREEN."
    )
    if found.kind != "page":
        return
    if not route.startswith(DESK):  # the public's pages speak the language of their address
        how["language"] = "en" if route.startswith("en/") else "zh-hans"
    page = visit(county, PEOPLE.get(found.role, ""), **how)
    answer = page.goto(found.address)
    assert answer is not None
    assert answer.status == 200, found
    if page.locator("#unlock_password").count():  # locked after ten minutes without use
        page.fill("#unlock_password", PASSWORD)
        leave(page, page.locator("main form button.pri").click)
        page.goto(found.address)
    picture(page, "-".join([re.sub(r"\W+", "-", route).strip("-") or "portal", *how.values()]))
    wrong = (of_a_form if brief and is_act(route) else everything)(page, how.get("language", "zh-hans"))
    assert not wrong, f"{found.address} as {found.role}:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "route", [pytest.param(route, marks=[pytest.mark.soak] if is_act(route) else []) for route in ROUTES if route not in NO_SCREEN]
)
def test_screen(visit: Visit, county: House, atlas: Atlas, route: str) -> None:
    look(visit, county, atlas, route, brief=True)


@pytest.mark.soak
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "dark"), ("en", "light"), ("en", "dark")])
@pytest.mark.parametrize("route", [route for route in ROUTES if route not in NO_SCREEN])
def test_screen_in_every_dress(visit: Visit, county: House, atlas: Atlas, route: str, language: str, theme: str) -> None:
    look(visit, county, atlas, route, language=language, theme=theme)


# ---------------------------------------------------------------- what the instruments must find, and states that no address has


def test_the_instruments_find_what_is_wrong(visit: Visit, county: House) -> None:
    page = visit(county, "")
    page.goto("/desk/sign-in/")
    page.evaluate(
        """() => {
      document.documentElement.lang = "de"; document.title = "";
      document.querySelector("main").insertAdjacentHTML("beforeend",
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs="><a id="bare" href="/">a</a><a href="/">b</a><p>&lt;function x at 0x7f&gt;</p><div id="wide">' + "W".repeat(90) + "</div>");
      const sheet = new CSSStyleSheet(); sheet.replaceSync("#bare{outline:none!important;font-size:8px}#wide{white-space:nowrap}");
      document.adoptedStyleSheets = [sheet];
    }"""
    )
    wrong = "\n".join(everything(page))
    for words in (
        "image-alt",
        "document-title",
        "lang is de",
        "px too wide",
        "target under 24 px: a",
        "no outline in focus: a",
        "not for people",
    ):
        assert words in wrong, (words, wrong)


STATES: dict[str, tuple[str, str, Callable[[Page], object]]] = {
    "the door after a wrong password": (
        "",
        "/desk/sign-in/",
        lambda page: (page.fill("[name=username]", "x"), leave(page, lambda: page.keyboard.press("Enter"))),
    ),
    "a link that signs in": ("", "/desk/link/abc/", lambda page: None),
    "a note's dialog": ("linxiao", "/desk/", lambda page: page.keyboard.press("n")),
    "a dialog with a fault": ("linxiao", "/desk/notes/new/", lambda page: page.locator("main form button.pri").click()),
    "putting off": ("linxiao", "/desk/", lambda page: page.keyboard.press("z")),
    "the palette": ("linxiao", "/desk/", lambda page: page.keyboard.press("/")),
    "the keys": ("linxiao", "/desk/", lambda page: page.keyboard.press("?")),
    "the person's menu": ("linxiao", "/desk/", lambda page: page.locator(".onduty summary").click()),
    "a row's menu": ("linxiao", "/desk/stream/?state=ours", lambda page: page.locator("[data-row] summary").first.click()),
    "the bar for many": ("linxiao", "/desk/stream/?state=ours", lambda page: page.keyboard.press("x")),
    "the level's dialog": (
        "linxiao",
        "/desk/stories/",
        lambda page: (leave(page, page.locator("td.st a").first.click), page.keyboard.press("l")),
    ),
    "a toast with undo": ("linxiao", "/desk/stream/?state=ours", lambda page: page.keyboard.press("b")),
    "nothing fits": ("linxiao", "/desk/stream/?unit=nobody", lambda page: None),
    "no story fits": ("linxiao", "/desk/stories/?q=zzzz", lambda page: None),
    "a search with a fault": ("linxiao", "/desk/archive/?q=(", lambda page: None),
    "a search with nothing": ("linxiao", "/desk/archive/?q=zzzzzz", lambda page: None),
    "a search with hits": ("linxiao", "/desk/archive/?q=供水", lambda page: None),
    "no right": ("fangzheng", "/desk/stories/", lambda page: None),
    "no such page": ("linxiao", "/desk/nowhere/", lambda page: None),
    "no such page outside": ("", "/nowhere/", lambda page: None),
}
DIALOGS = {"a note's dialog", "putting off", "the palette", "the keys", "the level's dialog"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", STATES)
def test_state(visit: Visit, county: House, state: str, language: str) -> None:
    who, address, act = STATES[state]
    page = visit(county, who, language=language)
    page.goto(address)
    act(page)
    page.wait_for_load_state()
    if state in DIALOGS:
        expect(page.locator("dialog[open] *").first).to_be_visible()
    picture(page, f"state-{state.replace(' ', '-')}-{language}")
    within = "details[open]" if "menu" in state else ""  # what an open menu covers is no target for the time being
    wrong = faults.words(page) + faults.axe(page, within) + faults.reflow(page, 390)
    wrong += [f"390: {words}" for words in faults.axe(page, within) + ([] if within else faults.small_targets(page))]
    assert not wrong, "\n".join(wrong)


def test_an_issue_that_waits_for_a_signature(visit: Visit, county: House) -> None:
    code, year, pk, state = county.rows(
        "select series_id, year, id, state from bulletins_issue where state <> 'issued' order by id desc limit 1"
    )[0]
    county.change("update bulletins_issue set state = 'signing' where id = %s", (pk,))
    page = visit(county, PEOPLE["leader"])
    answer = page.goto(f"/desk/bulletins/{code}/{year}/d{pk}/sign/")
    assert answer is not None
    assert answer.url.endswith("/sign/")
    picture(page, "desk-bulletins-sign")
    wrong = everything(page)
    county.change("update bulletins_issue set state = %s where id = %s", (state, pk))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", ["task.sent", "task.doing"])
def test_a_units_task_behind_its_link(visit: Visit, county: House, state: str, language: str) -> None:
    token = f"slip-{state}-{language}"
    county.change(
        "insert into cases_tasklink (task_id, unit_id, purpose, token_hash, made_at, expires_at, who, text, photo, sent_back)"
        " select id, unit_id, 'answer', %s, now(), '2100-01-01', '', '', '', '' from cases_task where state = %s order by id limit 1",
        (hashlib.sha256(token.encode()).hexdigest(), state),
    )
    page = visit(county, "", language=language)
    answer = page.goto(f"/t/{token}/")
    assert answer is not None
    assert answer.status == 200
    for box in page.locator("details").all():
        box.evaluate("box => { box.open = true; }")
    picture(page, f"slip-{state}-{language}")
    wrong = faults.words(page) + faults.axe(page) + faults.reflow(page, 390)
    wrong += [f"390: {words}" for words in faults.axe(page) + faults.small_targets(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("place", [place for place in PLACES if place.permission != "task.answer"], ids=lambda place: place.code)
def test_a_desk_on_its_first_day(visit: Visit, empty: House, place: Any) -> None:
    """Empty screens say what they are for; nothing on them is broken either."""
    page = visit(empty, "newcomer", language="en")
    answer = page.goto(place.url)
    assert answer is not None
    assert answer.status == 200
    picture(page, f"empty-{place.code}")
    wrong = everything(page, "en")
    assert not wrong, "\n".join(wrong)
