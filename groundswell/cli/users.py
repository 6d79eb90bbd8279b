"""Add and list people, make sign-in links."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="add a person and print a one-time sign-in link")
    add.add_argument("username", help="the name to sign in with")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument(
        "--role", action="append", required=True, help="duty, editor, unit_officer, leader, leads_keeper, auditor, administrator"
    )
    add.add_argument("--unit", help="code of the unit")
    verbs.add_parser("list", help="list people and roles")
    link = verbs.add_parser("link", help="make a one-time sign-in link")
    link.add_argument("username", help="whose link")
    for each in verbs.choices.values():
        each.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(args: argparse.Namespace) -> int:
    from groundswell.server.home import open_home

    with open_home():
        rows = {"add": _add, "list": _list, "link": _link}[args.verb](args)
    for row in rows:
        print(json.dumps(row, ensure_ascii=False) if args.json else "\t".join(str(value) for value in row.values()))
    return 0


def _add(args: argparse.Namespace) -> list[dict[str, str]]:
    from groundswell.desk.accounts.door import make_link
    from groundswell.desk.accounts.models import Grant, Role, Unit, User
    from groundswell.desk.spine.ports import now
    from groundswell.server.faults import Fault

    wrong = [role for role in args.role if role not in Role.values]
    if wrong:
        raise Fault(f"There is no role “{wrong[0]}”. Roles are: {', '.join(Role.values)}.")
    if User.objects.filter(username=args.username).exists():
        raise Fault(f"There is a person with the user name “{args.username}” already. Choose another one.")
    unit = Unit.objects.filter(code=args.unit).first() if args.unit else None
    if args.unit and unit is None:
        raise Fault(f"There is no unit with the code “{args.unit}”.")
    user = User.objects.create_user(args.username, None, name=args.name, unit=unit)
    for role in args.role:
        Grant.objects.create(user=user, role=role, since=now())
    return [{"username": user.username, "link": make_link(user)}]


def _list(args: argparse.Namespace) -> list[dict[str, str]]:
    from groundswell.desk.accounts.models import User
    from groundswell.desk.accounts.rights import roles_of

    return [
        {"username": user.username, "name": user.name, "roles": ",".join(sorted(roles_of(user)))} for user in User.objects.order_by("id")
    ]


def _link(args: argparse.Namespace) -> list[dict[str, str]]:
    from groundswell.desk.accounts.door import make_link
    from groundswell.desk.accounts.models import User
    from groundswell.server.faults import Fault

    user = User.objects.filter(username=args.username, is_active=True).first()
    if user is None:
        raise Fault(f"There is no active person with the user name “{args.username}”. “groundswell users list” shows all.")
    return [{"link": make_link(user)}]
