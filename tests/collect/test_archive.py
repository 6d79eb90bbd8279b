"""The raw archive: what was written is there after kill -9, opens with its key only, and other tools read it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from groundswell.collect.archive import Archive
from groundswell.collect.client import content_hash
from groundswell.collect.errors import ArchiveError, LostKey
from groundswell.collect.keys import load_or_create_key
from groundswell.collect.sealed import HEADER_BYTES, Reader
from groundswell.engine.records import Fetched

from .conftest import NOON, HandClock

KEY = bytes(range(32))


def page(number: int = 0, at: datetime = NOON) -> Fetched:
    body = f"第{number}页：清河镇停水，请问何时恢复？".encode("gb18030") * 20
    return Fetched(
        url=f"http://example.org/旧?{number}",
        final_url=f"http://www.example.org/page?n={number}",
        status=200,
        headers=(
            ("Content-Type", "text/html; charset=gb18030"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", "77"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
        ),
        body=body,
        fetched_at=at,
        content_type="text/html",
        charset="gb18030",
        content_hash=content_hash(body),
        address="192.0.2.7",
        request_headers=(("Host", "www.example.org"), ("User-Agent", "Groundswell/1.0")),
        source="yunling-forum",
        role="thread",
    )


@pytest.fixture
def archive(tmp_path: Path, clock: HandClock) -> Archive:
    return Archive(tmp_path / "archive", KEY, clock.now)


def everything(archive: Archive) -> list[Fetched]:
    return list(archive.records(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)))


# ---------------------------------------------------------------- write and read


def test_what_was_written_is_read_back_to_the_last_field(archive: Archive) -> None:
    refs = [archive.write(page(n)) for n in range(5)]
    for number, ref in enumerate(refs):
        assert archive.read(ref) == replace(page(number), archive=ref)
    assert [fetched.archive for fetched in everything(archive)] == refs


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b""},
        {"body": bytes(range(256)) * 9},
        {"body": b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\n\r\n"},
        {"status": 299},
        {"headers": ()},
        {"headers": (("Transfer-Encoding", "chunked"), ("content-length", "5"))},
        {"url": "http://www.example.org/page?n=0"},
        {"url": "http://example.org/a%20b%25?x=1%2B1"},
        {"source": "云岭 论坛", "role": ""},
        {"fetched_at": NOON + timedelta(microseconds=7)},
        {"request_headers": ()},
    ],
)
def test_odd_responses_are_read_back(archive: Archive, changed: dict[str, object]) -> None:
    fetched = replace(page(), **changed)
    if not fetched.headers or "headers" in changed:
        fetched = replace(fetched, content_type="", charset="")
    fetched = replace(fetched, content_hash=content_hash(fetched.body))
    ref = archive.write(fetched)
    assert archive.read(ref) == replace(fetched, archive=ref)


def test_screenshots_and_pasted_text_are_resources(archive: Archive) -> None:
    picture = Fetched(
        url="urn:uuid:5f0c",
        final_url="urn:uuid:5f0c",
        status=200,
        headers=(),
        body=b"\x89PNG\r\n",
        fetched_at=NOON,
        content_type="image/png",
        source="entered",
    )
    note = replace(picture, content_type="text/plain", charset="utf-8", body="群里说停水".encode())
    for fetched in (picture, note):
        ref = archive.write(fetched, kind="resource")
        assert archive.read(ref) == replace(fetched, archive=ref, content_hash=content_hash(fetched.body))


tokens = st.text("abcdefghijklmnopqrstuvwxyzABC-", min_size=1, max_size=12)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30).map(str.strip)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(tokens, values), max_size=6), st.binary(max_size=300), st.integers(100, 999), st.text(max_size=20))
def test_any_response_is_read_back(archive: Archive, headers: list[tuple[str, str]], body: bytes, status: int, path: str) -> None:
    fetched = replace(page(), headers=tuple(headers), body=body, status=status, url=f"http://example.org/{path}")
    got = archive.read(archive.write(fetched))
    assert (got.headers, got.body, got.status, got.url) == (fetched.headers, fetched.body, fetched.status, fetched.url)


@pytest.mark.parametrize("value", ["水", "a\xffb", 'attachment; filename="报告.doc"', "\x80"])
def test_headers_beyond_ascii_do_no_harm(archive: Archive, value: str) -> None:
    fetched = replace(page(), headers=(("X-Name", value), ("ETag", '"1"')))
    got = archive.read(archive.write(fetched))
    assert (got.body, got.headers[1:]) == (fetched.body, (("ETag", '"1"'),))


def test_a_line_end_in_an_address_does_not_reach_the_record(archive: Archive) -> None:
    url = "http://example.org/a\r\nWARC-IP-Address: 6.6.6.6\r\n"
    got = archive.read(archive.write(replace(page(), url=url, final_url=url)))
    assert (got.url, got.address, got.body) == (url, "192.0.2.7", page().body)


def test_nothing_stands_in_the_clear_on_disk(archive: Archive) -> None:
    archive.write(page())
    [path] = archive.folder.iterdir()
    raw = path.read_bytes()
    assert b"WARC" not in raw
    assert b"example.org" not in raw
    assert b"\x1f\x8b\x08" not in raw
    assert path.stat().st_mode & 0o077 == 0


def test_a_record_is_flushed_to_the_disk_before_its_ref_is_told(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.write(page())
    calls: list[str] = []
    real_write, real_flush = os.write, os.fsync
    monkeypatch.setattr(os, "write", lambda descriptor, data: calls.append("write") or real_write(descriptor, data))
    monkeypatch.setattr(os, "fsync", lambda descriptor: calls.append("flush") or real_flush(descriptor))
    archive.write(page(1))
    assert calls == ["write", "flush"]


def test_files_roll_with_the_day_and_records_come_in_the_order_of_fetching(tmp_path: Path, clock: HandClock) -> None:
    one, two = Archive(tmp_path, KEY, clock.now), Archive(tmp_path, KEY, clock.now)
    for number in range(6):
        (one, two)[number % 2].write(page(number, clock.now()))
        clock.sleep(6 * 3600)
    assert [fetched.final_url[-1] for fetched in everything(one)] == list("012345")
    assert sorted({path.name[:8] for path in tmp_path.iterdir()}) == ["20261123", "20261124"]
    some = one.records(NOON + timedelta(hours=6), NOON + timedelta(hours=18))
    assert [fetched.final_url[-1] for fetched in some] == ["1", "2"]


def test_threads_share_an_archive(archive: Archive) -> None:
    refs: dict[int, str] = {}

    def work(start: int) -> None:
        for number in range(start, 24, 4):
            refs[number] = archive.write(page(number))

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(archive.read(ref).body == page(number).body for number, ref in refs.items())
    assert len(everything(archive)) == 24


def test_a_forked_worker_writes_a_file_of_its_own(archive: Archive) -> None:
    mine = archive.write(page(1))
    child = os.fork()
    if child == 0:
        archive.write(page(2))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    archive.write(page(3))
    assert sorted(fetched.final_url[-1] for fetched in everything(archive)) == ["1", "2", "3"]
    assert len(list(archive.folder.iterdir())) == 2
    assert archive.read(mine).body == page(1).body


# ---------------------------------------------------------------- crashes

WRITER = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from groundswell.collect.archive import Archive
from tests.collect.test_archive import KEY, page

archive = Archive(Path(sys.argv[1]), KEY, lambda: datetime.now(UTC))
whole, written = int(sys.argv[2]), 0
plain_write = os.write

def torn_write(descriptor, data):
    if written >= whole:
        plain_write(descriptor, bytes(data)[: int(sys.argv[3])])
        os.fsync(descriptor)
        os.kill(os.getpid(), signal.SIGKILL)
    return plain_write(descriptor, data)

os.write = torn_write
while True:
    plain_write(1, (archive.write(page(written)) + "\\n").encode())
    written += 1
"""


