"""What was read off a screenshot: blanks between Han letters go, and lines that name an author say 某用户 instead.

A screenshot has no fields: an author is known by where the name stands, beside a time, a region, or a word such as 作者.
What cannot be told by its place is left for the person who enters the item to look at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from groundswell.engine.text.mentions import mask_mentions

NOBODY = "某用户"
HAN = r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]"
GAP = re.compile(rf"(?<={HAN})(?<!@某用户)[ \t]+(?={HAN})")
AT_GAP = re.compile(rf"(?<=[@＠])\s+(?={HAN}|\w)")
TOGETHER = re.compile(rf"{HAN}(?={HAN})")
GAP_DIGIT = re.compile(r"(?<=\d)\s+(?=(?:分钟|小时|天|月|日|年|秒|赞|万|楼|条|次)[\u3400-\u9fff\s]?)")
CLOCK = r"\d{1,2}\s*[:：]\s*\d{2}(?:[:：]\d{2})?"
DATE = r"(?:(?:19|20)?\d{2}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
AGO = r"(?:\d{1,3}|半|[一两二三几])\s*(?:秒|分钟|小时|天|周|个?月|年)\s*(?:以?前)"
DAY = r"(?:刚刚|今天|昨天|前天|星期[一二三四五六日天]|周[一二三四五六日天]|yesterday|just now)"
WHEN = rf"(?:{AGO}|{DAY}(?:\s*(?:上午|下午|晚上|凌晨)?\s*{CLOCK})?|{DATE}(?:\s*{CLOCK})?|{CLOCK})"
REGION = r"(?:(?:发布于|来自|IP\s*属地\s*[:：]?|属地\s*[:：]?|from)\s*[\w\u3400-\u9fff\-·]{1,16})"
STAMP_LINE = re.compile(
    rf"^\W*(?:{WHEN}|{REGION})(?:[\s·|,，]*(?:{WHEN}|{REGION}|编辑过|已编辑|楼主|作者|关注|回复|\d+楼))*\W*$", re.IGNORECASE
)
NAME = r"[^\s:：,，。！？!?；;、“”《》]{1,20}(?: [^\s:：,，。！？!?；;、“”《》]{1,12}){0,2}"
NAME_LINE = re.compile(rf"^\W{{0,3}}{NAME}(?:\s*(?:关注|已关注|\+关注|楼主|作者|LV\.?\s*\d+|Lv\d+))*\s*\W{{0,3}}$")
BESIDE_TIME = re.compile(rf"^(?P<name>{NAME}?)(?P<rest>\s*[·|•,，]?\s*(?:{WHEN})(?:[\s·|]*(?:{WHEN}|{REGION}))*\s*)$", re.IGNORECASE)
LABELLED = re.compile(
    r"(?P<label>(?:^|(?<=[\s|·]))(?:作者|博主|楼主|发帖人|发布者|发布人|发表者|发布用户|投稿人|爆料人|网名|昵称|用户名|账号|帐号|回复人|评论人|留言人|"
    rf"author|posted by|username)\s*[:：]\s*)(?P<name>{NAME})",
    re.IGNORECASE | re.MULTILINE,
)
ANSWERS = re.compile(rf"^(?P<one>{NAME})\s+(?:回复|▶|▸|>)\s+(?P<other>{NAME})(?P<end>\s*[:：]|\s*$)", re.MULTILINE)
ANSWERED = re.compile(r"^(?P<one>[^\s:：,，。！？!?；;、“”《》@]{1,14}?)(?P<rest>\s*回复\s*@某用户\s*[:：])")
SAYS = re.compile(r"^(?P<name>[^\s:：,，。！？!?；;、“”《》]{1,14})\s*[:：](?=\s*\S)")
# what stands before a colon at the head of a line and is nobody's name
WORDS = re.compile(
    r"^(?:.*(?:时间|地点|地址|电话|日期|标题|来源|原因|情况|问题|诉求|通知|公告|提示|提醒|记者|编辑|通讯员|摄影|单位|部门|内容|结果|回应|答复|原标题|链接|备注|"
    r"说明|注意|注|附|图|作者|博主|楼主|发帖人|发布者|发布人|网名|昵称|用户名|账号|帐号|author|username|第[一二三四五六七八九十\d]+.?|https?|ps|温馨提示|网友|网民|评论|点赞|转发|阅读|播放)|\d+)$",
    re.IGNORECASE,
)


def read_off(text: str, keep: frozenset[str] = frozenset()) -> str:
    """TEXT as an OCR wrote it → as it is shown to the person who checks it: tidy, mentions and author lines masked.

    KEEP holds names of institutions that stay.
    """
    lines = [_tidy(line, keep) for line in text.replace("\r", "").replace("\x0c", "\n").split("\n")]
    return mask_mentions(mask_author_lines("\n".join(_without_gaps(lines)), keep), keep).strip()


def split_head(text: str) -> tuple[str, str]:
    """(the time that stands at the head of what was read off, the text without its author's line and that time).

    Only a head is taken off: a name and a time, or a time, before anything else was said.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    place = 1 if lines and lines[0] == NOBODY else 0
    if len(lines) > place + 1 and STAMP_LINE.match(lines[place]):
        found = re.search(WHEN, lines[place], re.IGNORECASE)
        return (found[0].strip() if found else ""), "\n".join(lines[place + 1 :])
    beside = BESIDE_TIME.match(lines[0]) if len(lines) > 1 else None
    if beside and beside["name"].strip() == NOBODY:
        found = re.search(WHEN, beside["rest"], re.IGNORECASE)
        return (found[0].strip() if found else ""), "\n".join(lines[1:])
    return "", "\n".join(lines)


def mask_author_lines(text: str, keep: frozenset[str] = frozenset()) -> str:
    """TEXT with the names of authors masked where their place gives them away: before a time, after 作者：, around 回复."""
    lines = text.split("\n")
    commented = sum(bool(_says(line)) for line in lines) >= 2
    masked = [_line(lines, place, keep, commented) for place in range(len(lines))]
    return "\n".join(masked)


def _line(lines: Sequence[str], place: int, keep: frozenset[str], commented: bool) -> str:
    line = lines[place]
    if not line.strip() or STAMP_LINE.match(line):
        return line
    if _is_name(line) and _next_is_stamp(lines, place):
        return line if _kept(line, keep) else NOBODY
    beside = BESIDE_TIME.match(line)
    if beside and beside["name"].strip() and _is_name(beside["name"]) and not _kept(beside["name"], keep):
        return NOBODY + beside["rest"]
    line = LABELLED.sub(lambda found: found[0] if _kept(found["name"], keep) else found["label"] + NOBODY, line)
    answered = ANSWERED.match(line)
    if answered and not _kept(answered["one"], keep):
        line = NOBODY + line[answered.end("one") :]
    line = ANSWERS.sub(lambda found: f"{NOBODY} 回复 {NOBODY}{found['end']}", line)
    said = _says(line) if commented else ""
    return NOBODY + line[len(said) :] if said and not _kept(said, keep) else line


def _says(line: str) -> str:
    """The name at the head of ``name: words``; "" where it is none."""
    found = SAYS.match(line)
    return found["name"] if found and not WORDS.match(found["name"]) and found["name"] != NOBODY else ""


def _is_name(line: str) -> bool:
    return bool(NAME_LINE.match(line)) and not WORDS.match(line.strip())


def _next_is_stamp(lines: Sequence[str], place: int) -> bool:
    after = next((line for line in lines[place + 1 : place + 3] if line.strip()), "")
    return bool(STAMP_LINE.match(after))


def _kept(name: str, keep: frozenset[str]) -> bool:
    return any(known in name for known in keep)


def _tidy(line: str, keep: frozenset[str]) -> str:
    """Without the blanks that an OCR puts between Han letters. Where it put one behind nearly each, none of them ends a name."""
    spaced = len(GAP.findall(line)) > len(TOGETHER.findall(line))
    line = AT_GAP.sub("", line)
    told = line if spaced else mask_mentions(line, keep)
    return GAP_DIGIT.sub("", GAP.sub("", told)).strip()


def _without_gaps(lines: Sequence[str]) -> list[str]:
    """No two empty lines behind one another."""
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
