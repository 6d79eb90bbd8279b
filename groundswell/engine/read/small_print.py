"""Lines at the edges of a body that are none of it: captions, credits, notes of the editors, invitations to subscribe."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re

from groundswell.engine.read.layout import fold, is_title_of

CAPTION_LENGTH, NOTE_LENGTH = 90, 120
HEAD_LINES, END_LINES = 6, 8
CAPTION = re.compile(
    r"[▲△▼↑↓]|(?:图为|图片来源|图源|图片说明|资料图|题图|摄影|视频来源)|[（(]?\s*(?:原标题|原题为|原题|本文原标题|本文来自|来源)[:：《]"
)
CAPTION_END = re.compile(r"(?:[\s/／、]摄|供图|图源?|摄影|截图|资料图?|摄图网|视觉中国)\s*[）)。]?$")
LONGEST_END = 8  # characters that CAPTION_END may need
ENGLISH_CAPTION = re.compile(
    r"\W*(?:advert(?:isement)?|sponsored|loading\W*|share (?:this|on)\b.*|photo(?: by)?:.*|image:.*|getty images|click here.*|watch:.*|read more:.*|also read:.*|story continues.*)\W*$",
    re.I,
)  # fmt: skip
END = re.compile(
    r"^\W{0,4}(?:责任编辑|责编|编辑\s*[:：|｜/]|记者\s*[:：|｜]|扫描下方|我要跟帖|评论\s*[（(]|（?编辑[:：]|作者声明|免责声明|特别声明|版权声明|郑重声明|声明[:：]|相关阅读|相关新闻|相关链接|相关文章|"
    r"延伸阅读|推荐阅读|热门推荐|更多精彩|猜你喜欢|上一篇|下一篇|分享到|分享至|扫一扫|扫描二维码|网友评论|我来说两句|发表评论|返回搜狐|打印本页|关闭窗口|本文来源[:：]|文章来源[:：]|标签[:：]|"
    r"关键词[:：]|转载请注明|更多资讯|举报/反馈|校对[:：]|审核[:：]|监制[:：]|"
    r"(?:related (?:stories|articles|links|topics|content|posts)|more (?:from|stories)|share this|follow us|advertisement|all rights reserved|©|tags?:|filed under|most (?:read|popular))\b)",
    re.I,
)  # fmt: skip


HEAD = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
HEAD_WORD = re.compile(r"来源|作者|点击|浏览|阅读|发布|发表|字号|字体|编辑|责编|时间|打印|分享")
HEAD_LENGTH, HEAD_WORDS = 90, 2


def is_caption(line: str) -> bool:
    """A caption or a note of where the text is from, as Chinese pages have them. In two looks, for one pattern would be tried at each character."""
    return CAPTION.match(line) is not None or (not line.isascii() and CAPTION_END.search(line[-LONGEST_END:]) is not None)


def _is_head(line: str) -> bool:
    """The line of time and source under a title."""
    return len(line) < HEAD_LENGTH and HEAD.search(line) is not None and len(HEAD_WORD.findall(line)) >= HEAD_WORDS


def without_small_print(lines: list[str], title: str) -> list[str]:
    """LINES less captions, less the title on top, less what follows where the small print begins near the end."""
    folded = fold(title)
    kept = [line for line in lines if not (len(line) < CAPTION_LENGTH and (is_caption(line) or ENGLISH_CAPTION.match(line)))] or lines
    start = next((place for place, line in enumerate(kept[:HEAD_LINES]) if not (is_title_of(line, folded) or _is_head(line))), 0)
    kept = kept[start:] or kept
    for place in range(max(1, len(kept) - END_LINES), len(kept)):
        if len(kept[place]) < NOTE_LENGTH and END.search(kept[place]):
            return kept[:place]
    return kept
