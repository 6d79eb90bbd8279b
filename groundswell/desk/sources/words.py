"""What went wrong at a source, in words: every cause and every mend of the collector and the readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Words = str | Promise

CAUSES: dict[str, Words] = {
    # asked for
    "bad_url": _("The address cannot be read as one"),
    "scheme": _("The address begins with “%(scheme)s:”; only http and https are read"),
    "userinfo": _("A user name or password stands in the address"),
    "odd_host": _("The host “%(host)s” is an address in disguise"),
    "port": _("Port %(port)s of %(host)s is none of the usual ones of web sites"),
    "blocked_address": _("%(host)s leads to %(address)s, which lies inside our own network (%(reason)s)"),
    "inside_link": _("A link or redirect of another site leads to %(host)s inside our own network"),
    "dns": _("Nobody knows the name %(host)s"),
    "refused": _("%(host)s refuses connections on port %(port)s"),
    "unreachable": _("%(host)s cannot be reached"),
    "timeout": _("No answer within %(seconds)s seconds (%(phase)s)"),
    "tls": _("The certificate of %(host)s does not hold: %(reason)s"),
    "protocol": _("The answer is not proper HTTP (%(reason)s)"),
    "http_status": _("The site answered %(status)s"),
    "too_large": _("It is larger than the limit of %(limit)s"),
    "bomb": _("The answer unpacks to far more than it should"),
    "encoding": _("The answer is packed in a way that cannot be undone (%(encoding)s)"),
    "redirect_loop": _("The site sends us on and on: %(hops)s times"),
    "robots": _("robots.txt of %(host)s forbids it to us"),
    "robots_unreachable": _("robots.txt of %(host)s cannot be read; until it can, nothing is read there"),
    "not_text": _("It is no text (%(content_type)s)"),
    "host_busy": _("Other sources on %(host)s are being read; its next free turn is too far off"),
    "folder_missing": _("The folder “%(folder)s” is not there"),
    "file_unreadable": _("The file “%(name)s” may not be read"),
    "file_kind": _("“%(name)s” is neither JSONL, CSV nor XLSX"),
    "archive": _("The bytes could not be put into the archive, so they were not used (%(reason)s)"),
    # read
    "empty": _("It is empty"),
    "too_deep": _("The markup of the page is nested too deeply"),
    "not_html": _("It is no web page"),
    "not_feed": _("It is no feed"),
    "not_sitemap": _("It is no sitemap"),
    "not_table": _("It is no table of rows (%(reason)s)"),
    "entities": _("The XML declares entities of its own; such files are not read"),
    "broken": _("It is damaged: %(reason)s"),
    "bad_row": _("Line %(row)s cannot be used: %(reason)s"),
    "row": _("Line %(row)s cannot be used: %(reason)s"),
    "no_text": _("Line %(row)s has neither title nor text"),
    "no_column": _("No column is called title or text; there are: %(columns)s"),
    "too_many_rows": _("There are more than %(limit)s rows; the rest was left"),
    "nothing_found": _("The page was read, but nothing of what is looked for stands in it"),
    "internal": _("A fault of our own program (%(error)s)"),
}
STATUS: dict[int, Words] = {
    400: _("The site does not understand the request (400)"),
    401: _("The site asks for a sign-in (401)"),
    403: _("The site refuses us (403)"),
    404: _("There is nothing at this address (404)"),
    410: _("The page was taken away for good (410)"),
    429: _("The site finds that we ask too often (429)"),
    451: _("The page is withheld for legal reasons (451)"),
    500: _("The site has a fault of its own (500)"),
    502: _("The site has a fault of its own (502)"),
    503: _("The site is out of order for now (503)"),
    504: _("The site has a fault of its own (504)"),
}
MENDS: dict[str, Words] = {
    "check_address": _("Open the address in a browser and put it right under “Edit”."),
    "list_host": _("If this host is meant, the administrator lists it in GROUNDSWELL_REACHABLE."),
    "wait": _("It is asked again by itself, less and less often. If it lasts, phone whoever runs the site."),
    "tell_owner": _("Tell whoever runs the site; nothing can be done here."),
    "raise_limit": _("The administrator can raise the limit under Settings → Collecting."),
    "ask_permission": _("Ask whoever runs the site for leave, or read it by hand in the reading book."),
    "check_kind": _("Test the address: perhaps it is of another kind now. Choose it under “Edit”."),
    "check_folder": _("Check that the folder is there and may be read by the program."),
    "check_disk": _("Make room on the disk of the server; “groundswell doctor” says how much is left."),
    "retire_source": _("Look for its new address; if there is none, retire the source."),
    "slow_down": _("It is asked again after the time that the site wishes. Lengthen the interval."),
    "mend_row": _("Put the line right and hand the file in again; the good lines are stored already."),
    "name_columns": _("Name the columns title, text, url, published_at."),
    "split_file": _("Split the file and hand in the parts."),
    "edit_selector": _("The site was probably redesigned: test it, then name the place in the page under “Edit”."),
    "tell_us": _("Tell the administrator; the log of the server has the details."),
}
REASONS: dict[str, Words] = {  # codes that stand in the sentences above
    "metadata": _("the cloud's metadata service"),
    "unspecified": _("no address at all"),
    "loopback": _("this machine itself"),
    "private": _("a private network"),
    "carrier": _("a carrier's inner network"),
    "link_local": _("the local link"),
    "reserved": _("a reserved range"),
    "documentation": _("a range for examples"),
    "benchmark": _("a range for measurements"),
    "multicast": _("a range for groups"),
    "translated": _("a translated range"),
    "connect": _("while connecting"),
    "read": _("while reading"),
    "write": _("while asking"),
    "total": _("in all"),
    "not_json": _("it is no JSON"),
    "not_object": _("it is no object with names"),
    "no_text": _("neither title nor text"),
    "too_large": _("it is too long"),
    "columns": _("the columns do not fit the head line"),
    "no_rows": _("there are no rows"),
    "no_workbook": _("there is no sheet in it"),
    "gzip": _("it cannot be unpacked"),
    "zip": _("it cannot be unpacked"),
    "xlsx": _("the workbook cannot be opened"),
    "csv": _("the quotes do not close"),
    "disk": _("the disk is full or may not be written"),
    "lost_key": _("the key of the archive is another one"),
}
CODED = ("reason", "phase")


@dataclass(frozen=True)
class Said:
    """One failure in words: what happened, and what to do."""

    cause: str
    mend: str


def say_failure(cause: str, mend: str, args: Mapping[str, Any]) -> Said:
    """CAUSE and MEND, codes of the collector or the readers, as sentences; ARGS fill them."""
    return Said(cause_words(cause, args), str(MENDS.get(mend, "")))


def cause_words(cause: str, args: Mapping[str, Any]) -> str:
    filling: dict[str, Any] = defaultdict(lambda: "—", args)
    for name in CODED:
        filling[name] = REASONS.get(str(filling[name]), filling[name])
    filling["limit"] = amount(args)
    words: Words | None = STATUS.get(_number(args.get("status"))) if cause == "http_status" else None
    return str(words or CAUSES.get(cause, cause)) % filling


def amount(args: Mapping[str, Any]) -> str:
    """A limit as people read it: bytes in MiB, rows as they are."""
    size = _number(args.get("limit_bytes"))
    if size:
        return f"{size / 2**20:.0f} MiB" if size >= 2**20 else f"{size / 1024:.0f} KiB"
    limit = _number(args.get("limit"))
    return f"{limit:,}" if limit else gettext("what is allowed")


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
