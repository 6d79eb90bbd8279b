"""Telephone first (电话首报), flash reports (快报) in their series from 初报 to 终报, and each hand-over of one to somebody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.desk.bulletins.models import Recipient
from groundswell.desk.stories.models import Story

SERIES = "flash"  # of the bulletins: its masthead, office, recipients, and its count per year and in all


class Call(models.Model):
    """Who was told what by telephone, when, by whom."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="calls")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)  # as it was then, also of an office outside
    name_en = models.CharField(max_length=100, blank=True)
    number = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """Which report of its series."""

    FIRST = "first", gettext_lazy("First report")
    FOLLOW = "follow", gettext_lazy("Follow-up report")
    FINAL = "final", gettext_lazy("Final report")


class Stage(models.TextChoices):
    """Where a report stands."""

    DRAFT = "draft", gettext_lazy("Being drafted")
    SENT = "sent", gettext_lazy("Sent out")
    DROPPED = "dropped", gettext_lazy("Draft dropped")


class Report(models.Model):
    """One flash report. Its number is taken when it is sent; from then on it is frozen, with a hash, and corrected only by another."""

    ref = models.CharField(max_length=20, unique=True)  # KB-2026-1123-01, in addresses from the draft on
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="flash_reports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    opening = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followers")  # the 初报 of its series
    place = models.PositiveSmallIntegerField(default=0)  # of a 续报: the n-th
    before = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # the last one sent before it
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    state = models.CharField(max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    level = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)  # code → {"zh", "en", "by": "machine"|"person", "behind": ""|"zh"|"en"}
    citations = models.JSONField(default=list)  # ids of the items cited, in the order of their [n]
    figures = models.JSONField(default=dict)  # counted as of drafting, with the moment
    number = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, db_index=True)
    frozen = models.JSONField(null=True)  # the paper as it was sent, one a language
    frozen_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["story", "-id"]), models.Index(fields=["state", "-sent_at"])]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_flash_number_each_year"),
            models.UniqueConstraint(fields=["total"], name="one_flash_total_each"),
            models.UniqueConstraint(fields=["story"], condition=models.Q(state="draft"), name="one_flash_draft_a_story"),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | (models.Q(number__isnull=False, sent_at__isnull=False) & ~models.Q(frozen_hash="")),
                name="flash_sent_is_numbered_and_frozen",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="first", opening=None) | (~models.Q(kind="first") & models.Q(opening__isnull=False)),
                name="flash_follows_a_first_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_words}：{self.shown_title}" if get_language() != "en" else f"{self.kind_words}: {self.shown_title}"

    @property
    def kind_words(self) -> str:
        """初报, 续报 2, 终报; with the mark of a correction."""
        words = _("Follow-up report %(n)s") % {"n": self.place} if self.kind == Kind.FOLLOW else str(Kind(self.kind).label)
        return _("%(kind)s (correction)") % {"kind": words} if self.corrects_id else words

    @property
    def shown_title(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title

    @property
    def is_open(self) -> bool:
        return self.state == Stage.DRAFT

    @property
    def by_id(self) -> int:
        """Whose it is, for rights of one's own."""
        return self.written_by_id

    def get_absolute_url(self) -> str:
        return f"/desk/flash/{self.ref}/"

    def words(self, code: str) -> str:
        """The fact CODE in the reader's language."""
        said: dict[str, Any] = self.facts.get(code, {})
        return str((said.get("en") if get_language() == "en" else "") or said.get("zh", ""))


class Way(models.TextChoices):
    """How a report reached somebody."""

    DESK = "desk", gettext_lazy("on the desk")
    MAIL = "mail", gettext_lazy("by mail")
    MESSENGER = "messenger", gettext_lazy("by messenger")
    PAPER = "paper", gettext_lazy("on paper")


class Delivery(models.Model):
    """One report to one person or office: in which order, how, whether it arrived, when it was read."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="deliveries")
    position = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=10, choices=Way.choices)
    why = models.CharField(max_length=12, blank=True)  # a code of accounts.leaders.WHY; "" on the list or handed over
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="flash_deliveries")
    instead_of = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    form = models.CharField(max_length=10, blank=True)  # of a hand-over: text | picture | file
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default="waiting")  # waiting | sent | failed
    tries = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True)
    read_by_link = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)  # of its one-time read link
    token_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="flash_delivery_waiting"),
            models.Index(fields=["user", "read_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "user"], condition=models.Q(form=""), name="one_flash_delivery_a_leader"),
            models.UniqueConstraint(fields=["report", "recipient"], name="one_flash_delivery_a_recipient"),
        ]

    def __str__(self) -> str:
        return self.name
