"""The duty roster of the demo county: two published months by rotation, a swap, a change, the hand-overs of the last days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from groundswell.demo import county
from groundswell.demo.cases import desk_at
from groundswell.desk.accounts.models import User
from groundswell.desk.roster import stretches
from groundswell.desk.roster.actions import LEADING, PRESETS
from groundswell.desk.roster.models import HandOver, ShiftType
from groundswell.desk.spine.actions import found, perform

SINCE = date(2026, 10, 8)  # the first working day after the holidays; a Thursday
GAP = date(2026, 11, 29)  # next Sunday: the editor is away and nobody was found yet
SWAPPED, BACK = date(2026, 11, 27), date(2026, 11, 28)
# by kind of shift: days a turn, who follows whom. The day shift's order has seven places, one a day of the week.
ORDERS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ("linxiao", "linxiao", "limin", "limin", "linxiao", "linxiao", "linxiao")),
    (1, ("wuhao", "hanmei")),
    (7, ("zhoujianguo", "liuming")),
)
HAND_OVERS = (
    ("11-22 08:03", "wuhao", "11-22 08:07", "limin", "夜里清河镇有居民说水压低，未见成片反映，白天留意。"),
    ("11-22 17:34", "limin", "11-22 17:41", "hanmei", "幸福里供暖：住建局晚八点前报进展，收到后并入事件。"),
    ("11-23 08:02", "hanmei", "11-23 08:09", "linxiao", "夜班平稳。人社局网站自14日起没有更新，请致电询问。"),
)


def load_roster() -> None:
    """All of it, done by the people themselves at their times. The desk's clock stands at ``county.NOW``."""
    people = {user.username: user for user in User.objects.all()}
    with desk_at("10-08 08:00"):
        kinds = _rotations(people)
    for at, month in (("10-08 08:20", date(2026, 10, 1)), ("10-28 16:30", date(2026, 11, 1))):
        with desk_at(at):
            found("roster.publish", people["zhoujianguo"], {"month": month, "knowing": True})
    _swap_and_change(kinds[0], people)
    for left_at, leaves, taken_at, comes, text in HAND_OVERS:
        _hand_over(left_at, people[leaves], taken_at, people[comes], text)
    _draft(people["linxiao"])


def _rotations(people: dict[str, User]) -> list[ShiftType]:
    planner = people["zhoujianguo"]
    kinds = [found("shift.make", planner, row) for row in (*PRESETS[1][2], LEADING)]
    for kind, (days, names) in zip(kinds, ORDERS, strict=True):
        since = SINCE if days == 1 else date(2026, 10, 12)  # leaders change on Mondays
        order = [people[name].pk for name in names]
        found("rotation.begin", planner, {"shift": kind, "since": since, "turn_days": days, "people": order})
    return kinds


def _swap_and_change(day: ShiftType, people: dict[str, User]) -> None:
    with desk_at("11-19 10:12"):
        values = {"shift": day, "day": SWAPPED, "seat": 0, "other": people["limin"], "back": (day, BACK, 0), "note": "周五带孩子看病"}
        swap = found("swap.ask", people["linxiao"], values)
    with desk_at("11-19 11:05"):
        perform("swap.agree", people["limin"], swap)
    with desk_at("11-23 11:20"):
        values = {"shift": day, "day": GAP, "seat": 0, "user": None, "reason": "李敏参加市里培训，替班待定"}
        found("turn.put", people["zhoujianguo"], values)


def _hand_over(left_at: str, leaves: User, taken_at: str, comes: User, text: str) -> None:
    signed = _moment(left_at)
    stretch = stretches.running(signed - timedelta(minutes=30))
    with desk_at(left_at):
        paper: Any = found("hand_over.write", leaves, {"stretch": stretch, "text": text})
        perform("hand_over.sign", leaves, paper)
    with desk_at(taken_at):
        perform("hand_over.take", comes, paper)


def _draft(duty: User) -> HandOver:
    """Today's, begun."""
    text = "清河镇水质检测今晚出结果，八点前催县水务局；李敏周日培训，白班替班待定。"
    paper: HandOver = found("hand_over.write", duty, {"stretch": stretches.running(county.NOW), "text": text})
    return paper


def _moment(text: str) -> datetime:
    return datetime.strptime(f"{county.NOW.year}-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=county.ZONE).astimezone(UTC)
