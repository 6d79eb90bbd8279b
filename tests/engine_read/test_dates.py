"""Dates as pages, feeds and people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundswell.engine.read.dates import read_stamp, stamp_to_utc

NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)  # Monday 16:06 in Shanghai


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("3分钟前", "2026-11-23T16:03:00+08:00"),
        ("半小时前", "2026-11-23T15:36:00+08:00"),
        ("3\xa0天前", "2026-11-20"),  # the hour of a day so far back is not known
        ("昨天 08:12", "2026-11-22T08:12:00+08:00"),
        ("前天18:30", "2026-11-21T18:30:00+08:00"),
        ("刚刚", "2026-11-23T16:06:00+08:00"),
        ("星期三 10:00", "2026-11-18T10:00:00+08:00"),
        ("11-23 16:05", "2026-11-23T16:05:00+08:00"),
        ("12-31", "2025-12-31"),  # not yet come: last year's
        ("17:24", "2026-11-22T17:24:00+08:00"),  # later than now: yesterday's
        ("2026年11月23日", "2026-11-23"),
        ("二〇一九年五月二十日", "2019-05-20"),
        ("民国115年3月4日", "2026-03-04"),
        ("２０２６－１１－２３　１６：０５", "2026-11-23T16:05:00+08:00"),  # full width
        ("2019年05月17日 星期五 下午3:05", "2019-05-17T15:05:00+08:00"),
        ("2020/1/6 12:09:38", "2020-01-06T12:09:38+08:00"),
        ("2020-05", "2020-05"),  # no day is shown, so none is made up
        ("Mon, 23 Nov 2026 16:05:00 +0800", "2026-11-23T16:05:00+08:00"),
        ("Mon, 23 Nov 2026 08:05:00 GMT", "2026-11-23T08:05:00+00:00"),
        ("2026-11-23T16:05:00Z", "2026-11-23T16:05:00+00:00"),
        ("2019-09-07T13:43:45.123+0800", "2019-09-07T13:43:45+08:00"),
        ("1795421100", "2026-11-23T16:05:00+08:00"),
        ("1795421100000", "2026-11-23T16:05:00+08:00"),
        ("November 23, 2026 4:05 PM", "2026-11-23T16:05:00+08:00"),
        ("发布时间：2019-09-07 13:43:45 来源：", "2019-09-07T13:43:45+08:00"),
        ("2026-13-45", ""),
        ("25日", ""),
        ("hello", ""),
        ("", ""),
    ],
)
def test_reads(text: str, stamp: str) -> None:
    assert read_stamp(text, now=NOW) == stamp


def test_relative_words_need_a_now() -> None:
    assert read_stamp("3分钟前") == ""


@pytest.mark.parametrize(
    ("stamp", "moment", "only_day"),
    [
        ("2026-11-23", datetime(2026, 11, 22, 16, tzinfo=UTC), True),
        ("2026-11-23T16:05:00+08:00", datetime(2026, 11, 23, 8, 5, tzinfo=UTC), False),
        ("2026-11-23T16:05", datetime(2026, 11, 23, 8, 5, tzinfo=UTC), False),
        ("2020/1/6 12:09:38", datetime(2020, 1, 6, 4, 9, 38, tzinfo=UTC), False),
        ("1795421100", datetime(2026, 11, 23, 8, 5, tzinfo=UTC), False),
        ("never", None, False),
    ],
)
def test_to_utc(stamp: str, moment: datetime | None, only_day: bool) -> None:
    assert stamp_to_utc(stamp, "Asia/Shanghai") == (moment, only_day)
