"""Editing a plan: one page of forms, saved as a new version."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.plans import edit_forms
from groundswell.desk.plans.models import Plan
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.views import needs


@needs("plan.edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """What becomes the next version; what runs keeps its own."""
    user = user_of(request)
    if not may(user, "plan.edit"):
        raise PermissionDenied("plan.edit")
    plan = get_object_or_404(Plan, code=code)
    book = plan.current.book
    sent = request.POST if request.method == "POST" else None
    head = edit_forms.HeadForm(sent, initial=edit_forms.head_of(book))
    roles = edit_forms.RoleSet(sent, prefix="roles", initial=edit_forms.roles_of(book))
    grades = edit_forms.GradeSet(sent, prefix="grades", initial=edit_forms.grades_of(book))
    steps = edit_forms.StepSet(sent, prefix="steps", initial=edit_forms.steps_of(book), form_kwargs={"book": book})
    if sent is not None and head.is_valid() & roles.is_valid() & grades.is_valid() & steps.is_valid():
        data = edit_forms.data_from(book, head.cleaned_data, *(each.cleaned_data for each in (roles, grades, steps)))
        lost = edit_forms.roles_lost(book, data)
        if lost:
            head.add_error(None, _("Steps still need the role “%(name)s”. Give them another one first.") % {"name": lost[0]})
        else:
            try:
                registry.found("planversion.make", user, {"plan": plan, "data": data, "reason": head.cleaned_data["reason"]})
                return HttpResponseRedirect(plan.get_absolute_url())
            except registry.Refused as refusal:
                head.add_error(None, str(refusal))
    wrong = sent is not None
    context = {"plan": plan, "book": book, "head": head, "roles": roles, "grades": grades, "steps": steps, "wrong": wrong}
    return render(request, "plans/edit.html", context, status=422 if wrong else 200)