def run_writer(folder: Path, *args: int) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", WRITER, str(folder), *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": str(root)})


@pytest.mark.parametrize("torn_bytes", [0, 1, 4, 15, 200])
def test_killed_in_the_middle_of_a_write(tmp_path: Path, clock: HandClock, torn_bytes: int) -> None:
    writer = run_writer(tmp_path, 7, torn_bytes)
    printed, _ = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL
    refs = printed.decode().split()
    assert len(refs) == 7
    archive = Archive(tmp_path, KEY, clock.now)
    assert [fetched.archive for fetched in everything(archive)] == refs
    assert [archive.read(ref).body for ref in refs] == [page(n).body for n in range(7)]
    assert archive.write(page(9)) not in refs


def test_killed_at_any_moment_everything_that_was_promised_is_there(tmp_path: Path, clock: HandClock) -> None:
    writer = run_writer(tmp_path, 10**9, 0)
    assert writer.stdout
    promised = [writer.stdout.readline().decode().strip() for _ in range(20)]
    os.kill(writer.pid, signal.SIGKILL)
    rest = writer.communicate(timeout=60)[0].decode()
    promised += rest.split("\n")[:-1]
    found = [fetched.archive for fetched in everything(Archive(tmp_path, KEY, clock.now))]
    assert found[: len(promised)] == promised
    assert len(found) - len(promised) in (0, 1)  # one may have been flushed before it was told


