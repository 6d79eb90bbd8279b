"""``python -m groundswell.demo.web``: shows the demo web by itself, from the demo's now on."""

from __future__ import annotations

import argparse
import time

from groundswell.demo.county import HOST, NOW, PORT0, SITES
from groundswell.demo.web.server import running_clock, serve


def main() -> None:
    """Serves until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m groundswell.demo.web", description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=PORT0, help=f"the first of {len(SITES)} ports (default {PORT0})")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than the wall clock (default 1)")
    chosen = parser.parse_args()
    begun = time.monotonic()
    server = serve(running_clock(NOW, chosen.speed, lambda: time.monotonic() - begun), chosen.host, chosen.port)
    for site, port in server.ports.items():
        print(f"{site:8} http://{chosen.host}:{port}/")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
