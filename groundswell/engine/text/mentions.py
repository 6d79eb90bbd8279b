"""Private names leave the text at reading: mentions are masked, authors become keyed hashes.

Names in running prose stay: they are part of what was said, and nothing is indexed or counted by them.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

MASK = "@某用户"
HIDDEN = "\u200b-\u200f\u2060\ufeff"
LETTER = rf"[\w\u00b7\u2022\u30fb.\-{HIDDEN}\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]"
LETTERS = re.compile(LETTER)
NAME = rf"{LETTER}{{1,30}}"
LATIN_NAME = r"[A-Za-z][\w.\-]*(?: [A-Za-z][\w.\-]*){0,3}"
AT = rf"[@＠][{HIDDEN}]*"
# what stands between 回复 and a colon and is nobody's name
NO_NAME = "(?!(?:说|道|称|如下|内容|意见|时间|日期|单位|部门|情况|结果|是|为|网友|网民|人|全文|摘要)[^\\n:：]{0,6}[:：])"
BOUND = r"(?<![A-Za-z0-9._%+\-])"  # not within an e-mail address
PLAIN_MENTION = rf"(?P<plain>{AT}(?P<n4>{NAME}(?:@[A-Za-z0-9.\-]+\.[A-Za-z]+)?))"
MENTION = re.compile(
    rf"(?P<chain>//\s*{AT}(?P<n1>{NAME})\s*[:：])"
    rf"|(?P<answer>(?:(?:回复|回覆|答复)(?P<floor>\s*第?\d{{1,6}}\s*[楼樓#F])?(?:\s*{AT}|\s+)|(?:(?:^|(?<=[\s】\]>》]))(?:回复|回覆|答复))){NO_NAME}(?P<n2>{LATIN_NAME}|{NAME})\s*[:：])"
    rf"|(?P<reply>\b[Rr]eply(?:ing)? to\s+(?:{AT})?(?P<n5>{LATIN_NAME}|{NAME})\s*[:：])"
    rf"|(?P<repost>\b(?P<how>RT|MT|via)\s+{AT}(?P<n3>{NAME})(?P<end>\s*[:：])?)"
    rf"|{BOUND}{PLAIN_MENTION}",
    re.MULTILINE,
)
BEHIND = re.compile(PLAIN_MENTION)  # a mention right behind another
NAME_OF = {"chain": "n1", "answer": "n2", "reply": "n5", "repost": "n3", "plain": "n4"}  # the name in each kind of mention
# what boards put above the words of another: "name 发表于 2026-11-23 08:00", "本帖最后由 name 于 … 编辑", "Originally posted by name"
DAY = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|昨天|前天|今天)"
WHEN = rf"(?:{DAY}\s*\d{{1,2}}[:：]\d{{2}}|\d{{1,3}}\s*(?:分钟|小时|天)前)"
QUOTED = re.compile(
    rf"(?P<before>(?:^|(?<=[\s\]】>》:：“\"]))(?:原帖由\s*|引用[:：]?\s*|以下是引用\s*)?)(?!本[文帖]|此文|该文|文章|最后|发[表布]|發表|某用户)(?:{AT})?(?P<q1>{NAME})"
    rf"(?P<after>\s*(?:发表于|發表於|发布于|于|在)\s*{WHEN})"
    rf"|(?P<last>最[后後]由\s*)(?!某用户)(?P<q2>{NAME})(?P<end>\s*[于於])"
    rf"|(?P<by>\b(?:[Oo]riginally [Pp]osted|[Pp]osted|[Qq]uote[d]?) (?:by|from):?\s+)(?!某用户)(?P<q3>{LETTER}{{2,30}})"
    rf"|(?P<line>^)(?!某用户)(?P<q4>{LATIN_NAME}|{NAME})(?P<wrote>\s+wrote:)",
    re.MULTILINE,
)
MENTIONS = ("@", "＠", "回复", "回覆", "答复", "eply")
QUOTES = ("发表于", "發表於", "发布于", "原帖由", "引用", "后由", "後由", "osted ", "uote", " wrote:")


def mask_mentions(text: str, keep: frozenset[str] = frozenset()) -> str:
    """TEXT with ``@name``, ``//@name:``, ``回复 name:`` and ``RT @name`` turned into ``@某用户``, and the names above quoted posts too.

    KEEP holds names of institutions that stay. E-mail addresses are no mentions and stay too.
    """
    while (masked := _once(text, keep)) != text:
        text = masked  # what a name hid shows itself only once the name is gone
    return text


def _once(text: str, keep: frozenset[str]) -> str:
    if any(word in text for word in QUOTES):
        text = QUOTED.sub(lambda found: _unquoted(found, keep), text)
    return _hidden(text, keep) if any(word in text for word in MENTIONS) else text


def _hidden(text: str, keep: frozenset[str]) -> str:
    """TEXT without the mentions that it shows; one that stood right behind another, as in @a@b, shows itself once that is gone.

    What goes on behind a name of full length is no part of it: a blank keeps the two apart.
    """
    parts, at, is_behind = [], 0, False
    while found := (is_behind and BEHIND.match(text, at)) or MENTION.search(text, at):
        masked = _masked(found, keep)
        parts += [text[at : found.start()], masked]
        at = found.end()
        is_behind = masked != found[0] and text[at : at + 1] in ("@", "＠")
        if not is_behind and masked != found[0] and masked.endswith(MASK) and LETTERS.match(text, at):
            parts.append(" ")
    return "".join([*parts, text[at:]])


def _masked(found: re.Match[str], keep: frozenset[str]) -> str:
    kind = found.lastgroup or "plain"  # the last that closed: it holds all others
    if any(found[NAME_OF[kind]].startswith(known) for known in keep):
        return found[0]
    if kind == "chain":
        return f"//{MASK}:"
    if kind == "answer":
        return f"回复{(found['floor'] or '').strip()}{MASK}:"
    if kind == "reply":
        return f"Reply to {MASK}:"
    if kind == "repost":
        return f"{found['how']} {MASK}{':' if found['end'] else ''}"
    return MASK


def _unquoted(found: re.Match[str], keep: frozenset[str]) -> str:
    name = next(value for value in found.group("q1", "q2", "q3", "q4") if value is not None)
    if any(name.startswith(known) for known in keep):
        return found.group(0)
    around = [found[part] or "" for part in ("before", "last", "by", "line")], [found[part] or "" for part in ("after", "end", "wrote")]
    return "".join(around[0]) + MASK[1:] + "".join(around[1])


def voice(author: str, *, source: str, key: bytes) -> str:
    """16 hex digits that stand for AUTHOR of SOURCE as long as KEY lives (HMAC-SHA-256); "" for no author."""
    name = author.strip()
    return hmac.new(key, f"{source}\n{name}".encode("utf-8", "surrogatepass"), sha256).hexdigest()[:16] if name else ""
