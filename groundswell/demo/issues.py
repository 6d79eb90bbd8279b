"""The bulletins of the demo county: sixty days of signed briefs with their numbers, lists and mails, and today's draft under way."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from groundswell.demo import county
from groundswell.desk.accounts.models import User
from groundswell.desk.audit.chain import append
from groundswell.desk.bulletins import candidates, facts, issues, paper, phrases, wording
from groundswell.desk.bulletins.models import Dispatch, Issue, IssueItem, IssueState, KeyPeriod, Recipient, Series
from groundswell.desk.spine.actions import perform
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.models import Sequence as Counter
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

NUMBER_BEFORE, TOTAL_BEFORE = 265, 1002  # what the office had printed by hand before this program
MISSED = date(2026, 10, 18)  # a Sunday on which nobody signed
PIECES, LATELY, READ = 4, 6, 6  # items an issue, in the last week, and how many sayings of each are read
READERS = (
    ("县委办公室", "wb"), ("县政府办公室", "zfb"), ("县委宣传部", "xcb"), ("县委网信办", "wxb"), ("县信访局", "xfj"), ("县水务局", "slj"),
    ("县住建局", "zjj"), ("县教育局", "jyj"), ("县卫健局", "wjj"), ("县城管局", "cgj"), ("县公安局", "gaj"), ("清河镇政府", "qhz"),
)  # fmt: skip
KEY_PERIODS = (("国庆假期", date(2026, 10, 1), date(2026, 10, 7)), ("县“两会”", date(2026, 12, 7), date(2026, 12, 10)))


@dataclass(frozen=True)
class Press:
    """Who makes the bulletins."""

    editor: User
    relief: User
    checker: User
    signer: User

    def writer(self, day: date) -> User:
        return self.relief if day.weekday() >= 5 else self.editor


def load_issues() -> None:
    """All of it. The desk's clock stands at ``county.NOW``; items and stories are there and scored."""
    series = _series()
    people = {name: User.objects.get(username=name) for name in ("limin", "wuhao", "zhoujianguo", "liuming")}
    press = Press(people["limin"], people["wuhao"], people["zhoujianguo"], people["liuming"])
    signed = _past(series, press)
    _mails(series, signed)
    _today(series, press)


def _series() -> Series:
    office = county.office()
    Series.objects.update(office=office["name"], office_en=office["name_en"])
    series = Series.objects.get(pk="brief")
    series.report_to, series.send_to = "县委、县政府主要领导，分管领导", "县委办、县政府办，县委宣传部，县委网信办"
    series.issue_to = "各乡镇（街道），县直各单位"
    series.number_before, series.number_before_year, series.total_before = NUMBER_BEFORE, 2026, TOTAL_BEFORE
    series.save()
    for name, since, until in KEY_PERIODS:
        KeyPeriod.objects.create(name=name, since=since, until=until)
    Recipient.objects.bulk_create(Recipient(series=series, name=name, email=f"{box}@yunling.example") for name, box in READERS)
    return series


# ---- the past


def _past(series: Series, press: Press) -> list[Issue]:
    """One signed issue a clock since the desk began; the one that was missed lies in the next."""
    clocks = issues.rhythm_of(series).between(county.START, county.NOW)
    rows, since = [], clocks[0]
    for clock in clocks[1:]:
        day = clock.astimezone(county.ZONE).date()
        late = day == MISSED
        rows.append(
            Issue(
                series=series, day=day, year=day.year, window_from=since, window_to=clock, due_at=clock, missed_at=clock if late else None
            )
        )
        since = since if late else clock
    signed = [row for row in rows if row.missed_at is None]
    for number, row in enumerate(signed, 1):
        _sign(row, number, press)
    missed = [row for row in rows if row.missed_at is not None]
    for row in missed:
        row.state = IssueState.CARRIED
    Issue.objects.bulk_create([*missed, *signed])
    for row in missed:
        row.carried_into = next(other for other in signed if other.due_at > row.due_at)
        row.save(update_fields=["carried_into"])
    keep = facts.keep_names()
    _pieces(signed, keep)
    _frozen(signed, keep)
    for name in (f"issue:{series.pk}", f"issue:{series.pk}:2026"):
        Counter.objects.update_or_create(name=name, defaults={"last": len(signed)})
    _records(signed, press)
    return signed


def _sign(issue: Issue, number: int, press: Press) -> None:
    """Reviewed three quarters of an hour before its clock, signed twenty minutes before, numbered in this order."""
    issue.state, issue.number, issue.total = IssueState.ISSUED, NUMBER_BEFORE + number, TOTAL_BEFORE + number
    issue.editor, issue.checker, issue.signer = press.writer(issue.day), press.checker, press.signer
    issue.submitted_at, issue.checked_at = issue.due_at - timedelta(minutes=52), issue.due_at - timedelta(minutes=38)
    issue.signed_at, issue.sent_at = issue.due_at - timedelta(minutes=18 - number % 7), issue.due_at


