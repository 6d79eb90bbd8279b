"""The command line as a table: every command explains itself, refuses what it does not know, and names what is wrong in one sentence."""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.cli import COMMANDS, main, make_parser

KNOWLEDGE = """
body: {name: 云岭县, aliases: [云岭]}
units: [{id: water, name: 县水务局, aliases: [水务局], duties: [供水, 停水]}]
places: [{id: qinghe, name: 清河镇}]
watches: [{id: supply, name: 供水, query: 停水, unit: water}]
"""
# commands on the desk's data, with the least that they take
ON_THE_DESK = {
    "import": ["{file}"],
    "collect": [],
    "replay": [],
    "brief": ["--date", "2026-11-23", "--out", "{folder}/brief.docx"],
    "evidence": ["S2026-0001", "--out", "{folder}/story.warc.gz"],
    "export": ["items", "--out", "{folder}/items.jsonl"],
    "search": ["供水"],
    "case": ["list"],
    "roster": ["now"],
    "plan": ["list"],
    "reindex": [],
    "users": ["list"],
    "audit": ["verify"],
    "leads": ["rotate-keys"],
}
# commands on rows, with what they need beside them
ON_ROWS = {
    "group": [],
    "dedupe": [],
    "judge": ["--knowledge", "{knowledge}"],
    "watch": ["停水", "--knowledge", "{knowledge}"],
}
BUT_THESE = {"read", "due", "init", "serve", "demo", "doctor", "learn", "label", "correct", "learn-spread", "forecast"}


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "k.yaml").write_text(KNOWLEDGE, encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "清河镇明天停水"}\n', encoding="utf-8")
    return {"folder": str(tmp_path), "file": str(tmp_path / "rows.jsonl"), "knowledge": str(tmp_path / "k.yaml")}


def filled(words: list[str], places: dict[str, str]) -> list[str]:
    return [word.format(**places) for word in words]


def test_the_tables_here_name_every_command() -> None:
    assert {*ON_THE_DESK, *ON_ROWS, *BUT_THESE} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example_that_the_command_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert f"usage: groundswell {name}" in shown
    assert f"example:\n  {COMMANDS[name].example}" in shown
    assert f"groundswell {name}" in COMMANDS[name].example


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_has_words(name: str) -> None:
    parser = argparse.ArgumentParser()
    importlib.import_module(COMMANDS[name].module).add_arguments(parser)
    assert [action.dest for action in actions(parser) if not action.help and not action.choices] == []


def actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [each for sub in action.choices.values() for each in actions(sub)]
        else:
            found.append(action)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_argument_is_exit_code_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--no-such-thing"])
    assert ended.value.code == 2
    assert f"usage: groundswell {name}" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["no-such-command"], ["--no-such-thing"]])
def test_no_command_or_an_unknown_one_is_exit_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_the_list_of_commands_says_what_the_exit_codes_mean() -> None:
    shown = make_parser().format_help()
    assert all(f"    {name}" in shown for name in COMMANDS)
    assert "0 done, 1 something outside is wrong (one sentence says what), 2 wrong arguments" in shown


@pytest.mark.parametrize("name", ON_THE_DESK)
def test_without_a_home_one_sentence_says_what_to_do(
    name: str, places: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("GROUNDSWELL_DATABASE_URL")
    assert main([name, *filled(ON_THE_DESK[name], places)]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert "groundswell init" in said.err
    assert not (tmp_path / "nowhere").exists()


def test_doctor_without_a_home_says_so_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("GROUNDSWELL_DATABASE_URL")
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {"state", "what", "mend"} == set(found[0])
    assert [each["mend"] for each in found if "does not exist" in each["what"]] == ["Run “groundswell init”, or set GROUNDSWELL_HOME."]


@pytest.mark.parametrize("name", ON_ROWS)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"not json\n[1]\n", "holds no line that can be read"),
        (b'{"text": 5}\n', "holds no line that can be read"),
        (b"\x1f\x8b\x08 no gzip", "holds no line that can be read"),  # by its name it is plain text
    ],
)
def test_a_file_without_a_good_line_is_one_fault(
    name: str, body: bytes, words: str, places: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "bad.jsonl").write_bytes(body)
    assert main([name, *filled(ON_ROWS[name], places), "--in", str(tmp_path / "bad.jsonl"), "--out", str(tmp_path / "out.jsonl")]) == 1
    said = capsys.readouterr().err
    assert "bad.jsonl, line 1: " in said
    assert said.splitlines()[-1].endswith(words + ".")


@pytest.mark.parametrize("name", ON_ROWS)
def test_a_bad_row_is_named_and_the_others_are_done(
    name: str, places: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = ['{"id": "a", "text": "清河镇明天停水"}', "not json", '{"id": "b", "text": 5}', '{"id": "c", "text": "县水务局说停水两天"}']
    with gzip.open(tmp_path / "in.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(rows))
    out = tmp_path / "out.jsonl.gz"
    assert main([name, *filled(ON_ROWS[name], places), "--in", str(tmp_path / "in.jsonl.gz"), "--out", str(out)]) == 0
    with gzip.open(out, "rt", encoding="utf-8") as stream:
        assert {json.loads(line)["id"] for line in stream} == {"a", "c"}
    said = capsys.readouterr().err
    assert "in.jsonl.gz, line 2: this is no JSON" in said
    assert "in.jsonl.gz, line 3: " in said
    assert "Write" in said


@pytest.mark.parametrize("name", ON_ROWS)
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("none.jsonl", "cannot be read: No such file"),
        ("", "cannot be read: Is a directory"),
        ("half.jsonl.gz", "is no whole gzip file"),
        ("false.jsonl.gz", "is no whole gzip file"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(
    name: str, given: str, words: str, places: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    packed = gzip.compress('{"text": "清河镇明天停水"}\n'.encode() * 5000)
    (tmp_path / "half.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "false.jsonl.gz").write_bytes(b"no gzip at all")
    assert main([name, *filled(ON_ROWS[name], places), "--in", str(tmp_path / given), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_a_place_that_cannot_be_written_is_one_sentence(places: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "--in", places["file"], "--out", places["folder"] + "/no/such/folder.jsonl"]) == 1
    assert "Choose another place with --out" in capsys.readouterr().err


@pytest.mark.slow
def test_standard_input_and_output_and_a_reader_that_goes_away() -> None:
    program = [sys.executable, "-m", "groundswell", "dedupe"]
    rows = "".join(
        json.dumps({"text": f"第{number}条 清河镇明天停水 {number * 7919}"}, ensure_ascii=False) + "\n" for number in range(20_000)
    )
    done = subprocess.run(
        program, input=rows[: rows.index("第5条")].rpartition("\n")[0], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [0, 1, 2, 3, 4]
    piped = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert piped.stdin is not None
    assert piped.stdout is not None
    assert piped.stderr is not None
    piped.stdout.close()  # as ``| head`` does
    try:
        piped.stdin.write(rows.encode())
        piped.stdin.close()
    except BrokenPipeError:
        pass
    assert piped.wait(60) == 0
    assert piped.stderr.read() == b""
