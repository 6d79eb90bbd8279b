"""A page that lists articles: the list, its further pages where wanted, and the new articles."""

from __future__ import annotations

from groundswell.engine.records import SourceSpec

from ..session import Session
from .walk import Follow, Steps, walk

FOLLOW = Follow(role="list", links=50, pages=1)


def collect(spec: SourceSpec, session: Session) -> Steps:
    """Yield the first response and then the links sent back, as ``FOLLOW`` allows."""
    return walk(spec, session, FOLLOW)
