"""The roster's tables: kinds of shift, rotations, changes, swaps, published months; and what a shift leaves behind."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Unit


class ShiftType(models.Model):
    """A kind of shift: when it begins, how long it lasts, on which days, in which layer."""

    class Layer(models.TextChoices):
        DUTY = "duty", _("On duty")
        LEADER = "leader", _("Leader on duty")

    class Days(models.TextChoices):
        ALL = "all", _("every day")
        WORKING = "working", _("working days")
        REST = "rest", _("days of rest")

    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    mark = models.CharField(_("mark in the grid"), max_length=2)
    mark_en = models.CharField(_("mark in English"), max_length=2)
    starts = models.TimeField(_("begins"))
    minutes = models.PositiveIntegerField(_("minutes long"))
    days = models.CharField(_("on"), max_length=8, choices=Days.choices, default=Days.ALL)
    layer = models.CharField(_("layer"), max_length=8, choices=Layer.choices, default=Layer.DUTY)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["layer", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=30, minutes__lte=7 * 24 * 60), name="a_shift_lasts_half_an_hour_to_a_week"
            )
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def short(self) -> str:
        """What the grid shows: 白, D."""
        return self.mark_en if get_language() == "en" else self.mark


class Rotation(models.Model):
    """Who follows whom in a kind of shift, from a day on. A change is a new row: what was before stays as it was."""

    shift = models.ForeignKey(ShiftType, on_delete=models.PROTECT, related_name="rotations")
    since = models.DateField()
    turn_days = models.PositiveSmallIntegerField(default=1)
    people = models.JSONField(default=list)  # primary keys in order; a name may stand several times
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # another of the same day took its place

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "since"], condition=models.Q(ended_at=None), name="one_rotation_from_a_day"),
            models.CheckConstraint(condition=models.Q(turn_days__gte=1), name="a_turn_is_a_day_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.shift} · {self.since}"


class Override(models.Model):
    """Somebody else, or nobody, in one turn: over the rotation, with the reason."""

    shift = models.ForeignKey(ShiftType, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    seat = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "day", "seat"], condition=models.Q(withdrawn_at=None), name="one_override_a_turn")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.shift}"

    def get_absolute_url(self) -> str:
        return f"/desk/roster/days/{self.day}/"


class Swap(models.Model):
    """One asks another to take a turn, perhaps against one of the other's; it holds when the other agreed."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        AGREED = "agreed", _("agreed, waits for approval")
        HOLDS = "holds", _("agreed")
        DECLINED = "declined", _("declined")
        TAKEN_BACK = "taken_back", _("taken back")
        LAPSED = "lapsed", _("lapsed")

    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey(ShiftType, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    seat = models.PositiveSmallIntegerField(default=0)
    back_shift = models.ForeignKey(ShiftType, null=True, on_delete=models.PROTECT, related_name="+")
    back_day = models.DateField(null=True)
    back_seat = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "day"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(asker=models.F("other")), name="nobody_swaps_with_oneself"),
            models.UniqueConstraint(
                fields=["shift", "day", "seat"], condition=models.Q(state__in=["asked", "agreed"]), name="one_open_swap_a_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.shift}"

    @property
    def first_day(self) -> date:
        return min(self.day, self.back_day or self.day)

    def get_absolute_url(self) -> str:
        return f"/desk/roster/swaps/{self.pk}/"


class Publication(models.Model):
    """A month as it was given out, one row a version: the rotation that it fixes, the final turns, what was found then."""

    month = models.DateField()  # its first day
    no = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    base = models.JSONField(default=list)  # [[shift, day, seat, person]] out of the rotation
    final = models.JSONField(default=list)  # the same with changes and swaps
    findings = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-month", "-no"]
        constraints = [models.UniqueConstraint(fields=["month", "no"], name="each_version_of_a_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} · {self.no}"


class CalendarFeed(models.Model):
    """The secret address of a person's calendar; only its hash is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    everybody = models.BooleanField(default=False)  # all turns, not the person's own
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user)


class ShiftPaper(models.Model):
    """What belongs to one shift at one time: by its begin, since a desk without a roster has shifts too."""

    since = models.DateTimeField()
    until = models.DateTimeField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    facts = models.JSONField(default=list)  # [{kind, zh, en, url, at?, who?, who_en?}] as they stood when it was signed
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name


class DutyLog(ShiftPaper):
    """The log of a shift (值班日志), signed by its officer: what the system knows was done, and what they add."""

    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta(ShiftPaper.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["since"], name="one_log_a_shift")]


class HandOver(ShiftPaper):
    """A hand-over: drafted from facts, signed by who leaves and by who comes, in two acts."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LEFT = "left", _("signed by who leaves")
        TAKEN = "taken", _("taken over")

    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta(ShiftPaper.Meta):
        abstract = False
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["since"], name="one_hand_over_a_shift"),
            models.CheckConstraint(
                condition=models.Q(taken_by=None) | ~models.Q(taken_by=models.F("left_by")), name="who_leaves_does_not_take_over"
            ),
        ]


class ZeroReport(models.Model):
    """A unit's word of one day (零报告): missing until it reports or says that there is nothing."""

    class State(models.TextChoices):
        MISSING = "missing", _("missing")
        NOTHING = "nothing", _("nothing to report")
        REPORTED = "reported", _("reported")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="zero_reports")
    day = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.MISSING)
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    urged_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    token_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "unit__sort_key"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="one_zero_report_a_day")]

    def __str__(self) -> str:
        return f"{self.unit.name_en if get_language() == 'en' and self.unit.name_en else self.unit.name} · {self.day}"
