"""Pictures as phones make them: a post on a screen, with its author's line, drawn for the test."""

from __future__ import annotations

import io
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

PIL = pytest.importorskip("PIL")
from PIL import Image, ImageDraw, ImageFont  # noqa: E402


@lru_cache(maxsize=1)
def chinese_font() -> str:
    """Where a Chinese font lies, "" where there is none."""
    try:
        told = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True, timeout=10, check=False).stdout
    except OSError:
        return ""
    found = sorted(line.split(":")[0] for line in told.splitlines() if "Sans" in line and "Regular" in line) or sorted(
        line.split(":")[0] for line in told.splitlines()
    )
    return next((path for path in found if Path(path).is_file()), "")


def post(lines: list[str], *, size: int = 30, width: int = 1080, **save: Any) -> bytes:
    """LINES on a white screen, as PNG unless SAVE says otherwise."""
    font: Any = ImageFont.truetype(chinese_font(), size) if chinese_font() else ImageFont.load_default(size)
    picture = Image.new("RGB", (width, 80 + len(lines) * size * 2), "white")
    pen = ImageDraw.Draw(picture)
    for place, line in enumerate(lines):
        pen.text((40, 40 + place * size * 2), line, fill="black", font=font)
    out = io.BytesIO()
    picture.save(out, **({"format": "PNG"} | save))
    return out.getvalue()


def bomb(side: int = 20_000) -> bytes:
    """A small file that unpacks to SIDE × SIDE points."""
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()
