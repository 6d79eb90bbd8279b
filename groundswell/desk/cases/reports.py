"""情况报告 by interval: drafted from the facts since the last one, due by its clock, kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.desk.cases import clocks
from groundswell.desk.cases.actions import OPEN_CASES
from groundswell.desk.cases.aftermath import SituationReport
from groundswell.desk.cases.aftermath_forms import ReportForm, RhythmForm
from groundswell.desk.cases.models import Case
from groundswell.desk.spine.actions import Act, action
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.timeline import sentence_of

LEFT_OUT = ("case.report", "case.report_every", "case.note")  # notes are internal, the reports say themselves
MOST = 20


def _both(words: Callable[[], str]) -> dict[str, str]:
    found = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[code] = words()
    return found


def since_of(case: Case) -> datetime:
    """From when on the next report tells: the last one, else the opening."""
    last = case.reports.first()
    return last.at if last else case.opened_at - timedelta(seconds=1)  # the opening itself is told


def facts_since(case: Case, since: datetime, at: datetime) -> list[dict[str, str]]:
    """What is known of CASE between SINCE and AT, in both languages: the opinion, what was done, the tasks, the next clock."""
    return [*_opinion(case, since, at), *_acts(case, since, at), *_tasks(case, at), *_next(case, at)]


def _opinion(case: Case, since: datetime, at: datetime) -> list[dict[str, str]]:
    story = case.story
    if story is None:
        return []
    came = story.items.filter(published_at__gt=since, published_at__lte=at).count()
    values = {"new": came, "all": story.item_count, "sources": story.source_count}
    return [_both(lambda: _("Online: %(new)s new items, %(all)s in all from %(sources)s sources.") % values)]


def _acts(case: Case, since: datetime, at: datetime) -> list[dict[str, str]]:
    rows = Entry.objects.filter(subject_type="case", subject_id=case.pk, at__gt=since, at__lte=at, undone_by=None, undo_of=None)
    found = []
    for entry in rows.exclude(action__in=LEFT_OUT).select_related("actor").order_by("id")[:MOST]:
        time = entry.at.astimezone(zone()).strftime("%m-%d %H:%M")

        def words(entry: Entry = entry, time: str = time) -> str:
            said = sentence_of(entry)
            who = f"{named(entry.actor)} " if entry.actor else ""
            return f"{time} {who}{said}"

        found.append(_both(words))
    return found


def _tasks(case: Case, at: datetime) -> list[dict[str, str]]:
    rows = list(case.tasks.exclude(state="task.void").select_related("unit"))
    if not rows:
        return []
    done = [row for row in rows if not row.is_open]
    waiting = [row for row in rows if row.is_open]
    values = {"done": len(done), "all": len(rows)}
    found = [_both(lambda: _("Tasks: %(done)s of %(all)s done.") % values)]
    for row in waiting[:MOST]:
        found.append(_both(lambda row=row: f"{named(row.unit)}：{row.title}（{row.get_state_display()}）"))  # type: ignore[misc]
    return found


def _next(case: Case, at: datetime) -> list[dict[str, str]]:
    each = next((each for each in clocks.standing(case, at) if each.is_open and not each.state.paused), None)
    if each is None:
        return []
    time = each.shown_at.astimezone(zone()).strftime("%m-%d %H:%M")
    return [_both(lambda: _("Next: %(clock)s by %(time)s.") % {"clock": each.row.words, "time": time})]


def draft(case: Case, at: datetime) -> str:
    """The next report's text in the present language."""
    code = "en" if get_language() == "en" else "zh"
    return "\n".join(line[code] for line in facts_since(case, since_of(case), at))


@action(
    "case.report_every",
    verb=gettext_lazy("Report by interval"),
    did=gettext_lazy("set situation reports to every %(hours)s hours"),
    permission="case.handle",
    from_states=OPEN_CASES,
    form=RhythmForm,
    initial=lambda case: {"hours": case.report_hours or 4},
    icon="clock",
    tracks=("report_hours", "report_due_at"),
    undoable=True,
)
def report_every(act: Act, case: Case, *, hours: int) -> None:
    """From now on every so many hours; 0 ends it."""
    case.report_hours = hours or None
    case.report_due_at = act.at + timedelta(hours=hours) if hours else None
    act.data = {"hours": hours}


@action(
    "case.report",
    verb=gettext_lazy("Write a situation report"),
    did=gettext_lazy("gave situation report no. %(n)s"),
    permission="case.handle",
    from_states=OPEN_CASES,
    form=ReportForm,
    initial=lambda case: {"text": draft(case, now())},
    icon="bull",
)
def report(act: Act, case: Case, *, text: str) -> None:
    """Kept as it is saved, beside the facts it was drafted from; the clock of the next one starts."""
    since = since_of(case)
    number = (case.reports.values_list("number", flat=True).first() or 0) + 1
    SituationReport.objects.create(
        case=case, number=number, since=since, at=act.at, text=text.strip(), facts=facts_since(case, since, act.at), by=act.user
    )
    if case.report_hours:
        case.report_due_at = act.at + timedelta(hours=case.report_hours)
    act.data = {"n": number}


def lines_of(report: SituationReport) -> list[str]:
    """The facts behind REPORT in the present language."""
    code = "en" if get_language() == "en" else "zh"
    return [str(line.get(code, "")) for line in report.facts]


def rhythm_limit(case: Case) -> timedelta:
    return timedelta(hours=case.report_hours or 0)
