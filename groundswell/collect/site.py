"""Whose address it is: the site (registrable domain) of an address, by the public suffix list that came with the package."""

from __future__ import annotations

from functools import lru_cache

import httpx
import tldextract


def site(url: str) -> str:
    """The registrable domain of an address (``yunling.gov.cn``); the host itself where it has none, empty where it is no address."""
    try:
        return site_of_host(httpx.URL(url).host)
    except (httpx.InvalidURL, ValueError):
        return ""


def site_of_host(host: str) -> str:
    return suffixes()(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=1)
def suffixes() -> tldextract.TLDExtract:
    """Nothing is downloaded and nothing is cached on disk."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
