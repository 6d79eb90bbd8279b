"""What people do to sources: make, propose, approve, decline, change, pause, read now, hand in a file, retire."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.collect.kinds import KINDS
from groundswell.desk.accounts.rights import OWN_UNIT, scope
from groundswell.desk.sources import drop
from groundswell.desk.sources.forms import FileForm, IntervalForm, PauseForm
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import Act, NotAllowed, Refused, action, subject
from groundswell.desk.spine.forms import ReasonForm
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.stream.knowledge import forget as forget_knowledge

subject("source", Source, path="sources", ref="slug", state_field="state", name=gettext_lazy("Source"))
COLUMNS = (
    "name", "name_en", "owner", "channel", "kind", "address", "options", "ground", "unit", "place", "institutional", "official", "trust",
    "interval_minutes", "quiet_is_normal",
)  # fmt: skip
TRACKED = (*COLUMNS, "sort_key", "state")
READING = ("state", "paused_until", "pause_reason")
AFRESH: dict[str, Any] = {"etag": "", "last_modified": "", "content_hash": "", "failures": 0, "last_cause": "", "adapted_minutes": None}


def _filled(act: Act, source: Source, values: dict[str, Any]) -> Source:
    """SOURCE with VALUES; only for the own unit where the person's right reaches no further."""
    if act.user is not None and scope(act.user, "source.edit") == OWN_UNIT and values.get("unit") != act.user.unit:
        raise NotAllowed(_("You keep the sources of your own unit only."))
    renamed = source.name != values["name"]
    for name in COLUMNS:
        setattr(source, name, values[name])
    if renamed or not source.sort_key:
        source.sort_key = pinyin_key(source.name)
    drop.make_folder(source)
    forget_knowledge()
    return source


def _made(act: Act, slug: str, values: dict[str, Any], state: str) -> Source:
    due = act.at if state == "active" and values["kind"] in KINDS else None
    source = Source(slug=slug, state=state, added_by=act.user, next_fetch_at=due)
    _filled(act, source, values).save()
    act.data["name"] = source.name
    return source


def take_out(act: Act, source: Source, entry: Entry) -> None:
    """A source that was made by mistake is out of use; what it yielded until then stays."""
    source.state, source.next_fetch_at, source.silent_since = "retired", None, None
    source.version += 1
    source.save()
    forget_knowledge()


@action(
    "source.make",
    verb=gettext_lazy("New source"),
    did=gettext_lazy("took it into the register"),
    permission="source.edit",
    creates=True,
    icon="plus",
    tracks=TRACKED,
    undoable=True,
    on_undo=take_out,
)
def make(act: Act, record: None, *, slug: str, **values: Any) -> Source:
    return _made(act, slug, values, "active")


@action(
    "source.propose",
    verb=gettext_lazy("Propose a source"),
    did=gettext_lazy("proposed it"),
    permission="source.pause",
    creates=True,
    icon="plus",
    tracks=TRACKED,
    undoable=True,
    on_undo=take_out,
)
def propose(act: Act, record: None, *, slug: str, **values: Any) -> Source:
    return _made(act, slug, values, "proposed")


def due_now(act: Act, source: Source, entry: Entry | None = None) -> None:
    """An active source is read at once."""
    source.next_fetch_at = act.at if source.kind in KINDS else None


@action(
    "source.approve",
    verb=gettext_lazy("Approve"),
    did=gettext_lazy("approved it"),
    permission="source.edit",
    from_states=("proposed",),
    to_state="active",
    icon="check",
    primary=True,
    tracks=("state",),
    undoable=True,
)
def approve(act: Act, source: Source) -> None:
    due_now(act, source)


@action(
    "source.decline",
    verb=gettext_lazy("Decline"),
    did=gettext_lazy("declined it: %(reason)s"),
    permission="source.edit",
    from_states=("proposed",),
    to_state="retired",
    form=ReasonForm,
    icon="x",
    tracks=("state",),
    undoable=True,
)
def decline(act: Act, source: Source, *, reason: str) -> None:
    act.data["reason"] = reason


def read_afresh(act: Act, source: Source, entry: Entry | None = None) -> None:
    """After a change of where or how it is read, nothing of the earlier reading counts."""
    for name, value in AFRESH.items():
        setattr(source, name, value)
    if source.state == "active":
        due_now(act, source)
    forget_knowledge()


@action(
    "source.save",
    verb=gettext_lazy("Save"),
    did=gettext_lazy("changed it"),
    permission="source.edit",
    from_states=("active", "paused", "proposed"),
    tracks=TRACKED,
    undoable=True,
    on_undo=read_afresh,
)
def save(act: Act, source: Source, **values: Any) -> None:
    before = {name: getattr(source, name) for name in COLUMNS}
    _filled(act, source, values)
    changed = [name for name in COLUMNS if before[name] != getattr(source, name)]
    if not changed:
        raise Refused(_("Nothing was changed."))
    if {"address", "kind", "options"} & set(changed):
        read_afresh(act, source)
    elif "interval_minutes" in changed:
        _new_pace(act, source)
    if source.quiet_is_normal:
        source.silent_since = None


