"""The title of a page: the heading that its title tag repeats, else what is declared, else the only first heading."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from groundswell.engine.read.plain import tidy
from groundswell.engine.read.tree import PageTree, split_address

TITLE_META = ("og:title", "twitter:title", "articletitle", "title", "headline", "dc.title")
SEPARATORS = re.compile(r"\s*(?:(?<!\d)-+(?!\d)|(?<=\s)-+|[_|｜–—»]+|(?<=\s)·(?=\s))\s*|\s{2,}")
SITE_END = re.compile(r"[\s|｜]+\S{0,12}(?:网|办事处|政府|局|委员会|门户|频道|日报|晚报|在线|论坛|官网|新闻)$")
SHORTEST, LONGEST, SHORTEST_HEADING = 6, 200, 4
LONGEST_SITE = 16
MARKS_BETWEEN = frozenset("_-|｜–—»·:：/(（[【,，")
MOST_HEADINGS = 400


def heading_of(tree: PageTree) -> str:
    """The title that the page shows, "" where it has none."""
    tag = tree.title_tag
    folded = "".join(tag.split())
    heads: list[tuple[str, str]] = []  # those that may be asked for: first headings, and what the title tag repeats
    for each in tree.quick.css("h1,h2,h3,h4")[:MOST_HEADINGS]:
        level, head = str(each.tag), tidy(" ".join(each.text().split()))
        if SHORTEST_HEADING <= len(head) <= LONGEST and (level == "h1" or _repeats(folded, head)) and not _is_logo(each):
            heads.append((level, head))
    repeated = [(level, head) for level, head in heads if _repeats(folded, head)]
    if repeated:
        return max(repeated, key=lambda pair: (pair[0] == "h1", len(pair[1])))[1]
    firsts = [head for level, head in heads if level == "h1"]
    for head in firsts:
        if _alike(head, tag) and len(head) >= SHORTEST:
            return head
    shown = _shown(tree, tag)
    if shown:
        return shown
    declared = next((tidy(tree.meta[name]) for name in TITLE_META if tree.meta.get(name)), "")
    if declared and (not tag or declared in tag or _alike(declared, tag)):
        return _without_site(declared)
    if len(firsts) == 1:
        return firsts[0]
    return _without_site(declared or tag) or (firsts[0] if firsts else "")


def _repeats(folded: str, head: str) -> bool:
    return len(head) >= SHORTEST and "".join(head.split()) in folded


def site_of(tree: PageTree, title: str) -> str:
    """The name of the site out of the title tag, where it stands behind the page's own title."""
    tag = tree.title_tag
    if not title or not tag.startswith(title):
        return ""
    parts = [part.strip() for part in SEPARATORS.split(tag[len(title) :]) if part and part.strip()]
    return parts[-1] if parts and len(parts[-1]) <= LONGEST_SITE else ""


def _shown(tree: PageTree, tag: str) -> str:
    """A line of the page, no heading by its tag, with which the title tag begins and after which only the site is named; the longest."""
    squeezed = "".join(tag.split())
    best = ""
    for block in tree.blocks:
        text = block.text
        if SHORTEST <= len(text) <= LONGEST and len(text) > len(best) and not block.links and squeezed.startswith(text[0]):
            own = "".join(text.split())
            if squeezed.startswith(own) and (len(own) == len(squeezed) or squeezed[len(own)] in MARKS_BETWEEN):
                best = text
    return tidy(best)


def _is_logo(head: LexborNode) -> bool:
    """A heading that is a link to the front page names the site, not the article."""
    return any(
        split_address(href).path in ("", "/") and not href.startswith(("#", "javascript"))
        for link in head.css("a")
        if (href := link.attributes.get("href") or "") is not None and not href.count("[")
    )


def _without_site(title: str) -> str:
    """The longest part of a title that is put together with the site's name."""
    title = SITE_END.sub("", title) if len(SITE_END.sub("", title)) >= SHORTEST else title
    parts = [part.strip() for part in SEPARATORS.split(title) if part and part.strip()]
    if len(parts) < 2:
        return title.strip()
    longest = max(parts, key=len)
    return title[: title.index(longest) + len(longest)].strip() if title.startswith(parts[0]) and parts[0] == longest else longest


def _alike(one: str, other: str) -> bool:
    mine, its = set(one), set(other)
    return bool(mine) and len(mine & its) / len(mine) > 0.9
