"""What people decided about stories: merges, splits and pins, kept for ever."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

from msgspec import Struct


class Decision(Struct, frozen=True, kw_only=True):
    """One act of a person.

    ``merge``: the story goes into another, and so does all that would have come to it.
    ``split``: the items ``keys`` leave the story for one of their own (``into``, or an id made from the keys).
    ``pin``: the items ``keys`` belong to the story ``into``, whatever the machine thinks; they may arrive later.
    """

    kind: Literal["merge", "split", "pin"]
    story: str = ""
    into: str = ""
    keys: tuple[str, ...] = ()


def story_id(*keys: str) -> str:
    """The engine id of a story: 24 hex digits made from the keys of its founding items."""
    return blake2b("\n".join(sorted(keys)).encode(), digest_size=12).hexdigest()


def split_target(decision: Decision) -> str:
    """The id of the story that a split founds."""
    return decision.into or story_id(*decision.keys)


def fingerprint(decision: Decision) -> str:
    """Names a decision by what it says, so that it is taken over once."""
    return blake2b(repr((decision.kind, decision.story, decision.into, decision.keys)).encode(), digest_size=12).hexdigest()
