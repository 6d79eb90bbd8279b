"""One sending as a request of its channel, and what the answer means. Pure but for the sealed address and secret.

The gateway's template: {phone} {title} {text} {number} {secret} in address, headers and body; in an address they are percent-encoded, in a
body of JSON escaped as in a JSON string, in a form percent-encoded, else put as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import yaml

from groundswell.desk.alerts.models import Channel, ChannelKind, Sending
from groundswell.desk.alerts.parcels import Said, kind_of, said_in
from groundswell.desk.alerts.signing import dingtalk_address, feishu_fields, webhook_headers
from groundswell.desk.spine.settings_seal import unseal

PLACEHOLDER = re.compile(r"\{(phone|title|text|number|secret)\}")
JSON = {"Content-Type": "application/json; charset=utf-8"}
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses after which another try may help
ROBOTS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU)


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Verdict:
    """Was it taken; where not, may another try help; is the address gone for good?"""

    taken: bool
    again: bool = False
    gone: bool = False


@cache
def robots() -> dict[str, Any]:
    """The robots' templates."""
    data: dict[str, Any] = yaml.safe_load(files("groundswell.desk.alerts").joinpath("robots.yaml").read_text(encoding="utf-8"))
    return data


def seal_name(channel: Channel, what: str) -> str:
    """Under which name address ("address") and secret ("secret") of CHANNEL are sealed."""
    return f"alerts.channel.{channel.code}.{what}"


def address_of(channel: Channel) -> str:
    """Raises SealBroken."""
    return unseal(seal_name(channel, "address"), channel.sealed_address)


def secret_of(channel: Channel) -> str:
    """Raises SealBroken."""
    return unseal(seal_name(channel, "secret"), channel.sealed_secret)


def request_of(channel: Channel, row: Sending, at: datetime) -> Request:
    """What is sent for ROW; AT is the time of the world, by which receivers check signatures. Raises SealBroken, ValueError."""
    said = said_in(row)
    if channel.kind == ChannelKind.WEBHOOK:
        return _webhook(channel, row, said, at)
    if channel.kind in ROBOTS:
        return _robot(channel, said, at)
    return _gateway(channel, row, said)


def _webhook(channel: Channel, row: Sending, message: Said, at: datetime) -> Request:
    """{type, timestamp, data} as Standard Webhooks proposes."""
    data: dict[str, Any] = {"title": message.title, "text": message.text, "alert": "", "level": None, "language": row.language}
    if row.alert is not None:
        data |= {"alert": row.alert.number, "level": row.alert.level, "rule": row.alert.rule.name, "reason": row.alert.reason}
        data["story"] = row.alert.story.number if row.alert.story else None
    parcel = kind_of(row)
    said = {
        "type": parcel.event if parcel else "alert.called" if row.alert else "alert.test",
        "timestamp": row.made_at.isoformat(),
        "data": data,
    }
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return Request("POST", address_of(channel), JSON | webhook_headers(secret_of(channel), row.key, at, body), body.encode())


def _robot(channel: Channel, said: Said, at: datetime) -> Request:
    kind, secret, url = robots()[channel.kind], secret_of(channel), address_of(channel)
    body = _filled(kind["body"], said)
    if secret and kind["sign"] == "dingtalk":
        url = dingtalk_address(url, secret, at)
    elif secret and kind["sign"] == "feishu":
        body = feishu_fields(secret, at) | body
    return Request("POST", url, dict(JSON), json.dumps(body, ensure_ascii=False).encode())


def _filled(value: Any, said: Said) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, said) for name, each in value.items()}
    words = {"title": said.title, "text": said.text}
    return PLACEHOLDER.sub(lambda found: words.get(found[1], ""), value) if isinstance(value, str) else value


def _gateway(channel: Channel, row: Sending, said: Said) -> Request:
    values = {
        "phone": re.sub(r"[^\d+]", "", row.to),
        "title": said.title,
        "text": said.text.replace("\n", " "),
        "number": row.alert.number if row.alert else "",
        "secret": secret_of(channel),
    }
    headers = {}
    for line in channel.headers.splitlines():
        name, sign, value = line.partition(":")
        if sign:
            headers[name.strip()] = _put(value.strip(), values, lambda text: " ".join(text.split()))
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    body = _put(channel.body, values, _in_json if "json" in kind else _in_form if "form" in kind else str)
    return Request(channel.method, _put(address_of(channel), values, _in_form), headers, body.encode() if channel.method != "GET" else b"")


def _put(template: str, values: dict[str, str], written: Callable[[str], str]) -> str:
    return PLACEHOLDER.sub(lambda found: written(values[found[1]]), template)


def _in_form(text: str) -> str:
    return quote(text, safe="")


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def verdict_of(channel: Channel, status: int, answer: str) -> Verdict:
    """What STATUS and ANSWER mean: 2xx, and where the channel says so the right word in it; 410 switches a webhook off."""
    if not 200 <= status < 300:
        return Verdict(False, again=status in AGAIN, gone=status == 410 and channel.kind == ChannelKind.WEBHOOK)
    if channel.kind in ROBOTS:
        name, wanted = robots()[channel.kind]["success"]
        code = _field(answer, name)
        return Verdict(str(code) == str(wanted), again=code in robots()[channel.kind]["again"])
    if channel.kind == ChannelKind.SMS and channel.success_value:
        said = str(_field(answer, channel.success_field)) if channel.success_field else answer
        return Verdict(said == channel.success_value if channel.success_field else channel.success_value in said)
    return Verdict(True)


def _field(answer: str, path: str) -> Any:
    """The value at PATH ("result.code") of an answer in JSON; None where there is none."""
    try:
        value = json.loads(answer)
    except ValueError:
        return None
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
