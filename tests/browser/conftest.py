"""A real browser at the real product: who signs in, in which language, theme and width; and what went wrong on the pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from groundswell.demo.county import NOW
from tests.browser import house as houses
from tests.browser.ground import PASSWORD
from tests.browser.house import House

IN_THE_NIGHT = datetime.fromisoformat("2026-11-24T02:16:00+08:00")
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
PEOPLE = {
    "duty": "linxiao",
    "editor": "limin",
    "unit_officer": "tangwei",
    "leader": "liuming",
    "administrator": "chenli",
    "auditor": "fangzheng",
    "leads_keeper": "qiaoyun",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EXPECTED = ("the server responded with a status of", "htmx:afterRequest", "htmx:sendAbort")  # where a test asks for it; a page that is left


@pytest.fixture(scope="session")
def browser_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "browser"
    folder.mkdir(exist_ok=True)
    for each in (folder, *list(folder.parents)[:3]):
        each.chmod(each.stat().st_mode | 0o055)
    return folder


def _serve(folder: Path, model: str, kind: str = "", at: datetime = NOW) -> Iterator[House]:
    name = f"{model}{kind}_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    home = folder / "home"
    url = houses.database(os.environ["GROUNDSWELL_TEST_POSTGRES"], home, model, name)
    own = folder / f"{name}-home"  # the same keys, but heads of its own audit chain
    shutil.copytree(home, own, ignore=shutil.ignore_patterns("audit-head.jsonl"))
    house = House(own, url, folder / f"{name}.log", at)
    yield house
    house.stop()


@pytest.fixture(scope="session")
def county(browser_folder: Path) -> Iterator[House]:
    """The demo county's last days, served; one for each process of the run."""
    yield from _serve(browser_folder, houses.COUNTY)


@pytest.fixture(scope="session")
def empty(browser_folder: Path) -> Iterator[House]:
    """A desk on its first day."""
    yield from _serve(browser_folder, houses.EMPTY)


@pytest.fixture(scope="module")
def night(browser_folder: Path) -> Iterator[House]:
    """The county in the night after its last day, in a database of its own: what happens there happens nowhere else."""
    yield from _serve(browser_folder, houses.COUNTY, "_night", IN_THE_NIGHT)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine; on Debian “make setup-dev” installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
        )
        yield browser
        browser.close()


@dataclass
class Visits:
    """The pages of one test; ``wrong`` holds what the browser complained about."""

    browser: Browser
    doors: dict[tuple[str, str], Any]
    contexts: list[BrowserContext] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    houses: dict[str, House] = field(default_factory=dict)

    def __call__(
        self,
        house: House,
        who: str = "linxiao",
        *,
        language: str = "zh-hans",
        theme: str = "light",
        width: int = 1440,
        script: bool = True,
        shortcuts: bool = True,
    ) -> Page:
        """A page of WHO, signed in ("" for a stranger); nothing is opened yet."""
        self.houses[house.base] = house
        options: dict[str, Any] = {"viewport": SIZES[width], "color_scheme": theme, "java_script_enabled": script, "base_url": house.base}
        options["locale"] = "en-GB" if language == "en" else "zh-CN"
        if width < 500:
            options |= {"is_mobile": True, "has_touch": True}
        if who:
            house.change(
                "update accounts_user set language = %s, theme = 'system', shortcuts = %s where username = %s", (language, shortcuts, who)
            )
            options["storage_state"] = self._door(house, who)
        context = self.browser.new_context(**options)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def logs(self) -> list[str]:
        """What the product wrote where a page failed."""
        return [house.said() for house in self.houses.values() if any(words.startswith("5") for words in self.wrong)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in EXPECTED):
            self.wrong.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.wrong.append(f"{response.status} {response.url}")

    def _door(self, house: House, who: str) -> Any:
        """The cookies of somebody who came in by the door, once a run."""
        if (house.base, who) not in self.doors:
            context = self.browser.new_context(base_url=house.base)
            page = context.new_page()
            page.goto("/desk/sign-in/")
            page.fill("[name=username]", who)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/desk/")
            self.doors[house.base, who] = context.storage_state()
            context.close()
        return self.doors[house.base, who]


@pytest.fixture(scope="session")
def _doors() -> dict[tuple[str, str], Any]:
    return {}


@pytest.fixture
def visit(chromium: Browser, _doors: dict[tuple[str, str], Any]) -> Iterator[Callable[..., Page]]:
    """``visit(county, "limin", language="en", width=390)``; at the end no page may have complained of script, style or policy."""
    visits = Visits(chromium, _doors)
    yield visits
    for context in visits.contexts:
        context.close()
    assert not visits.wrong, "\n".join([*visits.wrong, *visits.logs()])
