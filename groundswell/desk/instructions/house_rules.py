"""Settings of instructions: the quick phrases, and who acts for a leader in his absence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.leaders import acting_for, stood_in_for_by
from groundswell.desk.accounts.models import User
from groundswell.desk.spine.once import once_a_page
from groundswell.desk.spine.preferences import PARTS, preference, setting

PARTS["instructions"] = gettext_lazy("Instructions and task slips")
PHRASES = (
    gettext_lazy("Find out what happened today and answer in public."),
    gettext_lazy("Solve it by the deadline and report the result to me."),
    gettext_lazy("Look into the same problem elsewhere as well and put it right for good."),
)
for n, words in enumerate(PHRASES, 1):
    setting(
        f"instructions.phrase_{n}",
        part="instructions",
        label=[gettext_lazy("First quick phrase"), gettext_lazy("Second quick phrase"), gettext_lazy("Third quick phrase")][n - 1],
        default="",
        hint=words,
    )
setting(
    "instructions.deputies",
    part="instructions",
    label=gettext_lazy("Deputies of leaders"),
    default=[],
    kind="list",
    hint=gettext_lazy("leader=deputy, by their user names: the deputy may confirm, accept and close in the leader's place"),
)


def phrases() -> list[str]:
    """The three quick phrases: the body's own, else the ones that come with the desk."""
    return [str(preference(f"instructions.phrase_{n}")) or str(words) for n, words in enumerate(PHRASES, 1)]


def _pairs() -> dict[str, str]:
    pairs = (row.partition("=") for row in preference("instructions.deputies"))
    return {leader.strip(): deputy.strip() for leader, sign, deputy in pairs if sign}


@once_a_page
def deputy_of(leader: User) -> int | None:
    """The primary key of whoever acts for LEADER: by the setting always, else the stand-in while the leader is away; None where nobody."""
    name = _pairs().get(leader.username)
    if name:
        return User.objects.filter(username=name, is_active=True).values_list("pk", flat=True).first()
    acting = acting_for(leader)
    return acting.pk if acting is not None and acting.pk != leader.pk else None


def leaders_of(user: User) -> list[str]:
    """The user names of those for whom USER acts: himself, the leaders whose deputy he is, and those who are away."""
    pairs = _pairs()
    away = (leader.username for leader in stood_in_for_by(user) if leader.username not in pairs)
    return [user.username, *(leader for leader, deputy in pairs.items() if deputy == user.username), *away]
