"""The register of sources, how each is read, every run and failure, and the reading book for those that no collector reaches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Place, Unit


class Channel(models.TextChoices):
    """What sort of place a source is; health is shown by it."""

    NEWS = "news", _("News")
    FORUM = "forum", _("Forums")
    MICROBLOG = "microblog", _("Microblogs")
    VIDEO = "video", _("Short video")
    BOARD = "board", _("Message boards")
    BLOG = "blog", _("Blogs")
    OFFICIAL = "official", _("Official")
    OTHER = "other", _("Other")


class Kind(models.TextChoices):
    """How a source is read."""

    FEED = "feed", _("Feed (RSS, Atom, JSON)")
    LIST = "list", _("List page with articles")
    BOARD = "board", _("Forum board with threads")
    SITEMAP = "sitemap", _("Sitemap")
    PAGE = "page", _("One page watched for change")
    FILES = "files", _("File drop (JSONL, CSV, XLSX)")
    MANUAL = "manual", _("Read by a person")


class SourceState(models.TextChoices):
    """Where a source stands: only an active one is read."""

    ACTIVE = "active", _("being read")
    PAUSED = "paused", _("paused")
    PROPOSED = "proposed", _("proposed")
    RETIRED = "retired", _("retired")


class Source(models.Model):
    """A place that is collected or read: who runs it, where it is, on which ground it is read."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    owner = models.CharField(_("run by"), max_length=120, blank=True)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    kind = models.CharField(_("read as"), max_length=10, choices=Kind.choices)
    address = models.CharField(_("address"), max_length=1000, blank=True)
    options = models.JSONField(default=dict, blank=True)  # selectors, pages, follow, charset
    ground = models.CharField(_("ground on which it is read"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("unit"))
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("place"))
    institutional = models.BooleanField(_("medium, public body or institutional account (its name is kept)"), default=False)
    official = models.BooleanField(_("speaks for a public body"), default=False)
    trust = models.FloatField(_("record of trust, 0–1"), default=0.5)
    sort_key = models.CharField(max_length=200, blank=True, db_index=True)

    interval_minutes = models.PositiveIntegerField(_("read every (minutes)"), default=30)
    adapted_minutes = models.FloatField(null=True, blank=True)  # what the yield made of it
    state = models.CharField(_("state"), max_length=10, default="active", choices=SourceState.choices)
    paused_until = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    quiet_is_normal = models.BooleanField(_("alive, but quiet is normal"), default=False)

    next_fetch_at = models.DateTimeField(null=True, blank=True, db_index=True)
    fetching_since = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=400, blank=True)
    last_modified = models.CharField(max_length=80, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_item_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    last_cause = models.CharField(max_length=40, blank=True)  # code of the last failure, "" after a success
    silent_since = models.DateTimeField(null=True, blank=True)
    usual_per_day = models.FloatField(null=True)  # items, over the last four weeks; null: not counted yet, or too young to say
    rhythm = models.JSONField(default=dict)  # what is usual by hour, see collect.silence.Rhythm
    counted_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name


class FetchRun(models.Model):
    """One reading of a source: what came, or the cause and the mend."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    outcome = models.CharField(max_length=12)  # items | nothing_new | unchanged | failed | partly
    status = models.PositiveSmallIntegerField(null=True)
    pages = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["source", "-at"]), models.Index(fields=["-at"])]


class Failure(models.Model):
    """One thing that went wrong, as data: the screen says it in words, with the mend."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="failures_seen")
    run = models.ForeignKey(FetchRun, null=True, on_delete=models.CASCADE, related_name="failed")
    at = models.DateTimeField()
    url = models.CharField(max_length=2000, blank=True)
    cause = models.CharField(max_length=40)
    args = models.JSONField(default=dict)
    mend = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["source", "-at"])]


class SeenPage(models.Model):
    """A page below a source that has been fetched: nothing is fetched twice unless it is due."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    url_hash = models.CharField(max_length=32)
    fetched_at = models.DateTimeField()
    etag = models.CharField(max_length=400, blank=True)
    last_modified = models.CharField(max_length=80, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    replies = models.IntegerField(null=True)  # as the list showed it when the thread was fetched
    archive = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)  # it failed: when it may be asked again
    failures = models.PositiveSmallIntegerField(default=0)  # in a row

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "url_hash"], name="one_page_each")]


class HostBudget(models.Model):
    """When a host and port may next be asked; one row for all workers."""

    host = models.CharField(max_length=260, primary_key=True)  # host:port
    next_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)


class RobotsFile(models.Model):
    """A host's robots.txt as last read."""

    host = models.CharField(max_length=260, primary_key=True)  # scheme://host:port
    fetched_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)


class ReadingDuty(models.Model):
    """A source that a person reads, and when: the reading book's plan (阅网日志). A change ends one row and begins another,
    so that the plan of a past day can still be seen."""

    class Days(models.TextChoices):
        DAILY = "daily", _("every day")
        WORKING = "working", _("working days")
        REST = "rest", _("days of rest")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="reading_duties")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )  # null: whoever is on duty
    times = models.JSONField(default=list)  # ["08:30", "14:00", "17:00"]
    key_times = models.JSONField(default=list)  # instead of them in a key period; empty: the usual ones
    days = models.CharField(max_length=8, choices=Days.choices, default=Days.DAILY)
    since = models.DateTimeField(null=True, blank=True)  # null: from the beginning
    until = models.DateTimeField(null=True, blank=True)  # null: still so
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["source"], condition=models.Q(until=None), name="duty_present")]

    def __str__(self) -> str:
        return self.source.name

    def times_on(self, in_key_period: bool) -> list[str]:
        """The times of a day; without times for key periods the usual ones hold there too."""
        return sorted(self.key_times or self.times) if in_key_period else sorted(self.times)


class Reading(models.Model):
    """A source was read by a person: nothing found (已阅，无情况) or what was entered."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)  # the time of the plan that it answers
    found = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["source", "-at"]), models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return self.source.name
