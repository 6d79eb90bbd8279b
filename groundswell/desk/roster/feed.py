"""A person's calendar by secret address: plain instances of the published turns (RFC 5545; a make-up Saturday fits no RRULE)."""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Calendar, Event

from groundswell.desk.accounts.door import new_token, token_hash
from groundswell.desk.accounts.models import User
from groundswell.desk.roster import queries
from groundswell.desk.roster.models import CalendarFeed
from groundswell.desk.spine.ports import now, today
from groundswell.desk.spine.shell import named, product_name

BACK, AHEAD = timedelta(days=31), timedelta(days=100)


def renew(user: User, *, everybody: bool) -> str:
    """A new secret for USER's calendar; the one before opens nothing any more. Only its hash is kept."""
    secret = new_token()
    CalendarFeed.objects.update_or_create(user=user, defaults={"secret_hash": token_hash(secret), "everybody": everybody, "made_at": now()})
    return secret


def feed_of(secret: str) -> CalendarFeed | None:
    return CalendarFeed.objects.select_related("user").filter(secret_hash=token_hash(secret), user__is_active=True).first()


def calendar_of(feed: CalendarFeed) -> bytes:
    """The calendar as bytes: CRLF, lines folded at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", "-//Groundswell//Roster//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", product_name())
    types, known = queries.shift_types(), queries.people()
    for turn in queries.published_turns(today() - BACK, today() + AHEAD):
        user = known.get(turn.user or 0)
        if user is None or (not feed.everybody and user.pk != feed.user_id):
            continue
        shift = types[turn.key[0]]
        event = Event()
        event.add("uid", f"turn-{turn.key[0]}-{turn.day:%Y%m%d}-{turn.key[2]}@roster.groundswell")
        event.add("dtstamp", now())
        event.add("dtstart", turn.start.astimezone(UTC))
        event.add("dtend", turn.end.astimezone(UTC))
        event.add("summary", f"{shift} · {named(user)}" if feed.everybody else str(shift))
        if user.phone:
            event.add("description", f"{named(user)} {user.phone}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
