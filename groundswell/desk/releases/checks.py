"""What stands between a text and the public: findings as data; errors block sending on and publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins import facts, phrases
from groundswell.desk.releases import meanwhile
from groundswell.desk.releases.models import Kind, Release, Spokesperson, Verdict, Version
from groundswell.desk.spine.once import once_a_page
from groundswell.engine.judge.person_name import private_names
from groundswell.engine.text.secrecy import secrecy_mark

ERROR, WARN = "error", "warn"
WORDS: dict[str, Callable[[], str]] = {
    "no_title": lambda: _("It has no title."),
    "no_verdict": lambda: _("A fact-check says its verdict; “being checked” is one too."),
    "no_summary": lambda: _("A fact-check says in one sentence what was found."),
    "no_claim": lambda: _("A fact-check says what was claimed."),
    "no_source": lambda: _("It names no source: say what it rests on."),
    "no_signature": lambda: _("It is not signed: nothing is said without the body's or a unit's name."),
    "no_reason": lambda: _("A correction says in public what it puts right."),
    "no_next_update": lambda: _("“Being checked” says when it will be looked at again."),
    "private_name": lambda: _("“%(text)s” looks like a private person's name."),
    "private_data": lambda: _("“%(text)s” looks like a private number or home."),
    "secret": lambda: _("It bears a secrecy mark (%(text)s): such a text does not belong into this system."),
    "english_half": lambda: _("Only a part of it is there in English."),
    "embargo": lambda: _("It is under embargo until %(time)s."),
    "meanwhile": lambda: _("Citizens wrote since this text was made: %(n)s not read yet."),
}


@dataclass(frozen=True)
class Finding:
    """One thing found: its code, how bad it is, what its sentence needs."""

    code: str
    severity: str = ERROR
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return WORDS[self.code]() % self.args


def of_text(text: Version, release: Release) -> list[Finding]:
    """What is wrong with TEXT itself, errors first."""
    found = [*_missing(text, release), *_private(_parts(text), release), *_english(text)]
    return sorted(found, key=lambda each: each.severity != ERROR)


def before_publishing(release: Release, now: datetime) -> list[Finding]:
    """The same and what time brings: an embargo, and what citizens wrote meanwhile."""
    text = release.current
    if text is None:
        return [Finding("no_title")]
    found = of_text(text, release)
    if text.embargo_until is not None and text.embargo_until > now:
        found.insert(0, Finding("embargo", ERROR, {"time": _stamp(text.embargo_until)}))
    waiting = meanwhile.held_by(release, now)
    if waiting:
        found.insert(0, Finding("meanwhile", ERROR, {"n": len(waiting)}))
    return found


def errors(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.severity == ERROR]


def private_words(*texts: str) -> list[Finding]:
    """Likely private names and numbers in TEXTS, as errors."""
    return list(_private(texts, None))


def _stamp(at: datetime) -> str:
    from groundswell.desk.spine.ports import zone

    return at.astimezone(zone()).strftime("%Y-%m-%d %H:%M")


def _parts(text: Version) -> tuple[str, ...]:
    lines = tuple(str(row.get("words", "")) for row in text.sources)
    return (text.title, text.summary, text.claim, text.text, text.why, text.title_en, text.summary_en, text.claim_en, text.text_en, *lines)


def _missing(text: Version, release: Release) -> Iterator[Finding]:
    if not text.title.strip() or not text.text.strip():
        yield Finding("no_title")
    if not text.signed.strip():
        yield Finding("no_signature")
    if not text.sources:
        yield Finding("no_source", WARN if release.kind == Kind.REPLY else ERROR)
    if release.is_correction and not text.why.strip():
        yield Finding("no_reason")
    if release.kind == Kind.FACT_CHECK:
        for name in ("verdict", "summary", "claim"):
            if not getattr(text, name).strip():
                yield Finding(f"no_{name}")
        if text.verdict == Verdict.CHECKING and text.next_update is None:
            yield Finding("no_next_update", WARN)
    mark = next((found for part in _parts(text) if (found := secrecy_mark(part))), "")
    if mark:
        yield Finding("secret", ERROR, {"text": mark})


def _english(text: Version) -> Iterator[Finding]:
    pairs = [(text.title, text.title_en), (text.text, text.text_en), (text.summary, text.summary_en), (text.claim, text.claim_en)]
    there = [bool(english.strip()) for chinese, english in pairs if chinese.strip()]
    if any(there) and not all(there):
        yield Finding("english_half", WARN)


@once_a_page
def _known() -> tuple[str, ...]:
    """Names that may stand: of bodies, officials in office, and those who speak for the body."""
    speakers = User.objects.filter(pk__in=Spokesperson.objects.values("user"))
    names = [name for pair in speakers.values_list("name", "name_en") for name in pair if name]
    return (*facts.keep_names(), *names)


def _private(texts: tuple[str, ...], release: Release | None) -> Iterator[Finding]:
    keep = _known()
    allowed = {str(row["text"]) for row in release.let_stand} if release is not None else set()
    seen: set[str] = set(allowed)
    for text in texts:
        names = [span.text for span in private_names(text, keep)]
        names += [name for name in phrases.likely_names(text, list(keep)) if not any(name in one or one in name for one in names)]
        for code, words in (("private_name", names), ("private_data", [*phrases.private_numbers(text), *phrases.homes(text)])):
            for word in words:
                if word not in seen:
                    seen.add(word)
                    yield Finding(code, ERROR, {"text": word})
