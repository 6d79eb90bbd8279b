"""What the system knows of a shift: the lines of its log, and the facts of its hand-over, in both languages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Model, Sum
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.desk.reading.book import plan_of
from groundswell.desk.roster.stretches import Stretch
from groundswell.desk.sources.models import Reading, Source
from groundswell.desk.spine.actions import SUBJECTS
from groundswell.desk.spine.models import DutyNote, Entry, RunningClock
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.timeline import sentence_of

Fact = dict[str, Any]
MOST = 400  # lines of a log
FEW = 30  # facts of a kind
COUNTED = {"item"}  # of these only how many: a shift sorts hundreds
LEFT_OUT = {"note", "snooze", "hand_over", "duty_log", "lead", "organ"}  # of leads no paper says a word
KINDS: dict[str, str | Promise] = {
    "clocks": gettext_lazy("Clocks that run out soon"),
    "stories": gettext_lazy("Stories that changed"),
    "sources": gettext_lazy("Silent sources"),
    "readings": gettext_lazy("Readings still to be made"),
    "notes": gettext_lazy("Left for the next officer"),
}


def _both(words: Callable[[], str]) -> dict[str, str]:
    found = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[code] = words()
    return found


def _line(at: datetime, words: Callable[[], str], *, kind: str = "", url: str = "", who: Any = None) -> Fact:
    names = {"who": who.name, "who_en": who.name_en or who.name} if who else {}
    return {"kind": kind, "at": at.isoformat(), "url": url} | _both(words) | names


def _title(record: Model | None) -> str:
    return str(record) if record is not None else ""


def _records(entries: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Model]:
    """The records that (subject, id) name."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in entries:
        wanted[kind].add(pk)
    found: dict[tuple[str, int], Model] = {}
    for kind, ids in wanted.items():
        subject = SUBJECTS.get(kind)
        if subject is not None:
            for record in subject.model._default_manager.filter(**{f"{subject.id_field}__in": ids}):
                found[kind, subject.id_of(record)] = record
    return found


# ---------------------------------------------------------------- the log


def log_lines(stretch: Stretch) -> list[Fact]:
    """What the people of STRETCH did in it, by time: acts, notes, readings; without named people, what anybody did."""
    span = (stretch.since, stretch.until)
    acts = Entry.objects.filter(at__gte=span[0], at__lt=span[1], actor__isnull=False, undo_of=None, undone_by=None)
    notes = DutyNote.objects.filter(at__gte=span[0], at__lt=span[1])
    readings = Reading.objects.filter(at__gte=span[0], at__lt=span[1])
    if stretch.people:
        acts, notes = acts.filter(actor__in=stretch.people), notes.filter(by__in=stretch.people)
        readings = readings.filter(reader__in=stretch.people)
    entries = list(acts.exclude(subject_type__in=LEFT_OUT).select_related("actor").order_by("at", "id")[:MOST])
    lines = _acts([entry for entry in entries if entry.subject_type not in COUNTED])
    lines += _counts(acts.filter(subject_type__in=COUNTED), stretch)
    lines += [_noted(note) for note in notes.select_related("by")]
    lines += _readings(readings, stretch)
    return sorted(lines, key=lambda line: str(line["at"]))


def _noted(note: DutyNote) -> Fact:
    return _line(note.at, lambda: _("noted: %(text)s") % {"text": note.text}, who=note.by)


def _acts(entries: list[Entry]) -> list[Fact]:
    records = _records((entry.subject_type, entry.subject_id) for entry in entries)
    found = []
    for entry in entries:
        record = records.get((entry.subject_type, entry.subject_id))
        url = SUBJECTS[entry.subject_type].url(record) if record is not None else ""

        def words(entry: Entry = entry, record: Model | None = record) -> str:
            said = sentence_of(entry)
            return _("%(title)s: %(act)s") % {"title": _title(record), "act": said} if record is not None else said

        found.append(_line(entry.at, words, url=url, who=entry.actor))
    return found


def _counts(acts: Any, stretch: Stretch) -> list[Fact]:
    count = acts.aggregate(n=Count("subject_id", distinct=True))["n"]
    if not count:
        return []
    last = acts.order_by("-at").values_list("at", flat=True)[0]
    return [_line(last, lambda: ngettext("sorted %(n)s item", "sorted %(n)s items", count) % {"n": count}, url="/desk/stream/")]


def _readings(readings: Any, stretch: Stretch) -> list[Fact]:
    said = readings.aggregate(n=Count("pk"), items=Sum("found"))
    if not said["n"]:
        return []
    last = readings.order_by("-at").values_list("at", flat=True)[0]
    return [
        _line(
            last,
            lambda: (
                ngettext("made %(n)s reading, items found: %(found)s", "made %(n)s readings, items found: %(found)s", said["n"])
                % {"n": said["n"], "found": said["items"] or 0}
            ),
            url="/desk/reading/",
        )
    ]


