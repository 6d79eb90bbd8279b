"""An item of the stream becomes a lead: for those who may hand in, nobody else's address."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.rights import may, user_of
from groundswell.desk.leads import queries
from groundswell.desk.leads.gate import kept
from groundswell.desk.leads.models import Lead
from groundswell.desk.spine import actions as registry
from groundswell.desk.spine.views import safe_next
from groundswell.desk.stream.queries import readable


def may_hand_in(user: object) -> bool:
    return may(user, "lead.hand_in")


@kept(may_hand_in, locks=False)
@require_POST
def hand_in(request: HttpRequest, key: str) -> HttpResponse:
    """Done by one key. Afterwards only the number is ever said, and a second time gives the same number."""
    user = user_of(request)
    item = get_object_or_404(readable(user).select_related("source"), key=key)
    number = queries.handed_in(user, item.key)
    if not number:
        try:
            made: Lead = registry.found("lead.hand_in", user, {"item": item, "text": request.POST.get("text", "")[:2000]})
        except registry.Refused as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(safe_next(request, "/desk/stream/"))
        number = made.number
    request.session["toast"] = {"words": _("Handed in: %(number)s") % {"number": number}, "undo": "", "next": ""}
    return HttpResponseRedirect(safe_next(request, "/desk/stream/"))
