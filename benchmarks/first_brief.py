"""From a new home to a day's brief: init, import of 4,326 real messages, the brief as DOCX, PDF and HTML; seconds and peak memory.

The server is not running. Each step is a command of its own; its exit code must be 0 and what the draft says must cite its items.
"""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.measure import Figure
from benchmarks.scratch import DATA, Done, groundswell, load, scratch_home

MESSAGES, DAY = DATA / "messages" / "stream.jsonl.gz", "2020-01-06"
SIGNS = {".docx": b"PK", ".pdf": b"%PDF-", ".html": b"<!doctype html"}


def run(quick: bool) -> list[Figure]:
    """Wall seconds of each step; the note has its peak memory. Raises RuntimeError where a step fails."""
    if not MESSAGES.is_file():
        return [Figure("the development data is not here", 0, "steps", 1.0)]
    with scratch_home() as home:
        steps: list[tuple[str, Done]] = [("init", _good("init")), ("import", _good("import", str(MESSAGES)))]
        for suffix, sign in SIGNS.items():
            out = home / f"brief{suffix}"
            steps.append((f"brief --out brief{suffix}", _good("brief", "--date", DAY, "--out", str(out))))
            if not out.read_bytes().lstrip().lower().startswith(sign.lower()):
                raise RuntimeError(f"{out.name} is no {suffix} file")
        cited = json.loads(_python("benchmarks.first_brief"))
    if not cited["entries"] or cited["without"]:
        raise RuntimeError(f"the draft has {cited['entries']} entries, {cited['without']} of them without items")
    note = f"{cited['entries']} entries cite {cited['items']} items; {load()}"
    figures = [Figure(name, 1, "run", done.seconds, note=f"peak {done.peak_mib:.0f} MiB") for name, done in steps]
    return [*figures, Figure("all steps", 1, "run", sum(done.seconds for _name, done in steps), note=note)]


def _good(*words: str) -> Done:
    done = groundswell(*words)
    if done.code:
        raise RuntimeError(f"groundswell {' '.join(words)}: exit code {done.code}\n{done.out[-1500:]}")
    return done


def _python(module: str) -> str:
    return subprocess.run([sys.executable, "-m", module], capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def citations() -> dict[str, int]:
    """Pieces of the drafts in the present home, the items that they cite, and how many cite none."""
    from groundswell.server.home import open_home

    with open_home():
        from groundswell.desk.bulletins.models import IssueItem

        cited = [piece.cited.count() for piece in IssueItem.objects.all()]
    return {"entries": len(cited), "items": sum(cited), "without": cited.count(0)}


if __name__ == "__main__":
    print(json.dumps(citations()))
