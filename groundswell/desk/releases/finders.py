"""What the palette finds among releases and corrections: by number and by words."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.releases import queries
from groundswell.desk.releases.models import CorrectionRequest
from groundswell.desk.spine.palette import Hit, finder


@finder
def find_releases(user: User, text: str) -> Iterator[Hit]:
    """Releases and correction requests that USER may read, the newest first."""
    wanted = Q(number__istartswith=text) | Q(current__title__icontains=text) | Q(clue__icontains=text)
    for row in queries.readable(user).filter(wanted).select_related("current")[:5]:
        yield Hit(row.title, row.get_absolute_url(), _("Release"), "send", row.number)
    if queries.may_read(user):
        for one in CorrectionRequest.objects.filter(Q(number__istartswith=text) | Q(headline__icontains=text))[:3]:
            yield Hit(one.headline, one.get_absolute_url(), _("Correction request"), "edit", one.number)
