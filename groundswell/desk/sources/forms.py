"""Forms of the register: a source with its selectors, a pause, an interval, a file."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml.cssselect import CSSSelector, SelectorError

from groundswell.collect.client import port_of
from groundswell.collect.errors import CollectError
from groundswell.collect.guard import check_url, literal, resolve_public
from groundswell.desk.accounts.models import Place, Unit
from groundswell.desk.sources.drop import drop_folder_fault
from groundswell.desk.sources.models import Channel, Kind, Source
from groundswell.desk.sources.words import say_failure
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.ports import now, ports
from groundswell.desk.spine.shell import named

SELECTORS = ("rows", "posts", "title", "body", "time")  # CSS, in the source's options
HAS_SELECTORS = {
    "list": ("rows", "title", "body", "time"),
    "board": ("rows", "posts"),
    "sitemap": ("title", "body", "time"),
    "page": ("posts", "title", "body", "time"),
    "feed": ("title", "body", "time"),
}
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"'，。；）】》]+", re.IGNORECASE)


def tidy_address(text: str) -> str:
    """The address in what somebody pasted: the first one of a longer text; https:// is added where no scheme stands."""
    text = text.strip().strip("<>\"'“”‘’《》")
    found = ADDRESS.search(text)
    if found:
        return found[0]
    return text if not text or SCHEME.match(text) or text.startswith("/") else f"https://{text}"


def address_fault(address: str) -> str:
    """Why ADDRESS must not be asked, in words; "" where it may be."""
    try:
        asked = check_url(address)
        if literal(asked.host):  # a name is judged by what it resolves to, when it is asked
            resolve_public(asked.host, port_of(asked), allowed=frozenset(ports.reachable))
    except CollectError as error:
        said = say_failure(error.cause, error.mend, error.failed.args)
        return f"{said.cause}. {said.mend}" if not said.cause.endswith((".", "。")) else f"{said.cause} {said.mend}"
    return ""


def selector_fault(selector: str) -> str:
    """What is wrong with a CSS selector, as its parser says it; "" where nothing is."""
    try:
        CSSSelector(selector)
    except (SelectorError, SyntaxError) as fault:
        return str(fault)
    return ""


