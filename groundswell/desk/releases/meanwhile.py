"""What citizens wrote since a text was made: a reply, a statement or a fact-check must not talk past it.

A reply is held by what came in its own thread or message. A word on a whole story is held by what private voices said in the story
and by messages about it; on a story that grows every minute, having read them within the last ten minutes is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from groundswell.desk.cases.models import Case
from groundswell.desk.releases.models import Kind, Release
from groundswell.desk.spine.models import Entry
from groundswell.desk.stream.models import Item

FRESH = timedelta(minutes=10)
LATE = timedelta(days=2)  # an item is collected this long after it was published at most, for the index on the story's items
MOST = 50
SAYS_MORE = ("case.message_told", "case.message_reopen")  # the writer of a message added something, or was not content


@dataclass(frozen=True)
class Later:
    """A post or message that came later: when, its beginning, where it stands at the desk."""

    key: str
    kind_words: str
    at: datetime
    words: str
    url: str


def since(release: Release) -> datetime:
    """Up to when what citizens wrote is known to whoever stands for the present text."""
    return release.read_until or (release.current.at if release.current else release.opened_at)


def later(release: Release) -> list[Later]:
    """What came since, the oldest first, at most MOST."""
    from_ = since(release)
    found = [
        Later(
            f"item:{item.key}",
            _("Post"),
            item.published_at or item.collected_at,
            (item.title or item.text)[:120],
            f"/desk/items/{item.key}/",
        )
        for item in _items(release, from_).order_by("collected_at")[:MOST]
    ]
    found += [Later(f"case:{case.number}", _("Message"), at, case.title, case.get_absolute_url()) for case, at in _messages(release, from_)]
    return sorted(found, key=lambda each: each.at)[:MOST]


def held_by(release: Release, now: datetime) -> list[Later]:
    """What holds the publishing of RELEASE at NOW; nothing where it was read recently enough."""
    if release.kind != Kind.REPLY and release.read_until is not None and now - release.read_until <= FRESH:
        return []
    return later(release)


def _items(release: Release, from_: datetime) -> QuerySet[Item]:
    rows = Item.objects.filter(institutional=False, collected_at__gt=from_).defer("tokens", "signature", "judged")
    if release.kind == Kind.REPLY:
        thread = [key for key in (release.item.key, release.item.parent) if key] if release.item else []
        return rows.filter(parent__in=thread, story=release.story) if thread and release.story else rows.filter(parent__in=thread)
    if release.story is None:
        return rows.none()
    return rows.filter(story=release.story, published_at__gt=from_ - LATE)


def _messages(release: Release, from_: datetime) -> list[tuple[Case, datetime]]:
    mine = Q(pk=release.case_id) if release.case_id else Q(pk=None)
    if release.story_id:
        mine |= Q(story=release.story_id)
    cases = {case.pk: case for case in Case.objects.filter(mine, kind="message")}
    said = Entry.objects.filter(subject_type="case", subject_id__in=cases, action__in=SAYS_MORE, at__gt=from_).order_by("at")
    newest = {entry.subject_id: entry.at for entry in said}
    for case in cases.values():
        if case.opened_at > from_:
            newest.setdefault(case.pk, case.opened_at)
    return [(cases[pk], at) for pk, at in newest.items()]
