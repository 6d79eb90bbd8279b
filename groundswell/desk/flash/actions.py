"""What is done to a flash report: drafted, written, counted again, sent and frozen, opened, handed on, corrected by another."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groundswell.desk.accounts.leaders import Presented
from groundswell.desk.bulletins.checks import CITE
from groundswell.desk.bulletins.models import Recipient, Series
from groundswell.desk.bulletins.paper import hash_of
from groundswell.desk.flash import checks, clocks, paper, readings, sending
from groundswell.desk.flash.drafting import HEADS, draft, next_kind
from groundswell.desk.flash.forms import CorrectForm, HandForm, ResendForm, SendForm, WriteForm
from groundswell.desk.flash.models import SERIES, Delivery, Kind, Report, Stage, Way
from groundswell.desk.spine.actions import Act, Refused, action, found, record_fact, subject
from groundswell.desk.spine.numbering import record_number, take_number
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.shell import both_names
from groundswell.desk.spine.timeline import fact, in_a_line
from groundswell.desk.stories.models import Story

subject("flash", Report, path="flash", ref="ref", state_field="state", name=gettext_lazy("Flash report"))

fact("flash_sent", gettext_lazy("%(who)s sent the %(kind)s as no. %(number)s to %(n)s recipients"))
KINDS_ZH = {Kind.FIRST: "初报", Kind.FOLLOW: "续报", Kind.FINAL: "终报"}

FORMS = {"text": ("200字文本", "the 200 characters"), "picture": ("长图", "the picture"), "file": ("文件", "the file")}
WAYS = {Way.MESSENGER: ("（即时通信）", "by messenger"), Way.PAPER: ("（纸质）", "on paper")}


def _kind_data(report: Report) -> dict[str, str]:
    zh = KINDS_ZH[Kind(report.kind)] + (f" {report.place}" if report.kind == Kind.FOLLOW else "")
    words = {Kind.FIRST: "first report", Kind.FOLLOW: f"follow-up report {report.place}", Kind.FINAL: "final report"}
    return {"kind": zh, "kind_en": words[Kind(report.kind)]}


# ---------------------------------------------------------------- drafted and written


@action(
    "flash.draft",
    verb=gettext_lazy("Flash report"),
    did=gettext_lazy("drafted the %(kind)s"),
    permission="flash.report",
    creates=True,
    icon="flash",
)
def make(act: Act, _none: None, *, story: Story, kind: str = "", corrects: Report | None = None) -> Report:
    """The next report of STORY as the program writes it: 初报, else 续报; KIND "final" ends the series."""
    if Report.objects.filter(story=story, state=Stage.DRAFT).exists():
        raise Refused(_("A report of this story is being drafted already."))
    if story.merged_into_id:
        raise Refused(_("This story has been merged already."))
    sent = clocks.series_of(story)
    next_one: Kind
    opening: Report | None
    if corrects is not None and sent and sent[-1].kind == Kind.FINAL:
        next_one, opening, place = Kind.FINAL, sent[0], 0
    else:
        next_one, opening, place = next_kind(story)
    if kind == Kind.FINAL:
        if opening is None:
            raise Refused(_("A final report ends what a first report began; there is none yet."))
        next_one, place = Kind.FINAL, 0
    before = sent[-1] if opening is not None else None
    written = draft(story, next_one, before, act.at)
    report = Report.objects.create(
        ref=record_number("KB", act.at.astimezone(zone()).date()),
        story=story, kind=next_one, opening=opening, place=place, before=before, corrects=corrects, level=story.level,
        title=written.title, title_en=written.title_en, facts=written.facts, citations=written.citations, figures=written.figures,
        written_by_id=act.by, made_at=act.at,
    )  # fmt: skip
    act.data = _kind_data(report)
    return report


def _as_written(report: Report) -> dict[str, Any]:
    values: dict[str, Any] = {"level": report.level, "title": report.title, "title_en": report.title_en}
    for code, said in report.facts.items():
        values |= {code: said.get("zh", ""), f"{code}_en": said.get("en", "")}
    return values


@action(
    "flash.write",
    verb=pgettext_lazy("flash", "Write"),
    did=gettext_lazy("wrote in it: %(heads)s"),
    permission="flash.report",
    from_states=[Stage.DRAFT],
    form=WriteForm,
    initial=_as_written,
    key="e",
    icon="edit",
    tracks=("title", "title_en", "level", "facts"),
    undoable=True,
    on_chain=False,
)
def write(act: Act, report: Report, **values: Any) -> None:
    """A person's words stand beside the program's; of which only one language was changed, the other is marked as behind."""
    changed = []
    facts = {code: dict(said) for code, said in report.facts.items()}
    for code, said in facts.items():
        zh, en = (str(values.get(name, said.get(kept, ""))).strip() for name, kept in ((code, "zh"), (f"{code}_en", "en")))
        languages = {name for name, text in (("zh", zh), ("en", en)) if text != said.get(name, "")}
        if languages:
            said["behind"] = {"zh": "en" if en else "", "en": "zh"}[next(iter(languages))] if len(languages) == 1 else ""
            if len(languages) == 1 and facts[code].get("behind") == next(iter(languages)):
                said["behind"] = ""
            said |= {"zh": zh, "en": en, "by": "person"}
            changed.append(code)
    report.facts = facts
    report.title = str(values.get("title", report.title)).strip() or report.title
    report.title_en = str(values.get("title_en", report.title_en)).strip()
    report.level = int(values.get("level") or report.level)
    act.data = {"heads": ", ".join(str(HEADS[code]) for code in changed) or "—"}


@action(
    "flash.redraft",
    verb=gettext_lazy("Count again"),
    did=gettext_lazy("counted again"),
    permission="flash.report",
    from_states=[Stage.DRAFT],
    icon="undo",
    on_chain=False,
)
def redraft(act: Act, report: Report) -> None:
    """The program's heads as of now; what a person wrote stays, its [n] put in step with the new sources."""
    written = draft(report.story, report.kind, report.before, act.at)
    citations = list(report.citations)
    for pk in written.citations:
        if pk not in citations:
            citations.append(pk)
    renumbered = {n: citations.index(pk) + 1 for n, pk in enumerate(written.citations, 1)}
    facts = {}
    for code, said in written.facts.items():
        kept = report.facts.get(code, {})
        own = kept.get("by") == "person"
        facts[code] = kept if own else said | {name: _renumber(said[name], renumbered) for name in ("zh", "en")}
    report.facts, report.citations, report.figures, report.level = facts, citations, written.figures, report.story.level


