"""What the palette finds among cases: by number, by words of the title, by the letter's number."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from groundswell.desk.accounts.models import User
from groundswell.desk.cases import queries
from groundswell.desk.spine.palette import Hit, finder


@finder
def find_cases(user: User, text: str) -> Iterator[Hit]:
    """Cases that USER may read, the newest first."""
    rows = queries.readable(user).order_by("-opened_at")
    for case in rows.filter(Q(title__icontains=text) | Q(number__istartswith=text) | Q(letter__icontains=text))[:6]:
        yield Hit(case.title, case.get_absolute_url(), str(case.rules.words), "case", case.number)
