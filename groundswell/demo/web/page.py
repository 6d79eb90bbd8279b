"""A page before it is sent: what it depends on decides its ETag, its words are written only when they are needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape

from msgspec import Struct

from groundswell.demo.acts.act import Act
from groundswell.demo.county import DemoSource
from groundswell.demo.web.world import World


class Reply(Struct, frozen=True, kw_only=True):
    """One answer of the demo web."""

    write: Callable[[], str]
    state: str = ""  # what the page depends on; the ETag is its hash
    changed: datetime | None = None
    kind: str = "text/html; charset=utf-8"
    charset: str = "utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Ask(Struct, frozen=True, kw_only=True):
    """One request, for the functions that draw pages."""

    world: World
    source: DemoSource
    now: datetime
    path: str  # below the source's path
    query: dict[str, str]
    base: str  # http://host:port as the client sees it


def state_of(acts: list[Act], *more: object) -> str:
    """What a list of acts depends on."""
    return "|".join([*(act.ref for act in acts), *map(str, more)])


def text(value: str) -> str:
    """Text for markup."""
    return escape(value, quote=True)


def paragraphs(value: str, mark: str = "p") -> str:
    """Each line of a text as a paragraph."""
    return "".join(f"<{mark}>{text(line)}</{mark}>" for line in value.split("\n") if line.strip())


def missing() -> Reply:
    """A page that is not there."""
    return Reply(status=404, write=lambda: "<!doctype html><title>404</title><h1>您访问的页面不存在</h1><p><a href='/'>返回首页</a></p>")
