"""The screens of who plans: kinds of shift, rotations, a change of a turn, giving out a month."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.roster import queries
from groundswell.desk.roster.actions import LEADING, PRESETS
from groundswell.desk.roster.forms import OverrideForm, RotationForm, ShiftForm
from groundswell.desk.roster.models import Rotation, ShiftType
from groundswell.desk.roster.turns import Rota, rotated
from groundswell.desk.roster.views import YEARS, form_page, made, read_day
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine import ports
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.shell import named
from groundswell.desk.spine.views import needs

SETUP = "/desk/roster/setup/"


def _must_plan(request: HttpRequest) -> None:
    if not may(request.user, "roster.plan"):
        raise PermissionDenied("roster.plan")


@needs("roster.plan")
def setup(request: HttpRequest) -> HttpResponse:
    """Kinds of shift and who follows whom in each."""
    known = queries.people()
    rotations: dict[int, list[tuple[Rotation, str]]] = {}
    for row in Rotation.objects.filter(ended_at=None).select_related("made_by"):
        names = "、".join(named(known[pk]) for pk in row.people if pk in known)
        rotations.setdefault(row.shift_id, []).append((row, names))
    rows = [(row, row.minutes / 60, rotations.get(row.pk, [])) for row in queries.shift_types().values()]
    context = {"rows": rows, "presets": [(code, words) for code, words, _rows in PRESETS], "may_plan": may(request.user, "roster.plan")}
    return render(request, "roster/setup.html", context)


@needs("roster.plan")
def laid(request: HttpRequest, pk: int) -> HttpResponse:
    """A rotation as it was laid: its order, and whom it gives on its first days."""
    row = get_object_or_404(Rotation.objects.select_related("shift", "made_by"), pk=pk)
    known = queries.people()
    kind = queries.shifts()[row.shift_id]
    rota = Rota(row.since, tuple(row.people), row.turn_days)
    base = rotated(kind, [rota], row.since, row.since + timedelta(days=13), lambda _day: 1, queries.works)
    context = {
        "rotation": row,
        "names": "、".join(named(known[one]) for one in row.people if one in known),
        "days": [(key[1], known.get(user or 0)) for key, user in sorted(base.items(), key=lambda found: found[0][1])],
    }
    return render(request, "roster/rotation.html", context)


@require_POST
def preset(request: HttpRequest) -> HttpResponse:
    """The kinds of shift of a usual roster at once, with the leader on duty."""
    _must_plan(request)
    rows = next((rows for code, _words, rows in PRESETS if code == request.POST.get("preset")), None)
    if rows is None or ShiftType.objects.exists():
        raise Http404
    with transaction.atomic():
        for row in (*rows, LEADING):
            registry.found("shift.make", user_of(request), row)
    return made(request, _("Now say who follows whom."), SETUP)


@needs("roster.plan")
def shift(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A kind of shift, new or changed."""
    _must_plan(request)
    there = get_object_or_404(ShiftType, pk=pk) if pk else None
    initial = {"hours": there.minutes / 60} if there else {"hours": 24}
    form = ShiftForm(request.POST or None, instance=there, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["minutes"] = round(values.pop("hours") * 60)
        if there is None:
            registry.found("shift.make", user_of(request), values)
        else:
            registry.perform("shift.change", user_of(request), ShiftType.objects.get(pk=there.pk), values)
        return made(request, _("Saved."), SETUP)
    title = _("Kind of shift") if there is None else str(there)
    return form_page(request, form, title, _("Save"), SETUP)


@needs("roster.plan")
def rotation(request: HttpRequest, pk: int) -> HttpResponse:
    """Who follows whom in a kind of shift, from a day on."""
    _must_plan(request)
    kind = get_object_or_404(ShiftType, pk=pk)
    last = kind.rotations.filter(ended_at=None).first()
    known = queries.people()
    initial = {
        "since": ports.today().replace(day=1) if last is None else ports.today(),
        "turn_days": last.turn_days if last else 1,
        "people": "、".join(named(known[one]) for one in last.people if one in known) if last else "",
    }
    form = RotationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        registry.found("rotation.begin", user_of(request), {"shift": kind, **form.cleaned_data})
        return made(
            request, _("The rotation is laid. Look at the month, then publish it."), f"/desk/roster/{form.cleaned_data['since']:%Y/%m}/"
        )
    title = _("Rotation of %(shift)s") % {"shift": kind}
    return form_page(request, form, title, registry.ACTIONS["rotation.begin"].verb, SETUP)


@needs("roster.plan")
def put(request: HttpRequest, text: str, shift: int, seat: int) -> HttpResponse:
    """Somebody else in one turn."""
    _must_plan(request)
    wanted, kind = read_day(text), get_object_or_404(ShiftType, pk=shift)
    form = OverrideForm(request.POST or None, initial={"user": queries.holder((shift, wanted, seat))})
    back = f"/desk/roster/days/{text}/"
    if request.method == "POST" and form.is_valid():
        change = registry.found("turn.put", user_of(request), {"shift": kind, "day": wanted, "seat": seat, **form.cleaned_data})
        batch = Entry.objects.filter(subject_type="turn", subject_id=change.pk).values_list("batch", flat=True).first()
        return made(request, _("Changed."), f"/desk/roster/{wanted:%Y/%m}/", str(batch or ""))
    title = _("%(shift)s of %(day)s") % {"shift": kind, "day": text}
    return form_page(request, form, title, registry.ACTIONS["turn.put"].verb, back)


@needs("roster.plan")
def publish(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The check page before a month is given out: what was found in it, then one press."""
    _must_plan(request)
    if year not in YEARS or month not in range(1, 13):
        raise Http404
    first = date(year, month, 1)
    error = ""
    if request.method == "POST":
        try:
            registry.found("roster.publish", user_of(request), {"month": first, "knowing": bool(request.POST.get("knowing"))})
            return made(request, _("Published."), f"/desk/roster/{first:%Y/%m}/")
        except registry.Refused as refusal:
            error = str(refusal)
    there = queries.latest_publication(first)
    shown = queries.month_of(first, user_of(request))
    context = {"month": shown, "open": [each for each in shown.findings if not each.gone], "there": there, "error": error}
    return render(request, "roster/publish.html", context, status=422 if error else 200)
