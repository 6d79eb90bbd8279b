"""A story's pages as a plain WARC file, written down on the audit chain."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundswell.server.faults import Fault

if TYPE_CHECKING:
    from groundswell.desk.sources.evidence import Evidence

ENDING = ".warc.gz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("story", help="number of the story, such as ST-2026-1123-03")
    parser.add_argument("--out", required=True, metavar="FILE", help="ends in .warc.gz; only its owner may read it")
    parser.add_argument("--by", metavar="NAME", help="user name of the person for whom it is written; stands on the audit chain")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    path = Path(args.out)
    if not path.name.endswith(ENDING):
        raise Fault(f"{path} must end in {ENDING}: it is a WARC file (ISO 28500), record by record packed with gzip.")
    with open_home():
        evidence = export(args.story, path, args.by or "")
    if args.json:
        print(
            json.dumps(
                {
                    "file": str(path),
                    "pages": evidence.pages,
                    "items": evidence.items,
                    "without": evidence.without,
                    "sha256": evidence.sha256,
                }
            )
        )
        return 0
    print(f"{evidence.pages:,} records behind {evidence.items:,} items → {path}")
    if evidence.without:
        print(f"{len(evidence.without):,} items have no bytes in the archive (imported, or past its time); the manifest names them.")
    return 0


def export(number: str, path: Path, by: str = "") -> Evidence:
    """Write the evidence of the story NUMBER to PATH and put that on the audit chain. Raises Fault."""
    from groundswell.collect.errors import ArchiveError
    from groundswell.desk.audit.chain import append
    from groundswell.desk.sources import evidence
    from groundswell.desk.sources.collecting import shared_archive

    story, person = _story(number), _person(by)
    draft = path.with_name(path.name + ".draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            written = evidence.write(story, shared_archive(), out)
            out.flush()
            os.fsync(out.fileno())
        if not written.pages:
            raise Fault(f"The archive holds no page behind {number}: its items were imported, or their time in the archive is over.")
        said: dict[str, Any] = {"pages": written.pages, "items": written.items, "file": path.name, "sha256": written.sha256}
        append("evidence.export", person, f"story:{story.pk}", said)  # first the chain, then the file: none without its entry
        os.replace(draft, path)
    except ArchiveError as error:
        raise Fault(f"The archive cannot be read: {error}.") from error
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}. Choose another place with --out.") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return written


def _story(number: str) -> Any:
    from groundswell.desk.stories.models import Story

    story = Story.objects.filter(number=number.strip().upper()).first()
    if story is None:
        raise Fault(f"There is no story {number}. “groundswell export stories” lists their numbers.")
    return story


def _person(username: str) -> Any:
    from groundswell.desk.accounts.models import User

    if not username:
        return None
    person = User.objects.filter(username=username).first()
    if person is None:
        raise Fault(f"There is nobody of the name “{username}” at this desk. “groundswell users list” shows who is.")
    return person
