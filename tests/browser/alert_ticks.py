"""Run as a process of its own: the desk's clock stands at each of the moments, and the worker's ticks of alerts look then."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from groundswell.server.home import open_home


def main(*moments: str) -> None:
    with open_home(make=False, migrate=False):
        from groundswell.desk.alerts import jobs  # noqa: F401 (registers the ticks)
        from groundswell.desk.spine.ports import ports
        from groundswell.desk.spine.ticks import TICKS

        for moment in moments:
            at = datetime.fromisoformat(moment).astimezone(UTC)
            ports.clock = lambda at=at: at
            for tick in TICKS:
                if tick.name in ("alerts.rules", "alerts.chains"):
                    tick.run(at)


if __name__ == "__main__":
    main(*sys.argv[1:])
