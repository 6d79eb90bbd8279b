"""The screens of releases: the list, a new clue, a release's page, its text, its versions compared, the check page before the public."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.cases import queries as case_queries
from groundswell.desk.releases import checks, meanwhile, public, queries
from groundswell.desk.releases.diff import compare
from groundswell.desk.releases.effect import effect
from groundswell.desk.releases.forms import ClueForm, WriteForm
from groundswell.desk.releases.models import Check, Kind, Release, Stage, Version
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.desk.stories import queries as story_queries
from groundswell.desk.stream.models import Item

COMPARED = ("title", "claim", "summary", "text", "title_en", "claim_en", "summary_en", "text_en")


def found_or_404(request: HttpRequest, number: str) -> Release:
    return get_object_or_404(queries.readable(user_of(request)).select_related(*queries.WITH), number=number)


@needs("release.read")
def index(request: HttpRequest) -> HttpResponse:
    """What is under way, with whom, and what is public?"""
    params = request.GET.dict()
    found = queries.readable(user_of(request))
    tab = params.get("tab", "open")
    rows = queries.in_tab(found, tab, params.get("kind", "")).select_related("current__by", "story", "unit", "public")
    context = {
        "tab_rows": queries.tabs(found, tab),
        "rows": list(rows[:200]),
        "params": params,
        "kinds": Kind.choices,
        "here": "releases",
    }
    return render(request, "releases/index.html", context)


@needs("release.draft")
def new(request: HttpRequest) -> HttpResponse:
    """A clue: from a story, a message, a post, or out of one's own head."""
    user = user_of(request)
    on = _on(user, request.GET.get("on", ""))
    initial = {"unit": on["story"].unit_id if on.get("story") else None, "kind": request.GET.get("kind") or _kind_for(on)}
    form = ClueForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = registry.found("release.clue", user, form.cleaned_data | on)
        return HttpResponseRedirect(f"{made.get_absolute_url()}write/" if "write" in request.POST else made.get_absolute_url())
    context = {"form": form, "on": next((each for each in on.values() if each is not None), None), "here": "releases"}
    return render(request, "releases/new.html", context, status=422 if form.errors else 200)


def _kind_for(on: dict[str, Any]) -> str:
    return Kind.REPLY if on.get("item") or on.get("case") else Kind.STATEMENT


def _on(user: User, code: str) -> dict[str, Any]:
    """What CODE (story:…, case:…, item:…) names, where USER may read it."""
    kind, _sign, ref = code.partition(":")
    if kind == "story":
        return {"story": story_queries.readable(user).filter(number=ref).first()}
    if kind == "case":
        return {"case": case_queries.readable(user).filter(number=ref).first()}
    if kind == "item" and may(user, "item.read"):
        return {"item": Item.objects.filter(key=ref).select_related("story").first()}
    return {}


@needs("release.read")
def release(request: HttpRequest, number: str) -> HttpResponse:
    """How it reads, what stands against it, who looked at it, what comes next?"""
    found, moment = found_or_404(request, number), now()
    text = found.current
    findings = checks.before_publishing(found, moment) if text is not None and found.is_open else []
    held = meanwhile.held_by(found, moment) if text is not None and found.is_open else []
    context = {
        "release": found,
        "text": text,
        "page": public.preview(found) if text is not None else None,
        "findings": findings,
        "held": held,
        "checks": list(queries.checks_of(found)),
        "versions": list(found.versions.select_related("by").order_by("-n")),
        "acts": [(act, effect(found.story, act.at, moment)) for act in found.public_acts.select_related("by", "text").order_by("-id")],
        "entries": list(entries_of(found)),
        "steps": _steps(found),
        "first_move": _first_move(user_of(request), found),
        "mine": text is not None and text.by_id == request.user.pk,
        "here": "releases",
    }
    return render(request, "releases/release.html", context)


ORDER = (Stage.DRAFT, Stage.REVIEW, Stage.SECRECY, Stage.APPROVAL, Stage.APPROVED, Stage.PUBLISHED)
MAIN = ("write", "submit", "pass_review", "secrecy", "approve", "publish", "publish_correction")


def _steps(found: Release) -> list[tuple[str, str]]:
    """The way to the public: (words, "done" | "now" | "")."""
    words = [_("Written"), _("Review of the content"), _("Secrecy review"), _("Approval"), _("In public")]
    at = ORDER.index(Stage(found.state)) if found.state in ORDER else len(ORDER) - 1 if found.state == Stage.WITHDRAWN else 0
    return [(each, "done" if place < at else "now" if place == at else "") for place, each in enumerate(words)]


