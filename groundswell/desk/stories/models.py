"""Stories: the items about one event, and what people decided about their grouping."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit


class State(models.TextChoices):
    """One at a time."""

    NEW = "new", _("New")
    RISING = "rising", _("Rising")
    HANDLING = "handling", _("Handling")
    FOLLOWING = "following", _("Following")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")


class Story(models.Model):
    """The unit of judgement. ``engine_id`` is the grouping's own name of it, ``number`` the desk's."""

    number = models.CharField(max_length=20, unique=True)  # ST-2026-1123-03
    engine_id = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    title_by_hand = models.BooleanField(default=False)
    digest = models.JSONField(default=list)  # [{"text", "item": id}] extractive
    summary_by_hand = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    level = models.PositiveSmallIntegerField(default=4)
    level_by_hand = models.BooleanField(default=False)
    suggested_level = models.PositiveSmallIntegerField(default=4)
    level_score = models.FloatField(default=0)
    level_factors = models.JSONField(default=dict)
    level_why = models.JSONField(default=list)
    credibility = models.CharField(max_length=8, default="medium")
    credibility_why = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories")
    unit_by_hand = models.BooleanField(default=False)
    suggested_units = models.JSONField(default=list)  # [{"unit", "confidence", "why"}]
    places = models.JSONField(default=list)  # [[place code, items]]
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    item_count = models.PositiveIntegerField(default=0)
    source_count = models.PositiveIntegerField(default=0)
    negative = models.PositiveIntegerField(default=0)
    neutral = models.PositiveIntegerField(default=0)
    positive = models.PositiveIntegerField(default=0)
    about_us = models.BooleanField(default=True)
    series = models.JSONField(default=list)  # the last 24 hours, one count an hour
    series_start = models.DateTimeField(null=True)
    rate = models.FloatField(default=0)  # items in the last full hour
    rate_change = models.FloatField(default=0)  # against the hour before it
    forecast = models.JSONField(null=True)  # engine Forecast as data
    outlook = models.JSONField(default=dict)  # {"silence": why there is no forecast, "next_level", "burst"} as the engine says them
    above = models.FloatField(default=0)  # last full bucket over the bound that had been forecast
    trend = models.CharField(max_length=10, default="new")
    rising_at = models.DateTimeField(null=True, blank=True)  # since when it stands above its forecast
    follow_until = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    dirty_since = models.DateTimeField(null=True, db_index=True)  # new items since it was scored
    scored_at = models.DateTimeField(null=True)
    blob = models.BinaryField(null=True)  # the grouping's state of it
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # counts changes by people

    class Meta:
        indexes = [
            models.Index(fields=["state", "-above"]),
            models.Index(fields=["-last_at"]),
            models.Index(fields=["level", "-last_at"]),
            models.Index(fields=["unit", "-last_at"]),
            models.Index(
                fields=["-above", "level", "-last_at"], condition=models.Q(merged_into__isnull=True, item_count__gt=0), name="story_order"
            ),  # the usual order of the list
            models.Index(
                fields=["state", "last_at"],
                include=["id", "item_count", "level", "unit", "about_us"],
                condition=models.Q(merged_into__isnull=True, item_count__gt=0),
                name="story_tabs",
            ),  # the counts beside tabs and facets, without a look at the rows
            models.Index(
                fields=["first_at"], include=["version"], condition=models.Q(item_count__gt=0), name="story_months"
            ),  # how many there were of late
            *(  # the other orders of the list
                models.Index(fields=fields, condition=models.Q(merged_into__isnull=True, item_count__gt=0), name=name)
                for name, fields in (
                    ("story_by_level", ["level", "-above"]),
                    ("story_by_first", ["-first_at"]),
                    ("story_by_count", ["-item_count"]),
                )
            ),
            models.Index(fields=["closed_at"], condition=models.Q(closed_at__isnull=False), name="story_closed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def above_forecast(self) -> bool:
        """Does ``above`` stand on a forecast that was made an hour before? Else it is against the story's own hours."""
        return bool(self.forecast and self.forecast.get("above"))


class GroupingHand(models.Model):
    """A person's merge, split or pin; respected for ever, also in a replay."""

    kind = models.CharField(max_length=8)  # merge | split | pin
    story = models.CharField(max_length=40)  # engine id
    into = models.CharField(max_length=40, blank=True)
    keys = models.JSONField(default=list)  # item keys
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class GroupingState(models.Model):
    """What all stories share in the grouping (word statistics); one row."""

    name = models.CharField(max_length=20, primary_key=True, default="shared")
    blob = models.BinaryField()
    last_item = models.BigIntegerField(default=0)  # id of the last item that was grouped
    saved_at = models.DateTimeField()


class KeptForecast(models.Model):
    """What was forecast for a story at an hour, beside what "no change" would have said, and what came."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="kept_forecasts")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the end of the hours that it was about
    expected = models.FloatField()  # items between made_at and due_at
    low80 = models.FloatField()
    high80 = models.FloatField()
    unchanged = models.FloatField()  # items, had it gone on as in the last hours
    shown = models.BooleanField(default=True)  # False: nobody saw it, forecasts were silent
    came = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(came__isnull=True), name="forecast_waiting"),
            models.Index(fields=["story", "-made_at"]),
            models.Index(fields=["made_at"], include=["expected", "low80", "high80", "unchanged", "came"], name="forecast_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.story_id} {self.made_at:%F %H:%M}"
