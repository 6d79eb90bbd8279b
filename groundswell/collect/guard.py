"""What may be asked at all: schemes, hosts, ports and the addresses that names resolve to.

A public body's collector runs inside its network, and the addresses it reads are typed by people and
sent by strangers (redirects, links). Nothing that lies inside may be reached through it unless the
administrator listed it. Special-purpose ranges after the IANA registries of RFC 6890.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx
from msgspec import Struct

from .errors import CollectError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]

SCHEMES = frozenset({"http", "https"})
USUAL_PORTS = frozenset({80, 443, 8080, 8443})

# network -> reason. An address inside any of them is refused with that reason.
INSIDE: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(net), reason)
    for net, reason in (
        ("169.254.169.254/32", "metadata"),
        ("100.100.100.200/32", "metadata"),
        ("168.63.129.16/32", "metadata"),
        ("192.0.0.192/32", "metadata"),
        ("fd00:ec2::254/128", "metadata"),
        ("0.0.0.0/8", "unspecified"),
        ("127.0.0.0/8", "loopback"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "carrier"),
        ("169.254.0.0/16", "link_local"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("198.18.0.0/15", "benchmark"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fe80::/10", "link_local"),
        ("fec0::/10", "private"),
        ("fc00::/7", "private"),
        ("ff00::/8", "multicast"),
        ("64:ff9b:1::/48", "translated"),
        ("2001::/23", "reserved"),  # Teredo 2001::/32 and ORCHID lie in it
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
MAPPED = IPv6Network("::ffff:0:0/96")
SIXTOFOUR = IPv6Network("2002::/16")
ISATAP = (0x00005EFE, 0x02005EFE)  # bits 32-63 of an address that carries an IPv4 address in its last 32

NUMERIC_LABEL = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z", re.IGNORECASE)
PLAIN_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\Z")
FORBIDDEN_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


class Listed(Struct, frozen=True):
    """The administrator's list, parsed: names and networks, each with the port it is limited to (0: any)."""

    hosts: frozenset[tuple[str, int]]
    networks: tuple[tuple[IPv4Network | IPv6Network, int], ...]

    def covers_host(self, host: str, port: int) -> bool:
        return (host, 0) in self.hosts or (host, port) in self.hosts

    def covers_address(self, address: Address, port: int) -> bool:
        return any(limit in (0, port) and address in network for network, limit in self.networks)


@lru_cache(maxsize=64)
def parse_allowed(allowed: frozenset[str]) -> Listed:
    """Read entries ``host``, ``host:port``, ``10.1.0.0/16``, ``10.1.2.3:8080``, ``[::1]:8080``; ValueError names a bad one."""
    hosts: set[tuple[str, int]] = set()
    networks: list[tuple[IPv4Network | IPv6Network, int]] = []
    for entry in sorted(allowed):
        name, port = split_port(entry.strip().lower())
        try:
            networks.append((ip_network(name), port))
        except ValueError:
            if not PLAIN_HOST.match(name) or ends_in_number(name):
                raise ValueError(f"allowed hosts: {entry!r} is neither a host name, host:port nor a network such as 10.1.0.0/16") from None
            hosts.add((name, port))
    return Listed(frozenset(hosts), tuple(networks))


def split_port(entry: str) -> tuple[str, int]:
    """Split ``host:port``, ``[v6]:port`` or a bare host; port 0 where none is given."""
    if match := re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?", entry):
        return match[1], int(match[2] or 0)
    if match := re.fullmatch(r"([^:]+):(\d{1,5})", entry):
        return match[1], int(match[2])
    return entry, 0


def check_url(url: str) -> httpx.URL:
    """Parse an address to ask; CollectError bad_url, scheme, userinfo or odd_host where it must not be."""
    if FORBIDDEN_IN_URL.search(url):
        raise CollectError("bad_url", url, reason="character")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise CollectError("bad_url", url, reason="syntax") from None
    if parsed.scheme not in SCHEMES:
        raise CollectError("scheme", url, scheme=parsed.scheme)
    if parsed.userinfo:
        raise CollectError("userinfo", url)
    plain_host(parsed.raw_host.decode("ascii"), url)
    return parsed


def plain_host(host: str, url: str = "") -> str:
    """The host in its one plain form: lower case, no final dot, no brackets; CollectError for every odd form."""
    host = host.strip("[]").lower().removesuffix(".")
    if literal(host):
        return host
    if ends_in_number(host):
        raise CollectError("odd_host", url, host=host)
    if not PLAIN_HOST.match(host) or ".." in host or len(host) > 253:
        raise CollectError("bad_url", url, reason="host")
    return host


def literal(host: str) -> Address | None:
    """The address that a host spells in its one usual form, None for a name."""
    if "%" in host:
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


def ends_in_number(host: str) -> bool:
    """True where the last label is a number: some resolvers read 127.1, 0x7f000001 and 2130706433 as addresses."""
    return bool(NUMERIC_LABEL.match(host.rpartition(".")[2]))


def inside(address: Address) -> str:
    """Why an address is not on the public web, as a code; empty where it is."""
    if isinstance(address, IPv6Address) and (carried := carried_v4(address)) is not None:
        return inside(carried)
    for network, reason in INSIDE:
        if address.version == network.version and address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in GLOBAL_V6:
        return "reserved"
    return ""


def carried_v4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, NAT64, 6to4, ISATAP."""
    value = int(address)
    if address in MAPPED or address in NAT64 or (value >> 32) & 0xFFFFFFFF in ISATAP:
        return IPv4Address(value & 0xFFFFFFFF)
    if address in SIXTOFOUR:
        return IPv4Address((value >> 80) & 0xFFFFFFFF)
    return None


def resolve_public(
    host: str,
    port: int,
    *,
    allowed: frozenset[str] = frozenset(),
    ports: frozenset[int] = USUAL_PORTS,
    resolve: Resolve | None = None,
) -> tuple[Address, ...]:
    """Resolve a host and return its addresses if every one of them may be asked at that port.

    ``allowed`` is what the administrator listed: host, host:port, address or network. One address inside
    refuses the whole name, so that an order of answers decides nothing. Raises CollectError: odd_host,
    bad_url, dns, blocked_address, port.
    """
    host = plain_host(host)
    listed = parse_allowed(allowed)
    spelled = literal(host)
    addresses = (spelled,) if spelled else resolved(host, port, resolve or system_resolve)
    if listed.covers_host(host, port):
        return addresses
    for address in addresses:
        if not listed.covers_address(address, port):
            refuse_inside(host, address)
            if port not in ports:
                raise CollectError("port", host=host, port=port)
    return addresses


def refuse_inside(host: str, address: Address) -> None:
    if reason := inside(address):
        raise CollectError("blocked_address", host=host, address=str(address), reason=reason)


def resolved(host: str, port: int, resolve: Resolve) -> tuple[Address, ...]:
    try:
        addresses = tuple(dict.fromkeys(ip_address(text) for text in resolve(host, port)))
    except (OSError, UnicodeError):
        addresses = ()
    if not addresses:
        raise CollectError("dns", host=host)
    return addresses


def system_resolve(host: str, port: int) -> list[str]:
    """What the operating system's resolver says, in its order."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
