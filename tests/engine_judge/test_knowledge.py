"""The knowledge file: what it may say, and where it says what is wrong."""

from __future__ import annotations

import pytest

from groundswell.engine.knowledge import KnowledgeError, parse_knowledge, read_knowledge
from tests.engine_judge.county import YAML

WRONG = [
    ("units: []", "line 1: no body", "no body"),
    ("- a", "line 1: a mapping", "a list"),
    ("body: {name: x\nunits: []", "line 2", "a bracket left open"),
    ("body: {name: 3}", "line 1: Expected `str`", "a number as name"),
    ("body: {name: x}\nunits:\n  - {id: a, name: b, parent: z}", "line 3: parent z", "a parent that is not there"),
    ("body: {name: x}\nunits:\n  - {id: a, name: b}\n  - {id: a, name: c}", "line 4: units has a already in line 3", "an id twice"),
    ("body: {name: x}\nplaces: [{id: a, name: b, within: a}]", "line 2: a lies within itself", "a place within itself"),
    (
        "body: {name: x}\nplaces:\n  - {id: a, name: b, within: c}\n  - {id: c, name: d, within: a}",
        "line 3: a lies within itself",
        "two in each other",
    ),
    ("body: {name: x}\nwatches:\n  - {id: w, query: '(a OR'}", "line 3: the query of watch w", "a query that cannot be read"),
    ("body: {name: x, zone: Moon/Base}", "line 1: Moon/Base is no time zone", "an unknown zone"),
    ("body: {name: !!python/object/apply:os.system [x]}", "line 1", "a tag that would run code"),
]


@pytest.mark.parametrize(("text", "words", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_errors_name_the_line(text: str, words: str, why: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        parse_knowledge(text, "k.yaml")
    assert words in str(error.value)
    assert str(error.value).startswith("k.yaml")


def test_read(tmp_path) -> None:
    path = tmp_path / "k.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + YAML.encode())
    knowledge = read_knowledge(path)
    assert (len(knowledge.units), len(knowledge.places), len(knowledge.watches)) == (5, 5, 3)
    assert knowledge.version
    assert knowledge.version == parse_knowledge(YAML + "\n# a remark\n").version
    assert knowledge.version != parse_knowledge(YAML.replace("路灯", "街灯")).version
    path.write_bytes("body: {name: 云岭}".encode("gb18030"))
    with pytest.raises(KnowledgeError, match="UTF-8"):
        read_knowledge(path)
