"""The past of the demo county as records, with the identity that the collector would have given them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from groundswell.demo.acts.act import Act, reach_at
from groundswell.demo.addresses import PAGE_SIZE, headline, thread_page, url_of
from groundswell.demo.county import HOST, PORT0, SEED, DemoSource, source_named
from groundswell.demo.script import acts
from groundswell.engine.records import Item
from groundswell.engine.text.identity import canonical_url, item_key
from groundswell.engine.text.mentions import mask_mentions

Voice = Callable[[str, str, datetime], str]  # handle, source slug, time of writing → keyed hash

KIND_OF_ITEM = {
    "article": "article",
    "notice": "notice",
    "thread": "post",
    "post": "post",
    "repost": "post",
    "reply": "reply",
    "comment": "comment",
    "message": "message",
    "answer": "reply",
    "entered": "entered",
}

_ANSWERED = re.compile(r"^回复 [^：]{1,30}：")  # whom a comment answers; a reader leaves it out


def said(act: Act) -> str:
    """The text as it is stored but for names: a comment without the line that says whom it answers."""
    return _ANSWERED.sub("", act.text, count=1) if act.kind == "comment" else act.text


def keyed(key: bytes) -> Voice:
    """Voices by one key: 32 hex digits of BLAKE2b."""

    def voice(handle: str, source: str, at: datetime) -> str:
        return blake2b(f"{source}\0{handle}".encode(), key=key, digest_size=16).hexdigest()

    return voice


class Threads:
    """Counts the floors, so that a reply gets the identity that its page gives it."""

    def __init__(self, host: str = HOST, port0: int = PORT0) -> None:
        self._host, self._port0 = host, port0
        self._first: dict[str, str] = {}  # ref of what opens a page to the address of that page
        self._identity: dict[str, str] = {}  # ref of a floor to its identity
        self._floors: dict[str, int] = {}

    def address(self, act: Act) -> tuple[str, str]:
        """The address of the page on which a piece stands, and its identity within the source.

        The rule is the collector's: a page's canonical address; with ``#floor`` for a reply; a comment's time and text
        after the identity of its floor.
        """
        if not act.reply_to or act.kind == "repost":
            url = url_of(act, self._host, self._port0)
            self._first[act.ref], self._identity[act.ref] = url, canonical_url(url)
            return url, self._identity[act.ref]
        if act.kind == "comment":
            floor = self._identity[act.under]
            mark = blake2b(f"{act.at.isoformat()}\n{said(act)}".encode(), digest_size=8).hexdigest()
            return self._first[act.under], f"{floor}/{mark}"
        number = self._floors[act.reply_to] = self._floors.get(act.reply_to, 1) + 1
        style = source_named()[act.source].style
        url = thread_page(self._first[act.reply_to], style, (number - 1) // PAGE_SIZE + 1)
        self._first[act.ref], self._identity[act.ref] = url, f"{canonical_url(url)}#{number}"
        return url, self._identity[act.ref]


def past_items(
    until: datetime,
    *,
    voice: Voice,
    seed: int = SEED,
    host: str = HOST,
    port0: int = PORT0,
    after: datetime | None = None,
    mask: Callable[[str], str] = mask_mentions,
) -> Iterator[Item]:
    """Every piece published up to ``until`` as a record, in order of time, without any private handle.

    ``voice`` turns a handle into a keyed hash (handle, source slug, time of writing); ``mask`` takes names out of texts;
    ``after`` leaves out what was published up to then. Channels with kind ``manual`` in the register are in it as entered.
    What a broken source published after it broke is left out: nobody could read it.
    """
    threads = Threads(host, port0)
    keys: dict[str, str] = {}
    for act in acts(seed, until):
        source = source_named()[act.source]
        if source.broken and source.broken.how != "silent" and act.at >= source.broken.since:
            continue
        url, identity = threads.address(act)
        keys[act.ref] = item_key(source.slug, identity)
        if after is None or act.at > after:
            yield _item(act, source, url, keys, voice, mask, until)


def _item(act: Act, source: DemoSource, url: str, keys: dict[str, str], voice: Voice, mask: Callable[[str], str], until: datetime) -> Item:
    named = source.institutional
    reach = reach_at(act, until)
    delay = timedelta(minutes=source.interval * (0.2 + act.number % 80 / 100))
    return Item(
        key=keys[act.ref],
        source=source.slug,
        channel=source.channel,
        kind=KIND_OF_ITEM[act.kind],
        url=url,
        title=mask(headline(act) if source.style == "timeline" and source.kind == "list" else act.title),
        text=mask(said(act)),
        published_at=act.at.astimezone(UTC),
        published_stamp=act.at.isoformat(timespec="seconds"),
        collected_at=min(act.at + delay, until).astimezone(UTC),
        author=act.author if named else "",
        voice="" if named else voice(act.author, source.slug, act.at),
        institutional=named,
        parent=keys.get(act.under or act.reply_to, ""),
        reads=reach.reads or None,
        likes=reach.likes or None,
        comments=reach.comments or None,
        reposts=reach.reposts or None,
    )
