"""A scene: one everyday matter at one spot of the county, and what may be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from random import Random

from groundswell.demo.acts import elsewhere
from groundswell.demo.acts.act import Truth
from groundswell.demo.acts.grammar import draw, expand
from groundswell.demo.acts.matters import MATTERS, Matter
from groundswell.demo.county import knowledge_data, people

NUMBERS: tuple[str, ...] = tuple(str(n) for n in range(2, 10))
SHARED: dict[str, Sequence[str]] = {"n": NUMBERS, "far": elsewhere.FAR}
TONES = ("negative", "neutral", "positive")
TOWNS = ("qinghe", "chengguan", "donghu", "hexi", "liulin", "baishi", "yuntai", "nanshan")
TOWN_WEIGHT = (20, 30, 16, 12, 7, 6, 5, 6)


@cache
def spots() -> dict[str, dict[str, tuple[tuple[str, str], ...]]]:
    """Kind of place to town to the (id, name) of its places."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for place in knowledge_data()["places"]:
        if place["within"] in TOWNS:
            found.setdefault(place["kind"], {}).setdefault(place["within"], []).append((place["id"], place["name"]))
    return {kind: {town: tuple(rows) for town, rows in towns.items()} for kind, towns in found.items()}


@cache
def town_names() -> dict[str, str]:
    """Town id, and yunling, to the name."""
    return {place["id"]: place["name"] for place in knowledge_data()["places"] if place["id"] in (*TOWNS, "yunling")}


@cache
def weights(day: date) -> tuple[float, ...]:
    """How often each of ``MATTERS`` comes up on a day; 0 out of its season."""
    return tuple(matter.weight if matter.since <= day else 0.0 for matter in MATTERS)


@cache
def unit_names() -> dict[str, str]:
    """Unit id to its name."""
    return {unit["id"]: unit["name"] for unit in knowledge_data()["units"]}


@cache
def officers() -> dict[str, str]:
    """Unit id to the telephone of its information officer."""
    return {person.unit: person.phone for person in people() if person.unit}


class Scene:
    """A matter at a spot: what the texts of one thread or post speak of."""

    def __init__(self, rng: Random, home: str | None, day: date) -> None:
        self.matter: Matter = rng.choices(MATTERS, weights(day))[0]
        town = home if home in TOWNS and rng.random() < 0.8 else rng.choices(TOWNS, TOWN_WEIGHT)[0]
        places = spots()
        kinds = [kind for kind in self.matter.kinds if town in places.get(kind, {})]
        if kinds:
            self.spot = draw(rng, places[draw(rng, kinds)][town])[1]
            self.town = town
        elif self.matter.kinds == ("county",):
            self.spot, self.town = "政务大厅", "chengguan"
        else:
            kind = draw(rng, self.matter.kinds)
            self.town = draw(rng, tuple(places[kind]))
            self.spot = draw(rng, places[kind][self.town])[1]
        self.tone = rng.choices(TONES, self.matter.moods)[0]

    def slots(self) -> dict[str, str | Sequence[str]]:
        """What the patterns may name."""
        town = town_names()[self.town]
        named = self.spot if self.spot.startswith(town[:2]) or "县" in self.spot else f"{town}{self.spot}"
        return {**SHARED, "spot": (self.spot, self.spot, self.spot, named), "town": town}

    def pool(self, tone: str) -> tuple[str, ...]:
        """The patterns of a tone."""
        return {"negative": self.matter.bad, "neutral": self.matter.ask, "positive": self.matter.good}[tone]

    def title(self, rng: Random, known: dict[str, str]) -> str:
        """A title in the tone of the scene."""
        pool = self.matter.titles
        if self.tone == "positive":
            pool = GOOD_TITLES
        elif self.tone == "neutral" and rng.random() < 0.5:
            pool = ASK_TITLES
        return expand(draw(rng, pool), rng, self.slots(), known)

    def truth(self, tone: str, sarcasm: bool = False) -> Truth:
        """The truth about a piece of this scene."""
        return Truth(tone=tone, unit=self.matter.unit, place=self.town, about_us=True, sarcasm=sarcasm)


GOOD_TITLES = ("{夸一夸|说说}<spot>", "给<spot>点个赞", "<spot>，{不错|有变化|可以的}", "{好消息|暖心}：<spot>", "说件<spot>的{好事|小事}")
ASK_TITLES = ("{问一下|请教|打听}<spot>的事", "<spot>，{有知道的吗|问个事}", "{请问|想问}<town><spot>")

SARCASM = (
    "{真是太贴心了|感动哭了|不愧是咱<town>}，<spot>{又省了一个月|让大家免费体验}{怀旧生活|原生态}。",
    "{好好好|厉害厉害}，<spot>{这效率全国第一|十年磨一剑}，{建议写进教科书|建议评个奖}。",
    "{感谢|多谢}<spot>，{让我每天多走两千步|教会了我什么叫耐心}，{微笑|呵呵}。",
)
