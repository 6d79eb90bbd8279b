"""Counts and times as people copy them off a phone: 1.2万, 10w+, 3千; 昨天 08:12, 3分钟前, nothing for now."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

from groundswell.desk.spine.ports import local_now, zone
from groundswell.engine.read import read_stamp, stamp_to_utc
from groundswell.engine.read.dates import write_stamp

SCALES = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "萬": 10_000, "w": 10_000, "m": 1_000_000, "百万": 1_000_000, "千万": 10_000_000,
          "亿": 100_000_000, "億": 100_000_000}  # fmt: skip
NUMBER = re.compile(
    r"^(?P<n>\d+(?:\.\d+)?)\s*(?P<scale>千|k|万|萬|w|m|百万|千万|亿|億)?\s*(?:余|多)?\s*(?:次|人|个|条|赞|阅读|评论|转发|播放)?\s*\+?$"
)
MOST = 2_147_483_647
NOW = ("", "now", "现在", "刚刚", "刚才", "just now")
AHEAD = timedelta(minutes=10)


def count_of(text: str) -> int | None:
    """TEXT as a whole number: "1.2万" → 12000; None where nothing is written. Raises ValueError for what is no count."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace(",", "").replace(" ", "")
    if plain in ("", "-", "—"):
        return None
    found = NUMBER.match(plain)
    if not found:
        raise ValueError(text)
    return min(MOST, round(float(found["n"]) * SCALES[found["scale"] or ""]))


def seen_at(text: str) -> str:
    """TEXT as a stamp: nothing means now. Raises ValueError where no time can be read from it, or it lies ahead."""
    moment = local_now()
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in NOW:
        return write_stamp(moment.replace(microsecond=0))
    stamp = read_stamp(plain, now=moment, zone=str(zone()))
    at, _only_day = stamp_to_utc(stamp, str(zone())) if stamp else (None, False)
    if at is None or at > moment + AHEAD:
        raise ValueError(text)
    return stamp