# ---------------------------------------------------------------- the hand-over


def hand_over_facts(stretch: Stretch, moment: datetime) -> list[Fact]:
    """What whoever comes must know: clocks, stories, sources, readings, notes."""
    return [*_clocks(stretch, moment), *_stories(stretch), *_sources(moment), *_open_readings(moment), *_notes(moment)]


def _clocks(stretch: Stretch, moment: datetime) -> list[Fact]:
    soon = max(moment, stretch.until) + timedelta(hours=24)
    clocks = RunningClock.objects.filter(met_at=None, cancelled_at=None, started_at__lte=moment, due_at__lte=soon)
    rows = list(clocks.filter(subject_type__in=list(SUBJECTS)).order_by("due_at")[:FEW])
    records = _records((row.subject_type, row.subject_id) for row in rows)
    found = []
    for row in rows:
        record = records.get((row.subject_type, row.subject_id))
        if record is None or row.due_at is None:
            continue
        local = row.due_at.astimezone(zone())
        end = local - timedelta(minutes=1) if local.hour == local.minute == 0 else local  # a day ends with its last minute
        data = {"title": _title(record), "time": f"{end:%m-%d %H:%M}"}
        late = row.due_at < moment

        def words(data: dict[str, str] = data, late: bool = late) -> str:
            return (_("overdue since %(time)s: %(title)s") if late else _("by %(time)s: %(title)s")) % data

        found.append(_line(row.due_at, words, kind="clocks", url=SUBJECTS[row.subject_type].url(record)))
    return found


def _stories(stretch: Stretch) -> list[Fact]:
    entries = list(
        Entry.objects.filter(subject_type="story", at__gte=stretch.since, at__lt=stretch.until, undo_of=None, undone_by=None).order_by("id")
    )
    by_story: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_story[entry.subject_id].append(entry)
    records = _records(("story", pk) for pk in by_story)
    found = []
    for pk, own in sorted(by_story.items(), key=lambda row: -len(row[1]))[:FEW]:
        record = records.get(("story", pk))
        if record is None:
            continue

        def words(record: Model = record, own: list[Entry] = own) -> str:
            said = Counter(sentence_of(entry) for entry in own[-12:])
            return _("%(title)s: %(act)s") % {"title": _title(record), "act": "；".join(list(said)[-3:])}

        found.append(_line(own[-1].at, words, kind="stories", url=SUBJECTS["story"].url(record)))
    return found


def _sources(moment: datetime) -> list[Fact]:
    from groundswell.desk.spine.shell import named

    rows = Source.objects.filter(state="active", silent_since__lte=moment).order_by("silent_since")[:FEW]
    return [
        _line(
            row.silent_since,  # type: ignore[arg-type]
            lambda row=row: (
                _("%(source)s: silent since %(time)s")  # type: ignore[misc]
                % {"source": named(row), "time": f"{row.silent_since.astimezone(zone()):%m-%d %H:%M}"}
            ),
            kind="sources",
            url=f"/desk/sources/{row.slug}/",
        )
        for row in rows
    ]


def _open_readings(moment: datetime) -> list[Fact]:
    from groundswell.desk.spine.shell import named

    slots = [slot for slot in plan_of(moment.astimezone(zone()).date()) if slot.is_open][:FEW]
    return [
        _line(
            slot.at,
            lambda slot=slot: (
                _("%(source)s: planned for %(time)s")  # type: ignore[misc]
                % {"source": named(slot.source), "time": f"{slot.at.astimezone(zone()):%H:%M}"}
            ),
            kind="readings",
            url="/desk/reading/",
        )
        for slot in slots
    ]


def _notes(moment: datetime) -> list[Fact]:
    rows = DutyNote.objects.filter(for_next=True, done_at=None, at__lte=moment).select_related("by").order_by("id")[:FEW]
    return [_line(row.at, lambda row=row: row.text, kind="notes", url="/desk/notes/", who=row.by) for row in rows]  # type: ignore[misc]


def by_kind(facts: Iterable[Fact]) -> list[tuple[str | Promise, list[Fact]]]:
    """FACTS under their headings, in the order of KINDS; a kind without any stands there empty, since that is said too."""
    grouped: dict[str, list[Fact]] = {kind: [] for kind in KINDS}
    for fact in facts:
        grouped[fact["kind"]].append(fact)
    return [(KINDS[kind], rows) for kind, rows in grouped.items()]
