"""Reads behind the list, the page and the check page of flash reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.fields import with_post
from groundswell.desk.accounts.leaders import WHY, Presented
from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, scope
from groundswell.desk.bulletins.checks import CITE
from groundswell.desk.bulletins.models import Recipient
from groundswell.desk.flash import clocks, sending
from groundswell.desk.flash.drafting import HEADS
from groundswell.desk.flash.house_rules import FOLLOW, PHONE, WRITTEN
from groundswell.desk.flash.models import Call, Delivery, Kind, Report, Stage
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import named
from groundswell.desk.stories.models import State, Story
from groundswell.desk.stream.models import Item

MOST = 40
AHEAD = timedelta(minutes=45)  # a follow-up stands in the queue so long before it is due
TABS: tuple[tuple[str, str | Promise, Q], ...] = (
    ("all", gettext_lazy("All"), ~Q(state=Stage.DROPPED)),
    ("draft", Stage.DRAFT.label, Q(state=Stage.DRAFT)),
    ("sent", Stage.SENT.label, Q(state=Stage.SENT)),
    ("unread", gettext_lazy("Not read by all"), Q(state=Stage.SENT, deliveries__user__isnull=False, deliveries__read_at=None)),
)


def readable(user: User) -> QuerySet[Report]:
    """The reports that USER may see."""
    return Report.objects.all() if scope(user, "flash.read") == ALL else Report.objects.none()


def listed(found: QuerySet[Report], code: str) -> QuerySet[Report]:
    """FOUND in the tab CODE with how many it went to (``to_n``), have read it (``read_n``), did not get it (``failed_n``)."""
    which = next((each for name, _words, each in TABS if name == code), TABS[0][2])
    rows = found.filter(pk__in=found.filter(which).values("pk")).select_related("story", "written_by", "sent_by")
    led = Q(deliveries__user__isnull=False)
    return (
        rows.annotate(
            to_n=Count("deliveries", filter=led, distinct=True),
            read_n=Count("deliveries", filter=led & Q(deliveries__read_at__isnull=False), distinct=True),
            failed_n=Count("deliveries", filter=Q(deliveries__state=sending.FAILED), distinct=True),
        )
        .defer("frozen")
        .order_by("-pk")
    )


def tabs(found: QuerySet[Report], current: str) -> list[dict[str, object]]:
    """The tabs with their counts."""
    return [
        {"code": code, "words": words, "count": found.filter(which).distinct().count(), "current": code == current}
        for code, words, which in TABS
    ]


# ---------------------------------------------------------------- what is due


@dataclass(frozen=True)
class Due:
    """A story of which something is due: the clock, what it asks for, the draft that is there."""

    story: Story
    clock: clocks.Standing | None
    what: str  # phone | written | follow | final
    draft: Report | None

    @property
    def words(self) -> str:
        return str(_("Final report")) if self.clock is None else str(self.clock.words.words)

    @property
    def check(self) -> str:
        return f"{self.draft.get_absolute_url()}check/" if self.draft is not None else ""


def due(at: datetime, ahead: timedelta | None = None) -> list[Due]:
    """What is due of all stories, one row a story, the most urgent first; follow-ups only AHEAD of their time."""
    standing = clocks.open_clocks(at)
    stories = Story.objects.select_related("unit").in_bulk({each.clock.subject_id for each in standing})
    finals = _to_end(at)
    drafts = {row.story_id: row for row in Report.objects.filter(state=Stage.DRAFT, story__in=[*stories, *(story.pk for story in finals)])}
    found: dict[int, Due] = {}
    for each in standing:
        story = stories.get(each.clock.subject_id)
        late = each.code == FOLLOW and ahead is not None and each.due_at > at + ahead
        if story is None or late or (each.code == FOLLOW and any(story.pk == one.pk for one in finals)):
            continue
        known = found.get(story.pk)
        if known is None or (each.code == PHONE and known.what == WRITTEN):
            found[story.pk] = Due(story, each, each.code, drafts.get(story.pk))
    rows = [*found.values(), *(Due(story, None, "final", drafts.get(story.pk)) for story in finals if story.pk not in found)]
    return sorted(rows, key=lambda row: (row.clock is None, row.clock.due_at if row.clock else at))[:MOST]


def _to_end(at: datetime) -> list[Story]:
    """Stories whose series is open though they were closed or have been quiet for long: their 终报 is proposed."""
    quiet = at - timedelta(hours=int(preference("flash.quiet_hours")))
    first = Report.objects.filter(kind=Kind.FIRST, state=Stage.SENT, sent_at__lte=at)
    open_ones = first.exclude(followers__kind=Kind.FINAL, followers__state=Stage.SENT)
    rows = Story.objects.filter(pk__in=open_ones.values("story"), merged_into=None)
    return list(rows.filter(Q(state=State.CLOSED) | Q(last_at__lt=quiet)).select_related("unit").order_by("-last_at")[:MOST])


# ---------------------------------------------------------------- one report


@dataclass(frozen=True)
class Part:
    """A stretch of a fact: words, or the [n] of an item that it opens."""

    text: str
    n: int = 0
    item: Item | None = None


@dataclass(frozen=True)
class Fact:
    """A head with its parts, and whose words they are."""

    code: str
    head: str | Promise
    parts: Sequence[Part]
    by_person: bool


def items_of(report: Report) -> list[tuple[int, Item]]:
    """The items cited, under their numbers."""
    known = Item.objects.select_related("source").defer("tokens", "signature", "judged").in_bulk(report.citations)
    return [(n, known[pk]) for n, pk in enumerate(report.citations, 1) if pk in known]


def facts_of(report: Report, items: Sequence[tuple[int, Item]]) -> list[Fact]:
    """The facts of REPORT in the reader's language, each [n] with its item."""
    numbered = dict(items)
    found = []
    for code in HEADS:
        text = report.words(code)
        if text:
            found.append(Fact(code, HEADS[code], _parts(text, numbered), report.facts[code].get("by") == "person"))
    return found


