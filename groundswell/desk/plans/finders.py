"""What the palette finds among plans and responses."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.plans import queries
from groundswell.desk.plans.models import Response
from groundswell.desk.spine.palette import Hit, finder


@finder
def find_plans(user: User, text: str) -> Iterator[Hit]:
    """Plans by their names, responses by number and title."""
    if not may(user, "plan.read"):
        return
    wanted = text.casefold()
    for code, version in queries.current_versions().items():
        if wanted in version.book.zh.casefold() or wanted in version.book.en.casefold():
            yield Hit(str(version.book.name), f"/desk/plans/library/{code}/", _("Plan"), "case", code)
    for row in Response.objects.filter(Q(title__icontains=text) | Q(number__istartswith=text)).select_related("plan_version")[:6]:
        yield Hit(str(row), row.get_absolute_url(), _("Response"), "flash", row.number or _("DRILL"))
