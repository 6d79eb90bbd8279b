"""Sentences of netizens made fit for paper without changing what they say: noise taken off, cut at clauses, days made definite.

Pure. Nothing is added to a sentence; what is left of it stands so in the item, but for punctuation and relative days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache

import rjieba

from groundswell.engine.judge.person_name import private_names

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石贾韦夏付方邹熊孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤"
)
HAN = r"\u3400-\u9fff"
_REPOST = re.compile(r"//\s*@")
_NOISE = re.compile(
    r"#[^#\n]{1,40}#|https?://\S+|@某用户[:：]?|\[[^\[\]\s]{1,6}\]|【[^】\n]{0,60}】"
    "|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]"
)
_FILLERS = """
    楼上说得对 补充一下 同意楼上 支持楼主 支持楼上 [+]1 我也说一句 说出来都没人信 谁说不是呢 今天又来了 又来了 确实 路过看到的 路过提醒
    求助 打听个事 街坊们看看 听邻居[说讲] 听师傅[说讲] 听说 分享一下 收藏 字幕 画面 视频画面 视频里 配文 转一下 转邻居的话
    转[^，：:]{2,8}的话? 转 憋了好几天了 说个事 说个暖心的 说句公道话 给大家提个醒 今天心情不错 刚看到 您好 你好 大家好
    领导(?:您|你)?们?好 [县市区省]长(?:您|你)?好 (?:关于[^，。：:]{2,40})?尊敬的[^，。：:！!]{0,24} 各位领导 各级领导
    我是本[县市区]居民 感谢回复 谢谢 总的印[象像]是 事情(?:经过|是这样的?) 情况如下 理由 诉求 请求 问题 再一个是? 此致敬礼 此致 敬礼
    现在有[一二两三四五六七八九十]个问题 dear[a-z,]{0,30} hello hi
