"""Words for the sum behind a due date."""

from __future__ import annotations

from django.template import Library
from django.utils.translation import gettext as _

from groundswell.desk.spine.ports import zone
from groundswell.engine.clocks.due import Step

register = Library()


@register.filter
def step_words(step: Step) -> str:
    """One line of the sum, in words."""
    words = {
        "received": _("day of receipt, not counted"),
        "after_hours": _("received after office hours"),
        "counts_as_received": _("counts as the day of receipt"),
        "working_day": _("working day"),
        "make_up_day": _("make-up working day"),
        "weekend": _("weekend"),
        "holiday": _("holiday"),
        "paused": _("the clock rested that day"),
        "calendar_day": _("day"),
        "hours": _("counted hours"),
        "extended_to": _("set to this day"),
    }.get(step.code, step.code)
    if step.start is not None and step.end is not None:
        words = f"{words} {step.start.astimezone(zone()):%H:%M}–{step.end.astimezone(zone()):%H:%M}"
    if step.name:
        words = f"{words} ({step.name})"
    return f"{words}: {step.total:g}" if step.counted and step.total else words
