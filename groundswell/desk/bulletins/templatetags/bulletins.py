"""Template words of bulletins: numerals of sections, tones of states, what a check says, the number of an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from groundswell.desk.bulletins import candidates, checks, steps
from groundswell.desk.bulletins.models import Dispatch, Issue, IssueState, Mark
from groundswell.desk.stories.models import Story
from groundswell.reports.words import section_numeral, words_of

register = template.Library()
PRINTED = 3  # issues that a story's page names
_CITE = re.compile(r"(\[\d{1,4}\])")


def language() -> str:
    return "en" if get_language() == "en" else "zh-hans"


@register.filter
def numeral(place: int) -> str:
    """1 → "一、" in Chinese, "1. " in English."""
    words = words_of(language())
    return words["section"].format(numeral=section_numeral(int(place), words), title="")


@register.filter
def section_name(section: Mapping[str, str]) -> str:
    """The heading of a section in the reader's language."""
    return (section.get("name_en") if language() == "en" else "") or section.get("name", "")


@register.filter
def cites(text: str) -> SafeString:
    """Text with its [n] raised; everything else is escaped."""
    parts = (format_html("<sup>{}</sup>", part) if place % 2 else conditional_escape(part) for place, part in enumerate(_CITE.split(text)))
    return mark_safe("".join(parts))


@register.filter
def why_words(why: candidates.Why) -> str:
    return candidates.why_words(why)


MEND_WORDS = {
    "no_source": lambda: _("add"),
    "not_cited": lambda: _("add"),
    "no_text": lambda: _("write"),
    "no_advice": lambda: _("add"),
    "private_name": lambda: _("mask"),
    "private_data": lambda: _("mask"),
    "too_long": lambda: _("shorten"),
    "machine_words": lambda: pgettext("mend", "read it"),
    "twice_here": lambda: _("take out"),
    "duplicate": lambda: _("take out"),
    "figure_differs": lambda: _("count again"),
    "stale_figures": lambda: _("count again"),
}


@register.filter
def mend_words(found: checks.Check) -> str:
    """What the link beside a check says."""
    return MEND_WORDS.get(found.code, lambda: _("mend"))()


@register.filter
def issue_tone(issue: Issue) -> str:
    return steps.TONES[IssueState(issue.state)]


@register.simple_tag
def row_numbers(rows: Sequence[Any]) -> SafeString:
    """第 4、8 条 with a link to each row."""
    links = format_html_join(_(", "), '<a class="fig no" href="#piece-{}">{}</a>', ((row.piece.pk, row.n) for row in rows))
    words = ngettext("No. %(list)s", "Nos. %(list)s", len(rows))
    before, _mark, after = words.partition("%(list)s")
    return format_html("{}{}{}", before, links, after)


@register.filter
def check_words(found: checks.Check) -> str:
    return checks.words(found)


@register.filter
def issue_words(issue: Issue) -> str:
    """第226期; of a draft the number that it would get."""
    return _("Issue %(number)s") % {"number": steps.numbers(issue)[0]}


@register.filter
def total_words(issue: Issue) -> str:
    """（总第1318期）"""
    return _("(%(total)s in all)") % {"total": steps.numbers(issue)[1]}


@register.filter
def next_step(issue: Issue, user: Any) -> steps.Next | None:
    return steps.next_of(issue, user)


@register.filter
def waits_for(issue: Issue) -> str:
    return steps.waits_for(issue)


@register.simple_tag
def marked_stories(stories: Iterable[Story]) -> set[int]:
    """Which of STORIES somebody wants in the bulletin, in one query."""
    return set(Mark.objects.filter(story__in=[story.pk for story in stories]).values_list("story_id", flat=True))


@register.simple_tag
def printed_in(story: Story) -> list[Issue]:
    """The last issues in which STORY stands, drafts among them, newest first."""
    rows = Issue.objects.filter(pieces__story=story).exclude(state=IssueState.CARRIED).select_related("series")
    return list(rows.order_by("-due_at").distinct()[:PRINTED])


CAUSES = {
    "refused": lambda: _("The address was refused. Put it right in the list."),
    "unreachable": lambda: _("The mail server could not be reached. It is tried again by itself; see Settings, Mail."),
    "login": lambda: _("The mail server refused our user name or password. See Settings, Mail."),
    "tls": lambda: _("The mail server offers no safe connection. See Settings, Mail."),
    "size": lambda: _("The mail is larger than the server takes."),
    "broken": lambda: _("The mail server answered something that is not understood."),
}


@register.filter
def cause_words(dispatch: Dispatch) -> str:
    """Why it did not arrive, and what to do."""
    return CAUSES[dispatch.cause]() if dispatch.cause in CAUSES else dispatch.error
