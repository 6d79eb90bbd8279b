"""Adding and changing a source: paste an address, look at what would be collected, then save; and testing one that is there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from groundswell.collect.kinds import KINDS
from groundswell.collect.site import site
from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, may_propose, user_of
from groundswell.desk.sources.forms import SourceForm, address_fault, initial_of, tidy_address
from groundswell.desk.sources.models import Channel, Kind, Source
from groundswell.desk.sources.tryout import Tryout, try_source
from groundswell.desk.sources.views import source_for
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.views import needs

GROUPS = {
    "what": ("address", "kind", "name", "name_en", "channel", "owner"),
    "why": ("ground", "unit", "place"),
    "pace": ("interval_minutes", "quiet_is_normal"),
    "who": ("institutional", "official", "trust"),
    "page": ("follow", "rows", "posts", "title", "body", "time"),
}
CHANNEL_OF = {"board": Channel.FORUM, "feed": Channel.NEWS, "list": Channel.NEWS, "sitemap": Channel.NEWS, "page": Channel.OTHER}


@needs("source.read")
def new(request: HttpRequest) -> HttpResponse:
    """A new source; from those who may only propose it, a proposal. The address is looked at before anything is saved."""
    user = user_of(request)
    if not may_propose(user, "source.edit"):
        raise PermissionDenied("source.edit")
    proposes = not may(user, "source.edit")
    if request.method != "POST":
        form = SourceForm(initial={"kind": "manual", "interval_minutes": 120}, user=user) if request.GET.get("by") == "hand" else None
        return _page(request, form, None, {"proposes": proposes, "address": request.GET.get("address", "")})
    if request.POST.get("do") == "look":
        return _look(request, user, proposes)
    form = SourceForm(request.POST, user=user)
    if request.POST.get("do") == "try":
        return _page(request, form, _tried(_unsaved(form)), {"proposes": proposes})
    if form.is_valid():
        values = form.record_values() | {"slug": free_slug(form.cleaned_data)}
        try:
            made = registry.found("source.propose" if proposes else "source.make", user, values)
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Proposed. An editor decides.") if proposes else _("In the register. It is read for the first time now.")
            request.session["toast"] = {"words": words, "undo": "", "next": ""}
            return HttpResponseRedirect(f"/desk/sources/{made.slug}/")
    return _page(request, form, None, {"proposes": proposes}, 422)


def _look(request: HttpRequest, user: User, proposes: bool) -> HttpResponse:
    """The first look at a pasted address: what it is, what would come, and the form filled in as far as that tells."""
    address = tidy_address(request.POST.get("address", ""))
    fault = address_fault(address) if address else _("Paste an address first.")
    if not fault and (there := Source.objects.filter(address=address).exclude(state="retired").first()):
        return _page(request, None, None, {"proposes": proposes, "address": address, "there": there}, 422)
    if fault:
        return _page(request, None, None, {"proposes": proposes, "address": address, "fault": fault}, 422)
    found = try_source(Source(slug="try-out", address=address, kind="page"), detect=True)
    form = SourceForm(initial=_guess(found), user=user)
    return _page(request, form, found, {"proposes": proposes, "address": address, "looked": True})


def _guess(found: Tryout) -> dict[str, Any]:
    """What the look tells of a source, for a person to put right."""
    home = site(found.final_url or found.address)
    public = home.endswith((".gov.cn", ".gov")) or ".gov." in home
    title = (found.title or home)[:80]
    return {
        "address": found.address,
        "kind": found.kind,
        "name": title,
        "channel": Channel.OFFICIAL if public else CHANNEL_OF.get(found.kind, Channel.OTHER),
        "interval_minutes": int(preference("collect.default_minutes")),
        "institutional": public,
        "official": public,
        "trust": 90 if public else 50,
        "ground": _("Public page, no sign-in, robots.txt allows") if found.works else "",
    }


@needs("source.read")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a source, with a look at what would come before it is saved."""
    found, user = source_for(request, slug), user_of(request)
    if not may(user, "source.edit", found):
        raise PermissionDenied("source.edit")
    context: dict[str, Any] = {"source": found}
    if request.method != "POST":
        return _page(request, SourceForm(initial=initial_of(found), user=user, record=found), None, context)
    form = SourceForm(request.POST, initial=initial_of(found), user=user, record=found)
    if request.POST.get("do") == "try":
        return _page(request, form, _tried(_unsaved(form, found)), context)
    status = 422
    if form.is_valid():
        try:
            entry = registry.perform("source.save", user, found, form.record_values(), version=_version(request))
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409 if isinstance(refusal, registry.Changed) else 422
        else:
            target = f"/desk/sources/{found.slug}/"
            request.session["toast"] = {"words": _("Saved."), "undo": str(entry.batch), "next": target}
            return HttpResponseRedirect(target)
    return _page(request, form, None, context, status)


@needs("source.read")
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a source now without storing anything, and show what would come."""
    found = source_for(request, slug)
    if not may(request.user, "source.pause", found):
        raise PermissionDenied("source.pause")
    if found.kind not in KINDS:
        return HttpResponseRedirect(f"/desk/sources/{found.slug}/")
    tried = try_source(found) if request.method == "POST" else None
    context = {"source": found, "tried": tried, "may_edit": may(request.user, "source.edit", found)}
    return render(request, "sources/test.html", context)


def _unsaved(form: SourceForm, record: Source | None = None) -> Source:
    """The source that the form describes so far, for a try-out; a form that is not whole yet is no hindrance."""
    form.is_valid()
    values = form.cleaned_data
    options = dict(record.options) if record else {}
    options |= {name: values[name] for name in ("rows", "posts", "title", "body", "time") if values.get(name)}
    for name in ("rows", "posts", "title", "body", "time"):
        if not values.get(name):
            options.pop(name, None)
    kind = values.get("kind", "page")
    if kind == "feed":
        options["follow"] = bool(values.get("follow"))
    return Source(
        slug=record.slug if record else "try-out",
        kind=kind,
        address=str(values.get("address") or tidy_address(form.data.get("address", ""))),
        options=options,
        institutional=bool(values.get("institutional")),
        channel=values.get("channel", Channel.OTHER),
        name=values.get("name", ""),
    )


def _tried(source: Source) -> Tryout | None:
    if source.kind not in KINDS or (source.kind != "files" and address_fault(source.address)):
        return None
    return try_source(source)


def _page(request: HttpRequest, form: SourceForm | None, tried: Tryout | None, more: dict[str, Any], status: int = 200) -> HttpResponse:
    groups = {code: [form[name] for name in names] for code, names in GROUPS.items()} if form else {}
    if tried is not None and form is not None and form.is_bound and request.POST.get("do") == "try":
        form.errors.clear()  # it was only looked at; what is missing is said when it is saved
    kinds = [(kind.value, kind.label) for kind in Kind]
    context = {"form": form, "groups": groups, "tried": tried, "kinds": kinds, "named": named, **more}
    return render(request, "sources/edit.html" if "source" in more else "sources/new.html", context, status=status)


def free_slug(values: dict[str, Any]) -> str:
    """A short name for addresses, from the English name or the pinyin, that no other source has."""
    base = (slugify(values.get("name_en") or "") or slugify(pinyin_key(values["name"])) or "source")[:50].strip("-")
    slug, number = base, 2
    while slug in RESERVED or Source.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


RESERVED = frozenset({"new", "import", "bulk", "try-out"})


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None
