"""What the palette finds among instructions: by number and by words."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.instructions import queries
from groundswell.desk.spine.palette import Hit, finder


@finder
def find_instructions(user: User, text: str) -> Iterator[Hit]:
    """Instructions that USER may read, the newest first."""
    for row in queries.readable(user).filter(Q(text__icontains=text) | Q(number__istartswith=text))[:6]:
        yield Hit(row.text, row.get_absolute_url(), _("Instruction"), "edit", row.number)
