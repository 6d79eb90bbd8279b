"""Cases, the people in them, and the tasks that units are given. States are data (``kinds``); the database refuses all others."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases.kinds import Kind, kinds, state_row
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item


class Case(models.Model):
    """The handling of a story, a message, a request, a task from above, or a list of tasks."""

    number = models.CharField(max_length=20, unique=True)  # CA-2026-0412
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=24)  # incident.open
    sort = models.CharField(max_length=20, blank=True)  # of a message: consult, suggest, complain
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    letter = models.CharField(max_length=80, blank=True)  # the letter's number of a task from above
    date = models.DateField(null=True, blank=True)  # the day by which it is due, where the letter says one
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    answer = models.TextField(blank=True)  # what was put up for review
    outcome = models.TextField(blank=True)
    follow_until = models.DateTimeField(null=True, blank=True)
    follow_quiet = models.PositiveSmallIntegerField(null=True, blank=True)  # or until its story was quiet for so many days
    follow_since = models.DateTimeField(null=True, blank=True)
    report_hours = models.PositiveSmallIntegerField(null=True, blank=True)  # a situation report every so many hours
    report_due_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "-opened_at"]), models.Index(fields=["unit", "-opened_at"])]
        constraints = [
            models.UniqueConstraint(fields=["story"], condition=models.Q(closed_at=None, kind="incident"), name="one_open_incident_a_story")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rules(self) -> Kind:
        return kinds()[self.kind]

    @property
    def is_open(self) -> bool:
        return not state_row(self.state).ends

    @property
    def unit_ids(self) -> set[int | None]:
        """The units that take part: the lead unit and those with a task. Asked by rights of a unit's own."""
        return {self.unit_id, *self.tasks.values_list("unit_id", flat=True)}

    def get_state_display(self) -> str:
        return str(state_row(self.state).words)

    def get_absolute_url(self) -> str:
        return f"/desk/cases/{self.number}/"


class Task(models.Model):
    """What one unit is asked to do in a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=24)  # task.sent
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tasks")
    within = models.PositiveSmallIntegerField(default=1)  # working days
    answer = models.TextField(blank=True)
    returned_why = models.CharField(max_length=200, blank=True)
    stamp = models.CharField(max_length=120, blank=True)  # the answer with the unit's stamp, its place in the sealed archive
    stamp_who = models.CharField(max_length=40, blank=True)  # who of the unit's heads approved it (本单位审核)
    stamp_at = models.DateTimeField(null=True, blank=True)
    urged = models.PositiveSmallIntegerField(default=0)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self) -> str:
        return self.title

    @property
    def rules(self) -> Kind:
        return kinds()["task"]

    @property
    def is_open(self) -> bool:
        return not state_row(self.state).ends

    def get_state_display(self) -> str:
        return str(state_row(self.state).words)

    def get_absolute_url(self) -> str:
        return f"/desk/tasks/{self.pk}/"


class CaseRole(models.Model):
    """Who does what in a case, from when to when: assumed and given up are rows."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Leads it")
        LIAISON = "liaison", _("Speaks with the units")
        RECORD = "record", _("Keeps the record")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices)
    assumed_at = models.DateTimeField()
    renounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "role"], condition=models.Q(renounced_at=None), name="one_in_each_role")]


class TaskLink(models.Model):
    """A one-time link by which a unit does its task without an account; of its token only the hash is kept."""

    class Purpose(models.TextChoices):
        ANSWER = "answer", _("to sign for and answer")
        APPROVE = "approve", _("for the unit's head to approve")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="links")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # handed to another unit, the link is dead
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.ANSWER)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)  # it was sent and did not arrive
    who = models.CharField(max_length=40, blank=True)  # the name that was given: who answered, or which head approved
    text = models.TextField(blank=True)  # the answer, kept until the head has approved it
    photo = models.CharField(max_length=120, blank=True)  # place in the sealed archive
    approves = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="approval")
    sent_back = models.CharField(max_length=200, blank=True)  # what the head wants otherwise

    class Meta:
        ordering = ["id"]


class AllowedMove(models.Model):
    """A copy of the moves that the kinds know, for the trigger that guards both tables."""

    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="each_move_once")]


from groundswell.desk.cases.aftermath import (  # noqa: E402 (Django looks for models here; they hang on those above)
    Consultation,
    Decision,
    Improvement,
    Review,
    SituationReport,
    View,
)

__all__ = [
    "AllowedMove",
    "Case",
    "CaseRole",
    "Consultation",
    "Decision",
    "Improvement",
    "Review",
    "SituationReport",
    "Task",
    "TaskLink",
    "View",
]