def _renumber(text: str, numbers: dict[int, int]) -> str:
    return CITE.sub(lambda match: f"[{numbers.get(int(match[1]), int(match[1]))}]", text)


@action(
    "flash.drop",
    verb=gettext_lazy("Drop the draft"),
    did=gettext_lazy("dropped the draft"),
    permission="flash.report",
    from_states=[Stage.DRAFT],
    to_state=Stage.DROPPED,
    icon="x",
)
def drop(act: Act, report: Report) -> None:
    """It was never sent; it has no number."""


# ---------------------------------------------------------------- sent


def readers(report: Report) -> tuple[list[Presented], list[Recipient]]:
    """Before whom REPORT would be put now, and who is on the list of its series."""
    return sending.leaders_for(report.story, report.level, now()), sending.listed()


@action(
    "flash.send",
    verb=gettext_lazy("Send the report"),
    did=gettext_lazy("sent it as no. %(number)s (%(total)s in all) to %(n)s recipients, SHA-256 %(hash)s"),
    permission="flash.report",
    from_states=[Stage.DRAFT],
    to_state=Stage.SENT,
    form=SendForm,
    icon="send",
    leaves_house=True,
    primary=True,
)
def send(act: Act, report: Report, *, to: list[str] | None = None, reason: str = "") -> None:
    """The number is taken in this same transaction, the paper frozen, its hash written on the audit chain, a row made for each reader."""
    presented, listed = readers(report)
    if to is not None:
        presented = [one for one in presented if f"u:{one.user.pk}" in to]
        listed = [one for one in listed if f"r:{one.pk}" in to]
    wrong = checks.errors(checks.check(report, len(presented) + len(listed)))
    if never := [each for each in wrong if each.code in checks.NEVER]:
        raise Refused(checks.words(never[0]))
    if wrong and not reason.strip():
        raise Refused(_("Not in order: %(what)s. Put it right, or say why it must go all the same.") % {"what": checks.words(wrong[0])})
    series = Series.objects.get(pk=SERIES)
    report.year = act.at.astimezone(zone()).year
    report.number = take_number(f"issue:{SERIES}:{report.year}") + (series.number_before if series.number_before_year == report.year else 0)
    report.total = take_number(f"issue:{SERIES}") + series.total_before
    report.sent_by, report.sent_at, report.state = act.user, act.at, Stage.SENT
    report.frozen = paper.freeze(report)
    report.frozen_hash = hash_of(report.frozen)
    report.save()
    rows = sending.start(report, presented, listed, act.at)
    clocks.after_sending(report, act.at)
    act.data = {"number": report.number, "total": report.total, "n": len(rows), "hash": report.frozen_hash}
    act.data |= {"overruled": [each.code for each in wrong]} if wrong else {}
    who = both_names("who", act.user) if act.user else {"who": "—"}
    record_fact("flash_sent", report.story, who | _kind_data(report) | {"number": report.number, "n": len(rows)})


