"""The way from an item to the keeper of leads, and reasons of reading in words."""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may
from groundswell.desk.leads import queries
from groundswell.desk.leads.forms import WHY_READ
from groundswell.desk.spine.actions import ACTIONS
from groundswell.desk.spine.templatetags.desk import icon

register = Library()


@register.simple_tag(takes_context=True)
def hand_in_button(context: Context, item: Any, following: str = "") -> SafeString:
    """Of a row or its pane: one press, one key. It belongs to the page's form ``one``; nothing for those who may not hand in."""
    user = context["request"].user
    if not may(user, "lead.hand_in"):
        return mark_safe("")
    each = ACTIONS["lead.hand_in"]
    key = format_html("<kbd>{}</kbd>", each.key) if user.shortcuts else ""
    path = context.get("row_next") or "/desk/stream/"
    return format_html(
        '<button class="btn" form="one" name="next" value="{}#item-{}" formaction="/desk/hand-in/{}/" data-key="{}">{}{}{}</button>',
        path, following or item.key, item.key, each.key, icon(each.icon), str(each.verb), key,
    )  # fmt: skip


@register.inclusion_tag("leads/hand_in_form.html", takes_context=True)
def hand_in_form(context: Context, item: Any) -> dict[str, Any]:
    """On the item's page: with a word to the keeper; afterwards only the number, and only to whoever handed it in."""
    request = context["request"]
    allowed = may(request.user, "lead.hand_in")
    number = queries.handed_in(request.user, item.key) if allowed else ""
    return {"request": request, "csrf_token": context["csrf_token"], "item": item, "number": number, "may_hand_in": allowed}


@register.filter
def why_words(code: str) -> str:
    """Why somebody read it."""
    return str(dict(WHY_READ).get(code, code) if code else _("not said"))
