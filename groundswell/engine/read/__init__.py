"""Bytes to records: one file a format."""

from groundswell.engine.read.dates import read_stamp, stamp_to_utc
from groundswell.engine.read.detect import Detected, detect_kind
from groundswell.engine.read.errors import ReadError
from groundswell.engine.read.feed import entry_text, read_feed
from groundswell.engine.read.page import read_page
from groundswell.engine.read.sitemap import read_sitemap
from groundswell.engine.read.table import read_table

__all__ = [
    "Detected",
    "ReadError",
    "detect_kind",
    "entry_text",
    "read_feed",
    "read_page",
    "read_sitemap",
    "read_stamp",
    "read_table",
    "stamp_to_utc",
]
