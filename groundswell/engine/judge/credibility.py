"""How far an item can be believed: who says it, how it is said, what is told of the place and the hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundswell.engine.judge.sign_table import shipped_sign_table
from groundswell.engine.records import Credibility, Item, Knowledge, SourceRecord, Why

HIGH, LOW = 0.68, 0.38
UNKNOWN_SOURCE = 0.45
# What speaks for and against, added to the source's trust.
OFFICIAL, INSTITUTIONAL = 0.12, 0.06
_TURNS = shipped_sign_table("credibility.tsv")
OFFICIAL_TURNS_EXEMPT = (
    "credibility.denied",
    "credibility.hearsay",
    "credibility.urges_spread",
)  # an official denial is not itself a rumour


def sources_by_slug(knowledge: Knowledge) -> dict[str, SourceRecord]:
    """The register as a table."""
    return {source.slug: source for source in knowledge.sources}


def credibility_of_item(item: Item, text: str, sources: Mapping[str, SourceRecord]) -> Credibility:
    """How far one item can be believed; ``text`` is its folded title and text."""
    source = sources.get(item.source)
    official = source is not None and source.official
    institutional = item.institutional or (source is not None and source.institutional)
    why = [
        Why(
            code="credibility.source",
            weight=round(source.trust if source else UNKNOWN_SOURCE, 2),
            args={"source": source.name if source else ""},
        )
    ]
    if official:
        why.append(Why(code="credibility.official", weight=OFFICIAL))
    elif institutional:
        why.append(Why(code="credibility.institutional", weight=INSTITUTIONAL))
    for sign in _TURNS:
        if official and sign.code in OFFICIAL_TURNS_EXEMPT:
            continue
        match = sign.pattern.search(text)
        if match:
            why.append(Why(code=sign.code, weight=sign.weight, args={"word": match[0][:24]}))
    return graded(sum(w.weight for w in why), why)


def graded(score: float, why: Sequence[Why]) -> Credibility:
    """The label that belongs to a score, cut to 0.02–0.98."""
    score = round(min(0.98, max(0.02, score)), 3)
    return Credibility(label="high" if score >= HIGH else "low" if score < LOW else "medium", score=score, why=tuple(why))
