"""The engine's reasons in words: every code has a sentence in each language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Place
from groundswell.desk.spine.shell import named
from groundswell.desk.stream.models import Watch

WORDS: dict[str, str | Promise] = {
    "unit.name": gettext_lazy("names “%(word)s”"),
    "unit.alias": gettext_lazy("names “%(word)s”"),
    "unit.duty": gettext_lazy("speaks of “%(word)s”, which is its duty"),
    "unit.place": gettext_lazy("lies in its area: “%(word)s”"),
    "unit.watch": gettext_lazy("matches its watch “%(word)s”"),
    "unit.source": gettext_lazy("comes from its own source"),
    "unit.taught": gettext_lazy("a person gave it something like this"),
    "place.full_name": gettext_lazy("full name “%(word)s”"),
    "place.alias": gettext_lazy("short name “%(word)s”"),
    "place.body_named": gettext_lazy("the body itself is named too"),
    "place.neighbour_named": gettext_lazy("another place of ours is named too"),
    "place.unit_named": gettext_lazy("a unit of ours is named too"),
    "place.source_home": gettext_lazy("the source is at home here"),
    "place.source_elsewhere": gettext_lazy("the source is at home elsewhere"),
    "place.other_of_that_name": gettext_lazy("words say that it is another place of the name “%(word)s”"),
    "place.longer_name": gettext_lazy("part of a longer name “%(word)s”"),
    "place.far_in_front": gettext_lazy("“%(word)s” stands before it: elsewhere"),
    "place.word_alone": gettext_lazy("“%(word)s” may be a mere word, and nothing else speaks of us"),
    "place.far_near": gettext_lazy("a far place is named beside it"),
    "about.elsewhere": gettext_lazy("it happens elsewhere"),
    "about.place_and_unit": gettext_lazy("a place of ours and the business of a unit"),
    "about.place": gettext_lazy("blames, praises or asks something at “%(word)s”, a place of ours"),
    "about.body": gettext_lazy("blames, praises or asks something where the body is named"),
    "about.no_watch": gettext_lazy("no watch matches and no unit is concerned"),
    "about.answers": gettext_lazy("it answers something that is about us"),
    "story.answers": gettext_lazy("it answers an item of the story"),
    "watch.match": gettext_lazy("watch “%(watch)s”"),
    "tone.word": gettext_lazy("“%(word)s”"),
    "tone.echo": gettext_lazy("only agrees with what it answers"),
    "tone.irony": gettext_lazy("sounds ironic"),
    "tone.mixed": gettext_lazy("says good and bad at once"),
    "tone.corrected": gettext_lazy("a person said so of the same text"),
    "tone.body_not_named": gettext_lazy("the body is not named"),
    "level.counts": gettext_lazy("%(items)s items, %(sources)s sources"),
    "level.rate": gettext_lazy("%(per_hour)s items an hour"),
    "level.people_number": gettext_lazy("concerns about %(count)s people"),
    "level.mild": gettext_lazy("a question, thanks, a notice or a drill (“%(word)s”), not an event"),
    "level.unnamed": gettext_lazy("no word names a harm; complaint and speed stand for it"),
    "level.disproved": gettext_lazy("an office has denied it"),
    "level.people_say": gettext_lazy("people at the desk place matters of this kind so"),
    "level.taught": gettext_lazy("a person placed something like this on level %(level)s"),
    "about.taught": gettext_lazy("a person said so of something like this"),
    "credibility.items": gettext_lazy("%(count)s items"),
    "credibility.independent": gettext_lazy("%(count)s independent voices"),
    "credibility.source": gettext_lazy("record of the source %(source)s"),
    "credibility.official": gettext_lazy("a public body says so"),
    "credibility.institutional": gettext_lazy("a medium or institution says so"),
    "credibility.official_word": gettext_lazy("official word: %(source)s"),
    "credibility.denied": gettext_lazy("denied %(count)s times"),
    "story.pinned": gettext_lazy("a person put it there"),
    "story.nothing_alike": gettext_lazy("nothing alike was found"),
}
PREFIXES: dict[str, str | Promise] = {
    "level.": gettext_lazy("harm word “%(word)s”"),
    "credibility.": gettext_lazy("wording “%(word)s”"),
    "advert.": gettext_lazy("advertising words “%(word)s”"),
    "story.": gettext_lazy("shares %(word)s with the story"),
    "unit.": gettext_lazy("names “%(word)s”"),
    "place.": gettext_lazy("names “%(word)s”"),
    "tone.": gettext_lazy("“%(word)s”"),
}


def watch_name(slug: str) -> str:
    """The name of the watch SLUG in the present language; the slug itself where it is gone."""
    found = Watch.objects.filter(slug=slug).first()
    return named(found) if found else slug


def place_name(code: str) -> str:
    """The name of the place CODE in the present language; the code itself where it is gone."""
    found = Place.objects.filter(code=code).first()
    return named(found) if found else code


NAMES = {
    "unit.watch": ("word", watch_name),
    "watch.match": ("watch", watch_name),
    "unit.place": ("word", place_name),
    "about.place": ("word", place_name),
}  # codes to names


def words_of_reason(why: Mapping[str, Any]) -> str:
    """One reason, ``{"code", "weight", "args"}``, as a short sentence in the present language."""
    code = str(why.get("code", ""))
    args = defaultdict(str, why.get("args") or {})
    if code in NAMES:
        name, name_of = NAMES[code]
        args[name] = name_of(str(args[name]))
    sentence = WORDS.get(code) or next((words for prefix, words in PREFIXES.items() if code.startswith(prefix)), None)
    if sentence is None:
        return code
    text = str(sentence) % args
    count = args.get("count")
    return (
        _("%(reason)s (%(n)s times)") % {"reason": text, "n": count}
        if code.startswith("unit.") and isinstance(count, int) and count > 1
        else text
    )
