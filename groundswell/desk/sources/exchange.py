"""Lists of sources out and in: CSV with all that the register holds, OPML for other readers. A bad row is named, the good ones come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from groundswell.collect.opml import OpmlRow, read_opml, write_opml
from groundswell.desk.accounts.models import Place, Unit
from groundswell.desk.sources.forms import SourceForm
from groundswell.desk.sources.models import Channel, Kind, Source
from groundswell.desk.sources.words import say_failure
from groundswell.desk.spine.ports import local_now
from groundswell.desk.spine.preferences import preference
from groundswell.engine.read import ReadError
from groundswell.engine.read.decode import decode
from groundswell.reports.tables import Cell, to_csv

LIMIT_BYTES = 1024 * 1024
MOST_ROWS = 1000
COLUMNS = (
    "slug", "name", "name_en", "owner", "channel", "kind", "address", "ground", "unit", "place", "institutional", "official", "trust",
    "interval_minutes", "quiet_is_normal", "follow", "rows", "posts", "title", "body", "time", "state",
)  # fmt: skip
# what people call the columns of a list that they made themselves
ALSO = {
    "名称": "name",
    "英文名称": "name_en",
    "主办": "owner",
    "主办单位": "owner",
    "渠道": "channel",
    "类型": "kind",
    "采集方式": "kind",
    "网址": "address",
    "地址": "address",
    "链接": "address",
    "url": "address",
    "依据": "ground",
    "采集依据": "ground",
    "单位": "unit",
    "地点": "place",
    "间隔": "interval_minutes",
    "间隔（分钟）": "interval_minutes",
    "机构": "institutional",
    "官方": "official",
    "可信度": "trust",
}
YES = frozenset({"1", "yes", "true", "是", "y"})
RISKY = ("=", "+", "-", "@")


@dataclass
class Row:
    """One row of a list: its line, what it would make, or what is wrong with it."""

    line: int
    name: str
    address: str
    values: dict[str, Any] = field(default_factory=dict)
    form: SourceForm | None = None
    errors: list[str] = field(default_factory=list)


def as_csv(sources: Iterable[Source]) -> bytes:
    """The register as CSV that spreadsheets open without running anything in it."""
    return to_csv(_table(sources))


def _table(sources: Iterable[Source]) -> Iterator[tuple[Cell, ...]]:
    yield COLUMNS
    for source in sources:
        yield tuple(_cell(source, name) for name in COLUMNS)


def _cell(source: Source, name: str) -> Cell:
    if name in ("follow", "rows", "posts", "title", "body", "time"):
        value = source.options.get(name, "")
        return int(value) if isinstance(value, bool) else str(value)
    if name in ("unit", "place"):
        pointed = getattr(source, name)
        return pointed.code if pointed else ""
    value = getattr(source, name)
    return round(value * 100) if name == "trust" else value  # type: ignore[no-any-return]


def as_opml(sources: Iterable[Source]) -> bytes:
    """The sources that have a web address, in folders by channel."""
    rows = (
        OpmlRow(
            name=source.name,
            address=source.address,
            kind="feed" if source.kind == "feed" else "",
            folder=(str(Channel(source.channel).label),),
        )
        for source in sources
        if source.address.startswith("http")
    )
    return write_opml(rows, title=f"{preference('body.name')} · {local_now():%Y-%m-%d}", now=local_now())


def read_list(body: bytes, name: str, user: Any) -> list[Row]:
    """The rows of an OPML or CSV list, each checked as if it had been typed. Raises ValueError with words for the person."""
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_opml = name.lower().endswith((".opml", ".xml")) or start.startswith(b"<")
    return _checked(_opml_rows(body) if is_opml else _csv_rows(body), user)


def _opml_rows(body: bytes) -> list[Row]:
    try:
        found = read_opml(body)
    except ValueError:
        raise ValueError(_("This is no list of sources: export it as OPML from the program that it comes from.")) from None
    labels = {label: value for label, value in _choice_words().items() if value in Channel.values} | {
        value: value for value in Channel.values
    }
    rows = []
    for place, row in enumerate(found.rows[:MOST_ROWS], 1):
        channel = next((labels[part] for part in row.folder if part in labels), Channel.NEWS)
        values = {"name": row.name or row.address, "address": row.address, "kind": row.kind or "list", "channel": channel}
        values["ground"] = _("Taken over from a list; public address")
        rows.append(Row(place, values["name"], row.address, values))
    for failed in found.refused[:MOST_ROWS]:
        said = say_failure(failed.cause, failed.mend, failed.args)
        rows.append(Row(len(rows) + 1, "", failed.url, errors=[said.cause]))
    return rows


def _csv_rows(body: bytes) -> list[Row]:
    if len(body) > LIMIT_BYTES:
        raise ValueError(_("The list is larger than 1 MiB. Split it."))
    try:
        text = decode(body, what="csv", limit_bytes=LIMIT_BYTES)
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_delimiter(text)))
    except (ReadError, csv.Error):
        raise ValueError(_("This is no CSV list. Save it as CSV (UTF-8) from the spreadsheet.")) from None
    head = [_column(cell) for cell in lines[0]] if lines else []
    if "name" not in head or not {"address", "kind"} & set(head):
        raise ValueError(_("The first line must name the columns; at least name and address."))
    rows = []
    for number, line in enumerate(lines[1 : MOST_ROWS + 1], 2):
        if any(cell.strip() for cell in line):
            values = {name: _plain(cell) for name, cell in zip(head, line, strict=False) if name}
            rows.append(Row(number, values.get("name", ""), values.get("address", ""), values))
    return rows


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",\t;，；", key=first.count)


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return name if name in COLUMNS else ALSO.get(name, "")


def _plain(cell: str) -> str:
    """A cell as it was before it was made safe for spreadsheets."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in RISKY else text


def _checked(rows: list[Row], user: Any) -> list[Row]:
    """Every row through the form that a person fills in; doubles within the list are named too."""
    units = dict(Unit.objects.values_list("code", "pk")) | dict(Unit.objects.values_list("name", "pk"))
    places = dict(Place.objects.values_list("code", "pk")) | dict(Place.objects.values_list("name", "pk"))
    words = _choice_words()
    met: set[str] = set()
    for row in rows:
        if row.errors:
            continue
        data = _filled(row.values, units, places, words)
        row.form = SourceForm(data, user=user)
        if not row.form.is_valid():
            row.errors = [f"{row.form.fields[name].label if name in row.form.fields else ''}: {error}".lstrip(": ")
                          for name, errors in row.form.errors.items() for error in errors]  # fmt: skip
        elif data["address"] and data["address"] in met:
            row.errors = [_("This address stands in the list twice.")]
        met.add(data["address"])
    return rows


def _choice_words() -> dict[str, str]:
    """What channels and kinds are called, in each language, to their codes."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(label): value for value, label in [*Channel.choices, *Kind.choices]}
    return found


def _filled(values: dict[str, str], units: dict[str, int], places: dict[str, int], words: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "interval_minutes": int(preference("collect.default_minutes")),
        "trust": 50,
        "kind": "feed",
        "channel": "news",
        "ground": "",
    }
    data |= {name: value for name, value in values.items() if value and name not in ("slug", "state")}
    for name in ("institutional", "official", "quiet_is_normal", "follow"):
        data[name] = "on" if str(data.get(name, "")).lower() in YES else ""
    for name in ("kind", "channel"):
        data[name] = words.get(data[name], data[name])
    data["unit"] = units.get(data.get("unit", ""), data.get("unit", ""))
    data["place"] = places.get(data.get("place", ""), data.get("place", ""))
    data.setdefault("address", "")
    return data
