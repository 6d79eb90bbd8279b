"""The demo's public web as a process of the house, on the clock that the house runs on."""

from __future__ import annotations

import signal
import sys
import threading

from groundswell.demo.county import PORT0
from groundswell.demo.web.server import serve
from groundswell.server.clock import make_clock
from groundswell.server.config import read_config


def main() -> None:
    """Serve until told to stop; the first port is the first argument."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    server = serve(make_clock(read_config().clock), port0=int(sys.argv[1]) if sys.argv[1:] else PORT0)
    done.wait()
    server.stop()


if __name__ == "__main__":
    main()
