"""The knowledge file of a command, and a judge that knows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from groundswell.engine.knowledge import KnowledgeError, read_knowledge
from groundswell.engine.pipeline import Judge, Models
from groundswell.engine.records import Item, Judged, Knowledge
from groundswell.server.faults import Fault


def knowledge_from(path: str) -> Knowledge:
    """The knowledge at a path. Raises Fault in words."""
    try:
        return read_knowledge(Path(path))
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror or error}. Check the path after --knowledge.") from error
    except KnowledgeError as error:
        raise Fault(str(error)) from error


def judge_of(path: str | None) -> Callable[[Item], Judged]:
    """Judges single items by the knowledge at a path; without one says only that every item concerns the body."""
    if path is None:
        return lambda item: Judged(key=item.key, lang="", tokens=(), signature=b"", about_us=True)
    judge, now = Judge(knowledge_from(path), Models.default()), datetime.now(UTC)
    return lambda item: judge.judge(item, now)
