"""How well and how fast pages, boards and feeds are read, beside trafilatura, fastfeedparser and feedparser in the same run.

Needs the development data beside the checkout (``pages_read`` makes pages of its own). The body's F1 is over runs of four tokens, as
the article extraction benchmark counts; English and Chinese pages here are those that the models were trained on, so the honest
figure is the one of ``python -m tools.train_body --rounds 3``, which leaves whole sites out.
"""

from __future__ import annotations

import calendar
import gzip
import json
import re
import statistics
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, alternate
from groundswell.engine.records import Entry

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
TOKEN = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+")
ROUNDS = 3
Speed = Figure
FIELDS = ("id", "url", "title", "author", "tags", "summary", "content", "published_at", "updated_at")


def run(quick: bool) -> list[Figure]:
    """Rates as figures, quality as their notes."""
    if not DATA.exists():
        return []
    most = 8 if quick else None
    return [*_pages(most), *_boards(), *_feeds(most)]


def _pages(most: int | None) -> list[Figure]:
    import trafilatura

    figures = []
    for tongue in ("en", "zh"):
        truth, pages = _truth(DATA / "pages" / tongue), _bodies(DATA / "pages" / tongue, most)
        ours = {name: _read(page) for name, page in pages.items()}
        theirs = {name: {"text": trafilatura.extract(page, fast=True) or ""} for name, page in pages.items()}
        seconds = alternate(
            1 if most else ROUNDS,
            ours=lambda pages=pages: [_read(page) for page in pages.values()],
            theirs=lambda pages=pages: [trafilatura.extract(page, fast=True) for page in pages.values()],
        )
        figures += [
            Figure(f"trafilatura.extract, fast, {tongue}", len(pages), "pages", seconds["theirs"], tongue == "en", _quality(truth, theirs)),
            Figure(
                f"engine.read.read_page, {tongue}", len(pages), "pages", seconds["ours"], note=f"{_quality(truth, ours)} (seen in training)"
            ),
        ]
    return figures


def _read(page: bytes, now: datetime = NOW) -> dict[str, Any]:
    import msgspec

    from groundswell.engine.read import ReadError, read_page

    try:
        return dict(msgspec.to_builtins(read_page(page, now=now)))
    except ReadError:
        return {}


def trafilatura_f1(folder: Path) -> float:
    """F1 of trafilatura's fast mode on the pages of FOLDER."""
    import trafilatura

    truth, pages = _truth(folder), _bodies(folder)
    return _f1(truth, {name: {"text": trafilatura.extract(page, fast=True) or ""} for name, page in pages.items()})


def titles_and_minutes(folder: Path) -> tuple[float, float]:
    """Shares of right titles and of right times among the pages that show one."""
    truth, pages = _truth(folder), _bodies(folder)
    return _exact(truth, {name: _read(page) for name, page in pages.items()})


