"""The editor of an issue: one page, and the acts that draw it anew. The same address serves page and fragment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.bulletins import checks, citing, editor, queries, sheets, steps
from groundswell.desk.bulletins.action_forms import DOWN, UP, PieceForm, WriteForm
from groundswell.desk.bulletins.actions import WORDS
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.bulletins.templatetags.bulletins import language
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.views import needs

VERBS = ("pick", "autodraft", "drop", "move", "write", "redraft", "cite", "settle")


def issue_or_404(series: str, year: int, ref: str) -> Issue:
    found = queries.issue_at(series, year, ref)
    if found is None:
        raise Http404(ref)
    return found


@needs("bulletin.read")
def edit(request: HttpRequest, series: str, year: int, ref: str) -> HttpResponse:
    """Three columns: what could go in, what is in, what is wrong with it and how it looks."""
    issue = issue_or_404(series, year, ref)
    if not issue.is_open:
        return HttpResponseRedirect(issue.address)
    return _page(request, issue)


@require_POST
@needs("bulletin.read")
def act(request: HttpRequest, series: str, year: int, ref: str, verb: str) -> HttpResponse:
    """One act of the registry, answered with the editor as it is then."""
    issue = issue_or_404(series, year, ref)
    if verb == "mask":
        return _mask(request, issue)
    name = f"issue.{verb}"
    if verb not in VERBS or name not in registry.ACTIONS:
        raise Http404(verb)
    each = registry.ACTIONS[name]
    if not may(request.user, each.permission, issue):
        raise PermissionDenied(each.permission)
    form = each.form(_sent(request)) if each.form else None
    if form is not None and not form.is_valid():
        return _page(request, issue, form=form, status=422)
    values = form.cleaned_data if form else {}
    quiet = request.POST.get("autosave") == "1"
    if quiet and not _says_more(values):
        return HttpResponse(status=204)
    try:
        with transaction.atomic():
            entry = registry.perform(name, user_of(request), issue, values)
            if verb == "write" and "cites" in request.POST and not quiet:
                _cite(request, issue, values["piece"], entry.batch)
    except registry.Changed as refusal:
        return _page(request, issue, form=form, refusal=str(refusal), status=409)
    except registry.Refused as refusal:
        return _page(request, issue, form=form if verb == "write" else None, refusal=str(refusal), status=409)
    if quiet:
        return _kept(request, issue, values["piece"])
    return _done(request, issue, str(each.verb), entry, None if verb == "drop" else values.get("piece"))


def _done(request: HttpRequest, issue: Issue, words: str, entry: Any, piece: IssueItem | None) -> HttpResponse:
    """The editor as it is now, with what was done and the way back."""
    toast = {"words": words, "undo": str(entry.batch) if entry.undoable else "", "next": f"{issue.address}edit/"}
    if getattr(request, "htmx", False):
        return _page(request, issue, toast=toast)
    request.session["toast"] = toast
    return HttpResponseRedirect(f"{issue.address}edit/{_query(request)}" + (f"#piece-{piece.pk}" if piece else ""))


def _cite(request: HttpRequest, issue: Issue, piece: IssueItem, batch: UUID) -> None:
    """The sources ticked beside the text, where they are others than before; taken back together with the words."""
    form = citing.CiteForm({"piece": piece.pk, "items": request.POST.getlist("items")})
    if form.is_valid() and {item.pk for item in form.cleaned_data["items"]} != set(IssueItem.objects.get(pk=piece.pk).citations):
        registry.perform("issue.cite", user_of(request), issue, form.cleaned_data, batch=batch)


def _mask(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Private names and numbers of one piece, as the checks found them, are masked: a writing like any other, with undo."""
    form = PieceForm(request.POST)
    if not form.is_valid():
        raise Http404("piece")
    piece = form.cleaned_data["piece"]
    found = [each for each in checks.check(issue) if each.piece == piece and each.code in editor.MASKED]
    private = [str(each.args.get("name") or each.args.get("text")) for each in found]
    words = citing.masked({name: getattr(piece, name) for name in WORDS}, private)
    try:
        entry = registry.perform("issue.write", user_of(request), issue, {"piece": piece, "piece_version": piece.version, **words})
    except registry.NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from None
    except registry.Refused as refusal:
        return _page(request, issue, refusal=str(refusal), status=409)
    return _done(request, issue, _("Masked"), entry, piece)


