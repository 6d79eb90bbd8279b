"""Models of what a case needs beside its tasks: consultations (会商研判), situation reports, the review afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases.models import Case, Task


class Consultation(models.Model):
    """会商研判 on a case: called with people and a time, held with views, ended by minutes whose decisions are tasks."""

    class State(models.TextChoices):
        CALLED = "called", pgettext_lazy("consultation", "Called")
        HELD = "held", pgettext_lazy("consultation", "Held")
        VOID = "void", _("Called off")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consultations")
    state = models.CharField(max_length=8, choices=State.choices, default=State.CALLED)
    title = models.CharField(max_length=200)
    at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)  # a room, or the number of a telephone conference
    agenda = models.TextField(blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="consultations")
    units = models.ManyToManyField(Unit, blank=True, related_name="consultations")
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    present_units = models.ManyToManyField(Unit, blank=True, related_name="+")
    minutes = models.TextField(blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~models.Q(state="held") | ~models.Q(minutes=""), name="held_with_minutes")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/desk/consultations/{self.pk}/"


class View(models.Model):
    """What somebody held in a consultation."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="views")
    speaker = models.CharField(max_length=60)  # a post or a unit
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Decision(models.Model):
    """What was decided, with the task that came of it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="decisions")
    text = models.CharField(max_length=200)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="decided")

    class Meta:
        ordering = ["id"]


class SituationReport(models.Model):
    """情况报告: what happened since the last one, drafted from facts and kept as it was given."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    at = models.DateTimeField()
    text = models.TextField()
    facts = models.JSONField(default=list)  # [{"zh", "en"}] as they were drafted
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="each_report_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}reports/{self.number}/"


class Review(models.Model):
    """复盘 of an incident: what happened, what went well, what did not."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="review")
    happened = models.TextField()
    good = models.TextField()
    bad = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    list_case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # where its tasks stand


class Improvement(models.Model):
    """What is done so that it does not happen again, is seen earlier, or is put right: a task of the review's list."""

    class Kind(models.TextChoices):
        PREVENTIVE = "preventive", _("Preventive")
        DETECTING = "detecting", _("Detecting")
        CORRECTIVE = "corrective", _("Corrective")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="improvements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="improvement")

    class Meta:
        ordering = ["id"]