@action(
    "source.pause",
    verb=gettext_lazy("Pause"),
    did=gettext_lazy("paused it: %(reason)s%(until)s"),
    permission="source.pause",
    from_states=("active",),
    to_state="paused",
    form=PauseForm,
    key="p",
    icon="pause",
    tracks=READING,
    undoable=True,
    on_undo=due_now,
)
def pause(act: Act, source: Source, *, reason: str, until: datetime | None = None) -> None:
    from groundswell.desk.spine.templatetags.desk import when

    source.paused_until, source.pause_reason, source.silent_since = until, reason, None
    act.data |= {"reason": reason, "until": f" (→ {when(until)})" if until else ""}


@action(
    "source.resume",
    verb=gettext_lazy("Resume"),
    did=gettext_lazy("resumed it"),
    permission="source.pause",
    from_states=("paused",),
    to_state="active",
    key="p",
    icon="play",
    primary=True,
    tracks=READING,
    undoable=True,
    bulk=True,
)
def resume(act: Act, source: Source) -> None:
    source.paused_until, source.pause_reason = None, ""
    due_now(act, source)


def _new_pace(act: Act, source: Source, entry: Entry | None = None) -> None:
    """The new interval counts from the last reading on."""
    source.adapted_minutes = None
    if source.state == "active" and source.kind in KINDS:
        source.next_fetch_at = max(act.at, (source.last_run_at or act.at) + timedelta(minutes=source.interval_minutes))


@action(
    "source.set_interval",
    verb=gettext_lazy("Change interval"),
    did=gettext_lazy("reads it every %(minutes)s minutes"),
    permission="source.edit",
    from_states=("active", "paused", "proposed"),
    form=IntervalForm,
    initial=lambda source: {"interval_minutes": source.interval_minutes},
    icon="clock",
    tracks=("interval_minutes",),
    undoable=True,
    on_undo=_new_pace,
)
def set_interval(act: Act, source: Source, *, interval_minutes: int) -> None:
    source.interval_minutes = interval_minutes
    act.data["minutes"] = interval_minutes
    _new_pace(act, source)


@action(
    "source.quiet_is_normal",
    verb=gettext_lazy("Quiet is normal"),
    did=gettext_lazy("said that its quiet is normal"),
    permission="source.pause",
    from_states=("active", "paused"),
    icon="check",
    tracks=("quiet_is_normal",),
    undoable=True,
)
def quiet_is_normal(act: Act, source: Source) -> None:
    if source.quiet_is_normal:
        raise Refused(_("That was said of it already."))
    source.quiet_is_normal, source.silent_since = True, None


@action(
    "source.quiet_matters",
    verb=gettext_lazy("Watch its silence again"),
    did=gettext_lazy("has its silence watched again"),
    permission="source.pause",
    from_states=("active", "paused"),
    icon="eye",
    tracks=("quiet_is_normal",),
    undoable=True,
)
def quiet_matters(act: Act, source: Source) -> None:
    source.quiet_is_normal = False


@action(
    "source.read_now",
    verb=gettext_lazy("Read now"),
    did=gettext_lazy("had it read at once"),
    permission="source.pause",
    from_states=("active",),
    icon="play",
    bulk=True,
)
def read_now(act: Act, source: Source) -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from groundswell.desk.sources.jobs import collect

    if source.kind not in KINDS:
        raise Refused(_("It is read by people; see the reading book."))
    source.next_fetch_at = act.at
    try:
        collect.configure(queueing_lock=f"collect:{source.pk}", lock=f"collect:{source.pk}").defer(source=source.pk)
    except AlreadyEnqueued:
        raise Refused(_("It is in the queue already.")) from None


@action(
    "source.hand_in",
    verb=gettext_lazy("Hand in a file"),
    did=gettext_lazy("handed in “%(file)s”: new rows %(new)s, unusable %(bad)s"),
    permission="source.edit",
    from_states=("active",),
    form=FileForm,
    icon="up",
)
def hand_in(act: Act, source: Source, *, file: Any) -> None:
    if source.kind != "files":
        raise Refused(_("Only a file drop takes files."))
    run = drop.take_upload(source, file.name, file)
    act.data |= {"file": file.name[:80], "new": run.new, "bad": run.failed.count()}


@action(
    "source.retire",
    verb=gettext_lazy("Retire"),
    did=gettext_lazy("retired it: %(reason)s"),
    permission="source.edit",
    from_states=("active", "paused"),
    to_state="retired",
    form=ReasonForm,
    icon="x",
    tracks=READING,
    undoable=True,
    on_undo=due_now,
)
def retire(act: Act, source: Source, *, reason: str) -> None:
    act.data["reason"] = reason
    source.silent_since, source.next_fetch_at = None, None
    forget_knowledge()


@action(
    "source.bring_back",
    verb=gettext_lazy("Bring back"),
    did=gettext_lazy("brought it back"),
    permission="source.edit",
    from_states=("retired",),
    to_state="active",
    icon="undo",
    tracks=("state",),
    undoable=True,
)
def bring_back(act: Act, source: Source) -> None:
    read_afresh(act, source)
    due_now(act, source)
