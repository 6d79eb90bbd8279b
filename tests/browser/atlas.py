"""Which screens there are, and where each can be looked at: from the address patterns, found by following links as each role."""

from __future__ import annotations

import fcntl
import http.cookiejar
import inspect
import pickle
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html

from groundswell.desk.spine.actions import ACTIONS
from tests.browser.ground import PASSWORD
from tests.browser.house import House

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
AROUND = ("duty", "editor", "leader", "unit_officer", "administrator", "auditor", "leads_keeper")
# Addresses that only the program itself writes, and where their records stand.
UNLINKED = {"desk/bulletins/by-id/": "select id from bulletins_issue where state <> 'issued' order by id desc limit 2"}
AHEAD = ("/desk/roster/days/2026-11-29/",)  # shows to each role what the past days, which links meet first, do not
PAGES = 400  # followed by each role at most


@dataclass(frozen=True)
class Found:
    """An answer of the product: where, to whom, and what came."""

    address: str
    role: str
    status: int
    kind: str  # page | fragment | file | elsewhere (it only leads on)
    text: str = ""


def routes() -> list[str]:
    """Every address pattern below /desk/ and of the portal that answers GET, as Django writes it; of two alike the first holds."""
    first: dict[str, str] = {}
    for route, pattern in _walk(get_resolver(), ""):
        if _answers_get(pattern.callback):
            first.setdefault(PARAMETER.sub("*", route), route)
    return list(first.values())


def is_act(route: str) -> bool:
    """Is ROUTE the form of an action? All of them are drawn by one template of the frame."""
    return act_of(route) != ""


@cache
def act_of(route: str) -> str:
    """The action whose form ROUTE is, "" where it is none."""
    names = (str(pattern.name or "") for each, pattern in _walk(get_resolver(), "") if each == route)
    return next((name for name in names if "." in name), "")


def one_of_each_form(found: list[str]) -> list[str]:
    """FOUND without the acts that ask of a subject the same fields as one before, or none: they differ in a word of the heading."""
    kept, seen = [], set()
    for route in found:
        each = ACTIONS.get(act_of(route))
        if each is not None:
            if (each.subject, each.form) in seen:
                continue
            seen.add((each.subject, each.form))
        kept.append(route)
    return kept


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, route)
        elif isinstance(each, URLPattern):
            yield route, each


def _answers_get(view: object) -> bool:
    """False where ``require_POST`` stands before VIEW."""
    while view is not None:
        if callable(view) and hasattr(view, "__closure__") and view.__closure__:
            methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")  # type: ignore[arg-type]
            if methods is not None and "GET" not in methods:
                return False
        view = getattr(view, "__wrapped__", None)
    return True


class Walker:
    """One person with cookies, without a browser."""

    def __init__(self, house: House, role: str, username: str) -> None:
        self.house, self.role = house, role
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        if username:
            form = html.fromstring(self.get("/desk/sign-in/").text).xpath("//form[.//input[@name='password']]")[0]
            token = form.xpath(".//input[@name='csrfmiddlewaretoken']/@value")[0]
            data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "username": username, "password": PASSWORD}).encode()
            self._opener.open(urllib.request.Request(f"{house.base}/desk/sign-in/", data, {"Referer": house.base}))

    def _unlock(self, address: str, text: str) -> None:
        token = html.fromstring(text).xpath("//main//input[@name='csrfmiddlewaretoken']/@value")[0]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "unlock": "", "unlock_password": PASSWORD}).encode()
        self._opener.open(urllib.request.Request(self.house.base + address, data, {"Referer": self.house.base}))

    def get(self, address: str) -> Found:
        try:
            answer = self._opener.open(self.house.base + urllib.parse.quote(address, safe="/?&=%#;,+@:"), timeout=60)
        except urllib.error.HTTPError as error:
            return Found(address, self.role, error.code, "page")
        body = answer.read()
        if "attachment" in answer.headers.get("Content-Disposition", "") or "html" not in answer.headers.get("Content-Type", ""):
            return Found(address, self.role, answer.status, "file")
        text = body.decode()
        if 'name="unlock_password"' in text:  # locked after ten minutes without use
            self._unlock(address, text)
            return self.get(address)
        ended = urllib.parse.urlsplit(answer.url)
        where = ended.path + (f"?{ended.query}" if ended.query else "")
        return Found(where, self.role, answer.status, "page" if "<!doctype" in text[:200].lower() else "fragment", text)


