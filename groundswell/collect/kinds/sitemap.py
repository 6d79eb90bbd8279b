"""A sitemap, or an index of sitemaps, and the new pages that it lists."""

from __future__ import annotations

from groundswell.engine.records import SourceSpec

from ..session import Session
from .walk import Follow, Steps, walk

FOLLOW = Follow(role="sitemap", links=50)


def collect(spec: SourceSpec, session: Session) -> Steps:
    """Yield the first response and then the links sent back, as ``FOLLOW`` allows."""
    return walk(spec, session, FOLLOW)
