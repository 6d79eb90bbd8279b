"""Raise alerts: rules looked at stories and sources again and again; one alert a matter, said again only with news.

Grouping: while an alert about a story is open, or within the rule's minutes after it began, nothing new is raised; news is added to it.
Afterwards another one needs news. The story's (source's) row is locked meanwhile, so that two workers raise one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Place
from groundswell.desk.alerts import chain
from groundswell.desk.alerts.house_rules import quiet_until
from groundswell.desk.alerts.knowing import conditions_of, places_known, seen_now
from groundswell.desk.alerts.matching import Reason, Seen, calls, kept, merged, news
from groundswell.desk.alerts.models import ANY_HOUR, NOT_DONE, About, Alert, LevelMark, Rule, RuleState
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.actions import found, record_fact
from groundswell.desk.spine.ports import zone
from groundswell.desk.spine.timeline import fact
from groundswell.desk.stories.actions import LIVE
from groundswell.desk.stories.models import Story

fact("alert_news", _("more about it: %(news)s"))
fact("alerted", _("an alert called for it (%(number)s)"))
LATELY = timedelta(days=2)
log = logging.getLogger("groundswell.alerts")


def look(now: datetime) -> list[Alert]:
    """Ask every rule that is at work; the alerts that were raised."""
    mark_levels(now)
    rules = list(Rule.objects.filter(state=RuleState.ENABLED).select_related("watch", "place", "source", "unit"))
    known = places_known() if rules else {}
    raised: list[Alert] = []
    for rule in rules:
        try:
            raised += _asked(rule, now, known)
        except Exception:  # one rule must not silence the others
            log.exception("alert rule failed", extra={"rule": rule.pk})
    return raised


def _asked(rule: Rule, now: datetime, known: dict[str, Place]) -> list[Alert]:
    if rule.about == About.STORY:
        made = [consider_story(rule, story, now, known) for story in candidates(rule, now)]
    else:
        made = [consider_source(rule, source, now) for source in silent(rule, now)]
    return [alert for alert in made if alert is not None]


def mark_levels(now: datetime) -> None:
    """Note the levels that changed among the stories of the last days, in one query and one write."""
    last = LevelMark.objects.filter(story=OuterRef("pk")).order_by("-id").values("level")[:1]
    rows = (
        Story.objects.filter(last_at__gt=now - LATELY, merged_into=None)
        .annotate(marked=Subquery(last))
        .values_list("pk", "level", "marked")
    )
    LevelMark.objects.bulk_create(LevelMark(story_id=pk, level=level, at=now) for pk, level, marked in rows if level != marked)


def candidates(rule: Rule, now: datetime) -> QuerySet[Story]:
    """The stories on which RULE may call: live, with something new since it is at work (index last_at)."""
    since = max(rule.enabled_at or now, now - LATELY)
    rows = Story.objects.filter(merged_into=None, about_us=True, state__in=LIVE, last_at__gt=since, item_count__gte=rule.least_items)
    if rule.level is not None:
        rows = rows.filter(level__lte=rule.level)
    if rule.above is not None:
        rows = rows.filter(above__gte=rule.above)
    if rule.unit_id is not None:
        rows = rows.filter(unit=rule.unit_id)
    return rows.defer("blob", "digest", "series", "level_why").order_by("pk")


def consider_story(rule: Rule, story: Story, now: datetime, known: dict[str, Place] | None = None) -> Alert | None:
    """Raise an alert of RULE about STORY where it calls and nothing stands against it; news goes to the one that is open."""
    known = places_known() if known is None else known
    seen = seen_now(story, rule, known)
    reasons = calls(conditions_of(rule), seen)
    return raise_about(rule, story, reasons, seen, now) if reasons else None


def raise_about(rule: Rule, story: Story, reasons: list[Reason], seen: Seen, now: datetime) -> Alert | None:
    """REASONS hold of STORY: raise, add news, or keep silent."""
    with transaction.atomic():
        Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
        last = Alert.objects.select_for_update(of=("self",)).filter(Q(story=story) | Q(story__merged_into=story)).order_by("-id").first()
        if last is not None:
            fresh = news(last.seen, seen)
            if last.state in NOT_DONE:
                if fresh:
                    add_news(last, fresh, seen, now)
                return None
            if not fresh or now < last.raised_at + timedelta(minutes=rule.group_minutes):
                return None
            reasons = [*fresh, *reasons]
        made: Alert = found(
            "alert.raise", None, {"rule": rule, "story": story, "reasons": reasons, "level": seen.level, "seen": kept(seen)}
        )
        record_fact("alerted", story, {"number": made.number})
        return made


def add_news(alert: Alert, fresh: list[Reason], seen: Seen, now: datetime) -> None:
    """NEWS of an alert that is not dealt with: on its timeline; to the people again, but not within the minutes of grouping."""
    record_fact("alert_news", alert, _told(fresh))
    worse = alert.level is not None and seen.level < alert.level
    alert.seen, alert.level = merged(alert.seen, seen), seen.level if worse else alert.level
    alert.news += 1
    if worse and now < alert.starts_at and not waits(alert.rule, seen.level, now):
        chain.begin_at(alert, now)  # what waited for the morning does so no longer
    elif alert.starts_at <= now and now >= alert.told_at + timedelta(minutes=alert.rule.group_minutes):
        alert.told_at = now
        alert.reason = [*fresh, *(each for each in alert.reason if not each["code"].startswith("news_"))]
        chain.tell_news(alert, now)
    alert.save()


def _told(fresh: list[Reason]) -> dict[str, Any]:
    from groundswell.desk.alerts.reasons import sentences
    from groundswell.desk.alerts.texts import in_both

    return in_both("news", lambda: sentences(fresh))


def waits(rule: Rule, level: int | None, now: datetime) -> datetime | None:
    """Until when an alert of RULE waits in the quiet hours; None where it calls at once."""
    if rule.night_level == ANY_HOUR or (level is not None and level <= rule.night_level):
        return None
    return quiet_until(now)


# ---------------------------------------------------------------- sources


def silent(rule: Rule, now: datetime) -> Iterable[Source]:
    """The sources that are silent against their rhythm for as long as RULE asks."""
    rows = Source.objects.filter(state="active", quiet_is_normal=False, silent_since__lte=now - timedelta(hours=rule.silent_hours or 0))
    rows = rows.filter(silent_since__gt=(rule.enabled_at or now) - LATELY)
    for field in ("source_id", "unit_id"):
        if getattr(rule, field) is not None:
            rows = rows.filter(**{"pk" if field == "source_id" else field: getattr(rule, field)})
    return rows.order_by("pk")


def consider_source(rule: Rule, source: Source, now: datetime) -> Alert | None:
    """One alert a silence: another needs that the source spoke in between."""
    with transaction.atomic():
        locked = Source.objects.select_for_update(of=("self",), no_key=True).get(pk=source.pk)
        since = locked.silent_since
        if since is None or Alert.objects.filter(source=locked, raised_at__gte=since).exists():
            return None
        words = since.astimezone(zone()).strftime("%m-%d %H:%M")
        values = {"rule": rule, "source": locked, "reasons": [{"code": "silent", "since": words}], "level": None, "seen": {}}
        made: Alert = found("alert.raise", None, values)
        record_fact("alerted", locked, {"number": made.number})
        return made
