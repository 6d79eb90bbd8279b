"""Groundswell: the public-opinion desk of a public body."""

import os

__version__ = "0.1.0"

# Judging multiplies many small matrices: threads of the linear algebra would wait for each other longer than they reckon,
# and cores are put to use by processes. Numpy asks for this once, when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
