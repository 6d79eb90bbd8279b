"""What the palette finds of duty: who is on now and next, and people by their name."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.roster import stretches
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.spine.ports import now, zone


@finder
def find_duty(user: User, text: str) -> Iterator[Hit]:
    """Whoever is on now, comes next or leads; by those words or by name."""
    if not may(user, "roster.read"):
        return
    said = stretches.on_duty(now())
    for words, stretch in ((_("on duty now"), said.now), (_("on duty next"), said.next), (_("leader on duty"), said.leader)):
        if stretch is None or not stretch.people:
            continue
        names = [name for person in stretch.people for name in (person.name, person.name_en)]
        if matches(text, words, *names):
            phone = " · ".join(person.phone for person in stretch.people if person.phone)
            until = stretch.until.astimezone(zone()).strftime("%m-%d %H:%M")
            title = f"{stretches.people_words(stretch)} · {stretch.words} → {until}"
            yield Hit(title, "/desk/roster/", words, "roster", phone)
