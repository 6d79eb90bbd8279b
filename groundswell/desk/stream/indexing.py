"""Search brought up to date with the present words: tokens and watches of items that were judged with other ones.

Only what search and watches rest on is computed again. What the engine made of an item in its time, and all that
people decided, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import QuerySet

from groundswell.desk.stream.intake import tsvector
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.models import Item
from groundswell.desk.stream.records import item_record
from groundswell.engine.pipeline import Models, judge_items

BATCH = 500


def stale() -> QuerySet[Item]:
    """Judged items whose words are not the present ones."""
    return Item.objects.exclude(judged_at=None).exclude(lexicon=current_knowledge().version)


def bring_up_to_date(batch: int = BATCH, done: Callable[[int], None] | None = None) -> int:
    """Compute tokens and watches of stale items anew, the newest first, BATCH at a time; each batch is a transaction of its own.

    DONE is told the size of each batch. It may be stopped anywhere and goes on where it was. Returns how many.
    """
    from groundswell.desk.spine.ports import now

    count, below = 0, None
    while True:
        rows = stale() if below is None else stale().filter(pk__lt=below)
        found = list(rows.select_related("source").defer("tokens", "signature", "judged").order_by("-pk")[:batch])
        if not found:
            return count
        knowledge = current_knowledge()
        judged = {each.key: each for each in judge_items([item_record(row) for row in found], knowledge, Models.default(), now())}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "update stream_item set tokens = %s::tsvector, watches = %s, lexicon = %s where id = %s",
                [
                    (tsvector(judged[row.key].tokens), list(judged[row.key].watches), judged[row.key].lexicon[:32], row.pk)
                    for row in found
                    if row.key in judged
                ],
            )
        below, count = found[-1].pk, count + len(found)
        if done:
            done(len(found))
