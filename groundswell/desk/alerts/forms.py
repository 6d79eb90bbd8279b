"""What is asked of a rule."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import NamedChoice, NamedChoices
from groundswell.desk.accounts.models import Place, Unit
from groundswell.desk.alerts.models import ANY_HOUR, NEVER_AT_NIGHT, About, Channel, Rule
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import named
from groundswell.desk.stream.models import Watch

ASKED = {"data-query": "1"}  # a change asks the past anew
LEVELS = (("", _("any level")), (1, _("Ⅰ Critical")), (2, _("Ⅱ Major or above")), (3, _("Ⅲ Serious or above")))
NIGHT = (
    (ANY_HOUR, _("it calls at any hour")),
    (3, _("only from level Ⅲ; what is below waits until the morning")),
    (2, _("only from level Ⅱ; what is below waits until the morning")),
    (1, _("only level Ⅰ; what is below waits until the morning")),
    (NEVER_AT_NIGHT, _("all of it waits until the morning")),
)


class NamedMany(NamedChoices):
    def label_from_instance(self, obj: Any) -> str:
        return f"{named(obj)} · {obj.get_kind_display()}"


def _one(label: Any, empty: Any) -> NamedChoice:
    return NamedChoice(label=label, queryset=None, required=False, empty_label=empty, widget=forms.Select(attrs=ASKED))


class RuleForm(DeskForm):
    """Name, and what happens when it calls; the conditions are the two below."""

    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    night_level = forms.TypedChoiceField(label=_("In quiet hours"), coerce=int, choices=NIGHT, initial=2)
    group_minutes = forms.IntegerField(
        label=_("One call a matter within (minutes)"), min_value=5, max_value=2880, initial=120,
        help_text=_("Afterwards it calls again only with news: a higher level, twice as many items, a new place."),
    )  # fmt: skip
    accept_minutes = forms.IntegerField(
        label=_("Accepted within (minutes), else the next is called"), min_value=1, max_value=720,
        help_text=_("Duty officer, then the leader on duty, then the first leader."),
    )  # fmt: skip
    attend_minutes = forms.IntegerField(
        label=_("Attended within (minutes), else it is open again"), min_value=1, max_value=720,
        help_text=_("Counted from when it was accepted; any act on the matter will do."),
    )  # fmt: skip
    channels = NamedMany(
        label=_("Also by"), queryset=None, required=False, help_text=_("It always stands on the screen of those who are called.")
    )
    tried = forms.CharField(required=False, widget=forms.HiddenInput)  # the mark of the trial that was looked at
    about = About.STORY
    conditions: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: dict[str, Any] = {
            "watch": Watch.objects.filter(state="enabled"),
            "place": Place.objects.filter(is_active=True),
            "source": Source.objects.exclude(state="retired").order_by("sort_key", "pk"),
            "unit": Unit.objects.filter(is_active=True),
            "channels": Channel.objects.filter(state="on"),
        }
        for name, queryset in rows.items():
            if name in self.fields:
                self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        for name in ("accept_minutes", "attend_minutes"):
            self.fields[name].initial = preference(f"alerts.{name}")

    @property
    def values(self) -> dict[str, Any]:
        """What the row gets."""
        return {name: value for name, value in self.cleaned_data.items() if name != "tried"} | {"about": self.about}

    @property
    def mark(self) -> str:
        """The conditions as they were tried; another mark, another trial."""
        said = {name: str(self.cleaned_data.get(name, "")) for name in self.conditions}
        return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=8).hexdigest()

    def as_rule(self) -> Rule:
        """The rule as it would be, not saved: for the trial."""
        return Rule(about=self.about, **{name: self.cleaned_data.get(name) for name in self.conditions})


class StoryRuleForm(RuleForm):
    """About stories: what is set must hold all together."""

    level = forms.TypedChoiceField(
        label=_("Level"), coerce=int, empty_value=None, required=False, choices=LEVELS, widget=forms.Select(attrs=ASKED)
    )
    rose = forms.BooleanField(label=_("only where the level rose to that"), required=False, widget=forms.CheckboxInput(attrs=ASKED))
    above = forms.FloatField(
        label=_("Speed above the forecast, times its upper bound"), required=False, min_value=0.5, max_value=20,
        widget=forms.NumberInput(attrs=ASKED | {"step": "0.1"}), help_text=_("1 is the bound itself; 2 is twice that."),
    )  # fmt: skip
    watch = _one(_("Watch"), _("any watch"))
    place = _one(_("Place"), _("any place"))
    unit = _one(_("Unit"), _("any unit"))
    source = _one(_("Source"), _("any source"))
    least_items = forms.IntegerField(
        label=_("At least so many items of that kind"), min_value=1, max_value=10_000, initial=3, widget=forms.NumberInput(attrs=ASKED)
    )
    conditions = ("level", "rose", "above", "watch", "place", "unit", "source", "least_items")
    field_order = ("name", "name_en", *conditions)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in ("level", "above", "watch", "place", "unit", "source")):
            self.add_error("level", _("Say when it calls: a level, a speed, a watch, a place, a unit or a source."))
        if data.get("rose") and not data.get("level"):
            self.add_error("rose", _("Say to which level it has to rise."))
        return data


class SourceRuleForm(RuleForm):
    """About sources that fell silent against their own rhythm."""

    silent_hours = forms.IntegerField(
        label=_("Silent for at least (hours)"), min_value=1, max_value=720, initial=24, widget=forms.NumberInput(attrs=ASKED),
        help_text=_("And against its own rhythm: what rests on Sundays is not silent on Sundays."),
    )  # fmt: skip
    source = _one(_("Source"), _("any source"))
    unit = _one(_("Unit of the source"), _("any unit"))
    about = About.SOURCE
    conditions = ("silent_hours", "source", "unit")
    field_order = ("name", "name_en", *conditions)


FORMS: dict[str, type[RuleForm]] = {About.STORY: StoryRuleForm, About.SOURCE: SourceRuleForm}


def initial_of(rule: Rule) -> dict[str, Any]:
    """RULE's values for its form."""
    form = FORMS[rule.about]
    names = [name for name in form.base_fields if name not in ("tried", "channels", "watch", "place", "unit", "source")]
    found: dict[str, Any] = {name: getattr(rule, name) for name in names}
    found |= {name: getattr(rule, f"{name}_id") for name in ("watch", "place", "unit", "source")}
    return found | {"channels": list(rule.channels.values_list("pk", flat=True))}
