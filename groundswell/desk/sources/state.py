"""The one sentence on how a source stands: is it blind, and since when; and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.desk.sources import silence
from groundswell.desk.sources.models import Failure, Source
from groundswell.desk.sources.words import say_failure
from groundswell.desk.spine.templatetags.desk import ago, span, when


@dataclass(frozen=True)
class State:
    """A tag, its tone, the sentence, the mend ("" where nothing is to be done)."""

    tag: str
    tone: str  # "" | ok | bad | wait
    words: str
    mend: str = ""

    @property
    def whole(self) -> str:
        """The sentence with its mend."""
        return said_together(self.words, self.mend)


def said_together(*sentences: str) -> str:
    """Sentences one after another: with a space in English, without one after a Chinese full stop."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentence for sentence in sentences if sentence)


def state_of(source: Source) -> tuple[str, str]:
    """(tag, tone) of SOURCE, without asking the database."""
    if source.state == "active":
        if source.failures >= silence.FAILING:
            return _("failing"), "bad"
        if source.silent_since:
            return _("silent"), "bad"
        if source.kind == "manual":
            return _("by people"), "info"
        return (_("well"), "ok") if source.last_success_at else (_("not read yet"), "wait")
    return {"paused": (_("paused"), "wait"), "proposed": (_("proposed"), "wait"), "retired": (_("retired"), "")}[source.state]


def state_sentence(source: Source, now: datetime, last: Failure | None = None) -> State:
    """How SOURCE stands, in words. LAST is its newest failure where it is at hand."""
    tag, tone = state_of(source)
    if source.state == "paused":
        until = _("until %(time)s") % {"time": when(source.paused_until)} if source.paused_until else _("until somebody resumes it")
        return State(tag, tone, _("Not read %(until)s: %(reason)s.") % {"until": until, "reason": source.pause_reason or "—"})
    if source.state == "proposed":
        return State(tag, tone, _("Proposed; it is read once an editor approves it."))
    if source.state == "retired":
        return State(tag, tone, _("Retired: it is not read any more; its items stay."))
    if source.failures >= silence.FAILING:
        return _failing(source, now, tag, last)
    if source.silent_since:
        return _silent(source, now, tag)
    if source.kind == "manual":
        return State(tag, tone, _("Read by people; the reading book says by whom and when."))
    if source.last_success_at is None:
        return State(tag, tone, _("In the register; the first reading is on its way."))
    return State(tag, tone, _at_work(source, now))


def _failing(source: Source, now: datetime, tag: str, last: Failure | None) -> State:
    last = last or Failure.objects.filter(source=source, cause=source.last_cause).order_by("-at").first()
    said = say_failure(last.cause, last.mend, last.args) if last else say_failure(source.last_cause, "", {})
    since = source.last_success_at or source.added_at
    words = _("No data since %(time)s (%(span)s). %(cause)s.") % {"time": when(since), "span": span(now - since), "cause": said.cause}
    return State(tag, "bad", words, said.mend)


def _silent(source: Source, now: datetime, tag: str) -> State:
    since = source.silent_since or now
    filling = {"time": when(since), "span": span(now - since)}
    due = silence.expected(source, since, now)
    words = _("It answers, but nothing new has come since %(time)s (%(span)s).") % filling
    if due and due >= 1:
        more = ngettext(
            "About %(n)s item should have come by its own habit.", "About %(n)s items should have come by its own habit.", round(due)
        )
        words = said_together(words, more % {"n": round(due)})
    return State(tag, "bad", words, _("Open the site and look; if quiet is normal there, say so."))


def _at_work(source: Source, now: datetime) -> str:
    read = _("Last read %(ago)s.") % {"ago": ago(source.last_success_at)}
    if source.failures:
        read = _("Last read %(ago)s; the newest try failed.") % {"ago": ago(source.last_success_at)}
    if source.last_item_at:
        read = said_together(read, _("The newest item came %(ago)s.") % {"ago": ago(source.last_item_at)})
    return read
