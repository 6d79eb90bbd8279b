"""How the same thing is said in different places: a forum thread, a reply, a microblog, a letter, a video's caption."""
# ruff: noqa: E501 (a line of markup or of Chinese stays one line)

from __future__ import annotations

from random import Random

from groundswell.demo.acts.grammar import draw

OPENINGS = {
    "negative": (
        "", "", "", "忍不住上来说两句。", "真是服了。", "反映个情况：", "问一下，", "大家评评理，", "街坊们看看，", "今天又来了，", "说出来都没人信，", "不吐不快，", "憋了好几天了，",
        "本来不想发的，", "发帖求关注。", "求转发。", "我就想问问，", "先说一句，我不是喷子。", "有没有一样的？", "气得我手抖，",
    ),
    "neutral": ("", "", "", "", "问一下，", "请教各位，", "打听个事，", "求助，", "有知道的吗？", "弱弱问一句，", "帮转，", "说个事，", "刚看到，", "路过看到的，", "给大家提个醒，", "听邻居讲，"),
    "positive": ("", "", "", "给大家说个好消息，", "必须点个赞，", "说句公道话，", "今天心情不错，", "分享一下，", "说个暖心的，", "夸一夸，", "实话实说，"),
}  # fmt: skip
CLOSINGS = {
    "negative": (
        "", "", "", "有人管吗？", "到底谁来管管。", "希望有关部门给个说法。", "别再拖了。", "等一个回复。", "顶上去让更多人看到。", "大家顶一顶。", "坐等回应。", "我先蹲一个。", "欢迎对号入座。",
        "要求不高，给个准信就行。", "再没人理我就天天发。", "图在楼下。", "有图有真相。", "离谱。", "真的心塞。", "俺们老百姓就这点要求。",
    ),
    "neutral": ("", "", "", "", "谢谢。", "先谢过了。", "知道的回一下。", "在线等。", "蹲一个。", "仅供参考。", "以官方消息为准。", "有后续我再更新。", "大家互相转告。"),
    "positive": ("", "", "", "给力。", "希望一直这样。", "好事要让大家知道。", "中嘞。", "这才像样。", "辛苦了。", "为他们点赞。", "看着心里舒坦。"),
}  # fmt: skip
MOODS = {
    "negative": ("[怒]", "[抓狂]", "[白眼]", "[叹气]", "😤", "😡", "", "", "", "！！", "……"),
    "neutral": ("", "", "", "[围观]", "🤔", "[思考]"),
    "positive": ("👍", "[赞]", "❤", "😊", "", "", "～", "[鲜花]"),
}
SHORT = {
    "negative": (
        "同问！", "我家也是。", "顶。", "说得对，支持楼主。", "绷不住了。", "我都无语子了。", "呵呵，意料之中。", "年年这样。", "我们这栋也一样。", "没人管的。", "打过电话，让等着。",
        "又是踢皮球。", "太极打得好啊。", "谁信呢。", "楼主太客气了，换我早去上访了。", "就会画大饼。", "我看悬。", "弄啥嘞这是。", "白瞎了这几年交的钱。", "已经反映过三回了。",
    ),
    "neutral": ("蹲一个结果。", "路过帮顶。", "有进展了吗？", "具体哪个位置？", "以通知为准吧。", "楼主说的是哪天？", "先收藏。", "吃瓜。", "不清楚，帮顶。", "可以打热线问问。", "等一个官方说法。", "插眼。"),
    "positive": ("赞一个。", "确实不错，我也去过。", "给力！", "这个可以有。", "得劲！", "支持。", "办得好。", "希望坚持下去。", "好事，转了。", "辛苦师傅们了。"),
}  # fmt: skip
AGREEING = ("支持楼主，", "同意楼上，", "+1，", "补充一下，", "我也说一句，", "", "", "", "确实，", "谁说不是呢，", "楼上说得对，")


def thread(rng: Random, tone: str, sentences: list[str]) -> str:
    """The opening post of a forum thread."""
    body = "".join(sentences) if len(sentences) < 3 or rng.random() < 0.5 else "\n".join(sentences)
    closing = draw(rng, CLOSINGS[tone])
    return f"{draw(rng, OPENINGS[tone])}{body}{'' if closing and body.endswith(closing) else closing}"


def reply(rng: Random, tone: str, sentence: str) -> str:
    """A floor under a thread: sometimes a word, mostly a sentence."""
    if not sentence:
        return draw(rng, SHORT[tone])
    return f"{draw(rng, AGREEING)}{sentence}{draw(rng, SHORT[tone]) if rng.random() < 0.2 else ''}"


def post(rng: Random, tone: str, sentences: list[str], topics: tuple[str, ...], mention: str) -> str:
    """A microblog: topics in hashes, a mention, a mood."""
    topic = f"#{draw(rng, topics)}# " if topics and rng.random() < 0.45 else ""
    called = f" @{mention} " if mention else ""
    text = f"{''.join(sentences)}{called}{draw(rng, MOODS[tone])}"
    return f"{topic}{text}" if rng.random() < 0.7 else f"{text} {topic}".rstrip()


def repost(rng: Random, tone: str, word: str, chain: list[tuple[str, str]]) -> str:
    """A repost: the own word, then who said what before, newest first."""
    own = word or draw(rng, (*SHORT[tone], "转发", "转", "看看"))
    return own + "".join(f"//@{name}:{said}" for name, said in chain)


def letter(rng: Random, sentences: list[str], wish: str) -> str:
    """A letter to the county's letter-box."""
    head = draw(rng, ("尊敬的领导：您好！", "领导您好：", "县长您好，", "您好，我是本县居民，", "尊敬的工作人员："))
    end = draw(rng, ("望核实处理，谢谢！", "恳请尽快解决为盼。", "请给予明确答复。", "盼回复。", "希望能帮我们协调一下，不胜感激。"))
    return f"{head}{''.join(sentences)}{wish}{end}"


def caption(rng: Random, tone: str, sentences: list[str]) -> str:
    """What the person at the desk types in of a short video: what is seen, what is said."""
    scene = draw(rng, ("画面：", "视频画面：", "视频里：", "口播：", "配文：", "字幕："))
    tail = (
        draw(rng, ("", "", f"（评论区{draw(rng, ('多在追问', '吵得厉害', '多数人说自家也这样', '反应平淡'))}）"))
        if tone != "positive"
        else ""
    )
    return f"{scene}{''.join(sentences)}{tail}"
