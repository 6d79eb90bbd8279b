"""What people do to watches: propose, save, enable, disable. A change of words is felt by the next item."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.spine.actions import Act, action, subject
from groundswell.desk.spine.models import Entry
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.stream.models import Watch

subject("watch", Watch, path="watches", ref="slug", state_field="state", name=gettext_lazy("Watch"))
TRACKED = ("name", "name_en", "query", "unit", "expires_on", "state", "sort_key")


@action(
    "watch.make",
    verb=gettext_lazy("New watch"),
    did=gettext_lazy("made the watch"),
    permission="watch.edit",
    creates=True,
    icon="plus",
    tracks=TRACKED,
)
def make(
    act: Act,
    record: None,
    *,
    slug: str,
    name: str,
    name_en: str,
    query: str,
    unit: Unit | None,
    expires_on: date | None,
    state: str = "enabled",
) -> Watch:
    return Watch.objects.create(
        slug=slug,
        name=name,
        name_en=name_en,
        query=query,
        unit=unit,
        expires_on=expires_on,
        state=state,
        sort_key=pinyin_key(name),
        added_by=act.user,
        changed_at=act.at,
    )


def felt_again(act: Act, watch: Watch, entry: Entry) -> None:
    """The next item feels that it was taken back."""
    watch.changed_at = act.at


@action(
    "watch.save",
    verb=gettext_lazy("Save"),
    did=gettext_lazy("changed the watch"),
    permission="watch.edit",
    tracks=TRACKED,
    undoable=True,
    on_undo=felt_again,
)
def save(
    act: Act, watch: Watch, *, name: str, name_en: str, query: str, unit: Unit | None, expires_on: date | None, **_values: Any
) -> None:
    watch.name, watch.name_en, watch.query, watch.unit, watch.expires_on = name, name_en, query, unit, expires_on
    watch.sort_key, watch.changed_at = pinyin_key(name), act.at


@action(
    "watch.enable",
    verb=gettext_lazy("Enable"),
    did=gettext_lazy("enabled the watch"),
    permission="watch.edit",
    from_states=("proposed", "disabled"),
    to_state="enabled",
    icon="play",
    tracks=("state",),
    undoable=True,
    on_undo=felt_again,
)
def enable(act: Act, watch: Watch, **_values: Any) -> None:
    watch.changed_at = act.at


@action(
    "watch.disable",
    verb=gettext_lazy("Disable"),
    did=gettext_lazy("disabled the watch"),
    permission="watch.edit",
    from_states=("enabled", "proposed"),
    to_state="disabled",
    icon="pause",
    tracks=("state",),
    undoable=True,
    on_undo=felt_again,
)
def disable(act: Act, watch: Watch, **_values: Any) -> None:
    watch.changed_at = act.at
