"""Leads on wrongdoing: what may stand in clear (number, state, dates, codes) and, apart from it, what is sealed.

The desk has no power to investigate: 登记 → 甄别 → 移送 → 回执 → 承办机关反馈 → 公布.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User

PERSON = settings.AUTH_USER_MODEL


class Stage(models.TextChoices):
    """Where a lead stands."""

    REGISTERED = "registered", _("To be screened")
    ASIDE = "aside", _("Not transferred")
    SCREENED = "screened", _("To be transferred")
    TRANSFERRED = "transferred", _("Transferred")
    RECEIPTED = "receipted", _("Receipt is here")
    ANSWERED = "answered", _("Organ has answered")
    PUBLISHED = "published", _("Outcome published")
    CLOSED = "closed", _("Closed without outcome")
    DESTROYED = "destroyed", _("Destroyed")


class Way(models.TextChoices):
    """How it came."""

    STREAM = "stream", _("from the stream")
    PAPER = "paper", _("by letter")
    TELEPHONE = "telephone", _("by telephone")
    VISIT = "visit", _("in person")


class Verdict(models.TextChoices):
    """What screening found, as data."""

    BELONGS = "belongs", _("belongs to an organ")
    OUTSIDE = "outside", _("outside the competence of any organ here")
    REPEATED = "repeated", _("the same matter as an earlier lead")
    NO_FACTS = "no_facts", _("no facts that could be looked into")
    NO_LEAD = "no_lead", _("no lead on wrongdoing: a complaint or a question")
    MISTAKE = "mistake", _("handed in by mistake")


class Result(models.TextChoices):
    """What the organ reports."""

    CONFIRMED = "confirmed", _("confirmed")
    PARTLY = "partly", _("confirmed in part")
    NOT_FOUND = "not_found", _("not confirmed")
    PASSED_ON = "passed_on", _("passed on to another organ")


OPEN = (Stage.REGISTERED, Stage.SCREENED, Stage.TRANSFERRED, Stage.RECEIPTED, Stage.ANSWERED)
ENDED = (Stage.ASIDE, Stage.PUBLISHED, Stage.CLOSED)
SENT = (Stage.TRANSFERRED, Stage.RECEIPTED, Stage.ANSWERED, Stage.PUBLISHED)


class Organ(models.Model):
    """An organ that leads are transferred to, with the public key that packages are sealed for."""

    name = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=80, blank=True)
    competence = models.CharField(max_length=300)  # what belongs to it
    recipient = models.CharField(max_length=200)  # an age public key, "age1…"
    key_checked = models.CharField(max_length=200)  # how and when the key was compared with the organ
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Generation(models.Model):
    """One wrapping key: derived from the master key and this salt, never stored. Rotation makes a new one and drops the old."""

    salt = models.BinaryField()
    master = models.CharField(max_length=16)  # identifier of the master key, not the key
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # when everything was sealed anew under it


class Lead(models.Model):
    """One lead. Nothing in this row says what it is about or who is meant."""

    number = models.CharField(max_length=20, unique=True)  # XS-2026-0001
    state = models.CharField(max_length=12, choices=Stage.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    seal = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # every sealed field is bound to it
    generation = models.ForeignKey(Generation, null=True, on_delete=models.PROTECT, related_name="leads")
    wrapped = models.BinaryField(null=True)  # the lead's own data key, sealed with the generation's key; gone after destruction
    origin_hash = models.CharField(max_length=64, blank=True, db_index=True)  # keyed hash of the item it came from
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")  # who handed it in or registered it
    registered_at = models.DateTimeField()
    has_contact = models.BooleanField(default=False)
    leaders = models.ManyToManyField(User, blank=True, related_name="named_leads")  # who may read this one
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated_by")
    organ = models.ForeignKey(Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="leads")
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    transferred_at = models.DateTimeField(null=True, blank=True)
    package_hash = models.CharField(max_length=64, blank=True)  # SHA-256 of the sealed package
    receipted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    contact_gone_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["screened", *(str(each) for each in SENT)]) | models.Q(organ__isnull=False),
                name="lead_goes_to_an_organ",
            ),
            models.CheckConstraint(condition=~models.Q(state="aside") | ~models.Q(verdict=""), name="lead_aside_with_reason"),
            models.CheckConstraint(condition=models.Q(state="destroyed") | models.Q(wrapped__isnull=False), name="lead_has_its_key"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reader_ids(self) -> set[int]:
        """The leaders named on it: asked by rights of one's own."""
        return set(self.leaders.values_list("pk", flat=True))

    def get_absolute_url(self) -> str:
        return f"/desk/leads/{self.number}/"


class Sealed(models.Model):
    """One sealed field of a lead: text, contact, a note, a file, the package. Opens only as this field of this lead."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="sealed")
    field = models.CharField(max_length=60)  # "text", "note:<id>", "file:<id>"
    box = models.BinaryField()  # nonce · ciphertext · tag
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "field"], name="one_box_a_field")]


class Outcome(models.Model):
    """What the public is told; the draft lies sealed with the lead, only what was published stands here in clear."""

    class State(models.TextChoices):
        DRAFT = "draft", _("to be passed by a second person")
        PASSED = "passed", _("passed, to be published")
        PUBLISHED = "published", _("public")
        WITHDRAWN = "withdrawn", _("withdrawn from the public")

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="outcome")
    state = models.CharField(max_length=10, choices=State.choices)
    drafted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    passed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField(max_length=20, blank=True)  # GB-2026-001, its own sequence: it leads nobody to the lead
    title = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    title_en = models.CharField(max_length=160, blank=True)
    text_en = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(passed_by=None) | ~models.Q(passed_by=models.F("drafted_by")), name="outcome_passed_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["passed", "published"]) | models.Q(passed_by__isnull=False), name="outcome_needs_two"
            ),
            models.CheckConstraint(condition=models.Q(state="published") | models.Q(text=""), name="outcome_in_clear_only_when_public"),
        ]


class Certificate(models.Model):
    """That a person had a lead, or its contact data, destroyed: what, when, by whom, on which ground. Holds no content."""

    class What(models.TextChoices):
        LEAD = "lead", _("the whole lead")
        CONTACT = "contact", _("the contact data")

    number = models.CharField(max_length=20, unique=True)  # XH-2026-0001
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="certificates")
    what = models.CharField(max_length=8, choices=What.choices)
    fields = models.PositiveIntegerField()  # how many sealed fields went
    size_bytes = models.PositiveBigIntegerField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField()  # of the lead: the term counts from here
