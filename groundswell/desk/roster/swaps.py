"""Swaps of duty: asked, agreed or declined, approved where a setting says so, taken back before their day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may
from groundswell.desk.roster import queries
from groundswell.desk.roster import turns as plan
from groundswell.desk.roster.models import ShiftType, Swap
from groundswell.desk.spine.actions import ACTIONS, Act, NotAllowed, Refused, action, record_fact, subject
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.shell import both_names, named
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact

S = Swap.State
subject("swap", Swap, path="roster/swaps", state_field="state", name=gettext_lazy("Swap of duty"))
fact("swap_lapsed", gettext_lazy("nobody agreed before its day: it lapsed"))


def begins(swap: Swap) -> datetime:
    """When the first of its turns begins."""
    starts = [datetime.combine(swap.day, swap.shift.starts, zone())]
    if swap.back_shift and swap.back_day:
        starts.append(datetime.combine(swap.back_day, swap.back_shift.starts, zone()))
    return min(starts)


@action(
    "swap.ask",
    verb=gettext_lazy("Ask for a swap"),
    did=gettext_lazy("asked %(other)s to take %(shift)s of %(day)s"),
    permission="roster.swap",
    key="s",
    icon="merge",
    creates=True,
)
def ask(
    act: Act,
    _none: None,
    *,
    shift: ShiftType,
    day: date,
    seat: int,
    other: User,
    back: tuple[ShiftType, date, int] | None = None,
    note: str = "",
) -> Swap:
    """The asker's turn, perhaps against one of the other's."""
    back_shift, back_day, back_seat = back or (None, None, 0)
    swap = Swap(
        asker_id=act.by, other=other, shift=shift, day=day, seat=seat, note=note, asked_at=act.at,
        back_shift=back_shift, back_day=back_day, back_seat=back_seat,
    )  # fmt: skip
    if other.pk == act.by:
        raise Refused(_("One does not swap with oneself."))
    _check(swap, act.at)
    if Swap.objects.filter(shift=shift, day=day, seat=seat, state__in=[S.ASKED, S.AGREED]).exists():
        raise Refused(_("A swap of this turn is already asked for. Take it back first."))
    swap.save()
    act.data = both_names("other", other) | both_names("shift", shift) | {"day": day.isoformat()}
    return swap


def _check(swap: Swap, at: datetime) -> None:
    """Both still hold their turns, neither has begun, and nobody would stand in two places at once."""
    if begins(swap) <= at:
        raise Refused(_("A turn that has begun is not swapped."))
    if not queries.latest_publication(swap.day.replace(day=1)):
        raise Refused(_("This month is not published yet; the planner still changes it."))
    if queries.holder((swap.shift_id, swap.day, swap.seat)) != swap.asker_id:
        raise Refused(_("%(who)s does not hold this turn any more.") % {"who": named(swap.asker)})
    if swap.back_shift_id and swap.back_day and queries.holder((swap.back_shift_id, swap.back_day, swap.back_seat)) != swap.other_id:
        raise Refused(_("%(who)s does not hold this turn any more.") % {"who": named(swap.other)})
    for each in consequences(swap):
        if each.code == "double":
            raise Refused(_("%(who)s would stand in two shifts at once.") % {"who": named(queries.people()[each.turn.user or 0])})


def consequences(swap: Swap) -> list[plan.Finding]:
    """What the swap would bring to the two: double duty, too little rest."""
    keys = {change.key: change.gives for change in queries.swap_changes(swap)}
    days = [key[1] for key in keys]
    turns = plan.with_user(queries.final_turns(min(days) - timedelta(days=2), max(days) + timedelta(days=2)), keys)
    found = plan.findings(turns, queries.rest(), lambda _day: 1)
    return [each for each in found if each.other is not None and (each.turn.key in keys or each.other.key in keys)]


def _only(act: Act, *people: int) -> None:
    if act.user is None or act.user.pk not in people:
        raise NotAllowed(_("Only those whose turns they are decide about this swap."))


@action(
    "swap.agree",
    verb=gettext_lazy("Agree"),
    did=gettext_lazy("agreed"),
    permission="roster.swap",
    from_states=[S.ASKED],
    icon="check",
    key="c",
    primary=True,
)
def agree(act: Act, swap: Swap) -> None:
    """By the one who was asked; it holds at once, or waits for a leader where the setting says so."""
    _only(act, swap.other_id)
    _check(swap, act.at)
    swap.agreed_at = act.at
    swap.state = S.AGREED if preference("duty.swap_approved") else S.HOLDS


@action(
    "swap.decline",
    verb=gettext_lazy("Decline"),
    did=gettext_lazy("declined"),
    permission="roster.swap",
    from_states=[S.ASKED],
    to_state=S.DECLINED,
    icon="x",
)
def decline(act: Act, swap: Swap) -> None:
    _only(act, swap.other_id)


@action(
    "swap.approve",
    verb=gettext_lazy("Approve"),
    did=gettext_lazy("approved it"),
    permission="roster.plan",
    from_states=[S.AGREED],
    to_state=S.HOLDS,
    icon="check",
    key="v",
    primary=True,
)
def approve(act: Act, swap: Swap) -> None:
    _check(swap, act.at)
    swap.agreed_at = act.at


@action(
    "swap.refuse",
    verb=gettext_lazy("Do not approve"),
    did=gettext_lazy("did not approve it"),
    permission="roster.plan",
    from_states=[S.AGREED],
    to_state=S.DECLINED,
    icon="x",
)
def refuse(act: Act, swap: Swap) -> None:
    """The two go on as the roster had it."""


@action(
    "swap.take_back",
    verb=gettext_lazy("Take the swap back"),
    did=gettext_lazy("took the swap back"),
    permission="roster.swap",
    from_states=[S.ASKED, S.AGREED, S.HOLDS],
    to_state=S.TAKEN_BACK,
    icon="undo",
)
def take_back(act: Act, swap: Swap) -> None:
    """By the asker at any time before the first turn begins, by the other once they had agreed."""
    _only(act, swap.asker_id, *([swap.other_id] if swap.state != S.ASKED else []))
    if begins(swap) <= act.at:
        raise Refused(_("A turn that has begun is not swapped back."))


def acts_for(user: User, swap: Swap) -> str:
    """The actions that USER may do on SWAP now, as the template's buttons take them."""
    parts: dict[str, Any] = {
        "agree": user.pk == swap.other_id,
        "decline": user.pk == swap.other_id,
        "approve": may(user, "roster.plan"),
        "refuse": may(user, "roster.plan"),
        "take_back": (user.pk == swap.asker_id or (user.pk == swap.other_id and swap.state != S.ASKED)) and begins(swap) > now(),
    }
    return " ".join(f"swap.{name}" for name, holds in parts.items() if holds and swap.state in (ACTIONS[f"swap.{name}"].from_states or ()))


@tick("roster.swaps")
def lapse(moment: datetime) -> None:
    """What nobody agreed to before its day lapses, once."""
    day = moment.astimezone(zone()).date()
    for swap in Swap.objects.filter(state__in=[S.ASKED, S.AGREED], day__lte=day + timedelta(days=1)).select_related("shift", "back_shift"):
        if begins(swap) > moment:
            continue
        with transaction.atomic():
            if Swap.objects.filter(pk=swap.pk, state=swap.state).update(state=S.LAPSED):
                record_fact("swap_lapsed", Swap.objects.get(pk=swap.pk), was=swap.state)
