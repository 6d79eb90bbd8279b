"""The truth about every piece, beside the key and address of its record: the yardstick of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from groundswell.demo.acts.handles import handles
from groundswell.demo.acts.slang import NEW_WORDS
from groundswell.demo.county import HOST, PORT0, SEED
from groundswell.demo.past import Threads
from groundswell.demo.script import acts
from groundswell.engine.text.identity import item_key


def truth(until: datetime | None = None, *, seed: int = SEED, host: str = HOST, port0: int = PORT0) -> Iterator[dict[str, Any]]:
    """``{"id", "ref", "url", "source", "kind", "at", "story", "unit", "place", "tone", "about_us", "advert", "same_name",
    "sarcasm", "claim", "copy_of"}`` for every piece, in order of time; ``id`` is the key of its record.

    Without ``until`` it does not end.
    """
    threads = Threads(host, port0)
    for act in acts(seed, until):
        url, identity = threads.address(act)
        fact = act.truth
        yield {
            "id": item_key(act.source, identity),
            "ref": act.ref,
            "url": url,
            "source": act.source,
            "kind": act.kind,
            "at": act.at.isoformat(timespec="seconds"),
            "story": fact.story,
            "unit": fact.unit,
            "place": fact.place,
            "tone": fact.tone,
            "about_us": fact.about_us,
            "advert": fact.advert,
            "same_name": fact.same_name,
            "sarcasm": fact.sarcasm,
            "claim": fact.claim,
            "copy_of": fact.copy_of,
        }


def planted_handles(seed: int = SEED) -> tuple[str, ...]:
    """Every private handle that the texts may hold: none of them may be found in what the program keeps."""
    return handles(seed)


def planted_words() -> tuple[str, ...]:
    """The new words of slang."""
    return tuple(word.word for word in NEW_WORDS)
