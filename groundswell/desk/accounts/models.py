"""People of the desk, their roles and rights; the body's units and places; netizen words."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

IN_USE = {True: _("in use"), False: _("retired")}


class Unit(models.Model):
    """A bureau, township, community, department or ward of the body."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    duties = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    sort_key = models.CharField(max_length=200, blank=True, db_index=True)  # pinyin, editable
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """What the action registry asks: "active" or "retired"."""
        return "active" if self.is_active else "retired"

    def get_state_display(self) -> str:
        return str(IN_USE[self.is_active])


class Place(models.Model):
    """A place of the body's gazetteer, with the words that say it is another place of that name."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, default="town")
    aliases = models.JSONField(default=list, blank=True)
    within = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    not_when = models.JSONField(default=list, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="places")
    sort_key = models.CharField(max_length=200, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """What the action registry asks: "active" or "retired"."""
        return "active" if self.is_active else "retired"

    def get_state_display(self) -> str:
        return str(IN_USE[self.is_active])


class SlangWord(models.Model):
    """A netizen word with its meaning; proposed ones wait for a person."""

    STATES = (("proposed", _("proposed")), ("accepted", _("in use")), ("refused", _("not used")))

    word = models.CharField(max_length=40, unique=True)
    means = models.CharField(max_length=120, blank=True)
    tone = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, default="accepted", choices=STATES)
    posts = models.PositiveIntegerField(default=0)  # of one that the program proposes: how many had it when it last looked
    voices = models.PositiveIntegerField(default=0)
    first_seen = models.DateField(null=True)

    def __str__(self) -> str:
        return self.word


class Role(models.TextChoices):
    """The roles of the contract; a person may hold several."""

    DUTY = "duty", _("Duty officer")
    EDITOR = "editor", _("Editor")
    UNIT_OFFICER = "unit_officer", _("Unit officer")
    LEADER = "leader", _("Leader")
    LEADS_KEEPER = "leads_keeper", _("Leads keeper")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff. The public has no accounts."""

    username = models.CharField(_("user name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in Latin letters"), max_length=60, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    post_en = models.CharField(_("post in English"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people", verbose_name=_("unit"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=10, default="system")
    density = models.CharField(_("density"), max_length=12, default="comfortable")
    text_size = models.PositiveSmallIntegerField(_("text size"), default=100)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """What the action registry asks: "active" or "barred"."""
        return "active" if self.is_active else "barred"

    def get_state_display(self) -> str:
        return str(_("may sign in") if self.is_active else _("barred"))

    @property
    def post_words(self) -> str:
        """The person's post in the present language, else the first role held."""
        if get_language() == "en" and self.post_en:
            return self.post_en
        return self.post or self.role_words

    @property
    def role_words(self) -> str:
        """The first role held, in words."""
        grant = min(self.grants.all(), key=lambda each: each.pk, default=None)
        return str(Role(grant.role).label) if grant else ""


class Grant(models.Model):
    """A role held by a person, from when to when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["user", "role"])]


class Right(models.Model):
    """One cell of the rights table: what a role may do, and to how much of it."""

    permission = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=Role.choices)
    scope = models.CharField(max_length=12, default="all")  # all | own_unit | own | propose | none (taken away by the administrator)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["permission", "role"], name="one_cell_each")]

    def __str__(self) -> str:
        return f"{self.permission} · {Role(self.role).label}"


class Oversight(models.Model):
    """分管: the units and fields a leader is in charge of, with dates; the first leader is in charge of the whole (主持全面工作)."""

    leader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="oversights")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="overseers")
    subject = models.CharField(max_length=60, blank=True)
    whole = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    @property
    def words(self) -> str:
        """The unit, the field, or that it is everything."""
        if self.whole:
            return str(_("Everything, as the first leader"))
        if self.unit is None:
            return self.subject
        return self.unit.name_en if get_language() == "en" and self.unit.name_en else self.unit.name


class Deputy(models.Model):
    """Who regularly stands in for a leader that is away and named nobody."""

    leader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputy_of")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(leader=models.F("deputy")), name="deputy_is_another")]


class Absence(models.Model):
    """Days on which a leader is away, the last one included, and who stands in."""

    leader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    since = models.DateField()
    until = models.DateField()
    stand_in = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in")
    noted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["until", "since"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=models.Q(stand_in=None) | ~models.Q(leader=models.F("stand_in")), name="stand_in_is_another"),
        ]


class OneTimeLink(models.Model):
    """A sign-in link that works once; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignInAttempt(models.Model):
    """A try at the door, by hashes of name and address; kept a day, for the throttle."""

    name_hash = models.CharField(max_length=32, db_index=True)
    address_hash = models.CharField(max_length=32, db_index=True)
    at = models.DateTimeField(db_index=True)
    succeeded = models.BooleanField(default=False)
