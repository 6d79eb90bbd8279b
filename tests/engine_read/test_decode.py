"""Encodings: what the bytes say counts more than what is declared."""

from __future__ import annotations

import pytest

from groundswell.engine.read.decode import decode
from groundswell.engine.read.errors import ReadError

TEXT = "云岭县水务局发布通知：因管道抢修，清河镇部分区域停水，请居民提前储水，注意安全。"
HANT = "雲嶺縣水務局發布通知：因管道搶修，清河鎮部分區域停水，請居民提前儲水，這是為了大家的安全。"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (TEXT, "gb18030", "gb2312"),
        (TEXT, "gbk", ""),
        (TEXT, "utf-8", "gb2312"),  # the wrong declaration met most
        (TEXT, "gb18030", "utf-8"),
        (HANT, "big5", "big5"),
        (HANT, "big5", ""),
        (TEXT, "utf-16", ""),
        (TEXT, "utf-16-le", ""),
        (TEXT, "utf-8-sig", ""),
    ],
)
def test_reads_what_was_written(text: str, encoding: str, declared: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    assert text in decode(f"<html><head>{meta}</head><body>{text}</body></html>".encode(encoding))


@pytest.mark.parametrize(
    ("body", "cause"), [(b"", "empty"), (b" \n", "empty"), (b"\x89PNG\r\n", "not_text"), (b"x" * 9_000_000, "too_large")]
)
def test_refuses(body: bytes, cause: str) -> None:
    with pytest.raises(ReadError) as error:
        decode(body)
    assert error.value.cause == cause
    assert error.value.mend
