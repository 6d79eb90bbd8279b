"""The screens of channels, for the administrator: the list, one channel with its last messages, a new one of a kind."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.alerts import queries
from groundswell.desk.alerts.channel_forms import ChannelForm
from groundswell.desk.alerts.models import Channel, ChannelKind
from groundswell.desk.bulletins import mail
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs

KEPT = ("name", "name_en", "language", "unit", "method", "headers", "body", "success_field", "success_value")


def _has_mail() -> bool:
    try:
        return mail.server() is not None
    except mail.NotSent:
        return False


@needs("setting.read")
def channels(request: HttpRequest) -> HttpResponse:
    """By which ways do alerts leave the house, and do they arrive?"""
    context = {
        "rows": queries.channels(),
        "kinds": ChannelKind.choices,
        "may_change": may(request.user, "setting.change"),
        "section": "channels",
    }
    return render(request, "alerts/channels.html", context)


@needs("setting.change")
def new(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    if kind not in ChannelKind.values:
        raise Http404(kind)
    form = ChannelForm(request.POST or None, kind=kind, is_new=True, initial={"name": ChannelKind(kind).label})
    if request.method == "POST" and form.is_valid():
        made = registry.found("alert_channel.make", user_of(request), form.cleaned_data | {"kind": kind})
        request.session["toast"] = {"words": _("Made. Now send a test."), "undo": "", "next": made.get_absolute_url()}
        return HttpResponseRedirect(made.get_absolute_url())
    context = {"form": form, "kind": kind, "kind_words": ChannelKind(kind).label, "has_mail": _has_mail()}
    return render(request, "alerts/channel_new.html", context, status=422 if form.errors else 200)


@needs("setting.read")
def channel(request: HttpRequest, code: str) -> HttpResponse:
    """Its settings without the secrets, the test, the log of what went by it."""
    found = get_object_or_404(Channel, code=code)
    may_change = may(request.user, "setting.change")
    if request.method == "POST" and not may_change:
        raise PermissionDenied("setting.change")
    form = ChannelForm(request.POST or None, kind=found.kind, is_new=False, initial={name: getattr(found, name) for name in KEPT})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            registry.perform(
                "alert_channel.save", user_of(request), found, form.cleaned_data, version=int(version) if version.isdigit() else None
            )
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            request.session["toast"] = {"words": _("Saved."), "undo": "", "next": request.path}
            return HttpResponseRedirect(found.get_absolute_url())
    context = {
        "channel": found,
        "form": form,
        "may_change": may_change,
        "log": list(found.sendings.select_related("person", "alert").order_by("-pk")[:30]),
        "reads_alerts": may(request.user, "alert.read"),
        "used_by": list(found.rules.all()),
        "entries": list(entries_of(found)),
        "has_mail": _has_mail(),
    }
    return render(request, "alerts/channel.html", context, status=status)
