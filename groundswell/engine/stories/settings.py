"""How readily items join stories."""

from __future__ import annotations

from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True):
    """How readily items join."""

    join: float = 0.7  # from this likelihood on an item joins by itself
    suggest: float = 0.35  # from this on a person is asked
    bridge: float = 2.0  # an item that is this like a second story makes one of both, if one is small; above 1: never
    small: int = 10  # items of a story that is small
    near: float = 0.04  # cosine from which on a member is looked at closely, by the item's heaviest pieces alone
    candidates: int = 8  # members that are looked at closely, at the most
    pieces: int = 60  # heaviest pieces of an item that find candidates
    crowded: float = 0.05  # a piece in more than this share of items finds nobody (in the first 400 items every piece may)
    kept: int = 40  # members of a story that others are compared with
    answers: float = 0.9  # how surely a reply, comment or repost belongs to the story of what it answers
    leaves: float = 0.9  # unless it is this like another story
    brief: int = 40  # characters up to which an answer is not looked at: "here too" says nothing of another story
    towns: dict[str, str] = {}  # place id -> the town it lies in: neighbours are one place for an event
    untitled: float = 0.15  # how much likelier an item without a title must be: templates of short posts fall last
    fade: float = 0.0  # log-odds that each day without a like item takes from a likeness, from the second day on
    fade_most: float = 8.0  # at the most
    retire_days: float = 400.0  # a story without a new item for so long takes no more
    copy_likeness: float = 0.85
    copy_length: float = 0.75


DEFAULT = Settings()
