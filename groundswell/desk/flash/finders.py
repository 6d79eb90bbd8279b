"""What the palette finds among flash reports: by number and by words of the title."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.flash import queries
from groundswell.desk.flash.models import Stage
from groundswell.desk.spine.palette import Hit, finder, matches


@finder
def find_reports(user: User, text: str) -> Iterator[Hit]:
    """The list itself, and reports that USER may read, the newest first."""
    if not may(user, "flash.read"):
        return
    if matches(text, _("Flash reports"), "flash"):
        yield Hit(_("Flash reports"), "/desk/flash/", _("screen"), "flash")
    wanted = Q(title__icontains=text) | Q(title_en__icontains=text) | Q(ref__istartswith=text)
    if text.isdigit():
        wanted |= Q(number=int(text)) if len(text) < 6 else Q()
    for row in queries.readable(user).exclude(state=Stage.DROPPED).filter(wanted).defer("frozen")[:6]:
        yield Hit(str(row), row.get_absolute_url(), _("Flash report"), "flash", row.ref)
