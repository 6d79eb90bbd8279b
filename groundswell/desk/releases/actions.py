"""What people do to releases: clue, write, review, secrecy review, approve; publish, correct and withdraw as public acts of their own."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases.models import Case
from groundswell.desk.releases import checks, meanwhile
from groundswell.desk.releases.forms import BackForm, NoteForm, SecrecyForm, StandForm, WithdrawForm
from groundswell.desk.releases.grounds import grounds
from groundswell.desk.releases.models import IN_WORK, Check, Kind, PublicAct, Release, Stage, Verdict, Version
from groundswell.desk.spine.actions import Act, Refused, action, record_fact, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.numbering import take_number
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.timeline import fact, in_a_line
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

subject("release", Release, path="releases", ref="number", state_field="state", name=gettext_lazy("Release"))

fact("release_public", gettext_lazy("the body said in public (%(number)s): %(title)s"))
fact("release_corrected", gettext_lazy("what the body said (%(number)s) was corrected: %(title)s"))
fact("release_withdrawn", gettext_lazy("what the body said (%(number)s) was withdrawn: %(title)s"))
WITH_PUBLIC_PAGE = (Stage.PUBLISHED, *IN_WORK[1:])


def _text(release: Release) -> Version:
    if release.current is None:
        raise Refused(_("Nothing is written yet."))
    return release.current


def _another(act: Act, release: Release, what: str) -> Version:
    """The present text, where somebody else than the acting person wrote it. Raises Refused."""
    text = _text(release)
    if text.by_id == act.by:
        raise Refused(_("Who wrote the text cannot do this: %(what)s is another person's.") % {"what": what})
    return text


def _noted(act: Act, text: Version, kind: str, result: str, note: str, ground: str = "") -> None:
    Check.objects.create(at_version=text, kind=kind, result=result, note=note, ground=ground, by_id=act.by, at=act.at)
    act.data |= {"n": text.n}


@action(
    "release.clue",
    verb=gettext_lazy("Take up a clue"),
    did=gettext_lazy("took up a clue: %(clue)s"),
    permission="release.draft",
    icon="plus",
    creates=True,
)
def clue(
    act: Act,
    _none: None,
    *,
    kind: str,
    clue: str,
    story: Story | None = None,
    case: Case | None = None,
    item: Item | None = None,
    unit: Unit | None = None,
) -> Release:
    """Something that the body should say; what it hangs on is a story, a message, a post, or nothing."""
    year = act.at.astimezone(zone()).year
    number = f"FB-{year}-{take_number(f'FB:{year}'):04d}"
    story = story or (case.story if case else None) or (item.story if item else None)
    act.data = {"clue": in_a_line(clue)}
    return Release.objects.create(
        number=number, kind=kind, clue=clue.strip(), story=story, case=case, item=item, unit=unit, opened_by_id=act.by, opened_at=act.at
    )


@action(
    "release.write",
    verb=gettext_lazy("Write the text"),
    did=gettext_lazy("wrote version %(n)s: %(title)s"),
    permission="release.draft",
    from_states=[Stage.CLUE, Stage.DRAFT],
    to_state=Stage.DRAFT,
    key="e",
    icon="edit",
)
def write(act: Act, release: Release, *, title: str, text: str, slug: str | None = None, **values: Any) -> None:
    """A new version; earlier ones stay as they were."""
    n = release.versions.count() + 1
    made = Version.objects.create(release=release, n=n, title=title.strip(), text=text.strip(), by_id=act.by, at=act.at, **values)
    release.current, release.read_until = made, act.at
    if slug is not None and release.public_id is None:
        release.slug = slug or None
    act.data = {"n": n, "title": made.title, "title_en": made.title_en or made.title}


@action(
    "release.submit",
    verb=gettext_lazy("Send for review"),
    did=gettext_lazy("sent version %(n)s for review"),
    permission="release.draft",
    from_states=[Stage.DRAFT],
    to_state=Stage.REVIEW,
    key="r",
    icon="right",
)
def submit(act: Act, release: Release) -> None:
    """Only a text without errors, and not one that was sent back."""
    text = _text(release)
    if text.checks.filter(result=Check.Result.BACK).exists() or text.pk == release.public_id:
        raise Refused(_("This version was sent back or is public already: write a new one."))
    wrong = checks.errors(checks.of_text(text, release))
    if wrong:
        raise Refused(" ".join(each.words for each in wrong))
    act.data = {"n": text.n}


@action(
    "release.pass_review",
    verb=gettext_lazy("Review passed"),
    did=gettext_lazy("reviewed version %(n)s: passed"),
    permission="release.review",
    from_states=[Stage.REVIEW],
    to_state=Stage.SECRECY,
    form=NoteForm,
    key="v",
    icon="check",
)
def pass_review(act: Act, release: Release, *, note: str = "") -> None:
    """Another person than the writer finds it right."""
    _noted(act, _another(act, release, _("the review")), Check.Kind.REVIEW, Check.Result.PASS, note)


@action(
    "release.send_back",
    verb=gettext_lazy("Send back to be changed"),
    did=gettext_lazy("sent version %(n)s back"),
    permission="release.review",
    from_states=[Stage.REVIEW],
    to_state=Stage.DRAFT,
    form=BackForm,
    icon="left",
)
def send_back(act: Act, release: Release, *, note: str) -> None:
    _noted(act, _another(act, release, _("the review")), Check.Kind.REVIEW, Check.Result.BACK, note)


@action(
    "release.secrecy",
    verb=gettext_lazy("Secrecy review"),
    did=gettext_lazy("did the secrecy review of version %(n)s: %(ground)s"),
    permission="release.secrecy",
    from_states=[Stage.SECRECY],
    form=SecrecyForm,
    key="m",
    icon="lock",
)
def secrecy(act: Act, release: Release, *, ground: str, note: str = "") -> None:
    """保密审查 by a second person, neither writer nor reviewer; the ground decides: on, back, or put to the organ in charge."""
    text = _another(act, release, _("the secrecy review"))
    if text.checks.filter(kind=Check.Kind.REVIEW, by=act.by).exists():
        raise Refused(_("Who reviewed the content does not do the secrecy review as well."))
    row = grounds()[ground]
    _noted(act, text, Check.Kind.SECRECY, row.result, note, ground)
    act.data |= {"ground": f"{row.zh}（{row.law}）", "ground_en": f"{row.en} ({row.law})"}
    if row.result != Check.Result.ASK:
        release.state = Stage.APPROVAL if row.result == Check.Result.PASS else Stage.DRAFT


@action(
    "release.approve",
    verb=gettext_lazy("Approve"),
    did=gettext_lazy("approved version %(n)s"),
    permission="release.approve",
    from_states=[Stage.APPROVAL],
    to_state=Stage.APPROVED,
    form=NoteForm,
    key="v",
    icon="check",
)
def approve(act: Act, release: Release, *, note: str = "") -> None:
    """The leader: so it may be said."""
    _noted(act, _another(act, release, _("the approval")), Check.Kind.APPROVAL, Check.Result.PASS, note)


@action(
    "release.refuse",
    verb=gettext_lazy("Do not approve"),
    did=gettext_lazy("did not approve version %(n)s"),
    permission="release.approve",
    from_states=[Stage.APPROVAL, Stage.APPROVED],
    to_state=Stage.DRAFT,
    form=BackForm,
    icon="left",
)
def refuse(act: Act, release: Release, *, note: str) -> None:
    _noted(act, _another(act, release, _("the approval")), Check.Kind.APPROVAL, Check.Result.BACK, note)


@action(
    "release.read_on",
    verb=gettext_lazy("Read; the text still holds"),
    did=gettext_lazy("read what citizens wrote meanwhile (%(n)s); the text still holds"),
    permission="release.publish",
    from_states=[Stage.REVIEW, Stage.SECRECY, Stage.APPROVAL, Stage.APPROVED],
    icon="eye",
)
def read_on(act: Act, release: Release) -> None:
    """What came since the text was made was read by a person, who stands for it that nothing is talked past."""
    rows = meanwhile.later(release)
    release.read_until = act.at
    act.data = {"n": len(rows), "read": [row.key for row in rows]}


@action(
    "release.let_stand",
    verb=gettext_lazy("Let a name stand"),
    did=gettext_lazy("let “%(text)s” stand: %(why)s"),
    permission="release.review",
    from_states=[Stage.DRAFT, Stage.REVIEW],
    form=StandForm,
    icon="user",
)
def let_stand(act: Act, release: Release, *, text: str, why: str) -> None:
    """What the check takes for private and is not: said by another than the writer, with the reason."""
    _another(act, release, _("letting a name stand"))
    release.let_stand = [*release.let_stand, {"text": text.strip(), "why": why}]
    act.data = {"text": text.strip(), "why": why}


# ---------------------------------------------------------------- in public


def _go_public(act: Act, release: Release, kind: str) -> None:
    text = _text(release)
    wrong = checks.errors(checks.before_publishing(release, act.at))
    if wrong:
        raise Refused(" ".join(each.words for each in wrong))
    if release.kind == Kind.FACT_CHECK and not release.slug:
        release.slug = _free_slug(text.title, act)
    release.public = text
    PublicAct.objects.create(release=release, kind=kind, text=text, why=text.why, by_id=act.by, at=act.at)
    verdict = Verdict(text.verdict) if text.verdict else None
    act.data = {"title": text.title, "title_en": text.title_en or text.title, "n": text.n, "verdict": verdict.value if verdict else ""}
    _tell(release, "release_public" if kind == PublicAct.Kind.PUBLISH else "release_corrected")


def _tell(release: Release, what: str) -> None:
    said = {"number": release.number, "title": release.title, "title_en": release.title_en}
    for record in (release.story, release.case):
        if record is not None:
            record_fact(what, record, said)


def _free_slug(title: str, act: Act) -> str:
    year = act.at.astimezone(zone()).year
    words = slugify(pinyin_key(title)).split("-")[:8]
    base = "-".join([str(year), *words])[:70].strip("-")
    taken = set(Release.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


@action(
    "release.publish",
    verb=gettext_lazy("Publish it"),
    did=gettext_lazy("published version %(n)s: %(title)s"),
    permission="release.publish",
    from_states=[Stage.APPROVED],
    to_state=Stage.PUBLISHED,
    key="p",
    icon="send",
    leaves_house=True,
)
def publish(act: Act, release: Release) -> None:
    """Onto its public page; refused where anything stands against it."""
    if release.public_id is not None:
        raise Refused(_("It is public already: this is a correction."))
    _go_public(act, release, PublicAct.Kind.PUBLISH)


@action(
    "release.publish_correction",
    verb=gettext_lazy("Publish the correction"),
    did=gettext_lazy("corrected it in public by version %(n)s: %(title)s"),
    permission="release.publish",
    from_states=[Stage.APPROVED],
    to_state=Stage.PUBLISHED,
    icon="send",
    leaves_house=True,
)
def publish_correction(act: Act, release: Release) -> None:
    """The corrected text takes the place of the earlier one, and says what it puts right."""
    if release.public_id is None:
        raise Refused(_("Nothing of it is public yet."))
    _go_public(act, release, PublicAct.Kind.CORRECT)


@action(
    "release.correct",
    verb=gettext_lazy("Begin a correction"),
    did=gettext_lazy("began a correction"),
    permission="release.draft",
    from_states=[Stage.PUBLISHED],
    to_state=Stage.DRAFT,
    form=ReasonForm,
    icon="edit",
)
def correct(act: Act, release: Release, *, reason: str) -> None:
    """The page stays as it is until the corrected text has gone the whole way."""


@action(
    "release.abandon",
    verb=gettext_lazy("Give the correction up"),
    did=gettext_lazy("gave the correction up"),
    permission="release.draft",
    from_states=[Stage.DRAFT],
    to_state=Stage.PUBLISHED,
    form=ReasonForm,
    icon="x",
)
def abandon(act: Act, release: Release, *, reason: str) -> None:
    """What is public stays so."""
    if release.public_id is None:
        raise Refused(_("Nothing of it is public yet."))
    release.current = release.public


@action(
    "release.withdraw",
    verb=gettext_lazy("Withdraw from the public"),
    did=gettext_lazy("withdrew it from the public"),
    permission="release.approve",
    from_states=WITH_PUBLIC_PAGE,
    to_state=Stage.WITHDRAWN,
    form=WithdrawForm,
    icon="x",
    leaves_house=True,
)
def withdraw(act: Act, release: Release, *, reason: str) -> None:
    """Its page keeps its address and says that it was withdrawn, and why."""
    if release.public is None:
        raise Refused(_("Nothing of it is public yet."))
    wrong = checks.private_words(reason)
    if wrong:
        raise Refused(" ".join(each.words for each in wrong))
    release.withdrawn_why = reason.strip()
    PublicAct.objects.create(
        release=release, kind=PublicAct.Kind.WITHDRAW, text=release.public, why=release.withdrawn_why, by_id=act.by, at=act.at
    )
    _tell(release, "release_withdrawn")


@action(
    "release.drop",
    verb=gettext_lazy("Drop"),
    did=gettext_lazy("dropped it"),
    permission="release.draft",
    from_states=[Stage.CLUE, Stage.DRAFT],
    to_state=Stage.VOID,
    form=ReasonForm,
    icon="x",
)
def drop(act: Act, release: Release, *, reason: str) -> None:
    """Not said after all; only where nothing of it is public."""
    if release.public_id is not None:
        raise Refused(_("A page of it is public: correct or withdraw it."))
