"""Faults that a person can mend: one clear sentence, no trace."""

from __future__ import annotations

import errno
from collections.abc import Iterator


class Fault(Exception):
    """Something outside the program is wrong; the message says what, where and what to do."""


FULL = (errno.ENOSPC, errno.EDQUOT)
OF_THE_SYSTEM = {
    errno.EROFS: "{path} lies on a disk that can only be read. Choose another place.",
    errno.EACCES: "{path} may not be read or written by this user. Give it the right, or run Groundswell as its owner.",
    errno.EPERM: "{path} may not be read or written by this user. Give it the right, or run Groundswell as its owner.",
    errno.EMFILE: "Too many files are open. Raise the limit: ulimit -n 4096.",
    errno.ENOMEM: "There is too little memory. End other programs.",
}


def fault_of(error: BaseException) -> Fault | None:
    """The fault behind an exception of the surroundings; None where the program itself is at fault."""
    for each in _chain(error):
        found = _of_disk(each) or _of_database(each) or _of_paper(each)
        if found:
            return found
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = error
    while each is not None:
        yield each
        each = each.__cause__ or each.__context__


def _of_disk(error: BaseException) -> Fault | None:
    if not isinstance(error, OSError) or error.errno is None:
        return None
    path = error.filename or "A file"
    if error.errno in FULL:
        return Fault(f"The disk is full: {path} could not be written. Make room and run the command again; what was done is kept.")
    sentence = OF_THE_SYSTEM.get(error.errno) if error.filename else None
    return Fault(sentence.format(path=path)) if sentence else None


def _of_database(error: BaseException) -> Fault | None:
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, psycopg.errors.DiskFull) or "No space left" in said:
        return Fault("The disk of the database is full. Make room and run the command again; what was done is kept.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return Fault(
            f"The database does not let its user do this: {said}. Give the user of GROUNDSWELL_DATABASE_URL all rights on its database."
        )
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Fault(
            f"The database stopped answering: {said.rstrip('.')}. Run the command again; “groundswell doctor” looks for the cause."
        )
    return None


def _of_paper(error: BaseException) -> Fault | None:
    from groundswell.reports.fonts import NoChineseFont

    return Fault(str(error)) if isinstance(error, NoChineseFont) else None
