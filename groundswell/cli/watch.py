"""Items to those that a query matches, with the marked places."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from groundswell.cli.lines import made, open_in, open_out, write
from groundswell.engine.records import Item, Knowledge

JUDGED = frozenset({"unit", "place", "tone", "level", "lang"})  # fields that a query can only ask of a judged item


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help="words with OR, NOT, NEAR/n, quotes, brackets, field:value")
    parser.add_argument("--knowledge", required=True, metavar="FILE", help="the body, its units, places, watches (YAML)")
    parser.add_argument("--in", dest="input", metavar="FILE", help="rows with id, text and, where known, title, source, published_at")
    parser.add_argument("--out", metavar="FILE", help="rows with id and marks: each with where (title or text), start, end, words")


def run(args: argparse.Namespace) -> int:
    from groundswell.cli.item_rows import item_of
    from groundswell.cli.knowledge import knowledge_from
    from groundswell.engine.judge.query import Field, QueryError, leaves, parse
    from groundswell.engine.judge.watches import Matcher
    from groundswell.engine.records import WatchSpec
    from groundswell.engine.text.tokens import Segmenter, lexicon_words, query_words
    from groundswell.server.faults import Fault

    knowledge = knowledge_from(args.knowledge)
    try:
        tree = parse(args.query)
    except QueryError as error:
        raise Fault(f"The query cannot be read at {error}") from error
    segmenter = Segmenter([*lexicon_words(knowledge), *query_words(args.query)])
    matcher = Matcher([WatchSpec(id="query", query=args.query)], segmenter, knowledge)
    fields = {leaf.name for leaf in leaves(tree) if isinstance(leaf, Field)}
    document = _judged(knowledge) if fields & JUDGED else _plain
    with open_in(args.input) as source, open_out(args.out) as out:
        for item, name in made(source, args.input or "input", lambda row: (item_of(row, knowledge.body.zone), row["id"])):
            for match in matcher.match(document(item)):
                write(out, {"id": name, "marks": [_mark(item, start, end) for start, end in match.spans]})
    return 0


def _plain(item: Item) -> Any:
    from groundswell.engine.judge.watches import Document

    return Document(title=item.title, text=item.text, source=item.source, kind=item.kind, published_at=item.published_at)


def _judged(knowledge: Knowledge) -> Callable[[Item], Any]:
    """Items as documents with all that the judge says of them."""
    import msgspec

    from groundswell.engine.pipeline import Judge, Models

    judge, now = Judge(knowledge, Models.default()), datetime.now(UTC)

    def document(item: Item) -> Any:
        judged = judge.judge(item, now)
        return msgspec.structs.replace(
            _plain(item),
            lang=judged.lang,
            units=tuple(concern.unit for concern in judged.concerns),
            places=tuple(place.id for place in judged.places),
            tone=judged.sentiment.label,
            level=judged.level.value,
        )

    return document


def _mark(item: Item, start: int, end: int) -> dict[str, Any]:
    """A mark in positions of the title or of the text."""
    offset = len(item.title) + 1
    where, at = ("title", 0) if start < offset else ("text", offset)
    return {"where": where, "start": start - at, "end": end - at, "words": getattr(item, where)[start - at : end - at]}
