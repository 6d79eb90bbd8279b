"""A scripted story as data, and the one function that tells it: exact totals, tones, places and sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct, structs

from groundswell.demo.acts import voices
from groundswell.demo.acts.act import Act, Reach, Truth
from groundswell.demo.acts.grammar import draw, expand
from groundswell.demo.acts.handles import someone
from groundswell.demo.acts.rhythm import times_in_buckets
from groundswell.demo.county import DemoSource, source_named


class Aspect(Struct, frozen=True, kw_only=True):
    """One thing that people say about the story, how they mean it, and how often."""

    id: str  # the claim; what follows a colon only tells two aspects of one claim apart
    tone: str
    count: int
    say: tuple[str, ...]  # patterns, each a sentence or two
    titles: tuple[str, ...] = ()  # patterns of a thread's or letter's title
    since: datetime | None = None  # nobody can say it earlier
    sarcasm: bool = False


class Anchor(Struct, frozen=True, kw_only=True):
    """An act that happens at its own minute with its own words; it counts in the totals."""

    at: datetime
    source: str
    kind: str
    aspect: str
    place: str
    title: str = ""
    text: str = ""
    author: str = ""
    reach: Reach = Reach()
    answers: str = ""  # title of the anchor that it answers
    opens: bool = False  # nothing of the story comes before it


class News(Struct, frozen=True, kw_only=True):
    """How the press tells it: patterns of title and paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


