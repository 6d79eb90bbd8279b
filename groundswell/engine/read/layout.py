"""What the surroundings of each block say: sums over the frames, names that are believed, where the title stands."""
# ruff: noqa: SIM905 (a pattern or a table stays one line)

from __future__ import annotations

import re
from functools import cached_property
from operator import attrgetter

from groundswell.engine.read.blocks import DECLARED, LIST, Block, Frame
from groundswell.engine.read.marks import COMMAS, ENDS, HANS, STOPS, count_marks
from groundswell.engine.read.roles import BODY, COMMENT, RELATED, SIDE, TEXT, role

HAN = re.compile("[\u3400-\u9fff]")
HAN_WORTH = 1.5  # what a Han character says more than a Latin letter
NOT_WORD = re.compile(r"\W+")
NOT_WORD_IN_ASCII = dict.fromkeys(code for code in range(128) if NOT_WORD.match(chr(code)))
LATIN_CLUE = re.compile(r"[a-zà-ÿ]{4,}|\d{2,}")
COMMON = frozenset("with from that this have will your what when after says over about".split())
MOST_CLUES = 24
LIVELY = 60.0  # score of a block that is running text
SHRUNK = 0.1  # what running text is worth under a believed name of the sides
IN_LIST = 0.6
WEAK, FOOT = role("share", "nav", "side"), role("foot", "ad")
TAG_SIDE = 1 << 20  # an element that is a side by its tag
SIDE_TAGS = frozenset(("aside", "footer"))
NAMELESS = 300  # characters from which on a block is not the title
LONGEST_TITLE = 1000  # characters of the title that is looked for among the blocks


class Line:
    """The numbers of one block; HAN, STOPS, COMMAS and ENDS say how many of these marks stand in it."""

    __slots__ = (
        "commas", "described", "ends", "free", "han", "is_title", "link_share", "overlap", "score", "size", "stops", "twice", "weight",
    )  # fmt: skip

    def __init__(self, block: Block, han: int, stops: int, commas: int, ends: int) -> None:
        self.size = len(block.text)
        self.han = han
        self.weight = self.size + HAN_WORTH * han
        self.link_share = block.links / self.size
        self.is_title = self.twice = self.described = False
        self.overlap = self.free = 0.0
        if self.link_share > 0.9 and self.size < 60:  # a menu entry
            self.stops = self.commas = self.ends = 0
            self.score = 0.0
        else:
            self.stops, self.commas, self.ends = stops, commas, ends
            self.score = _score(self)


class Layout:
    """Blocks with their lines and frames; TITLE and DESCRIPTION are what the page declares."""

    def __init__(self, blocks: list[Block], title: str, description: str) -> None:
        self.blocks = blocks
        self.lines = list(map(Line, blocks, *count_marks([block.text for block in blocks], HANS, STOPS, COMMAS, ENDS)))
        low = [block.text.lower() for block in blocks]
        self.title_at = _mark_titles(blocks, self.lines, low, title)
        _mark_repeats(blocks, self.lines, description)
        _mark_clues(low, self.lines, title)
        self.frames = _frames(blocks)  # from the deepest to the body
        self.weight = max(sum(line.weight for line in self.lines), 1.0)
        self.score = max(sum(line.score for line in self.lines), 1.0)
        self._add_up()
        self.good = max(sum(line.free for line in self.lines), 1.0)

    def _add_up(self) -> None:
        for block, line in zip(self.blocks, self.lines, strict=True):
            block.frame.plain += line.score
        for frame in self.frames:
            if frame.above is not None:
                frame.above.plain += frame.plain
        for frame in reversed(self.frames):
            frame.eff = frame.above.eff if frame.above is not None else 0
            if frame.marks & SIDE or frame.tag in SIDE_TAGS:
                frame.eff |= _believed(frame, self.score)
        for place, (block, line) in enumerate(zip(self.blocks, self.lines, strict=True)):
            _add(block, line, place)
        for frame in self.frames:
            if frame.above is not None:
                _lift(frame, frame.above)
            if frame.good:
                frame.rule = _rule(frame)

    @cached_property
    def before(self) -> list[float]:
        """Running text before each block, as a share of all."""
        shares, done = [], 0.0
        for line in self.lines:
            shares.append(done / self.good)
            done += line.free
        return shares


def _score(line: Line) -> float:
    """How much a block looks like running text: length outside links, and marks between sentences."""
    free = line.weight * (1 - line.link_share)
    if free < 25:
        return 0.0
    if line.stops == 0 and line.weight < 90:
        return free * 0.15
    return (min(free, 600) + 12 * min(line.stops, 12)) * (1.0 if free > 0.6 * line.weight else 0.3)


def fold(text: str) -> str:
    """The letters and digits of TEXT in lower case; İ becomes two characters in that, of which one is none."""
    low = text.lower()
    return low.translate(NOT_WORD_IN_ASCII) if low.isascii() else NOT_WORD.sub("", low)


def is_title_of(text: str, folded: str) -> bool:
    """TEXT is the title (FOLDED) or nearly: one holds the other."""
    said = fold(text)
    if not said or not folded:
        return False
    return said == folded or (len(said) > 8 and (said in folded or folded in said) and len(said) < len(folded) + 12)


