"""Figures across the screens of the county: each opens as many rows as it says, and what two screens say of one thing is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from lxml.html import HtmlElement, document_fromstring

from tests.browser.ground import PASSWORD
from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NUMBER = re.compile(r"\d[\d,]*")
FEW = 300  # rows are counted one by one up to here; of more, the number in the head is believed


class Desk:
    """Somebody who reads the screens one after another."""

    def __init__(self, house: House, who: str) -> None:
        house.change("update accounts_user set language = 'en' where username = %s", (who,))
        self.client = httpx.Client(base_url=house.base, follow_redirects=True, timeout=60)
        form = document_fromstring(self.client.get("/desk/sign-in/").text)
        token = form.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
        data = {"username": who, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert self.client.post("/desk/sign-in/", data=data).url.path == "/desk/"
        self.pages: dict[str, HtmlElement] = {}

    def see(self, address: str) -> HtmlElement:
        """The page at ADDRESS, asked for once."""
        if address not in self.pages:
            answer = self.client.get(address)
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            self.pages[address] = document_fromstring(answer.text)
        return self.pages[address]

    def figures(self, address: str, links: str, within: str = "") -> list[tuple[int, str]]:
        """(figure, where it leads) of the links of ADDRESS (a CSS selector) that carry one, in the part WITHIN them."""
        found = []
        for link in self.see(address).cssselect(links):
            said = " ".join(part.text_content() for part in link.cssselect(within)) if within else link.text_content()
            if numbers := NUMBER.findall(said):
                found.append((_number(numbers[-1]), self._there(address, link)))
        return found

    def rows(self, address: str, row: str = "main [data-row]") -> int:
        """How many rows stand at ADDRESS, on all its pages."""
        page, count = self.see(address), 0
        head = page.cssselect("main .head .n")
        if head and (found := NUMBER.fullmatch(head[0].text_content().strip())) and _number(found[0]) > FEW:
            return _number(found[0])
        while True:
            count += len(page.cssselect(row))
            place = [int(n) for text in page.cssselect("main .pager span") for n in re.findall(r"\d+", text.text_content())]
            if not place or place[0] == place[-1]:
                return count
            address = self._there(address, page.cssselect("main .pager a")[-1])
            page = self.see(address)

    def number(self, address: str, place: str) -> int:
        """The last number in the element at PLACE; 0 where there is none."""
        said = " ".join(element.text_content() for element in self.see(address).cssselect(place))
        numbers = NUMBER.findall(said)
        return _number(numbers[-1]) if numbers else 0

    @staticmethod
    def _there(address: str, link: HtmlElement) -> str:
        """Where LINK on the page at ADDRESS leads."""
        return httpx.URL(f"http://desk{address}").join(link.get("href")).raw_path.decode()


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.fixture(scope="module")
def desks(county: House) -> Iterator[Callable[[str], Desk]]:
    made: dict[str, Desk] = {}

    def desk(who: str) -> Desk:
        if who not in made:
            made[who] = Desk(county, who)
        return made[who]

    yield desk
    for each in made.values():
        each.client.close()


# who, screen, links with a figure, the part of the link that says it
OPENS = [
    ("linxiao", "/desk/", ".funnel a", "b"),
    ("linxiao", "/desk/", ".stories .big a", ""),
    ("linxiao", "/desk/", "a.tag[href*='state=broken']", ""),
    ("linxiao", "/desk/stories/", ".tabs a", ".n"),
    ("linxiao", "/desk/stories/?state=all", ".facets a", "span"),
    ("linxiao", "/desk/cases/", ".tabs a", ".n"),
    ("linxiao", "/desk/cases/", "a.chip.warn", ""),
    ("linxiao", "/desk/instructions/", ".tabs a", ".n"),
    ("liuming", "/desk/instructions/?mine=1", ".tabs a", ".n"),
    ("linxiao", "/desk/flash/", ".tabs a", ".n"),
    ("linxiao", "/desk/alerts/", ".filters a.chip", ""),
    ("linxiao", "/desk/plans/", ".tabs a", ".n"),
    ("linxiao", "/desk/releases/", ".filters a[href*='tab=']", ""),
    ("linxiao", "/desk/releases/corrections/", ".filters a[href*='tab=']", ""),
    ("linxiao", "/desk/releases/ledgers/training/", ".months a", "b"),
    ("linxiao", "/desk/releases/ledgers/press/", ".months a", "b"),
    ("limin", "/desk/sources/", ".tabs a", ".n"),
    ("limin", "/desk/sources/", ".facets a", "span"),
]


@pytest.mark.parametrize(("who", "screen", "links", "within"), OPENS, ids=lambda part: part.strip("/") or "-")
def test_each_figure_opens_as_many_rows(desks: Callable[[str], Desk], who: str, screen: str, links: str, within: str) -> None:
    desk = desks(who)
    found = desk.figures(screen, links, within)
    wrong = [(figure, there, shown) for figure, there in found if (shown := desk.rows(there, _row_of(there))) != figure]
    assert not wrong
    assert found or "warn" in links or "broken" in links, "no figure at all"


def _row_of(address: str) -> str:
    """What one row of the list at ADDRESS is, where other lists stand beside it."""
    if address.startswith("/desk/cases/"):  # what was closed lately stands beside what is open
        return "main .lane:not([aria-labelledby=h-closed]) [data-row], main .lanes.wide [data-row]"
    if address.startswith("/desk/plans/"):  # the program's proposals stand under the responses
        return "main section:not([aria-labelledby]) [data-row]"
    return "main table [data-row]" if address.startswith("/desk/flash/") else "main [data-row]"  # what is due stands above


def test_the_numbers_beside_the_screens_are_those_of_the_screens(desks: Callable[[str], Desk]) -> None:
    desk = desks("linxiao")
    tabs = _tabs(desk, "/desk/stories/")
    beside = {
        code: desk.number("/desk/", f"#count-{code}") for code in ("today", "stories", "cases", "instructions", "releases", "sources")
    }
    assert beside == {
        "today": desk.rows("/desk/", "main .todo > li"),
        "stories": tabs["rising"] + tabs["reopened"] + tabs["handling"],  # what is new and small worries nobody yet
        "cases": desk.rows("/desk/cases/?late=1&view=list") or desk.number("/desk/cases/", "main .head .n"),
        "instructions": desk.rows("/desk/instructions/"),
        "releases": _tabs(desk, "/desk/releases/", ".filters a[href*='tab=']")["open"],
        "sources": desk.rows("/desk/sources/?state=broken"),
    }
    assert desk.number("/desk/", "#count-stream") == desk.number("/desk/stream/", "main .head .n")


def _tabs(desk: Desk, screen: str, links: str = ".tabs a") -> dict[str, int]:
    """The figure of each tab by its code."""
    found = desk.figures(screen, links, "" if "filters" in links else ".n")
    queries = [(dict(httpx.URL(f"http://desk{there}").params), figure) for figure, there in found]
    return {query.get("state") or query.get("tab", ""): figure for query, figure in queries}


def test_today_says_what_the_lists_say(desks: Callable[[str], Desk]) -> None:
    desk = desks("linxiao")
    today = desk.see("/desk/")
    assert desk.number("/desk/", "#h-now + .n") == len(today.cssselect(".todo > li"))
    alerts = next(card for card in today.cssselect("aside section") if card.cssselect("a[href='/desk/alerts/']"))
    calling = desk.rows("/desk/alerts/")
    assert (len(alerts.cssselect(".past > li")), [n.text_content() for n in alerts.cssselect("header .n")] or ["0"]) == (
        min(calling, 4), [str(calling)]
    )  # fmt: skip
    assert desk.number("/desk/alerts/", "main .head .n") == calling
    healthy = {}
    for row in today.cssselect(".health > div"):
        words, figure = row[0].text_content().rsplit(" ", 1)
        healthy[words] = _number(figure)
    facets = {a.text_content(): a for a in desks("limin").see("/desk/sources/?state=active").cssselect(".facets a")}
    by_channel = {text[: -len(a.cssselect("span")[0].text_content())]: a for text, a in facets.items() if "channel=" in a.get("href")}
    assert healthy == {words: _number(a.cssselect("span")[0].text_content()) for words, a in by_channel.items()}


def test_the_board_of_cases_adds_up(desks: Callable[[str], Desk]) -> None:
    desk = desks("linxiao")
    board = desk.see("/desk/cases/?view=board")
    lanes = {lane.get("aria-labelledby")[2:]: lane for lane in board.cssselect(".lane")}
    figures = {code: _number(lane.cssselect("header .n")[0].text_content()) for code, lane in lanes.items()}
    assert figures == {code: len(lane.cssselect("[data-row]")) for code, lane in lanes.items()}
    still_open = sum(n for code, n in figures.items() if code != "closed")
    assert desk.number("/desk/cases/", "main .head .n") == still_open == desk.rows("/desk/cases/?view=list")
    assert sum(n for n, _there in desk.figures("/desk/cases/", ".tabs a", ".n")) == still_open


def test_the_months_of_instructions_add_up_to_the_ledger(desks: Callable[[str], Desk]) -> None:
    desk = desks("linxiao")
    tabs = _tabs(desk, "/desk/instructions/")
    sums = {"Given": 0, "Closed off": 0, "Open": 0}
    months = desk.see("/desk/instructions/").xpath("//select[@id='month']/option/@value")
    for month in months:
        address = f"/desk/instructions/?month={month}"
        page = desk.see(address)
        facts = {
            pair.cssselect("dt")[0].text_content(): _number(pair.cssselect("dd")[0].text_content()) for pair in page.cssselect(".facts div")
        }
        groups = [_number(group.cssselect("header .n")[0].text_content()) for group in page.cssselect("main section[aria-labelledby]")]
        assert sum(groups) == desk.rows(address)
        assert facts["Overdue"] == len(page.cssselect("main [data-row] .clock.late"))
        sums = {words: n + facts[words] for words, n in sums.items()}
    assert months
    assert (sums["Closed off"], sums["Open"]) == (tabs["closed"], tabs["open"])
    assert sums["Given"] == tabs["open"] + tabs["closed"]
    assert sums["Open"] == sum(tabs[code] for code in ("recorded", "given", "handed", "answered"))


def test_flash_reports_and_their_readers(desks: Callable[[str], Desk]) -> None:
    desk = desks("linxiao")
    assert desk.number("/desk/flash/", "#h-due + .n") == desk.rows("/desk/flash/", "main .todo > li")
    checked = 0
    for link in desk.see("/desk/flash/?tab=sent").cssselect("main a.fig"):
        read, to = (int(n) for n in NUMBER.findall(link.text_content()))
        page = desk.see(str(link.get("href")).partition("#")[0])
        rows = [row for row in page.cssselect("#readers .sentlist > li") if "delivered" not in row.text_content()]  # leaders
        assert (read, to) == (sum("read " in row.text_content() for row in rows), len(rows))
        checked += 1
    assert checked


def test_what_rules_called_is_what_the_alerts_say(desks: Callable[[str], Desk]) -> None:
    editor = desks("limin")
    called = [_number(cell.text_content()) for cell in editor.see("/desk/alerts/rules/").cssselect("main [data-row] td.r")]
    assert sum(called) == _tabs(desks("linxiao"), "/desk/alerts/", ".filters a.chip")["all"]


def test_zero_reports_that_are_missing(county: House, desks: Callable[[str], Desk]) -> None:
    county.change(
        "insert into roster_zeroreport (unit_id, day, due_at, state, text, token_hash, version) select id, '2026-11-22', '2026-11-22T07:30:00Z',"
        " case when code in ('water', 'housing') then 'missing' else 'nothing' end, '', '', 0 from accounts_unit where is_active"
        " on conflict do nothing"
    )
    address = "/desk/zero-reports/?day=2026-11-22"
    desk = desks("linxiao")
    page = desk.see(address)
    assert desk.number(address, "main .head .tag.bad") == len(page.cssselect("main .dayturns .tag.bad")) == 2
    county.change("delete from roster_zeroreport where day = '2026-11-22'")
