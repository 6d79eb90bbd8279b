"""The screens of entering by hand: the form, what a phone shares into it, what the engine made of it, the picture behind it."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.models import Place, Unit, User
from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.audit.chain import append
from groundswell.desk.entry import actions, links, pictures, queries
from groundswell.desk.entry.forms import OTHER, EntryForm, secret_words
from groundswell.desk.entry.models import Picture
from groundswell.desk.entry.records import COUNTS, Said
from groundswell.desk.entry.twins import Twin, twins_of
from groundswell.desk.sources.models import Source
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import today
from groundswell.desk.spine.views import needs
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item, Watch
from groundswell.engine.text.screenshots import split_head
from groundswell.engine.text.secrecy import secrecy_mark
from groundswell.engine.text.shares import Shared, platform_of, read_share

HOME = "/desk/enter/"
COUNTS_HINT = gettext_lazy("optional; 12k is understood")
LOOKED_SALT, LOOK_SALT, LOOK_SECONDS = "entry.looked", "entry.look", 120


# ---------------------------------------------------------------- the form


@csrf_exempt  # the upload handler must be set before anything reads the form; the inner view checks the token
def enter(request: HttpRequest) -> HttpResponse:
    """The form; with POST the picture is read, the link is read, or the item is entered."""
    request.upload_handlers = [pictures.InMemory(request)]
    return _enter(request)


@csrf_protect
@needs("item.enter")
def _enter(request: HttpRequest) -> HttpResponse:
    if not may(request.user, "item.enter"):
        raise PermissionDenied("item.enter")
    if request.method != "POST":
        return _show(request, _blank(request))
    wanted = request.POST.get("do") or ("picture" if has_picture(request) else "save")  # a chosen picture sends the form by itself
    if wanted == "picture" or (wanted == "save" and has_picture(request) and not request.POST.get("text", "").strip()):
        return _with_picture(request)
    return _with_link(request) if wanted == "link" else _save(request)


def has_picture(request: HttpRequest) -> bool:
    """Was a picture sent, even one that is too large?"""
    return bool(request.FILES.get("picture")) or getattr(request, "picture_too_large", False)


def _blank(request: HttpRequest, shared: Shared | None = None) -> EntryForm:
    """An empty form, or one that begins with what was shared, and with the source that is being read."""
    given = shared or read_share(request.GET.get("text", ""), title=request.GET.get("title", ""), url=request.GET.get("url", ""))
    slug = request.GET.get("source", "")
    initial: dict[str, Any] = {"url": given.url, "title": given.title, "text": given.text, "reading": request.GET.get("reading", "")[:1]}
    if given.platform:
        initial |= {"platform": given.platform, "channel": given.channel, "source": OTHER}
    if slug:
        initial["source"] = slug
    return EntryForm(initial=initial, user=user_of(request))


def _show(request: HttpRequest, form: EntryForm, status: int = 200, **more: Any) -> HttpResponse:
    rows, count = queries.entered_today(user_of(request))
    source = Source.objects.filter(slug=str(form["source"].value() or "")).first()
    context: dict[str, Any] = {
        "form": form,
        "mine": rows,
        "count": count,
        "platforms": queries.platforms(),
        "takes_pictures": pictures.has_pillow(),
        "reads_pictures": bool(pictures.languages()),
        "reading_source": source if form["reading"].value() else None,
        "has_picture": bool(form["picture_token"].value()),
        "counts": [form[name] for name in COUNTS],
        "counts_hint": COUNTS_HINT,
        **more,
    }
    return render(request, "entry/enter.html", context, status=status)


def _refill(request: HttpRequest, **changes: str) -> EntryForm:
    """The form as it was sent, with CHANGES; nothing is judged yet."""
    names = EntryForm(user=user_of(request)).fields
    initial = {name: request.POST.get(name, "") for name in names if name != "picture"}
    return EntryForm(initial=initial | changes, user=user_of(request))


# ---------------------------------------------------------------- a picture, a link


def _with_picture(request: HttpRequest) -> HttpResponse:
    """Seal the picture, read it, and show the form with its text to be checked. A picture with a secrecy mark is not kept."""
    text, note, token, fault = _picture(request)
    if fault:
        return _show(request, _refill(request), 422, picture_fault=fault)
    given = request.POST.get("text", "").strip()
    stamp, said = split_head(text)
    form = _refill(request, text=given or said, seen=request.POST.get("seen", "").strip() or stamp, picture_token=token)
    return _show(request, form, picture_note=note, picture_read=bool(text and not given))


def _picture(request: HttpRequest) -> tuple[str, str, str, str]:
    """(text on the uploaded picture, note about it, token of the sealed picture, why it is not taken)."""
    upload = request.FILES.get("picture")
    if getattr(request, "picture_too_large", False):
        return "", "", "", str(pictures.FAULTS["too_large"])
    if upload is None:
        return "", "", "", _("Choose a picture first.")
    try:
        picture = pictures.clean(upload.read())
        text, gap = pictures.text_of(picture)
        mark = secrecy_mark(text, read_off=True)
        if mark:
            return "", "", "", secret_words(mark)
        return text, str(pictures.NO_TEXT[gap]) if gap else "", pictures.seal(picture, user_of(request)), ""
    except pictures.PictureFault as fault:
        return "", "", "", fault.words


def show_shared(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The form with what a phone shared."""
    return _show(request, _blank(request, shared))


