"""Finds the Chinese faces that the PDF needs, and says which package to install where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import typst

from groundswell.reports import look

PACKAGE = "fonts-noto-cjk"


class NoChineseFont(RuntimeError):
    """No face with Chinese characters is installed."""

    def __init__(self) -> None:
        super().__init__(
            "No Chinese font was found on this machine, so the PDF would show empty boxes. "
            f"Install the package {PACKAGE} (Debian, Ubuntu: apt-get install {PACKAGE}), or put a font file such as "
            "NotoSerifCJK-Regular.ttc into the system's font folder, and try again."
        )


@lru_cache(maxsize=1)
def known_fonts() -> typst.Fonts:
    """This machine's faces, looked for once; typst takes them ready, which saves most of a short paper's time."""
    return typst.Fonts(include_embedded_fonts=False)


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """Family names of this machine's faces and a file of each."""
    found: dict[str, Path] = {}
    for face in known_fonts().fonts():
        if face.path and face.family not in found:
            found[face.family] = Path(face.path)
    return found


def installed_of(faces: Iterable[str]) -> tuple[str, ...]:
    """Those of ``faces`` that this machine has, in the order given. New fonts are seen after a restart."""
    return tuple(face for face in faces if face in _installed())


def find_chinese_font() -> Path | None:
    """The file of the face that bodies of Chinese papers are set in here, None where there is none."""
    have = installed_of((*look.FANGSONG, *look.SONG, *look.HEITI))
    return _installed()[have[0]] if have else None


def require_chinese_font() -> Path:
    """The same; raises NoChineseFont with what to install."""
    path = find_chinese_font()
    if path is None:
        raise NoChineseFont
    return path
