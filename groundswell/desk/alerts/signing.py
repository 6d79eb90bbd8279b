"""Signatures of what goes out: Standard Webhooks by its own package, the two robots' by their published formulas. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

from standardwebhooks import Webhook


def webhook_headers(secret: str, key: str, at: datetime, body: str) -> dict[str, str]:
    """The three headers of Standard Webhooks 1.0. SECRET begins with ``whsec_``; KEY is the same at every try. Raises ValueError."""
    signature = Webhook(secret).sign(key, at, body)
    return {"webhook-id": key, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def dingtalk_address(address: str, secret: str, at: datetime) -> str:
    """DingTalk: HMAC-SHA256 over ``milliseconds\\nsecret`` with the secret, in base64, in the address."""
    stamp = str(int(at.timestamp() * 1000))
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}timestamp={stamp}&sign={quote(base64.b64encode(made).decode(), safe='')}"


def feishu_fields(secret: str, at: datetime) -> dict[str, str]:
    """Feishu: HMAC-SHA256 over nothing with ``seconds\\nsecret`` as the key, in base64, in the body."""
    stamp = str(int(at.timestamp()))
    made = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(made).decode()}
