"""Web pages read in a second, beside bare trafilatura on the same pages.

The pages are those of the development data where it lies beside the checkout, else made here from a seed.
"""

from __future__ import annotations

import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Figure, alternate

PAGES = Path(__file__).parent.parent.parent / "shared" / "data" / "pages" / "en"
NOW = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
MADE, QUICK = 100, 8
WORDS = ("water", "pipe", "street", "council", "repair", "notice", "school", "bus", "night", "noise", "market", "road", "bridge", "river")


def run(quick: bool) -> list[Figure]:
    """Our reader, and trafilatura in its fast mode, over every page."""
    import trafilatura

    from groundswell.engine.read import ReadError, read_page

    pages, whence = _pages(QUICK if quick else None)

    def ours() -> int:
        read = 0
        for page in pages:
            try:
                read += bool(read_page(page, now=NOW).text)
            except ReadError:
                pass
        return read

    def theirs() -> int:
        return sum(bool(trafilatura.extract(page, fast=True)) for page in pages)

    with_text = {"ours": ours(), "theirs": theirs()}  # the first round only warms up
    seconds = alternate(1 if quick else 3, ours=ours, theirs=theirs)
    notes = {name: f"{count} with text" for name, count in with_text.items()}
    return [
        Figure("trafilatura.extract, fast", len(pages), "pages", seconds["theirs"], True, f"{notes['theirs']}; {whence}"),
        Figure("engine.read.read_page", len(pages), "pages", seconds["ours"], note=f"{notes['ours']}; also kind, time, rows, posts"),
    ]


def _pages(most: int | None) -> tuple[list[bytes], str]:
    paths = sorted(PAGES.glob("*.html.gz"))[:most]
    if paths:
        return [gzip.decompress(path.read_bytes()) for path in paths], "real English pages"
    chance = random.Random(1)
    return [_page(chance) for _ in range(most or MADE)], "made pages"


def _page(chance: random.Random) -> bytes:
    """An article between a menu and a list of links, of the size that news pages have."""
    links = "".join(f'<li><a href="/{each}.html">{_sentence(chance, 6)}</a></li>' for each in range(120))
    body = "".join(f"<p>{' '.join(_sentence(chance, 14) + '.' for _ in range(5))}</p>" for _ in range(12))
    title, day = _sentence(chance, 7), chance.randint(1, 28)
    return f"""<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2026-10-{day:02}T09:30:00+08:00"></head><body><nav><ul>{links}</ul></nav>
<article><h1>{title}</h1>{body}</article><aside><ul>{links}</ul></aside></body></html>""".encode()


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize()
