"""What cannot be read, as data: what it was, the cause, the mend, for the desk to put into words."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

from typing import Any

# cause -> mend. The desk keeps a sentence in each language for every code on either side.
MENDS: dict[str, str] = {
    "empty": "check_address",  # nothing stands in the body
    "too_large": "raise_limit",  # filling: limit_bytes, size_bytes
    "too_deep": "tell_owner",  # the markup nests without measure
    "not_text": "check_kind",  # pictures, programs, archives
    "not_html": "check_kind",
    "not_feed": "check_kind",
    "not_sitemap": "check_kind",
    "not_table": "check_kind",  # filling: reason
    "entities": "tell_owner",  # the XML declares entities of its own: not read
    "broken": "tell_owner",  # filling: reason
    "bad_row": "mend_row",  # filling: row, reason
    "no_text": "mend_row",  # filling: row; neither title nor text stands in it
    "file_kind": "check_kind",  # filling: name
    "row": "mend_row",  # filling: row, reason (not_json | not_object | no_text | too_large | columns)
    "no_column": "name_columns",  # filling: columns; none of them is a title or a text
    "too_many_rows": "split_file",  # filling: limit
    "nothing_found": "edit_selector",  # the page was read, but nothing of what was looked for stands in it
}


class ReadError(Exception):
    """One thing that could not be read: ``cause`` and ``mend`` are codes of the table above, ``filling`` fills their sentences.

    ``what`` names the thing (an address, a file, "feed"), "" where the caller knows it: then the cause may stand alone, ``ReadError("empty")``;
    ``row`` is the number of the row in a file, from 1, 0 where it is the whole.
    """

    def __init__(self, what: str, cause: str = "", mend: str = "", *, row: int = 0, **filling: Any) -> None:
        if not cause:
            what, cause = "", what
        self.what = what
        self.cause = cause
        self.mend = mend or MENDS.get(cause, "check_kind")
        self.row = row
        self.filling: dict[str, Any] = filling | ({"row": row} if row else {})
        super().__init__(what, cause, self.mend)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.filling.items())
        return f"{self.what or 'body'}: {self.cause}{f' ({told})' if told else ''}; {self.mend}"
