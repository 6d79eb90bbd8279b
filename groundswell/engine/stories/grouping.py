"""One event, one story: items join stories one by one, in the order they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from msgspec import Struct

from groundswell.engine.records import Item, Judged, StoryChange, Why
from groundswell.engine.stories.affinity import load_judge
from groundswell.engine.stories.decisions import Decision, fingerprint, split_target, story_id
from groundswell.engine.stories.features import Sketch, sketch
from groundswell.engine.stories.likeness import LENGTH, LIKENESS, NUMBERS, RARE, SAME_NAMES, TITLE, Floats
from groundswell.engine.stories.state import Member, StoriesState, Story

SAME_PLACE, SAME_TOWN, OTHER_PLACE = 1.0, 0.7, -3.0  # log-odds
SAME_TEXT = 2.9  # log-odds from which on a likeness says no more where the places differ: it may be a template
ONE_DAY = 86400.0
CERTAIN = 0.95  # of stories that are likelier than this the one with the most alike member is taken


class Settings(Struct, frozen=True, kw_only=True):
    """How readily items join."""

    join: float = 0.7  # from this likelihood on an item joins by itself
    suggest: float = 0.35  # from this on a person is asked
    bridge: float = 2.0  # an item that is this like a second story makes one of both, if one is small; above 1: never
    small: int = 10  # items of a story that is small
    near: float = 0.03  # cosine from which on a member is looked at closely, by the item's heaviest pieces alone
    candidates: int = 8  # members that are looked at closely, at the most
    pieces: int = 60  # heaviest pieces of an item that find candidates
    crowded: float = 0.05  # a piece in more than this share of items finds nobody (in the first 400 items every piece may)
    kept: int = 40  # members of a story that others are compared with
    answers: float = 0.9  # how surely a reply, comment or repost belongs to the story of what it answers
    leaves: float = 0.9  # unless it is this like another story
    brief: int = 40  # characters up to which an answer is not looked at: "here too" says nothing of another story
    towns: dict[str, str] = {}  # place id -> the town it lies in: neighbours are one place for an event
    untitled: float = 0.15  # how much likelier an item without a title must be: templates of short posts fall last
    fade: float = 0.0  # log-odds that each day without a like item takes from a likeness, from the second day on
    fade_most: float = 8.0  # at the most
    retire_days: float = 400.0  # a story without a new item for so long takes no more
    copy_likeness: float = 0.85
    copy_length: float = 0.75


DEFAULT = Settings()


class Match(Struct, frozen=True):
    """The best story for an item, and by which member."""

    story: str
    probability: float
    member: Member
    row: Floats  # of likenesses


def grow_stories(
    state: StoriesState,
    judged: Sequence[tuple[Item, Judged]],
    now: datetime,
    decisions: Sequence[Decision] = (),
    settings: Settings = DEFAULT,
) -> tuple[StoriesState, list[StoryChange]]:
    """Let items join stories in the order given, after what people decided.

    The state is taken over: use the one given back. ``state.touched`` then names the stories to store again; those of
    them that are no longer in ``state.stories`` were merged away or have retired, and their stored form can go.
    An item that is known already changes nothing and is told where it is. Cutting the sequence into other batches with
    the same ``now`` gives the same stories.
    """
    state.touched, state.outdated = state.outdated, set()
    apply_decisions(state, decisions)
    _retire(state, now, settings)
    return state, [_place(state, item, one, settings) for item, one in judged]


def renew_stories(state: StoriesState, judged: Sequence[tuple[Item, Judged]], settings: Settings = DEFAULT) -> None:
    """Bring stories that were stored in another form (``state.outdated``) up to date from their items, in order of arrival.

    They keep their items, copies and decisions; what is compared is made anew. The next ``grow_stories`` names them as touched.
    """
    for item, one in judged:
        story = state.stories.get(state.story_of.get(item.key, ""))
        if story is None or story.id not in state.outdated or item.key in story.copies:
            continue
        seen = sketch(item, one)
        state.counts.add(seen)
        state.seq += 1
        _remember(state, story, Member(key=item.key, seq=state.seq, sketch=seen, norm=norm_of(state, seen)), settings)


def apply_decisions(state: StoriesState, decisions: Sequence[Decision]) -> None:
    """Take over what people decided, oldest first; those taken over before are passed by.

    Hand over all of them each time, in their order: the second of two equal ones counts only where both are given.
    Raises ValueError where a decision lacks its story, target or keys.
    """
    met: dict[str, int] = {}
    for decision in decisions:
        name = fingerprint(decision)
        met[name] = met.get(name, 0) + 1
        if met[name] > state.applied.get(name, 0):
            _apply(state, decision)
            state.applied[name] = met[name]


def _apply(state: StoriesState, decision: Decision) -> None:
    if decision.kind == "merge":
        _merge(state, decision)
        return
    if not decision.keys:
        raise ValueError(f"a {decision.kind} needs the keys of the items that it moves")
    if decision.kind == "pin" and not decision.into:
        raise ValueError("a pin needs the story that its items go into")
    target = split_target(decision)
    if decision.kind == "split":
        state.merged.pop(target, None)  # whoever splits a story off again takes back that it was merged
    for key in decision.keys:
        state.pins[key] = target
    if decision.kind == "split" and decision.story:
        state.apart.add(_pair(state.final(decision.story), target))
    _move(state, decision.keys, state.final(target))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _merge(state: StoriesState, decision: Decision) -> None:
    if not decision.story or not decision.into:
        raise ValueError("a merge needs a story and the story it goes into")
    source, target = state.final(decision.story), state.final(decision.into)
    if source == target:
        return
    state.apart.discard(_pair(source, target))
    _unite(state, source, target)


def _story(state: StoriesState, name: str) -> Story:
    """The open story of that id, founded where there is none."""
    story = state.stories.get(name)
    if story is None:
        story = state.stories[name] = Story(id=name, keys=[], members=[], copies={}, last=0.0, places={})
    return story


def _move(state: StoriesState, keys: Sequence[str], target: str) -> None:
    """Bring items that are here into a story."""
    moving = [key for key in keys if state.story_of.get(key, target) != target]
    if not moving:
        return
    wanted = set(moving)
    into = _story(state, target)
    for name in sorted({state.story_of[key] for key in moving}):
        old = state.stories[name]
        going = [m for m in old.members if m.key in wanted]
        into.members = sorted(into.members + going, key=lambda m: m.seq)
        old.members = [m for m in old.members if m.key not in wanted]
        into.keys += [key for key in old.keys if key in wanted]
        old.keys = [key for key in old.keys if key not in wanted]
        into.copies |= {key: first for key, first in old.copies.items() if key in wanted}
        old.copies = {key: first for key, first in old.copies.items() if key not in wanted}
        into.last = max(into.last, max((m.sketch.at for m in going), default=old.last))
        _recount_places(old)
        state.touched.add(name)
        if not old.keys:
            del state.stories[name]
    _recount_places(into)
    for key in moving:
        state.story_of[key] = target
        slot = state.index.slot.get(key)
        if slot is not None:
            state.index.owner[slot] = target
    state.touched.add(target)


def _recount_places(story: Story) -> None:
    story.places = {}
    for member in story.members:
        for place in member.sketch.places:
            story.places[place] = story.places.get(place, 0) + 1


def _retire(state: StoriesState, now: datetime, settings: Settings) -> None:
    """Close stories that have been idle too long."""
    oldest = now.timestamp() - settings.retire_days * 86400.0
    idle = [story for story in state.stories.values() if story.last < oldest]
    for story in idle:
        for member in story.members:
            state.index.drop(member.key)
        for key in story.keys:
            state.story_of.pop(key, None)
        del state.stories[story.id]
        state.touched.add(story.id)
    if state.index.gone > 1000 and state.index.gone > len(state.index.slot):
        state.reindex()


def _place(state: StoriesState, item: Item, judged: Judged, settings: Settings) -> StoryChange:
    known = state.story_of.get(item.key)
    if known is not None:
        return StoryChange(key=item.key, story=known, new=False, confidence=1.0, duplicate_of=state.stories[known].copies.get(item.key, ""))
    seen = sketch(item, judged)
    state.counts.add(seen)
    pinned = state.pins.get(item.key)
    if pinned is not None:
        name = state.final(pinned)
        new = name not in state.stories
        _join(state, name, item.key, seen, "", settings)
        return StoryChange(key=item.key, story=name, new=new, confidence=1.0, why=(Why(code="story.pinned", weight=1.0),))
    answered = state.story_of.get(item.parent) if item.parent else None
    matches = [] if answered is not None and seen.length <= settings.brief else _matches(state, seen, settings)
    best = matches[0] if matches else None
    if answered is not None and not (best and best.story != answered and best.probability >= settings.leaves):
        _join(state, answered, item.key, seen, "", settings)
        why = (Why(code="story.answers", weight=settings.answers, args={"item": item.parent}),)
        return StoryChange(key=item.key, story=answered, new=False, confidence=settings.answers, why=why)
    higher = 0.0 if seen.titled else settings.untitled
    if best is None or best.probability < settings.join + higher:
        return _found(state, item.key, seen, best, settings)
    copy = _original(state, best, seen, settings)
    _join(state, best.story, item.key, seen, copy, settings)
    matches = [best, *_bridged(state, best.story, matches[1:], settings, higher)]
    other = next((m for m in matches[1:] if m.probability >= settings.suggest and _pair(m.story, best.story) not in state.apart), None)
    return StoryChange(
        key=item.key,
        story=state.final(best.story),
        new=False,
        confidence=round(best.probability, 4),
        duplicate_of=copy,
        suggest=other.story if other else "",
        suggest_confidence=round(other.probability, 4) if other else 0.0,
        why=_reasons(best, copy),
    )


def _bridged(state: StoriesState, story: str, others: list[Match], settings: Settings, higher: float) -> list[Match]:
    """Make one of STORY and those of OTHERS that its new item belongs to as well; back come those that stay others."""
    left = []
    for match in others:
        pair = [state.stories[state.final(name)] for name in (story, match.story)]
        less, more = sorted(pair, key=lambda each: (len(each.keys), each.id))
        told_apart = _pair(pair[0].id, pair[1].id) in state.apart
        if match.probability >= settings.bridge + higher and len(less.keys) <= settings.small and not told_apart and less is not more:
            _unite(state, less.id, more.id)
        else:
            left.append(match)
    return left


def _unite(state: StoriesState, source: str, target: str) -> None:
    """All that a story has and will get goes into another."""
    state.merged[source] = target
    state.touched |= {source, target}
    story = state.stories.get(source)
    if story is not None:
        _move(state, tuple(story.keys), target)


def _found(state: StoriesState, key: str, seen: Sketch, best: Match | None, settings: Settings) -> StoryChange:
    """A story of its own."""
    name = state.final(story_id(key))
    new = name not in state.stories
    _join(state, name, key, seen, "", settings)
    near = best if best is not None and best.probability >= settings.suggest else None
    return StoryChange(
        key=key,
        story=name,
        new=new,
        confidence=round(1.0 - (best.probability if best else 0.0), 4),
        suggest=near.story if near else "",
        suggest_confidence=round(near.probability, 4) if near else 0.0,
        why=_reasons(near, "") if near else (Why(code="story.nothing_alike", weight=1.0),),
    )


def _join(state: StoriesState, name: str, key: str, seen: Sketch, copy_of: str, settings: Settings) -> None:
    story = _story(state, name)
    story.keys.append(key)
    story.last = max(story.last, seen.at)
    state.story_of[key] = name
    state.touched.add(name)
    state.seq += 1
    if copy_of:
        story.copies[key] = copy_of
        return
    for place in seen.places:
        story.places[place] = story.places.get(place, 0) + 1
    member = Member(key=key, seq=state.seq, sketch=seen, norm=norm_of(state, seen))
    _remember(state, story, member, settings)


def _remember(state: StoriesState, story: Story, member: Member, settings: Settings) -> None:
    story.members.append(member)
    state.index.add(story.id, member)
    if len(story.members) > settings.kept:
        gone = story.members.pop(1 + len(story.members) // 4)  # the first ones and the newest say most
        state.index.drop(gone.key)


def candidates(state: StoriesState, seen: Sketch, settings: Settings) -> list[int]:
    """Slots of the members that share most weight with an item, best first."""
    index, counts = state.index, state.counts
    if not index.members:
        return []
    weights = seen.tf * counts.idf(seen.ids)
    crowd = max(400.0, settings.crowded * counts.seen)
    score = np.zeros(len(index.members), dtype=np.float32)
    for k in np.argsort(-weights, kind="stable")[: settings.pieces].tolist():
        piece = int(seen.ids[k])
        known = index.postings.get(piece)
        if known is not None and counts.df[piece] <= crowd:
            score[np.frombuffer(known, dtype=np.int32)] += weights[k] ** 2
    score *= index.alive()
    score /= index.norms()
    some = np.flatnonzero(score > settings.near * norm_of(state, seen))  # a few of very many: only they are ranked
    shares = score[some]
    if len(some) > settings.candidates:
        least = np.partition(shares, -settings.candidates)[-settings.candidates]
        some, shares = some[shares >= least], shares[shares >= least]
    ranked: list[int] = some[np.lexsort((some, -shares))][: settings.candidates].tolist()
    return ranked


def norm_of(state: StoriesState, seen: Sketch) -> float:
    """The length of an item's weighted pieces."""
    weights = seen.tf * state.counts.idf(seen.ids)
    return max(float(np.sqrt(weights @ weights)), 1e-6)


