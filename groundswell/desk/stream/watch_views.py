"""The screens of watches: the list, one watch with its preview on the past, proposals."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.accounts.rights import ALL, OWN_UNIT, PROPOSE, may, may_propose, scope, user_of
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.forms import DeskForm
from groundswell.desk.spine.palette import Hit as PaletteHit
from groundswell.desk.spine.palette import finder, matches, pinyin_key
from groundswell.desk.spine.ports import now, today, zone
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs
from groundswell.desk.stream import queries
from groundswell.desk.stream.models import Item, Watch
from groundswell.engine.judge.person_name import is_only_a_name
from groundswell.engine.judge.query import QueryError, explain, parse
from groundswell.reports import charts

PREVIEW_DAYS, LIST_DAYS = 30, 7
FAULTS: dict[str, str | Promise] = {
    "empty": gettext_lazy("The query is empty. Write at least one word."),
    "too_long": gettext_lazy("The query is longer than %(limit)s characters. Make two watches of it."),
    "too_deep": gettext_lazy("Brackets lie more than %(limit)s deep. Take some away."),
    "too_many": gettext_lazy("The query has more than %(limit)s terms. Make two watches of it."),
    "quote_open": gettext_lazy("A quotation mark is opened here and never closed. Write the second one."),
    "bracket_open": gettext_lazy("A bracket is opened here and never closed. Write the second one."),
    "bracket_close": gettext_lazy("A bracket is closed here that was never opened. Take it away."),
    "term_missing": gettext_lazy("A word is missing here. Write one, or take away what stands before it."),
    "near_number": gettext_lazy("NEAR/ needs a number from 1 to %(limit)s, such as NEAR/5."),
    "near_term": gettext_lazy("NEAR needs a word or phrase on both sides."),
    "field_value": gettext_lazy("“%(field)s:” needs a value. Allowed: %(allowed)s"),
    "field_empty": gettext_lazy("“%(field)s:” needs a value right after the colon, such as unit:water."),
    "only_not": gettext_lazy("A query of nothing but NOT would match nearly everything. Add what is wanted."),
}


def query_fault(error: QueryError, text: str) -> dict[str, Any]:
    """The fault of a query in words, with its place in the text."""
    words = str(FAULTS[error.code]) % {"limit": "", "field": "", "allowed": "", **error.args_}
    return {"words": words, "before": text[: error.position], "after": text[error.position :], "position": error.position + 1}


def say(part: dict[str, Any]) -> str:
    """What a query says, as a sentence in the present language."""
    if "all" in part:
        wanted = [say(one) for one in part["all"] if "none" not in one]
        unwanted = [say(one["none"]) for one in part["all"] if "none" in one]
        text = _(" and ").join(wanted)
        return text + (_(", but not %(words)s") % {"words": _(" or ").join(unwanted)} if unwanted else "")
    if "any" in part:
        return "(" + _(" or ").join(say(one) for one in part["any"]) + ")"
    if "none" in part:
        return _("not %(words)s") % {"words": say(part["none"])}
    if "near" in part:
        return _("%(left)s within %(n)s words of %(right)s") % {
            "left": say(part["near"][0]),
            "right": say(part["near"][1]),
            "n": part["distance"],
        }
    if "field" in part:
        return _("%(field)s is %(value)s") % {"field": _FIELDS.get(part["field"], part["field"]), "value": part["value"]}
    if "phrase" in part:
        return _("the words “%(words)s” together") % {"words": part["phrase"]}
    quoted = _("“%(word)s”") % {"word": part["word"]}
    if part["whole"]:
        return _("%(word)s as a whole word") % {"word": quoted}
    return _("%(word)s or what sounds like it") % {"word": quoted} if part["loose"] else quoted


_FIELDS: dict[str, str | Promise] = {
    "unit": gettext_lazy("the unit"),
    "place": gettext_lazy("the place"),
    "source": gettext_lazy("the source"),
    "kind": gettext_lazy("the kind"),
    "lang": gettext_lazy("the language"),
    "tone": gettext_lazy("the sentiment"),
    "level": gettext_lazy("the level"),
    "since": gettext_lazy("the first day"),
    "until": gettext_lazy("the last day"),
    "title": gettext_lazy("the title"),
}


class WatchForm(DeskForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    query = forms.CharField(
        label=gettext_lazy("Query"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "data-query": "1", "spellcheck": "false"}),
        help_text=gettext_lazy(
            'Words side by side: all of them. OR, NOT, brackets, "phrases", NEAR/5, =whole word, '
            "~sound alike, unit: place: source: tone: level: title:"
        ),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("For the unit"),
        queryset=Unit.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("the whole body"),
    )
    expires_on = forms.DateField(label=gettext_lazy("Ends on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        unit.label_from_instance = named  # type: ignore[attr-defined]
        if scope(user, "watch.edit") == OWN_UNIT:  # only for the own unit
            unit.queryset, unit.required, unit.empty_label = Unit.objects.filter(pk=user.unit_id), True, None  # type: ignore[attr-defined]

    def clean_query(self) -> str:
        text: str = self.cleaned_data["query"]
        try:
            parse(text)
        except QueryError as error:
            fault = query_fault(error, text)
            raise forms.ValidationError(_("At character %(n)s: %(words)s") % {"n": fault["position"], "words": fault["words"]}) from None
        if is_only_a_name(text):
            raise forms.ValidationError(
                _("A watch on nothing but a person's name is not allowed: we watch topics, not people. Add the topic.")
            )
        return text


@needs("watch.read")
def watches(request: HttpRequest) -> HttpResponse:
    """The list with what each found in the last week."""
    start = today() - timedelta(days=LIST_DAYS - 1)
    counts = queries.hits_by_watch(_past_for(request.user), datetime.combine(start, time(0), zone()))
    rows = [
        {"watch": watch, "hits": counts.get(watch.slug, 0)}
        for watch in queries.readable_watches(user_of(request)).select_related("unit", "added_by")
    ]
    context = {
        "rows": rows,
        "today": today(),
        "since": start,
        "may_add": may_propose(request.user, "watch.edit"),
        "opens": may(request.user, "item.read"),
    }
    return render(request, "stream/watches.html", context)


@needs("watch.read")
def watch(request: HttpRequest, slug: str) -> HttpResponse:
    """One watch: what it says, what it would have caught, and the form to change it."""
    found = get_object_or_404(queries.readable_watches(user_of(request)).select_related("unit"), slug=slug)
    initial = {"name": found.name, "name_en": found.name_en, "query": found.query, "unit": found.unit_id, "expires_on": found.expires_on}
    form = WatchForm(request.POST or None, initial=initial, user=request.user)
    status = 200
    if request.method == "POST":
        if not may(request.user, "watch.edit", found):
            raise PermissionDenied("watch.edit")
        if form.is_valid():
            try:
                entry = registry.perform("watch.save", user_of(request), found, form.cleaned_data, version=_version(request))
            except registry.Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409 if isinstance(refusal, registry.Changed) else 422
            else:
                request.session["toast"] = {"words": _("Saved. The next item feels it."), "undo": str(entry.batch), "next": request.path}
                return HttpResponseRedirect(f"/desk/watches/{found.slug}/")
    context = {
        "watch": found,
        "form": form,
        "entries": entries_of(found),
        **_preview(request, str(form["query"].value() or found.query), found),
        "may_edit": may(request.user, "watch.edit", found),
    }
    return render(request, "stream/watch.html", context, status=status if status != 200 or not form.errors else 422)


@needs("watch.read")
def new_watch(request: HttpRequest) -> HttpResponse:
    """A new watch; from those who may only propose it, a proposal."""
    if not may_propose(request.user, "watch.edit"):
        raise PermissionDenied("watch.edit")
    form = WatchForm(request.POST or None, initial={"query": request.GET.get("query", "")}, user=request.user)
    proposes = not may(request.user, "watch.edit")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"slug": _free_slug(form.cleaned_data), "state": "proposed" if proposes else "enabled"}
        made = _propose(request, values) if proposes else registry.found("watch.make", user_of(request), values)
        messages.success(request, _("Proposed. An editor decides.") if proposes else _("The watch is at work from the next item on."))
        return HttpResponseRedirect(f"/desk/watches/{made.slug}/")
    query = str(form["query"].value() or "")
    context = {"form": form, "proposes": proposes, **(_preview(request, query) if query.strip() else {})}
    return render(request, "stream/watch_new.html", context, status=422 if form.errors else 200)


def _propose(request: HttpRequest, values: dict[str, Any]) -> Watch:
    from groundswell.desk.audit.chain import append

    made = Watch.objects.create(**values, sort_key=pinyin_key(values["name"]), added_by_id=request.user.pk, changed_at=now())
    append("watch.propose", request.user, f"watch:{made.pk}", {"query": made.query})  # type: ignore[arg-type]
    return made


def _free_slug(values: dict[str, Any]) -> str:
    base = (slugify(values["name_en"]) or slugify(pinyin_key(values["name"])) or "watch")[:50]
    slug, number = base, 2
    while Watch.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@needs("watch.read")
def preview(request: HttpRequest) -> HttpResponse:
    """The past against a query that is being written."""
    return render(request, "stream/watch_preview.html", _preview(request, request.GET.get("query", "")))


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _past_for(user: Any) -> QuerySet[Item]:
    """The items that a watch of USER's is tried on: who keeps all watches counts all items, though perhaps without reading them."""
    return Item.objects.all() if scope(user, "watch.edit") in (ALL, PROPOSE) else queries.readable(user)


