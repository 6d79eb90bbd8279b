"""Screens of units, places and netizen words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts import gazetteer, gazetteer_forms, gazetteer_queries
from groundswell.desk.accounts.models import Place, SlangWord, Unit, User
from groundswell.desk.accounts.rights import user_of
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.engine.text.slang import shipped_slang

MANAGE = gazetteer.MANAGE
WORD_KINDS: dict[str, str | Promise] = {
    "word": gettext_lazy("word of the net"),
    "homophone": gettext_lazy("written for its sound"),
    "abbreviation": gettext_lazy("abbreviation"),
    "emoji": gettext_lazy("emoji"),
    "dialect": gettext_lazy("dialect"),
    "english": gettext_lazy("from English"),
}


def subpages(current: str) -> list[dict[str, Any]]:
    rows = (
        ("units", _("Units"), "/desk/units/"),
        ("places", _("Places"), "/desk/units/places/"),
        ("words", _("Netizen words"), "/desk/units/words/"),
    )
    waiting = SlangWord.objects.filter(state="proposed").count()
    return [
        {"words": words, "url": url, "current": code == current, "count": waiting if code == "words" else 0} for code, words, url in rows
    ]


@needs(MANAGE)
def units(request: HttpRequest) -> HttpResponse:
    text, state = _choice(request)
    context = {"page": gazetteer_queries.units_page(text, state), "q": text, "state": state, "subpages": subpages("units")}
    return render(request, "accounts/units.html", context)


@needs(MANAGE)
def unit(request: HttpRequest, ref: str) -> HttpResponse:
    found = get_object_or_404(Unit.objects.select_related("parent"), code=ref)
    context = {
        "unit": found,
        "below": found.children.all(),
        "people": found.people.filter(is_active=True),
        "places": found.places.filter(is_active=True),
        "leaders": gazetteer_queries.leaders_of(found),
        "lines": entries_of(found, 20),
    }
    return render(request, "accounts/unit.html", context)


@needs(MANAGE)
def places(request: HttpRequest) -> HttpResponse:
    text, state = _choice(request)
    kind = request.GET.get("kind", "")
    context = {
        "page": gazetteer_queries.places_page(text, kind, state),
        "q": text,
        "state": state,
        "kind": kind,
        "subpages": subpages("places"),
    }
    return render(request, "accounts/places.html", context)


@needs(MANAGE)
def place(request: HttpRequest, ref: str) -> HttpResponse:
    found = get_object_or_404(Place.objects.select_related("within", "unit"), code=ref)
    context = {
        "place": found,
        "kind": gazetteer_queries.kind_words(found.kind),
        "parts": found.parts.filter(is_active=True),
        "lines": entries_of(found, 20),
    }
    return render(request, "accounts/place.html", context)


@needs(MANAGE)
def words(request: HttpRequest) -> HttpResponse:
    waiting = SlangWord.objects.filter(state="proposed").exists()
    state = request.GET.get("state") or ("proposed" if waiting else "accepted")
    text = request.GET.get("q", "").strip()
    context = {
        "page": gazetteer_queries.words_page(state, text),
        "state": state,
        "q": text,
        "subpages": subpages("words"),
        "tones": dict(gazetteer_forms.TONES),
        "kinds": WORD_KINDS,
        "known": len(shipped_slang()),
    }
    return render(request, "accounts/words.html", context)


@needs(MANAGE)
def word(request: HttpRequest, ref: str) -> HttpResponse:
    """A word has no page of its own: its line in the list."""
    found = get_object_or_404(SlangWord, pk=ref) if ref.isdigit() else get_object_or_404(SlangWord, word=ref)
    return HttpResponseRedirect(f"/desk/units/words/?state={found.state}#word-{found.pk}")


@dataclass(frozen=True)
class Adding:
    """How a kind of record is added: its form, its action, its words, where it leads."""

    form: type[forms.Form]
    add: Callable[[User, Mapping[str, Any]], Any]
    title: str | Promise
    back: str
    back_words: str | Promise


ADDING = {
    "unit": Adding(gazetteer_forms.NewUnitForm, gazetteer.add_unit, gettext_lazy("Add unit"), "/desk/units/", gettext_lazy("Units")),
    "place": Adding(
        gazetteer_forms.NewPlaceForm, gazetteer.add_place, gettext_lazy("Add place"), "/desk/units/places/", gettext_lazy("Places")
    ),
    "word": Adding(
        gazetteer_forms.NewWordForm, gazetteer.add_word, gettext_lazy("Add word"), "/desk/units/words/", gettext_lazy("Netizen words")
    ),
}


@needs(MANAGE)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add a unit, a place or a word; what the registry refuses comes back beside the form."""
    kind = ADDING[code]
    form = kind.form(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            record = kind.add(user_of(request), form.cleaned_data)
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session["toast"] = {"words": _("%(name)s: added") % {"name": record}, "undo": "", "next": kind.back}
            return HttpResponseRedirect(registry.SUBJECTS[code].url(record))
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/gazetteer_add.html", {"form": form, "kind": kind}, status=status)


def _choice(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("q", "").strip(), "retired" if request.GET.get("state") == "retired" else "active"
