"""Thirty words that come up in the county during the sixty days and stand in no dictionary yet: for the discovery of slang."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from msgspec import Struct

from groundswell.demo.county import START


class NewWord(Struct, frozen=True):
    """A word, what people mean by it, how they mean it, and the day (from the beginning) on which it comes up."""

    word: str
    means: str
    tone: str
    day: int


NEW_WORDS = (
    NewWord("皮球杯", "几个单位互相推诿", "negative", 2),
    NewWord("已读躺平", "看到反映却不办", "negative", 3),
    NewWord("云整改", "只在通知里整改", "negative", 5),
    NewWord("岭漂", "在外打工的本县人", "neutral", 6),
    NewWord("颠学路", "坑洼的上学路", "negative", 8),
    NewWord("电梯盲盒", "不知道电梯今天好不好用", "negative", 9),
    NewWord("公交玄学", "公交来不来看运气", "negative", 11),
    NewWord("秒办侠", "办事很快的人", "positive", 12),
    NewWord("复读机答复", "千篇一律的官方答复", "negative", 14),
    NewWord("排队修仙", "排队时间极长", "negative", 15),
    NewWord("吃湖", "去东湖边逛吃", "neutral", 17),
    NewWord("窗口隐身术", "窗口没有人", "negative", 18),
    NewWord("秤不饿", "缺斤少两", "negative", 20),
    NewWord("岭里好", "夸本县", "positive", 22),
    NewWord("晚八点定律", "说好的时间总不兑现", "negative", 24),
    NewWord("打卡式检查", "拍照就走的检查", "negative", 26),
    NewWord("坑位停车", "停在坑里的车", "neutral", 28),
    NewWord("西飘味", "河西飘来的气味", "negative", 30),
    NewWord("灯下黑路", "路灯不亮的路", "negative", 32),
    NewWord("暖得冒泡", "令人感动", "positive", 34),
    NewWord("铁皮承诺", "说了不算的承诺", "negative", 36),
    NewWord("夜市贪吃蛇", "夜市门口的车龙", "negative", 38),
    NewWord("稳当局", "办事牢靠的部门", "positive", 40),
    NewWord("物业复活赛", "换物业的投票", "neutral", 43),
    NewWord("暖气装睡", "暖气不热", "negative", 46),
    NewWord("假热", "摸着热屋里冷", "negative", 48),
    NewWord("东湖开挂", "东湖变好看", "positive", 50),
    NewWord("蹲坑党", "等着路修好的人", "neutral", 52),
    NewWord("退费马拉松", "退钱拖很久", "negative", 55),
    NewWord("黄汤局", "自来水发黄这件事", "negative", 60),
)

_USES = {
    "negative": ("又是一场{w}。", "这就是传说中的{w}？", "{w}又开始了。", "懂了，{w}。", "大型{w}现场。", "别{w}了行吗。"),
    "neutral": ("{w}路过。", "今日份{w}。", "有没有{w}来报个到。", "{w}的日常罢了。"),
    "positive": ("真的{w}。", "这波{w}，服。", "{w}没跑了。", "给{w}鼓掌。"),
}


def with_new_word(rng: Random, tone: str, day: date) -> str:
    """A short sentence with one of the words that have come up by then; empty mostly."""
    if rng.random() > 0.1:
        return ""
    age = (day - START.date()) // timedelta(days=1)
    known = [word for word in NEW_WORDS if word.tone == tone and word.day <= age and age - word.day < 24]
    if not known:
        return ""
    word = known[-1 - int(rng.random() ** 1.7 * len(known))].word  # the newest most
    uses = _USES[tone]
    return uses[int(rng.random() * len(uses))].replace("{w}", word)
