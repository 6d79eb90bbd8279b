"""Template words of the stream: marked passages, where an item was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from groundswell.desk.spine.actions import Action, possible
from groundswell.desk.stream.models import Item, ItemState
from groundswell.desk.stream.reasons import words_of_reason

register = template.Library()
AROUND = 60


@register.simple_tag
def passage(item: Item, spans: Iterable[tuple[int, int]], limit: int = 180) -> SafeString:
    """The text around the first match, with the matches marked; positions are in title + line feed + text."""
    offset = len(item.title) + 1
    inside = sorted((start - offset, end - offset) for start, end in spans if start >= offset)
    begin = max(0, inside[0][0] - AROUND) if inside else 0
    text = item.text[begin : begin + limit]
    parts, at = [], 0
    for start, end in inside:
        start, end = start - begin, end - begin
        if start < at or end > len(text):
            continue
        parts += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    parts.append(conditional_escape(text[at:]))
    return mark_safe(("…" if begin else "") + "".join(parts) + ("…" if begin + limit < len(item.text) else ""))


@register.simple_tag
def reason_words(why: dict[str, object]) -> str:
    """A reason of the engine in words."""
    return words_of_reason(why)


LEAVES = {"item.join", "item.found_story", "item.snooze"}  # done at once, and the row is gone from what waits
STAYS = {"item.to_bulletin"}  # done at once, the row stays as it is


@dataclass(frozen=True)
class RowAct:
    """One button of a row: how it is done ("dialog", "leaves", "stays", "reload") and where to go afterwards."""

    action: Action
    how: str
    next: str


KEY, AFTER, VERSION = "zz-the-key-zz", "zz-the-one-after-zz", "zz-the-version-zz"  # nothing else looks so, and no escaping changes it


@register.simple_tag(takes_context=True)
def item_acts(context: Context, item: Item, following: str = "", only: str = "", in_row: bool = True) -> SafeString:
    """What the signed-in person may do on ITEM, each with its key; FOLLOWING is the key of the row after it.

    The buttons belong to the page's form ``one``, so that they may stand inside a list that has a form of its own.
    Most rows of a list have the same buttons: they are drawn once a page, with the row's keys put in.
    """
    request = context["request"]
    names = [f"item.{name}" for name in only.split()] or None
    path = context.get("row_next") or "/desk/stream/"
    acts = [
        RowAct(each, _how(each, in_row), f"{path}#item-{KEY if each.name in ('item.tone', 'item.assign') or not following else AFTER}")
        for each in possible(request.user, item, names)
        if each.name != "item.join" or (item.suggested_story_id and (item.state == ItemState.OPEN or not item.story_id))
    ]
    if names:
        acts.sort(key=lambda act: names.index(act.action.name))
    drawn: dict[tuple[object, ...], str] = request.__dict__.setdefault("drawn_acts", {})
    shape = (*((act.action.name, act.how, act.next) for act in acts),)
    if shape not in drawn:
        values = {"acts": acts, "item": {"key": KEY, "version": VERSION}, "user": request.user}
        drawn[shape] = render_to_string("stream/acts.html", values)
    html = drawn[shape].replace(KEY, conditional_escape(item.key)).replace(AFTER, conditional_escape(following))
    return mark_safe(html.replace(VERSION, str(item.version)))


def _how(each: Action, in_row: bool) -> str:
    if each.form and not each.quick:
        return "dialog"
    if not in_row:
        return "reload"
    return "leaves" if each.name in LEAVES else "stays" if each.name in STAYS else "reload"
