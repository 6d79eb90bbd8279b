"""Forum threads and comment blocks: posts with floors, times, authors and sub-comments, found as repeated blocks with a time and a text."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from groundswell.engine.read.article import select
from groundswell.engine.read.repeat import TIME, author_of, floor_of, groups, shows_time, stamp_of, timed, times
from groundswell.engine.read.rows import _titled
from groundswell.engine.read.tree import Element, PageTree, signature, text_of, words
from groundswell.engine.records import Comment, Post

BODY_MARK = re.compile(r"content|message|text|body|t_f\b|neirong|txt|detail|desc", re.I)
NOT_BODY = re.compile(r"sign|foot|tool|tip|badge|level|medal|avatar|face|menu|share|btn|button|op_|action|ip|from", re.I)
SUB_MARK = re.compile(r"lzl|sub|child|inner|nested|cmt|comment|reply|replies|(?<![a-z])cm(?![a-z])|dianping", re.I)
POST_MARK = re.compile(r"post|floor|reply|comment|thread|topic|l_post|message|answer|letter|cmt", re.I)
LIKES = re.compile(r"(?:赞|顶|点赞|likes?)\s*[(（:：]?\s*(\d{1,7})", re.I)
SMALL = re.compile(
    r"^(?:回复|举报|点赞|赞|顶|踩|引用|收藏|分享|只看(?:该作者|楼主|TA)|楼主|收起(?:回复)?|展开|来自.{0,10}|点击(?:展开|查看).{0,16}|查看(?:完整|大|原)图片?|该楼层疑似违规.{0,30}|reply|report|like|quote|share)(?:\s*[(（]?\d*[)）]?)?$",
    re.I,
)
ANSWERED = re.compile(r"^(?:回复|回覆|[Rr]eply to)\s*@?\s*[^\n:：]{1,30}?\s*[:：]\s*")  # whom a comment answers
MIN_POSTS = 2
LONE_LEVELS, LEAST_MARKED, LEAST_LONE = 6, 4, 12  # how far above its time a lone post may begin; characters that it says
MOST_MARKS = 40


def read_posts(tree: PageTree, *, now: datetime | None, zone: str, selector: str = "") -> tuple[Post, ...]:
    """The posts of a thread or comment block, () where the page shows none. SELECTOR names the posts where they are not found by themselves."""
    nodes = select(tree, selector) or post_blocks(tree)
    subs = {node: _sub_blocks(node) for node in nodes}
    bodies = {node: _body_node(node, subs[node]) for node in nodes}
    voted = _most_met([body for body in bodies.values() if body is not None], len(nodes))
    posts = [
        _post(node, _voted_node(node, voted, subs[node]) if voted else bodies[node], subs[node], bool(voted), now, zone) for node in nodes
    ]
    return tuple(post for post in posts if post.text or post.comments)


def lone_post(tree: PageTree, *, now: datetime | None, zone: str) -> tuple[Post, ...]:
    """The one post of a thread that nobody has answered, () where none is found: what holds a time, and under it a text without time and name."""
    for each, _ in times(tree.root):
        for box in list(each.iterancestors())[:LONE_LEVELS]:
            if box.tag in ("body", "html"):
                break
            body = _body_node(box, [])
            marked = POST_MARK.search(f"{box.get('class') or ''} {box.get('id') or ''}") is not None
            if body is not None and len(words(body)) >= (LEAST_MARKED if marked else LEAST_LONE) and not _titled(tree, [box]):
                found = _post(box, body, [], False, now, zone)
                if found.text:
                    return (found,)
    return ()


def post_blocks(tree: PageTree) -> list[Element]:
    """Elements of one shape that each show a time and a text of their own and are no rows of links; most text wins."""
    best: list[Element] = []
    around: set[Element] = set()
    weight = 0.0
    for nodes in groups(tree, MIN_POSTS):
        if nodes[0].tag in ("a", "p", "ul") or sum(len(words(node)) for node in nodes[:8]) < 12 * min(len(nodes), 8):
            continue
        if _inside(nodes[0], around) and len(best) >= MIN_POSTS:
            continue
        with_time = timed(tree)
        dated = [node for node in nodes if node in with_time]
        if len(dated) < max(MIN_POSTS, 0.6 * len(nodes)) or len(_titled(tree, dated)) > 0.6 * len(dated):
            continue
        floors = sum(floor_of(node)[1] is not None for node in dated[:6])
        people = sum(bool(author_of(node, set())[1]) for node in dated[:6])
        marked = POST_MARK.search(f"{nodes[0].get('class') or ''} {nodes[0].get('id') or ''}") is not None
        if not floors and not (nodes[0].get("class") or nodes[0].get("id")):
            continue
        if max(floors, people, len(dated) if marked else 0) < 0.5 * min(len(dated), 6):
            continue
        own = sum(min(_free(node), 2000) for node in dated) * (1.5 if floors else 1.0) * (1.2 if marked else 1.0)
        if own > weight:
            best, around, weight = dated, set(dated), own
    return best


def _free(node: Element) -> int:
    """Characters outside links."""
    return len(words(node)) - sum(len(words(link)) for link in node.iter("a"))


def _inside(node: Element, around: set[Element]) -> bool:
    return any(above in around for above in node.iterancestors())


def _sub_blocks(node: Element) -> list[Element]:
    """Comments below a post: elements of one shape whose own or whose container's name says so, each with a time."""
    found: dict[str, list[Element]] = {}  # by shape alone: broken nesting gives comments of one list several parents
    for each in node.iter("li", "div", "dl", "dd", "article", "p", "tr"):
        parent = each.getparent()
        if each is node or parent is None:
            continue
        mark = f"{each.get('class') or ''} {(parent.get('class') or '') if parent is not node else ''}"
        alike = found.setdefault(signature(each), [])
        if SUB_MARK.search(mark) and not (alike and _inside(each, set(alike[-1:]))):
            alike.append(each)
    best: list[Element] = []
    for members in found.values():
        dated = [each for each in members if shows_time(each) and len(words(each)) > 4 and (each.get("class") or len(members) > 1)]
        named = [each for each in dated if author_of(each, set())[1]]
        if len(dated) >= 0.6 * len(members) and len(named) >= 0.5 * len(dated) and len(dated) > len(best):
            best = dated
    return best if best and _has_own(node, best) else []


