"""The forms of the roster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import NamedChoice
from groundswell.desk.accounts.models import User
from groundswell.desk.roster import queries
from groundswell.desk.roster.models import ShiftType
from groundswell.desk.spine import ports
from groundswell.desk.spine.forms import DeskForm, DeskModelForm
from groundswell.desk.spine.palette import matches
from groundswell.desk.spine.shell import named

FORTNIGHT = 42  # days ahead from which a turn may be taken in exchange


class PersonField(NamedChoice):
    """One of those who may be on duty, by name."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(queryset=User.objects.none(), **rest)


def _offer(form: forms.Form, *names: str) -> None:
    for name in names:
        form.fields[name].queryset = queries.candidates()  # type: ignore[attr-defined]


class OverrideForm(DeskForm):
    """Who stands in a turn instead, or that nobody does."""

    user = PersonField(label=_("Who"), required=False, empty_label=lazystr(_("nobody (a gap)")))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "user")


class SwapForm(DeskForm):
    """Whom to ask, and for which turn of theirs."""

    other = PersonField(label=_("Whom to ask"))
    back = forms.ChoiceField(
        label=_("In exchange for"), required=False, help_text=_("A turn of the person asked; empty: they take it over.")
    )
    note = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, asker: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.candidates()
        self.fields["other"].queryset = others.exclude(pk=asker.pk) if asker else others  # type: ignore[attr-defined]
        first = ports.today()
        known = queries.people()
        coming = [
            turn
            for turn in queries.published_turns(first, first + timedelta(days=FORTNIGHT))
            if turn.user is not None and turn.start > ports.now() and (asker is None or turn.user != asker.pk)
        ]
        choices = [(_key(turn.key), f"{named(known[turn.user or 0])} · {queries.turn_words(turn)}") for turn in coming]
        self.fields["back"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        self.holders = {_key(turn.key): turn.user for turn in coming}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        other, back = values.get("other"), values.get("back")
        if other and back and self.holders.get(back) != other.pk:
            self.add_error("back", _("This turn is not one of the person asked."))
        return values


def _key(key: tuple[int, Any, int]) -> str:
    return f"{key[0]}.{key[1]}.{key[2]}"


class ShiftForm(DeskModelForm):
    """A kind of shift."""

    hours = forms.FloatField(label=_("Hours long"), min_value=0.5, max_value=168, widget=forms.NumberInput(attrs={"step": "0.5"}))

    class Meta:
        model = ShiftType
        fields = ("name", "name_en", "mark", "mark_en", "starts", "days", "layer", "is_active")
        widgets = {"starts": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class PeopleField(forms.CharField):
    """Names in order, one a line or separated by commas; a name may stand several times. Gives primary keys."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        text = super().to_python(value) or ""
        for mark in ("\n", "\r", "，", "、", ";", "；"):
            text = text.replace(mark, ",")
        staff = list(queries.candidates())
        found = []
        for word in filter(None, (piece.strip() for piece in text.split(","))):
            fitting = [user for user in staff if word.lower() in (user.name.lower(), user.name_en.lower(), user.username.lower())]
            if not fitting:
                near = [named(user) for user in staff if matches(word, user.name, user.name_en)]
                hint = "、".join(near or [named(user) for user in staff])
                raise forms.ValidationError(
                    _("“%(word)s” may not be on duty. Choose from: %(names)s."), params={"word": word, "names": hint}
                )
            found.append(int(fitting[0].pk))
        return found


class RotationForm(DeskForm):
    """Who follows whom, from when on."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    turn_days = forms.IntegerField(label=_("Days a turn"), min_value=1, max_value=31, initial=1)
    people = PeopleField(label=_("People in order"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = "、".join(named(user) for user in queries.candidates())
        self.fields["people"].help_text = _("One a line or with commas; a name may stand several times. May be on duty: %(names)s.") % {
            "names": names
        }


class TextForm(DeskForm):
    """What a person adds."""

    text = forms.CharField(label=_("To pass on"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class LogForm(DeskForm):
    """What a person adds to the log."""

    text = forms.CharField(label=_("Remarks"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ReportForm(DeskForm):
    """What a unit reports."""

    text = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


class FeedForm(DeskForm):
    """Which turns the calendar holds."""

    everybody = forms.TypedChoiceField(
        label=_("Which turns"),
        coerce=lambda value: value == "all",
        choices=(("own", _("my own")), ("all", _("everybody's"))),
        initial="own",
        widget=forms.RadioSelect,
    )
