"""What the body says in public: releases with their versions, checks and public acts; spokespeople; corrections; ledgers."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit
from groundswell.desk.cases.models import Case
from groundswell.desk.sources.models import Source
from groundswell.desk.spine.ports import today
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item


class Kind(models.TextChoices):
    """What sort of word it is."""

    REPLY = "reply", _("Reply")
    STATEMENT = "statement", _("Statement")
    PRESS = "press", _("Press release")
    FACT_CHECK = "fact_check", _("Fact-check")


class Stage(models.TextChoices):
    """Where a release stands; while a published one is being corrected, its public page stays as it is."""

    CLUE = "clue", _("Clue")
    DRAFT = "draft", _("Being written")
    REVIEW = "review", _("To be reviewed")
    SECRECY = "secrecy", _("For the secrecy review")
    APPROVAL = "approval", _("To be approved")
    APPROVED = "approved", _("Approved, to be published")
    PUBLISHED = "published", _("In public")
    WITHDRAWN = "withdrawn", _("Withdrawn from the public")
    VOID = "void", _("Dropped")


class Verdict(models.TextChoices):
    """What a fact-check finds; only a person says it, and all but “being checked” need a source."""

    CHECKING = "checking", _("Being checked")
    TRUE = "true", _("True")
    PARTLY = "partly", _("Partly true")
    FALSE = "false", _("False")
    OLD = "old", _("Old news told anew")
    UNPROVEN = "unproven", _("Cannot be confirmed")


IN_WORK = (Stage.CLUE, Stage.DRAFT, Stage.REVIEW, Stage.SECRECY, Stage.APPROVAL, Stage.APPROVED)
PERSON = settings.AUTH_USER_MODEL


class Release(models.Model):
    """One thing that the body says, from the clue to its public page."""

    number = models.CharField(max_length=20, unique=True)  # FB-2026-0001
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=Stage.choices, default=Stage.CLUE)
    clue = models.TextField()  # what it should answer, and why
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.SET_NULL, related_name="releases")  # the question it answers
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="releases")  # whose word it is
    slug = models.SlugField(max_length=80, null=True, blank=True, unique=True)  # of a fact-check's page
    current = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    public = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")  # what the public page shows
    read_until = models.DateTimeField(null=True, blank=True)  # up to when what citizens wrote was read for this text
    let_stand = models.JSONField(default=list)  # [{"text", "why"}] names and numbers that may stand
    withdrawn_why = models.CharField(max_length=300, blank=True)  # public
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)  # counts acts; the texts are ``versions``

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"]), models.Index(fields=["story", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | (models.Q(public__isnull=False) & ~models.Q(withdrawn_why="")),
                name="withdrawn_says_why",
            ),
            models.CheckConstraint(condition=~models.Q(state="published") | models.Q(public__isnull=False), name="published_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def title(self) -> str:
        return self.current.title if self.current else self.clue[:60]

    @property
    def title_en(self) -> str:
        return (self.current.title_en if self.current else "") or self.title

    @property
    def writer_id(self) -> int | None:
        """Who wrote the present text, and so may not review it."""
        return self.current.by_id if self.current else None

    @property
    def is_open(self) -> bool:
        return self.state in IN_WORK

    @property
    def is_correction(self) -> bool:
        """Is a new text under way for a page that stands in public?"""
        return self.public_id is not None and self.is_open

    @property
    def public_path(self) -> str:
        """Its public address; below ``/en`` in English."""
        return f"/fact-checks/{self.slug}/" if self.kind == Kind.FACT_CHECK and self.slug else f"/releases/{self.number}/"

    def get_absolute_url(self) -> str:
        return f"/desk/releases/{self.number}/"


class Version(models.Model):
    """One text of a release. Never changed: the database refuses it."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    claim = models.TextField(blank=True)  # of a fact-check: what was said
    claim_en = models.TextField(blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    summary = models.CharField(max_length=200, blank=True)  # one sentence that stands first
    summary_en = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    sources = models.JSONField(default=list)  # [{"words", "address"}] what it rests on; public
    signed = models.CharField(max_length=80, blank=True)  # the body or unit whose name stands below
    signed_en = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    next_update = models.DateTimeField(null=True, blank=True)  # while it is being checked
    why = models.CharField(max_length=300, blank=True)  # public: what a correction puts right
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["release", "n"], name="one_text_a_number"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", "checking"]) | ~models.Q(sources=[]), name="no_verdict_without_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} v{self.n}"


