"""Lines of logs and hand-overs, kept in both languages, in the reader's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template import Library
from django.utils.translation import get_language

from groundswell.desk.spine import ports
from groundswell.desk.spine.templatetags.desk import when

register = Library()


@register.filter
def line_words(line: dict[str, Any]) -> str:
    return str(line["en" if get_language() == "en" else "zh"])


@register.filter
def line_who(line: dict[str, Any]) -> str:
    return str(line.get("who_en" if get_language() == "en" else "who", ""))


@register.filter
def line_time(line: dict[str, Any]) -> str:
    return when(datetime.fromisoformat(line["at"]))


@register.filter
def log_code(moment: datetime) -> str:
    """How the address of a log names its shift: the begin in the body's zone."""
    return f"{moment.astimezone(ports.zone()):%Y-%m-%dT%H:%M}"
