"""The screens of rules: the list with what each did, the form with its trial on the past. Nothing is saved untried."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may, may_propose, user_of
from groundswell.desk.alerts import queries, trial
from groundswell.desk.alerts.forms import FORMS, RuleForm, initial_of
from groundswell.desk.alerts.knowing import said_of
from groundswell.desk.alerts.models import About, Rule
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.timeline import entries_of
from groundswell.desk.spine.views import needs


@needs("alert.rule")
def rules(request: HttpRequest) -> HttpResponse:
    """Which rules are there, and were they right?"""
    context = {"rows": queries.rules(now()), "may_add": _may_add(request), "section": "rules"}
    return render(request, "alerts/rules.html", context)


def _may_add(request: HttpRequest) -> bool:
    return may(request.user, "alert.rule") or (may_propose(request.user, "alert.rule") and may(request.user, "alert.pause"))


@needs("alert.rule")
def new(request: HttpRequest) -> HttpResponse:
    """A new rule: its conditions, then what they would have done, then saved or proposed."""
    if not _may_add(request):
        raise PermissionDenied("alert.rule")
    about = _about(request)
    proposes = not may(request.user, "alert.rule")
    form = FORMS[about](request.POST or None, initial={"watch": request.GET.get("watch"), "unit": request.GET.get("unit")})
    tried = _tried(request, form)
    if tried is not None and _agreed(request, form):
        made = registry.found("alert_rule.propose" if proposes else "alert_rule.make", user_of(request), form.values)
        words = _("Proposed. An editor decides.") if proposes else _("The rule is at work from now on.")
        request.session["toast"] = {"words": words, "undo": "", "next": made.get_absolute_url()}
        return HttpResponseRedirect(made.get_absolute_url())
    context = {"form": form, "about": about, "proposes": proposes} | _shown(request, form, tried)
    return render(request, "alerts/rule_new.html", context, status=422 if form.errors else 200)


@needs("alert.rule")
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """What does it ask, what would it have done, what did it do?"""
    found = get_object_or_404(Rule.objects.select_related("watch", "place", "unit", "source"), pk=pk)
    may_edit = may(request.user, "alert.rule")
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("alert.rule")
    form = FORMS[found.about](request.POST or None, initial=initial_of(found))
    tried = _tried(request, form) if request.method == "POST" else trial.tried(found, now())
    status = 422 if form.errors else 200
    if request.method == "POST" and tried is not None and _agreed(request, form):
        version = request.POST.get("version", "")
        try:
            registry.perform("alert_rule.save", user_of(request), found, form.values, version=int(version) if version.isdigit() else None)
        except registry.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            request.session["toast"] = {"words": _("Saved. What is under way keeps its chain."), "undo": "", "next": request.path}
            return HttpResponseRedirect(found.get_absolute_url())
    context = {
        "rule": found,
        "reasons": said_of(found),
        "form": form,
        "may_edit": may_edit,
        "entries": list(entries_of(found)),
        "alerts": queries.rows(queries.readable(user_of(request)).filter(rule=found), 10),
    }
    return render(request, "alerts/rule.html", context | _shown(request, form, tried), status=status)


@needs("alert.rule")
def preview(request: HttpRequest) -> HttpResponse:
    """The past against a rule that is being written."""
    form = FORMS[_about(request)](request.GET)
    form.fields["name"].required = False
    tried = trial.tried(form.as_rule(), now()) if form.is_valid() else None
    return render(request, "alerts/trial.html", _shown(request, form, tried))


def _about(request: HttpRequest) -> str:
    about = request.GET.get("about") or request.POST.get("about") or About.STORY
    if about not in FORMS:
        raise Http404(about)
    return str(about)


def _tried(request: HttpRequest, form: RuleForm) -> trial.Trial | None:
    return trial.tried(form.as_rule(), now()) if request.method == "POST" and form.is_valid() else None


def _agreed(request: HttpRequest, form: RuleForm) -> bool:
    """Was this trial looked at? Saving what was tried is one press; what was changed since is tried first."""
    return "save" in request.POST and form.cleaned_data["tried"] == form.mark


def _shown(request: HttpRequest, form: RuleForm, tried: trial.Trial | None) -> dict[str, Any]:
    mark = form.mark if form.is_bound and not form.errors and tried is not None else ""
    again = request.method == "POST" and bool(mark)
    return {
        "trial": tried,
        "mark": mark,
        "look_first": again,
        "opens": may(request.user, "story.read"),
        "faults": form.errors if form.is_bound else None,
    }
