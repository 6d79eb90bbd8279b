"""A brief or one item as a few lines of plain text, to be pasted into a message on a phone."""

from __future__ import annotations

import re

from groundswell.reports.clean import one_line
from groundswell.reports.paper import Brief, BriefItem
from groundswell.reports.sheet import compose, stamp_parts, told
from groundswell.reports.words import Words, words_of

_ENDS = re.compile(r"[。！？!?；;…]+[”’』」）)\"']*|\.(?=\s|$)[”’)\"']*")
_PAUSES = re.compile(r"[，、；：,;:]|\s")
_CITES = re.compile(r"\s?\[\d{1,4}\]")


def brief_text(what: BriefItem | Brief, limit: int = 200, language: str = "") -> str:
    """Plain text of ``limit`` characters at most, cut at the end of a sentence where one lies in it.

    An item gives level, first time, title, text and advice: level, time and title are always kept (a title
    longer than the room is cut), the advice before the rest of the text. A brief gives its masthead, date
    and one line an item, as many as fit. ``language`` is needed for an item; a brief has its own."""
    if isinstance(what, Brief):
        return _brief(what, limit)
    return _item(what, limit, words_of(language or "zh-hans"))


def cut(text: str, limit: int, mark: str = "……") -> str:
    """The text, if need be cut after its last whole sentence within ``limit``.

    Where no sentence ends there, it is cut after a clause or word and gets ``mark``."""
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _ENDS.finditer(text) if match.end() <= limit]
    if ends:
        return text[: ends[-1]].rstrip()
    room = limit - len(mark)
    if room <= 0:
        return text[: max(limit, 0)]
    clauses = [match.end() for match in _PAUSES.finditer(text[: room + 1]) if room / 2 <= match.start() <= room]
    return text[: clauses[-1] if clauses else room].rstrip("，、,；;：: （(“") + mark


def _item(item: BriefItem, limit: int, words: Words) -> str:
    mark = words["ellipsis"]
    head = _head(item, words)
    title = one_line(item.title)
    room = limit - len(head.replace("\0", ""))
    if len(title) > room:
        title = title[: max(room - len(mark), 0)] + mark
    head = head.replace("\0", title)[:limit]
    text = one_line(_CITES.sub("", item.text))
    advice = words["advice"] + one_line(_CITES.sub("", item.advice)) if item.advice.strip() else ""
    left = limit - len(head)
    apart = "" if words["lang"].startswith("zh") else " "
    if advice and len(advice) + len(apart) <= left * 0.6:
        left -= len(advice) + len(apart)
        text = cut(text, left, mark) if left > len(mark) + 8 or len(text) <= left else ""
        return head + text + (apart if text else "") + advice
    return (head + (cut(text, left, mark) if left > len(mark) + 8 or len(text) <= left else "")).rstrip()


def _head(item: BriefItem, words: Words) -> str:
    """【Ⅱ级 重大】11月23日06:42 title。 with a mark where the title goes."""
    dated = [(parts, line.at) for line in item.sources if (parts := stamp_parts(line.at))]
    first = min(dated, key=lambda pair: (pair[0][:3], pair[0][3:] or (24, 0)), default=None)  # of one day, the known minute first
    time = told(first[1], words, "text_time", "text_day") if first else ""
    level = words[f"level_{item.level}_name"] if item.level else ""
    zh = words["lang"].startswith("zh")
    front = (f"【{level}】" if zh else f"[{level}] ") if level else ""
    return f"{front}{time}{' ' if time else ''}\0{'。' if zh else '. '}"


def _brief(brief: Brief, limit: int) -> str:
    words = words_of(brief.language)
    sheet = compose(brief)
    lines = [cut(f"{sheet.title} {sheet.issue} {sheet.date}", limit, words["ellipsis"])]
    used = len(lines[0])
    titles = [item.title for section in sheet.sections for item in section.items] or [sheet.empty]
    for title in titles:
        if used + 1 + len(title) > limit:
            if used + 1 + len(words["ellipsis"]) <= limit:
                lines.append(words["ellipsis"])
            break
        lines.append(title)
        used += 1 + len(title)
    return "\n".join(lines)
