"""Hand something over to an address outside: one request, no redirect, only to where the guard lets it.

For messages to people (webhooks, robots, gateways). The same guarded connections as for reading: the address that was
checked is the one connected to, and nothing inside is reached that the administrator did not list.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx
from msgspec import Struct

from .client import chain
from .errors import CollectError
from .guard import USUAL_PORTS, Resolve, check_url, system_resolve
from .transport import GuardedTransport

SECONDS = 15.0  # the Standard Webhooks specification recommends 15 to 30
KEPT_BYTES = 4096  # of an answer; more says nothing


class Answer(Struct, frozen=True):
    """What came back: the status, and the beginning of the body as text."""

    status: int
    text: str


def hand_over(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    allowed: frozenset[str] = frozenset(),
    seconds: float = SECONDS,
    resolve: Resolve = system_resolve,
    verify: ssl.SSLContext | bool = True,
) -> Answer:
    """Send BODY to URL and give back whatever the other side answers, redirects and errors too.

    ``allowed`` is the administrator's list of inside hosts (see ``guard.resolve_public``). Raises CollectError with a cause of
    ``errors.MENDS`` where no answer came: bad_url, scheme, userinfo, odd_host, port, blocked_address, dns, refused, unreachable, timeout,
    tls, protocol.
    """
    asked = check_url(url)
    transport = GuardedTransport(allowed=allowed, ports=USUAL_PORTS, resolve=resolve, verify=verify)
    try:
        with (
            httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=seconds) as client,
            transport.errand.run(seconds, None),
            client.stream(method, asked, headers={**headers, "Accept-Encoding": "identity"}, content=body) as response,
        ):
            kept = b""
            for piece in response.iter_raw():
                kept += piece
                if len(kept) >= KEPT_BYTES:
                    break
            return Answer(response.status_code, kept[:KEPT_BYTES].decode("utf-8", "replace"))
    except CollectError as error:
        raise error.at(host_of(asked)) from None
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise _cause(error, asked, seconds) from error


def host_of(asked: httpx.URL) -> str:
    """Scheme, host and port alone: the rest of such an address is a secret."""
    return f"{asked.scheme}://{asked.netloc.decode('ascii')}"


def _cause(error: Exception, asked: httpx.URL, seconds: float) -> CollectError:
    where = host_of(asked)
    for link in chain(error):
        if isinstance(link, CollectError):
            return link.at(where)
        if isinstance(link, ssl.SSLError):
            return CollectError(
                "tls", where, host=asked.host, reason=str(getattr(link, "verify_message", "") or link.reason or "handshake")
            )
    if isinstance(error, httpx.TimeoutException):
        return CollectError("timeout", where, phase="total", seconds=seconds)
    if isinstance(error, (httpx.NetworkError, OSError)):
        refused = any(isinstance(link, ConnectionRefusedError) for link in chain(error))
        return CollectError("refused" if refused else "unreachable", where, host=asked.host, port=asked.port or 443)
    return CollectError("protocol", where, reason=type(error).__name__)
