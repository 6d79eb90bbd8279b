"""Dates as people, feeds and pages write them, read to a stamp: the wall time with its offset, or only the day."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

LONGEST = 300  # characters that are looked at
LONGEST_IN_WORDS = 48  # for the slow reader of last resort
EARLIEST, LATEST = 1970, 2100
GRACE = timedelta(days=1)  # a date without a year may lie so far ahead before it is last year's

HALF = r"(?P<half>上午|下午|晚上|夜间|凌晨|清晨|早上|早晨|中午|傍晚|晚)?\s*"
CLOCK = (
    HALF
    + r"(?P<h>\d{1,2})\s*(?::|时|時|点|點)\s*(?P<mi>\d{1,2})(?:\s*(?::|分)\s*(?P<s>\d{1,2})?(?:[.,]\d{1,9})?\s*秒?)?\s*(?P<ap>[AaPp]\.?[Mm]\b\.?)?"
)
OFFSET = r"(?:\s*(?P<z>Z\b|UTC\b|GMT\b|(?:UTC|GMT)?[+-]\d{2}:?\d{2}\b))?"
GAP = r"(?:\s*[T,，、|(（]?\s*(?:(?:星期|周|週|礼拜)[一二三四五六日天]\s*[)）]?)?\s*)"
TIME = rf"(?:{GAP}{CLOCK}{OFFSET})?"
FULL = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20)\d\d)\s*(?:[-/.年_]|-)\s*(?P<mo>\d{{1,2}})\s*[-/.月_]\s*(?P<d>\d{{1,2}})(?!\d)(?:\s*[日号號])?{TIME}"
)
PACKED = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<mo>[01]\d)(?P<d>[0-3]\d)(?:[T\s]?(?P<h>[0-2]\d):?(?P<mi>[0-5]\d):?(?P<s>[0-5]\d)?(?:\.\d+)?)?(?!\d)"
    + OFFSET
)
MONTH = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*(?:[-/.]\s*(?P<mo>0?[1-9]|1[0-2])|年\s*(?P<mo2>\d{1,2})\s*月)(?![\d\-/.:])")
SHORT = re.compile(rf"(?<![\d/.\-])(?P<mo>\d{{1,2}})\s*(?:[-/]|月)\s*(?P<d>\d{{1,2}})(?![\d/])(?:\s*[日号號])?{TIME}")
TWO_DIGIT = re.compile(rf"^(?P<y>\d\d)[-/.](?P<mo>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){TIME}")
BARE = re.compile(rf"^{CLOCK}$")
NAMES = {name: number for number, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1,
) for name in names.split()}  # fmt: skip
WORD = r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
ENGLISH_TIME = (
    r"(?:\s*(?:,|at|-|–|\||·|@)?\s*(?:at\s+)?(?P<h>\d{1,2})(?::(?P<mi>\d{2}))(?::(?P<s>\d{2}))?\s*(?P<ap>[ap]\.?m\b\.?)?"
    + r"(?:\s*(?P<z>Z\b|[A-Z]{2,4}\b|[+-]\d{2}:?\d{2}))?)?"
)
MONTH_FIRST = re.compile(rf"\b{WORD}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>(?:19|20)\d\d)(?!\d){ENGLISH_TIME}", re.I)
DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s\-]+(?:of\s+)?{WORD}[\s\-,]+(?P<y>(?:19|20)\d\d)(?!\d){ENGLISH_TIME}", re.I
)
EPOCH = re.compile(r"^\s*(\d{10}|\d{13}|\d{16})(?:\.\d+)?\s*$")
AGO = re.compile(
    r"(?P<n>\d{1,4}|半|一|两|二|三|几|an?|one)\s*(?:个)?\s*(?P<u>秒钟?|分钟|分|小时|钟头|天|日|周|星期|月|年|sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?)\s*(?:前|之前|以前|ago)",
    re.I,
)
DAY_WORD = re.compile(rf"(?P<w>大前天|前天|昨天|昨日|今天|今日|yesterday|today)\s*(?:at\s+)?(?:{CLOCK})?", re.I)
WEEKDAY = re.compile(rf"^(?P<last>上)?(?:星期|周|週|礼拜)(?P<w>[一二三四五六日天])\s*(?:{CLOCK})?$")
JUST_NOW = re.compile(r"刚刚|刚才|just now|moments? ago", re.I)
BACK = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "yesterday": 1, "今天": 0, "今日": 0, "today": 0}
NUMBERS = {"半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "几": 3, "a": 1, "an": 1, "one": 1}
UNITS: tuple[tuple[str, str, int], ...] = (  # begins with, in which steps, how many of them; days and longer know no minute
    ("秒", "seconds", 1), ("sec", "seconds", 1), ("分", "minutes", 1), ("min", "minutes", 1), ("小时", "hours", 1), ("钟头", "hours", 1), ("h", "hours", 1),
    ("天", "days", 1), ("日", "days", 1), ("day", "days", 1), ("周", "days", 7), ("星期", "days", 7), ("week", "days", 7),
    ("月", "days", 30), ("month", "days", 30), ("年", "days", 365), ("year", "days", 365),
)  # fmt: skip
HAN_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "00001" + "23456789")
HAN_DATE = re.compile(
    r"(?P<y>[〇零○Ｏ一二三四五六七八九]{4})年(?P<mo>[〇零一二三四五六七八九十]{1,3})月(?P<d>[〇零一二三四五六七八九十廿卅]{1,4})日"
)
ROC = re.compile(r"民[國国]\s*(\d{2,3})\s*年")
AFTERNOON = frozenset(("下午", "晚上", "夜间", "傍晚", "晚"))
WESTERN = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "IST": 5.5,
}
WEEKDAYS = {mark: place for place, marks in enumerate(("一", "二", "三", "四", "五", "六", "日天")) for mark in marks}
WORTH_TRYING = re.compile(r"\d.*(?:[-/:月]|[A-Za-z]{3})|[A-Za-z]{3}.*\d")


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone NAME (``Asia/Shanghai``, ``+08:00``); UTC where there is none of that name."""
    offset = _offset(name)
    if offset is not None:
        return offset
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def read_stamp(text: str, *, now: datetime | None = None, zone: str = "Asia/Shanghai", words: bool = True) -> str:
    """The first date and time in TEXT as a stamp: ``2026-11-23T16:05:00+08:00``, ``2026-11-23``, ``2026-11`` where no day is shown; "" where none.

    NOW resolves 昨天, 3分钟前 and dates without a year (they stay "" without it). ZONE holds where the text names no offset.
    WORDS lets the slow reader of last resort try what no pattern reads.
    """
    text = _plain(text)
    if not text:
        return ""
    place = zone_of(zone)
    here = now.astimezone(place) if now and now.tzinfo else now.replace(tzinfo=place) if now else None
    for reader in READERS:
        stamp = reader(text, here, place)
        if stamp:
            return stamp
    return _slowly(text, here, zone) if words and here and len(text) <= LONGEST_IN_WORDS and WORTH_TRYING.search(text) else ""


