"""The fourteen scripted stories of the demo county, one file each. ``TELLERS`` lists them; later work adds its own."""

from __future__ import annotations

from collections.abc import Callable

from groundswell.demo.acts.act import Act
from groundswell.demo.stories import (
    bang,
    clinic,
    detour,
    heating,
    landslide,
    lifts,
    night_market,
    satire,
    school,
    short_weight,
    smell,
    subsidy,
    village_road,
    water,
)

TELLERS: dict[str, Callable[[int], list[Act]]] = {
    "water": water.acts,  # rising
    "heating": heating.acts,  # steady
    "school": school.acts,  # a new rumour
    "night-market": night_market.acts,  # weekly
    "clinic": clinic.acts,  # good news
    "bang": bang.acts,  # a burst, then gone
    "short-weight": short_weight.acts,  # closed, then open again
    "smell": smell.acts,  # a slow burn that a threshold misses
    "satire": satire.acts,  # looked bad, was a joke
    "subsidy": subsidy.acts,  # began as a letter
    "landslide": landslide.acts,  # began as a unit's submission
    "lifts": lifts.acts,  # answered last year already
    "detour": detour.acts,  # a quarrel between units
    "village-road": village_road.acts,  # a lead that became a case
}
