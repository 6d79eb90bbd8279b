"""One event, one story: items join stories one by one, in the order they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from msgspec import Struct

from groundswell.engine.records import Item, Judged, StoryChange, Why
from groundswell.engine.stories.decisions import Decision, fingerprint, split_target, story_id
from groundswell.engine.stories.features import Sketch, sketch
from groundswell.engine.stories.likeness import LENGTH, LIKENESS, NUMBERS, ONE_DAY, RARE, SAME_NAMES, TITLE
from groundswell.engine.stories.meeting import LARGEST, Block, Met, norms_of, squares_of
from groundswell.engine.stories.settings import DEFAULT, Settings
from groundswell.engine.stories.state import Member, StoriesState, Story

CERTAIN = 0.95  # of stories that are likelier than this the one with the most alike member is taken


class Match(Struct, frozen=True):
    """The best story for an item, and by which member."""

    story: str
    probability: float
    met: Met


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
    changes = []
    for start in range(0, len(judged), LARGEST):
        part = judged[start : start + LARGEST]
        new: dict[str, tuple[Item, Judged]] = {}
        for item, one in part:
            if item.key not in state.story_of:
                new.setdefault(item.key, (item, one))
        block = Block(state, list(new.values()), settings)
        changes += [_place(state, item, block, settings) for item, _one in part]
    return state, changes


def renew_stories(state: StoriesState, judged: Sequence[tuple[Item, Judged]], settings: Settings = DEFAULT) -> None:
    """Bring stories that were stored in another form (``state.outdated``) up to date from their items, in order of arrival.

    They keep their items, copies and decisions; what is compared is made anew. The next ``grow_stories`` names them as touched.
    """
    for item, one in judged:
        story = state.stories.get(state.story_of.get(item.key, ""))
        if story is None or story.id not in state.outdated or item.key in story.copies:
            continue
        seen = sketch(item, one)
        state.counts.add([seen])
        state.seq += 1
        _ids, pieces, squares = squares_of([seen], state.counts)
        norm = float(norms_of(pieces, squares)[0])
        _remember(state, story, Member(key=item.key, seq=state.seq, sketch=seen, norm=norm), settings)


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
    state.touched.add(target)


def _recount_places(story: Story) -> None:
    story.places = {}
    for member in story.members:
        for place in member.sketch.places:
            story.places[place] = story.places.get(place, 0) + 1


def _retire(state: StoriesState, now: datetime, settings: Settings) -> None:
    """Close stories that have been idle too long."""
    oldest = now.timestamp() - settings.retire_days * ONE_DAY
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


def _place(state: StoriesState, item: Item, block: Block, settings: Settings) -> StoryChange:
    known = state.story_of.get(item.key)
    if known is not None:
        return StoryChange(key=item.key, story=known, new=False, confidence=1.0, duplicate_of=state.stories[known].copies.get(item.key, ""))
    n = block.number[item.key]
    seen = block.sketches[n]
    member = Member(key=item.key, seq=state.seq + 1, sketch=seen, norm=float(block.norms[n]))
    pinned = state.pins.get(item.key)
    if pinned is not None:
        name = state.final(pinned)
        new = name not in state.stories
        _join(state, name, member, "", settings)
        return StoryChange(key=item.key, story=name, new=new, confidence=1.0, why=(Why(code="story.pinned", weight=1.0),))
    answered = state.story_of.get(item.parent) if item.parent else None
    matches = [] if answered is not None and seen.length <= settings.brief else _matches(state, block, n, settings)
    best = matches[0] if matches else None
    if answered is not None and not (best and best.story != answered and best.probability >= settings.leaves):
        _join(state, answered, member, "", settings)
        why = (Why(code="story.answers", weight=settings.answers, args={"item": item.parent}),)
        return StoryChange(key=item.key, story=answered, new=False, confidence=settings.answers, why=why)
    higher = 0.0 if seen.titled else settings.untitled
    if best is None or best.probability < settings.join + higher:
        return _found(state, member, best, settings)
    copy = _original(state, best, seen, settings)
    _join(state, best.story, member, copy, settings)
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


def _found(state: StoriesState, member: Member, best: Match | None, settings: Settings) -> StoryChange:
    """A story of its own."""
    name = state.final(story_id(member.key))
    new = name not in state.stories
    _join(state, name, member, "", settings)
    near = best if best is not None and best.probability >= settings.suggest else None
    return StoryChange(
        key=member.key,
        story=name,
        new=new,
        confidence=round(1.0 - (best.probability if best else 0.0), 4),
        suggest=near.story if near else "",
        suggest_confidence=round(near.probability, 4) if near else 0.0,
        why=_reasons(near, "") if near else (Why(code="story.nothing_alike", weight=1.0),),
    )


def _join(state: StoriesState, name: str, member: Member, copy_of: str, settings: Settings) -> None:
    story = _story(state, name)
    story.keys.append(member.key)
    story.last = max(story.last, member.sketch.at)
    state.story_of[member.key] = name
    state.touched.add(name)
    state.seq = member.seq
    if copy_of:
        story.copies[member.key] = copy_of
        return
    for place in member.sketch.places:
        story.places[place] = story.places.get(place, 0) + 1
    _remember(state, story, member, settings)


def _remember(state: StoriesState, story: Story, member: Member, settings: Settings) -> None:
    story.members.append(member)
    state.index.add(member)
    if len(story.members) > settings.kept:
        gone = story.members.pop(1 + len(story.members) // 4)  # the first ones and the newest say most
        state.index.drop(gone.key)


def _matches(state: StoriesState, block: Block, n: int, settings: Settings) -> list[Match]:
    """Stories that an item of a block might join, likeliest first."""
    by_story: dict[str, list[Met]] = {}
    for met in block.met(n):
        by_story.setdefault(state.story_of[met.key], []).append(met)
    found = []
    for name, members in by_story.items():
        if state.stories[name].last < block.sketches[n].at - settings.retire_days * ONE_DAY:
            continue
        chance = story_chance([met.chance for met in members], len(state.stories[name].members))
        found.append(Match(name, chance, max(members, key=lambda met: met.chance)))
    return sorted(found, key=lambda m: (-min(m.probability, CERTAIN), -m.met.row[LIKENESS], -m.probability, m.story))


def story_chance(chances: list[float], size: int) -> float:
    """From the likelihoods against single members: the best counts, the next two hold it back or up."""
    ranked = sorted(chances, reverse=True)[:3]
    ranked += [0.0] * (min(3, size) - len(ranked))
    return 0.5 * ranked[0] + 0.5 * sum(ranked) / len(ranked)


def _original(state: StoriesState, best: Match, seen: Sketch, settings: Settings) -> str:
    """The key of the first of its kind where the item is a copy of the member it joined by, else ""."""
    other = best.met.sketch
    alike = best.met.row[LIKENESS] >= settings.copy_likeness and best.met.row[LENGTH] >= settings.copy_length
    same_facts = seen.places == other.places and np.array_equal(seen.numbers, other.numbers)
    return best.met.key if alike and same_facts else ""


def _reasons(match: Match | None, copy: str) -> tuple[Why, ...]:
    if match is None:
        return ()
    rows = [
        ("story.copy", 1.0 if copy else 0.0),
        ("story.same_words", match.met.row[LIKENESS]),
        ("story.same_rare_words", match.met.row[RARE]),
        ("story.same_title", match.met.row[TITLE]),
        ("story.same_names", match.met.row[SAME_NAMES]),
        ("story.same_numbers", match.met.row[NUMBERS]),
    ]
    args = {"item": match.met.key}
    return tuple(Why(code=code, weight=round(float(weight), 3), args=args) for code, weight in rows if weight >= 0.15)