def stamp_to_utc(stamp: str, zone: str = "Asia/Shanghai") -> tuple[datetime | None, bool]:
    """STAMP as a time in UTC, and whether only the day (or month) was known: then it is that day's first moment in ZONE."""
    stamp = stamp.strip()
    if not stamp:
        return None, False
    try:
        if len(stamp) == 10 and stamp[4] == "-":
            return _at(date.fromisoformat(stamp), zone_of(zone)).astimezone(UTC), True
        if len(stamp) == 7 and stamp[4] == "-":
            return _at(date.fromisoformat(stamp + "-01"), zone_of(zone)).astimezone(UTC), True
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        read = read_stamp(stamp, zone=zone, words=False)
        return stamp_to_utc(read, zone) if read and read != stamp else (None, False)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone_of(zone))).astimezone(UTC), False
    except OverflowError:
        return None, False


def write_stamp(moment: datetime) -> str:
    """An aware time in the written form, to the second."""
    return moment.replace(microsecond=0).isoformat()


def _plain(text: str) -> str:
    text = text.strip()[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if "年" in text:
            text = ROC.sub(lambda found: f"{int(found[1]) + 1911}年", HAN_DATE.sub(_han_date, text))
    return " ".join(text.split())


def _han_date(found: re.Match[str]) -> str:
    return f"{found['y'].translate(HAN_DIGITS)}年{_han_number(found['mo'])}月{_han_number(found['d'])}日"


def _han_number(word: str) -> int:
    word = word.replace("廿", "二十").replace("卅", "三十")
    if "十" in word:
        tens, _, ones = word.partition("十")
        if "十" in ones:
            return 0  # no number: 十十一
        return int(tens.translate(HAN_DIGITS) or 1) * 10 + int(ones.translate(HAN_DIGITS) or 0)
    return int(word.translate(HAN_DIGITS))


def _at(day: date, place: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=place)


def _offset(word: str | None) -> timezone | None:
    if not word:
        return None
    word = word.strip().upper()
    digits = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})", word)
    if digits and int(digits[2]) < 24 and int(digits[3]) < 60:
        span = timedelta(hours=int(digits[2]), minutes=int(digits[3]))
        return timezone(-span if digits[1] == "-" else span)
    return timezone(timedelta(hours=WESTERN[word])) if word in WESTERN else None


