"""The knowledge file: what the body is, its units, places, watches and words (contract § 5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml
from msgspec import Struct

from groundswell.engine.judge.query import QueryError, parse
from groundswell.engine.records import Body, Knowledge, Place, Slang, SourceRecord, Unit, WatchSpec
from groundswell.engine.text.tokens import lexicon_version

LARGEST_BYTES = 20_000_000
_S = TypeVar("_S", bound=Struct)

_PARTS: dict[str, type[Struct]] = {"units": Unit, "places": Place, "watches": WatchSpec, "slang": Slang, "sources": SourceRecord}
_NAMED_BY = {"units": "id", "places": "id", "watches": "id", "slang": "word", "sources": "slug"}


class KnowledgeError(ValueError):
    """The knowledge file says something that cannot be used; the message names file, line and mend."""


def read_knowledge(path: Path) -> Knowledge:
    """The knowledge file at a path.

    Raises KnowledgeError naming file and line, OSError where the file cannot be read.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise KnowledgeError(
            f"{path}: {size:,} bytes is more than a knowledge file may have ({LARGEST_BYTES:,}); split off what is not needed"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    return parse_knowledge(text, name=str(path))


def parse_knowledge(text: str, name: str = "knowledge") -> Knowledge:
    """Knowledge out of YAML text; ``name`` stands in error messages for the file.

    Unknown keys are passed over, so that an older program reads a newer file. Raises KnowledgeError.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(f"{name}, line {line}: {error.problem or 'not YAML'}; check indentation, quotes and brackets there") from error
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{name}: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise KnowledgeError(f"{name}, line 1: a mapping with body, units, places, watches and slang is expected")
    parts = {key.value: value for key, value in root.value}
    if "body" not in parts:
        raise KnowledgeError(f"{name}, line 1: no body; add for example  body: {{name: 云岭县}}")
    read: dict[str, Any] = {part: _rows(parts[part], part, kind, name) for part, kind in _PARTS.items() if part in parts}
    knowledge = Knowledge(body=_record(parts["body"], Body, name), **read)
    knowledge = msgspec.structs.replace(knowledge, version=lexicon_version(knowledge))
    try:
        ZoneInfo(knowledge.body.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        line = _line(parts["body"])
        raise KnowledgeError(f"{name}, line {line}: {knowledge.body.zone} is no time zone; write one like Asia/Shanghai") from error
    _check_references(knowledge, parts, name)
    _check_queries(knowledge, parts, name)
    return knowledge


def _value(node: yaml.Node, name: str) -> Any:
    """The plain value of a node."""
    try:
        return yaml.SafeLoader("").construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark or node.start_mark).line + 1
        raise KnowledgeError(f"{name}, line {line}: {error.problem}; write it as plain text, number or list") from error


def _record(node: yaml.Node, kind: type[_S], name: str) -> _S:
    """One mapping as a record."""
    try:
        return msgspec.convert(_value(node, name), kind)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"{name}, line {_line(node)}: {error}; a {kind.__name__} has {_shape(kind)}") from error


def _rows(node: yaml.Node, part: str, kind: type[_S], name: str) -> tuple[_S, ...]:
    """A list of mappings as records, each name used once."""
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        return ()
    if not isinstance(node, yaml.SequenceNode):
        raise KnowledgeError(f"{name}, line {_line(node)}: {part} is a list; write one row a line, each with a dash")
    first_seen: dict[str, int] = {}
    rows = []
    for child in node.value:
        row = _record(child, kind, name)
        own = str(getattr(row, _NAMED_BY[part]))
        if not own.strip():
            raise KnowledgeError(f"{name}, line {_line(child)}: a row of {part} has an empty {_NAMED_BY[part]}; give it one")
        if own in first_seen:
            raise KnowledgeError(
                f"{name}, line {_line(child)}: {part} has {own} already in line {first_seen[own]}; give one another {_NAMED_BY[part]}"
            )
        first_seen[own] = _line(child)
        rows.append(row)
    return tuple(rows)


def _check_references(knowledge: Knowledge, parts: dict[str, yaml.Node], name: str) -> None:
    """Every unit and place that a row points to is there, and nothing lies within itself."""
    units, places = {u.id for u in knowledge.units}, {p.id for p in knowledge.places}
    pointers = (
        ("units", "parent", units, knowledge.units),
        ("places", "within", places, knowledge.places),
        ("places", "unit", units, knowledge.places),
        ("watches", "unit", units, knowledge.watches),
        ("sources", "unit", units, knowledge.sources),
        ("sources", "place", places, knowledge.sources),
    )
    for part, field, known, rows in pointers:
        for number, row in enumerate(rows):
            target = getattr(row, field)
            if target is not None and target not in known:
                line = _line(parts[part].value[number])
                table = "places" if known is places else "units"
                raise KnowledgeError(f"{name}, line {line}: {field} {target} is not among the {table}; add it or write null")
    for part, field, above in (
        ("units", "parent", {unit.id: unit.parent for unit in knowledge.units}),
        ("places", "within", {place.id: place.within for place in knowledge.places}),
    ):
        for number, own in enumerate(above):
            if _circles(own, above):
                raise KnowledgeError(f"{name}, line {_line(parts[part].value[number])}: {own} lies within itself; mend its {field}")


def _check_queries(knowledge: Knowledge, parts: dict[str, yaml.Node], name: str) -> None:
    """Every watch can be read."""
    for number, watch in enumerate(knowledge.watches):
        try:
            parse(watch.query)
        except QueryError as error:
            line = _line(parts["watches"].value[number])
            raise KnowledgeError(f"{name}, line {line}: the query of watch {watch.id} cannot be read at {error}") from error


def _circles(start: str, above: dict[str, str | None]) -> bool:
    seen, at = {start}, above.get(start)
    while at is not None:
        if at in seen:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def _shape(kind: type[Struct]) -> str:
    return ", ".join(kind.__struct_fields__)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
