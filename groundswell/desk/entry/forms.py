"""The one form of entering by hand: where, what, when, how far it went."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.entry.counts import count_of, seen_at
from groundswell.desk.entry.pictures import ACCEPTED
from groundswell.desk.entry.queries import sources_for
from groundswell.desk.entry.records import COUNTS
from groundswell.desk.sources.models import Channel, Source
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.shell import named
from groundswell.engine.text.secrecy import secrecy_mark

OTHER = "other"
NO_AUTOFILL = {"autocomplete": "off"}


class CountField(forms.CharField):
    """A count such as 1.2万."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.TextInput(attrs={"inputmode": "text", **NO_AUTOFILL})
        super().__init__(required=False, max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return count_of(text)
        except ValueError:
            raise forms.ValidationError(_("This is no number. Such as 860, 12k or 3.5m.")) from None


class EntryForm(DeskForm):
    url = forms.CharField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"data-query": "1", "inputmode": "url", "autocapitalize": "off", "spellcheck": "false", **NO_AUTOFILL}),
    )
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        required=False,
        max_length=50_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "data-query": "1"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), required=False, max_length=200, widget=forms.TextInput(attrs={"data-query": "1", **NO_AUTOFILL})
    )
    source = forms.ChoiceField(label=gettext_lazy("Where was it seen?"))
    platform = forms.CharField(
        label=gettext_lazy("Platform"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Such as Douyin, a WeChat group, a closed board. Never the name of a private person."),
        widget=forms.TextInput(attrs={"list": "platforms", **NO_AUTOFILL}),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Sort of place"), choices=Channel.choices, required=False, initial=Channel.OTHER)
    seen = forms.CharField(
        label=gettext_lazy("When was it published?"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Empty is now. Such as: yesterday 08:12, 3 minutes ago, 11-22 20:05."),
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    reads = CountField(label=gettext_lazy("Reads, plays"))
    likes = CountField(label=gettext_lazy("Likes"))
    comments = CountField(label=gettext_lazy("Comments"))
    reposts = CountField(label=gettext_lazy("Reposts"))
    author = forms.CharField(
        label=gettext_lazy("Account"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A private account becomes a pseudonym at once; its name is not stored anywhere."),
        widget=forms.TextInput(attrs=NO_AUTOFILL),
    )
    picture = forms.FileField(
        label=gettext_lazy("Screenshot"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED), "data-submit": "1"})
    )
    picture_token = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)
    looked = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)
    reading = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    seen_twins = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        groups = sources_for(user)
        self.by_slug: dict[str, Source] = {row.slug: row for _words, rows in groups for row in rows}
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (OTHER, _("Somewhere else: name it")),
            *((str(words), [(row.slug, named(row)) for row in rows]) for words, rows in groups),
        ]

    def clean_url(self) -> str:
        text = str(self.cleaned_data["url"]).strip()
        if not text:
            return ""
        text = text if "://" in text else f"https://{text}"
        try:
            parts = urlsplit(text)
            known = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "." in (parts.hostname or "")
        except ValueError:
            known = False
        if not known or any(letter.isspace() for letter in text):
            raise forms.ValidationError(_("This is no web address. Copy it again from the app or the browser."))
        return text

    def clean_seen(self) -> str:
        text = str(self.cleaned_data["seen"])
        try:
            return seen_at(text)
        except ValueError:
            raise forms.ValidationError(
                _("No time can be read from “%(text)s”, or it lies ahead. Such as: yesterday 08:12, 3 minutes ago; empty is now.")
                % {"text": text}
            ) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        title, text = data.get("title", ""), data.get("text", "")
        mark = secrecy_mark(text) or secrecy_mark(title) or secrecy_mark(f"{title}\n{text}")
        if mark:
            raise forms.ValidationError(secret_words(mark))
        if not title and not text and not data.get("picture"):
            self.add_error("text", _("Write or paste what it says, in one sentence if need be."))
        if data.get("source") == OTHER and not data.get("platform", "").strip():
            self.add_error("platform", _("Name the platform, or choose a source above."))
        return data

    @property
    def source_found(self) -> Source | None:
        return self.by_slug.get(self.cleaned_data.get("source", ""))

    @property
    def counts(self) -> dict[str, int | None]:
        return {name: self.cleaned_data.get(name) for name in COUNTS}


def secret_words(mark: str) -> str:
    """Why a marked text is not taken, and what to do with it."""
    return _(
        "This bears the secrecy mark “%(mark)s”. The desk is no system for state secrets: nothing of it was kept. "
        "Delete it from this device too, and report it as the rules on secrets say."
    ) % {"mark": mark}