def _build(found: re.Match[str], year: int, month: int, day: int, place: tzinfo) -> str:
    """The stamp of a found day and, where it was found, its time; "" where there is no such day."""
    try:
        that = date(year, month, day)
    except ValueError:
        return ""
    if not EARLIEST <= year <= LATEST:
        return ""
    groups = found.groupdict()
    moment = _with_clock(that, groups, _offset(groups.get("z")) or place)
    return write_stamp(moment) if moment else that.isoformat()


def _with_clock(day: date, groups: dict[str, str | None], place: tzinfo) -> datetime | None:
    if groups.get("h") is None or groups.get("mi") is None:
        return None
    hour, minute, second = int(groups["h"] or 0), int(groups["mi"] or 0), int(groups.get("s") or 0)
    later = groups.get("half") in AFTERNOON or (groups.get("ap") or "").lower().startswith("p")
    if later and hour < 12:
        hour += 12
    elif hour == 12 and ((groups.get("ap") or "").lower().startswith("a") or groups.get("half") == "凌晨"):
        hour = 0
    elif groups.get("half") == "中午" and hour < 4:
        hour += 12
    try:
        return datetime(day.year, day.month, day.day, hour, minute, min(second, 59), tzinfo=place)
    except ValueError:
        return None


def _full(text: str, here: datetime | None, place: tzinfo) -> str:
    for found in FULL.finditer(text):
        stamp = _build(found, int(found["y"]), int(found["mo"]), int(found["d"]), place)
        if stamp:
            return stamp
    return ""


def _packed(text: str, here: datetime | None, place: tzinfo) -> str:
    found = PACKED.search(text)
    return _build(found, int(found["y"]), int(found["mo"]), int(found["d"]), place) if found else ""


def _english(text: str, here: datetime | None, place: tzinfo) -> str:
    for pattern in (MONTH_FIRST, DAY_FIRST):
        found = pattern.search(text)
        if found:
            return _build(found, int(found["y"]), NAMES[found["m"].lower()], int(found["d"]), place)
    return ""


def _rfc822(text: str, here: datetime | None, place: tzinfo) -> str:
    if not (10 < len(text) < 60 and text[-1] not in "年月日"):
        return ""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    if not EARLIEST <= moment.year <= LATEST or ":" not in text:
        return ""
    return write_stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC if text.endswith("-0000") else place))


def _epoch(text: str, here: datetime | None, place: tzinfo) -> str:
    found = EPOCH.match(text)
    if not found:
        return ""
    seconds = int(found[1]) / 10 ** (len(found[1]) - 10)
    try:
        return write_stamp(datetime.fromtimestamp(seconds, place))
    except (ValueError, OverflowError, OSError):
        return ""


