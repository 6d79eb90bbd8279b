"""The demo web read by the program's own reader: the keys of the past and of a live reading are the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

import httpx
import pytest

from groundswell.demo.acts.act import Act
from groundswell.demo.addresses import url_of
from groundswell.demo.county import NOW, SEED, SITES, address_of, options_of, source_named, sources, spec_of
from groundswell.demo.past import keyed, past_items
from groundswell.demo.script import acts
from groundswell.demo.web import Server
from groundswell.engine.read import entry_text, read_feed, read_page
from groundswell.engine.records import Item, Page
from groundswell.engine.text.identity import canonical_url, item_key
from tests.demo.test_web import free_block


@pytest.fixture(scope="module")
def port0() -> int:
    return free_block(len(SITES))


@pytest.fixture(scope="module")
def client(port0: int) -> Iterator[httpx.Client]:
    with Server(lambda: NOW, port0=port0), httpx.Client(timeout=5) as client:
        yield client


@pytest.fixture(scope="module")
def past() -> list[Act]:
    return list(acts(SEED, NOW))


@pytest.fixture(scope="module")
def stored(port0: int) -> dict[str, Item]:
    return {item.key: item for item in past_items(NOW, voice=keyed(b"k" * 32), port0=port0)}


def charset(response: httpx.Response) -> str:
    found = re.search(r"charset=([\w-]+)", response.headers.get("Content-Type", ""))
    return found[1] if found else ""


def keys_of(page: Page, url: str, source: str) -> Iterator[tuple[str, str]]:
    """Key and text of what stands on a page, by the collector's rule of identity."""
    first = canonical_url(page.url or url)
    if not page.posts:
        yield item_key(source, first), page.text
    for place, post in enumerate(page.posts, 1):
        floor = post.floor if post.floor is not None else place
        identity = first if floor <= 1 else f"{first}#{floor}"
        yield item_key(source, identity), post.text
        for comment in post.comments:
            mark = blake2b(f"{comment.published_at}\n{comment.text}".encode(), digest_size=8).hexdigest()
            yield item_key(source, f"{identity}/{mark}"), comment.text


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def agrees(item: Item | None, text: str) -> bool:
    return item is not None and ("某用户" in item.text or squeezed(item.text) == squeezed(text))


BOARDS = [source for source in sources() if source.kind == "board" and not source.broken]


@pytest.mark.parametrize("source", BOARDS, ids=lambda source: source.slug)
def test_threads_read_live_are_those_of_the_past(
    client: httpx.Client, port0: int, past: list[Act], stored: dict[str, Item], source: object
) -> None:
    slug = source.slug  # type: ignore[attr-defined]
    answered = Counter(act.reply_to for act in past if act.source == slug and act.kind in ("reply", "answer", "comment"))
    busiest = {ref for ref, _ in answered.most_common(3)}
    found: list[tuple[str, str]] = []
    for thread in [act for act in past if act.ref in busiest]:
        url = url_of(thread, port0=port0)
        while url:
            shown = client.get(url)
            page = read_page(
                shown.content, url=url, charset=charset(shown), now=NOW, kind="thread", options=options_of(source_named()[slug])
            )
            found += keys_of(page, url, slug)
            url = page.next_url
    assert len(found) >= 0.9 * sum(count + 1 for _, count in answered.most_common(3))
    known = [agrees(stored.get(key), text) for key, text in found]
    assert sum(known) >= 0.9 * len(found), [found[i] for i, good in enumerate(known) if not good]


NEWSROOMS = [source for source in sources() if source.kind in ("list", "sitemap") and not source.broken]


@pytest.mark.parametrize("source", NEWSROOMS, ids=lambda source: source.slug)
def test_articles_read_live_are_those_of_the_past(
    client: httpx.Client, port0: int, past: list[Act], stored: dict[str, Item], source: object
) -> None:
    slug = source.slug  # type: ignore[attr-defined]
    for act in [act for act in past if act.source == slug and act.kind != "repost"][-2:]:
        url = url_of(act, port0=port0)
        shown = client.get(url)
        page = read_page(shown.content, url=url, charset=charset(shown), now=NOW, kind="article", options=options_of(source_named()[slug]))
        found = list(keys_of(page, url, slug))
        assert len(found) == 1
        assert agrees(stored.get(found[0][0]), found[0][1])


@pytest.mark.parametrize("source", [s for s in sources() if s.kind == "list" and not s.broken], ids=lambda source: source.slug)
def test_lists_are_found_by_themselves(client: httpx.Client, port0: int, past: list[Act], source: object) -> None:
    address = address_of(source, port0=port0)  # type: ignore[arg-type]
    shown = client.get(address)
    page = read_page(shown.content, url=address, charset=charset(shown), now=NOW, kind="list")
    newest = [act for act in past if act.source == source.slug][-15:]  # type: ignore[attr-defined]
    addresses = " ".join(row.url for row in page.rows)
    assert sum(str(act.number) in addresses for act in newest) >= 14


@pytest.mark.parametrize("source", [s for s in sources() if s.kind == "feed" and not s.broken], ids=lambda source: source.slug)
def test_feeds_read_live_are_those_of_the_past(client: httpx.Client, port0: int, stored: dict[str, Item], source: object) -> None:
    address = address_of(source, port0=port0)  # type: ignore[arg-type]
    feed = read_feed(client.get(address).content, url=address)
    assert len(feed.entries) >= 15
    for entry in feed.entries:
        said = entry_text(entry)
        assert agrees(stored.get(item_key(source.slug, canonical_url(entry.url))), said)  # type: ignore[attr-defined]


def test_specs_are_what_a_collector_takes() -> None:
    for source in sources():
        if source.kind != "manual":
            spec = spec_of(source)
            assert spec.address.startswith("http://127.0.0.1:")
            assert spec.kind in ("feed", "list", "board", "sitemap", "page")


@pytest.mark.parametrize("style", ["classic", "flow", "floors"])
def test_a_thread_that_nobody_has_answered_is_its_post_without_a_name(
    style: str, past: list[Act], port0: int, client: httpx.Client
) -> None:
    answered = {act.reply_to for act in past} | {act.under for act in past}
    boards = [source for source in sources() if source.kind == "board" and source.style == style]
    lone = [act for act in past if act.source in {source.slug for source in boards} and act.kind == "thread" and act.ref not in answered]
    assert lone
    for act in lone[-6:]:
        response = client.get(url_of(act, port0=port0))
        page = read_page(response.content, url=str(response.url), charset=charset(response), now=NOW, kind="thread")
        assert [post.text.split() for post in page.posts] == [act.text.split()]
        assert page.published_at
