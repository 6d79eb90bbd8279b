"""Makes hostile text fit for paper: no control characters, no halves of characters, no tricks of direction."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# What XML 1.0 forbids, the C1 controls, the marks that turn the direction of text, and the BOM.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]"
    "|[" + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)) + "]"
)
_BREAKS = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]+")
_BLANKS = re.compile(r"[ \t\xa0]+")


def one_line(text: str) -> str:
    """The text without forbidden characters, every line end and run of blanks as one blank."""
    return _BLANKS.sub(" ", _FORBIDDEN.sub("", _BREAKS.sub(" ", text))).strip(" ")


def paragraphs(text: str) -> tuple[str, ...]:
    """The text's paragraphs, each clean, empty ones left out; leading full-width blanks are dropped since layout indents."""
    return tuple(line for part in _BREAKS.split(text) if (line := one_line(part).strip("\u3000 ")))


def web_address(url: str) -> str:
    """The address if it is http or https with a host, else "": nothing else may become a link on paper."""
    url = one_line(url).replace(" ", "%20")
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
