"""What is too large for anything that the desk takes is refused before a byte of it is read, so that no upload lies in a temporary file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOO_LARGE = "上传的内容太大（超过 12 MB），没有收。\nWhat was sent is too large (over 12 MB) and was not taken.\n".encode()


def bounded(app: App, most_bytes: int) -> App:
    """APP for requests whose announced body is no larger than MOST_BYTES, or not announced at all."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _announced(scope) > most_bytes:
            headers = [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"connection", b"close"),
                (b"content-length", str(len(TOO_LARGE)).encode()),
            ]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": TOO_LARGE})
            return
        await app(scope, receive, send)

    return application


def _announced(scope: Scope) -> int:
    value = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"0")
    return int(value) if value.isdigit() else 0
