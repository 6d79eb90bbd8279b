"""The kinds of source, one file each, and how they are talked to.

``collect(spec, session)`` of a kind is a generator. It yields what it got, one ``Result`` at a time
(``Fetched``, ``Unchanged`` or ``Failed``), and it may be sent a tuple of ``Link`` in return: the addresses
found in that response. This room does not read pages; whoever drives the generator does:

    steps = KINDS[spec.kind].collect(spec, session)
    result = next(steps, None)
    while result is not None:
        links = read_and_store(result)          # the worker's; () where there are none
        result = step(steps, links)

A plain ``for`` loop works too: nothing is followed then. Which links are asked, how many and how far from
home is the kind's ``FOLLOW`` and the spec's options of the same names.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from groundswell.engine.records import SourceSpec

from ..session import Result, Session
from . import board, feed, files, list_page, page, sitemap
from .walk import Follow, Link, Steps


class Kind(Struct, frozen=True, kw_only=True):
    """A kind's one function and its policy of following."""

    collect: Callable[[SourceSpec, Session], Steps]
    follow: Follow


KINDS: dict[str, Kind] = {
    "feed": Kind(collect=feed.collect, follow=feed.FOLLOW),
    "list": Kind(collect=list_page.collect, follow=list_page.FOLLOW),
    "board": Kind(collect=board.collect, follow=board.FOLLOW),
    "sitemap": Kind(collect=sitemap.collect, follow=sitemap.FOLLOW),
    "page": Kind(collect=page.collect, follow=page.FOLLOW),
    "files": Kind(collect=files.collect, follow=files.FOLLOW),
}


def step(steps: Steps, links: tuple[Link, ...]) -> Result | None:
    """Answer the last result with its links and get the next one; None at the end."""
    try:
        return steps.send(links)
    except StopIteration:
        return None


__all__ = ["KINDS", "Follow", "Kind", "Link", "Result", "Steps", "step"]
