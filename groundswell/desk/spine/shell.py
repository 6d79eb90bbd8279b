"""The frame around every desk page: navigation by rights, counts, the signed-in person, the page's keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may_propose
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.preferences import preference

Words = str | Promise
HOME = "/desk/"


@dataclass(frozen=True)
class Place:
    """A screen of the desk in the rail, the palette and the ``g`` chords."""

    code: str
    words: Words
    icon: str
    url: str
    permission: str  # "" for everybody
    group: str
    chord: str = ""
    on_tabs: bool = False
    also: tuple[str, ...] = ()  # further addresses that belong to it

    def holds(self, path: str) -> int:
        """How much of PATH lies below this screen: the length of the longest address of it that PATH begins with."""
        if path == self.url:
            return len(path)
        below = (*self.also, *([self.url] if self.url != HOME else []))  # everything lies below the desk's own address
        return max((len(address) for address in below if path.startswith(address)), default=0)


@dataclass(frozen=True)
class Count:
    """A number beside a screen's name: ``tone`` "" plain, "hot" red, "warn" with a word."""

    text: str
    tone: str = ""


Counted = Callable[[Place], Count | None]
GROUPS: dict[str, Words] = {"": "", "publish": _("Publish"), "manage": _("Manage"), "back": _("Look back")}
PLACES: tuple[Place, ...] = (
    Place("today", _("Today"), "today", HOME, "", "", "t", True, also=("/desk/notes/", "/desk/put-off/", "/desk/alerts/")),
    Place("stream", _("Stream"), "stream", "/desk/stream/", "item.read", "", "i", True, also=("/desk/items/",)),
    Place("stories", _("Stories"), "story", "/desk/stories/", "story.read", "", "s", True),
    Place("cases", _("Cases"), "case", "/desk/cases/", "case.read", "", "c", also=("/desk/plans/", "/desk/consultations/")),
    Place("instructions", _("Instructions"), "edit", "/desk/instructions/", "instruction.read", "", "z"),
    Place("tasks", _("Our tasks"), "case", "/desk/tasks/", "task.answer", "", "k", True),
    Place("enter", _("Enter by hand"), "plus", "/desk/enter/", "item.enter", "", "e", True),
    Place("leads", _("Leads"), "lock", "/desk/leads/", "lead.keep", "", "x"),
    Place("bulletins", _("Bulletins"), "bull", "/desk/bulletins/", "bulletin.read", "publish", "b", also=("/desk/flash/",)),
    Place("releases", _("Releases"), "send", "/desk/releases/", "release.read", "publish", "f"),
    Place("sources", _("Sources"), "src", "/desk/sources/", "source.read", "manage", "o"),
    Place("reading", _("Reading book"), "eye", "/desk/reading/", "source.reading", "manage", "r"),
    Place("watches", _("Watches"), "rule", "/desk/watches/", "watch.read", "manage", "w", also=("/desk/alerts/rules/",)),
    Place("roster", _("Roster"), "roster", "/desk/roster/", "roster.read", "manage", "d", also=("/desk/handover/", "/desk/zero-reports/")),
    Place("people", _("People and rights"), "roster", "/desk/people/", "user.manage", "manage", "p"),
    Place("units", _("Units and places"), "case", "/desk/units/", "unit.manage", "manage", "u"),
    Place("plans", _("Plans"), "flash", "/desk/plans/", "plan.edit", "manage"),
    Place("settings", _("Settings"), "set", "/desk/settings/", "", "manage", ",", also=("/desk/alerts/channels/",)),
    Place("archive", _("Archive"), "arch", "/desk/archive/", "item.read", "back", "a"),
    Place("judgement", _("Judgement"), "spark", "/desk/judgement/", "judgement.read", "back", "j"),
    Place("audit", _("Audit"), "stat", "/desk/audit/", "audit.read", "back", "l"),
)
TABS = 4
HOT = "today"  # whose number also stands on the phone's tab
DEMO_PEOPLE = ("linxiao", "limin", "zhangnan", "liuming", "chenli", "qiaoyun")
COUNTERS: dict[str, Callable[[User], Count | None]] = {}


