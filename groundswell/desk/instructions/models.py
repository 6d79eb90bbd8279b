"""Leaders' instructions (批示) with their ledger, and what one leader passes on to another (转批).

圈阅, 批示 and 转批 are different acts: the first is a line on the timeline of what was read, the others have rows here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit
from groundswell.desk.bulletins.models import Issue, IssueItem
from groundswell.desk.cases.models import Case, Task
from groundswell.desk.flash.models import Report
from groundswell.desk.instructions.house_rules import deputy_of
from groundswell.desk.stories.models import Story


class Stage(models.TextChoices):
    """Where an instruction stands."""

    RECORDED = "recorded", _("To be confirmed")
    GIVEN = "given", _("To be handed out")
    HANDED = "handed", _("In hand")
    ANSWERED = "answered", _("Answered, for the leader")
    ACCEPTED = "accepted", _("Accepted, to be closed")
    CLOSED = "closed", _("Closed off")
    VOID = "void", _("Withdrawn")


class Way(models.TextChoices):
    """How it was given."""

    SCREEN = "screen", _("written on screen")
    SPOKEN = "spoken", _("spoken")
    PAPER = "paper", _("on paper")


OPEN = (Stage.RECORDED, Stage.GIVEN, Stage.HANDED, Stage.ANSWERED, Stage.ACCEPTED)
ONE_THING = (
    models.Q(story__isnull=False, case=None, issue=None, report=None)
    | models.Q(story=None, case__isnull=False, issue=None, report=None)
    | models.Q(story=None, case=None, issue__isnull=False, report=None)
    | models.Q(story=None, case=None, issue=None, report__isnull=False)
)
PIECE_IN_ISSUE = models.Q(piece=None) | models.Q(issue__isnull=False)


class OnWhatWasRead(models.Model):
    """What it hangs on: a story, a case, a flash report, or an issue of a bulletin and perhaps its piece."""

    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    issue = models.ForeignKey(Issue, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    piece = models.ForeignKey(IssueItem, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Instruction(OnWhatWasRead):
    """One 批示: a row of the ledger from its giving to 销号."""

    number = models.CharField(max_length=20, unique=True)  # PS-2026-0001
    state = models.CharField(max_length=10, choices=Stage.choices)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.SCREEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="instructions")  # the leader
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    units = models.ManyToManyField(Unit, blank=True, related_name="instructions")
    within = models.PositiveSmallIntegerField(default=1)  # working days
    date = models.DateField(null=True, blank=True)  # or the day by which, as the leader said it
    tasks = models.ManyToManyField(Task, blank=True, related_name="instructions")
    scan = models.CharField(max_length=120, blank=True)  # place in the sealed archive
    feedback = models.TextField(blank=True)
    given_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-given_at"]), models.Index(fields=["by", "-given_at"])]
        constraints = [
            models.CheckConstraint(condition=ONE_THING, name="instruction_on_one_thing"),
            models.CheckConstraint(condition=PIECE_IN_ISSUE, name="instruction_piece_in_issue"),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | (~models.Q(feedback="") & models.Q(accepted_at__isnull=False)),
                name="nothing_closes_without_the_answer",
            ),
            models.CheckConstraint(condition=~models.Q(way="paper") | ~models.Q(scan=""), name="paper_comes_with_its_scan"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def actor_id(self) -> int | None:
        """The leader's deputy, who may do what the leader may: asked by rights of one's own, beside ``by_id``."""
        return deputy_of(self.by)

    def get_absolute_url(self) -> str:
        return f"/desk/instructions/{self.number}/"


class Passing(OnWhatWasRead):
    """What one leader passed on to another (转批); over when that one read it, instructed on it or passed it on."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["to", "done_at"])]
        constraints = [
            models.CheckConstraint(condition=ONE_THING, name="passing_on_one_thing"),
            models.CheckConstraint(condition=PIECE_IN_ISSUE, name="passing_piece_in_issue"),
        ]