def _sent(request: HttpRequest) -> Any:
    """What the page sent; a button that moves says piece and way in one value: ``12 up``, ``12 attention``."""
    piece, _space, way = request.POST.get("move", "").partition(" ")
    if not way:
        return request.POST
    return {"piece": piece, "direction" if way in (UP, DOWN) else "section": way}


def _says_more(values: dict[str, Any]) -> bool:
    """Does what was sent differ from what is kept?"""
    now = IssueItem.objects.filter(pk=values["piece"].pk).first()
    return now is None or any(getattr(now, name) != values[name] for name in WORDS)


def _kept(request: HttpRequest, issue: Issue, piece: IssueItem) -> HttpResponse:
    """After a save by itself: the parts beside the text that is being written."""
    return render(request, "bulletins/kept.html", _context(request, issue) | {"piece": IssueItem.objects.get(pk=piece.pk)})


def _page(request: HttpRequest, issue: Issue, *, form: Any = None, refusal: str = "", toast: Any = None, status: int = 200) -> HttpResponse:
    writing = form if isinstance(form, WriteForm) else None
    context = _context(request, issue, writing)
    context |= {"toast": toast, "refusal": refusal, "write_form": writing}
    if refusal and writing is not None and not context["editing"]:
        context["lost"] = writing.data
    elif form is not None and writing is None and form.errors:
        context["refusal"] = "; ".join(str(error) for errors in form.errors.values() for error in errors)
    fragment = getattr(request, "htmx", False)
    if not fragment and context["refusal"] and writing is None:
        messages.warning(request, context["refusal"])
        return HttpResponseRedirect(f"{issue.address}edit/{_query(request)}")
    response = render(request, "bulletins/editor.html" if fragment else "bulletins/edit.html", context, status=status)
    if fragment and status != 200:
        response["HX-Retarget"], response["HX-Reswap"] = "#editor", "outerHTML"
    return response


def _context(request: HttpRequest, issue: Issue, writing: Any = None) -> dict[str, Any]:
    """All that the editor shows; WRITING is a form that came back."""
    params = request.GET if request.method == "GET" else request.GET.copy()
    wanted = writing.data.get("piece", "") if writing is not None else params.get("edit", "") if request.method == "GET" else ""
    chosen = int(wanted) if str(wanted).isdigit() and issue.is_open and may(request.user, "bulletin.edit") else None
    issue = Issue.objects.select_related("series", "editor", "checker", "signer").get(pk=issue.pk)
    editor.read_whole(issue)
    found = checks.check(issue)
    rows = editor.rows_of(issue, found, chosen)
    editing = next((row for row in rows if row.editing), None)
    tabs, offers, left, count = editor.offers(issue, params.get("tab", ""), params.get("sort", ""), bool(params.get("all")))
    wish = params.get("paper", "") or language()
    return {
        "issue": issue,
        "base": f"{issue.address}edit/",
        "keep": _query(request),
        "steps": steps.steps(issue, issue.series.recipients.filter(is_active=True).count() or issue.series.copies),
        "limit": editor.limit_of(issue),
        "saved_at": editor.saved_at(issue),
        "rows": rows,
        "groups": editor.groups_of(issue, rows),
        "findings": editor.findings(found, rows),
        "tally": editor.tally(found),
        "tabs": tabs,
        "offers": offers,
        "offers_left": left,
        "offers_n": count,
        "sorts": [(code, words, code == params.get("sort", "")) for code, (words, _key) in editor.SORTS.items()],
        "page": sheets.page_of(issue, wish, found),
        "paper_language": "en" if wish.startswith("en") else "zh-hans",
        "editing": editing,
        "more_items": citing.offered(editing.piece) if editing else (),
        "may_edit": may(request.user, "bulletin.edit", issue),
        "may_mark": may(request.user, "bulletin.candidate"),
        "comments": [one for one in issue.comments.select_related("by") if one.piece_id is None],
    }


def _query(request: HttpRequest) -> str:
    """What of the query string outlives an act."""
    kept = request.GET.copy()
    for name in list(kept):
        if name not in ("tab", "sort", "paper", "all"):
            del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
