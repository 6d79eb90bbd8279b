"""Identity: the canonical form of an address, and the key of an item."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

TRACKING = re.compile(
    r"(?:utm_\w+|spm|scm|share_\w+|sharer|fbclid|gclid|yclid|msclkid|mc_[ce]id|_ga|ref|ref_src|referr?er|isappinstalled|nsukey|wxshare\w*|tdsourcetag)=.*"
    r"|from=(?:timeline|singlemessage|groupmessage|weibo|wechat|qq|share|copy)\Z",
    re.IGNORECASE | re.DOTALL,
)
PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """URL with scheme and host in lower case, without default port, fragment and tracking parameters; http and https
    fall together. A fragment that is a path of its own (``#/post/3``, ``#!/post/3``) stays.

    What does not look like a web address comes back stripped, otherwise unchanged.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    if parts.scheme.lower() not in PORTS or not parts.hostname:
        return text
    return f"https://{_host(parts, port)}{_path(parts.path)}{_query(parts.query)}{_fragment(parts.fragment)}"


def _host(parts: SplitResult, port: int | None) -> str:
    name = (parts.hostname or "").rstrip(".").lower()
    name = f"[{name}]" if ":" in name else name
    return name if port is None or port in PORTS.values() else f"{name}:{port}"


def _path(path: str) -> str:
    plain = quote(unquote(path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape") or "/"
    return re.sub(r"/{2,}", "/", plain)


def _query(query: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not TRACKING.match(f"{name}={value}")]
    return "?" + urlencode(kept) if kept else ""


def _fragment(fragment: str) -> str:
    return f"#{fragment}" if fragment.startswith(("/", "!/")) else ""


def item_key(source: str, identity: str) -> str:
    """The 32 hex digits that name an item for ever: a hash of its source and its own identity."""
    return blake2b(f"{source}\n{identity}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