"""
_OPENING = re.compile(rf"^(?:{'|'.join(_FILLERS.split())})[，,：:。.！!～~\s]+", re.I)
_ALSO = re.compile(r"^(?:再一个是?|还有一个是?|第[一二三四五]个?是|另外是?)")
_NUMBERING = re.compile(r"^[（(]?(?:第?[一二三四五六七八九十]{1,3}|[再其]次|首先|\d{1,2})[）)、，,.．:：][\s]*(?!\d)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*|\n")
_CLAUSE = re.compile(r"[^，,：:]+[，,：:]?")
_TAIL = re.compile(r"[，,、；;：:。.！!～~…\s]+$")
_FIRST = re.compile(r"我|本人|俺|咱|我们|楼主|\b(?:I|my|our|we)\b", re.I)
_FIRST_PUBLIC = re.compile(r"我(公司|局|县|市|镇|院|校|区|省|办|委|中心|街道)")
_EMOTION = re.compile(
    r"难道|试问|居然|竟然|简直|呵呵|哈哈|摆烂|太黑|骗人|可怕|怎样|无语|破防|离谱|躺平|炸锅|心累|[吗呢啊吧呀嘛][。？?！!]?$|\?|？"
)
_ASKS = re.compile(
    "希望|恳请|请求|敬请|望有关|望相关|盼|呼吁|要求|建议|何时|什么时候|能不能|能否|可否"
    "|请.{0,6}(?:公布|解决|处理|整改|核查|查|说明|修|清理|还)|please|when will|we ask|demand",
    re.I,
)
_ASK_VERB = re.compile(
    r"^(?:所以|因此|在此|也|还|再次|特此?|我们?|本人|业主们?|大家|现|故)*(?:强烈|迫切|诚恳|衷心|真心)?"
    r"(希望|恳请|请求|敬请|望|盼望|盼|呼吁|要求|建议|请(?![假客示教不了到过安问]))"
)
_ASK_WORDS = {"恳请": "请求", "敬请": "请求", "请": "请求", "望": "希望", "盼望": "希望", "盼": "希望"}
_EMPTY_ASK = re.compile(
    "希望|请求|要求|建议|呼吁|询问|帮忙|帮助|帮|能够?|可以|领导|有关部门|相关部门|有关方面|尽快|早日|赶紧|其|协调|处理|解决|重视|一下|下|这个|问题|坚持下去|一直|这样|继续|保持|加油|不高|给个准信就行|给个说法|回复|答复|诉求|落实|政府|各级|相关"
    "|高度|给予|感激|不胜|谢谢|[，。的了我们能]"
)
_INQUIRY = re.compile(r"^(?:我?们?想)?(?:请问|问一下|想问[一]?下|咨询[一]?下|打听[一]?下|请教)[，,：:]?")
_WEAK_START = re.compile(
    r"^(?:但是?|而且?|并且?|且|所以|因此|然后|还有?|也|就|都|又|于是|不过|其中|另外|同时|以及|或者|因为|由于|说是|以(?=维护|保障|便|免)|这样|那么?|他们?|她们?|它们?|这|那)"
)
_CLOSING = re.compile(r"^(?:此致.{0,40}|敬礼.{0,40}|谢谢|多谢|感谢|不胜感激|盼复|恳请尽快解决为盼|以上|特此|辛苦)[^，]{0,14}[。！!]?$")
_HOME = re.compile(r"\d{1,3}(?:栋|幢|号楼|座)\d{0,2}(?:单元)?\d{2,4}(?:室|号房?|房)|\d单元\d{3,4}")
_PHONE = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]|0\d{2,3}-\d{7,8}")
_DAYS = {"今日": 0, "今天": 0, "今早": 0, "今晨": 0, "今晚": 0, "昨日": -1, "昨天": -1, "昨晚": -1, "前天": -2, "明天": 1, "明日": 1}
_DAY = re.compile("|".join(_DAYS))
_OF_DAY = {"今早": "早上", "今晨": "凌晨", "今晚": "晚", "昨晚": "晚"}
_NAMES_TAIL = re.compile(r"^[" + HAN + r"]?(?=等人)等人")


def bare(text: str) -> str:
    """TEXT without the marks of its platform: tags, faces, links, who is answered, what is passed on behind it."""
    parts = _REPOST.split(text)
    own = parts[0] if len(parts[0].strip()) >= 6 else re.sub(r"^[^:：]{0,20}[:：]", "", parts[1]) if len(parts) > 1 else parts[0]
    return _NOISE.sub("", own)


def opened(sentence: str) -> str:
    """SENTENCE without greetings, fillers and numbering at its beginning."""
    text = sentence.strip(" \t\u3000")
    for _ in range(6):
        shorter = _NUMBERING.sub("", _OPENING.sub("", _ALSO.sub("", text))).lstrip(" \t\u3000，,：:")
        if shorter == text:
            break
        text = shorter
    return text


def sentences(text: str) -> Iterator[str]:
    """The sentences of TEXT, each opened, those without substance left out."""
    for match in _SENTENCE.finditer(bare(text)):
        sentence = opened(match[0])
        if len(_TAIL.sub("", sentence)) >= 6 and not _CLOSING.match(sentence):
            yield sentence


def clauses(sentence: str) -> list[str]:
    """SENTENCE cut at its commas; brackets and quotation marks are never torn."""
    found: list[str] = []
    held = ""
    for match in _CLAUSE.finditer(sentence):
        held += match[0]
        if not _torn(held):
            found.append(held)
            held = ""
    return [*found, held] if held else found


def _torn(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("（）", "()", "“”", "《》", "「」"))


def spans(sentence: str, room: int) -> Iterator[str]:
    """Runs of neighbouring clauses of SENTENCE of at most ROOM characters, without the mark at their end."""
    parts = clauses(sentence)
    for start in range(len(parts)):
        text = ""
        for part in parts[start : start + 12]:
            text += part
            plain = ended(text)
            if len(plain) > room:
                break
            if len(plain) >= 6:
                yield plain


def ended(text: str) -> str:
    """TEXT without punctuation at its end, but for a question mark."""
    text = text.strip()
    asks = text.endswith(("？", "?"))
    plain = _TAIL.sub("", text.rstrip("？?！!。"))
    return plain + ("？" if asks and re.search(f"[{HAN}]", plain) else "?" if asks else "")


def definite(text: str, day: date | None) -> str:
    """今日, 昨晚, 明天 as days of the calendar, counted from the DAY on which it was written."""
    if day is None:
        return text

    def dated(match: re.Match[str]) -> str:
        at = day + timedelta(days=_DAYS[match[0]])
        return f"{at.month}月{at.day}日{_OF_DAY.get(match[0], '')}"

    return re.sub(r"(\d{1,2}月\d{1,2}日)\1", r"\1", _DAY.sub(dated, text))


def is_first_person(text: str) -> bool:
    return bool(_FIRST.search(_FIRST_PUBLIC.sub("", text)))


def of_office(text: str) -> str:
    """我公司 said by the company itself becomes 该公司; 我县 stays."""
    return re.sub(r"我(公司|局|院|校|办|委|中心|街道)", r"该\1", text)


def is_heated(text: str) -> bool:
    return bool(_EMOTION.search(text))


def is_casual(title: str) -> bool:
    """A title that only asks, tells of the moment or passes something on."""
    return bool(re.search(r"^(?:问一下|请问|想问|今晚|今早|转发|求助|打听)|[吗没谁呢]|怎么|[？?]", title))


_PRAISE = re.compile(
    r"点赞|点个赞|夸[一夸]?|感谢|好评|暖心|好事|锦旗|开诊|开通|启用|投用|方便多了|放心|表扬|荣获|获评|好样的|见义勇为|贴心|给力"
    r"|thank|praise|well done",
    re.I,
)
_COMPLAINT = re.compile(
    r"追缴|拖欠|欠薪|投诉|举报|扰民|坑洼|噪音|异味|臭|脏|收费|没人管|无人管|停水|停电|停暖|发黄|黄黄|堵|太慢|太贵|太差|问题"
    r"|怎么|为什么|为何|何时|什么时候|[？?吗]"
)


def praises(text: str) -> bool:
    return bool(_PRAISE.search(text))


def complains(title: str) -> bool:
    return bool(_COMPLAINT.search(title))


def starts_weak(text: str) -> bool:
    return bool(_WEAK_START.match(text))


def asks(text: str) -> bool:
    return bool(_ASKS.search(text))


def asked(text: str) -> str:
    """An asking sentence as the trade writes it: 请求……, 希望……, 询问……; "" where it asks nothing."""
    plain = ended(text)
    if len(_EMPTY_ASK.sub("", plain)) < 4 or "有何" in plain:
        return ""
    inquiry = _INQUIRY.match(plain)
    if inquiry:
        return "询问" + plain[inquiry.end() :].rstrip("？?")
    verb = _ASK_VERB.match(plain)
    if verb:
        return _ASK_WORDS.get(verb[1], verb[1]) + _to_third(plain[verb.end() :]).rstrip("？?")
    if re.search(r"何时|什么时候|能不能|能否|可否", plain) and plain.endswith("？"):
        return "询问" + plain.rstrip("？")
    return ""


def _to_third(text: str) -> str:
    """An asking person's 我们 becomes 其, the leader who is addressed as 你 is 有关方面."""
    text = re.sub(r"(领导|政府|部门|书记|[县市区镇]长)[你您](?:们)?", r"\1", text)
    return re.sub(r"其的(?!是)", "其", re.sub(r"[你您]们?", "有关方面", re.sub(r"(?:我们|我|本人|咱们|咱|俺们?)", "其", text)))