class Check(models.Model):
    """A person's review of one text: of its content, of secrecy with the legal ground, or the approval. Never changed."""

    class Kind(models.TextChoices):
        REVIEW = "review", _("Review of the content")
        SECRECY = "secrecy", _("Secrecy review")
        APPROVAL = "approval", _("Approval")

    class Result(models.TextChoices):
        PASS = "pass", _("passed")
        BACK = "back", _("sent back")
        ASK = "ask", _("put to the organ in charge")

    at_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    result = models.CharField(max_length=6, choices=Result.choices)
    ground = models.CharField(max_length=30, blank=True)  # code of grounds.yaml
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(kind="secrecy") | ~models.Q(ground=""), name="secrecy_names_its_ground")]


class PublicAct(models.Model):
    """What was done in public: published, corrected, withdrawn; each with its time and its public reason."""

    class Kind(models.TextChoices):
        PUBLISH = "publish", _("First published")
        CORRECT = "correct", _("Corrected")
        WITHDRAW = "withdraw", _("Withdrawn from the public")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="public_acts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Spokesperson(models.Model):
    """A member of staff who speaks for the body, on which topics, from when to when."""

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # none: the whole body
    topics = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["until", "id"]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def state(self) -> str:
        """What the action registry asks."""
        return "ended" if self.until is not None and self.until < today() else "active"

    def get_state_display(self) -> str:
        return str(_("ended") if self.state == "ended" else _("speaks"))

    def speaks_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Spoken(models.Model):
    """A reply of a spokesperson where the question stands: its public address, when, by whom."""

    spokesperson = models.ForeignKey(Spokesperson, on_delete=models.PROTECT, related_name="replies")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    address = models.URLField(max_length=500)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    struck = models.CharField(max_length=200, blank=True)  # why it does not count
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["story", "-at"])]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def state(self) -> str:
        return "struck" if self.struck else "recorded"

    def get_state_display(self) -> str:
        return str(_("struck out") if self.struck else _("recorded"))


class CorrectionRequest(models.Model):
    """A request to a publisher to put a stated fact right (更正请求). There is no act to have anything deleted."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Being written")
        REVIEW = "review", _("For approval to be sent")
        READY = "ready", _("Approved, to be sent")
        SENT = "sent", _("Sent, waits for an answer")
        ANSWERED = "answered", _("Answered, result to be seen")
        CLOSED = "closed", _("Closed with a result")
        VOID = "void", _("Dropped")

    class Result(models.TextChoices):
        CORRECTED = "corrected", _("corrected")
        PARTLY = "partly", _("partly corrected")
        REFUSED = "refused", _("not corrected: the publisher gave reasons")
        SILENT = "silent", _("no answer")
        OURS = "ours", _("taken back: the mistake was ours")

    class Way(models.TextChoices):
        LETTER = "letter", _("by letter")
        MAIL = "mail", _("by e-mail")
        FORM = "form", _("by the publisher's form")

    number = models.CharField(max_length=20, unique=True)  # GZ-2026-0001
    state = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    publisher = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="correction_requests")  # an institution, never a person
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.SET_NULL, related_name="correction_requests")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="correction_requests")
    release = models.ForeignKey(Release, null=True, blank=True, on_delete=models.PROTECT, related_name="correction_requests")
    address = models.URLField(max_length=500)  # of the page with the wrong statement
    headline = models.CharField(max_length=200)
    wrong = models.TextField()
    right = models.TextField()
    basis = models.TextField()  # what shows it
    evidence = models.JSONField(default=list)  # [{"archive", "uri", "fetched_at", "sha256"}] as it was when written
    ground = models.CharField(max_length=30, blank=True)  # of the secrecy review, by who approves
    sent_way = models.CharField(max_length=8, choices=Way.choices, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # an answer is expected by then
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("by")), name="who_writes_does_not_approve"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | (models.Q(approved_by__isnull=False) & ~models.Q(ground="")),
                name="sent_only_when_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.headline}"

    @property
    def is_overdue(self) -> bool:
        return self.state == self.Stage.SENT and self.due_on is not None and self.due_on < today()

    def get_absolute_url(self) -> str:
        return f"/desk/releases/corrections/{self.number}/"


class LedgerRow(models.Model):
    """A row of one of the ledgers; which fields it has says the kind's file."""

    kind = models.CharField(max_length=20)
    day = models.DateField()
    title = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    struck = models.CharField(max_length=200, blank=True)  # why it does not count any more
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["kind", "-day"])]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        return "struck" if self.struck else "kept"

    def get_state_display(self) -> str:
        return str(_("struck out") if self.struck else _("kept"))
