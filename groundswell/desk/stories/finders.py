"""What the palette finds among stories: by number, by words of the title, by pinyin or initials of recent titles."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.stories import queries

RECENT = 300  # titles whose pinyin is tried
LEAST = 3  # letters; two stand somewhere in most titles


@finder
def find_stories(user: User, text: str) -> Iterator[Hit]:
    """Stories that USER may read, the latest first."""
    if not may(user, "story.read"):
        return
    rows, seen = queries.readable(user).order_by("-last_at"), set()
    for story in rows.filter(Q(title__icontains=text) | Q(number__istartswith=text))[:6]:
        seen.add(story.pk)
        yield Hit(story.title, f"/desk/stories/{story.number}/", str(story.get_state_display()), "story", story.number)
    if text.isascii() and len(text) >= LEAST:
        for story in rows.filter(item_count__gte=queries.SMALLEST)[:RECENT]:
            if story.pk not in seen and matches(text, story.title):
                yield Hit(story.title, f"/desk/stories/{story.number}/", str(story.get_state_display()), "story", story.number)