@pytest.mark.parametrize("left", [0, 5, HEADER_BYTES - 1, HEADER_BYTES])
def test_a_file_cut_in_its_header_is_empty(archive: Archive, clock: HandClock, left: int) -> None:
    archive.write(page())
    [path] = archive.folder.iterdir()
    os.truncate(path, left)
    assert everything(Archive(archive.folder, KEY, clock.now)) == []


def test_a_last_frame_whose_bytes_never_arrived_counts_as_torn(archive: Archive) -> None:
    refs = [archive.write(page(n)) for n in range(2)]
    [path] = archive.folder.iterdir()
    flip(path, path.stat().st_size - 1)
    assert [fetched.archive for fetched in everything(archive)] == refs[:1]
    with pytest.raises(ArchiveError, match="damaged"):
        archive.read(refs[1])


def test_zeros_after_a_power_cut_are_no_frames(archive: Archive) -> None:
    ref = archive.write(page())
    [path] = archive.folder.iterdir()
    with path.open("ab") as file:
        file.write(bytes(5000))
    assert [fetched.archive for fetched in everything(archive)] == [ref]


def test_a_full_disk_is_an_error_and_the_next_write_is_whole(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first = archive.write(page(1))
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        real(descriptor, bytes(data)[:50])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ArchiveError) as caught:
        archive.write(page(2))
    assert (caught.value.code, caught.value.args_) == ("disk", {"reason": "No space left on device"})
    monkeypatch.setattr(os, "write", real)
    third = archive.write(page(3))
    assert [fetched.archive for fetched in everything(archive)] == [first, third]


# ---------------------------------------------------------------- keys and damage


def test_another_key_is_named_as_such(archive: Archive, clock: HandClock) -> None:
    ref = archive.write(page())
    with pytest.raises(LostKey) as caught:
        Archive(archive.folder, bytes(32), clock.now)
    assert caught.value.code == "lost_key"
    assert caught.value.args_["wanted"] != caught.value.args_["given"]
    archive.key = bytes(32)
    with pytest.raises(LostKey):
        archive.read(ref)


