"""The letter of a correction request as plain data for ``reports.letter``: to whom, what is wrong, what is right, what shows it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from groundswell.desk.releases.models import CorrectionRequest
from groundswell.desk.spine.ports import today, zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import named
from groundswell.reports.letter import Letter


def letter_of(row: CorrectionRequest, language: str) -> Letter:
    """ROW as a letter in LANGUAGE ("zh-hans" or "en")."""
    with translation.override(language):
        proofs = tuple(
            _("%(uri)s, fetched %(time)s; archive %(archive)s; SHA-256 %(hash)s")
            % {"uri": each["uri"], "time": each["fetched_at"], "archive": each["archive"], "hash": each["sha256"]}
            for each in row.evidence
        )
        parts = [
            (_("The page"), (row.address,)),
            (_("The statement"), (row.wrong,)),
            (_("What is right"), (row.right,)),
            (_("What shows it"), (row.basis, *proofs)),
        ]
        if row.release is not None and row.release.public_id is not None:
            parts.append((_("Published by us"), (f"{row.release.title} ({row.release.public_path})",)))
        asked = _(
            "We ask you to put the statement right where it stands, visibly and with the date, and to tell us. "
            "Opinions are not our concern, and we do not ask that anything be taken away."
        )
        return Letter(
            title=_("Request for a correction"),
            number=row.number,
            to=named(row.publisher),
            opening=_("The page named below states a fact that is not so. We bring you what is right and what shows it."),
            parts=tuple(parts),
            closing=(_("What we ask"), asked),
            signed=str(preference("body.office") if language != "en" else preference("body.office_en") or preference("body.office")),
            contact=str(preference("body.contact")),
            date=row.sent_at.astimezone(zone()).date() if row.sent_at else today(),
            language=language,
        )