def _first_move(user: User, found: Release) -> str:
    possible = {each.name for each in registry.possible(user, found)}
    if found.state == Stage.DRAFT and found.current is not None:
        return "release.submit"
    return next((f"release.{name}" for name in MAIN if f"release.{name}" in possible), "")


@needs("release.draft")
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """The text, whole; saving makes a version. The public address and the language behind are asked here too."""
    user, found = user_of(request), found_or_404(request, ref)
    form = WriteForm(request.POST or None, release=found, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            registry.perform("release.write", user, found, form.cleaned_data, version=_version(request))
        except registry.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from None
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(found.get_absolute_url())
    context = {"release": found, "form": form, "version": request.POST.get("version") or found.version, "here": "releases"}
    return render(request, "releases/write.html", context, status=422 if form.errors else 200)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _initial(found: Release) -> dict[str, Any]:
    """The present text; of a first one only the signature and the clue's words."""
    if found.current is not None:
        names = [name for name in WriteForm.base_fields if name not in ("slug", "why")]
        return {name: getattr(found.current, name) for name in names} | {"slug": found.slug or ""}
    office, english = preference("body.office"), preference("body.office_en")
    signed, signed_en = (found.unit.name, found.unit.name_en) if found.unit else (office or preference("body.name"), english)
    return {"signed": signed, "signed_en": signed_en, "claim": found.clue if found.kind == Kind.FACT_CHECK else ""}


@needs("release.read")
def versions(request: HttpRequest, number: str) -> HttpResponse:
    """What did one version say otherwise than another?"""
    found = found_or_404(request, number)
    rows = {text.n: text for text in found.versions.select_related("by")}
    if not rows:  # a clue: nothing is written yet
        return HttpResponseRedirect(found.get_absolute_url())
    new = rows.get(_int(request.GET.get("b"))) or rows[max(rows)]
    old = rows.get(_int(request.GET.get("a"))) or rows.get(new.n - 1) or new
    context = {"release": found, "rows": list(rows.values()), "old": old, "new": new, "parts": _differences(old, new), "here": "releases"}
    return render(request, "releases/versions.html", context)


def _int(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _differences(old: Version, new: Version) -> list[tuple[str, list[Any]]]:
    found = []
    for name in COMPARED:
        before, after = getattr(old, name), getattr(new, name)
        if before or after:
            label = str(WriteForm.base_fields[name].label)
            found.append((label, compare(before, after)))
    lines = ["\n".join(" | ".join(part for part in (row["words"], row["address"]) if part) for row in text.sources) for text in (old, new)]
    if any(lines):
        found.append((str(WriteForm.base_fields["sources"].label), compare(*lines)))
    if old.verdict != new.verdict:
        found.insert(0, (_("Verdict"), compare(str(old.get_verdict_display()), str(new.get_verdict_display()))))
    return found


@needs("release.publish")
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    """The check page before the public: how it will look, what stands against it; then the act itself."""
    user, found, moment = user_of(request), found_or_404(request, ref), now()
    if found.current is None:
        return HttpResponseRedirect(found.get_absolute_url())
    name = "release.publish_correction" if found.public_id is not None else "release.publish"
    findings = checks.before_publishing(found, moment)
    refused = ""
    if request.method == "POST":
        try:
            registry.perform(name, user, found, version=_version(request))
        except registry.NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from None
        except registry.Refused as refusal:
            refused = str(refusal)
        else:
            request.session["toast"] = {"words": str(registry.ACTIONS[name].verb), "undo": "", "next": found.get_absolute_url()}
            return HttpResponseRedirect(found.get_absolute_url())
    context = {
        "release": found,
        "page": public.preview(found),
        "text": found.current,
        "findings": findings,
        "held": meanwhile.held_by(found, moment),
        "refused": refused,
        "ready": found.state == Stage.APPROVED and not checks.errors(findings),
        "verb": registry.ACTIONS[name].verb,
        "reviews": {check.kind: check for check in Check.objects.filter(at_version=found.current).select_related("by").order_by("id")},
        "here": "releases",
    }
    return render(request, "releases/publish.html", context, status=422 if refused else 200)
