"""What a new desk holds from the start: rights, series of bulletins, the first administrator, the body's knowledge."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from groundswell.desk.accounts import door
from groundswell.desk.accounts.models import Grant, Place, Role, SlangWord, Unit, User
from groundswell.desk.accounts.rights import seed_rights
from groundswell.desk.bulletins.models import Series
from groundswell.desk.spine.palette import pinyin_key
from groundswell.desk.spine.ports import now
from groundswell.desk.spine.preferences import change, preference
from groundswell.desk.stream.models import Watch
from groundswell.engine.records import Knowledge
from groundswell.server.faults import Fault

SECTIONS = [
    {"code": "attention", "name": "需要关注", "name_en": "Needs attention"},
    {"code": "developing", "name": "热点动态", "name_en": "Developing"},
    {"code": "positive", "name": "正面反响", "name_en": "Good news"},
]
SERIES = (
    {"code": "brief", "name": "舆情日报", "name_en": "Daily Brief", "clock_times": ["17:00"], "key_period_times": ["08:30", "17:00"]},
    {"code": "flash", "name": "舆情快报", "name_en": "Flash Report", "clock_times": [], "key_period_times": []},
    {"code": "summary", "name": "重要舆情摘要", "name_en": "Important Public Opinion Summary", "clock_times": [], "key_period_times": []},
)


@transaction.atomic
def lay_ground(knowledge_file: str | None = None) -> None:
    """Seed rights and series; load the knowledge file where one is given. May be run again."""
    seed_rights()
    for row in SERIES:
        Series.objects.get_or_create(
            code=row["code"],
            defaults={
                **row,
                "sections": SECTIONS,
                "classification": "内部资料 注意保存",
                "report_to": "主要领导，分管领导",
                "send_to": "各有关单位",
            },
        )
    if knowledge_file:
        load_knowledge(read_knowledge_file(knowledge_file))


def read_knowledge_file(path: str) -> Knowledge:
    from groundswell.engine.knowledge import read_knowledge

    try:
        return read_knowledge(Path(path))
    except (OSError, ValueError) as error:
        raise Fault(f"The knowledge file {path} cannot be read: {error}") from error


def load_knowledge(knowledge: Knowledge) -> None:
    """Write body, units, places, watches and slang into the desk; rows that exist are brought up to date."""
    if not preference("body.name"):
        change(None, "body.name", knowledge.body.name)
        change(None, "body.aliases", list(knowledge.body.aliases))
        change(None, "body.zone", knowledge.body.zone)
    units: dict[str, Unit] = {}
    for unit in knowledge.units:
        units[unit.id], _ = Unit.objects.update_or_create(
            code=unit.id,
            defaults={"name": unit.name, "aliases": list(unit.aliases), "duties": list(unit.duties), "sort_key": pinyin_key(unit.name)},
        )
    for unit in knowledge.units:
        if unit.parent:
            Unit.objects.filter(code=unit.id).update(parent=units[unit.parent])
    places: dict[str, Place] = {}
    for place in knowledge.places:
        places[place.id], _ = Place.objects.update_or_create(
            code=place.id,
            defaults={
                "name": place.name,
                "kind": place.kind,
                "aliases": list(place.aliases),
                "not_when": list(place.not_when),
                "unit": units.get(place.unit or ""),
                "sort_key": pinyin_key(place.name),
            },
        )
    for place in knowledge.places:
        if place.within in places:
            Place.objects.filter(code=place.id).update(within=places[place.within])
    for watch in knowledge.watches:
        Watch.objects.update_or_create(
            slug=watch.id,
            defaults={
                "name": watch.name or watch.id,
                "query": watch.query,
                "unit": units.get(watch.unit or ""),
                "sort_key": pinyin_key(watch.name or watch.id),
                "changed_at": now(),
            },
        )
    for word in knowledge.slang:
        SlangWord.objects.get_or_create(word=word.word, defaults={"means": word.means, "tone": word.tone})


def first_link() -> str:
    """A one-time link for the first administrator, "" where one already has a password."""
    holders = User.objects.filter(grants__role=Role.ADMINISTRATOR, is_active=True)
    if any(user.has_usable_password() for user in holders):
        return ""
    user = holders.first()
    if user is None:
        user = User.objects.create_user("admin", None, name="管理员", name_en="Administrator", post="系统管理员", post_en="Administrator")
        Grant.objects.create(user=user, role=Role.ADMINISTRATOR, since=now())
    return door.make_link(user)
