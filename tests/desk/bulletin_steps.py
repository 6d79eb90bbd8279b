"""What the tests of bulletins' screens do again and again: come in as somebody, bring an issue on its way."""

from __future__ import annotations

from django.test import Client

from groundswell.desk.accounts.models import User
from groundswell.desk.bulletins.models import Issue
from groundswell.desk.spine.actions import perform


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def brought_to(state: str, issue: Issue, edits: User, reviews: User, signs: User) -> Issue:
    """ISSUE on its way, with reasons where the checks say no."""
    perform("issue.submit", edits, issue, {"reason": "test"})
    if state in ("signing", "issued"):
        perform("issue.pass_check", reviews, issue, {"reason": "test"})
    if state == "issued":
        perform("issue.sign", signs, issue)
    return Issue.objects.select_related("series").get(pk=issue.pk)
