"""Items: one row for each published piece, with what the engine said and what a person decided; watches; corrections."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit
from groundswell.desk.sources.models import Source
from groundswell.desk.stories.models import Story


class ItemState(models.TextChoices):
    """Where an item stands in triage."""

    ARRIVED = "arrived", _("Arrived")  # stored, not judged yet
    OPEN = "open", _("To triage")
    IN_STORY = "in_story", _("In a story")
    NOT_US = "not_us", _("Not about us")
    ASIDE = "aside", _("Set aside")  # the engine: not about the body, advert


class Item(models.Model):
    """One published piece. ``id`` is the order of arrival; replay uses it. No private author's name is in any column."""

    key = models.CharField(max_length=32, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="items")
    channel = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, default="article")
    url = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    published_stamp = models.CharField(max_length=32, blank=True)
    collected_at = models.DateTimeField()
    author = models.CharField(max_length=120, blank=True)  # institutions and media only
    voice = models.CharField(max_length=16, blank=True)  # keyed hash of a private author
    institutional = models.BooleanField(default=False)
    parent = models.CharField(max_length=32, blank=True)  # key of the post this answers
    reads = models.IntegerField(null=True)
    likes = models.IntegerField(null=True)
    comments = models.IntegerField(null=True)
    reposts = models.IntegerField(null=True)
    archive = models.CharField(max_length=120, blank=True)
    gone_at = models.DateTimeField(null=True)  # the original was found missing; ours stays

    # what the engine said
    judged_at = models.DateTimeField(null=True)
    lexicon = models.CharField(max_length=32, blank=True)
    lang = models.CharField(max_length=8, blank=True)
    tokens = SearchVectorField(null=True)
    signature = models.BinaryField(null=True)
    about_us = models.BooleanField(default=False)
    advert = models.BooleanField(default=False)
    units = ArrayField(models.CharField(max_length=40), default=list)
    places = ArrayField(models.CharField(max_length=40), default=list)
    watches = ArrayField(models.CharField(max_length=60), default=list)
    tone = models.SmallIntegerField(default=0)  # -1 0 1
    tone_unsure = models.BooleanField(default=True)
    toward_body = models.SmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=4)
    credibility = models.CharField(max_length=8, default="medium")
    judged = models.JSONField(default=dict)  # the reasons: {"concerns": …, "places": …, "why": …}
    duplicate_of = models.CharField(max_length=32, blank=True)
    copies = models.PositiveIntegerField(default=0)  # how many items are copies of this one

    # triage
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.ARRIVED)
    state_by_hand = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, blank=True)  # why not about us
    tone_by_hand = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="items", db_index=False)  # item_unit
    unit_by_hand = models.BooleanField(default=False)
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="items")
    story_confidence = models.FloatField(default=0)
    suggested_story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    suggested_confidence = models.FloatField(default=0)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    for_bulletin = models.BooleanField(default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title or self.text[:60] or self.key

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="item_tokens"),
            models.Index(fields=["-id"], condition=models.Q(state="open"), name="item_open"),
            models.Index(fields=["id"], condition=models.Q(state="arrived"), name="item_arrived"),
            models.Index(fields=["-id"], condition=models.Q(state="not_us"), name="item_not_us"),  # few among very many
            models.Index(fields=["duplicate_of"], condition=~models.Q(duplicate_of=""), name="item_copies"),
            models.Index(fields=["story", "-published_at"], name="item_story"),
            models.Index(fields=["source", "-id"], name="item_source"),
            models.Index(fields=["unit", "-id"], name="item_unit"),
            models.Index(fields=["id"], condition=models.Q(state="aside"), name="item_aside"),
            models.Index(  # what the facets of the stream count, so that the wide rows themselves are not read
                fields=["-id"],
                include=["channel", "tone", "unit", "watches", "state", "about_us", "advert", "source", "snoozed_until"],
                name="item_facets",
            ),
            models.Index(fields=["-published_at"], name="item_published"),
            models.Index(fields=["-collected_at"], name="item_collected"),
            models.Index(fields=["collected_at"], condition=models.Q(about_us=True), name="item_about_us"),
            GinIndex(fields=["watches"], name="item_watches"),
            models.Index(  # what people sorted or put right: few among very many
                fields=["-collected_at"],
                condition=models.Q(state_by_hand=True) | models.Q(tone_by_hand=True) | models.Q(unit_by_hand=True),
                name="item_looked_at",
            ),
        ]


class ItemVersion(models.Model):
    """An earlier text of an item that its publisher changed."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    replaced_at = models.DateTimeField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    archive = models.CharField(max_length=120, blank=True)


class Watch(models.Model):
    """A saved boolean query (监测方案) that says what concerns the body, or a unit of it."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    query = models.TextField(_("query"), max_length=4000)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="watches", verbose_name=_("unit"))
    state = models.CharField(max_length=10, default="enabled")  # proposed | enabled | disabled
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    sort_key = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """A person put a judgement right; learnt from, and kept through every retraining and replay."""

    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="corrections")
    story = models.ForeignKey(Story, null=True, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)  # about_us | tone | unit | level | story
    was = models.CharField(max_length=80, blank=True)
    became = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, db_default={})  # of a level: the factors and the score that the program had
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["field", "-at"], name="correction_by_field")]
