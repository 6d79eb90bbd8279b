"""What is asked of a channel, by its kind; addresses and secrets are never shown again."""

from __future__ import annotations

import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from standardwebhooks import Webhook

from groundswell.collect.errors import CollectError
from groundswell.collect.guard import check_url, resolve_public
from groundswell.desk.accounts.fields import unit_field
from groundswell.desk.alerts.house_rules import allowed_inside
from groundswell.desk.alerts.models import ChannelKind
from groundswell.desk.alerts.wire import PLACEHOLDER, robots
from groundswell.desk.sources.words import CAUSES
from groundswell.desk.spine.forms import DeskForm

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
KEEP = gettext_lazy("Leave empty to keep it; it is never shown.")


class ChannelForm(DeskForm):
    """A channel of one kind; IS_NEW asks for what an old one keeps."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the group"), choices=LANGUAGES, widget=forms.RadioSelect, initial="zh-hans"
    )
    unit = unit_field(
        label=gettext_lazy("Whose group it is"), required=False,
        help_text=gettext_lazy("One-time links of this unit's tasks may be sent there; everybody in the group can open them."),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=2000, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"})
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret"), max_length=400, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=(("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")))
    headers = forms.CharField(
        label=gettext_lazy("Headers"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("“Name: value”, one a line; for example Content-Type: application/json"),
    )  # fmt: skip
    body = forms.CharField(
        label=gettext_lazy("Body"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=gettext_lazy("{phone} {title} {text} {number} {secret} are filled in, escaped as the Content-Type asks."),
    )  # fmt: skip
    success_field = forms.CharField(
        label=gettext_lazy("Field of the answer"), required=False, max_length=80,
        help_text=gettext_lazy("In an answer in JSON, such as result.code; empty: the word below stands anywhere in it."),
    )  # fmt: skip
    success_value = forms.CharField(
        label=gettext_lazy("Its value when it was taken"), required=False, max_length=80,
        help_text=gettext_lazy("Empty: every answer from 200 to 299 means that it was taken."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.is_new = kind, is_new
        for name in self._left_out():
            del self.fields[name]
        if "address" in self.fields:
            self.fields["address"].required = is_new
            self.fields["address"].help_text = self._example() if is_new else KEEP
        if "secret" in self.fields:
            self.fields["secret"].required = is_new and kind == ChannelKind.WEBHOOK
            self.fields["secret"].help_text = self._about_secret() if is_new else KEEP

    def _left_out(self) -> tuple[str, ...]:
        gateway = ("method", "headers", "body", "success_field", "success_value")
        if self.kind == ChannelKind.SMS:
            return ("language", "unit")
        if self.kind == ChannelKind.MAIL:
            return ("language", "unit", "address", "secret", *gateway)
        return (*gateway, "secret") if self.kind == ChannelKind.WECOM else gateway

    def _example(self) -> str:
        return str(robots().get(self.kind, {}).get("example", "https://…"))

    def _about_secret(self) -> str:
        if self.kind == ChannelKind.WEBHOOK:
            return _("whsec_ and 24 to 64 bytes in base64, as the receiver gives it (Standard Webhooks)")
        return (
            _("for {secret} in address, headers and body")
            if self.kind == ChannelKind.SMS
            else _("of the robot's signature; empty where it signs nothing")
        )

    def clean_secret(self) -> str:
        secret = str(self.cleaned_data["secret"])
        if self.kind == ChannelKind.WEBHOOK and secret:
            try:
                size = len(Webhook(secret)._whsecret)
            except (binascii.Error, ValueError, RuntimeError):
                size = 0
            if not secret.startswith("whsec_") or not 16 <= size <= 64:
                raise forms.ValidationError(_("This is no secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64."))
        return secret

    def clean_address(self) -> str:
        """The guard's word before anything is saved; it is asked again at every sending."""
        address = str(self.cleaned_data["address"]).strip()
        if address:
            try:
                asked = check_url(PLACEHOLDER.sub("0", address))
                port = asked.port or (80 if asked.scheme == "http" else 443)
                resolve_public(asked.host, port, allowed=allowed_inside())
            except CollectError as fault:
                if fault.cause != "dns":  # a name may be known later
                    raise forms.ValidationError(str(CAUSES[fault.cause]) % {"port": "", **fault.failed.args}) from None
        return address