def has_private(text: str, keep: Collection[str] = ()) -> bool:
    """A private person's name, number or home stands in TEXT; rather one stretch too many than one too few."""
    rest = _any_of(tuple(keep)).sub("□", text) if keep else text
    return bool(_PHONE.search(text) or _HOME.search(text) or private_names(rest) or likely_names(rest))


@lru_cache(maxsize=4)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, set(words)), key=len, reverse=True)))


def likely_names(text: str, keep: Collection[str] = ()) -> list[str]:
    """Words of TEXT that the segmentation takes for a person's name and that begin with a surname, but for those of KEEP."""
    if not re.search(f"[{HAN}]", text):
        return []
    words = [str(word) for word, tag in rjieba.tag(text) if tag in ("nr", "nrt") and 2 <= len(word) <= 4]
    return [word for word in words if is_surname(word[0]) and not any(word in name for name in keep)]


@lru_cache(maxsize=2048)
def repeated_names(text: str) -> frozenset[str]:
    """Words of two or three characters that begin with a surname, stand often in TEXT and in no dictionary: the people of a dispute."""
    counts = Counter(text[n : n + size] for size in (3, 2) for n in range(len(text) - size + 1) if text[n] in _SURNAMES)
    found: set[str] = set()
    for word, count in counts.most_common(60):
        if count < 3 or not re.fullmatch(f"[{HAN}]+", word):
            continue
        tags = rjieba.tag(word)
        if len(tags) > 1 or str(tags[0][1]) in ("nr", "nrt", "x"):
            found.add(word)
    return frozenset(found)


def is_surname(char: str) -> bool:
    return char in _SURNAMES


def homes(text: str) -> list[str]:
    """Flats and rooms in TEXT that point to one household."""
    return [match[0] for match in _HOME.finditer(text)]


