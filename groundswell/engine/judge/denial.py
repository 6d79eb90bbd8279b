"""Whether a text says of a name that it is not the one: 不是清河镇，是石桥镇; 这事不归教育局管."""

from __future__ import annotations

import re

BEFORE, AFTER = 12, 10  # characters looked at
_BEFORE = re.compile(
    r"(?:不是|不归|不怪|不属于|不在|别找|别再找|别跟|别和|别再?推给|不关|并非|没归|不该找|不是找"
    r"|not the|not in|not at|nothing to do with)(?:我们|咱们?|县|.{0,4}那个|the )?$"
)
_WITH = re.compile(r"(?:和|跟|与|同)$")
_AFTER = re.compile(
    r"(?:那边|的事)?(?:没有?(?:什么|一点|半点)?关系|无关|不搭界|没有联系)|[说称]?(?:这)?不(?:归(?:他们|它们|我们)?管?|是(?:他们|它们|我们)的?(?:事|管))|[说称]超出职责|不管这事|搞混|不一样"
)


def is_denied(text: str, start: int, end: int) -> bool:
    """Is the name at text[start:end] said not to be meant?"""
    before, after = text[max(0, start - BEFORE) : start], text[end : end + AFTER]
    if _BEFORE.search(before):
        return True
    denied = _AFTER.match(after)
    return denied is not None and (bool(_WITH.search(before)) or not denied[0].startswith(("搞混", "不一样")))
