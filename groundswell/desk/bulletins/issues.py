"""Issues as they come and go: made for a clock, their pieces kept in order, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins.models import CheckComment, Issue, IssueItem, IssueState, Origin, Series
from groundswell.desk.bulletins.queries import key_spans
from groundswell.desk.bulletins.windows import Rhythm, Span, rhythm, window
from groundswell.desk.spine.actions import Refused, record_fact
from groundswell.desk.spine.models import Notice
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference, setting
from groundswell.desk.spine.timeline import fact
from groundswell.reports.clean import one_line, paragraphs

COPIED = (
    "section", "position", "title", "text", "advice", "title_en", "text_en", "advice_en", "behind", "level", "citations",
    "figures",     "drafted_by_machine", "origin", "corrects_id", "corrects_issue_id", "written_by_id", "picked_by_id", "version",
)  # fmt: skip

setting(
    "bulletins.grace_minutes",
    part="bulletins",
    label=gettext_lazy("An issue missed is carried over after"),
    default=240,
    kind="int",
    unit=gettext_lazy("minutes"),
    minimum=0,
    maximum=720,
    hint=gettext_lazy("Until then it can still be signed; at the latest half-way to the next clock it goes into the next issue."),
)
setting(
    "bulletins.send_by_itself",
    part="bulletins",
    label=gettext_lazy("A signed issue goes to its list at its clock by itself"),
    default=True,
    kind="bool",
    hint=gettext_lazy("One that is signed after its clock goes at once. Otherwise an editor sends it."),
)
fact("brief_missed", gettext_lazy("it was not signed by its clock %(clock)s"))
fact("brief_carried", gettext_lazy("not signed in time: %(n)s items went on into the issue of %(day)s"))
fact("brief_revived", gettext_lazy("its clock is back: it begins anew"))
fact("brief_took_over", gettext_lazy("it took over %(n)s items from the issue of %(day)s, which was missed"))
fact("brief_reminded", gettext_lazy("reminder: %(n)s minutes to its clock"))


def rhythm_of(series: Series) -> Rhythm:
    """The clocks of SERIES with the key periods of the body."""
    spans = [Span(since, until) for since, until in key_spans()]
    return rhythm(series.clock_times, series.key_period_times, spans, zone())


def last_window_end(series: Series, before: datetime) -> datetime | None:
    """Up to when the other issues have told, or will have, what was said before the clock BEFORE.

    Those issued count with their window, those that can still be with their clock. What was carried over was not told. Where nothing
    was told yet the beginning of the first issue counts, so that a change of clocks leaves no gap.
    """
    rows = Issue.objects.filter(series=series).exclude(by_clock=False, number=None)
    told = rows.exclude(state=IssueState.CARRIED).exclude(due_at=before)
    told = told.filter(Q(state=IssueState.ISSUED, window_to__lt=before) | Q(due_at__lt=before))
    end = told.order_by("-window_to").values_list("window_to", flat=True).first()
    if end is not None:
        return end
    begun = rows.filter(window_from__lt=before)
    return begun.order_by("window_from").values_list("window_from", flat=True).first()


def close_window(issue: Issue, at: datetime) -> None:
    """One that is signed before its clock tells of what was said up to AT; the next one goes on from there. Raises Refused."""
    if at <= issue.window_from:
        raise Refused(_("Its window has not begun; nothing can have been said in it."))
    issue.window_to = min(issue.window_to, at)


def make_for(series: Series, clock: datetime, *, by_clock: bool = True) -> Issue:
    """The issue of CLOCK, found or made with its window."""
    found = Issue.objects.filter(series=series, due_at=clock).first()
    if found is not None:
        return _revived(found)
    since, until = window(clock, last_window_end(series, clock), rhythm_of(series).last_before(clock))
    day = clock.astimezone(zone()).date()
    return Issue.objects.create(series=series, day=day, year=day.year, window_from=since, window_to=until, due_at=clock, by_clock=by_clock)


def keep_rhythm(series: Series, now: datetime) -> None:
    """What the clock asks of SERIES at NOW: the next issue open, windows end to end, what is overdue missed and then carried over."""
    times = rhythm_of(series)
    clock = times.next_after(now)
    if clock is None:
        return
    later = make_for(series, clock)
    for issue in waiting(series).exclude(pk=later.pk).order_by("due_at"):
        if issue.due_at > now and issue.due_at not in times.on(issue.due_at.astimezone(times.zone).date()):
            carry(issue, later, now)  # its clock was taken away
        elif issue.due_at <= now:
            _overdue(issue, later, now)
    for issue in waiting(series).order_by("due_at"):
        _rewindow(issue, times)
        _remind(issue, now)


def waiting(series: Series) -> QuerySet[Issue]:
    """The issues of SERIES that a clock waits for and nobody has signed."""
    done = (IssueState.ISSUED, IssueState.CARRIED)
    return Issue.objects.filter(series=series, by_clock=True).exclude(state__in=done).select_related("series")


def carried_at(issue: Issue, next_clock: datetime) -> datetime:
    """When an overdue ISSUE gives way: after the grace of the settings, at most half-way to the next clock."""
    grace = timedelta(minutes=int(preference("bulletins.grace_minutes")))
    return issue.due_at + min(grace, (next_clock - issue.due_at) / 2)


def _overdue(issue: Issue, later: Issue, now: datetime) -> None:
    if issue.missed_at is None:
        issue.missed_at = issue.due_at
        issue.save(update_fields=["missed_at"])
        record_fact("brief_missed", issue, {"clock": issue.due_at.astimezone(zone()).strftime("%H:%M")})
        Notice.objects.get_or_create(
            kind="brief_missed", subject_type="issue", subject_id=issue.pk, closed_at=None, defaults={"raised_at": now}
        )
    if now >= carried_at(issue, later.due_at):
        carry(issue, later, now)


@transaction.atomic
def carry(issue: Issue, later: Issue, now: datetime) -> None:
    """The pieces of ISSUE, which nobody signed in time, go on into LATER with their comments; what LATER has already stays."""
    issue = Issue.objects.select_for_update(of=("self",)).select_related("series").get(pk=issue.pk)
    later = Issue.objects.select_for_update(of=("self",)).select_related("series").get(pk=later.pk)
    if issue.number is not None or issue.state == IssueState.CARRIED:
        return
    there = set(later.pieces.values_list("story_id", "item_id"))
    moved = [piece for piece in ordered(issue) if (piece.story_id, piece.item_id) not in there or piece.origin == Origin.CORRECTION]
    IssueItem.objects.filter(pk__in=[piece.pk for piece in moved]).update(issue=later)
    CheckComment.objects.filter(piece__in=[piece.pk for piece in moved]).update(issue=later)
    was, stood = issue.state, later.state
    issue.state, issue.carried_into = IssueState.CARRIED, later
    issue.save(update_fields=["state", "carried_into"])
    settle(later)
    later.save(update_fields=["state"])
    Notice.objects.filter(kind="brief_missed", subject_type="issue", subject_id=issue.pk, closed_at=None).update(closed_at=now)
    record_fact("brief_carried", issue, {"n": len(moved), "day": later.day.isoformat()}, was=was)
    record_fact("brief_took_over", later, {"n": len(moved), "day": issue.day.isoformat()}, was=stood)


def _rewindow(issue: Issue, times: Rhythm) -> None:
    """The window of an issue that waits begins where the one before it ends, whatever was carried, added or taken away meanwhile."""
    since, _until = window(issue.due_at, last_window_end(issue.series, issue.due_at), times.last_before(issue.due_at))
    if since != issue.window_from:
        issue.window_from = since
        issue.save(update_fields=["window_from"])


def _remind(issue: Issue, now: datetime) -> None:
    """Once, so many minutes before its clock as the series says."""
    before = timedelta(minutes=issue.series.remind_minutes)
    if issue.reminded_at is None and issue.due_at - before <= now < issue.due_at:
        issue.reminded_at = now
        issue.save(update_fields=["reminded_at"])
        record_fact("brief_reminded", issue, {"n": int((issue.due_at - now) / timedelta(minutes=1))})


def missed_clocks(issue: Issue) -> list[datetime]:
    """The clocks within the window of ISSUE at which nothing came out: it speaks for them too."""
    return rhythm_of(issue.series).between(issue.window_from, issue.window_to)


def _revived(issue: Issue) -> Issue:
    """An issue that was carried over because its clock was taken away begins anew when the clock comes back."""
    if issue.state == IssueState.CARRIED and issue.missed_at is None:
        issue.state, issue.carried_into = IssueState.PICKING, None
        with transaction.atomic():
            settle(issue)
            issue.save(update_fields=["state", "carried_into"])
            record_fact("brief_revived", issue, was=IssueState.CARRIED)
    return issue


def make(series: Series, day: date, now: datetime) -> Issue:
    """A new issue of DAY: of its next clock that has none yet; without clocks due at once, over the last day."""
    clocks = rhythm_of(series).on(day)
    if not clocks:
        since, until = window(now, None, now - timedelta(days=1))
        return Issue.objects.create(series=series, day=day, year=day.year, window_from=since, window_to=until, due_at=until, by_clock=False)
    taken = set(Issue.objects.filter(series=series, due_at__in=clocks).values_list("due_at", flat=True))
    free = [clock for clock in clocks if clock not in taken]
    if not free:
        raise Refused(_("The issue of this day is there already."))
    clock = next((clock for clock in free if clock > now), free[-1])
    return make_for(series, clock, by_clock=clock > now)  # one for a clock that is over is made late; nothing waits for it


def section_codes(series: Series) -> list[str]:
    return [str(row["code"]) for row in series.sections] or [""]


def settle(issue: Issue) -> None:
    """Positions 1, 2, 3 … along the sections, and the state that goes with the number of pieces."""
    pieces = ordered(issue)
    for position, piece in enumerate(pieces, 1):
        if piece.position != position:
            piece.position = position
            piece.save(update_fields=["position"])
    if issue.is_open:
        issue.state = IssueState.ARRANGING if pieces else IssueState.PICKING


def ordered(issue: Issue) -> list[IssueItem]:
    """The pieces as they are printed: section by section, each by position."""
    codes = section_codes(issue.series)
    rank = {code: n for n, code in enumerate(codes)}
    return sorted(issue.pieces.all(), key=lambda piece: (rank.get(piece.section, len(codes)), piece.position, piece.pk))


def step(issue: Issue, piece: IssueItem, by: int) -> None:
    """One place up (-1) or down (1); at the end of its section it goes into the neighbouring one."""
    codes = section_codes(issue.series)
    rows = [each.pk for each in ordered(issue) if each.section == piece.section]
    at = rows.index(piece.pk)
    if 0 <= at + by < len(rows):
        rows[at], rows[at + by] = rows[at + by], rows[at]
        _number(issue, rows)
        return
    section = codes.index(piece.section) + by if piece.section in codes else -1
    if not 0 <= section < len(codes):
        raise Refused(_("It stands at the end already."))
    others = [each.pk for each in ordered(issue) if each.section == codes[section]]
    IssueItem.objects.filter(pk=piece.pk).update(section=codes[section])
    _number(issue, [*others, piece.pk] if by < 0 else [piece.pk, *others])


def put_last(issue: Issue, piece: IssueItem, section: str) -> None:
    """To the end of SECTION."""
    others = [each.pk for each in ordered(issue) if each.section == section and each.pk != piece.pk]
    IssueItem.objects.filter(pk=piece.pk).update(section=section)
    _number(issue, [*others, piece.pk])


def put_after(issue: Issue, piece: IssueItem, other: IssueItem) -> None:
    """Right behind OTHER, in its section."""
    if piece.pk == other.pk:
        return
    rows = [each.pk for each in ordered(issue) if each.section == other.section and each.pk != piece.pk]
    rows.insert(rows.index(other.pk) + 1, piece.pk)
    IssueItem.objects.filter(pk=piece.pk).update(section=other.section)
    _number(issue, rows)


def _number(issue: Issue, rows: list[int]) -> None:
    """The pieces ROWS, all of one section, in this order; then all of the issue anew."""
    for position, pk in enumerate(rows, 1):
        IssueItem.objects.filter(pk=pk).update(position=position)
    settle(issue)


def write_words(piece: IssueItem, words: Mapping[str, str]) -> None:
    """Clean WORDS into the piece: titles on one line, texts in paragraphs, no control characters.

    Where only one language was changed and the other says something, the other is marked as behind.
    """
    changed: set[str] = set()
    for name, value in words.items():
        clean = one_line(value) if name.startswith("title") else "\n".join(paragraphs(value))
        if clean != getattr(piece, name):
            setattr(piece, name, clean)
            changed.add("en" if name.endswith("_en") else "zh")
    if changed == {"zh"}:
        piece.behind = "en" if piece.title_en or piece.text_en or piece.advice_en else ""
    elif changed == {"en"}:
        piece.behind = "" if piece.behind == "en" else "zh"
    elif changed:
        piece.behind = ""


def cite(piece: IssueItem, ids: list[int]) -> None:
    """The items that ``[1]``, ``[2]`` … of the piece stand for."""
    piece.citations = ids
    piece.save(update_fields=["citations"])
    piece.cited.set(ids)


def kept(piece: IssueItem) -> dict[str, Any]:
    """All that is needed to put PIECE back, as JSON data."""
    return {name: getattr(piece, name) for name in COPIED} | {"story": piece.story_id, "item": piece.item_id}


def restore(issue: Issue, data: Mapping[str, Any]) -> None:
    """The piece that ``kept`` described, as it was, if it is still there."""
    piece = IssueItem.objects.filter(issue=issue, pk=data["pk"]).first()
    if piece is None:
        raise Refused(_("This item is not in the issue any more."))
    for name in COPIED:
        if name in data and name not in ("section", "position", "version"):
            setattr(piece, name, data[name])
    piece.version += 1
    piece.save()
    piece.cited.set(piece.citations)


def numbers_before(issue: Issue) -> int:
    """How many issues of the year came out before this program kept the count."""
    series = issue.series
    return int(series.number_before) if series.number_before_year == issue.year else 0


def open_one_after(issue: Issue, now: datetime) -> Issue:
    """The open issue of the series into which a correction goes; made where there is none."""
    rows = Issue.objects.filter(series=issue.series, state__in=[IssueState.PICKING, IssueState.ARRANGING], by_clock=True)
    found = rows.filter(due_at__gt=issue.due_at).order_by("due_at").first()
    if found is not None:
        return found
    clock = rhythm_of(issue.series).next_after(now)
    return make_for(issue.series, clock) if clock else make(issue.series, now.astimezone(zone()).date(), now)


def correction(later: Issue, issue: Issue, piece: IssueItem | None, text: str, by: User | None, at: datetime) -> IssueItem:
    """The notice in LATER that ISSUE said something wrong in PIECE."""
    with override("zh-hans"):
        title, body = correction_words(issue, piece, text)
    with override("en"):
        title_en, body_en = correction_words(issue, piece, text)
    made = IssueItem(
        issue=later, section=section_codes(later.series)[0], position=0, origin=Origin.CORRECTION, corrects=piece, corrects_issue=issue,
        level=4, story=None, drafted_by_machine=False, written_by=by, picked_by=by, picked_at=at,
    )  # fmt: skip
    write_words(made, {"title": title[:200], "text": body, "title_en": title_en[:300], "text_en": body_en})
    made.save()
    if piece is not None:
        cite(made, list(piece.citations))
    settle(later)
    later.save(update_fields=["state"])
    return made


def correction_words(issue: Issue, piece: IssueItem | None, text: str) -> tuple[str, str]:
    """Title and text of a correction notice, in the present language."""
    title = _("Correction to no. %(number)s") % {"number": issue.number}
    if piece is None:
        return title, text.strip()
    said = {"title": piece.title if get_language() != "en" else piece.title_en or piece.title, "text": text.strip()}
    return title, _("On the item “%(title)s”: %(text)s") % said