def flip(path: Path, position: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[position] ^= 1
    path.write_bytes(raw)


def test_a_changed_byte_is_found_and_the_others_are_read(archive: Archive) -> None:
    refs = [archive.write(page(n)) for n in range(3)]
    [path] = archive.folder.iterdir()
    flip(path, int(refs[1].split(":")[1]) + 40)
    with pytest.raises(ArchiveError, match="damaged"):
        archive.read(refs[1])
    with pytest.raises(ArchiveError, match="damaged"):
        everything(archive)
    told: list[ArchiveError] = []
    rest = list(archive.records(NOON, NOON + timedelta(days=1), told.append))
    assert [fetched.archive for fetched in rest] == [refs[0], refs[2]]
    assert [error.args_["offset"] for error in told] == [int(refs[1].split(":")[1])]


def test_a_frame_opens_only_in_its_file_and_at_its_place(archive: Archive) -> None:
    refs = [archive.write(page(1)), archive.write(page(1))]
    [path] = archive.folder.iterdir()
    first, second = (int(ref.split(":")[1]) for ref in refs)
    raw = path.read_bytes()
    path.write_bytes(raw[:first] + raw[second:] + raw[first:second])
    with pytest.raises(ArchiveError, match="damaged"):
        archive.read(refs[0])
    path.write_bytes(raw)
    other = path.with_name(path.name.replace("20261123", "20261122"))
    path.rename(other)
    with pytest.raises(ArchiveError, match="damaged"):
        archive.read(f"{other.name}:{first}")


@pytest.mark.parametrize(
    "ref", ["", "x", "../../etc/passwd:0", "20261123-1-00000000.warc.gz.sealed:10", "20261123-1-00000000.warc.gz.sealed:-1"]
)
def test_refs_that_lead_nowhere(archive: Archive, ref: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        archive.read(ref)
    assert caught.value.code == "missing"


def test_offsets_between_records_are_not_read(archive: Archive) -> None:
    ref = archive.write(page())
    for shift in (-3, 1, 10_000):
        name, offset = ref.split(":")
        with pytest.raises(ArchiveError):
            archive.read(f"{name}:{int(offset) + shift}")


def test_the_key_file(tmp_path: Path) -> None:
    path = tmp_path / "home" / "archive.key"
    key = load_or_create_key(path)
    assert (len(key), load_or_create_key(path), path.stat().st_mode & 0o777) == (32, key, 0o600)
    assert [entry.name for entry in path.parent.iterdir()] == ["archive.key"]
    path.chmod(0o640)
    with pytest.raises(ArchiveError) as caught:
        load_or_create_key(path)
    assert (caught.value.code, caught.value.args_["mode"]) == ("unsafe_key", "0640")
    path.chmod(0o600)
    path.write_bytes(b"something else\n")
    with pytest.raises(ArchiveError, match="does not hold"):
        load_or_create_key(path)


# ---------------------------------------------------------------- evidence and the end of the time of keeping


def test_the_plain_export_is_a_warc_that_warcio_reads_and_finds_right(archive: Archive, tmp_path: Path) -> None:
    refs = [archive.write(page(n)) for n in range(4)]
    out = tmp_path / "evidence.warc.gz"
    with out.open("wb") as file:
        assert archive.export_plain([refs[2], refs[0], refs[2]], file) == 2
    with out.open("rb") as file:
        seen = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in seen] == ["warcinfo", "response", "request", "response", "request"]
    assert seen[1][1:] == (page(2).final_url, page(2).body)
    with out.open("rb") as file:
        records = list(ArchiveIterator(file))
    head = records[1].rec_headers
    assert head.get_header("WARC-IP-Address") == "192.0.2.7"
    assert head.get_header("WARC-Date") == "2026-11-23T04:00:00.000000Z"
    assert head.get_header("WARC-Payload-Digest").startswith("sha256:")
    assert records[2].rec_headers.get_header("WARC-Concurrent-To") == head.get_header("WARC-Record-ID")


def test_warcio_check_finds_no_fault(archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "evidence.warc.gz"
    with out.open("wb") as file:
        archive.export_plain([archive.write(page(n)) for n in range(3)], file)
    checker = Checker(type("Command", (), {"inputs": [str(out)], "verbose": True})())
    checker.process_all()
    assert checker.exit_value == 0
    assert "digest pass" in capsys.readouterr().out


def test_the_sweep_keeps_what_is_evidence_at_its_place(archive: Archive, clock: HandClock) -> None:
    old = [archive.write(replace(page(n), body=os.urandom(50_000))) for n in range(4)]
    evidence = archive.read(old[1])
    clock.sleep(40 * 86400)
    new = archive.write(page(9, clock.now()))
    assert archive.sweep(date(2026, 12, 1), keep={old[1]}) == 3
    assert archive.read(old[1]) == evidence
    assert [fetched.archive for fetched in everything(archive)] == [old[1], new]
    with pytest.raises(ArchiveError) as caught:
        archive.read(old[2])
    assert caught.value.code == "missing"
    path = archive.folder / old[1].split(":")[0]
    assert path.stat().st_blocks * 512 < 120_000
    with Reader(path, KEY) as reader:
        assert sum(not erased for _, _, erased in reader.offsets()) == 2
    assert archive.sweep(date(2026, 12, 1), keep={old[1]}) == 0
    assert archive.sweep(date(2026, 12, 1)) == 1
    assert not path.exists()


def test_the_sweep_never_touches_today(archive: Archive) -> None:
    ref = archive.write(page())
    assert archive.sweep(date(2100, 1, 1)) == 0
    assert archive.read(ref).body == page().body
