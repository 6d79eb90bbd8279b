"""The spine: rights, actions with undo, timeline, audit chain, numbers without gaps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from groundswell.desk.accounts.models import Role
from groundswell.desk.accounts.rights import SEED, may, may_propose
from groundswell.desk.audit.chain import append, verify
from groundswell.desk.audit.models import Record
from groundswell.desk.spine.actions import ACTIONS, SUBJECTS
from groundswell.desk.spine.models import Sequence
from groundswell.desk.spine.numbering import record_number, take_number


def test_every_action_has_a_permission_of_the_table() -> None:
    assert {each.permission for each in ACTIONS.values()} <= set(SEED)
    assert {each.subject for each in ACTIONS.values()} <= set(SUBJECTS)


def test_no_action_deletes_posts_hides_the_sender_or_keeps_a_file_on_a_person() -> None:
    forbidden = ("delete", "remove_post", "takedown", "profile", "dossier", "disguise", "anonymous_post")
    assert not [name for name in ACTIONS if any(word in name for word in forbidden)]


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        (Role.DUTY, "story.level", True),
        (Role.DUTY, "story.level_one", False),  # proposes only
        (Role.LEADER, "story.level_one", True),
        (Role.EDITOR, "bulletin.sign", False),
        (Role.LEADER, "bulletin.sign", True),
        (Role.ADMINISTRATOR, "item.read", False),  # runs the house, does not read
        (Role.LEADS_KEEPER, "item.read", False),
        (Role.AUDITOR, "audit.read", True),
    ],
)
def test_rights_follow_the_table(person: Callable[..., object], role: str, permission: str, expected: bool) -> None:
    assert may(person(role), permission) is expected


def test_a_proposal_is_not_a_right(person: Callable[..., object]) -> None:
    user = person(Role.EDITOR)
    assert may_propose(user, "bulletin.sign")
    assert not may(user, "bulletin.sign")


def test_the_audit_chain_shows_every_kind_of_tampering(desk: None) -> None:
    for n in range(5):
        append("test.act", None, f"thing:{n}", {"n": n})
    count, breaks = verify()
    assert (count, breaks) == (Record.objects.count(), [])
    middle = Record.objects.order_by("seq")[2]
    Record.objects.filter(pk=middle.pk).update(payload={"n": 99})
    assert [(each.seq, each.what) for each in verify()[1]] == [(middle.seq, "payload")]
    Record.objects.filter(pk=middle.pk).update(payload=None)  # purged: still holds
    assert verify()[1] == []
    Record.objects.filter(pk=middle.pk).update(act="other")
    assert [each.what for each in verify()[1]] == ["hash"]
    Record.objects.filter(pk=middle.pk).delete()
    assert [each.what for each in verify()[1]] == ["gap", "link"]


def test_the_head_outside_shows_a_cut_end(desk: None, tmp_path: object, django_capture_on_commit_callbacks: Callable[..., object]) -> None:
    from groundswell.desk.spine.ports import ports

    ports.audit_head_file = tmp_path / "head.jsonl"  # type: ignore[operator]
    with django_capture_on_commit_callbacks(execute=True):
        last = append("test.act", None)
    Record.objects.filter(pk=last.pk).delete()
    assert verify()[1] == []
    assert [each.what for each in verify(ports.audit_head_file)[1]] == ["head"]
    ports.audit_head_file = None


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_under_threads_and_failures(clock: object) -> None:
    taken: list[int] = []

    def take(fail: bool) -> None:
        try:
            with transaction.atomic():
                number = take_number("test")
                if fail:
                    raise RuntimeError
                taken.append(number)
        except RuntimeError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(n % 3 == 0,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 17))
    assert Sequence.objects.get(name="test").last == 16


def test_a_record_number_counts_within_its_day(desk: None) -> None:
    with transaction.atomic():
        assert record_number("ST", date(2026, 11, 23)) == "ST-2026-1123-01"
        assert record_number("ST", date(2026, 11, 23)) == "ST-2026-1123-02"
        assert record_number("ST", date(2026, 11, 24)) == "ST-2026-1124-01"
