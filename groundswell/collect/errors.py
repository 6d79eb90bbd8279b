"""What goes wrong outside, as data: a cause, its arguments and the mend, for the desk to put into words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

# cause -> mend. The desk keeps a sentence in each language for every code on either side.
MENDS: dict[str, str] = {
    "bad_url": "check_address",  # args: reason
    "scheme": "check_address",  # args: scheme; only http and https are read
    "userinfo": "check_address",  # a name or password stands in the address
    "odd_host": "check_address",  # args: host; an address written in decimal, octal or hex
    "port": "list_host",  # args: host, port
    "blocked_address": "list_host",  # args: host, address, reason (see guard.INSIDE)
    "inside_link": "check_address",  # args: host, address; a link or redirect of another site leads to a listed inside host
    "dns": "check_address",  # args: host
    "refused": "wait",  # args: host, port
    "unreachable": "wait",  # args: host, port
    "timeout": "wait",  # args: phase (dns|connect|read|write|total), seconds
    "tls": "tell_owner",  # args: host, reason
    "protocol": "tell_owner",  # args: reason; the answer is not proper HTTP
    "http_status": "wait",  # args: status; the mend depends on the status, see STATUS_MENDS
    "too_large": "raise_limit",  # args: limit_bytes
    "bomb": "tell_owner",  # args: limit_bytes or ratio; the body swells without measure when unpacked
    "encoding": "tell_owner",  # args: encoding; a packing that was not asked for, or a broken one
    "redirect_loop": "check_address",  # args: hops
    "robots": "ask_permission",  # args: agent, host; robots.txt of the host says no
    "robots_unreachable": "wait",  # args: agent, host; until robots.txt can be read, nothing is
    "not_text": "check_kind",  # args: content_type
    "host_busy": "wait",  # args: host; others have asked this host, the turn is too far away
    "folder_missing": "check_folder",  # args: folder
    "file_unreadable": "check_folder",  # args: name
    "file_kind": "check_kind",  # args: name
    "archive": "check_disk",  # args: reason; the bytes could not be put on disk, so they were not used
}

STATUS_MENDS: dict[int, str] = {
    400: "check_address",
    401: "ask_permission",
    403: "ask_permission",
    404: "check_address",
    405: "check_address",
    406: "check_kind",
    410: "retire_source",
    429: "slow_down",
    451: "ask_permission",
}


class Failed(Struct, frozen=True, kw_only=True):
    """One failure: ``cause`` and ``mend`` are codes of the tables above, ``args`` fill their sentences."""

    url: str  # as asked
    cause: str
    mend: str
    hop: str = ""  # where redirects had led when it happened, if elsewhere
    args: dict[str, Any] = {}
    retry_after: timedelta | None = None  # what the host asked for, or until the turn comes
    at: datetime | None = None


class CollectError(Exception):
    """Carries one ``Failed``; raised inside this room, yielded as data by the kinds."""

    def __init__(self, cause: str, url: str = "", *, retry_after: timedelta | None = None, **args: Any) -> None:
        mend = STATUS_MENDS.get(args.get("status", 0), MENDS[cause])
        self.failed = Failed(url=url, cause=cause, mend=mend, args=args, retry_after=retry_after)
        super().__init__(f"{cause} at {url or '?'}: {args}")

    @property
    def cause(self) -> str:
        return self.failed.cause

    @property
    def mend(self) -> str:
        return self.failed.mend

    @property
    def retry_after(self) -> timedelta | None:
        return self.failed.retry_after

    def at(self, url: str) -> CollectError:
        """The same failure with its address filled in, where the place that raised it did not know it."""
        return self if self.failed.url else self.about(url)

    def about(self, url: str) -> CollectError:
        """The same failure, said of another address."""
        return CollectError(self.failed.cause, url, retry_after=self.failed.retry_after, **self.failed.args)


class ArchiveError(Exception):
    """Something is wrong with the archive: ``code`` and ``args_`` for the desk's sentence, the message for a log.

    Codes: lost_key (the archive was written with another key), unsafe_key (others may read the key file),
    broken_key (the key file holds no key), missing (no such file or record), damaged (the bytes are not
    those that were written), disk (they could not be written).
    """

    def __init__(self, code: str, message: str, **args_: Any) -> None:
        self.code = code
        self.args_ = args_
        super().__init__(message)


class LostKey(ArchiveError):
    """The archive was written with another key than the one that was given."""

    def __init__(self, file: str, wanted: str, given: str) -> None:
        super().__init__(
            "lost_key",
            f"{file} was written with key {wanted}, but the key given is {given}: put the old key file back, or move the archive aside",
            file=file,
            wanted=wanted,
            given=given,
        )
