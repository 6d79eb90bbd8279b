"""The items of the kept time rebuilt from the raw archive, or compared with it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.sources.replay import Difference, Result

WORDS = {
    "missing": "the archive holds it, the database does not",
    "unknown": "its record in the archive does not yield it",
    "differs": "differs in",
    "damaged": "a record of the archive is damaged",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="DAY", help="from this day on (2026-11-01; default: as long as the archive is kept)")
    parser.add_argument("--until", metavar="DAY", help="up to the end of this day (default: now)")
    parser.add_argument("--source", metavar="SLUG", help="only what was collected from this source")
    parser.add_argument("--check", action="store_true", help="only compare; exit code 1 where something differs, each difference named")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home():
        result = replay(since=args.since, until=args.until, slug=args.source or "", check=args.check)
    tell(result, as_json=args.json, check=args.check)
    return 1 if args.check and (result.differences or result.more) else 0


def replay(*, since: str | None = None, until: str | None = None, slug: str = "", check: bool = False) -> Result:
    """Replay from the start of the day SINCE to the end of the day UNTIL. Raises Fault."""
    from groundswell.cli.lines import Progress
    from groundswell.collect.errors import ArchiveError
    from groundswell.desk.sources.collecting import shared_archive
    from groundswell.desk.sources.models import Source
    from groundswell.desk.sources.replay import Replay
    from groundswell.desk.spine.ports import now
    from groundswell.desk.spine.preferences import preference
    from groundswell.desk.stories.scoring import score_dirty

    if slug and not Source.objects.filter(slug=slug).exists():
        raise Fault(f"There is no source “{slug}” in the register. “groundswell export items” shows the slugs of sources.")
    oldest = (now().astimezone(UTC) - timedelta(days=int(preference("retention.archive_days")))).date()
    kept = datetime.combine(oldest, time(0), UTC)
    first, last = _start(since) or kept, (_start(until, 1) if until else None) or now() + timedelta(seconds=1)
    progress = Progress(what="records")
    try:
        pass_ = Replay(shared_archive(), first, last, slug, progress.step)
        result = pass_.check() if check else pass_.put_back()
    except ArchiveError as error:
        raise Fault(f"The archive cannot be read: {error}.") from error
    progress.end()
    while not check and result.put_back and score_dirty(200):
        pass
    return result


def _start(text: str | None, more: int = 0) -> datetime | None:
    from groundswell.desk.spine.ports import zone

    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=more), time(0), zone())
    except ValueError as error:
        raise Fault(f"“{text}” is no day. Write it as 2026-11-23.") from error


def tell(result: Result, *, as_json: bool, check: bool) -> None:
    """What was found, on standard output; each difference on its line."""
    if as_json:
        print(json.dumps(_plain(result), ensure_ascii=False))
        return
    for each in result.differences:
        print(_line(each))
    if result.more:
        print(f"… and {result.more:,} more")
    count = len(result.differences) + result.more
    ending = "nothing differs" if check and not count else f"{count:,} differ" if check else f"{result.put_back:,} put back"
    print(f"{result.records:,} records, {result.items:,} items: {ending}", file=sys.stdout)
    if check and result.without_archive:
        print(f"({result.without_archive:,} items of that time have no bytes: imported, or past their days)")


def _line(each: Difference) -> str:
    what = WORDS[each.what] + (f" {', '.join(each.fields)}" if each.fields else "")
    return f"{each.key or each.ref}: {what}" + (f" ({each.url})" if each.url else f" ({each.ref})" if each.key else "")


def _plain(result: Result) -> dict[str, Any]:
    return {
        "records": result.records,
        "items": result.items,
        "put_back": result.put_back,
        "without_archive": result.without_archive,
        "differences": [
            {"what": each.what, "key": each.key, "fields": list(each.fields), "ref": each.ref, "url": each.url}
            for each in result.differences
        ],
        "more": result.more,
    }
