"""Bulletins: series, numbered issues, their items, the list they go to, and each dispatch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item


def next_serial() -> int:
    """The integer by which timelines know the next series."""
    return (Series.objects.aggregate(last=models.Max("serial"))["last"] or 0) + 1


class Series(models.Model):
    """A periodical of the desk: brief (daily), summary, others by the body."""

    code = models.SlugField(max_length=20, primary_key=True)
    serial = models.PositiveIntegerField(unique=True, default=next_serial, editable=False)
    name = models.CharField(_("masthead"), max_length=40)
    name_en = models.CharField(_("masthead in English"), max_length=80, blank=True)
    office = models.CharField(_("office"), max_length=60, blank=True)
    office_en = models.CharField(_("office in English"), max_length=100, blank=True)
    clock_times = models.JSONField(default=list)  # ["17:00"]
    key_period_times = models.JSONField(default=list)  # ["08:30", "17:00"]
    remind_minutes = models.PositiveIntegerField(_("remind (minutes before)"), default=60)
    sections = models.JSONField(default=list)  # [{"code", "name", "name_en"}]
    classification = models.CharField(_("mark"), max_length=40, blank=True)
    report_to = models.CharField(_("reported to"), max_length=200, blank=True)
    send_to = models.CharField(_("sent to"), max_length=200, blank=True)
    issue_to = models.CharField(_("issued to"), max_length=200, blank=True)
    copies = models.PositiveIntegerField(_("copies printed"), default=12)
    length_limit = models.PositiveIntegerField(_("characters an item"), default=120)
    total_before = models.PositiveIntegerField(_("issues before this program"), default=0)
    number_before = models.PositiveIntegerField(_("of them in the year of the start"), default=0)
    number_before_year = models.PositiveSmallIntegerField(_("year of the start"), default=0)
    most_pieces = models.PositiveSmallIntegerField(_("items an issue"), default=12)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    def times_on(self, in_key_period: bool) -> list[str]:
        """The clock times of a day; a series without key-period times keeps its usual ones."""
        return sorted(self.key_period_times or self.clock_times) if in_key_period else sorted(self.clock_times)


class IssueState(models.TextChoices):
    PICKING = "picking", _("Picking")
    ARRANGING = "arranging", _("Arranging")
    CHECKING = "checking", _("Checking")
    SIGNING = "signing", _("For signature")
    ISSUED = "issued", _("Issued")
    CARRIED = "carried", _("Carried over")


class Issue(models.Model):
    """One issue. It has no number until it is signed; then its content is frozen with a hash."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="issues")
    day = models.DateField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=IssueState.choices, default=IssueState.PICKING)
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    reminded_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    return_comment = models.TextField(blank=True)
    by_clock = models.BooleanField(default=True)  # False: made for another day by the command; no clock waits for it
    carried_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_from")
    frozen = models.JSONField(null=True)  # the paper as it was signed, one a language
    frozen_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="one_number_each_year"),
            models.UniqueConstraint(fields=["series", "total"], name="one_total_each"),
            models.UniqueConstraint(fields=["series", "due_at"], name="one_issue_each_clock"),
        ]
        ordering = ["-due_at"]

    def __str__(self) -> str:
        return f"{self.series_id} {self.year}/{self.address_ref}"

    @property
    def address_ref(self) -> str:
        """What stands in the address: the number once signed, ``d<pk>`` before."""
        return str(self.number) if self.number else f"d{self.pk}"

    @property
    def address(self) -> str:
        return f"/desk/bulletins/{self.series_id}/{self.year}/{self.address_ref}/"

    def get_absolute_url(self) -> str:
        return self.address

    @property
    def is_open(self) -> bool:
        """May its pieces still be changed?"""
        return self.state in (IssueState.PICKING, IssueState.ARRANGING)


class Origin(models.TextChoices):
    """Whose words a piece is."""

    MACHINE = "machine", _("Machine's draft")
    PERSON = "person", _("Written by a person")
    CORRECTION = "correction", _("Correction notice")


class IssueItem(models.Model):
    """A piece in an issue: text, advice, and the items it rests on. ``[n]`` in its text is the n-th of ``citations``."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="pieces")
    section = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.PROTECT, related_name="printed_in")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="printed_in")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    advice = models.TextField(blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    text_en = models.TextField(blank=True)
    advice_en = models.TextField(blank=True)
    behind = models.CharField(max_length=2, blank=True)  # "en" | "zh": the words that still say what stood there before the last change
    level = models.PositiveSmallIntegerField(default=4)
    cited = models.ManyToManyField(Item, blank=True, related_name="cited_in")
    citations = models.JSONField(default=list)  # ids of the items cited, in the order of their [n]
    figures = models.JSONField(default=dict)  # {"items": 214, "sources": 23, "negative": 124, "share": 58, "as_of": …} as of picking
    drafted_by_machine = models.BooleanField(default=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.MACHINE)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    corrects_issue = models.ForeignKey(Issue, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    picked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Mark(models.Model):
    """A story that somebody wants in the bulletin (item marks are ``Item.for_bulletin``)."""

    story = models.OneToOneField(Story, on_delete=models.CASCADE, related_name="bulletin_mark")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)


class CheckComment(models.Model):
    """What the checker wrote beside a piece or the whole issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="comments")
    piece = models.ForeignKey(IssueItem, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class Recipient(models.Model):
    """Who receives a series by mail."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="recipients")
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """One issue to one recipient: sent, or why not."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="dispatches")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, default="waiting")  # waiting | sent | failed
    tries = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=20, blank=True)  # refused | unreachable | login | tls | size | broken
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "recipient"], name="one_dispatch_each")]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="dispatch_waiting")]
        ordering = ["id"]


class KeyPeriod(models.Model):
    """A span of days with closer watch and two briefs a day (key period, 重点时段)."""

    name = models.CharField(_("name"), max_length=80)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.name


__all__ = ["CheckComment", "Dispatch", "Issue", "IssueItem", "IssueState", "KeyPeriod", "Mark", "Origin", "Recipient", "Series"]
