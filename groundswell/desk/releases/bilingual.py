"""Words of ours in both languages, for the data of an act that anybody may read later."""

from __future__ import annotations

from typing import Any

from django.utils import translation


def both(field: str, words: Any) -> dict[str, str]:
    """WORDS, translated late, as ``{field, field_en}`` (see ``shell.in_language``)."""
    said = {}
    for name, language in ((field, "zh-hans"), (f"{field}_en", "en")):
        with translation.override(language):
            said[name] = str(words)
    return said
