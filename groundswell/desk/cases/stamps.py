"""本单位审核 on paper: the scan of a unit's answer with its stamp, put to the task by the unit or by the desk that received it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from groundswell.collect.errors import ArchiveError
from groundswell.desk.accounts.rights import may
from groundswell.desk.audit.chain import append
from groundswell.desk.cases import scans
from groundswell.desk.cases.link_views import task_for
from groundswell.desk.cases.models import Task
from groundswell.desk.entry import pictures
from groundswell.desk.spine.actions import Act, Refused, action, perform
from groundswell.desk.spine.forms import DeskForm

STATES = ["task.sent", "task.doing", "task.answered"]


class StampForm(DeskForm):
    scan = forms.FileField(label=gettext_lazy("Scan or photograph with the stamp"), widget=forms.FileInput(attrs={"accept": "image/*"}))
    who = forms.CharField(label=gettext_lazy("Who of the unit approved it (post)"), max_length=40)


def stamp(act: Act, task: Task, *, scan: str = "", who: str = "") -> None:
    """The scan lies only in the sealed archive; on the task stands who approved and when."""
    if not scan or not who.strip():
        raise Refused(_("The scan and who approved it are wanted."))
    task.stamp, task.stamp_who, task.stamp_at = scan, who.strip(), act.at
    act.data = {"who": task.stamp_who}


for _name, _permission in (("task.stamp", "task.answer"), ("task.stamp_received", "task.hand_out")):
    action(
        _name,
        verb=gettext_lazy("Stamped answer"),
        did=gettext_lazy("put the stamped answer to it, approved within the unit by %(who)s"),
        permission=_permission,
        from_states=STATES,
        icon="check",
    )(stamp)


@csrf_exempt  # the upload handler must be set before anything reads the form; the inner view checks the token
def put(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan is read in memory, drawn anew and sealed."""
    request.upload_handlers = [pictures.InMemory(request)]
    return _put(request, pk)


@csrf_protect
def _put(request: HttpRequest, pk: int) -> HttpResponse:
    task, user = task_for(request, pk)
    name = next((name for name in ("task.stamp", "task.stamp_received") if may(user, _right(name), task)), "")
    if not name:
        raise PermissionDenied("task.answer")
    form = StampForm(request.POST, request.FILES) if request.method == "POST" else StampForm()
    if request.method == "POST" and form.is_valid():
        try:
            values: dict[str, Any] = {"scan": scans.uploaded(request, "scan"), "who": form.cleaned_data["who"]}
            perform(name, user, task, values)
            return HttpResponseRedirect(task.get_absolute_url())
        except pictures.PictureFault as fault:
            form.add_error("scan", fault.words)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "cases/stamp.html", {"task": task, "form": form}, status=422 if form.errors else 200)


def _right(name: str) -> str:
    return "task.answer" if name == "task.stamp" else "task.hand_out"


@require_POST
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan out of the archive; each look is written down."""
    task, user = task_for(request, pk)
    if not task.stamp:
        raise Http404(str(pk))
    append("picture.seen", user, f"task:{task.pk}", {})
    try:
        return scans.shown(task.stamp)
    except ArchiveError:
        raise Http404(str(pk)) from None