def counter(code: str) -> Callable[[Callable[[User], Count | None]], Callable[[User], Count | None]]:
    """Register the decorated function as the count beside the screen CODE; it must be one indexed query."""

    def register(function: Callable[[User], Count | None]) -> Callable[[User], Count | None]:
        COUNTERS[code] = function
        return function

    return register


def places_for(user: User) -> list[Place]:
    """The screens that USER may open."""
    return [place for place in PLACES if not place.permission or may_propose(user, place.permission)]


def current_place(places: Sequence[Place], path: str) -> Place | None:
    """The one of PLACES that PATH lies below, the nearest."""
    return max((place for place in places if place.holds(path)), key=lambda place: place.holds(path), default=None)


def count_of(place: Place, user: User) -> Count | None:
    """The number beside PLACE, where one is registered."""
    return COUNTERS[place.code](user) if place.code in COUNTERS else None


def rail_for(user: User, path: str, counted: Counted | None = None) -> list[dict[str, Any]]:
    """Groups of links with counts; the one that PATH lies below is current."""
    counted = counted or (lambda place: count_of(place, user))
    places = places_for(user)
    current = current_place(places, path)
    groups = []
    for code, words in GROUPS.items():
        links = [{"place": place, "current": place is current, "count": counted(place)} for place in places if place.group == code]
        if links:
            groups.append({"words": words, "links": links})
    return groups


def tabs_for(user: User, path: str, counted: Counted) -> list[dict[str, Any]]:
    """The phone's tabs: four screens, what is most used first, the rest lies behind “More”; only what is hot has its number there."""
    places = places_for(user)
    current = current_place(places, path)
    tabs = sorted(places, key=lambda place: not place.on_tabs)[:TABS]
    return [{"place": place, "current": place is current, "count": counted(place) if place.code == HOT else None} for place in tabs]


def named(value: Any) -> str:
    """The name of a unit, place, source, person or series in the present language; words without a record stay as they are."""
    if value is None or isinstance(value, str):
        return value or ""
    english: Any = getattr(value, "name_en", "")
    if get_language() == "en" and english:
        return str(value.name_en)
    return str(value.name)


def both_names(field: str, value: Any) -> dict[str, str]:
    """VALUE's name for the data of an act, in both languages: ``in_language`` takes the reader's."""
    return {field: value.name, f"{field}_en": value.name_en}


def in_language(data: Mapping[str, Any]) -> dict[str, Any]:
    """DATA of an act with the English names in place of the others where the page is in English."""
    if get_language() != "en":
        return dict(data)
    return {name: data.get(f"{name}_en") or value for name, value in data.items()}


def product_name() -> str:
    """What the desk calls itself on screen."""
    return _by_language("product.name") or ("民声台" if get_language() != "en" else "Civic Desk")


def _by_language(key: str) -> str:
    value = preference(f"{key}_en") if get_language() == "en" else ""
    return str(value or preference(key))


def _later(words: Callable[[], str]) -> Any:
    """WORDS when they are asked for; unlike a function also inside a translated sentence."""
    return lazy(words, str)()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: everything the frame needs, computed only where a desk page asks for it."""
    user = getattr(request, "user", None)
    everybody = {"product_name": _later(product_name), "body_name": _later(lambda: _by_language("body.name")), "demo": ports.demo}
    if user is None or not user.is_authenticated:
        return everybody
    path = request.path
    counted: Counted = cache(lambda place: count_of(place, user))
    return everybody | {
        "office_name": _later(lambda: _by_language("body.office")),
        "rail": lambda: rail_for(user, path, counted),
        "phone_tabs": lambda: tabs_for(user, path, counted),
        "chords": lambda: {place.chord: place.url for place in places_for(user) if place.chord},
        "take_toast": lambda: request.session.pop("toast", None),
        "demo_people": lambda: User.objects.filter(username__in=DEMO_PEOPLE).prefetch_related("grants").order_by("id"),
    }