def _pieces(signed: Sequence[Issue], keep: Collection[str]) -> None:
    """The pieces of each issue from what was said in its window, drafted as the desk drafts."""
    stories = Story.objects.filter(merged_into=None, about_us=True, item_count__gte=4).select_related("unit").in_bulk()
    said = _said(stories)
    pieces: list[IssueItem] = []
    last: dict[int, int] = {}  # story → how many items it had when it was printed last
    for issue in signed:
        wanted = LATELY if issue.due_at > county.NOW - timedelta(days=7) else PIECES
        taken = 0
        for story, rows in _of_window(issue, stories, said):
            count = bisect_left(said[story.pk], issue.window_to, key=_moment)
            if count < 1.4 * last.get(story.pk, 0) or taken >= wanted:
                continue
            last[story.pk] = count
            taken += 1
            pieces.append(_piece(issue, story, rows, said[story.pk], keep))
    for issue in signed:
        own = [piece for piece in pieces if piece.issue is issue]
        order = issues.section_codes(issue.series)
        for position, piece in enumerate(sorted(own, key=lambda one: (order.index(one.section), one.level)), 1):
            piece.position = position
    IssueItem.objects.bulk_create(pieces, batch_size=500)
    through = IssueItem.cited.through
    through._default_manager.bulk_create(
        [through(issueitem_id=piece.pk, item_id=pk) for piece in pieces for pk in piece.citations], batch_size=2000
    )


def _said(stories: dict[int, Story]) -> dict[int, list[Item]]:
    """Every item of the stories, in order of time, without what is not needed."""
    rows = Item.objects.filter(story__in=stories, advert=False).select_related("source").order_by("published_at", "pk")
    found: dict[int, list[Item]] = defaultdict(list)
    for row in rows.only(*NEEDED).iterator(chunk_size=4000):
        found[row.story_id or 0].append(row)
    for each in found.values():
        each.sort(key=_moment)
    return found


def _moment(row: Item) -> datetime:
    return row.published_at or row.collected_at


NEEDED = (
    "story_id", "source_id", "channel", "kind", "title", "text", "published_at", "published_stamp", "collected_at", "institutional", "tone",
    "lang", "reads", "comments", "reposts", "url", "source__name", "source__name_en", "source__official", "source__institutional",
)  # fmt: skip


def _of_window(issue: Issue, stories: dict[int, Story], said: dict[int, list[Item]]) -> Iterator[tuple[Story, list[Item]]]:
    """The stories with most said in the window, grave ones first; what only public bodies say is left out."""
    found = []
    for pk, rows in said.items():
        first, last = (bisect_left(rows, at, key=_moment) for at in (issue.window_from, issue.window_to))
        here = rows[first:last]
        public = sum(row.source.official or row.institutional for row in here)
        if len(here) >= 2 and public < 0.6 * len(here):
            found.append((candidates.LEVEL_WORTH[stories[pk].level] / 10 + len(here), stories[pk], here))
    for _worth, story, here in sorted(found, key=lambda row: (-row[0], row[1].pk)):
        yield story, here


def _piece(issue: Issue, story: Story, here: list[Item], whole: list[Item], keep: Collection[str]) -> IssueItem:
    known = whole[: bisect_left(whole, issue.window_to, key=_moment)]
    gathered = _facts(issue, story, here, known, keep)
    made = wording.compose(gathered.facts, issue.series.length_limit)
    wanted = "positive" if gathered.facts.is_positive else "attention" if story.level <= 3 else "developing"
    return IssueItem(
        issue=issue, section=wanted, position=0, story=story, level=story.level, title=made.title, text=made.text, advice=made.advice,
        title_en=made.title_en, text_en=made.text_en, advice_en=made.advice_en, citations=made.citations, figures=gathered.figures,
        drafted_by_machine=False, origin="person", written_by=issue.editor, picked_by=issue.editor,
        picked_at=issue.due_at - timedelta(hours=2),
    )  # fmt: skip


