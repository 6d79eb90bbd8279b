"""What the people who make releases are asked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.fields import UnitChoice
from groundswell.desk.releases.grounds import choices
from groundswell.desk.releases.models import Kind, Release, Verdict
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now, zone

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SOURCES_MOST = 20


class LocalTimeField(forms.DateTimeField):
    """A moment of the body's own zone, as a browser's field writes it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(zone()) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        found = super().to_python(value)
        return found.replace(tzinfo=zone()) if found is not None and not isinstance(value, datetime) else found


class SourcesField(forms.CharField):
    """Sources, one a line: what it is, and its address after a bar where it has one. Value: [{"words", "address"}]."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{row['words']} | {row['address']}" if row["address"] else row["words"] for row in value)
        return value

    def to_python(self, value: Any) -> list[dict[str, str]]:  # type: ignore[override]
        rows = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        return [self._row(line) for line in rows]

    def _row(self, line: str) -> dict[str, str]:
        words, _bar, address = (part.strip() for part in line.replace("｜", "|").rpartition("|"))
        if not words:
            words, address = address, ""
        if address and not is_web(address):
            raise forms.ValidationError(
                _("“%(address)s” is no web address: write what it is, a bar, then https://…"), params={"address": address}
            )
        return {"words": words[:200], "address": address}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > SOURCES_MOST:
            raise forms.ValidationError(_("At most %(n)s sources."), params={"n": SOURCES_MOST})


def is_web(address: str) -> bool:
    """Is ADDRESS one that a public page may link to?"""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) <= 500


class ClueForm(DeskForm):
    """线索: what should be said, and why."""

    kind = forms.ChoiceField(label=_("What it will be"), choices=Kind.choices, initial=Kind.STATEMENT, widget=forms.RadioSelect)
    clue = forms.CharField(
        label=_("What it answers, and why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Internal: never public."),
    )
    unit = UnitChoice(label=_("Whose word it is"), required=False, empty_label=_("the body itself"))


class WriteForm(DeskForm):
    """A text, whole; each saving makes a new version."""

    title = forms.CharField(label=_("Title"), max_length=120)
    claim = forms.CharField(label=_("What was claimed"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[("", _("none yet")), *Verdict.choices],
        required=False,
        help_text=_("A person says it, with a source; the program never does."),
    )
    summary = forms.CharField(label=_("In one sentence"), max_length=200, required=False, help_text=_("Stands first on the public page."))
    text = forms.CharField(label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 12}))
    sources = SourcesField(
        label=_("What it rests on"),
        required=False,
        help_text=_("One a line; an address after a bar: Laboratory report no. 12 | https://…. Public."),
    )
    signed = forms.CharField(label=_("Signed by"), max_length=80, required=False, help_text=_("The body or the unit, not a person."))
    contact = forms.CharField(label=_("Where to ask"), max_length=80, required=False)
    next_update = LocalTimeField(label=_("Next update"), required=False, help_text=_("While it is being checked."))
    embargo_until = LocalTimeField(label=_("Not before"), required=False)
    why = forms.CharField(label=_("What the correction puts right"), max_length=300, required=False, help_text=_("Public."))
    slug = forms.CharField(
        label=_("End of its address"),
        max_length=80,
        required=False,
        help_text=_("Small letters, digits and hyphens; made from the title where empty."),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    claim_en = forms.CharField(label=_("Claim in English"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    summary_en = forms.CharField(label=_("The sentence in English"), max_length=300, required=False)
    text_en = forms.CharField(label=_("Text in English"), max_length=12000, required=False, widget=forms.Textarea(attrs={"rows": 8}))
    signed_en = forms.CharField(label=_("Signature in English"), max_length=120, required=False)

    CHINESE = (
        "title",
        "claim",
        "verdict",
        "summary",
        "text",
        "sources",
        "signed",
        "contact",
        "next_update",
        "embargo_until",
        "why",
        "slug",
    )

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.release = release
        unwanted = set()
        if release.kind != Kind.FACT_CHECK:
            unwanted |= {"claim", "verdict", "claim_en", "next_update", "slug"}
        if not release.is_correction:
            unwanted.add("why")
        if release.public_id is not None:
            unwanted |= {"slug", "embargo_until"}
        for name in unwanted:
            del self.fields[name]

    @property
    def chinese(self) -> list[Any]:
        return [self[name] for name in self.CHINESE if name in self.fields]

    @property
    def english(self) -> list[Any]:
        return [self[name] for name in self.fields if name.endswith("_en")]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).strip()
        if slug and not SLUG.fullmatch(slug):
            raise forms.ValidationError(_("Only small letters, digits and hyphens between them."))
        if slug and Release.objects.filter(slug=slug).exclude(pk=self.release.pk).exists():
            raise forms.ValidationError(_("Another page has this address."))
        return slug

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") not in (None, "", Verdict.CHECKING) and not data.get("sources") and "sources" not in self.errors:
            self.add_error("sources", _("A verdict names its source."))
        if "signed" in self.changed_data and "signed_en" not in self.changed_data:
            data["signed_en"] = ""  # the English of another signature
        return data

    def clean_embargo_until(self) -> datetime | None:
        return _ahead(self.cleaned_data["embargo_until"])

    def clean_next_update(self) -> datetime | None:
        return _ahead(self.cleaned_data["next_update"])


def _ahead(at: datetime | None) -> datetime | None:
    if at is not None and at <= now():
        raise forms.ValidationError(_("This moment is over."))
    return at


class NoteForm(DeskForm):
    note = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class BackForm(DeskForm):
    """Sent back to the writer with what is wanted otherwise."""

    note = forms.CharField(label=_("What is to be changed"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class SecrecyForm(DeskForm):
    """保密审查: the ground decides where it goes."""

    ground = forms.ChoiceField(
        label=_("Legal ground"), choices=choices, widget=forms.RadioSelect, help_text=_("What it leads to follows from the ground.")
    )
    note = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(DeskForm):
    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public: stands on its page for good."),
    )


class StandForm(DeskForm):
    """A name or number that the check points at and that may stand."""

    text = forms.CharField(label=_("What may stand"), max_length=60)
    why = forms.CharField(label=_("Why"), max_length=200)
