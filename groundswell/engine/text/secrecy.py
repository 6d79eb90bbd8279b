"""Secrecy marks (密级): a text that bears one at its head does not belong into this system at all.

The mark as it stands on documents: 秘密★10年, 机密★, 绝密, alone on its line, or after 密级：. Prose that speaks of secrets is none.
"""

from __future__ import annotations

import re

from groundswell.engine.text.normal import fold

HEAD_LINES, HEAD_LETTERS = 8, 400
GRADE = r"(?P<grade>绝\s*密|机\s*密|秘\s*密)"
STAR = r"\s*[★☆✭✩⭐*✱＊]"
TERM = r"(?:\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:年|个?月)|\s*长期)?"
STARRED = re.compile(GRADE + STAR)
LABELLED = re.compile(rf"(?:密\s*级|保密级别|秘密等级)\s*[:：]?\s*{GRADE}")
ALONE = re.compile(rf"^\W*{GRADE}{TERM}\W*$", re.MULTILINE)
# an OCR takes the star for a letter of about that shape
MISREAD = re.compile(rf"^\W*{GRADE}\s*(?:[女妇娘如好大太文交丈火米来水汰术]|[A-Za-z*]{{1,2}}){TERM}\W*$", re.MULTILINE)


def secrecy_mark(text: str, *, read_off: bool = False) -> str:
    """The grade (绝密, 机密, 秘密) that TEXT is marked with at its head; "" where it bears none. READ_OFF: from a picture."""
    head = "\n".join(line.strip() for line in text.strip().splitlines()[:HEAD_LINES])[:HEAD_LETTERS]
    head = head.replace("絕", "绝").replace("機", "机").replace("級", "级")
    for place in (head, fold(head)):
        found = STARRED.search(place) or LABELLED.search(place) or ALONE.search(place) or (MISREAD.search(place) if read_off else None)
        if found:
            return re.sub(r"\s", "", found["grade"])
    return ""
