"""The moment when the words that the engine knows last changed: workers read the tables anew after it."""

from __future__ import annotations

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import change, setting

KEY = "lexicon.changed_at"
setting(KEY, part="hidden", label="", default="")


def lexicon_changed(user: User | None) -> None:
    """Say that units, places or netizen words are others than before. Call it inside the change's transaction."""
    change(user, KEY, now().isoformat())
