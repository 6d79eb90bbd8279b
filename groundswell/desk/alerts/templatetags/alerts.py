"""Words of alerts in templates, the card on a story's page, the line on Today."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.template import Library
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.rights import may, may_propose
from groundswell.desk.alerts import parcels, queries, reasons
from groundswell.desk.alerts.knowing import said_of
from groundswell.desk.alerts.models import NOT_DONE, Alert, Rule, Sending
from groundswell.desk.alerts.texts import title_of
from groundswell.desk.sources.words import CAUSES
from groundswell.desk.stories.models import Story

register = Library()
WHY_NOT: dict[str, str | Promise] = {
    "no_address": _("No address is kept for this person; see People and rights."),
    "no_server": _("No mail server is set; see Settings, Mail."),
    "login": _("The mail server refuses user or password."),
    "refused": _("It was refused:"),
    "address": _("This is no mail address."),
    "switched_off": _("The channel was switched off."),
    "seal": _("The key file is another one: enter address and secret again."),
    "secret": _("The secret cannot be used: enter it again."),
}
VERDICTS: dict[str, str | Promise] = {
    "not_us": _("people said that it is not about us"),
    "said_right": _("its alert was said to be right"),
    "said_wrong": _("its alert was said to be a false alarm"),
    "case": _("a case was opened"),
    "flash": _("a flash report was written"),
    "level": _("people gave it such a level"),
    "lower": _("people gave it a lower level"),
    "taken_up": _("people took it up"),
    "closed": _("people closed it without more"),
    "quiet": _("people said that its quiet is normal"),
    "acted": _("people did something about the source"),
    "open": _("nobody has judged it"),
}


@register.filter
def reasons_words(listed: list[dict[str, Any]]) -> str:
    return reasons.sentences(listed)


@register.filter
def reason_words(one: dict[str, Any]) -> str:
    return reasons.sentence(one)


@register.filter
def alert_title(alert: Alert) -> str:
    return title_of(alert)


@register.filter
def verdict_words(code: str) -> str:
    return str(VERDICTS.get(code, code))


@register.filter
def parcel(row: Sending) -> str:
    """What another app sent by it, in a word; "" for alerts and tests."""
    kind = parcels.kind_of(row)
    return str(kind.words) if kind else ""


@register.filter
def why_not(row: Sending) -> str:
    """Why a message did not go, in words: a cause of the mail, the guard, the web."""
    if not row.cause:
        return ""
    if row.cause in WHY_NOT:
        return f"{WHY_NOT[row.cause]} {row.answer if row.cause == 'refused' else ''}".strip()
    data = defaultdict(str, dict(part.partition("=")[::2] for part in row.answer.split(" ") if "=" in part))
    return str(CAUSES[row.cause]) % data if row.cause in CAUSES else row.answer


@register.inclusion_tag("alerts/trail.html", takes_context=True)
def alerts_on(context: Context, story: Story) -> dict[str, Any]:
    """The alerts about a story."""
    return {"rows": list(queries.about(story)) if may(context["request"].user, "alert.read") else []}


@register.inclusion_tag("alerts/today.html", takes_context=True)
def alerts_today(context: Context) -> dict[str, Any]:
    """How many are not dealt with, with the way to their screens."""
    user = context["request"].user
    found = queries.readable(user).filter(state__in=NOT_DONE)
    rows = list(found.select_related("story", "source", "accepted_by").order_by("-pk")[:4])
    return {"shown": may(user, "alert.read"), "rows": rows, "count": found.count() if len(rows) == 4 else len(rows)}


@register.inclusion_tag("alerts/sections.html", takes_context=True)
def alert_sections(context: Context, section: str) -> dict[str, Any]:
    """The tabs between the screens of alerts, by rights."""
    user = context["request"].user
    return {
        "section": section,
        "reads": may(user, "alert.read"),
        "rules": may_propose(user, "alert.rule"),
        "channels": may(user, "setting.read"),
    }


@register.filter
def asks(rule: Rule) -> list[dict[str, Any]]:
    """What a rule asks, as reasons."""
    return said_of(rule)
