"""Run as a process of its own: lays an empty desk's ground, or the last days of the demo county upon it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from groundswell.demo import county
from groundswell.server.home import open_home

PASSWORD = "demo county 2026"


def main(what: str, after: str) -> None:
    with open_home(make=True, migrate=True):
        from groundswell.desk.spine.ports import ports

        ports.clock = lambda: county.NOW.astimezone(UTC)
        if what == "empty":
            _empty()
        else:
            from groundswell.demo.load import load_county
            from groundswell.desk.accounts.models import User

            User.objects.all().delete()  # the newcomer of the empty desk that this one is a copy of
            load_county(print, after=datetime.fromisoformat(after))


def _empty() -> None:
    """A new desk with one person who holds the roles that see every screen."""
    from groundswell.desk.accounts.models import Grant, Role, User
    from groundswell.desk.spine.preferences import change
    from groundswell.server.first_steps import lay_ground

    lay_ground()
    change(None, "body.name", "云岭县")
    user = User.objects.create_user("newcomer", PASSWORD, name="新来", name_en="Newcomer", post="管理员", post_en="Administrator")
    for role in (Role.ADMINISTRATOR, Role.DUTY, Role.EDITOR, Role.LEADER, Role.LEADS_KEEPER):
        Grant.objects.create(user=user, role=role, since=county.START)


if __name__ == "__main__":
    main(*sys.argv[1:])
