"""The measures, faces and colours of the red-head paper, shared by DOCX, PDF and HTML.

Page and type area follow GB/T 9704-2012: A4, top 37 mm, left 28 mm, a type area of 156 × 225 mm, which
leaves 26 mm right and 35 mm below; body 三号 (16 pt) 仿宋, 22 lines a page.
"""

from __future__ import annotations

TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TYPE_WIDTH_MM = 210 - LEFT_MM - RIGHT_MM
TYPE_WIDTH_PT = TYPE_WIDTH_MM / 25.4 * 72
BODY_PT = 16.0
LINE_PT = 28.9  # 22 lines fill 225 mm
SMALL_PT = 14.0  # 四号: foot block, page number
NOTE_PT = 12.0  # 小四: list of sources, figures
ISSUE_PT = 16.0

RED = "C3171D"
INK = "1A1A1A"
GREY = "555555"

# The first face that the reader's machine has is taken; the last is Debian's fonts-noto-cjk.
FANGSONG = ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC")
BIAOSONG = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", "Noto Serif CJK SC", "Source Han Serif SC")
HEITI = ("黑体", "SimHei", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
SONG = ("宋体", "SimSun", "Songti SC", "STSong", "Noto Serif CJK TC", "Noto Serif CJK JP", "AR PL UMing CN")
LATIN = ("Times New Roman", "Liberation Serif", "Noto Serif")


def width_in_ems(text: str) -> float:
    """About how wide a line of text runs, in ems: a Han character one, a Latin one a little over half."""
    return sum(1.0 if ord(char) >= 0x2E80 else 0.3 if char in " .,:;|!'iIjl" else 0.58 for char in text)


def masthead_pt(title: str) -> float:
    """Size of the masthead in points so that it stands on one line: at most 50, at least 18 (then it may take two)."""
    bold = 1.14 if title.isascii() else 1.0  # bold Latin letters run wider
    ems = max(1.0, width_in_ems(title) * (1.0 + masthead_spacing(title)) * bold)
    return max(18.0, min(50.0, TYPE_WIDTH_PT * 0.94 / ems))


def masthead_spacing(title: str) -> float:
    """Space between the letters of the masthead, in ems: wide for short Chinese, none for Latin and long ones."""
    if any(ord(char) < 0x2E80 for char in title):
        return 0.0
    return 0.14 if len(title) <= 8 else 0.04
