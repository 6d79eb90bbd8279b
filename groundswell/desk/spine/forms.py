"""Forms of the desk: one look, error summary first, every field with label, hint and error in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DeskForm(forms.Form):
    """A form drawn by the desk's template; required is the rule, "(optional)" is said."""

    template_name = "spine/form.html"
    error_css_class = "bad"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class DeskModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """The same for a record's own fields."""

    template_name = "spine/form.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class ReasonForm(DeskForm):
    """Only a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class WordsField(forms.CharField):
    """A list of words, written one a line or separated by commas (, ， 、 ;)."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        for mark in ("\n", "\r", "，", "、", ";", "；"):
            text = text.replace(mark, ",")
        return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
