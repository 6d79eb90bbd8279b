"""What will become of posts, from what was known of them at one moment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from groundswell.engine.spread.cascade import HOUR, HUNDRED, At, Cascade, seen_at, seen_until
from groundswell.engine.spread.chances import DOUBLE, likeliest
from groundswell.engine.spread.features import features_of
from groundswell.engine.spread.learning import banded
from groundswell.engine.spread.model import SpreadError, SpreadModel


class Foretold(Struct, frozen=True):
    """``observed``: reposts known at the moment; the others are None where the moment never came or too few were seen."""

    observed: int
    expected: float | None = None  # final number
    low80: float | None = None
    high80: float | None = None
    doubles: float | None = None  # probability of twice the number seen


def foretell(model: SpreadModel, cascades: Sequence[Cascade], at: At) -> list[Foretold]:
    """The final number of reposts of each of CASCADES, told at a moment: only what was known then is looked at.

    Raises SpreadError where the model has not learnt that moment.
    """
    moment = model.moments.get(at)
    if moment is None:
        raise SpreadError(f"the model has not learnt to tell at {at}: it knew too few such posts; learn it from more rows")
    seen = [seen_at(cascade, at) for cascade in cascades]
    known = [one for one in seen if one is not None]
    if not known:
        return [Foretold(_observed(cascade, at)) for cascade in cascades]
    passing = moment.ask(features_of(known, model.rhythm))
    low, high = banded(passing, moment.widened)
    middle = np.clip(likeliest(passing), low, high)
    told = zip(np.exp(low), np.exp(middle), np.exp(high), passing[:, DOUBLE], strict=True)
    found = []
    for cascade, one in zip(cascades, seen, strict=True):
        if one is None:
            found.append(Foretold(_observed(cascade, at)))
            continue
        count = len(one.reposts)
        least, likely, most, doubles = (float(value) for value in next(told))
        found.append(Foretold(count, round(count * likely, 1), round(count * least, 1), round(count * most, 1), round(doubles, 4)))
    return found


def _observed(cascade: Cascade, at: At) -> int:
    return min(len(cascade.reposts), HUNDRED) if at == "100" else len(seen_until(cascade, HOUR).reposts)
