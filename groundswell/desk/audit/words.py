"""Acts, fields and values of the chain in words, for people who never saw the code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Role
from groundswell.desk.accounts.rights_words import permission_words, scope_words
from groundswell.desk.spine.actions import ACTIONS, SUBJECTS
from groundswell.desk.spine.preferences import PARTS, SPECS
from groundswell.desk.spine.shell import in_language, named

Words = str | Promise
ACTS: dict[str, Words] = {
    "signin": _("signed in"),
    "signin.link": _("signed in by link"),
    "signin.failed": _("failed sign-in"),
    "link.made": _("made a sign-in link"),
    "setting.change": _("changed a setting"),
    "calendar.change": _("changed the calendar"),
    "audit.verified": _("checked the chain"),
    "audit.export": _("exported the audit list"),
    "picture.seen": _("looked at the screenshot behind an item"),
    "retention.swept": _("destroyed what was past its time"),
    "evidence.export": _("wrote a story's pages to a file in plain"),
    "lead.opened": _("read a sensitive record"),
    "lead.package": _("took a copy of a sealed package"),
    "leads.unlocked": _("unlocked the pages of leads"),
    "leads.rotated": _("sealed the leads anew"),
}
UNSEEN: dict[str, Words] = {"lexicon.changed_at": _("the words that the engine knows")}  # settings that stand on no screen
FIELDS: dict[str, Words] = {
    "sha256": _("checksum"),
    "keys": _("keys of author hashes"),
    "records": _("records"),
    "pages": _("pages"),
    "items": _("items"),
    "address": _("address"),
    "after": _("after"),
    "aliases": _("other names"),
    "bad": _("unusable"),
    "batch": _("batch"),
    "became": _("became"),
    "before": _("before"),
    "body": _("text"),
    "breaks": _("breaks"),
    "channel": _("channel"),
    "code": _("short code"),
    "data": _("data"),
    "days": _("days"),
    "description": _("description"),
    "duties": _("duties"),
    "email": _("e-mail"),
    "entry": _("entry taken back"),
    "file": _("file"),
    "filter": _("filter"),
    "grant": _("number of the grant"),
    "ground": _("ground"),
    "institutional": _("institutional"),
    "interval_minutes": _("interval in minutes"),
    "is_active": _("in use"),
    "kind": _("kind"),
    "language": _("language"),
    "level": _("level"),
    "links": _("links"),
    "means": _("means"),
    "minutes": _("minutes"),
    "name": _("name"),
    "name_en": _("English name"),
    "new": _("new"),
    "not_when": _("not when near"),
    "note": _("note"),
    "of": _("of"),
    "official": _("official"),
    "options": _("how the page is read"),
    "owner": _("run by"),
    "parent": _("belongs to"),
    "pause_reason": _("reason of the pause"),
    "paused_until": _("paused until"),
    "permission": _("right"),
    "phone": _("telephone"),
    "place": _("place"),
    "post": _("post"),
    "post_en": _("post in English"),
    "query": _("query"),
    "quiet_is_normal": _("quiet is normal"),
    "reason": _("reason"),
    "role": _("role"),
    "roles": _("roles"),
    "rows": _("rows"),
    "scope": _("how much"),
    "secret": _("secret"),
    "since": _("from"),
    "sort_key": _("sort key"),
    "source": _("source"),
    "state": _("state"),
    "subject": _("field of work"),
    "title": _("title"),
    "tone": _("tone"),
    "trust": _("record of trust"),
    "unit": _("unit"),
    "until": _("until"),
    "was": _("was"),
    "was_until": _("was until"),
    "within": _("lies in"),
    "why": _("why"),
    "generation": _("generation of keys"),
}


def act_words(act: str) -> str:
    """What ACT is called; ".undo" is said as taking back. An unknown act keeps its code."""
    if act.endswith(".undo"):
        return gettext("took back: %(act)s") % {"act": act_words(act.removesuffix(".undo"))}
    if act in ACTS:
        return str(ACTS[act])
    return str(ACTIONS[act].verb) if act in ACTIONS else act


def act_sentence(act: str, payload: Mapping[str, Any] | None) -> str:
    """What was done, with what the payload says of it: "gave the role: Editor"."""
    plain = act.removesuffix(".undo")
    if plain not in ACTIONS:
        return act_words(act)
    said: defaultdict[str, str] = defaultdict(lambda: "—")
    said |= {name: value_words(value, name) for name, value in in_language((payload or {}).get("data") or {}).items()}
    sentence = str(ACTIONS[plain].did) % said
    return gettext("took back: %(act)s") % {"act": sentence} if act != plain else sentence


def act_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every act that can stand on the chain, grouped by what it is done to, for the filter."""
    groups: dict[str, list[tuple[str, str]]] = {gettext("The door and the house"): [(code, act_words(code)) for code in ACTS]}
    for each in ACTIONS.values():
        if each.on_chain:
            groups.setdefault(_subject_name(each.subject), []).append((each.name, str(each.verb)))
    return list(groups.items())