def _ago(text: str, here: datetime | None, place: tzinfo) -> str:
    if here is None:
        return ""
    found = AGO.search(text)
    if not found:
        return write_stamp(here) if JUST_NOW.search(text) else ""
    number = NUMBERS.get(found["n"].lower()) or float(found["n"])
    _, steps, size = next(row for row in UNITS if found["u"].lower().startswith(row[0]))
    moment = here - timedelta(**{steps: number * size})
    return moment.date().isoformat() if steps == "days" and number >= 1 else write_stamp(moment)


def _day_word(text: str, here: datetime | None, place: tzinfo) -> str:
    found = DAY_WORD.search(text) if here else None
    if not found or here is None:
        return ""
    day = here.date() - timedelta(days=BACK[found["w"].lower()])
    return _build(found, day.year, day.month, day.day, place)


def _weekday(text: str, here: datetime | None, place: tzinfo) -> str:
    found = WEEKDAY.match(text) if here else None
    if not found or here is None:
        return ""
    back = (here.weekday() - WEEKDAYS[found["w"]]) % 7
    if found["last"]:
        back = here.weekday() + 7 - WEEKDAYS[found["w"]]
    day = here.date() - timedelta(days=back)
    stamp = _build(found, day.year, day.month, day.day, place)
    if back == 0 and len(stamp) > 10 and stamp > write_stamp(here + timedelta(minutes=10)):
        day -= timedelta(days=7)
        stamp = _build(found, day.year, day.month, day.day, place)
    return stamp


def _without_year(text: str, here: datetime | None, place: tzinfo) -> str:
    if here is None:
        return ""
    for found in SHORT.finditer(text):
        month, day = int(found["mo"]), int(found["d"])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            continue
        year = here.year
        try:
            if date(year, month, day) > (here + GRACE).date():
                year -= 1
        except ValueError:
            year -= 1  # 29 February
        stamp = _build(found, year, month, day, place)
        if stamp:
            return stamp
    return ""


def _two_digit_year(text: str, here: datetime | None, place: tzinfo) -> str:
    found = TWO_DIGIT.match(text)
    if not found or not 1 <= int(found["mo"]) <= 12:
        return ""
    century = 2000 if int(found["y"]) < 70 else 1900
    return _build(found, century + int(found["y"]), int(found["mo"]), int(found["d"]), place)


def _month_only(text: str, here: datetime | None, place: tzinfo) -> str:
    found = MONTH.search(text)
    month = int(found["mo"] or found["mo2"]) if found else 0
    return f"{found['y']}-{month:02d}" if found and 1 <= month <= 12 else ""


def _bare_clock(text: str, here: datetime | None, place: tzinfo) -> str:
    found = BARE.match(text) if here else None
    if not found or here is None:
        return ""
    moment = _with_clock(here.date(), found.groupdict(), place)
    if moment and moment > here + timedelta(minutes=10):
        moment -= timedelta(days=1)
    return write_stamp(moment) if moment else ""


def _slowly(text: str, here: datetime, zone: str) -> str:
    import warnings

    import dateparser

    settings = {"RELATIVE_BASE": here.replace(tzinfo=None), "TIMEZONE": zone, "RETURN_AS_TIMEZONE_AWARE": True, "PREFER_DATES_FROM": "past", "STRICT_PARSING": False,
                "REQUIRE_PARTS": ["month", "day"]}  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            moment = dateparser.parse(text, languages=["zh", "zh-Hant", "en"], settings=settings)
        except (ValueError, TypeError, OverflowError, KeyError, RecursionError):
            return ""
    if moment is None or not EARLIEST <= moment.year <= LATEST:
        return ""
    return write_stamp(moment) if re.search(r"\d[:时点]\d", text) else moment.date().isoformat()


READERS: tuple[Callable[[str, datetime | None, tzinfo], str], ...] = (
    _epoch, _full, _english, _rfc822, _ago, _day_word, _packed, _weekday, _two_digit_year, _month_only, _without_year, _bare_clock,
)  # fmt: skip