class SourceForm(DeskForm):
    """All that the register holds of a source."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Read as"), choices=Kind.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    owner = forms.CharField(label=gettext_lazy("Run by"), max_length=120, required=False)
    ground = forms.CharField(
        label=gettext_lazy("Ground on which it is read"),
        max_length=200,
        help_text=gettext_lazy("Why this may be read, e.g. “public site, robots.txt allows”. It stands in the published register."),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Unit"), queryset=Unit.objects.filter(is_active=True), required=False, empty_label=gettext_lazy("the whole body")
    )
    place = forms.ModelChoiceField(
        label=gettext_lazy("At home in"),
        queryset=Place.objects.filter(is_active=True, kind__in=["county", "city", "district", "town", "street", "subdistrict"]),
        required=False,
        empty_label=gettext_lazy("nowhere in particular"),
        help_text=gettext_lazy("Settles places of the same name."),
    )
    interval_minutes = forms.IntegerField(
        label=gettext_lazy("Read every (minutes)"),
        min_value=1,
        max_value=7 * 24 * 60,
        initial=30,
        help_text=gettext_lazy("What it yields makes this up to four times shorter or longer."),
    )
    institutional = forms.BooleanField(
        label=gettext_lazy("A medium, public body or institutional account: its name is kept"), required=False
    )
    official = forms.BooleanField(label=gettext_lazy("Speaks for a public body"), required=False)
    trust = forms.IntegerField(label=gettext_lazy("Record of trust (0–100)"), min_value=0, max_value=100, initial=50)
    quiet_is_normal = forms.BooleanField(label=gettext_lazy("Alive, but quiet is normal: no notice when nothing comes"), required=False)
    follow = forms.BooleanField(
        label=gettext_lazy("Read the pages behind the entries too: the feed carries only the beginning of each text"), required=False
    )
    rows = forms.CharField(label=gettext_lazy("Rows of the list (CSS)"), max_length=200, required=False)
    posts = forms.CharField(label=gettext_lazy("Posts of a thread (CSS)"), max_length=200, required=False)
    title = forms.CharField(label=gettext_lazy("Title (CSS)"), max_length=200, required=False)
    body = forms.CharField(label=gettext_lazy("Text (CSS)"), max_length=200, required=False)
    time = forms.CharField(label=gettext_lazy("Time (CSS)"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any = None, record: Source | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        kind = (self.data.get("kind") if self.is_bound else self.initial.get("kind")) or ""
        self.fields["address"].required = kind not in ("files", "manual")
        for name in ("unit", "place"):
            self.fields[name].label_from_instance = named  # type: ignore[attr-defined]
        if user is not None and only_own_unit(user):
            unit = self.fields["unit"]
            unit.queryset, unit.required, unit.empty_label = Unit.objects.filter(pk=user.unit_id or 0), True, None  # type: ignore[attr-defined]
        for name in SELECTORS:
            self.fields[name].widget.attrs |= {"class": "mono", "spellcheck": "false", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, address = values.get("kind", ""), tidy_address(values.get("address") or "")
        if kind not in ("files", "manual"):
            if address and (fault := address_fault(address)):
                self.add_error("address", fault)
        elif kind == "files":
            address = str(values.get("address") or "").strip()
            if fault := drop_folder_fault(address):
                self.add_error("address", fault)
        values["address"] = address
        self._refuse_doubles(address, kind)
        for name in SELECTORS:
            if values.get(name) and (fault := selector_fault(values[name])):
                self.add_error(name, _("This is no CSS selector: %(fault)s") % {"fault": fault})
        return values

    def _refuse_doubles(self, address: str, kind: str) -> None:
        if not address or kind == "manual":
            return
        same = Source.objects.filter(address=address).exclude(state="retired").exclude(pk=self.record.pk if self.record else 0).first()
        if same:
            self.add_error("address", _("“%(name)s” is read from this address already.") % {"name": named(same)})

    def record_values(self) -> dict[str, Any]:
        """The cleaned values as columns of a source; options that no field shows are kept."""
        values = dict(self.cleaned_data)
        options = dict(self.record.options) if self.record else {}
        for name in SELECTORS:
            text = values.pop(name).strip()
            options.pop(name, None)
            if text and name in HAS_SELECTORS.get(values["kind"], ()):
                options[name] = text
        follow = values.pop("follow")
        if values["kind"] == "feed":
            options["follow"] = follow
        return values | {"options": options, "trust": values["trust"] / 100}


def initial_of(source: Source) -> dict[str, Any]:
    """SOURCE as the form's initial values."""
    names = (
        "address",
        "kind",
        "name",
        "name_en",
        "channel",
        "owner",
        "ground",
        "interval_minutes",
        "institutional",
        "official",
        "quiet_is_normal",
    )
    values = {name: getattr(source, name) for name in names}
    chosen = {name: source.options.get(name, "") for name in SELECTORS}
    return (
        values
        | chosen
        | {
            "unit": source.unit_id,
            "place": source.place_id,
            "trust": round(source.trust * 100),
            "follow": source.options.get("follow") is True,
        }
    )


def only_own_unit(user: Any) -> bool:
    from groundswell.desk.accounts.rights import OWN_UNIT, scope

    return scope(user, "source.edit") == OWN_UNIT


class PauseForm(DeskForm):
    """Why a source is not read for a while, and until when."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    until = forms.ChoiceField(
        label=gettext_lazy("Pause until"),
        choices=(
            ("1", gettext_lazy("in an hour")),
            ("4", gettext_lazy("in four hours")),
            ("24", gettext_lazy("in a day")),
            ("168", gettext_lazy("in a week")),
            ("", gettext_lazy("until somebody resumes it")),
        ),
        required=False,
        initial="24",
        widget=forms.RadioSelect,
    )

    def clean_until(self) -> datetime | None:
        hours = self.cleaned_data["until"]
        return now() + timedelta(hours=int(hours)) if hours else None


class IntervalForm(DeskForm):
    interval_minutes = forms.IntegerField(
        label=gettext_lazy("Read every (minutes)"),
        min_value=1,
        max_value=7 * 24 * 60,
        help_text=gettext_lazy("What it yields makes this up to four times shorter or longer."),
    )


class FileForm(DeskForm):
    """One file of rows."""

    file = forms.FileField(
        label=gettext_lazy("File (JSONL, CSV or XLSX)"), widget=forms.ClearableFileInput(attrs={"accept": ".jsonl,.csv,.xlsx"})
    )


class ListForm(DeskForm):
    """A list of sources to take in: OPML or CSV."""

    file = forms.FileField(label=gettext_lazy("List (OPML or CSV)"), widget=forms.ClearableFileInput(attrs={"accept": ".opml,.xml,.csv"}))
