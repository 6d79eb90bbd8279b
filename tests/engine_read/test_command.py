"""The file command ``read`` and the lines that all file commands share."""

from __future__ import annotations

import argparse
import gzip
import io
import json
from pathlib import Path

import pytest

from groundswell.cli import read
from groundswell.cli.lines import open_in, open_out, progress, rows, write


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    read.add_arguments(parser)
    return read.run(parser.parse_args(words))


def page(title: str) -> bytes:
    body = "县水务局今日通报，清河镇水管抢修完成，沿线小区已恢复供水，初期水色偏黄，放水片刻即可使用。" * 2
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{body}</p></body></html>".encode("gb18030")


@pytest.mark.parametrize("out", ["out.jsonl", "out.jsonl.gz"])
def test_read_writes_every_page(tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(30):
        (tmp_path / f"p{number:02d}.html.gz").write_bytes(gzip.compress(page(f"清河镇第{number}号供水通报")))
    (tmp_path / "p99.html").write_bytes(b"")
    assert run(str(tmp_path), "--now", "2026-11-23T16:06", "--out", str(tmp_path / out)) == 0
    with open_in(str(tmp_path / out)) as stream:
        found = list(rows(stream))
    assert [row["id"] for row in found] == [f"p{number:02d}" for number in range(30)]
    assert found[7]["title"] == "清河镇第7号供水通报"
    assert {"kind", "url", "title", "text", "published_at", "site", "lang", "posts", "rows"} <= set(found[0])
    assert "author" not in found[0]
    assert "p99.html" in capsys.readouterr().err  # named, and the others went on


def test_rows_are_numbered_and_bad_ones_named(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.BytesIO(b'{"text":"a"}\nnot json\n{"id":"x"}\n\n{"text":"b"}\n')
    assert [row["id"] for row in rows(stream)] == [0, "x", 4]
    assert "line 2" in capsys.readouterr().err


def test_written_lines_are_json(tmp_path: Path) -> None:
    with open_out(str(tmp_path / "a.jsonl")) as stream:
        for number in progress(range(5000)):
            write(stream, {"id": number})
    assert [json.loads(line)["id"] for line in (tmp_path / "a.jsonl").read_text().splitlines()] == list(range(5000))
