"""Spokespeople: named by a leader for topics and a time; each of their replies recorded with its public address."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.fields import PostChoice, UnitChoice
from groundswell.desk.accounts.models import Unit, User
from groundswell.desk.releases.forms import LocalTimeField, is_web
from groundswell.desk.releases.models import Release, Spoken, Spokesperson
from groundswell.desk.spine.actions import Act, Refused, action, record_fact, subject
from groundswell.desk.spine.forms import DeskForm, ReasonForm, WordsField
from groundswell.desk.spine.ports import now, today, zone
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.spine.timeline import fact, in_a_line
from groundswell.desk.stories.models import Story

subject("spokesperson", Spokesperson, path="releases/spokespeople", state_field="state", name=gettext_lazy("Spokesperson"))
subject("spoken", Spoken, path="releases/spoken", state_field="state", name=gettext_lazy("Spokesperson's reply"))

fact("spoken", gettext_lazy("%(who)s replied in public: %(text)s"))


class SpeakerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A spokesperson, with the topics."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{named(obj.user)} · {'、'.join(obj.topics)}"


class NameForm(DeskForm):
    user = PostChoice(label=gettext_lazy("Who"), queryset=User.objects.none())
    unit = UnitChoice(label=gettext_lazy("Speaks for"), required=False, empty_label=gettext_lazy("the body itself"))
    topics = WordsField(label=gettext_lazy("On which topics"), max_length=300)
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["since"].initial = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("until") and data.get("since") and data["until"] < data["since"]:
            self.add_error("until", _("This day is before the first."))
        return data


class EndForm(DeskForm):
    until = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))


class SpokenForm(DeskForm):
    """What was replied, where it stands, when."""

    spokesperson = SpeakerField(label=gettext_lazy("Who replied"), queryset=Spokesperson.objects.none())
    text = forms.CharField(label=gettext_lazy("What was said"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    address = forms.URLField(label=gettext_lazy("Its public address"), max_length=500, assume_scheme="https")
    at = LocalTimeField(label=gettext_lazy("When"))
    story = forms.CharField(label=gettext_lazy("On which story (number)"), required=False, max_length=20)
    release = forms.CharField(label=gettext_lazy("By which release (number)"), required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spokesperson"].queryset = Spokesperson.objects.select_related("user").order_by("id")  # type: ignore[attr-defined]
        self.fields["at"].initial = now

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if not is_web(address):
            raise forms.ValidationError(_("Only an address on the web."))
        return address

    def clean_story(self) -> Story | None:
        found: Story | None = _record(Story, self.cleaned_data["story"], _("No story has this number."))
        return found

    def clean_release(self) -> Release | None:
        found: Release | None = _record(Release, self.cleaned_data["release"], _("No release has this number."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        speaker, at = data.get("spokesperson"), data.get("at")
        if at is not None and at > now():
            self.add_error("at", _("This is still to come."))
        elif speaker is not None and at is not None and not speaker.speaks_on(at.astimezone(zone()).date()):
            self.add_error("spokesperson", _("This person did not speak for the body on that day."))
        return data


def _record(model: Any, number: str, wrong: str) -> Any:
    number = number.strip()
    if not number:
        return None
    found = model.objects.filter(number=number).first()
    if found is None:
        raise forms.ValidationError(wrong)
    return found


@action(
    "spokesperson.name",
    verb=gettext_lazy("Name a spokesperson"),
    did=gettext_lazy("named a spokesperson for %(topics)s"),
    permission="spokesperson.name",
    icon="plus",
    creates=True,
)
def name(
    act: Act, _none: None, *, user: User, topics: list[str], since: date, unit: Unit | None = None, until: date | None = None
) -> Spokesperson:
    """From a day on, perhaps to a day."""
    act.data = both_names("who", user) | {"topics": "、".join(topics)}
    return Spokesperson.objects.create(user=user, unit=unit, topics=topics, since=since, until=until)


@action(
    "spokesperson.end",
    verb=gettext_lazy("End the term"),
    did=gettext_lazy("ended it with %(until)s"),
    permission="spokesperson.name",
    from_states=["active"],
    form=EndForm,
    initial=lambda _record: {"until": today()},
    icon="x",
)
def end(act: Act, speaker: Spokesperson, *, until: date) -> None:
    """The last day; what was said before stays as it was."""
    if until < speaker.since:
        raise Refused(_("This day is before the first."))
    speaker.until = until
    act.data = {"until": until.isoformat()}


@action(
    "spoken.record",
    verb=gettext_lazy("Record a reply"),
    did=gettext_lazy("recorded a reply: %(text)s"),
    permission="release.draft",
    icon="phone",
    creates=True,
)
def record(
    act: Act,
    _none: None,
    *,
    spokesperson: Spokesperson,
    text: str,
    address: str,
    at: datetime,
    story: Story | None = None,
    release: Release | None = None,
) -> Spoken:
    """Also on the timeline of its story."""
    story = story or (release.story if release else None)
    act.data = {"text": in_a_line(text)}
    made = Spoken.objects.create(
        spokesperson=spokesperson, text=text, address=address, at=at, story=story, release=release, recorded_by_id=act.by
    )
    if story is not None:
        record_fact("spoken", story, both_names("who", spokesperson.user) | {"text": in_a_line(text)})
    return made


@action(
    "spoken.strike",
    verb=gettext_lazy("Strike out"),
    did=gettext_lazy("struck it out"),
    permission="release.draft",
    from_states=["recorded"],
    form=ReasonForm,
    icon="x",
)
def strike(act: Act, spoken: Spoken, *, reason: str) -> None:
    """Recorded by mistake; the row stays, with the reason."""
    spoken.struck = reason
