"""Real feeds and pages over loopback, whole: each stored once, nothing new in a second pass, nothing lost or doubled by kill -9."""

from __future__ import annotations

import pytest

from benchmarks import acceptance_feeds
from benchmarks.scratch import DATA

pytestmark = pytest.mark.soak


def test_each_readable_feed_and_page_is_stored_once() -> None:
    if not (DATA / "feeds").is_dir():
        pytest.skip("the development data is not here")
    lines, wrong, _figures = acceptance_feeds.examine()
    assert not wrong, "\n".join([*lines, *wrong])
