"""Private handles of the demo's people: made up, recognisable, so that a test can look for them where they must not be."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from functools import lru_cache
from random import Random

_FIRST = (
    "半夏", "清欢", "小鱼儿", "豆沙包", "老槐树", "山里红", "河边柳", "一盏茶", "北窗", "南枝", "橘子汽水", "糯米团", "大脸猫", "扛锄头的", "卖豆腐的", "阿婆家的",
    "云边", "拾光", "青石板", "月牙儿", "米粒儿", "胖丁", "向日葵", "玉米地", "小火苗", "三轮车", "梧桐巷", "晒太阳的", "赶集的", "听雨", "二狗子", "花生米",
    "蒲公英", "老铁匠", "小满", "谷雨", "秋分", "布谷鸟", "芝麻开门", "石榴籽", "萝卜条", "打酱油的", "孤单的", "爱吃辣的", "夜班", "跑腿的", "修车的", "种瓜的",
)  # fmt: skip
_SECOND = (
    "微凉", "不语", "爸爸", "妈妈", "小王", "老张", "阿杰", "同学", "女士", "先生", "他二叔", "丫头", "小子", "大爷", "师傅", "在路上", "要早起", "想静静", "不加班", "爱喝汤",
    "的日常", "的小院", "看世界", "有话说", "碎碎念", "不熬夜", "很佛系", "慢半拍", "晒被子", "数星星",
)  # fmt: skip
_JOIN = ("", "_", "-", "")


@lru_cache(maxsize=4)
def handles(seed: int, count: int = 5200) -> tuple[str, ...]:
    """So many different handles; each ends in three to five digits, which keeps it unlike any word."""
    rng = Random(f"{seed}:handles")
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{rng.choice(_FIRST)}{rng.choice(_SECOND)}{rng.choice(_JOIN)}{rng.randrange(100, 99999)}"] = None
    return tuple(found)


def someone(rng: Random, seed: int) -> str:
    """A handle; a few people write much, most write once or twice."""
    crowd = handles(seed)
    return crowd[int(rng.random() ** 2.2 * len(crowd))]
