"""The audit chain: each record carries the hash of the one before it, so that a change anywhere shows."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Record(models.Model):
    """One link. The payload may be purged by retention; its hash stays, so that the chain still holds."""

    seq = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without gaps
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, blank=True)  # "story:12"
    payload = models.JSONField(null=True)
    payload_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["actor", "-seq"]), models.Index(fields=["act", "-seq"])]
