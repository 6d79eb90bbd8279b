"""Screens of the audit chain: acts with filters, one act, the check, the copy as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import ALL, scope, user_of
from groundswell.desk.audit import actions, queries
from groundswell.desk.audit.models import Record
from groundswell.desk.audit.queries import Sieve
from groundswell.desk.audit.words import act_choices, act_words
from groundswell.desk.spine.ports import today, zone
from groundswell.desk.spine.views import needs

READ = "audit.read"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@needs(READ)
def acts(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    sieve, wrong = _sieve(request.GET.dict())
    rows = queries.acts_for(user, sieve)
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(seq__lt=int(before))
    page = list(rows[: queries.PAGE + 1])
    sees_all = scope(user, READ) == ALL
    context = {
        "lines": queries.lines_of(page[: queries.PAGE]),
        "more": page[queries.PAGE - 1].seq if len(page) > queries.PAGE else None,
        "is_first": not before,
        "sieve": sieve,
        "wrong": wrong,
        "choices": act_choices(),
        "people": User.objects.order_by("id") if sees_all else (),
        "sees_all": sees_all,
        "chain": queries.chain_state() if sees_all else None,
        "today": today(),
    }
    return render(request, "audit/acts.html", context)


@needs(READ)
def act(request: HttpRequest, seq: int) -> HttpResponse:
    """One act, as far as the person may see it."""
    user = user_of(request)
    record = queries.acts_for(user, Sieve()).filter(seq=seq).first()
    if record is None:
        raise Http404(str(seq))
    seen = queries.acts_for(user, Sieve())
    context = {
        "line": queries.lines_of([record])[0],
        "changes": queries.payload_in_words(record),
        "plain": json.dumps(record.payload, ensure_ascii=False, indent=2) if record.payload is not None else "",
        "older": seen.filter(seq__lt=seq).values_list("seq", flat=True).first(),
        "newer": seen.filter(seq__gt=seq).order_by("seq").values_list("seq", flat=True).first(),
    }
    return render(request, "audit/act.html", context)


@needs(READ)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Walk the chain now."""
    user = user_of(request)
    if scope(user, READ) != ALL:
        raise PermissionDenied(READ)
    _record, breaks = actions.check_chain(user)
    words = _("The chain holds.") if not breaks else _("The chain is broken at link %(n)s.") % {"n": breaks[0].seq}
    request.session["toast"] = {"words": words, "undo": "", "next": "/desk/audit/"}
    return HttpResponseRedirect("/desk/audit/")


@needs(READ)
@require_POST
def export(request: HttpRequest) -> Any:
    """The acts as filtered, as CSV for a spreadsheet; that a copy was taken is itself on the chain."""
    user = user_of(request)
    sieve, _wrong = _sieve(request.POST.dict())
    rows = queries.acts_for(user, sieve)
    last = Record.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    rows = rows.filter(seq__lte=last)
    actions.note_export(user, sieve, rows.count())
    response = StreamingHttpResponse(_csv(rows.iterator(chunk_size=2000)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{today():%Y-%m-%d}.csv"'
    return response


class _Echo:
    """A file for ``csv`` that gives each line back."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[Record]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        [_("number"), _("time"), _("user name"), _("full name"), _("act"), _("in words"), _("subject"), _("payload"), _("hash")]
    )
    here = zone()
    for row in rows:
        payload = json.dumps(row.payload, ensure_ascii=False) if row.payload is not None else ""
        who = (row.actor.username, row.actor.name) if row.actor else ("", "")
        cells = [
            row.seq,
            row.at.astimezone(here).isoformat(timespec="seconds"),
            *who,
            row.act,
            act_words(row.act),
            row.subject,
            payload,
            row.hash,
        ]
        yield writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _sieve(given: dict[str, str]) -> tuple[Sieve, list[str]]:
    """The filter that was asked for, and what of it could not be read."""
    wrong: list[str] = []
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        text = given.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
            wrong.append(_("“%(text)s” is no day. Write it as 2026-11-23.") % {"text": text})
    plain = {name: given.get(name, "").strip() for name in ("person", "act", "subject")}
    return Sieve(**plain, since=days["since"], until=days["until"]), wrong
