"""What repeats on a page: groups of elements of one shape, and the small things in them: times, floors, names, counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from groundswell.engine.read.dates import read_stamp
from groundswell.engine.read.tree import Element, PageTree, few_words, raw_words, signature, words

TIME = re.compile(
    r"(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?)?(?![\d.])"
    r"|(?<![\d.])\d{1,2}\s*[-/月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?(?![\d.])"
    r"|(?:\d{1,6}|半)\s*(?:个)?(?:秒钟?|分钟|小时|天|周|月|年)之?前|刚刚|(?:今天|昨天|前天)\s*(?:\d{1,2}:\d{2})?|(?<!\d)\d{1,2}:\d{2}(?!\d)"
    r"|\d{1,6}\s*(?:sec|min|hour|day|week|month|year)\w*\s+ago|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2},?\s+\d{4}"
    r"(?:,?\s+(?:at\s+)?\d{1,2}:\d{2}(?:\s*[AaPp]\.?[Mm])?)?"
)
OF_TIME = re.compile(r"[\d半刚今昨前]")  # one of them stands in whatever TIME finds
HOLDS_MACHINE_TIME = etree.XPath("boolean(descendant-or-self::*[@datetime])")
FLOOR = re.compile(r"^\W{0,3}(?:第\s*)?(\d{1,6})\s*(?:楼|层|#|F)\W{0,3}(?:楼主)?\W{0,2}$|^#\s*(\d{1,6})$", re.IGNORECASE)
FLOOR_NAMES = {"楼主": 1, "沙发": 2, "板凳": 3, "地板": 4}
NAME_MARK = re.compile(r"author|user|nick|poster|writer|authi|uname|(?:^|[\s_-])name|member|(?:^|[\s_-])who", re.IGNORECASE)
PERSON_LINK = re.compile(r"/(?:u|user|users|member|people|space|home|profile|author)/|uid=|mod=space|home/main|/@", re.IGNORECASE)
LONGEST_OWN = 400  # characters of an element's own text that may show a time
LONGEST_SMALL = 60  # characters of an element that shows a time and hardly anything else
LONGEST_REST = 8  # beside a time in a line that may be a sentence ("seen yesterday on my way")
SENTENCE, DIGIT = re.compile("[，。！？；]"), re.compile(r"\d")
LONGEST_FLOOR, LONGEST_PERSON = 11, 30  # characters
MOST_GROUP = 2000
CONTAINERS = ("div", "li", "tr", "tbody", "table", "article", "section", "dl", "dd", "p", "ul", "a", "blockquote")


def groups(tree: PageTree, least: int) -> list[list[Element]]:
    """Siblings of one shape, at least LEAST of them; shape is tag and first word of the class without digits."""
    if tree.siblings is None:
        tree.siblings = _siblings(tree)
    return [nodes[:MOST_GROUP] for nodes in tree.siblings if len(nodes) >= least]


def _siblings(tree: PageTree) -> list[list[Element]]:
    found: dict[tuple[Element, str], list[Element]] = defaultdict(list)
    for node in tree.root.iter(*CONTAINERS):
        parent = node.getparent()
        if parent is not None:
            found[parent, signature(node)].append(node)
    return list(found.values())


def times(node: Element) -> list[tuple[Element, str]]:
    """The elements under NODE that show a time and little else, each with what it says; a machine-readable form comes before the words."""
    return list(_times(node))


def shows_time(node: Element) -> bool:
    """Whether ``times`` finds any; most elements have no character of a time, and are not searched piece by piece."""
    may = OF_TIME.search(raw_words(node)) is not None or HOLDS_MACHINE_TIME(node)
    return bool(may) and next(_times(node), None) is not None


def timed(tree: PageTree) -> set[Element]:
    """All elements of the page for which ``shows_time`` is true, found in one pass where many are asked for."""
    if tree.timed is None:
        tree.timed = set()
        for each in tree.root.iter("*"):
            step: Element | None = each if _said_time(each)[0] else None
            while step is not None and step not in tree.timed:
                tree.timed.add(step)
                step = step.getparent()
    return tree.timed


def _times(node: Element) -> Iterator[tuple[Element, str]]:
    found: list[tuple[Element, str]] = []
    for each in node.iter("*"):
        said, by_machine = _said_time(each)
        if said and (by_machine or not any(_holds(other, each) for other, _ in found[-3:])):
            found.append((each, said))
            yield found[-1]


def _said_time(each: Element) -> tuple[str, bool]:
    """The time that an element shows itself, "" where it shows none or too much beside it, and whether it is in a machine-readable form."""
    machine = each.get("datetime") or each.get("title") or ""
    if machine and len(machine) < 40 and TIME.search(machine) and (each.get("datetime") or TIME.search(words(each)[:LONGEST_SMALL])):
        return machine, True
    own = " ".join([piece for piece in (each.text, *(child.tail for child in each)) if piece]) if len(each) else each.text or ""
    if not 2 <= len(own) <= LONGEST_OWN or not OF_TIME.search(own):
        return "", False
    line = " ".join(own.split())  # also at blanks that do not break
    hit = TIME.search(line)
    rest = len(line) - len(hit[0]) if hit else LONGEST_SMALL
    if hit is None or rest >= LONGEST_SMALL // 2 or (rest > LONGEST_REST and (SENTENCE.search(line) or not DIGIT.search(hit[0]))):
        return "", False
    return hit[0], False


def _holds(outer: Element, inner: Element) -> bool:
    node: Element | None = inner
    for _ in range(6):
        if node is None:
            return False
        if node is outer:
            return True
        node = node.getparent()
    return False


def stamp_of(text: str, now: datetime | None, zone: str) -> str:
    return read_stamp(text, now=now, zone=zone, words=False)


def floor_of(node: Element) -> tuple[Element | None, int | None]:
    """The element that shows the number of the floor, and the number."""
    for each in node.iter():
        if not isinstance(each.tag, str):
            continue
        own = few_words(each, LONGEST_FLOOR) if len(each) <= 3 else ""
        if own:
            hit = FLOOR.match(own)
            if hit:
                return each, int(hit[1] or hit[2])
            name = own.rstrip("#＃ ")
            if name in FLOOR_NAMES:
                return each, FLOOR_NAMES[name]
    said = node.get("data-floor") or ""
    return None, int(said) if said.isdecimal() and len(said) < 7 else None


def author_of(node: Element, outside: set[Element]) -> tuple[Element | None, str]:
    """The element that names who wrote it: by its class, else the first link to a person."""
    link: tuple[Element | None, str] = (None, "")
    for each in node.iter("a", "span", "div", "em", "cite", "b", "strong", "h4", "h3", "i", "td", "p"):
        if each in outside:
            continue
        own = few_words(each, LONGEST_PERSON)
        if not own:
            continue
        mark = f"{each.get('class') or ''} {each.get('itemprop') or ''} {each.get('rel') or ''}"
        if NAME_MARK.search(mark) and not TIME.search(own) and not FLOOR.match(own):
            inner = next((said for link in each.iter("a") if link is not each and (said := words(link))), "") if each.tag != "a" else ""
            return each, (inner or own).rstrip("：: ")
        if link[0] is None and each.tag == "a" and PERSON_LINK.search(each.get("href") or ""):
            link = (each, own.rstrip("：: "))
    return link


def number(text: str) -> int | None:
    """``1,024`` and ``1.2万`` as a number; None where it is none."""
    text = text.replace(",", "").strip().rstrip("+")
    scale = 10_000 if text.endswith(("万", "w", "W")) else 1000 if text.endswith(("k", "K")) else 1
    try:
        return round(float(text.rstrip("万wWkK ")) * scale)
    except (ValueError, OverflowError):
        return None
