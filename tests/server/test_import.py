"""``groundswell import``: what is known is passed over, bad rows are named, a killed import goes on where it was."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.db import connection

from groundswell.cli import import_
from groundswell.cli.import_ import import_body
from groundswell.desk.sources.models import Source
from groundswell.desk.stream.models import Item
from groundswell.server.faults import Fault

KNOWN, NEW = {"new": 0, "changed": 0, "bad": 0}, {"known": 0, "changed": 0, "bad": 0}


def rows(count: int) -> bytes:
    """COUNT messages, each of its own place and hour."""
    lines = (
        {
            "id": f"m{n}",
            "text": f"第{n}号楼停水{n % 40 + 2}个小时没有人管，请水务局派人看看",
            "time": f"2026-11-{n % 20 + 1:02} {n % 24:02}:10",
        }
        for n in range(count)
    )
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def counts(result: dict[str, int]) -> dict[str, int]:
    return {name: result[name] for name in ("new", "known", "changed", "bad")}


@pytest.mark.django_db
def test_twice_is_once(desk: None) -> None:
    assert counts(import_body(rows(30), "a.jsonl", None)) == NEW | {"new": 30}
    assert counts(import_body(gzip.compress(rows(30)), "a.jsonl.gz", None)) == KNOWN | {"known": 30}
    assert counts(import_body(rows(40), "a.jsonl", None)) == {"new": 10, "known": 30, "changed": 0, "bad": 0}
    assert Item.objects.count() == 40
    assert Source.objects.get().slug == "file-a"


@pytest.mark.django_db
def test_bad_rows_are_named_with_their_mend_and_the_rest_is_done(desk: None, capsys: pytest.CaptureFixture[str]) -> None:
    body = (
        b'{"text": "\xe5\x81\x9c\xe6\xb0\xb4\xe4\xb8\xa4\xe5\xa4\xa9"}\nnot json\n[1]\n{"id": 3}\n{"title": "\xe9\x80\x9a\xe6\x8a\xa5"}\n'
    )
    assert counts(import_body(body, "b.jsonl", None)) == {"new": 2, "known": 0, "changed": 0, "bad": 3}
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(". ")[0] for line in said] == [
        "b.jsonl: Line 2 cannot be used: it is no JSON",
        "b.jsonl: Line 3 cannot be used: it is no object with names",
        "b.jsonl: Line 4 cannot be used: neither title nor text",
    ]
    assert all("Put the line right and hand the file in again" in line for line in said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("c.jsonl", b"", "c.jsonl cannot be read. It is empty"),
        ("c.csv", "序号,数量\n1,2\n".encode(), "No column is called title or text"),
        ("c.jsonl.gz", gzip.compress(rows(50), mtime=0)[:100], "It is damaged"),
        ("c.xlsx", b"PK\x03\x04 no workbook", "c.xlsx cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(desk: None, name: str, body: bytes, words: str) -> None:
    with pytest.raises(Fault, match=words) as told:
        import_body(body, name, None)
    assert "\n" not in str(told.value)


@pytest.mark.django_db
def test_an_unknown_source_is_named(desk: None) -> None:
    with pytest.raises(Fault, match="no source “nowhere” in the register"):
        import_body(rows(1), "d.jsonl", "nowhere")


@pytest.mark.django_db
def test_two_files_of_chinese_names_are_two_sources(desk: None) -> None:
    import_body(rows(1), "信箱.jsonl", None)
    import_body(rows(2), "热线.jsonl", None)
    assert Source.objects.count() == 2
    assert Item.objects.count() == 3


def test_a_kind_of_file_that_is_not_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(Fault, match=r"no kind that is read. Its name must end in .jsonl"):
        import_._read(str(tmp_path / "a.pdf"))
    with pytest.raises(Fault, match="There is no file"):
        import_._read(str(tmp_path / "none.jsonl"))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(rows(2))))
    assert import_._read("-") == ("stdin.jsonl", rows(2))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    total = 6 * import_.BATCH
    (tmp_path / "m.jsonl").write_bytes(rows(total))
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}@/{at['NAME']}?host={quote(at['HOST'])}"
    program = [sys.executable, "-m", "groundswell", "import", "--json", str(tmp_path / "m.jsonl")]
    surroundings = {**os.environ, "GROUNDSWELL_DATABASE_URL": url}
    first = subprocess.Popen(program, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while Item.objects.count() < import_.BATCH:
        assert time.monotonic() < deadline
        assert first.poll() is None
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    left = Item.objects.count()
    assert 0 < left < total
    done = subprocess.run(program, env=surroundings, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert counts(result) == {"new": total - left, "known": left, "changed": 0, "bad": 0}
    assert Item.objects.count() == Item.objects.values("key").distinct().count() == total
