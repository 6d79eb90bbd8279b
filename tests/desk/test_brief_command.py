"""``groundswell brief``: a draft from the messages of a day, the signed paper as it was signed, faults in one sentence."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import brief as command
from groundswell.cli import main
from groundswell.cli.import_ import import_body
from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins import issues, mail, paper
from groundswell.desk.bulletins.jobs import keep_clocks
from groundswell.desk.bulletins.models import Issue, IssueState
from groundswell.desk.spine.ports import now
from tests.conftest import Clock
from tests.desk.press import picked, series, signed, story, water, written
from tests.reports.test_documents import docx_words, html_words, pdf_words, squeeze

DAY = date(2020, 1, 6)
MESSAGES = (
    ("A3区大道占道施工扰民", "2020-01-06 11:51:37", "A3区大道西行便道，人行道包括路灯杆，被圈在安置房项目施工围墙内，安全隐患非常大。请求尽快整改这个路段。"),
    ("A3区大道占道施工有安全隐患", "2020-01-06 12:09:38", "A3区大道西行便道，人行道包括路灯杆，被圈在安置房项目施工围墙内，安全隐患非常大。请求尽快整改这个路段。"),
    ("出租车燃油补贴什么时候发", "2020-01-06 15:19:15", "我想咨询一下2018年度的出租车燃油补贴，是多少钱，何时可以发下来？"),
    ("要求追究林某果等人责任", "2020-01-06 15:35:17", "请依法追究林果雨责任。林果雨打人，林果雨在场。2018年4月17日，有人被打成重伤二级，有视频为证。"),
    ("前一天的事", "2020-01-05 12:00:00", "小区昨天停水，没有通知。"),
    ("后一天的事", "2020-01-07 09:00:00", "小区又停水了，还是没有通知。"),
)  # fmt: skip


@pytest.fixture
def messages(desk: None, clock: Clock) -> None:
    """The day's messages, brought in long after."""
    clock.now = datetime.now(UTC)
    rows = [{"id": n, "title": title, "published_at": at, "text": text} for n, (title, at, text) in enumerate(MESSAGES)]
    import_body("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(), "stream.jsonl", None)


@pytest.fixture(autouse=True)
def _this_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works in the home of the tests, which is open already."""
    from groundswell.server import home

    @contextmanager
    def here(**_options: Any) -> Any:
        yield None

    monkeypatch.setattr(home, "open_home", here)


def brief(*words: str) -> int:
    return main(["brief", *words])


def test_a_draft_of_the_day_whose_stories_cite_their_items(messages: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "brief.docx"
    assert brief("--date", "2020-01-06", "--out", str(out), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["draft"], told["number"], told["day"]) == (True, None, "2020-01-06")
    assert told["window"] == ["2020-01-05T17:00:00+08:00", "2020-01-06T17:00:00+08:00"]
    issue = Issue.objects.get()
    pieces = list(issue.pieces.all())
    assert len(pieces) == told["items"] == 3
    assert all(piece.cited.exists() for piece in pieces)
    for piece in pieces:
        assert piece.story is not None
        assert set(piece.cited.values_list("pk", flat=True)) <= set(piece.story.items.values_list("pk", flat=True))
    words = docx_words(out.read_bytes())
    assert "2条群众留言" in words
    assert "草稿，未编号" in words
    assert "前一天" not in words
    assert "后一天" not in words
    assert "林" not in words, "no private person's name, not even masked"


def test_every_ending_says_the_same(messages: None, tmp_path: Path) -> None:
    outs = {ending: tmp_path / f"brief{ending}" for ending in command.ENDINGS}
    for path in outs.values():
        assert brief("--date", "2020-01-06", "--out", str(path)) == 0
    page = html_words(outs[".html"].read_text(encoding="utf-8"))
    assert docx_words(outs[".docx"].read_bytes()) == page
    assert pdf_words(outs[".pdf"].read_bytes()).replace("-", "") == page.replace("-", "")
    assert squeeze(outs[".txt"].read_text(encoding="utf-8")) == page
    assert Issue.objects.count() == 1, "asked again it is the same draft"


def test_in_english_the_same_figures(messages: None, tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    assert brief("--date", "2020-01-06", "--out", str(out), "--language", "en") == 0
    words = out.read_text(encoding="utf-8")
    assert "Draft, not numbered" in words
    assert "2 messages" in words
    assert 'lang="en"' in words


def test_the_draft_of_another_day_waits_for_no_clock(messages: None, tmp_path: Path) -> None:
    assert brief("--date", "2020-01-06", "--out", str(tmp_path / "a.txt")) == 0
    keep_clocks(now())
    drafted = Issue.objects.get(day=DAY)
    assert (drafted.by_clock, drafted.state, drafted.missed_at) == (False, IssueState.ARRANGING, None)
    current = issues.waiting(series()).get()
    assert current.window_from > drafted.window_to


def test_what_people_wrote_is_not_thrown_away(messages: None, tmp_path: Path, person: Callable[..., User]) -> None:
    out = tmp_path / "a.txt"
    brief("--date", "2020-01-06", "--out", str(out))
    issue = Issue.objects.get()
    piece = issue.pieces.first()
    assert piece is not None
    written(issue, person("editor"), piece, text="我写的话[1]。")
    brief("--date", "2020-01-06", "--out", str(out), "--redraft")
    assert "我写的话" in out.read_text(encoding="utf-8")


def test_a_day_without_anything_gives_an_empty_paper(messages: None, tmp_path: Path) -> None:
    out = tmp_path / "a.txt"
    assert brief("--date", "2011-01-01", "--out", str(out)) == 0
    assert "本期无内容" in out.read_text(encoding="utf-8")


def test_a_signed_issue_comes_out_as_it_was_signed(person: Callable[..., User], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issue = signed(person)
    before = mail.plain(paper.brief_of(issue))
    issue.pieces.update(text="改掉")
    assert brief("--date", issue.day.isoformat(), "--out", str(tmp_path / "a.txt"), "--redraft", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["total"], told["draft"], told["hash"]) == (1, 1, False, issue.frozen_hash)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").strip() == before.strip()


def test_todays_issue_is_the_one_that_is_being_made(desk: None, tmp_path: Path, clock: Clock) -> None:
    keep_clocks(now())
    issue = Issue.objects.get()
    picked(issue, None, story(title="今天的事", unit=water()))
    assert brief("--date", "2026-11-23", "--out", str(tmp_path / "a.txt")) == 0
    assert Issue.objects.count() == 1
    assert "自来水发黄" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_of_two_issues_a_day_the_clock_chooses(desk: None, tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    series(clock_times=["08:30", "17:00"])
    story(minutes=-600, title="早上的事")
    assert brief("--date", "2026-11-23", "--clock", "08:30", "--out", str(tmp_path / "a.txt"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["window"][1] == "2026-11-23T08:30:00+08:00"


def test_window_goes_on_from_the_last_issue(person: Callable[..., User], tmp_path: Path, clock: Clock) -> None:
    first = signed(person)
    clock.now = first.due_at + timedelta(hours=3)
    brief("--date", "2026-11-24", "--out", str(tmp_path / "a.txt"))
    assert Issue.objects.get(day=date(2026, 11, 24)).window_from == first.window_to


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--date", "6.1.2020", "--out", "a.docx"), "2026-11-23"),
        (("--date", "2020-01-06", "--out", "a.odt"), ".docx"),
        (("--date", "2020-01-06", "--out", "nowhere/a.docx"), "folder"),
        (("--date", "2020-01-06", "--out", "a.docx", "--series", "weekly"), "brief, flash, summary"),
        (("--date", "2020-01-06", "--out", "a.docx", "--language", "fr"), "zh-hans"),
        (("--date", "2020-01-06", "--out", "a.docx", "--clock", "soon"), "17:00"),
    ],
)
def test_faults_are_one_sentence_with_the_mend(
    desk: None, words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert brief(*words) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("*.docx"))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_without_repair(messages: None, tmp_path: Path) -> None:
    out = tmp_path / "brief.docx"
    brief("--date", "2020-01-06", "--out", str(out))
    assert zipfile.ZipFile(io.BytesIO(out.read_bytes())).testzip() is None
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(out)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    seen = pdf_words((tmp_path / "brief.pdf").read_bytes())
    assert "草稿，未编号" in seen
    assert seen.replace("-", "").count("条群众留言") == docx_words(out.read_bytes()).count("条群众留言")


@pytest.mark.soak
def test_the_real_messages_give_a_draft_whose_stories_cite_their_items(desk: None, clock: Clock, shared: Path, tmp_path: Path) -> None:
    """4,326 real messages; the machine's checks find no error in what it drafted."""
    from groundswell.desk.bulletins import checks

    clock.now = datetime.now(UTC)
    import_body(gzip.decompress((shared / "data" / "messages" / "stream.jsonl.gz").read_bytes()), "stream.jsonl", None)
    assert brief("--date", "2020-01-06", "--out", str(tmp_path / "a.docx")) == 0
    issue = Issue.objects.get(day=DAY)
    assert issue.pieces.count() >= 10
    assert all(piece.cited.exists() for piece in issue.pieces.all())
    assert not [checks.words(each) for each in checks.check(issue) if each.severity == checks.ERROR]