def _has_own(node: Element, subs: list[Element]) -> bool:
    """NODE says something itself, at a time of its own; else what was taken for its comments is the post."""
    around = set(subs)
    return any(not _under(each, around) for each, _ in times(node))


def _marks(node: Element, subs: list[Element]) -> set[Element]:
    """The elements that show time, name and floor, and all that holds one of them or a comment: none of it is the body."""
    outside: set[Element] = set()
    around = set(subs)
    shown = [each for each, _ in times(node) if not _under(each, around)]
    floor, _ = floor_of(node)
    author, _ = author_of(node, around)
    for each in [*shown[:MOST_MARKS], *([floor] if floor is not None else []), *([author] if author is not None else []), *subs]:
        step: Element | None = each
        while step is not None and step is not node:
            outside.add(step)
            step = step.getparent()
    return outside


def _under(each: Element, around: set[Element]) -> bool:
    return each in around or _inside(each, around)


def _body_node(node: Element, subs: list[Element]) -> Element | None:
    """The element under NODE with most text that holds neither time nor name nor floor nor comments."""
    outside = _marks(node, subs)
    within = set(subs)
    best, most = None, 0.0
    for each in node.iter("div", "p", "td", "span", "section", "article", "blockquote", "cc", "dd", "pre"):
        if each is node or each in outside or _inside(each, within):
            continue
        mark = f"{each.get('class') or ''} {each.get('id') or ''}"
        size = len(words(each)) * (3.0 if BODY_MARK.search(mark) else 0.3 if NOT_BODY.search(mark) else 1.0)
        if size > most:
            best, most = each, size
    return best


def _most_met(bodies: list[Element], count: int) -> str:
    """The shape of most bodies, "" where there is no such majority."""
    shapes = Counter(signature(body) for body in bodies if body.get("class"))
    shape, times_met = shapes.most_common(1)[0] if shapes else ("", 0)
    return shape if times_met >= max(MIN_POSTS, 0.6 * count) else ""


def _voted_node(node: Element, shape: str, subs: list[Element]) -> Element | None:
    within = set(subs)
    return next((each for each in node.iter(shape.split(".")[0]) if signature(each) == shape and each is not node and not _inside(each, within)), None)  # fmt: skip


def _post(node: Element, body: Element | None, subs: list[Element], voted: bool, now: datetime | None, zone: str) -> Post:
    around = set(subs)
    author = author_of(node, around)[1]
    apart = around if body is None else around | {body}
    own_times = [text for each, text in times(node) if not _under(each, apart)]
    stamp = next((stamp for text in own_times if (stamp := stamp_of(text, now, zone))), "")
    likes = LIKES.search(words(node)[-200:]) if not subs else None
    text = text_of(body) if body is not None else "" if voted else _rest(node, author)
    return Post(text=_clean(text, author), published_at=stamp, floor=floor_of(node)[1], author=author, likes=int(likes[1]) if likes else None,
                comments=tuple(comment for sub in subs if (comment := _comment(sub, now, zone)).text))  # fmt: skip


def _comment(node: Element, now: datetime | None, zone: str) -> Comment:
    body = _body_node(node, [])
    author = author_of(node, set())[1]
    stamp = next((stamp for _, text in times(node) if (stamp := stamp_of(text, now, zone))), "")
    text = _clean(text_of(body) if body is not None else _rest(node, author), author)
    text = _without_time(text, [said for _, said in times(node)])
    return Comment(text=ANSWERED.sub("", text, count=1), published_at=stamp, author=author)


def _rest(node: Element, author: str) -> str:
    """The lines of NODE that are neither name nor time."""
    lines = [line.removeprefix(author).lstrip("：: ") if author else line for line in text_of(node).split("\n")]
    return "\n".join(line for line in lines if line and not ((hit := TIME.search(line)) and len(line) - len(hit[0]) < 12))


def _without_time(text: str, shown: list[str]) -> str:
    """A comment's text less the time that stands in its line, at the end or the beginning."""
    for said in shown:
        mark = re.escape(said).replace(r"\ ", r"\s+")
        text = re.sub(
            rf"(?:\s*(?:发表于|发布于|回复于|评论于|posted(?: on| at)?)\s*[:：]?)?\s*[(（\[]?{mark}(?::\d\d)?[)）\]]?\s*$|^[(（\[]?{mark}[)）\]]?\s*",
            "",
            text,
        )
    return text


def _clean(text: str, author: str) -> str:
    return "\n".join(line for line in text.split("\n") if line and line != author and not SMALL.match(line))
