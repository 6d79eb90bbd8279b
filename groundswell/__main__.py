"""``python -m groundswell``."""

import sys

from groundswell.cli import main

sys.exit(main())
