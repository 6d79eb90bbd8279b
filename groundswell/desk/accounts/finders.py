"""What the palette finds here: people, units, places, netizen words, for those who manage them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from groundswell.desk.accounts.gazetteer_queries import kind_words
from groundswell.desk.accounts.models import Place, SlangWord, Unit, User
from groundswell.desk.accounts.rights import ALL, may, scope
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.spine.shell import named


@finder
def find_people(user: User, text: str) -> Iterator[Hit]:
    """Colleagues by name, user name or post; a desk has tens of them, so they are matched in memory."""
    if not may(user, "user.manage"):
        return
    for person in User.objects.order_by("id"):
        if matches(text, person.name, person.name_en, person.username):
            yield Hit(named(person), f"/desk/people/{person.username}/", _("person"), "user", person.post_words)


@finder
def find_units(user: User, text: str) -> Iterator[Hit]:
    """Units by name, alias, pinyin or initials: for those who manage them their page, for others their stories."""
    manages = may(user, "unit.manage")
    if not manages and scope(user, "story.read") != ALL:
        return
    for unit in Unit.objects.filter(is_active=True):
        if matches(text, unit.name, unit.name_en, unit.code, *unit.aliases):
            if manages:
                yield Hit(named(unit), f"/desk/units/{unit.code}/", _("unit"), "case")
            else:
                yield Hit(named(unit), f"/desk/stories/?unit={unit.code}", _("stories of the unit"), "case")


@finder
def find_places(user: User, text: str) -> Iterator[Hit]:
    if not may(user, "unit.manage"):
        return
    for place in Place.objects.filter(is_active=True):
        if matches(text, place.name, place.name_en, place.code, *place.aliases):
            yield Hit(named(place), f"/desk/units/places/{place.code}/", _("place"), "eye", str(kind_words(place.kind)))


@finder
def find_words(user: User, text: str) -> Iterator[Hit]:
    """Netizen words by the word itself only (unique index on word)."""
    if not may(user, "unit.manage"):
        return
    for word in SlangWord.objects.filter(Q(word__icontains=text) | Q(means__icontains=text))[:6]:
        yield Hit(word.word, f"/desk/units/words/{word.pk}/", _("netizen word"), "spark", word.means)