def _matches(state: StoriesState, seen: Sketch, settings: Settings) -> list[Match]:
    """Stories that an item might join, likeliest first."""
    slots = candidates(state, seen, settings)
    if not slots:
        return []
    members = [m for slot in slots if (m := state.index.members[slot]) is not None]
    others = [m.sketch for m in members]
    rows = state.table.compare(seen, others, state.counts)
    chances = _weighed(load_judge().probabilities(rows, seen, others), seen, members, settings)
    by_story: dict[str, list[int]] = {}
    for k, slot in enumerate(slots):
        by_story.setdefault(state.index.owner[slot], []).append(k)
    found = []
    for name, at in by_story.items():
        if state.stories[name].last < seen.at - settings.retire_days * 86400.0:
            continue
        best = max(at, key=lambda k: (chances[k], -k))
        chance = story_chance([float(chances[k]) for k in at], len(state.stories[name].members))
        found.append(Match(name, chance, members[best], rows[best]))
    return sorted(found, key=lambda m: (-min(m.probability, CERTAIN), -m.row[LIKENESS], -m.probability, m.story))


def story_chance(chances: list[float], size: int) -> float:
    """From the likelihoods against single members: the best counts, the next two hold it back or up."""
    ranked = sorted(chances, reverse=True)[:3]
    ranked += [0.0] * (min(3, size) - len(ranked))
    return 0.5 * ranked[0] + 0.5 * sum(ranked) / len(ranked)