def _subject_name(code: str) -> str:
    return str((SUBJECTS[code].name if code in SUBJECTS else "") or code)


def field_words(name: str) -> str:
    return str(FIELDS.get(name, name))


def subject_words(subject: str, records: dict[str, models.Model]) -> tuple[str, str]:
    """(words, address) of "kind:id". Only what stands in addresses is shown of a record, never its title or text."""
    kind, _colon, key = subject.partition(":")
    if kind == "calendar":
        return gettext("calendar %(year)s") % {"year": key}, f"/desk/settings/calendar/?year={key}"
    if subject in SPECS:
        spec = SPECS[subject]
        return str(spec.label or UNSEEN.get(subject, subject)), f"/desk/settings/{spec.part}/#{subject}" if spec.part in PARTS else ""
    if kind not in SUBJECTS or not key:
        return subject, ""
    record = records.get(subject)
    if record is None:
        return f"{_subject_name(kind)} {key}", ""
    if kind == "right":
        return _right_words(record)
    shown = named(record) if kind in OPEN_NAMES else getattr(record, SUBJECTS[kind].ref)
    return f"{_subject_name(kind)} {shown}", "" if SUBJECTS[kind].closed else SUBJECTS[kind].url(record)


def _right_words(cell: Any) -> tuple[str, str]:
    """A cell of the rights table has its words and its address by permission and role."""
    return f"{permission_words(cell.permission)} · {Role(cell.role).label}", f"/desk/people/rights/{cell.permission}/{cell.role}/"


OPEN_NAMES = frozenset({"user", "unit", "place", "source", "watch"})  # names that are no content
READABLE: dict[str, Any] = {
    "role": lambda value: str(Role(value).label) if value in Role.values else str(value),
    "roles": lambda value: "、".join(str(Role(one).label) for one in value if one in Role.values),
    "permission": permission_words,
    "scope": scope_words,
    "was": scope_words,
    "became": scope_words,
}


def value_words(value: Any, name: str = "", column: Any = None) -> str:
    """A payload's value as people read it; a foreign key becomes the name of what it points to."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name in READABLE and isinstance(value, str | list):
        return str(READABLE[name](value))
    if isinstance(column, models.ForeignKey):
        pointed = column.related_model._default_manager.filter(pk=value).first()
        return named(pointed) if pointed is not None and hasattr(pointed, "name") else str(value)
    if isinstance(value, dict):
        return "；".join(f"{field_words(key)}: {value_words(each, key)}" for key, each in value.items())
    if isinstance(value, list):
        return "、".join(value_words(each) for each in value)
    return str(value)


def columns_of(subject: str, names: Iterable[str]) -> dict[str, Any]:
    """The model's columns for the field names of a payload, where the subject is known."""
    kind = SUBJECTS.get(subject.partition(":")[0])
    if kind is None:
        return {}
    columns = {column.name: column for column in kind.model._meta.get_fields() if hasattr(column, "attname")}
    return {name: columns[name] for name in names if name in columns}
