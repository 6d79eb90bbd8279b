"""The commands ``dedupe`` and ``watch`` on files."""

from __future__ import annotations

import gzip
import json

import pytest

from groundswell.cli import main

KNOWLEDGE = """
body: {name: 云岭县, aliases: [云岭]}
units: [{id: water, name: 县水务局, aliases: [水务局], duties: [供水, 停水]}]
places: [{id: qinghe, name: 清河镇}]
watches: [{id: supply, name: 供水, query: 停水, unit: water}]
"""
ROWS = [
    {"id": "a", "title": "通知", "text": "清河镇明天停水，水务局已在抢修，请居民提前储水备用", "published_at": "2026-11-23T16:05:00+08:00"},
    {"text": "周末天气晴好，适合出门散步看花看水看山看云"},
    {"id": 7, "title": "通知", "text": "清河鎮明天停水,水務局已在搶修,請居民提前儲水備用!", "time": "2026-11-24 08:00"},
]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "k.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    with gzip.open(tmp_path / "in.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    return tmp_path


def result(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_dedupe(files):
    assert main(["dedupe", "--in", str(files / "in.jsonl.gz"), "--out", str(files / "out.jsonl")]) == 0
    assert result(files / "out.jsonl") == [
        {"id": "a", "duplicate_of": None},
        {"id": 1, "duplicate_of": None},
        {"id": 7, "duplicate_of": "a"},
    ]


def watch(files, query):
    code = main(
        ["watch", query, "--knowledge", str(files / "k.yaml"), "--in", str(files / "in.jsonl.gz"), "--out", str(files / "out.jsonl")]
    )
    return code, result(files / "out.jsonl") if code == 0 else []


def test_watch_gives_ids_with_the_marked_places(files):
    code, found = watch(files, "(停水 OR 断水) NOT 招聘")
    assert code == 0
    assert [row["id"] for row in found] == ["a", 7]
    assert found[0]["marks"] == [{"where": "text", "start": 5, "end": 7, "words": "停水"}]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("title:通知", ["a", 7]),
        ("停水 since:2026-11-24", [7]),
        ("unit:water", ["a", 7]),
        ("place:清河镇 lang:zh-hans", ["a"]),
        ("散步", [1]),
        ("看海", []),
    ],
)
def test_watch_fields(files, query, ids):
    assert [row["id"] for row in watch(files, query)[1]] == ids


def test_a_query_that_cannot_be_read_is_named_with_its_place(files, capsys):
    assert watch(files, "停水 OR")[0] == 1
    assert "character 6" in capsys.readouterr().err


def test_a_row_that_is_no_text(files, capsys):
    (files / "bad.jsonl").write_text('{"id": 1, "text": 5}\n')
    assert main(["dedupe", "--in", str(files / "bad.jsonl")]) == 1
    assert "line 1: Row 1" in capsys.readouterr().err