@action(
    "flash.resend",
    verb=gettext_lazy("Send again"),
    did=gettext_lazy("sent it again to %(who)s"),
    permission="flash.report",
    from_states=[Stage.SENT],
    form=ResendForm,
    icon="send",
    leaves_house=True,
)
def resend(act: Act, report: Report, *, delivery: Delivery | None = None) -> None:
    """One that failed, or without a choice all that failed. What has arrived is never sent twice."""
    act.data = {"who": "、".join(sending.again(report, delivery, act.at))}


@action(
    "flash.hand_on",
    verb=gettext_lazy("Hand it on"),
    did=gettext_lazy("gave %(form)s to %(name)s %(way)s"),
    permission="flash.report",
    from_states=[Stage.SENT],
    form=HandForm,
    icon="copy",
    leaves_house=True,
)
def hand_on(act: Act, report: Report, *, name: str, way: str = Way.MESSENGER, form: str = "text") -> None:
    """The text, picture or file left by messenger or on paper: a row says to whom."""
    last = report.deliveries.order_by("-position").values_list("position", flat=True).first() or 0
    Delivery.objects.create(
        report=report, position=last + 1, way=way, name=name.strip(), form=form, by=act.user, state=sending.SENT, at=act.at
    )
    was, how = FORMS.get(form, (form, form)), WAYS[Way(way)]
    act.data = {"name": name.strip(), "form": was[0], "form_en": was[1], "way": how[0], "way_en": how[1]}


@action(
    "flash.open",
    verb=gettext_lazy("Open to read"),
    did=gettext_lazy("opened it to read"),
    permission="flash.read",
    from_states=[Stage.SENT],
    icon="eye",
)
def opened(act: Act, report: Report) -> None:
    """Whoever it was put before has it open: the row says since when."""
    assert act.user is not None
    if not readings.mark(act.user, report, act.at):
        raise Refused(_("It was not put before you, or you have read it already."))


@action(
    "flash.correct",
    verb=gettext_lazy("Correct by another report"),
    did=gettext_lazy("corrected it by %(ref)s: %(text)s"),
    permission="flash.report",
    from_states=[Stage.SENT],
    form=CorrectForm,
    icon="edit",
)
def correct(act: Act, report: Report, *, text: str) -> None:
    """What was sent stays; a draft in the same series begins with what was wrong and what is right."""
    made: Report = found("flash.draft", act.user, {"story": report.story, "corrects": report}, batch=act.batch)
    zh = f"更正第{report.number}期：{text.strip()}"
    en = f"Correction to no. {report.number}: {text.strip()}"
    made.facts = {"change": {"zh": zh, "en": en, "by": "person", "behind": ""}} | {
        code: one for code, one in made.facts.items() if code != "change"
    }
    made.save(update_fields=["facts"])
    act.data = {"ref": made.ref, "text": in_a_line(text)}
