"""What a 续报 says of the time since the last report, and a 终报 of how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.desk.bulletins.wording import percent
from groundswell.desk.cases.models import Task
from groundswell.desk.flash.telling import FEW, answers, chosen, english, instructed, level_words, moment, number, told
from groundswell.desk.spine.shell import in_language, named
from groundswell.desk.stories.models import State, Story

if TYPE_CHECKING:
    from groundswell.desk.flash.drafting import Ground


def task_states(story: Story) -> dict[str, str]:
    """The states of the tasks of STORY, by their keys: what a later report compares with."""
    return {str(pk): state for pk, state in Task.objects.filter(case__story=story).values_list("pk", "state")}


def change(ground: Ground) -> str:
    """What changed since the report before: figures, level, tasks, what a public body said, what leaders instructed."""
    was = ground.before.figures if ground.before else {}
    now = ground.figures
    lines = []
    if now["fresh"]:
        data = {"n": number(now["fresh"]), "all": number(now["items"]), "time": moment(ground.since)}
        words = ngettext(
            "%(n)s new item since %(time)s, %(all)s in all.", "%(n)s new items since %(time)s, %(all)s items in all.", now["fresh"]
        )
        lines.append(words % data)
    else:
        lines.append(_("Nothing new was said since %(time)s.") % {"time": moment(ground.since)})
    if was.get("sources") and was["sources"] != now["sources"]:
        lines.append(_("Sources: %(was)s before, now %(now)s.") % {"was": was["sources"], "now": now["sources"]})
    share_was, share = percent(was.get("negative", 0), was.get("items", 0)), percent(now["negative"], now["items"])
    if was.get("items") and abs(share - share_was) >= 3:
        lines.append(_("The negative share went from %(was)s to %(now)s%%.") % {"was": share_was, "now": share})
    if was.get("level") and was["level"] != now["level"]:
        lines.append(_("The level went from %(was)s to %(now)s.") % {"was": level_words(was["level"]), "now": level_words(now["level"])})
    lines += _tasks_moved(ground.story, was.get("tasks", {}))
    said_before = ground.before.facts.get("measures", {}).get("zh", "") if ground.before else ""
    for said in chosen(answers(ground, ground.since), 1, already=said_before, longest=120):
        lines.append(told(ground, said, response=True).strip())
    for entry in instructed(ground, ground.since)[:FEW]:
        lines.append(_("%(who)s instructed: “%(text)s”.") % in_language(entry.data))
    return " ".join(lines) if english() else "".join(lines)


def _tasks_moved(story: Story, was: dict[str, str]) -> list[str]:
    found = []
    for task in Task.objects.filter(case__story=story).exclude(state="task.void").select_related("unit").order_by("id"):
        if was.get(str(task.pk)) != task.state:
            data = {"unit": named(task.unit), "title": task.title, "state": task.get_state_display()}
            found.append(_("%(unit)s, “%(title)s”: %(state)s.") % data)
    return found[:FEW]


def outcome(ground: Ground) -> str:
    """How it ended: how long it has been quiet, what came of the case."""
    story = ground.story
    lines = []
    quiet = ground.at - story.last_at
    if quiet >= timedelta(hours=2):
        lines.append(_("Nothing new for %(hours)s hours.") % {"hours": int(quiet / timedelta(hours=1))})
    case = story.cases.order_by("-id").first()
    if case is not None and case.outcome:
        lines.append(_("The case is closed: %(outcome)s.") % {"outcome": case.outcome.rstrip("。.")})
    elif case is not None and case.answer:
        lines.append(_("Answered: %(answer)s.") % {"answer": case.answer[:200].rstrip("。.")})
    if story.state == State.CLOSED:
        lines.append(_("The story was closed."))
    lines += [told(ground, said, response=True).strip() for said in chosen(answers(ground), 1, longest=120)]
    return (" ".join(lines) if english() else "".join(lines)) or _("It has become quiet; reporting ends here.")


TELLERS: dict[str, Callable[[Any], str]] = {"change": change, "outcome": outcome}
