"""Lists of links: the rows of a news list, a forum board or a search result, found by their likeness."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import islice

from groundswell.engine.read.article import select
from groundswell.engine.read.beside import columns_of, counts_of, opened_at
from groundswell.engine.read.repeat import FLOOR, PERSON_LINK, TIME, groups, timed
from groundswell.engine.read.tree import Element, PageTree, signature, words
from groundswell.engine.records import Row

MIN_TITLE, MIN_ROWS = 5, 3
LONGEST_TIME = 60
MOST_LINKS = 60  # of one row
SMALL_REST = 4  # characters beside the time in a link that is no title
DATED = 2.0  # what rows with times weigh more
LARGEST_BOX = 100  # elements in what holds a link that is a row itself; where there are more, it says nothing of this one
LONGEST_TITLE = 60  # what a title may add to the weight of its list


def read_rows(tree: PageTree, *, now: datetime | None, zone: str, selector: str = "") -> tuple[Row, ...]:
    """The rows of the page's main list. SELECTOR, of the source's own, names the rows or their links where the list is not found by itself."""
    nodes = select(tree, selector)
    chosen = [(node, link) for node in nodes if (link := _longest_link(tree, node)) is not None]
    pairs = chosen or main_list(tree)[0]
    seen: set[str] = set()
    rows: list[Row] = []
    columns = columns_of([node for node, _ in pairs])
    for node, link in pairs:
        row = _row(tree, node, link, columns, now, zone)
        if row.title and row.url and row.url not in seen:
            seen.add(row.url)
            rows.append(row)
    return tuple(rows)


def main_list(tree: PageTree) -> tuple[list[tuple[Element, Element]], float]:
    """Rows with their title links, and how much they weigh (characters of titles, more where rows show times)."""
    if tree.main_list is None:
        tree.main_list = _heaviest(tree)
    return tree.main_list


def _heaviest(tree: PageTree) -> tuple[list[tuple[Element, Element]], float]:
    best: list[tuple[Element, Element]] = []
    weight, first = 0.0, 0
    found = enumerate([*groups(tree, MIN_ROWS), *_grouped_apart(tree)])
    for place, nodes in sorted(found, key=lambda pair: -len(pair[1])):  # the longest list is often the heaviest
        if len(nodes) * LONGEST_TITLE * DATED < weight:
            break  # those that follow are too short to outweigh it
        pairs = _titled(tree, nodes)
        if len(pairs) < MIN_ROWS:
            continue
        sample = pairs[:: max(1, len(pairs) // 8)][:8]
        dated = sum(node in timed(tree) for node, _ in sample) > len(sample) / 2
        own = sum(min(len(tree.link_titles.get(link) or title_of(link)), LONGEST_TITLE) for _, link in pairs) * (DATED if dated else 1.0)
        if own > weight or (own == weight and place < first):
            best, weight, first = pairs, own, place
    return best, weight


def _grouped_apart(tree: PageTree) -> list[list[Element]]:
    """Rows of one shape in several containers of one shape (lists broken into blocks of five)."""
    found: dict[tuple[Element, str], list[Element]] = defaultdict(list)
    for node in tree.root.iter("li", "tr", "div", "tbody", "dd"):
        parent = node.getparent()
        above = parent.getparent() if parent is not None else None
        if parent is not None and above is not None and (node.tag in ("li", "tr", "dd") or node.get("class")):
            found[above, f"{signature(parent)}>{signature(node)}"].append(node)
    return [nodes for nodes in found.values() if len(nodes) >= MIN_ROWS and len({node.getparent() for node in nodes}) > 1]


def _titled(tree: PageTree, nodes: list[Element]) -> list[tuple[Element, Element]]:
    """The link of each node that is its title: the same place in all of them, most words, different targets."""
    places: dict[str, dict[Element, Element]] = defaultdict(dict)
    titles = tree.link_titles
    for node in nodes:
        for link in [node] if node.tag == "a" else islice(node.iter("a"), MOST_LINKS):
            text = titles.get(link)
            if text is None:
                text = titles[link] = _as_title(tree, link)
            if text:
                places[_place(link, node)].setdefault(node, link)
    best: dict[Element, Element] = {}
    most = 0.0
    for found in places.values():
        targets = {link.get("href") for link in found.values()}
        sizes = [min(len(titles[link]), LONGEST_TITLE) for link in found.values()]
        if len(found) < max(MIN_ROWS, 0.4 * len(nodes)) or len(targets) < 0.7 * len(found) or sum(sizes) < MIN_TITLE * len(sizes):
            continue
        if sum(sizes) > most:
            best, most = found, float(sum(sizes))
    if not best:
        return []
    titled = ((node, best[node] if node in best else _headline(tree, node)) for node in nodes)
    return [(node, title) for node, title in titled if title is not None]


def _as_title(tree: PageTree, link: Element) -> str:
    """The words of LINK where it may be the title of a row, else ""."""
    text, target = title_of(link), link.get("href")
    if len(text) < 2 or FLOOR.match(text) or _is_time(text) or PERSON_LINK.search(target or "") or not tree.absolute(target):
        return ""
    return text


def _is_time(text: str) -> bool:
    if len(text) > LONGEST_TIME:
        return False
    hit = TIME.search(text)
    return hit is not None and len(text) - len(hit[0]) < SMALL_REST


def _headline(tree: PageTree, node: Element) -> Element | None:
    """The title of a row that is made unlike the others (a gallery among articles): its link in a heading."""
    for head in node.iter("h1", "h2", "h3", "h4"):
        link = next((each for each in head.iter("a") if len(title_of(each)) >= MIN_TITLE and tree.absolute(each.get("href"))), None)
        if link is not None:
            return link
    return None


def share_of_page(tree: PageTree) -> float:
    """How much of the page's text stands in the rows of its main list, 0–1."""
    body = tree.root.find("body")
    whole = len(words(body if body is not None else tree.root))
    return sum(len(words(node)) for node, _ in main_list(tree)[0]) / whole if whole else 0.0


def _place(link: Element, top: Element) -> str:
    """Where LINK stands in its row, in tags and the last word of its class: styles differ between rows, places do not."""
    steps: list[str] = [(link.get("class") or "").split()[-1] if (link.get("class") or "").split() else ""]
    node: Element | None = link
    while node is not None and node is not top and len(steps) < 8:
        steps.append(str(node.tag))
        node = node.getparent()
    return "/".join(steps)


def title_of(link: Element) -> str:
    """The words of a link, whole where its title says more of the same."""
    text, said = words(link), " ".join((link.get("title") or "").split())
    if not text:
        return said
    stem = text.rstrip("….· ")
    return said if said and len(stem) < len(text) and said.startswith(stem[: max(4, len(stem) - 2)]) else text


def _longest_link(tree: PageTree, node: Element) -> Element | None:
    links = [node] if node.tag == "a" else list(node.iter("a"))
    return max((link for link in links if tree.absolute(link.get("href"))), key=lambda link: len(title_of(link)), default=None)


def _row(tree: PageTree, node: Element, link: Element, columns: dict[int, str], now: datetime | None, zone: str) -> Row:
    above = link.getparent()
    box = node if node is not link or above is None or len(above) > LARGEST_BOX else above
    counts = counts_of(box, link, columns)
    return Row(
        title=title_of(link),
        url=tree.absolute(link.get("href")),
        published_at=opened_at(box, link, columns, now, zone),
        reply_count=counts.replies,
        read_count=counts.reads,
    )
