"""``python -m benchmarks.peak COMMAND…``: a command of the program; its peak memory (KiB, children too) is the last line of stderr."""

from __future__ import annotations

import resource
import sys

if __name__ == "__main__":
    from groundswell.cli import main

    code = main(sys.argv[1:])
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"\npeak {peak}", file=sys.stderr)
    sys.exit(code)
