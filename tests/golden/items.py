"""Sixty items of our own about seven events in the test county, and noise; made from a seed, always the same."""

from __future__ import annotations

import random
from datetime import timedelta

from groundswell.engine.records import Item
from groundswell.engine.text.identity import item_key
from tests.engine_judge.county import NOW

SEED = 20261123
# One event a row: sentences of which its items are made, and hours before NOW when it began.
EVENTS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("water", 20, (
        "清河镇锦绣小区自来水发黄，接出来一盆像茶水", "锦绣小区的水又黄了，打了三次水务局电话没人接", "锦绣小区业主说水黄得不敢给孩子喝",
        "县水务局回应：锦绣小区管网冲洗，预计11月24日18时前恢复", "锦绣小区自来水发黄两天，家长买桶装水做饭",
    )),
    ("heating", 30, (
        "河湾里换热站停了，暖气冰凉，屋里只有12度", "换热站又坏了，河湾里老人裹着棉被过夜", "河湾里暖气不热，换热站说配件下周才到", "呵呵，换热站真行，暖气费一分不少，屋里12度",
    )),
    ("market", 50, ("东湖夜市油烟熏得整栋楼不敢开窗", "东湖夜市烧烤摊凌晨两点还在营业，油烟和噪音谁来管", "东湖夜市的油烟什么时候能治一治")),
    ("lights", 70, ("建新路路灯坏了三周，晚上一片漆黑", "建新路的路灯第三次报修了，还是黑的", "建新路没有路灯，老人摔了一跤")),
    ("school", 12, ("听说城南小学明天停课，是真的吗", "城南小学停课的消息在群里传，家长都在问", "县教育局通报：网传城南小学停课系谣言，教学正常")),
    ("praise", 40, ("给云岭县城管局点赞，一个电话就把垃圾清走了", "感谢城管局的师傅，楼下垃圾半小时就清了")),
    ("english", 15, ("Brown water in Jinxiu Estate again, nobody answers the phone at the water bureau", "Second day of brown water at Jinxiu Estate, the water bureau says flushing ends on Tuesday")),
)  # fmt: skip
NOISE = (
    "急招保洁，月薪3000，包吃住，加微信 abc12345", "二手房出租，联系电话13800000000", "邢台市清河区今天停水检修", "今天天气不错，适合散步", "云岭山庄酒店周年酬宾，限时优惠",
)  # fmt: skip
ENDINGS = ("", "！", "。大家怎么看？", "。希望有人管管。", "。转给需要的人。")
SOURCES = ("forum", "yunling-media", "micro", "video")


def golden_items() -> list[Item]:
    """The items in order of time."""
    chance = random.Random(SEED)
    rows: list[Item] = []
    for event, hours, sentences in EVENTS:
        for number in range(8):
            sentence = sentences[number % len(sentences)]
            source = "yunling-media" if "回应" in sentence or "通报" in sentence else chance.choice(SOURCES)
            rows.append(_item(f"{event}-{number}", sentence + chance.choice(ENDINGS), hours * chance.random() ** 0.5, source, chance))
    rows += [_item(f"noise-{number}", text, 60 * chance.random(), "forum", chance) for number, text in enumerate(NOISE)]
    return sorted(rows, key=lambda item: (item.published_at or NOW, item.key))


def _item(name: str, text: str, hours: float, source: str, chance: random.Random) -> Item:
    when = NOW - timedelta(minutes=round(hours * 60))
    official = source == "yunling-media"
    return Item(
        key=item_key(source, name),
        source=source,
        channel="news" if official else "forum",
        kind="article" if official else "post",
        title=text[:14] if official else "",
        text=text,
        published_at=when,
        collected_at=when + timedelta(minutes=3),
        institutional=official,
        voice="" if official else f"{chance.randrange(16**8):08x}",
        reads=chance.randrange(5_000),
        comments=chance.randrange(40),
    )
