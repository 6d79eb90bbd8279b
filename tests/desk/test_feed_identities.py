"""Entries of one feed keep their own keys, also where their addresses are alike."""

from __future__ import annotations

from groundswell.desk.sources.understand import _identities
from groundswell.engine.records import Entry


def entry(url: str, name: str, at: str) -> Entry:
    return Entry(id=name, url=url, title="t", published_at=at)


def test_an_address_of_its_own_is_the_identity() -> None:
    assert _identities([entry("http://example.org/a?utm_source=x", "1", "2026-01-01")]) == ["https://example.org/a"]


def test_addresses_that_differ_only_behind_the_hash_are_told_apart_by_id() -> None:
    entries = [
        entry("https://example.org/rss.html#one", "one", "2026-01-02"),
        entry("https://example.org/rss.html#two", "two", "2026-01-01"),
    ]
    assert _identities(entries) == ["one", "two"]


def test_ids_that_repeat_are_told_apart_by_time() -> None:
    entries = [entry("https://example.org/foe", "foe", "2026-01-02"), entry("https://example.org/foe", "foe", "2026-01-01")]
    assert len(set(_identities(entries))) == 2


def test_an_entry_given_twice_is_one_and_keeps_its_address() -> None:
    assert set(_identities([entry("https://example.org/foe", "foe", "2026-01-02")] * 2)) == {"https://example.org/foe"}
