"""What sources put into Today's queue, the rail's count, and the palette."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, may_propose
from groundswell.desk.sources import queries, silence
from groundswell.desk.sources.models import Source
from groundswell.desk.sources.state import state_sentence
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.spine.queue import Button, Waiting, queue_source
from groundswell.desk.spine.shell import Count, counter, named

MOST = 4  # blind sources that stand one by one in the queue; more become one line


@queue_source
def blind_sources(user: User, now: datetime) -> list[Waiting]:
    """Silent and failing sources, for whoever may do something about them."""
    if not may(user, "source.pause"):
        return []
    rows = list(queries.readable(user).filter(silence.broken()).order_by("-last_success_at")[: MOST + 1])
    if len(rows) > MOST:
        return [_all_of_them(queries.readable(user).filter(silence.broken()).count(), rows)]
    return [_blind(source, now) for source in rows]


def _blind(source: Source, now: datetime) -> Waiting:
    said = state_sentence(source, now)
    return Waiting(
        key=f"source:{source.pk}:{'silent' if source.failures < silence.FAILING else 'failing'}",
        kind="source",
        kind_words=_("Source without data"),
        title=named(source),
        url=f"/desk/sources/{source.slug}/",
        why=said.whole,
        button=Button(_("Test it"), f"/desk/sources/{source.slug}/try/", "t", post=True),
    )


def _all_of_them(count: int, rows: Iterable[Source]) -> Waiting:
    words = ngettext("%(n)s source without data", "%(n)s sources without data", count) % {"n": count}
    return Waiting(
        key="source:all:blind",
        kind="source",
        kind_words=_("Source without data"),
        title=words,
        url="/desk/sources/?state=broken",
        why="、".join(named(source) for source in rows) + "……",
        button=Button(_("Look"), "/desk/sources/?state=broken", "o"),
    )


@queue_source
def proposed_sources(user: User, now: datetime) -> list[Waiting]:
    """Sources that somebody proposed, for those who decide."""
    if not may(user, "source.edit"):
        return []
    rows = queries.readable(user).filter(state="proposed").select_related("added_by").order_by("added_at")[:10]
    return [
        Waiting(
            key=f"source:{source.pk}:proposed",
            kind="source",
            kind_words=_("Source proposed"),
            title=named(source),
            url=f"/desk/sources/{source.slug}/",
            why=_("%(who)s proposes it: %(address)s") % {"who": named(source.added_by), "address": source.address},
            button=Button(_("Decide"), f"/desk/sources/{source.slug}/"),
        )
        for source in rows
    ]


@counter("sources")
def broken_count(user: User) -> Count | None:
    """How many are without data."""
    count = queries.readable(user).filter(silence.broken()).count()
    return Count(ngettext("%(n)s broken", "%(n)s broken", count) % {"n": count}, "warn") if count else None


@finder
def find_sources(user: Any, text: str) -> list[Hit]:
    """Sources by name, pinyin, initials or slug."""
    if not may_propose(user, "source.read"):
        return []
    rows = queries.readable(user).exclude(state="retired").only("slug", "name", "name_en")
    return [
        Hit(named(row), f"/desk/sources/{row.slug}/", _("source"), "src") for row in rows if matches(text, row.name, row.name_en, row.slug)
    ]