def _preview(request: HttpRequest, text: str, watch: Watch | None = None) -> dict[str, Any]:
    """What the query says, and its last 30 days; or its fault. WATCH is the one whose query it may be."""
    start = today() - timedelta(days=PREVIEW_DAYS - 1)
    try:
        node = parse(text)
        at_work = watch is not None and watch.state == "enabled" and watch.query == text
        since = datetime.combine(start, time(0), zone())
        counted = queries.count_by_day(_past_for(request.user), text, since, watch=watch if at_work else None)
    except QueryError as error:
        return {"fault": query_fault(error, text)}
    if not may(request.user, "item.read"):
        counted["newest"] = None
    days = [(f"{day.month}-{day.day}", counted["days"].get(day, 0)) for day in (start + timedelta(days=n) for n in range(PREVIEW_DAYS))]
    decided = counted["ours"] + counted["not_us"]
    chart = charts.columns(days, label=_("Hits a day"))
    return {
        "sentence": say(explain(node)),
        "preview": counted,
        "chart": mark_safe(chart),
        "precision": round(100 * counted["ours"] / decided) if decided else None,
        "days": PREVIEW_DAYS,
    }


@finder
def find_watches(user: Any, text: str) -> list[PaletteHit]:
    """Watches by name, pinyin or initials."""
    if not may_propose(user, "watch.read"):
        return []
    rows = [row for row in queries.readable_watches(user) if matches(text, row.name, row.name_en, row.slug)]
    return [PaletteHit(named(row), f"/desk/watches/{row.slug}/", _("watch"), "rule") for row in rows]
