"""A link that a person pasted, read for them where that may be: by the safe client, robots.txt obeyed, in a few seconds or not at all."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.collect.client import Client, Limits
from groundswell.collect.errors import CollectError, Failed
from groundswell.collect.guard import USUAL_PORTS
from groundswell.collect.robots import Robots
from groundswell.collect.session import Session, Unchanged
from groundswell.desk.entry.records import LOOKED
from groundswell.desk.sources.collecting import institution_names, real_now, shared_archive, shared_client
from groundswell.desk.sources.turns import DatabaseBudget, DatabaseRules
from groundswell.desk.spine.ports import local_now, now, ports
from groundswell.desk.spine.preferences import preference
from groundswell.engine.read import ReadError, read_page
from groundswell.engine.records import Fetched, Page, SourceSpec
from groundswell.engine.text.mentions import mask_mentions
from groundswell.engine.text.secrecy import secrecy_mark

SECONDS = 8.0  # a person waits
PATIENCE = 6.0  # seconds of a host's delay that are waited for
PAUSE = timedelta(seconds=1)
LARGEST_BYTES = 4 * 1024 * 1024
LONGEST_TEXT = 20_000
BY_HAND = gettext_lazy("Type or paste what it says; the link is kept all the same.")
WHY: dict[str, str | Promise] = {
    "bad_url": gettext_lazy("This is no web address."),
    "scheme": gettext_lazy("Only addresses that begin with http:// or https:// can be read."),
    "userinfo": gettext_lazy("A name or password stands in the address. Take it out."),
    "odd_host": gettext_lazy("The address hides its host in numbers and is not read."),
    "port": gettext_lazy("The address uses an unusual port and is not read."),
    "blocked_address": gettext_lazy("The address leads inside the house's own network and is not read."),
    "inside_link": gettext_lazy("The address leads inside the house's own network and is not read."),
    "dns": gettext_lazy("There is no site of this name."),
    "refused": gettext_lazy("The site does not answer now."),
    "unreachable": gettext_lazy("The site does not answer now."),
    "timeout": gettext_lazy("The site took too long."),
    "tls": gettext_lazy("The site's certificate is not in order."),
    "robots": gettext_lazy("The site does not allow programs to read this page (robots.txt)."),
    "robots_unreachable": gettext_lazy("The site does not say whether programs may read this page."),
    "not_text": gettext_lazy("There is no text behind the link."),
    "host_busy": gettext_lazy("The site asks for longer pauses than anyone wants to wait for."),
    "too_large": gettext_lazy("The page is too large."),
    "http_status": gettext_lazy("The site answered with an error (%(status)s)."),
    "nothing": gettext_lazy("The page shows no text to a program; perhaps it wants a sign-in or its app."),
    "secret": gettext_lazy("The page bears a secrecy mark and was not taken."),
    "archive": gettext_lazy("The page could not be put into the archive, so it was not taken."),
}


@dataclass(frozen=True)
class Looked:
    """What a link says, or why it could not be read."""

    title: str = ""
    text: str = ""
    stamp: str = ""
    author: str = ""
    reads: int | None = None
    likes: int | None = None
    archive: str = ""
    cause: str = ""
    words: str = ""


def look(url: str) -> Looked:
    """Read the page at URL for somebody who waits. Never raises for what the web does."""
    with _client() as client:
        result = _session(client).visit(SourceSpec(slug="", kind="page", address=url, zone=preference("body.zone")), url, role=LOOKED)
    if isinstance(result, Failed):
        return _not_read(result.cause, result.args)
    if isinstance(result, Unchanged):
        return _not_read("nothing")
    page = _page(result)
    if page is None or not (page.title.strip() or page.text.strip()):
        return _not_read("nothing")
    return _told(page, result)


def _page(result: Fetched) -> Page | None:
    try:
        return read_page(result.body, url=result.final_url, charset=result.charset, now=local_now(), zone=preference("body.zone"))
    except ReadError:
        return None


def _told(page: Page, result: Fetched) -> Looked:
    first = page.posts[0] if page.posts else None
    text = (first.text if first else page.text).strip()
    if secrecy_mark(f"{page.title}\n{text}"):
        return _not_read("secret")
    keep = institution_names()
    return Looked(
        title=mask_mentions(page.title, keep).strip()[:200],
        text=mask_mentions(text, keep)[:LONGEST_TEXT],
        stamp=(first.published_at if first else "") or page.published_at,
        author=(first.author if first else page.author) or "",
        reads=page.reads,
        likes=first.likes if first else page.likes,
        archive=result.archive,
    )


def _not_read(cause: str, args: dict[str, object] | None = None) -> Looked:
    words = str(WHY.get(cause, _("The link could not be read."))) % {"status": "", **(args or {})}
    return Looked(cause=cause, words=f"{words} {BY_HAND}")


def _client() -> Client:
    """The collector's client in haste: short limits. Listed inside hosts are as open to it as to the collector."""
    return Client(
        shared_client().agent,
        "",
        limits=Limits(wire_bytes=LARGEST_BYTES, body_bytes=LARGEST_BYTES * 3, total_seconds=SECONDS, connect_seconds=4.0, idle_seconds=5.0),
        allowed=frozenset(ports.reachable),
        ports=USUAL_PORTS,
        now=now,
    )


def _session(client: Client) -> Session:
    return Session(
        client,
        robots=Robots(client.robots_token, DatabaseRules(), real_now),
        budget=DatabaseBudget(),
        keep=shared_archive().write,
        now=real_now,
        sleep=_wait,
        delay=min(PAUSE, timedelta(seconds=float(preference("collect.host_seconds")))),
    )


def _wait(seconds: float) -> None:
    if seconds > PATIENCE:
        raise CollectError("host_busy")
    time.sleep(seconds)
