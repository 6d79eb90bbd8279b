"""A second process that takes part of the loading on the machine's other core: half of the stories are scored, then
what would have been forecast is looked back on, and new words are looked for."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC

SCORED = "scored"


class Aside:
    """The second process as the loading one sees it; where it fails, the loading one finds the work not done and does it itself."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self) -> None:
        """The items lie in the desk: let it work."""
        if self._process.stdin is not None:
            self._process.stdin.write("go\n")
            self._process.stdin.close()

    def wait_for_scores(self) -> None:
        """Until its half of the stories is scored, or it has died."""
        for line in self._process.stdout or ():
            if line.strip() == SCORED:
                return

    def end(self) -> bool:
        """Wait until it is done. Whether it was done well."""
        for _line in self._process.stdout or ():
            pass
        return self._process.wait() == 0


def main() -> None:
    from groundswell.demo import county
    from groundswell.desk.spine.ports import ports
    from groundswell.server.home import open_home

    with open_home():
        ports.clock = lambda: county.NOW.astimezone(UTC)
        from groundswell.demo.load import score_half
        from groundswell.desk.stories.record import look_back
        from groundswell.desk.stream.new_words import propose

        if not sys.stdin.readline():  # whoever loads is gone
            return
        score_half(1)
        print(SCORED, flush=True)
        look_back(county.START, county.NOW)
        propose(county.NOW)


if __name__ == "__main__":
    main()
