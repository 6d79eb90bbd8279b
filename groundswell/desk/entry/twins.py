"""Is it there already? The same link is found by its key, a near-copy of the text by rare words and the engine's own test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from groundswell.desk.accounts.models import User
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.ports import now
from groundswell.desk.stream import queries
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.models import Item
from groundswell.engine import records
from groundswell.engine.pipeline import Models, judge_items
from groundswell.engine.text.duplicates import is_copy
from groundswell.engine.text.identity import canonical_url, item_key
from groundswell.engine.text.signature import plain

DAYS = 30
LEAST = 12  # characters of a text that is compared
LOOKED_AT = 60
GROUPS, WORDS = 4, 3  # a copy holds all the words of at least one group
MOST = 4


@dataclass(frozen=True)
class Twin:
    """An item that is there already: the same link, or nearly the same text."""

    item: Item
    same_link: bool
    readable: bool


def twins_of(user: User, *, url: str, title: str, text: str, limit: int = MOST) -> list[Twin]:
    """Items that say the same, the same link first, then the newest."""
    seen: dict[int, tuple[Item, bool]] = {}
    for item in same_link(url):
        seen.setdefault(item.pk, (item, True))
    for item in same_text(title, text):
        seen.setdefault(item.pk, (item, False))
    rows = list(seen.values())[:limit]
    readable = set(queries.readable(user).filter(pk__in=[item.pk for item, _ in rows]).values_list("pk", flat=True))
    return [Twin(item, same, item.pk in readable or item.entered_by_id == user.pk) for item, same in rows]


def same_link(url: str) -> list[Item]:
    """Items of any source whose address is URL's own (unique index on the key: one key a source is asked for)."""
    if not url.strip():
        return []
    identity = canonical_url(url)
    keys = [item_key(slug, identity) for slug in Source.objects.values_list("slug", flat=True)]
    return list(_rows().filter(key__in=keys).order_by("id")[:MOST])


def same_text(title: str, text: str) -> list[Item]:
    """Items of the last 30 days whose text is nearly TEXT (GIN index of the tokens for candidates; the engine decides)."""
    said = plain(text) or plain(title)
    if len(said) < LEAST:
        return []
    words = _rare(title, text)
    if not words:
        return []
    groups = [words[place : place + WORDS] for place in range(0, min(len(words), GROUPS * WORDS), WORDS)]
    wanted = " | ".join("(" + " & ".join(_quoted(word) for word in group) + ")" for group in groups)
    rows = _rows().filter(collected_at__gte=now() - timedelta(days=DAYS))
    rows = rows.extra(where=["stream_item.tokens @@ %s::tsquery"], params=[wanted]).order_by("-id")[:LOOKED_AT]
    forms = {said, plain(f"{title}\n{text}")}
    return [row for row in rows if any(is_copy(form, other) for form in forms for other in _forms(row))][:MOST]


def _forms(row: Item) -> set[str]:
    return {form for form in (plain(row.text), plain(f"{row.title}\n{row.text}")) if form}


def _rare(title: str, text: str) -> list[str]:
    """The longest words of the text as the index has them: the longer a word, the rarer."""
    moment = now()
    item = records.Item(key="0" * 32, source="", title=title, text=text, published_at=moment, collected_at=moment)
    judged = judge_items([item], current_knowledge(), Models.default(), moment)[0]
    return sorted({token for token in judged.tokens if 2 <= len(token) <= 40}, key=lambda token: (-len(token), token))


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _rows() -> QuerySet[Item]:
    return Item.objects.select_related("source", "story", "entered_by").defer("tokens", "signature", "judged")