class Plan(Struct, frozen=True, kw_only=True):
    """A story: when, where, who, and what is said."""

    story: str
    unit: str
    part: str = ""  # of a story told in several plans
    start: datetime
    width: timedelta
    counts: tuple[int, ...]  # pieces in each bucket from ``start`` on, anchors included
    aspects: tuple[Aspect, ...]
    sources: tuple[tuple[str, float], ...]  # slug, weight
    places: tuple[tuple[str, int], ...]  # town id, pieces
    spots: dict[str, tuple[str, ...]]  # town id to what people there call the spot
    slots: dict[str, tuple[str, ...]] = {}
    news: tuple[News, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    topics: tuple[str, ...] = ()
    first: dict[str, datetime] = {}  # slug to the moment from which a source takes part
    wishes: tuple[str, ...] = ("",)
    echo: float = 0.12  # share of pieces that repeat another one with small changes
    size: float = 1.0  # of the audience


_TOPIC = re.compile(r"#[^#]{2,20}#")


class _Place(Struct):
    """A piece before it has words."""

    at: datetime
    source: str = ""
    aspect: str = ""
    town: str = ""
    anchor: Anchor | None = None


def _bucket(plan: Plan, at: datetime) -> int:
    return int((at - plan.start) / plan.width)


def _free(plan: Plan) -> list[int]:
    """How many pieces without an anchor each bucket holds; an anchor in an empty bucket takes from the nearest full one."""
    free = list(plan.counts)
    for anchor in plan.anchors:
        own = _bucket(plan, anchor.at)
        taken = min((b for b in range(len(free)) if free[b] > 0), key=lambda b: (abs(b - own), b))
        free[taken] -= 1
    return free


def _times(plan: Plan, rng: Random) -> list[_Place]:
    found = [_Place(at=at) for at in times_in_buckets(rng, plan.start, plan.width, tuple(_free(plan)))]
    for anchor in plan.anchors:
        for piece in found:
            if anchor.opens and piece.at <= anchor.at:
                piece.at = anchor.at + timedelta(seconds=rng.randrange(180, 1200))
    found += [_Place(at=a.at, source=a.source, aspect=a.aspect, town=a.place, anchor=a) for a in plan.anchors]
    return sorted(found, key=lambda piece: piece.at)


def _give_sources(plan: Plan, rng: Random, pieces: list[_Place]) -> None:
    slugs = [slug for slug, _ in plan.sources]
    used = dict.fromkeys((*slugs, *(anchor.source for anchor in plan.anchors)), 0)
    for piece in pieces:
        if not piece.anchor:
            weights = [weight if piece.at >= plan.first.get(slug, piece.at) else 0.0 for slug, weight in plan.sources]
            piece.source = rng.choices(slugs, weights)[0]
        used[piece.source] += 1
    for slug in slugs:
        if not used[slug]:
            able = [p for p in pieces if not p.anchor and used[p.source] > 1 and p.at >= plan.first.get(slug, p.at)]
            if not able:
                continue  # fewer pieces than sources
            piece = rng.choice(able)
            used[piece.source] -= 1
            used[slug] += 1
            piece.source = slug


def _speaks_for_itself(source: DemoSource) -> bool:
    return source.channel == "news" or source.institutional


def _give_aspects(plan: Plan, rng: Random, pieces: list[_Place]) -> None:
    left = {aspect.id: aspect.count for aspect in plan.aspects}
    for piece in pieces:
        if piece.anchor:
            left[piece.aspect] -= 1
    open_pieces = [piece for piece in pieces if not piece.anchor]
    for piece in open_pieces:
        if _speaks_for_itself(source_named()[piece.source]):
            calm = [a for a in plan.aspects if a.tone != "negative" and left[a.id] > 0 and (a.since is None or a.since <= piece.at)]
            neutral = [a for a in calm if a.tone == "neutral"] or calm or [a for a in plan.aspects if left[a.id] > 0]
            piece.aspect = rng.choices(neutral, [left[a.id] for a in neutral])[0].id
            left[piece.aspect] -= 1
    waiting = [piece for piece in open_pieces if not piece.aspect]
    for aspect in sorted(plan.aspects, key=lambda a: a.since or plan.start, reverse=True):
        able = [piece for piece in waiting if not piece.aspect and (aspect.since is None or piece.at >= aspect.since)]
        if len(able) < left[aspect.id]:
            raise ValueError(f"story {plan.story}: {left[aspect.id]} pieces about {aspect.id!r} but only {len(able)} after its beginning")
        for piece in rng.sample(able, left[aspect.id]):
            piece.aspect = aspect.id


def _give_places(plan: Plan, rng: Random, pieces: list[_Place]) -> None:
    towns = [town for town, count in plan.places for _ in range(count)]
    for piece in pieces:
        if piece.anchor:
            towns.remove(piece.town)
    rng.shuffle(towns)
    waiting = [piece for piece in pieces if not piece.anchor]
    if len(towns) != len(waiting):
        raise ValueError(f"story {plan.story}: places add up to {len(towns)}, pieces to {len(waiting)}")
    for piece, town in zip(waiting, towns, strict=True):
        piece.town = town


REACH = {
    "news": (1800, 6, 9, 14),
    "forum": (900, 14, 3, 6),
    "microblog": (2600, 18, 22, 60),
    "video": (14000, 120, 90, 800),
    "board": (160, 1, 0, 2),
}


def reach_of(rng: Random, channel: str, size: float = 1.0) -> Reach:
    """How far a piece gets: mostly little, seldom much."""
    reads, comments, reposts, likes = REACH.get(channel, (300, 2, 1, 3))
    luck = min(rng.lognormvariate(-0.4, 1.0), 12.0) * size
    some = min(rng.lognormvariate(-0.3, 0.7), 6.0)
    return Reach(
        reads=int(reads * luck),
        comments=int(comments * luck * some),
        reposts=int(reposts * luck * some),
        likes=int(likes * luck * some),
        hours=3.0 + rng.random() * 9,
    )


class _Teller:
    """Gives the pieces of one story their words, in order of time."""

    def __init__(self, plan: Plan, seed: int, rng: Random) -> None:
        self.plan, self.seed, self.rng = plan, seed, rng
        self.aspects = {aspect.id: aspect for aspect in plan.aspects}
        self.threads: dict[str, list[Act]] = {}  # source to its opening posts
        self.floors: dict[str, list[Act]] = {}  # thread to its replies
        self.posts: list[Act] = []  # microblogs, to be reposted
        self.said: dict[str, list[Act]] = {}  # aspect to what was said of it
        self.named: dict[str, str] = {}  # title to ref
        self.printed = 0
        self.count = 0

    def act(self, piece: _Place) -> Act:
        self.count += 1
        source = source_named()[piece.source]
        made = self._anchored(piece) if piece.anchor else self._told(piece, source)
        self.remember(made)
        return made

    def _ref(self) -> str:
        return f"{self.plan.story}{self.plan.part}-{self.count:04d}"

    def _truth(self, piece: _Place, copy_of: str = "") -> Truth:
        aspect = self.aspects[piece.aspect]
        return Truth(
            story=self.plan.story,
            tone=aspect.tone,
            unit=self.plan.unit,
            place=piece.town,
            about_us=True,
            sarcasm=aspect.sarcasm,
            claim=aspect.id.partition(":")[0],
            copy_of=copy_of,
        )

    def _anchored(self, piece: _Place) -> Act:
        anchor = piece.anchor
        assert anchor is not None
        source = source_named()[anchor.source]
        own = source.name if source.institutional or source.channel in ("news", "video") else someone(self.rng, self.seed)
        reach = anchor.reach if anchor.reach != Reach() else reach_of(self.rng, source.channel, self.plan.size)
        return Act(
            at=anchor.at,
            ref=self._ref(),
            kind=anchor.kind,
            source=anchor.source,
            title=anchor.title,
            text=anchor.text,
            author=anchor.author or own,
            reach=reach,
            truth=self._truth(piece),
            reply_to=self.named.get(anchor.answers, ""),
        )

    def _sentences(self, piece: _Place, most: int, known: dict[str, str]) -> list[str]:
        pool = self.aspects[piece.aspect].say
        count = min(1 + int(self.rng.random() * most), len(pool))
        return [expand(pattern, self.rng, self._slots(piece), known) for pattern in self.rng.sample(pool, count)]

    def _slots(self, piece: _Place) -> dict[str, Sequence[str]]:
        return {**self.plan.slots, "spot": self.plan.spots[piece.town]}

    def _told(self, piece: _Place, source: DemoSource) -> Act:
        if _speaks_for_itself(source) and source.channel in ("news", "microblog") and self.plan.news:
            return self._news(piece, source)
        kind, parent, under = self._kind(source)
        aspect = self.aspects[piece.aspect]
        known: dict[str, str] = {}
        copied = self._echo(piece, kind)
        title, text = "", copied.text if copied else ""
        if copied:
            text = self._reworded(text)
        elif kind == "thread":
            text = voices.thread(self.rng, aspect.tone, self._sentences(piece, 3, known))
        elif kind in ("reply", "comment"):
            text = voices.reply(self.rng, aspect.tone, self._sentences(piece, 1, known)[0] if self.rng.random() < 0.86 else "")
        elif kind == "post":
            mention = someone(self.rng, self.seed) if self.rng.random() < 0.2 else ""
            text = voices.post(self.rng, aspect.tone, self._sentences(piece, 2, known), self.plan.topics, mention)
        elif kind == "repost":
            text = self._repost(piece, parent, known)
        elif kind == "article":
            text = "\n".join(self._sentences(piece, 4, known))
        elif kind == "message":
            text = voices.letter(self.rng, self._sentences(piece, 3, known), draw(self.rng, self.plan.wishes))
        else:
            text = voices.caption(self.rng, aspect.tone, self._sentences(piece, 2, known))
        if kind == "comment" and self.rng.random() < 0.6:
            text = f"回复 {someone(self.rng, self.seed)}：{text}"
        if kind in ("thread", "message", "entered", "article"):
            title = expand(draw(self.rng, aspect.titles or self.aspects_with_titles()), self.rng, self._slots(piece), known)
        return Act(
            at=piece.at,
            ref=self._ref(),
            kind=kind,
            source=source.slug,
            title=title,
            text=text,
            author=source.name if source.channel in ("news", "video") or source.institutional else someone(self.rng, self.seed),
            reach=reach_of(self.rng, source.channel, self.plan.size * (0.08 if kind in ("reply", "comment") else 1.0)),
            truth=self._truth(piece, copied.ref if copied else ""),
            reply_to=parent.ref if parent else "",
            under=under,
        )

    def aspects_with_titles(self) -> tuple[str, ...]:
        return tuple(title for aspect in self.plan.aspects for title in aspect.titles)

    def _kind(self, source: DemoSource) -> tuple[str, Act | None, str]:
        roll = self.rng.random()
        if source.channel == "forum":
            threads = self.threads.get(source.slug, [])
            if not threads or roll < 0.13:
                return "thread", None, ""
            thread = threads[0] if self.rng.random() < 0.55 else draw(self.rng, threads)
            floors = self.floors.get(thread.ref, [])
            if floors and roll > 0.86:
                return "comment", thread, draw(self.rng, [floor.ref for floor in floors])
            return "reply", thread, ""
        if source.channel == "microblog":
            here = [post for post in self.posts if post.source == source.slug]
            return ("repost", self.rng.choice(here), "") if here and roll < 0.34 else ("post", None, "")
        return {"board": "message", "video": "entered"}.get(source.channel, "article"), None, ""

    def _repost(self, piece: _Place, parent: Act | None, known: dict[str, str]) -> str:
        assert parent is not None
        word = self._sentences(piece, 1, known)[0] if self.rng.random() < 0.6 else ""
        chain = [(parent.author, parent.text.split("//@")[0][:90])]
        if self.rng.random() < 0.4:
            tone = self.aspects[piece.aspect].tone
            chain.insert(0, (someone(self.rng, self.seed), draw(self.rng, voices.SHORT[tone])))
        return voices.repost(self.rng, self.aspects[piece.aspect].tone, word, chain)

    def _echo(self, piece: _Place, kind: str) -> Act | None:
        if kind not in ("thread", "post", "entered") or self.rng.random() > self.plan.echo:
            return None
        earlier = [
            act for act in self.said.get(piece.aspect, []) if len(act.text) > 24 and "//@" not in act.text and act.truth.place == piece.town
        ]
        return self.rng.choice(earlier) if earlier else None

    def _reworded(self, text: str) -> str:
        body = _TOPIC.sub("", text.split(" @")[0]).strip()
        for old, new in (("自来水", "水管里的水"), ("今天", "今儿"), ("没有", "没"), ("我们", "俺们"), ("什么时候", "啥时候")):
            if self.rng.random() < 0.3:
                body = body.replace(old, new)
        return (
            f"{draw(self.rng, ('转：', '【转】', '转邻居的话：', '', '群里看到的：'))}{body}{draw(self.rng, ('', '', '求扩散', '（转）'))}"
        )

    def _news(self, piece: _Place, source: DemoSource) -> Act:
        told = self.plan.news[min(self.printed, len(self.plan.news) - 1)] if self.printed < 2 else self.rng.choice(self.plan.news)
        self.printed += 1
        known: dict[str, str] = {"day": f"{piece.at.month}月{piece.at.day}日", "hour": f"{piece.at.hour}时", "org": source.name}
        slots = self._slots(piece)
        title = expand(told.title, self.rng, slots, known)
        paragraphs = [expand(line, self.rng, slots, known) for line in told.paragraphs]
        short = source.channel == "microblog"
        return Act(
            at=piece.at,
            ref=self._ref(),
            kind="post" if short else ("notice" if source.official and source.unit else "article"),
            source=source.slug,
            title="" if short else title,
            text=f"【{title}】{paragraphs[0]}" if short else "\n".join(paragraphs),
            author=source.name,
            reach=reach_of(self.rng, source.channel, self.plan.size),
            truth=self._truth(piece),
        )

    def remember(self, made: Act) -> None:
        if made.kind == "thread":
            self.threads.setdefault(made.source, []).append(made)
        elif made.kind == "reply":
            self.floors.setdefault(made.reply_to, []).append(made)
        elif made.kind == "post":
            self.posts.append(made)
        if made.title:
            self.named[made.title] = made.ref
        self.said.setdefault(made.truth.claim, []).append(made)


def tell(plan: Plan, seed: int, before: Sequence[Act] = ()) -> list[Act]:
    """All acts of the story in order of time, with exactly the totals of the plan.

    ``before`` are the acts of an earlier part, whose threads and posts go on being answered.
    Raises ``ValueError`` where tones, places and counts of the plan do not add up.
    """
    total = sum(plan.counts)
    said = sum(aspect.count for aspect in plan.aspects)
    if said != total:
        raise ValueError(f"story {plan.story}: aspects add up to {said}, pieces to {total}")
    rng = Random(f"{seed}:{plan.story}{plan.part}")
    pieces = _times(plan, rng)
    _give_sources(plan, rng, pieces)
    _give_aspects(plan, rng, pieces)
    _give_places(plan, rng, pieces)
    teller = _Teller(plan, seed, rng)
    for act in before:
        teller.remember(act)
    return [teller.act(piece) for piece in pieces]


def portion(total: int, shares: Sequence[float]) -> tuple[int, ...]:
    """Whole numbers in these shares that add up to ``total``; the largest remainders are rounded up."""
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    counts = [int(value) for value in exact]
    byremainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for index in byremainder[: total - sum(counts)]:
        counts[index] += 1
    return tuple(counts)


def follow_up(plan: Plan, part: str, start: datetime, counts: tuple[int, ...], anchors: tuple[Anchor, ...] = ()) -> Plan:
    """The same story going on in hours from ``start``: tones and places in the shares that they had."""
    total = sum(counts)
    said = portion(total, [aspect.count for aspect in plan.aspects])
    towns = portion(total, [count for _, count in plan.places])
    return structs.replace(
        plan,
        part=part,
        start=start,
        width=timedelta(hours=1),
        counts=counts,
        anchors=anchors,
        aspects=tuple(structs.replace(aspect, count=count, since=None) for aspect, count in zip(plan.aspects, said, strict=True)),
        places=tuple((town, count) for (town, _), count in zip(plan.places, towns, strict=True)),
        sources=tuple(row for row in plan.sources[: max(3, total // 3)]),
    )
