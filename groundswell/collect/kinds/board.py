"""A forum board: its pages, and the threads that are new or have new replies, page by page."""

from __future__ import annotations

from groundswell.engine.records import SourceSpec

from ..session import Session
from .walk import Follow, Steps, walk

FOLLOW = Follow(role="board", links=60, pages=2, thread_pages=5)


def collect(spec: SourceSpec, session: Session) -> Steps:
    """Yield the first response and then the links sent back, as ``FOLLOW`` allows."""
    return walk(spec, session, FOLLOW)