def _truth(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def _bodies(folder: Path, most: int | None = None) -> dict[str, bytes]:
    return {name: gzip.decompress((folder / f"{name}.html.gz").read_bytes()) for name in list(_truth(folder))[:most]}


def _quality(truth: dict[str, Any], said: dict[str, dict[str, Any]]) -> str:
    title, minute = _exact(truth, said)
    return f"F1 {_f1(truth, said):.4f}" + (f", title {title:.3f}, minute {minute:.3f}" if minute else "")


def _f1(truth: dict[str, Any], said: dict[str, dict[str, Any]]) -> float:
    precision, recall = [], []
    for name, found in said.items():
        right, mine = _shingles(truth[name]["articleBody"]), _shingles(found.get("text", ""))
        same = sum((right & mine).values())
        precision += [same / sum(mine.values())] if mine else []
        recall.append(same / max(sum(right.values()), 1))
    p, r = statistics.fmean(precision), statistics.fmean(recall)
    return 2 * p * r / (p + r)


def _exact(truth: dict[str, Any], said: dict[str, dict[str, Any]]) -> tuple[float, float]:
    titles = [_folded(truth[name]["title"]) == _folded(found.get("title", "")) for name, found in said.items() if truth[name].get("title")]
    minutes = [
        found.get("published_at", "").startswith(truth[name]["published_at"][:16])
        for name, found in said.items()
        if truth[name].get("published_at")
    ]
    return statistics.fmean(titles or [0]), statistics.fmean(minutes or [0])


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = TOKEN.findall(text)
    return Counter(tuple(tokens[place : place + 4]) for place in range(max(1, len(tokens) - 3))) if tokens else Counter()


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


# ---------------------------------------------------------------- boards


def _boards() -> list[Figure]:
    folder = DATA / "boards" / "zh"
    pages = _bodies(folder)
    seconds = alternate(ROUNDS, ours=lambda: [_read(page) for page in pages.values()])["ours"]
    note = ", ".join(f"{name} {value:.3f}" for name, value in boards_read(folder).items())
    return [Figure("engine.read.read_page, boards", len(pages), "pages", seconds, note=note)]


def boards_read(folder: Path) -> dict[str, float]:
    """F1 of posts or rows, shares of right times and reply counts, of the boards in FOLDER."""
    truth, pages = _truth(folder), _bodies(folder)
    moments = {name: datetime.fromisoformat(f"{said.get('saved_on') or '2026-11-23'}T23:59:59+08:00") for name, said in truth.items()}
    return _board_quality(truth, {name: _read(page, moments[name]) for name, page in pages.items()})


def _board_quality(truth: dict[str, Any], said: dict[str, dict[str, Any]]) -> dict[str, float]:
    scores, times, replies = [], [], []
    for name, right in truth.items():
        part, key = ("posts", "text") if "posts" in right else ("rows", "title")
        wanted, found = _flat(right[part]), _flat(said[name].get(part) or ())
        index: dict[str, list[dict[str, Any]]] = {}
        for each in found:
            index.setdefault(_folded(each[key]), []).append(each)
        hits = 0
        for each in (each for each in wanted if _folded(each[key])):
            twins = index.get(_folded(each[key]))
            if not twins:
                continue
            twin, hits = twins.pop(), hits + 1
            stamp = each.get("published_at") or each.get("created")
            times += [(twin.get("published_at") or "").startswith(stamp[:16])] if stamp else []
            count = each.get("reply_count", each.get("comment_count")) if part == "rows" else None
            replies += [twin.get("reply_count") == count] if count is not None else []
        scores.append(2 * hits / max(sum(bool(_folded(each[key])) for each in found) + sum(bool(_folded(each[key])) for each in wanted), 1))
    return {"F1": statistics.fmean(scores), "times": statistics.fmean(times), "replies": statistics.fmean(replies)}


def _flat(items: Any) -> list[dict[str, Any]]:
    return [each for item in items for each in (item, *_flat(item.get("comments") or ()))]


# ---------------------------------------------------------------- feeds


def _feeds(most: int | None) -> list[Figure]:
    import fastfeedparser

    from groundswell.engine.read import read_feed

    bodies = [gzip.decompress(path.read_bytes()) for path in sorted((DATA / "feeds" / "real").glob("*.gz"))[:most]]
    equal, whole, unlike = _parity(bodies)
    seconds = alternate(1 if most else ROUNDS, ours=_over(read_feed, bodies), fast=_over(fastfeedparser.parse, bodies))
    worst = ", ".join(f"{name} {count}" for name, count in unlike.most_common(3))
    return [
        Figure("fastfeedparser.parse", len(bodies), "feeds", seconds["fast"]),
        Figure(
            "engine.read.read_feed",
            len(bodies),
            "feeds",
            seconds["ours"],
            note=f"{equal / whole:.4%} of {whole:,} fields as feedparser ({worst})",
        ),
    ]


def fields_as_feedparser(folder: Path) -> float:
    """Share of fields that are as feedparser gives them."""
    equal, whole, _ = _parity([gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz"))])
    return equal / whole


def _over(read: Callable[[bytes], object], bodies: list[bytes]) -> Callable[[], list[object]]:
    return lambda: [read(body) for body in bodies]


def _parity(bodies: list[bytes]) -> tuple[int, int, Counter[str]]:
    """Fields that are as feedparser gives them, all fields, and which are not. Markup is compared as plain text, times as moments."""
    import feedparser

    from groundswell.engine.read import read_feed

    equal, whole, unlike = 0, 0, Counter[str]()
    for body in bodies:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = feedparser.parse(body).entries
        mine = read_feed(body).entries
        for entry, other in zip(mine, theirs, strict=False):
            right = _as_theirs(other)
            for name, value in _as_compared(entry).items():
                whole += 1
                equal += value == right[name]
                unlike[name] += value != right[name]
        missing = abs(len(mine) - len(theirs)) * len(FIELDS)
        whole, unlike["entries"] = whole + missing, unlike["entries"] + missing
    return equal, whole, +unlike


def _as_compared(entry: Entry) -> dict[str, object]:
    from groundswell.engine.read.plain import plain_text

    found: dict[str, object] = {name: getattr(entry, name) for name in FIELDS}
    return found | {
        "summary": plain_text(entry.summary),
        "content": plain_text(entry.content),
        "published_at": _moment(entry.published_at),
        "updated_at": _moment(entry.updated_at),
    }


def _moment(stamp: str) -> datetime | None:
    moment = datetime.fromisoformat(stamp) if len(stamp) >= 10 else None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def _as_theirs(other: Any) -> dict[str, object]:
    from groundswell.engine.read.plain import plain_text, tidy

    times = {name: dict.get(other, f"{name}_parsed") for name in ("published", "updated")}
    moments = {
        name: datetime.fromtimestamp(calendar.timegm(value), UTC).replace(tzinfo=None) if value else None for name, value in times.items()
    }
    return {
        "id": other.get("id") or other.get("link") or other.get("title", ""),
        "url": other.get("link", ""),
        "title": tidy(plain_text(other.get("title", ""))),
        "author": other.get("author", ""),
        "tags": tuple(tag.term for tag in other.get("tags", []) if tag.get("term")),
        "summary": plain_text(other.get("summary", "")),
        "content": plain_text(other.content[0].value) if other.get("content") else "",
        "published_at": moments["published"],
        "updated_at": moments["updated"],
    }
