"""Reasons, grades and ready texts in words of the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groundswell.desk.accounts.models import Unit
from groundswell.desk.plans.models import GRADE_CHOICES, Response
from groundswell.desk.plans.playbook import Step
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.shell import named

ROMAN = dict(GRADE_CHOICES)
METRICS: dict[str, str | Promise] = {
    "items": gettext_lazy("%(have)s items, at least %(want)s"),
    "sources": gettext_lazy("%(have)s sources, at least %(want)s"),
    "rate": gettext_lazy("%(have)s items in the last hour, at least %(want)s"),
    "negative": gettext_lazy("%(have)s%% negative, at least %(want)s%%"),
}


def grade_words(grade: int | str | None) -> str:
    """Ⅱ级响应 / response grade Ⅱ."""
    return _("grade %(grade)s response") % {"grade": ROMAN[int(grade)]} if grade else "—"


def reason_words(why: dict[str, Any]) -> str:
    """One reason of a proposal as a line."""
    code = why["code"]
    if code == "words":
        return _("its words: %(words)s") % {"words": _(", ").join(why["words"])}
    if code == "credibility":
        return _("its credibility is low")
    if code == "unit":
        unit = Unit.objects.filter(code=why["unit"]).first()
        return _("it is a matter of %(unit)s") % {"unit": named(unit) if unit else why["unit"]}
    if code == "level":
        return _("opinion level %(have)s, from %(want)s on") % {"have": ROMAN.get(why["have"], "?"), "want": ROMAN.get(why["want"], "?")}
    return str(METRICS[code]) % {"have": f"{why['have']:,}", "want": f"{why['want']:,}"}


def threshold_words(metric: str, want: int) -> str:
    """A threshold of a grade as it stands in the plan."""
    if metric == "level":
        return _("opinion level %(want)s or higher") % {"want": ROMAN[want]}
    if metric == "items":
        return ngettext("%(n)s item", "%(n)s items", want) % {"n": want}
    if metric == "sources":
        return ngettext("%(n)s source", "%(n)s sources", want) % {"n": want}
    if metric == "rate":
        return _("%(n)s items an hour") % {"n": want}
    return _("%(n)s%% negative") % {"n": want}


def span_words(text: str) -> str:
    """``20m``, ``2h``, ``1d`` in words."""
    n, unit = int(text[:-1]), text[-1]
    if unit == "m":
        return _("%(n)s min") % {"n": n}
    return (ngettext("%(n)s hour", "%(n)s hours", n) if unit == "h" else ngettext("%(n)s day", "%(n)s days", n)) % {"n": n}


def ready_text(step: Step, response: Response) -> str:
    """The step's text with what is known put in; what must be asked stays in brackets. Values are put in literally."""
    if step.text is None:
        return ""
    story = response.story or (response.case.story if response.case else None)
    unit = (response.case.unit if response.case else None) or (story.unit if story else None)
    known = {
        "title": response.title,
        "unit": named(unit) if unit else _("the unit in charge"),
        "items": f"{story.item_count:,}" if story else "—",
        "now": date_format(now().astimezone(zone()), "DATETIME_FORMAT"),
        "number": response.number or "",
    }
    parts = str(step.text).split("{")
    text = parts[0] + "".join(_filled(part, known) for part in parts[1:])
    return f"{_('【DRILL】')}{text}" if response.drill else text


def _filled(part: str, known: dict[str, str]) -> str:
    name, brace, rest = part.partition("}")
    return known[name] + rest if brace and name in known else "{" + part


def in_both(words: str | Promise, **values: Any) -> dict[str, str]:
    """WORDS in both languages, for the data of an act: {"zh", "en"}."""
    found = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[code] = str(words) % values
    return found