class Atlas:
    """Where each route can be seen, and by whom; drawn once, and read from the file KEPT by the other processes of the run."""

    def __init__(self, house: House, people: dict[str, str], kept: Path) -> None:
        self._seen: dict[str, Found] = {}
        self._house = house
        self._named: set[str] = set()  # addresses that forms send to
        self._walkers = {role: Walker(house, role, people[role]) for role in AROUND}
        self._walkers["stranger"] = Walker(house, "stranger", "")
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                for role, walker in self._walkers.items():
                    self._follow(role, walker)
                kept.write_bytes(pickle.dumps((self._seen, self._named)))
        self._seen, self._named = pickle.loads(kept.read_bytes())

    def _follow(self, role: str, walker: Walker) -> None:
        """Breadth first over links. Lists look different to each role; of what has a parameter one address is enough."""
        waiting, met = deque(["/", "/en/", "/desk/sign-in/"] if role == "stranger" else ["/desk/", *AHEAD]), set()
        gone = 0
        while waiting and gone < PAGES:
            address = waiting.popleft()
            route = route_of(address)
            if route is None or route in met or (route in self._seen and address not in AHEAD and PARAMETER.search(route)):
                continue
            met.add(route)
            gone += 1
            found = walker.get(address)
            landed = route_of(found.address)
            if found.status == 200 and landed is not None and landed not in self._seen:
                self._seen[landed] = found
            waiting.extend(link for link in _links(found, "//a/@href") if link not in waiting)
            self._named.update(_links(found, "//form/@action | //button/@formaction"))

    def find(self, route: str) -> Found | None:
        """What ROUTE shows: as a link led there, else tried with the values that links gave for routes beside it."""
        elsewhere: Found | None = None
        if route not in self._seen:
            for address in self._guesses(route):
                for walker in self._walkers.values():
                    found = walker.get(address)
                    if found.status != 200:
                        continue
                    if route_of(found.address) == route:
                        self._seen[route] = found
                        return found
                    if not found.address.startswith("/desk/sign-in/"):
                        elsewhere = replace(found, kind="elsewhere")
        return self._seen.get(route) or elsewhere

    def _guesses(self, route: str) -> list[str]:
        """ROUTE without parameters as it stands; with one, filled from addresses seen that begin alike."""
        names = PARAMETER.findall(route)
        if not names:
            return [f"/{route}"]
        pattern = re.compile("/" + PARAMETER.sub("([^/]+)", re.sub(r"(?<=>)/.*$", "", route)) + "/")
        known = [*(found.address for found in self._seen.values()), *self._named] if len(names) == 1 else []
        known += [
            f"/{before}{row[0]}/" for before, query in UNLINKED.items() if route.startswith(before) for row in self._house.rows(query)
        ]
        values = {match[1] for address in known if (match := pattern.match(address))}
        return [urllib.parse.quote("/" + PARAMETER.sub(lambda _found, value=value: value, route)) for value in sorted(values)][:6]


def _links(found: Found, which: str) -> list[str]:
    if found.kind == "file" or not found.text.strip():
        return []
    page = html.fromstring(found.text)
    page.make_links_absolute("http://here" + found.address)
    links = [link for link in page.xpath(which) if link.startswith("http://here/")]
    return [link.removeprefix("http://here").partition("#")[0] for link in links]


def route_of(address: str) -> str | None:
    """The pattern that ADDRESS belongs to."""
    try:
        return str(get_resolver().resolve(urllib.parse.unquote(address.partition("?")[0])).route)
    except Exception:  # Resolver404, a bad converter: no screen of ours
        return None