def _weighed(chances: Floats, seen: Sketch, members: Sequence[Member], settings: Settings) -> Floats:
    """What the judge says, with what it does not see: places of the gazetteer, days without a like item."""
    if not seen.places and not settings.fade:
        return chances
    clipped = np.clip(chances, 1e-9, 1 - 1e-9)
    logits = np.log(clipped) - np.log1p(-clipped)
    if seen.places:
        _by_gazetteer(logits, seen, members, settings.towns)
    if settings.fade:  # the next thing of its kind is likelier a new event
        days = np.array([abs(seen.at - member.sketch.at) for member in members]) / ONE_DAY
        logits -= np.minimum(settings.fade * np.maximum(days - 1.0, 0.0), settings.fade_most)
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def _by_gazetteer(logits: Floats, seen: Sketch, members: Sequence[Member], towns: dict[str, str]) -> None:
    """Places of the gazetteer that differ speak against, places that agree for one event; two of one town on one day for it a little."""
    mine = set(seen.places)
    my_towns = {towns.get(place, place) for place in mine}
    for k, member in enumerate(members):
        theirs = set(member.sketch.places)
        if not theirs:
            continue
        if mine & theirs:
            logits[k] += SAME_PLACE
        elif my_towns & {towns.get(place, place) for place in theirs}:
            logits[k] += SAME_TOWN if abs(seen.at - member.sketch.at) < ONE_DAY else 0.0
        else:
            logits[k] = min(logits[k], SAME_TEXT) + OTHER_PLACE


def _original(state: StoriesState, best: Match, seen: Sketch, settings: Settings) -> str:
    """The key of the first of its kind where the item is a copy of the member it joined by, else ""."""
    other = best.member.sketch
    alike = best.row[LIKENESS] >= settings.copy_likeness and best.row[LENGTH] >= settings.copy_length
    same_facts = seen.places == other.places and np.array_equal(seen.numbers, other.numbers)
    return best.member.key if alike and same_facts else ""


def _reasons(match: Match | None, copy: str) -> tuple[Why, ...]:
    if match is None:
        return ()
    rows = [
        ("story.copy", 1.0 if copy else 0.0),
        ("story.same_words", match.row[LIKENESS]),
        ("story.same_rare_words", match.row[RARE]),
        ("story.same_title", match.row[TITLE]),
        ("story.same_names", match.row[SAME_NAMES]),
        ("story.same_numbers", match.row[NUMBERS]),
    ]
    args = {"item": match.member.key}
    return tuple(Why(code=code, weight=round(float(weight), 3), args=args) for code, weight in rows if weight >= 0.15)