def _parts(text: str, numbered: dict[int, Item]) -> list[Part]:
    parts: list[Part] = []
    done = 0
    for match in CITE.finditer(text):
        if match.start() > done:
            parts.append(Part(text[done : match.start()]))
        parts.append(Part(match[0], int(match[1]), numbered.get(int(match[1]))))
        done = match.end()
    return [*parts, Part(text[done:])] if done < len(text) else parts


def series_with(report: Report) -> list[Report]:
    """All reports of the series of REPORT that were not dropped, in their order."""
    first = report.opening_id or report.pk
    rows = Report.objects.filter(Q(pk=first) | Q(opening=first)).exclude(state=Stage.DROPPED)
    return list(rows.defer("frozen").order_by("made_at", "id"))


def reason_words(why: str, instead_of: User | None) -> str:
    """Why somebody gets it: as leader on duty, in charge …, and in whose place."""
    words = str(WHY.get(why, ""))
    if instead_of is not None:
        return _("%(why)s, in place of %(who)s") % {"why": words, "who": named(instead_of)}
    return words


@dataclass(frozen=True)
class Reader:
    """One line of the check page: the value of its box, who, why, how it will reach them."""

    value: str
    name: str
    why: str
    contact: str
    by_mail: bool


def readers(presented: Sequence[Presented], listed_ones: Sequence[Recipient], may_mail: bool) -> list[Reader]:
    """Everybody that a report would go to, in its order."""
    led = [
        Reader(
            f"u:{one.user.pk}", with_post(one.user), reason_words(one.why, one.instead_of),
            sending.contact_of(one.user), bool(one.user.email) and may_mail,
        )
        for one in presented
    ]  # fmt: skip
    return led + [Reader(f"r:{one.pk}", one.name, _("on the list of the series"), one.email, True) for one in listed_ones]


def deliveries_of(report: Report) -> list[Delivery]:
    """To whom it went, in order."""
    return list(report.deliveries.select_related("user", "instead_of", "recipient", "by"))


def of_story(story: Story) -> tuple[list[Report], list[Call]]:
    """The reports and calls about STORY, the newest first."""
    reports = Report.objects.filter(story=story).exclude(state=Stage.DROPPED).defer("frozen").order_by("-id")[:12]
    return list(reports), list(Call.objects.filter(story=story).select_related("by").order_by("-at")[:6])
