"""What the palette finds here: watches by name, pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.spine.shell import named
from groundswell.desk.stream.queries import readable_watches


@finder
def find_watches(user: User, text: str) -> Iterator[Hit]:
    """Watches that USER may read; a desk has tens of them, so they are matched in memory."""
    for watch in readable_watches(user):
        if matches(text, watch.name, watch.name_en, watch.slug):
            yield Hit(named(watch), f"/desk/watches/{watch.slug}/", _("Watch"), "rule", watch.query[:40])
