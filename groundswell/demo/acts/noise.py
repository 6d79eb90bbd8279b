"""The everyday around the stories, a day at a time: news, forum threads, microblogs, letters, videos, adverts, namesakes."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from math import exp
from random import Random

from groundswell.demo.acts import elsewhere, voices
from groundswell.demo.acts.act import Act, Reach, Truth
from groundswell.demo.acts.grammar import draw, expand
from groundswell.demo.acts.handles import someone
from groundswell.demo.acts.newsroom import DOING_LINES, DOING_TITLES, DOINGS, LIGHT_TAILS, ROAD, TAILS
from groundswell.demo.acts.plot import reach_of
from groundswell.demo.acts.rhythm import is_day_off, moment, volume
from groundswell.demo.acts.scene import SARCASM, SHARED, TONES, TOWNS, Scene, officers, town_names, unit_names
from groundswell.demo.acts.slang import with_new_word
from groundswell.demo.county import DemoSource, sources

# Pieces on an average working day, replies and answers not counted.
DAILY = {"news": 69.8, "forum": 27.2, "microblog": 63.7, "video": 6.9, "board": 7.6}
REPLIES = 3.6  # under an average thread


def _poisson(rng: Random, mean: float) -> int:
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


class Day:
    """Writes one day of noise. Each source has chance and references of its own, so neither days nor sources disturb each other."""

    def __init__(self, seed: int, day: date) -> None:
        self.seed, self.day = seed, day
        self.rng = Random()
        self.count = 0
        self.made: list[Act] = []

    def acts(self) -> list[Act]:
        """All noise that begins on this day, in order of time; replies may reach into the next days."""
        for source in sources():
            self.rng, self.count = Random(f"{self.seed}:noise:{self.day.isoformat()}:{source.slug}"), 0
            mean = DAILY[source.channel] * volume(self.day, source.channel) * source.weight / _channel_weight()[source.channel]
            for _ in range(_poisson(self.rng, mean)):
                self._piece(source)
        self.made.sort(key=lambda act: (act.at, act.ref))
        return self.made

    def _add(
        self,
        at: datetime,
        kind: str,
        source: DemoSource,
        text: str,
        truth: Truth,
        *,
        title: str = "",
        author: str = "",
        size: float = 1.0,
        reply_to: str = "",
        under: str = "",
    ) -> Act:
        self.count += 1
        made = Act(
            at=at,
            ref=f"{source.slug}-{self.day:%y%m%d}-{self.count:03d}",
            kind=kind,
            source=source.slug,
            title=title,
            text=text,
            author=author or someone(self.rng, self.seed),
            reach=reach_of(self.rng, source.channel, size) if size else Reach(),
            truth=truth,
            reply_to=reply_to,
            under=under,
        )
        self.made.append(made)
        return made

    def _piece(self, source: DemoSource) -> None:
        at = moment(self.rng, self.day, office_hours=source.official or source.slug.startswith("town-"))
        if source.channel == "news":
            self._news(source, at)
        elif source.channel == "forum":
            self._thread(source, at)
        elif source.channel == "microblog":
            self._post(source, at)
        elif source.channel == "board":
            self._letter(source, at)
        else:
            self._video(source, at)

    # ---- news

    def _news(self, source: DemoSource, at: datetime) -> None:
        if source.style == "blog":
            self._blog(source, at)
        elif source.slug in ("yuanshan-yunling", "qinghe-district"):
            mine = [row for row in elsewhere.NAMESAKE_NEWS if ("云岭镇" in row[0]) == (source.slug == "yuanshan-yunling")]
            title, text = self._written(draw(self.rng, mine or elsewhere.NAMESAKE_NEWS))
            self._add(at, "article", source, text, Truth(same_name=True), title=title, author=source.name)
        elif source.unit:
            self._doing(source, at, source.unit)
        elif source.place == "yunling":
            self._doing(source, at, draw(self.rng, tuple(unit_names())))
        else:
            self._far(source, at)

    def _written(self, patterns: tuple[str, str], tails: tuple[str, ...] = TAILS) -> tuple[str, str]:
        known: dict[str, str] = {}
        title = expand(patterns[0], self.rng, SHARED, known)
        body = expand(patterns[1], self.rng, SHARED, known)
        ends = [expand(tail, self.rng, SHARED, known) for tail in self.rng.sample(tails, 2 + int(self.rng.random() * 2))]
        return title, "\n".join([body, *ends])

    def _far(self, source: DemoSource, at: datetime) -> None:
        roll = self.rng.random()
        if roll < 0.08:
            title, text = self._written(draw(self.rng, elsewhere.NAMESAKE_NEWS))
            self._add(at, "article", source, text, Truth(same_name=True), title=title, author=source.name)
        elif roll < 0.2:
            self._press_on_us(source, at)
        else:
            light = self.rng.random() < 0.4
            title, text = self._written(
                draw(self.rng, elsewhere.LIGHT_NEWS if light else elsewhere.FAR_NEWS), LIGHT_TAILS if light else TAILS
            )
            self._add(at, "article", source, text, Truth(), title=title, author=source.name)

    def _press_on_us(self, source: DemoSource, at: datetime) -> None:
        scene = Scene(self.rng, None, self.day)
        known: dict[str, str] = {}
        tone = "neutral" if scene.tone == "negative" and self.rng.random() < 0.4 else scene.tone
        said = expand(draw(self.rng, scene.pool(scene.tone)), self.rng, scene.slots(), known)
        answer = expand(draw(self.rng, scene.matter.answer), self.rng, scene.slots(), known)
        title = f"云岭县{scene.title(self.rng, known)}"
        unit = unit_names().get(scene.matter.unit, "当地")
        text = f"近日，有读者向本报反映：“{said}”\n记者就此联系{unit}。工作人员表示，{answer}\n{draw(self.rng, ('本报将继续关注。', '后续办理情况，记者将跟进。', '附近居民希望早日见效。'))}"
        self._add(at, "article", source, text, scene.truth(tone), title=title, author=source.name)

    def _doing(self, source: DemoSource, at: datetime, unit: str) -> None:
        town = unit.removeprefix("town-") if unit.startswith("town-") else ""
        known: dict[str, str] = {}
        slots: dict[str, str | Sequence[str]] = {
            **SHARED,
            "unit": unit_names()[unit],
            "doing": DOINGS["town" if town else unit],
            "town": town_names()[town] if town else tuple(town_names()[t] for t in TOWNS),
            "when": f"{at.month}月{at.day}日",
            "half": "上午" if at.hour < 16 else "下午",
        }
        title = expand(draw(self.rng, DOING_TITLES), self.rng, slots, known)
        lines = [expand(draw(self.rng, pool), self.rng, slots, known) for pool in DOING_LINES]
        place = town or next((t for t in TOWNS if town_names()[t] in title + lines[0]), "yunling")
        tone = "positive" if self.rng.random() < 0.22 else "neutral"
        kind = "notice" if source.unit else "article"
        self._add(
            at,
            kind,
            source,
            "\n".join(lines),
            Truth(tone=tone, unit=unit, place=place, about_us=True),
            title=title,
            author=source.name,
            size=0.5,
        )

    def _blog(self, source: DemoSource, at: datetime) -> None:
        if source.slug == "blog-satire":
            scene = Scene(self.rng, None, self.day)
            said = expand(draw(self.rng, SARCASM), self.rng, scene.slots(), {})
            title = f"【不正经】{expand(draw(self.rng, scene.matter.titles), self.rng, scene.slots(), {})}"
            self._add(
                at,
                "article",
                source,
                f"{said}\n以上内容纯属虚构，如有雷同，那是您想多了。",
                scene.truth("neutral"),
                title=title,
                author=source.name,
                size=0.3,
            )
            return
        scene = Scene(self.rng, source.place, self.day)
        known: dict[str, str] = {}
        pools = (scene.pool(scene.tone), elsewhere.CHAT, scene.matter.ask, elsewhere.CHAT)
        lines = [expand(draw(self.rng, pool), self.rng, scene.slots(), known) for pool in pools]
        title = scene.title(self.rng, known)
        self._add(at, "article", source, "\n".join(lines), scene.truth(scene.tone), title=title, author=source.name, size=0.2)

    # ---- forum

    def _thread(self, source: DemoSource, at: datetime) -> None:
        roll = self.rng.random()
        advert = 0.62 if source.slug == "second-hand" else 0.09
        chat = 0.75 if source.slug in ("yunling-chat", "workers", "second-hand") else 0.34
        if roll < advert:
            self._advert_thread(source, at)
        elif roll < advert + (1 - advert) * chat:
            self._chat_thread(source, at)
        else:
            self._matter_thread(source, at)

    def _advert_thread(self, source: DemoSource, at: datetime) -> None:
        title, text = (expand(pattern, self.rng, SHARED, {}) for pattern in draw(self.rng, elsewhere.ADS))
        thread = self._add(at, "thread", source, text, Truth(advert=True), title=title, size=0.3)
        self._answers(
            thread,
            source,
            _poisson(self.rng, 0.6),
            lambda: (draw(self.rng, ("还在吗", "多少钱", "私了", "顶", "位置发一下", "能便宜点不")), Truth(advert=True)),
        )

    def _chat_thread(self, source: DemoSource, at: datetime) -> None:
        namesake = self.rng.random() < 0.12
        title = expand(draw(self.rng, elsewhere.CHAT_TITLES), self.rng, SHARED, {})
        pool = elsewhere.NAMESAKE_SAY if namesake else elsewhere.CHAT
        text = expand(draw(self.rng, pool), self.rng, SHARED, {}) + expand(draw(self.rng, elsewhere.CHAT), self.rng, SHARED, {})
        truth = Truth(same_name=namesake)
        thread = self._add(at, "thread", source, text, truth, title=title, size=0.5)

        def said() -> tuple[str, Truth]:
            return (
                expand(draw(self.rng, elsewhere.CHAT), self.rng, SHARED, {})
                if self.rng.random() < 0.45
                else draw(self.rng, elsewhere.CHAT_REPLIES)
            ), truth

        self._answers(thread, source, _poisson(self.rng, REPLIES * self._stir()), said)

    def _matter_thread(self, source: DemoSource, at: datetime) -> None:
        scene = Scene(self.rng, source.place, self.day)
        known: dict[str, str] = {}
        title = scene.title(self.rng, known)
        sarcasm = scene.tone == "negative" and self.rng.random() < 0.09
        pool = SARCASM if sarcasm else scene.pool(scene.tone)
        count = min(len(pool), 1 + int(self.rng.random() * 2.4))
        lines = [expand(pattern, self.rng, scene.slots(), known) for pattern in self.rng.sample(pool, count)]
        lines.append(with_new_word(self.rng, scene.tone, self.day))
        thread = self._add(
            at,
            "thread",
            source,
            voices.thread(self.rng, scene.tone, [line for line in lines if line]),
            scene.truth(scene.tone, sarcasm),
            title=title,
        )

        def said() -> tuple[str, Truth]:
            tone = scene.tone if self.rng.random() < 0.62 else self.rng.choices(TONES, (3, 5, 2))[0]
            known_here = dict(known) if self.rng.random() < 0.7 else {}
            sentence = expand(draw(self.rng, scene.pool(tone)), self.rng, scene.slots(), known_here) if self.rng.random() < 0.55 else ""
            return voices.reply(self.rng, tone, sentence) + with_new_word(self.rng, tone, self.day), scene.truth(tone)

        self._answers(thread, source, _poisson(self.rng, REPLIES * self._stir() * (1.5 if scene.tone == "negative" else 0.8)), said)

    def _stir(self) -> float:
        """A few threads draw many answers, most draw few."""
        return 5.0 if self.rng.random() < 0.05 else 0.8

    def _answers(self, thread: Act, source: DemoSource, count: int, said: Callable[[], tuple[str, Truth]]) -> None:
        floors: list[str] = []
        at = thread.at
        for _ in range(count):
            at = _awake(at + timedelta(seconds=20 + int(self.rng.expovariate(1 / 4200))), self.rng)
            text, truth = said()
            if floors and self.rng.random() < 0.2:
                if self.rng.random() < 0.6:
                    text = f"回复 {someone(self.rng, self.seed)}：{text}"
                self._add(at, "comment", source, text, truth, size=0, reply_to=thread.ref, under=draw(self.rng, floors))
                continue
            if self.rng.random() < 0.05:
                text = f"@{someone(self.rng, self.seed)} {text}"
            floors.append(self._add(at, "reply", source, text, truth, size=0.05, reply_to=thread.ref).ref)

    # ---- microblog

    def _post(self, source: DemoSource, at: datetime) -> None:
        if source.institutional:
            self._official_post(source, at)
            return
        roll = self.rng.random()
        if roll < 0.08:
            text = expand(draw(self.rng, elsewhere.ADS)[1], self.rng, SHARED, {})
            self._add(at, "post", source, text, Truth(advert=True), size=0.2)
        elif roll < 0.5 if source.place else roll < 0.86:
            namesake = self.rng.random() < 0.14
            lines = [expand(draw(self.rng, elsewhere.NAMESAKE_SAY if namesake else elsewhere.CHAT), self.rng, SHARED, {})]
            mention = someone(self.rng, self.seed) if self.rng.random() < 0.15 else ""
            self._add(at, "post", source, voices.post(self.rng, "neutral", lines, (), mention), Truth(same_name=namesake))
        else:
            self._matter_post(source, at)

    def _matter_post(self, source: DemoSource, at: datetime) -> None:
        scene = Scene(self.rng, source.place, self.day)
        sarcasm = scene.tone == "negative" and self.rng.random() < 0.1
        known: dict[str, str] = {}
        line = expand(draw(self.rng, SARCASM if sarcasm else scene.pool(scene.tone)), self.rng, scene.slots(), known)
        lines = [line, with_new_word(self.rng, scene.tone, self.day)]
        mention = someone(self.rng, self.seed) if self.rng.random() < 0.15 else ""
        post = self._add(
            at,
            "post",
            source,
            voices.post(self.rng, scene.tone, lines, ("云岭身边事", "云岭同城", f"{scene.spot}"), mention),
            scene.truth(scene.tone, sarcasm),
        )
        chain = [(post.author, post.text[:90])]
        for _ in range(_poisson(self.rng, 0.35)):
            at = _awake(at + timedelta(seconds=60 + int(self.rng.expovariate(1 / 5400))), self.rng)
            tone = scene.tone if self.rng.random() < 0.8 else "neutral"
            word = draw(self.rng, voices.SHORT[tone])
            again = self._add(
                at, "repost", source, voices.repost(self.rng, tone, word, chain), scene.truth(tone), size=0.2, reply_to=post.ref
            )
            if self.rng.random() < 0.4:
                chain.insert(0, (again.author, word))

    def _official_post(self, source: DemoSource, at: datetime) -> None:
        known: dict[str, str] = {}
        if source.slug == "mb-road":
            text = expand(draw(self.rng, ROAD), self.rng, SHARED, known)
            self._add(at, "post", source, text, Truth(), author=source.name)
            return
        unit = source.unit or draw(self.rng, tuple(unit_names()))
        town = unit.removeprefix("town-") if unit.startswith("town-") else ""
        slots: dict[str, str | Sequence[str]] = {**SHARED, "unit": unit_names()[unit], "doing": DOINGS["town" if town else unit]}
        slots["town"] = town_names()[town] if town else tuple(town_names()[t] for t in TOWNS)
        slots["when"], slots["half"] = f"{at.month}月{at.day}日", "上午" if at.hour < 16 else "下午"
        title = expand(draw(self.rng, DOING_TITLES), self.rng, slots, known)
        line = expand(draw(self.rng, DOING_LINES[0]), self.rng, slots, known)
        place = town or next((t for t in TOWNS if town_names()[t] in title + line), "yunling")
        self._add(at, "post", source, f"【{title}】{line}", Truth(unit=unit, place=place, about_us=True), author=source.name)

    # ---- letters and videos

    def _letter(self, source: DemoSource, at: datetime) -> None:
        scene = Scene(self.rng, None, self.day)
        tone = scene.tone if scene.tone != "positive" or self.rng.random() < 0.3 else "negative" if scene.matter.moods[0] else "neutral"
        scene.tone = tone
        known: dict[str, str] = {}
        pool = scene.pool(tone)
        lines = [
            expand(pattern, self.rng, scene.slots(), known)
            for pattern in self.rng.sample(pool, min(len(pool), 1 + int(self.rng.random() * 2)))
        ]
        title = scene.title(self.rng, known)
        wish = draw(self.rng, ("", "", "已多次反映未果。", "之前打过热线，至今没有结果。", "住户都很着急。"))
        asked = self._add(at, "message", source, voices.letter(self.rng, lines, wish), scene.truth(tone), title=title, size=0.5)
        if self.rng.random() < 0.82:
            unit = scene.matter.unit or f"town-{scene.town}"
            later = _office_day(self.day, 1 + int(self.rng.random() ** 1.6 * 6))
            answered = moment(self.rng, later, office_hours=True)
            signed = f"{unit_names()[unit]}　{answered:%Y年}{answered.month}月{answered.day}日"
            body = expand(draw(self.rng, scene.matter.answer), self.rng, scene.slots(), known)
            text = f"网友您好！{draw(self.rng, ('您的留言收悉。', '感谢您对我县工作的关注。', '您反映的问题已收悉。'))}{body}{draw(self.rng, ('如有疑问请致电', '咨询电话：'))}{officers()[unit]}。{signed}"
            self._add(
                answered,
                "answer",
                source,
                text,
                Truth(unit=unit, place=scene.town, about_us=True),
                author=unit_names()[unit],
                size=0,
                reply_to=asked.ref,
            )

    def _video(self, source: DemoSource, at: datetime) -> None:
        if self.rng.random() < 0.4:
            text = voices.caption(self.rng, "neutral", [expand(draw(self.rng, elsewhere.CHAT), self.rng, SHARED, {})])
            self._add(at, "entered", source, text, Truth(), title=text[:18], author=source.name)
            return
        scene = Scene(self.rng, None, self.day)
        tone = "positive" if source.institutional and scene.matter.good else scene.tone
        scene.tone = tone
        known: dict[str, str] = {}
        lines = [expand(draw(self.rng, scene.pool(tone)), self.rng, scene.slots(), known)]
        title = scene.title(self.rng, known)
        self._add(at, "entered", source, voices.caption(self.rng, tone, lines), scene.truth(tone), title=title, author=source.name)


def _awake(at: datetime, rng: Random) -> datetime:
    """Moves the small hours to the morning for most people."""
    if 0 <= at.hour < 6 and rng.random() < 0.85:
        return at.replace(hour=6) + timedelta(seconds=rng.randrange(10800))
    return at


def _office_day(day: date, working_days: int) -> date:
    while working_days:
        day += timedelta(days=1)
        working_days -= not is_day_off(day)
    return day


@cache
def _channel_weight() -> dict[str, float]:
    total: dict[str, float] = {}
    for source in sources():
        total[source.channel] = total.get(source.channel, 0.0) + source.weight
    return total


def noise(seed: int, first: date) -> Iterator[list[Act]]:
    """The noise day by day, without end."""
    day = first
    while True:
        yield Day(seed, day).acts()
        day += timedelta(days=1)
