"""Tables that every workflow shares: timeline, numbers, clocks, preferences, snoozes, notices, desk notes, calendar days."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One line of a record's timeline: what was done to it, by whom, from which state to which. Never edited, never removed."""

    at = models.DateTimeField()
    subject_type = models.CharField(max_length=40)  # "story", "item", "source", "issue", ...
    subject_id = models.BigIntegerField()
    action = models.CharField(max_length=60)  # a name of the action registry, or "system.<what>"
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    data = models.JSONField(default=dict)  # what the sentence needs
    before = models.JSONField(default=dict)  # tracked fields, for undo
    after = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)  # acts done in one go are undone in one go
    undoable = models.BooleanField(default=False)
    undo_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"]), models.Index(fields=["actor", "-id"])]


class Sequence(models.Model):
    """A counter without gaps: its row is locked until the number's own transaction ends."""

    name = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)


class RunningClock(models.Model):
    """A deadline that binds somebody, as its history; the due time is computed from it each time."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    rule = models.CharField(max_length=60)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)  # working_day | calendar_day | before_leaving | working_hour | hour | minute
    started_at = models.DateTimeField()
    events = models.JSONField(default=list)  # [{kind, at, ...}] pause, resume, extend
    due_at = models.DateTimeField(null=True, db_index=True)  # last computed value, for ordering only
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]


class Preference(models.Model):
    """A setting that differs from its default."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")


class Snooze(models.Model):
    """Something of Today's queue put off until later, with the reason."""

    subject = models.CharField(max_length=120, unique=True)  # the queue entry's key
    until = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Notice(models.Model):
    """Something the program noticed and a person should know: a silent source, a missed brief, a failed dispatch."""

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"], condition=models.Q(closed_at=None), name="one_open_notice_each"
            )
        ]


class DutyNote(models.Model):
    """A line of the duty log (值班记事), perhaps left for the next officer."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    for_next = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")


class CalendarDay(models.Model):
    """A day whose working or not differs from Monday to Friday, as a notice announced it."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=120, blank=True)


class AuthorKey(models.Model):
    """The month's key for hashing private authors, sealed with the master key; thrown away after 13 months."""

    month = models.CharField(max_length=7, primary_key=True)  # 2026-11
    sealed = models.BinaryField()
