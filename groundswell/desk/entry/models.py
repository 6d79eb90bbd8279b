"""What is kept of an entry beside the item itself: its picture's place in the sealed archive."""

from __future__ import annotations

from django.db import models

from groundswell.desk.stream.models import Item


class Picture(models.Model):
    """The screenshot behind an entered item. Only its ref is here; the picture lies sealed in the raw archive."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="picture")
    archive = models.CharField(max_length=120)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
