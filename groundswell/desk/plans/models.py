"""Plans in their versions, and responses (响应) that run by one of them: grades, roles, steps. The database guards the states."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundswell.desk.cases.models import Case, Task
from groundswell.desk.instructions.house_rules import deputy_of
from groundswell.desk.plans import playbook
from groundswell.desk.stories.models import Story

GRADE_CHOICES = ((1, "Ⅰ"), (2, "Ⅱ"), (3, "Ⅲ"), (4, "Ⅳ"))


class Plan(models.Model):
    """A plan by its code; what it says stands in its versions."""

    code = models.SlugField(max_length=30, unique=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)  # counts acts on the row, for the registry; what it says is in ``versions``

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.current.book.name)

    @property
    def current(self) -> PlanVersion:
        """The version by which new responses run."""
        return self.versions.order_by("-number")[0]

    def get_absolute_url(self) -> str:
        return f"/desk/plans/library/{self.code}/"


class PlanVersion(models.Model):
    """What a plan said from one edit to the next. Never changed after it was made: a trigger refuses it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    data = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # None: shipped
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="each_version_once")]

    def __str__(self) -> str:
        return f"{self.book.name} v{self.number}"

    @cached_property
    def book(self) -> playbook.Playbook:
        return playbook.read_playbook(self.data, f"{self.plan_id}/{self.number}")

    def get_absolute_url(self) -> str:
        return f"/desk/plans/library/{self.plan.code}/{self.number}/"


class Stage(models.TextChoices):
    """Where a response stands."""

    ASKED = "asked", _("Start asked for")
    RUNNING = "running", pgettext_lazy("response", "Running")
    ENDED = "ended", pgettext_lazy("response", "Ended")
    REVIEWED = "reviewed", _("Drill reviewed")
    REFUSED = "refused", _("Not started")
    WITHDRAWN = "withdrawn", _("Taken back")


class Response(models.Model):
    """One running of a plan: asked for, approved by the named leader, led through its grades, ended. A drill has no number and no case."""

    number = models.CharField(max_length=20, unique=True, null=True, blank=True)  # YA-2026-0003, taken at approval; a drill has none
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="responses")
    state = models.CharField(max_length=10, choices=Stage.choices)
    drill = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)  # of a drill: what is supposed to happen
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="responses")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="responses")
    why = models.JSONField(default=list)  # the thresholds that were met when it was asked for
    asked_grade = models.PositiveSmallIntegerField(choices=GRADE_CHOICES)
    grade = models.PositiveSmallIntegerField(choices=GRADE_CHOICES, null=True, blank=True)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="responses")  # who decides
    wanted_grade = models.PositiveSmallIntegerField(choices=GRADE_CHOICES, null=True, blank=True)  # a change that was asked for
    wants_end = models.BooleanField(default=False)
    wanted_why = models.CharField(max_length=200, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    legal_level = models.PositiveSmallIntegerField(choices=GRADE_CHOICES, null=True, blank=True)  # 突发事件等级, as the law's organ set it
    legal_organ = models.CharField(max_length=120, blank=True)
    review = models.JSONField(default=dict)  # of a drill: {"good", "bad", "next"}
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "drill"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(drill=False) | models.Q(number=None, case=None, story=None), name="a_drill_stays_in_the_house"
            ),
            models.CheckConstraint(
                condition=models.Q(drill=True) | models.Q(case__isnull=False) | models.Q(story__isnull=False),
                name="a_response_hangs_on_something",
            ),
            models.CheckConstraint(condition=models.Q(legal_level=None) | ~models.Q(legal_organ=""), name="legal_level_names_its_organ"),
            models.UniqueConstraint(
                fields=["story", "plan_version"],
                condition=models.Q(state__in=["asked", "running"]),
                name="one_open_response_a_story_and_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('DRILL')} · {self.title}" if self.drill else self.title

    @property
    def book(self) -> playbook.Playbook:
        return self.plan_version.book

    @property
    def by_id(self) -> int:
        """The leader who decides: asked by rights of one's own."""
        return self.leader_id

    @property
    def actor_id(self) -> int | None:
        """The leader's deputy, who may decide in his place."""
        return deputy_of(self.leader)

    @property
    def is_open(self) -> bool:
        return self.state in (Stage.ASKED, Stage.RUNNING)

    @property
    def waits_for_leader(self) -> bool:
        return self.state == Stage.ASKED or (self.state == Stage.RUNNING and (self.wants_end or self.wanted_grade is not None))

    def get_absolute_url(self) -> str:
        return f"/desk/plans/responses/{self.pk}/"


class GradeChange(models.Model):
    """The grades a response had, each from a moment on, by whose decision."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="grades")
    grade = models.PositiveSmallIntegerField(choices=GRADE_CHOICES)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]


class ResponseRole(models.Model):
    """Who holds a role of the plan, from when to when."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assumed_at = models.DateTimeField()
    renounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "role"], condition=models.Q(renounced_at=None), name="one_in_each_role_of_a_plan")
        ]


class StepState(models.TextChoices):
    TODO = "todo", pgettext_lazy("step", "To do")
    HANDED = "handed", _("With a unit")
    DONE = "done", pgettext_lazy("step", "Done")
    SKIPPED = "skipped", _("Left out")


class ResponseStep(models.Model):
    """A step of a running response; one that repeats has a row each time."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=StepState.choices, default=StepState.TODO)
    begins_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_step")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [models.UniqueConstraint(fields=["response", "code", "round"], name="each_round_of_a_step_once")]

    def __str__(self) -> str:
        return str(self.rules.words) if self.rules else self.code

    @property
    def rules(self) -> playbook.Step | None:
        return self.response.book.step(self.code)

    def get_absolute_url(self) -> str:
        return f"{self.response.get_absolute_url()}#step-{self.pk}"
