"""What stories put into Today's queue: those above their forecast, and level I that was proposed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.spine.models import Notice
from groundswell.desk.spine.preferences import preference, setting
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter
from groundswell.desk.stories.models import State, Story

setting(
    "queue.first_report_minutes",
    part="judge",
    label=gettext_lazy("A story of level II or above is looked at within"),
    default=60,
    kind="int",
    unit=gettext_lazy("minutes"),
    minimum=5,
    maximum=1440,
)


@queue_source
def above_forecast(user: User, now: datetime) -> list[Waiting]:
    """Rising or new stories of level III and above that nobody has taken up."""
    if not may(user, "story.triage"):
        return []
    rows = (
        Story.objects.filter(state__in=[State.RISING, State.REOPENED], merged_into=None, level__lte=3)
        .select_related("unit")
        .order_by("level", "-above")[:12]
    )
    return [_rising(story, now) for story in rows]


def _rising(story: Story, now: datetime) -> Waiting:
    limit = timedelta(minutes=int(preference("queue.first_report_minutes"))) if story.level <= 2 else timedelta(hours=4)
    since = story.rising_at or story.last_at
    figures = {"n": int(story.rate), "above": f"{story.above:.1f}", "all": story.item_count}
    if story.above >= 1 and story.above_forecast:
        why = _("%(n)s items in the last hour, %(above)s times the forecast's upper bound; nobody has taken it up") % figures
    else:
        why = _("%(n)s items in the last hour, well above its own average, %(all)s in all; nobody has taken it up") % figures
    return Waiting(
        key=f"story:{story.pk}:rising",
        kind="story",
        kind_words=_("Story"),
        title=story.title,
        url=f"/desk/stories/{story.number}/",
        why=why,
        button=Button(_("Take up"), f"/desk/stories/{story.number}/take-up/", "c", post=True),
        due_at=since + limit,
        limit=limit,
        level=story.level,
    )


@queue_source
def proposed_level_one(user: User, now: datetime) -> list[Waiting]:
    """Level I that somebody proposed and a leader must decide."""
    if not may(user, "story.level_one"):
        return []
    notices = Notice.objects.filter(kind="level_one", closed_at=None).order_by("raised_at")[:10]
    stories = Story.objects.in_bulk([notice.subject_id for notice in notices])
    return [
        Waiting(
            key=f"story:{notice.subject_id}:level",
            kind="level",
            kind_words=_("Level I proposed"),
            title=stories[notice.subject_id].title,
            url=f"/desk/stories/{stories[notice.subject_id].number}/",
            why=_("%(who)s: %(reason)s") % notice.data,
            button=Button(_("Decide"), f"/desk/stories/{stories[notice.subject_id].number}/set-level/"),
            due_at=notice.raised_at + timedelta(minutes=30),
            limit=timedelta(minutes=30),
        )
        for notice in notices
        if notice.subject_id in stories
    ]


@counter("stories")
def open_stories(user: User) -> Count | None:
    count = Story.objects.filter(state__in=[State.RISING, State.REOPENED, State.HANDLING], merged_into=None).count()
    return Count(str(count)) if count else None
