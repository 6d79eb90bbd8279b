"""Forms of the acts on an issue and its pieces, as the registry draws them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.bulletins.models import CheckComment, Dispatch, IssueItem, Series
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

UP, DOWN = "up", "down"


class OpenForm(DeskForm):
    series = forms.ModelChoiceField(label=gettext_lazy("Series"), queryset=Series.objects.filter(is_active=True))
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))


class PickForm(DeskForm):
    """``story``: number of a story, or ``item``: key of an item; one of them. ``section`` "" lets the draft propose it."""

    story = forms.CharField(label=gettext_lazy("Story"), required=False, help_text=gettext_lazy("Its number, such as ST-2026-1123-03."))
    item = forms.CharField(label=gettext_lazy("Item"), required=False, widget=forms.HiddenInput)
    section = forms.SlugField(required=False, widget=forms.HiddenInput)

    def clean_story(self) -> Story | None:
        number = self.cleaned_data["story"].strip().upper()
        if not number:
            return None
        story = Story.objects.filter(number=number, merged_into=None).first()
        if story is None:
            raise forms.ValidationError(_("There is no open story with this number."))
        return story

    def clean_item(self) -> Item | None:
        key = self.cleaned_data["item"].strip()
        item = Item.objects.filter(key=key).first() if key else None
        if key and item is None:
            raise forms.ValidationError(_("There is no such item."))
        return item

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and bool(values.get("story")) == bool(values.get("item")):
            raise forms.ValidationError(_("Choose a story or an item."))
        return values


class PieceForm(DeskForm):
    piece = forms.ModelChoiceField(queryset=IssueItem.objects.all(), widget=forms.HiddenInput)


class MoveForm(PieceForm):
    direction = forms.ChoiceField(choices=((UP, UP), (DOWN, DOWN), ("", "")), required=False, widget=forms.HiddenInput)
    section = forms.SlugField(required=False, widget=forms.HiddenInput)
    after = forms.ModelChoiceField(queryset=IssueItem.objects.all(), required=False, widget=forms.HiddenInput)


class WriteForm(PieceForm):
    """``piece_version`` is the piece's ``version`` as the writer saw it; another one since then refuses the writing."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    advice = forms.CharField(label=gettext_lazy("Advice"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=300, required=False)
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    advice_en = forms.CharField(
        label=gettext_lazy("Advice in English"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    piece_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class OptionalReasonForm(DeskForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Needed only where a check still says no."),
    )


class CommentForm(DeskForm):
    piece = forms.ModelChoiceField(queryset=IssueItem.objects.all(), required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class SettleForm(DeskForm):
    comment = forms.ModelChoiceField(queryset=CheckComment.objects.all(), widget=forms.HiddenInput)


class ReturnForm(DeskForm):
    comment = forms.CharField(label=gettext_lazy("What must be changed?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ResendForm(DeskForm):
    dispatch = forms.ModelChoiceField(queryset=Dispatch.objects.all(), required=False, widget=forms.HiddenInput)


class CorrectForm(DeskForm):
    piece = forms.ModelChoiceField(label=gettext_lazy("Which item"), queryset=IssueItem.objects.all(), required=False)
    text = forms.CharField(
        label=gettext_lazy("What was wrong, and what is right"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
