"""Bytes to text: the encoding is what the bytes say, then what the page says, then what reads most like a language."""

from __future__ import annotations

import codecs
import re

from groundswell.engine.read.errors import ReadError

LIMIT_BYTES = 8 * 1024 * 1024
SAMPLE_BYTES = 200_000
HEAD_BYTES = 4096
META = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.I)
BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# what a label means in practice: the larger set that contains it
WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "windows-1252": "cp1252",
    "utf8": "utf-8", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "tis-620": "cp874", "iso-8859-9": "cp1254",
}  # fmt: skip
GUESSES = ("gb18030", "big5hkscs")
MOST_MET = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经这個為國來時們對會發動過說產種後學經"
)
BINARY = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"%PDF", b"PK\x03\x04", b"\x7fELF", b"MZ\x90", b"RIFF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
BROKEN = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")  # controls, private use, what could not be read
MARKS = tuple(mark for mark, _ in BOMS)
NOT_PLAIN = (b"\x00", b"\x1b$", b"\x1b(", b"~{")  # two bytes a letter, or letters in disguise (ISO-2022, HZ)
SHORT = 24  # so few bytes outside ASCII prove nothing
DAMAGE = 0.02  # share of characters that may be broken in a declared encoding


def decode(body: bytes, charset: str = "", *, what: str = "", limit_bytes: int = LIMIT_BYTES) -> str:
    """BODY as text without NUL characters; CHARSET is what the header said.

    Raises ReadError: empty, too_large (above LIMIT_BYTES), not_text (a picture, an archive, a program).
    """
    if len(body) > limit_bytes:
        raise ReadError(what, "too_large", limit_bytes=limit_bytes, size_bytes=len(body))
    if not body or body.isspace():
        raise ReadError(what, "empty")
    if body.startswith(BINARY):
        raise ReadError(what, "not_text")
    head = body[:HEAD_BYTES]
    if not body.startswith(MARKS) and not any(mark in head for mark in NOT_PLAIN):
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if len(body) - len(text) >= SHORT or text.isascii():
                # no other encoding comes out as so much UTF-8 by chance; bytes are searched for NUL faster than text
                return text.replace("\x00", "") if b"\x00" in body else text
    return body.decode(detect_encoding(body, charset), "replace").replace("\x00", "").removeprefix("\ufeff")


def detect_encoding(body: bytes, charset: str = "") -> str:
    """The Python codec that BODY is in."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return name
    wide = _utf16_without_mark(body)
    if wide:
        return wide
    sample = body[:SAMPLE_BYTES]
    outside = len(sample) - len(sample.translate(None, _HIGH))
    declared = _declared(body, charset)
    if outside == 0:
        return "utf-8" if not declared or "16" in declared else declared
    if _is_utf8(sample) and (outside >= SHORT or not declared):
        return "utf-8"
    if declared and _damage(sample, declared) <= DAMAGE:
        return declared
    if _damage(sample, "utf-8") <= DAMAGE:
        return "utf-8"
    return _most_like_a_language(sample, declared)


_LOW, _HIGH = bytes(range(128)), bytes(range(128, 256))


def _utf16_without_mark(body: bytes) -> str:
    head = body[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * half and odd < 0.05 * half else ""


def _declared(body: bytes, charset: str) -> str:
    said = META.search(body[:HEAD_BYTES]) or META.search(body[:65_536])
    for label in (charset, said[1].decode("ascii") if said else ""):
        name = WIDER.get(label.strip().lower(), label.strip().lower())
        if name and "16" not in name and "32" not in name and _is_text_codec(name):
            return name
    return ""


def _is_text_codec(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _is_utf8(sample: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample)  # the end may be cut in the middle of a character
    except UnicodeDecodeError:
        return False
    return True


def _damage(sample: bytes, name: str) -> float:
    """Share of broken characters among those outside ASCII, 0–1."""
    text = sample.decode(name, "replace")
    if name == "utf-8" and "\ufffd" not in text:
        text = sample.translate(None, _LOW).decode(name)  # nothing was cut or broken: the rest is of no account, and long
    outside = len(text) - len(text.encode("ascii", "ignore"))
    return len(BROKEN.findall(text)) / max(outside, 1)


def _most_like_a_language(sample: bytes, declared: str) -> str:
    best, best_score = "cp1252", 0.02
    for name in dict.fromkeys((*GUESSES, *((declared,) if declared else ()))):
        text = sample.decode(name, "replace")
        han = sum(1 for char in text if "\u4e00" <= char <= "\u9fff")
        met = sum(1 for char in text if char in MOST_MET)
        score = met / max(han, 1) - 3 * _damage(sample, name) if han else 0.0
        if score > best_score:
            best, best_score = name, score
    return best