def _mark_titles(blocks: list[Block], lines: list[Line], low: list[str], title: str) -> int:
    """Mark the blocks that say the title; the place of the best of them, -1 where there is none."""
    low_title = title[:LONGEST_TITLE].lower()
    folded = fold(low_title)
    start = low_title[:3]
    best, level = -1, 0
    if not folded:
        return best
    for place, (mine, line) in enumerate(zip(low, lines, strict=True)):
        if not (line.size < NAMELESS and (line.size > 5 or line.han > 3)):
            continue
        # a cheap look first: one begins within the other
        if (mine[:3] in low_title or start in mine) and is_title_of(mine, folded):
            line.is_title = True
            own = {"h1": 3, "h2": 2, "h3": 2}.get(blocks[place].frame.tag, 1)
            if own > level:
                best, level = place, own
    return best


def _mark_repeats(blocks: list[Block], lines: list[Line], description: str) -> None:
    described = description[:300]
    seen: dict[str, int] = {}
    for place, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        start = block.text[:NAMELESS]
        if start in seen:
            line.twice = lines[seen[start]].twice = True
        seen[start] = place
        line.described = line.size > 30 and bool(described) and block.text[:50] in described


def _mark_clues(low: list[str], lines: list[Line], title: str) -> None:
    """How many words of the title (pairs of Han characters) each block repeats, as a share."""
    clues = _clues(title)
    if not clues:
        return
    for mine, line in zip(low, lines, strict=True):
        if line.score > 0 and not line.is_title:
            line.overlap = sum(map(mine.__contains__, clues)) / len(clues)


def _clues(title: str) -> list[str]:
    low = title.lower()[:200]
    han = "".join(HAN.findall(low))
    words = set(LATIN_CLUE.findall(low)) - COMMON | {han[place : place + 2] for place in range(len(han) - 1)}
    return sorted(words)[:MOST_CLUES]


def _frames(blocks: list[Block]) -> list[Frame]:
    found: list[Frame] = []
    for place, block in enumerate(blocks):
        frame: Frame | None = block.frame
        while frame is not None and frame.first < 0:
            frame.first = place
            found.append(frame)
            frame = frame.above
    found.sort(key=attrgetter("depth"), reverse=True)
    return found


def _believed(frame: Frame, whole: float) -> int:
    """Names of the sides that FRAME bears and that are believed: names lie, what holds much of all running text is no side."""
    own = frame.marks & SIDE
    if frame.tag in SIDE_TAGS:
        own |= TAG_SIDE
    share = frame.plain / whole
    if share > 0.3:
        own &= ~(WEAK | TAG_SIDE)
    if share > 0.6:
        own &= ~(RELATED | FOOT)
    if own & COMMENT and whole - frame.plain < 80:
        own &= ~COMMENT
    if frame.marks & BODY and share > 0.15:
        own &= COMMENT
    return own


def _add(block: Block, line: Line, place: int) -> None:
    """Add one block to the frame it stands in; frames above get it by _lift."""
    frame = block.frame
    frame.text += line.weight
    frame.links += line.link_share * line.weight
    frame.count += 1
    frame.last = place
    if frame.eff:
        frame.side += line.weight
    if frame.tag == "p" or block.broken:
        frame.paragraphs += 1
        frame.own_paragraphs += 1
    if not line.score:
        return
    line.free = line.score * (SHRUNK if frame.eff else IN_LIST if frame.flags & LIST else 1.0)
    frame.good += line.free
    frame.own_text += line.free
    frame.commas += line.commas
    frame.lively += line.score > LIVELY
    if line.overlap > frame.best_overlap:
        frame.best_overlap = line.overlap
    if line.described:
        frame.described = 1.0


def _lift(frame: Frame, above: Frame) -> None:
    """Add what FRAME holds to the frame ABOVE it; much of it only where there is running text."""
    above.text += frame.text
    above.links += frame.links
    above.count += frame.count
    above.kids += 1
    if frame.last > above.last:
        above.last = frame.last
    if frame.side:
        above.side += frame.side
    above.paragraphs += frame.own_paragraphs
    above.paragraph_kids += frame.tag == "p"
    if not frame.good:
        return
    above.good += frame.good
    above.commas += frame.commas
    above.lively += frame.lively
    if frame.best_overlap > above.best_overlap:
        above.best_overlap = frame.best_overlap
    if frame.described:
        above.described = 1.0
    if frame.good > above.largest:
        above.largest = frame.good
    above.child_text += frame.own_text
    above.third_text += frame.child_text
    above.fourth_text += frame.third_text
    above.fifth_text += frame.fourth_text


def _rule(frame: Frame) -> float:
    """How likely FRAME holds the body, by rule: its near running text, more where its name says so."""
    frame.near = frame.own_text + frame.child_text + 0.8 * frame.third_text + 0.64 * frame.fourth_text + 0.5 * frame.fifth_text
    if not frame.near:
        return 0.0
    if frame.marks & BODY or (frame.flags & DECLARED and not (frame.above is not None and frame.above.flags & DECLARED)):
        named = 1.35
    else:
        named = 1.15 if frame.marks & TEXT or frame.tag in ("article", "main") else 1.0
    return frame.near * named * (0.6 if frame.tag in ("li", "ul", "ol", "body") else 1.0)
