"""Addresses in one form, keys of items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.engine.text.identity import canonical_url, item_key


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.COM:80/a//b/?utm_source=x&id=3#top", "https://example.com/a/b/?id=3"),
        ("https://a.com?from=timeline&isappinstalled=0", "https://a.com/"),
        ("https://a.com/?from=beijing&to=x", "https://a.com/?from=beijing&to=x"),  # a word that means something
        ("https://a.com/x?b=2&a=1&a=2", "https://a.com/x?b=2&a=1&a=2"),  # order may matter
        ("https://a.com/#!/post/3", "https://a.com/#!/post/3"),  # the page is in the fragment
        ("https://a.com/#/post/3", "https://a.com/#/post/3"),
        ("https://user:pw@a.com/x", "https://a.com/x"),
        ("https://a.com/水?q=水", "https://a.com/%E6%B0%B4?q=%E6%B0%B4"),
        ("https://a.com/%e6%b0%b4", "https://a.com/%E6%B0%B4"),
        ("http://[::1]:8080/x", "https://[::1]:8080/x"),
        ("  not an address ", "not an address"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://a.com:99999/", "https://a.com:99999/"),  # no port: unchanged
    ],
)
def test_canonical(url, canonical):
    assert canonical_url(url) == canonical


@given(st.text(alphabet="ab/?&=#%:.水 +~@[]2", max_size=30).map("https://x.org/".__add__) | st.text(max_size=30))
def test_twice_is_once(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_keys():
    assert item_key("a", "1") == item_key("a", "1")
    assert len({item_key("a", "1"), item_key("b", "1"), item_key("a", "2")}) == 3
    assert len(item_key("源", "\ud800")) == 32
