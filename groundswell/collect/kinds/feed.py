"""A feed (RSS, Atom, JSON Feed) and, where asked for, the articles that its entries lead to."""

from __future__ import annotations

from groundswell.engine.records import SourceSpec

from ..session import Session
from .walk import Follow, Steps, walk

FOLLOW = Follow(role="feed", links=30, off_site=True)  # entries often lead to another site


def collect(spec: SourceSpec, session: Session) -> Steps:
    """Yield the first response and then the links sent back, as ``FOLLOW`` allows."""
    return walk(spec, session, FOLLOW)
