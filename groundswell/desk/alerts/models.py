"""Tables of the alerts: rules, channels, alerts with the steps of their chain, what was sent to whom, levels as they changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import Place, Unit
from groundswell.desk.sources.models import Source
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Watch

ANY_HOUR, NEVER_AT_NIGHT = 4, 0  # of Rule.night_level


class ChannelKind(models.TextChoices):
    """How something leaves the house."""

    MAIL = "mail", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    SMS = "sms", _("SMS gateway")


class ChannelState(models.TextChoices):
    ON = "on", _("switched on")
    OFF = "off", _("switched off")


class Channel(models.Model):
    """A way out of the house besides the screen. Address and secret are sealed; ``host`` is what may be shown of the address."""

    code = models.CharField(max_length=32, unique=True)  # names the seal and the address of its page; never changes
    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=4, choices=ChannelState.choices, default=ChannelState.ON)
    language = models.CharField(max_length=10, default="zh-hans")  # of what goes to a group, not to a person
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")  # whose group it is: links of its tasks go there
    sealed_address = models.TextField(blank=True)
    host = models.CharField(max_length=260, blank=True)
    sealed_secret = models.TextField(blank=True)
    method = models.CharField(max_length=6, default="POST")  # of a gateway, as the four below
    headers = models.TextField(blank=True)  # "Name: value", one a line
    body = models.TextField(blank=True)
    success_field = models.CharField(max_length=80, blank=True)  # "result.code" of an answer in JSON
    success_value = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/desk/alerts/channels/{self.code}/"


class RuleState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ENABLED = "enabled", _("at work")
    PAUSED = "paused", _("paused")


class About(models.TextChoices):
    STORY = "story", _("a story")
    SOURCE = "source", _("the silence of a source")


class Rule(models.Model):
    """When to call people. All conditions that are set must hold; what narrows a rule cannot be deleted under it."""

    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=6, choices=About.choices, default=About.STORY)
    state = models.CharField(max_length=8, choices=RuleState.choices)
    level = models.PositiveSmallIntegerField(null=True)  # this level or above it
    rose = models.BooleanField(default=False)  # only where it rose to that
    above = models.FloatField(null=True)  # the last hour over the bound of its forecast
    least_items = models.PositiveIntegerField(default=3)  # that meet the next three
    watch = models.ForeignKey(Watch, null=True, on_delete=models.PROTECT, related_name="alert_rules")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    silent_hours = models.PositiveSmallIntegerField(null=True)
    night_level = models.PositiveSmallIntegerField(default=2)  # what is below it waits until the morning; 4: nothing waits, 0: all
    group_minutes = models.PositiveIntegerField(default=120)
    accept_minutes = models.PositiveSmallIntegerField(default=15)
    attend_minutes = models.PositiveSmallIntegerField(default=30)
    channels = models.ManyToManyField(Channel, blank=True, related_name="rules")
    enabled_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(about="source", silent_hours__isnull=False)
                | models.Q(about="story", level__isnull=False)
                | models.Q(about="story", above__isnull=False)
                | models.Q(about="story", watch__isnull=False)
                | models.Q(about="story", place__isnull=False)
                | models.Q(about="story", source__isnull=False)
                | models.Q(about="story", unit__isnull=False),
                name="alert_rule_says_when",
            ),
            models.CheckConstraint(condition=~models.Q(state="enabled") | models.Q(enabled_at__isnull=False), name="enabled_since"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/desk/alerts/rules/{self.pk}/"


class State(models.TextChoices):
    """Where an alert stands. Returned: somebody had it and it is open again."""

    OPEN = "open", _("Nobody has it")
    ACCEPTED = "accepted", _("Somebody has it")
    RETURNED = "returned", _("Open again")
    DONE = "done", _("Dealt with")


CALLING = (State.OPEN, State.RETURNED)
NOT_DONE = (State.OPEN, State.RETURNED, State.ACCEPTED)


class Outcome(models.TextChoices):
    """What came of it, as the person says who dealt with it."""

    RIGHT = "right", _("It was right to call")
    NOT_RIGHT = "not_right", _("A false alarm")


class Alert(models.Model):
    """One call about one story or source, with the chain as it was fixed when it began."""

    number = models.CharField(max_length=20, unique=True)  # AL-2026-0001
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="alerts")
    story = models.ForeignKey(Story, null=True, on_delete=models.PROTECT, related_name="alerts")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="alerts")
    level = models.PositiveSmallIntegerField(null=True)
    reason = models.JSONField(default=list)  # [{"code", …}], words in reasons.py
    seen = models.JSONField(default=dict)  # what was known when it was last told: {"level", "items", "places"}
    news = models.PositiveSmallIntegerField(default=0)
    raised_at = models.DateTimeField()
    starts_at = models.DateTimeField()  # later than raised_at where it waits until the morning
    told_at = models.DateTimeField()
    attend_minutes = models.PositiveSmallIntegerField()
    next_at = models.DateTimeField(null=True)  # when the chain is to be looked at again
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="alert_chain"),
            models.Index(fields=["state", "-raised_at"], name="alert_by_state"),
            models.Index(fields=["story", "-id"], name="alert_of_story"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(story__isnull=False, source=None) | models.Q(story=None, source__isnull=False), name="alert_on_one_thing"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="somebody_accepted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | (models.Q(done_at__isnull=False) & ~models.Q(outcome="")), name="done_says_what_came"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def thing(self) -> Story | Source:
        found = self.story or self.source
        assert found is not None
        return found

    @property
    def thing_url(self) -> str:
        return f"/desk/stories/{self.story.number}/" if self.story else f"/desk/sources/{self.source.slug}/"  # type: ignore[union-attr]

    def get_absolute_url(self) -> str:
        return f"/desk/alerts/{self.number}/"


class Part(models.TextChoices):
    """Whom a step calls."""

    DUTY = "duty", _("Duty officer")
    LEADER = "leader", _("Leader on duty")
    FIRST = "first", _("First leader")


class Ended(models.TextChoices):
    """How a step ended."""

    PASSED = "passed", _("not accepted in time")
    ACCEPTED = "accepted", _("accepted")
    NOBODY = "nobody", _("nobody stands there")


class Step(models.Model):
    """One step of an alert's chain: whom it calls, by what, how long it waits for them. Fixed when the alert begins."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps")
    no = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=8, choices=Part.choices)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    channels = models.JSONField(default=list)  # primary keys
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, choices=Ended.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["alert", "no"], name="each_step_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} · {self.no}"


class SendingState(models.TextChoices):
    WAITING = "waiting", _("under way")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("not needed any more")


class Sending(models.Model):
    """What was sent to whom by what, and what came back. ``key`` says what it is, so that nothing is made or sent twice."""

    key = models.CharField(max_length=80, unique=True)  # also the webhook's id and part of the mail's
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="sendings")
    step = models.ForeignKey(Step, null=True, on_delete=models.CASCADE, related_name="sendings")
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="sendings")  # none: the screen
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # none: a group
    to = models.CharField(max_length=260, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    sealed = models.TextField(blank=True)  # of a parcel instead of a text, until it has left (parcels.py)
    state = models.CharField(max_length=8, choices=SendingState.choices, default=SendingState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    at = models.DateTimeField(null=True)  # of the last try
    next_try_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=40, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="sending_waiting")]

    def __str__(self) -> str:
        return self.key


class LevelMark(models.Model):
    """A story's level from a moment on, for rules that ask whether it rose."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["story", "-id"], name="level_mark")]

    def __str__(self) -> str:
        return f"{self.story_id} {self.level}"