def length(text: str) -> int:
    """Characters of TEXT as an editor counts them: without the [n] of its sources and without blanks between Chinese."""
    return len(re.sub(rf"(?<=[{HAN}，。；：、”）])\s+|\s+(?=[{HAN}])", "", re.sub(r"\[\d{1,3}\]", "", text)).strip())


def private_numbers(text: str) -> list[str]:
    """Telephone and identity numbers in TEXT."""
    return [match[0] for match in _PHONE.finditer(text)]


def unnamed(title: str, keep: Collection[str] = ()) -> str:
    """TITLE with private names put as 有关人员 and 当事人."""
    out, done = "", 0
    for span in private_names(title, list(keep)):
        if span.start < done:
            continue
        tail = _NAMES_TAIL.match(title[span.end :])
        out += title[done : span.start] + ("有关人员" if tail else "当事人")
        done = span.end + (tail.end() if tail else 0)
    return _PHONE.sub("", out + title[done:])


_TITLE_NOISE = re.compile(
    r"^(?:请问|问一下|打听一下|想问下?|求证|求助|转发[:：]|街坊们看看|紧急求助|有没有人知道|谁知道|关于|反映)[，,：:]?|[，,\s]*(?:有图|求扩散|求解释|求证|急急急|急)$|[？?]\s*求证$"
)
_TITLE_FORMS = (
    (re.compile(r"^(?:恳请|请求|求|请)(?:领导|政府|有关部门)?(?:帮忙|帮助)?(?:解决|处理|协调)(.+?)(?:的?问题)?$"), r"\1问题"),
    (re.compile(r"^(.{4,}?)怎么(?:老是|总是|经常)(.+?)[？?]?$"), r"\1被反映经常\2"),
    (re.compile(r"^(.{4,}?)(?:什么时候|何时)(?:能|才能|可以)?(.{1,12}?)[？?]?$"), r"群众询问\1何时\2"),
    (re.compile(r"^(.{4,}?)(是否.{2,}?)[？?]$"), r"群众询问\1\2"),
    (re.compile(r"^咨询(.+?)(?:的?问题)?$"), r"群众咨询\1问题"),
    (re.compile(r"^投诉(.+)$"), r"群众投诉\1"),
    (re.compile(r"^(?:说[件个说]|夸一?夸|给)(.+?)(?:的?好事|点个?赞)?$"), r"网民点赞\1"),
    (re.compile(r"^建议(.+)$"), r"群众建议\1"),
    (re.compile(r"^(?:强烈)?要求(.+)$"), r"群众要求\1"),
    (re.compile(r"^(.{6,}?)[，,][^，,]{2,12}(?:吗|呢|没|谁.{0,8})?[？?]$"), r"\1"),
    (re.compile(r"^(.{6,}?)[，,][^，,]{1,10}[吗呢没]$"), r"\1"),
    (re.compile(r"^(.{6,}?)(?:谁来.{1,4}|[有没]人管[吗呢]?|谁管.{0,3}|怎么办|怎么回事|咋回事|太离谱了?)[？?]?$"), r"\1"),
    (re.compile(r"^(.{4,}?)(通|修|好|来|恢复|解决)了(?:没有?|吗)[？?]?$"), r"群众询问\1是否\2了"),
    (re.compile(r"^(.{4,}?(?:吗|呢|怎么[^，]{1,6}|谁[^，]{1,8}|哪[^，]{1,6}|没有?|多少.{0,4}))[？?]?$"), r"群众询问“\1”"),
)


def headline(title: str, keep: Collection[str] = (), longest: int = 34, forms: bool = True) -> str:
    """TITLE as a heading of the paper: no faces, no cries; with FORMS questions are put as what people ask."""
    text = re.sub(r"[！!？?。]{2,}", "？" if "？" in title or "?" in title else "", _NOISE.sub("", title)).strip(" \u3000，,。！!")
    text = _TITLE_NOISE.sub("", _TITLE_NOISE.sub("", text)).strip(" \u3000，,。！!") or title.strip()
    for pattern, form in _TITLE_FORMS if forms else ():
        if pattern.match(text):
            text = pattern.sub(form, text)
            break
    text = unnamed(text, keep).rstrip("？?")
    if len(text) <= longest:
        return text
    for mark in (" ", "\u3000", "，", ",", "：", "——"):
        head = text.split(mark)[0]
        if 8 <= len(head) <= longest:
            return head
    return text[: longest - 1] + "…"