def with_shared_picture(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The form with the text of a picture that a phone shared."""
    text, note, token, fault = _picture(request)
    form = _blank(request, shared)
    if fault:
        return _show(request, form, picture_fault=fault)
    stamp, said = split_head(text)
    form.initial = {**form.initial, "text": shared.text or said, "seen": stamp, "picture_token": token}
    return _show(request, form, picture_note=note, picture_read=bool(text and not shared.text))


def _with_link(request: HttpRequest) -> HttpResponse:
    """Read the link and show the form with what it says; what a person wrote already stays."""
    looked, filled = _looked(request)
    return _show(request, _refill(request, **filled), looked=looked)


def _looked(request: HttpRequest) -> tuple[links.Looked | None, dict[str, str]]:
    """(what the link says, the form's fields that it fills: only empty ones)."""
    url = request.POST.get("url", "").strip()
    if not url:
        return None, {}
    shared = read_share(url)
    found = links.look(shared.url or url)
    told = {"title": found.title, "text": found.text, "seen": found.stamp[:16].replace("T", " "), "author": found.author}
    told |= {name: str(value) for name, value in (("reads", found.reads), ("likes", found.likes)) if value is not None}
    filled = {name: value for name, value in told.items() if value and not request.POST.get(name, "").strip()}
    if shared.url and shared.url != url:
        filled["url"] = shared.url
    if found.archive:
        filled["looked"] = signing.dumps([found.archive, user_of(request).pk], salt=LOOKED_SALT)
    platform = platform_of(shared.url or url)
    if platform and request.POST.get("source", OTHER) == OTHER and not request.POST.get("platform", "").strip():
        filled |= {"platform": platform[0], "channel": platform[1]}
    return found, filled


@require_POST
@needs("item.enter")
def link(request: HttpRequest) -> HttpResponse:
    """The same for a page with script: only the fields that the link fills come back."""
    looked, filled = _looked(request)
    form = _refill(request, **filled)
    return render(request, "entry/link.html", {"looked": looked, "fields": [form[name] for name in filled if name in form.fields]})


@require_POST
@needs("item.enter")
def twins(request: HttpRequest) -> HttpResponse:
    """While one writes: is it there already?"""
    found = _twins(request)
    return render(request, "entry/twins.html", {"twins": found, "seen": _seen(found), "today": today()})


def _twins(request: HttpRequest) -> list[Twin]:
    shared = read_share(request.POST.get("url", ""))
    url = shared.url or request.POST.get("url", "").strip()
    return twins_of(user_of(request), url=url, title=request.POST.get("title", ""), text=request.POST.get("text", "")[:20_000])


def _seen(found: list[Twin]) -> str:
    return ",".join(twin.item.key for twin in found)


# ---------------------------------------------------------------- saving


def _save(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = EntryForm(request.POST, request.FILES, user=user)
    if not form.is_valid():
        return _show(request, form, 422)
    found = _twins(request)
    seen = set(form.cleaned_data["seen_twins"].split(","))
    if {twin.item.key for twin in found} - seen and "join" not in request.POST:
        return _show(request, form, 409, twins=found, seen=_seen(found), today=today())
    token, fault = _token(request, form)
    if fault:
        return _show(request, form, 422, picture_fault=fault)
    return _store(request, form, token)


def _token(request: HttpRequest, form: EntryForm) -> tuple[str, str]:
    """The sealed picture's token: the one of the form, or of a picture that was chosen beside written text."""
    if not has_picture(request):
        return form.cleaned_data["picture_token"], ""
    _text, _note, token, fault = _picture(request)
    return token, fault


def _store(request: HttpRequest, form: EntryForm, token: str) -> HttpResponse:
    user, batch = user_of(request), uuid.uuid4()
    join = request.POST.get("join", "")
    known = queries.visible(user).select_related("story").filter(key=join).first() if join else None
    try:
        item = registry.found(
            "item.enter", user, {"said": _said(form, user, token), "reading": bool(form.cleaned_data["reading"])}, batch=batch
        )
    except actions.AlreadyThere as there:
        return _known(request, form, there.item)
    except registry.Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form, 422)
    if known is not None and known.story is not None and known.story != item.story and may(user, "item.triage"):
        registry.perform("item.put", user, item, {"into": _last_of(known.story)})
    again = urlencode({name: value for name, value in (("source", item.source.slug), ("reading", form.cleaned_data["reading"])) if value})
    request.session["toast"] = {"words": _("Entered."), "undo": str(batch), "next": f"{HOME}?{again}"}
    return HttpResponseRedirect(f"{HOME}{item.key}/?{again}")


def _known(request: HttpRequest, form: EntryForm, item: Item) -> HttpResponse:
    """The same link of the same source: its counts are brought up to date; it does not become a second item."""
    moved = actions.bring_counts(user_of(request), item, form.counts)
    words = _("It was there already; its counts are now these.") if moved else _("It was there already; nothing was changed.")
    request.session["toast"] = {"words": words, "undo": "", "next": ""}
    return HttpResponseRedirect(f"{HOME}{item.key}/")


def _last_of(story: Story) -> Story:
    while story.merged_into is not None:
        story = story.merged_into
    return story


def _said(form: EntryForm, user: User, token: str) -> Said:
    data = form.cleaned_data
    source = form.source_found or actions.other_source(data["platform"], data["channel"] or "other")
    picture = pictures.opened(token, user) if token else None
    return Said(
        source=source,
        title=data["title"].strip(),
        text=data["text"].strip(),
        url=data["url"],
        stamp=data["seen"],
        author=data["author"],
        counts=form.counts,
        picture=picture.ref if picture else "",
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        looked=_looked_ref(data["looked"], user),
    )


def _looked_ref(token: str, user: User) -> str:
    try:
        ref, owner = signing.loads(token, salt=LOOKED_SALT, max_age=pictures.KEPT_FOR) if token else ("", None)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(ref) if owner == user.pk else ""


# ---------------------------------------------------------------- afterwards


@needs("item.enter")
def outcome(request: HttpRequest, key: str) -> HttpResponse:
    """What the engine made of it, each with the one key that puts it right, and on to the next."""
    user = user_of(request)
    item = get_object_or_404(queries.visible(user).select_related("source", "unit", "story", "suggested_story", "entered_by"), key=key)
    places = {place.code: place for place in Place.objects.filter(code__in=item.places)}
    again = urlencode({name: request.GET[name] for name in ("source", "reading") if request.GET.get(name)})
    context = {
        "item": item,
        "units": {unit.code: unit for unit in Unit.objects.filter(code__in=item.units)},
        "places": [places[code] for code in item.places if code in places],
        "watches": Watch.objects.filter(slug__in=item.watches),
        "first": Item.objects.filter(key=item.duplicate_of).select_related("source").first() if item.duplicate_of else None,
        "again": f"{HOME}?{again}",
        "reading": request.GET.get("reading", ""),
        "here": request.get_full_path(),
        "has_picture": Picture.objects.filter(item=item).exists(),
    }
    return render(request, "entry/outcome.html", context)


@needs("item.picture")
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """The picture behind an item: asked for on a page, shown once, and each look written down."""
    user = user_of(request)
    item = get_object_or_404(queries.visible(user), key=key)
    found = get_object_or_404(Picture, item=item)
    token, gone = "", not pictures.is_kept(found.archive)
    if request.method == "POST" and not gone:
        append("picture.seen", user, f"item:{item.pk}", {})
        token = signing.dumps([found.pk, user.pk], salt=LOOK_SALT)
    return render(request, "entry/picture.html", {"item": item, "picture": found, "token": token, "gone": gone})


@needs("item.picture")
def picture_file(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """The bytes for the page that was just shown to this person."""
    try:
        pk, owner = signing.loads(token, salt=LOOK_SALT, max_age=LOOK_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404(key) from None
    found = get_object_or_404(Picture, pk=pk, item__key=key)
    if owner != user_of(request).pk:
        raise Http404(key)
    try:
        fetched = pictures.picture_at(found.archive)
    except ArchiveError:
        raise Http404(key) from None
    response = HttpResponse(fetched.body, content_type="image/png")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
