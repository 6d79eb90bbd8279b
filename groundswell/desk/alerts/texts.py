"""What goes out about an alert, in the receiver's language: a title and a few lines. No author's name is in it, nor a word of an item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.desk.alerts.models import Alert, Step
from groundswell.desk.alerts.reasons import sentences
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.templatetags.desk import roman
from groundswell.reports.clean import one_line

LONGEST_TITLE = 120


@dataclass(frozen=True)
class Message:
    title: str
    text: str


def message(alert: Alert, language: str, step: Step | None = None) -> Message:
    """The message about ALERT in LANGUAGE ("zh-hans" or "en"); STEP says until when it is to be accepted."""
    with translation.override("en" if language == "en" else "zh-hans"):
        title = one_line(title_of(alert))[:LONGEST_TITLE]
        level = _("level %(level)s, ") % {"level": roman(alert.level)} if alert.level else ""
        lines = [_("Why: %(level)s%(reasons)s") % {"level": level, "reasons": sentences(alert.reason)}]
        if step is not None and step.fired_at and not step.ended:
            until = (step.fired_at + timedelta(minutes=step.minutes)).astimezone(zone())
            lines.append(_("Please accept it by %(time)s; then the next person is called.") % {"time": f"{until:%H:%M}"})
        lines.append(_("Alert %(number)s, rule “%(rule)s”.") % {"number": alert.number, "rule": named(alert.rule)})
        if address := str(preference("alerts.address")).rstrip("/"):
            lines.append(f"{address}{alert.get_absolute_url()}")
        return Message(_("Alert: %(title)s") % {"title": title}, "\n".join(one_line(line) for line in lines))


def title_of(alert: Alert) -> str:
    """What it is about, in the present language."""
    if alert.source is not None:
        return _("%(source)s has fallen silent") % {"source": named(alert.source)}
    return str(alert.thing)


def test_message(language: str) -> Message:
    """What the test button sends."""
    with translation.override("en" if language == "en" else "zh-hans"):
        return Message(_("Alert: a test"), _("This is a test of the channel; nothing has happened."))


def in_both(name: str, words: Callable[[], str]) -> dict[str, str]:
    """WORDS in both languages, for the data of an act: {name, name_en}."""
    with translation.override("zh-hans"):
        chinese = words()
    with translation.override("en"):
        return {name: chinese, f"{name}_en": words()}
