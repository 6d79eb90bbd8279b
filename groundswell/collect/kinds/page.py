"""One page watched for change: asked again and again, yielded only when its bytes are others."""

from __future__ import annotations

from groundswell.engine.records import SourceSpec

from ..session import Session
from .walk import Follow, Steps

FOLLOW = Follow(role="page", links=0)


def collect(spec: SourceSpec, session: Session) -> Steps:
    """Yield the page, or that it is unchanged; links that are sent back are not followed."""
    yield session.first(spec, role=FOLLOW.role)