def _facts(issue: Issue, story: Story, here: list[Item], known: list[Item], keep: Collection[str]) -> facts.Gathered:
    """As ``facts.gather`` would have it at the window's end, from rows in memory."""
    public = [row for row in here if row.institutional or row.source.official][:2]
    some = sorted([*public, *[row for row in here if row not in public][: READ - len(public)]], key=lambda row: (_moment(row), row.pk))
    figures: dict[str, Any] = {
        "items": len(known),
        "fresh": len(here),
        "sources": len({row.source_id for row in known}),
        "negative": sum(row.tone < 0 for row in known),
        "positive": sum(row.tone > 0 for row in known),
        "reads": sum(row.reads or 0 for row in known),
        "comments": sum(row.comments or 0 for row in known),
        "reposts": sum(row.reposts or 0 for row in known),
        "as_of": issue.window_to.isoformat(),
        "counted_at": county.NOW.astimezone(UTC).isoformat(),
        "since": issue.window_from.isoformat(),
    }
    figures["share"] = wording.percent(figures["negative"], figures["items"])
    return facts.gathered_from(story, some, known[0], figures, issue.window_from, issue.window_to, keep)


def _frozen(signed: Sequence[Issue], keep: Collection[str]) -> None:
    """The papers as they were signed, with their hashes."""
    pieces: dict[int, list[IssueItem]] = defaultdict(list)
    for piece in IssueItem.objects.filter(issue__in=signed).order_by("position"):
        pieces[piece.issue_id].append(piece)
    cited = {pk for rows in pieces.values() for piece in rows for pk in piece.citations}
    items = Item.objects.filter(pk__in=cited).select_related("source").only(*NEEDED).in_bulk()
    for issue in signed:
        issue.frozen = paper.freeze(issue, paper.Gathered(pieces[issue.pk], items, keep))
        issue.frozen_hash = paper.hash_of(issue.frozen)
    Issue.objects.bulk_update(signed, ["frozen", "frozen_hash"], batch_size=20)


def _records(signed: Sequence[Issue], press: Press) -> None:
    """What was done to each issue on its timeline, the signatures also on the audit chain."""
    entries = []
    for issue in signed:
        data = {"number": issue.number, "total": issue.total, "hash": issue.frozen_hash}
        for at, name, who, was, became, said in (
            (issue.submitted_at, "issue.submit", issue.editor, "arranging", "checking", {}),
            (issue.checked_at, "issue.pass_check", press.checker, "checking", "signing", {}),
            (issue.signed_at, "issue.sign", press.signer, "signing", "issued", data),
            (issue.sent_at, "issue.send", None, "issued", "issued", {"n": len(READERS)}),
        ):
            assert at is not None
            entries.append(
                Entry(at=at, subject_type="issue", subject_id=issue.pk, action=name, actor=who, from_state=was, to_state=became, data=said)
            )
    Entry.objects.bulk_create(entries, batch_size=1000)
    for issue in signed[-10:]:
        append(
            "issue.sign",
            press.signer,
            f"issue:{issue.pk}",
            {"data": {"number": issue.number, "total": issue.total, "hash": issue.frozen_hash}},
            issue.signed_at,
        )


def _mails(series: Series, signed: Iterable[Issue]) -> None:
    """Each reader got each issue; yesterday one box was full."""
    readers = list(series.recipients.all())
    rows = [Dispatch(issue=issue, recipient=reader, state="sent", tries=1, at=issue.sent_at) for issue in signed for reader in readers]
    full = next(row for row in reversed(rows) if row.recipient.name == "县信访局")
    full.state, full.tries, full.cause, full.error = "failed", 6, "refused", "452 4.2.2 Mailbox full"
    Dispatch.objects.bulk_create(rows, batch_size=2000)


# ---- today


def _today(series: Series, press: Press) -> None:
    """The issue of 17:00: five items picked, two of them not in order yet, as an editor leaves it at six past four."""
    issues.keep_rhythm(series, county.NOW.astimezone(UTC))
    issue = issues.waiting(series).order_by("due_at").first()
    assert issue is not None
    wanted = [each for each in candidates.candidates(issue) if each.proposed and each.story is not None][:5]
    for each in wanted:
        perform("issue.pick", press.editor, issue, {"story": each.story})
    _by_hand(issue, press.editor)


def _by_hand(issue: Issue, editor: User) -> None:
    """What the editor has written so far: the water in her own words, the heating with a name that must not stand, a source left out."""
    for piece in issues.ordered(issue):
        if "自来水" in piece.title and piece.level <= 2:
            _write(issue, editor, piece, advice="20时前公布检测安排。")
        elif "停暖" in piece.title:
            body = phrases.ended(piece.text)
            _write(issue, editor, piece, text=f"{body}。业主陈某某等要求退费。")


def _write(issue: Issue, editor: User, piece: IssueItem, **words: str) -> None:
    values = {name: getattr(piece, name) for name in ("title", "text", "advice")} | words
    perform("issue.write", editor, issue, {"piece": piece, **values})
