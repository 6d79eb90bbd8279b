"""An act: one thing that happens in the demo county at one minute, and the truth about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct

# article, notice: a news or government page · thread, reply, comment: a forum · post, repost: a microblog
# message, answer: a letter-box · entered: seen by a person and typed in. Later acts of the desk add kinds of their own.
KINDS = ("article", "notice", "thread", "reply", "comment", "post", "repost", "message", "answer", "entered")


class Reach(Struct, frozen=True, kw_only=True):
    """What a platform counts under a piece in the end, and how fast it gets there."""

    reads: int = 0
    comments: int = 0
    reposts: int = 0
    likes: int = 0
    hours: float = 6.0  # after which about two thirds have come


class Truth(Struct, frozen=True, kw_only=True):
    """What the author of the script knows: the yardstick for what the program judges."""

    story: str = ""  # id of the scripted story, "" for noise
    tone: str = "neutral"  # negative | neutral | positive, as meant (sarcasm is negative)
    unit: str = ""  # id of the unit that it concerns, "" for none
    place: str = ""  # id of the town (or "yunling"), "" for elsewhere or nowhere
    about_us: bool = False
    advert: bool = False
    same_name: bool = False  # a place elsewhere that is called like one of ours
    sarcasm: bool = False
    claim: str = ""  # what it says of the story: rust, notice, data, ...
    copy_of: str = ""  # ref of the act that it repeats or rewords


class Act(Struct, frozen=True, kw_only=True):
    """One act. ``ref`` is its name in the script and never changes with the rest of it."""

    at: datetime  # wall time of the county, with offset
    ref: str
    kind: str
    source: str  # slug
    title: str = ""
    text: str = ""
    author: str = ""  # a private handle, or the masthead of an institution
    reach: Reach = Reach()
    truth: Truth = Truth()
    reply_to: str = ""  # ref of the thread, message or post that it answers
    under: str = ""  # ref of the floor, for a comment under a reply

    @property
    def number(self) -> int:
        """Eight to nine digits for addresses, from ``ref`` alone."""
        return 10_000_000 + int.from_bytes(blake2b(self.ref.encode(), digest_size=8).digest(), "big") % 900_000_000


def reach_at(act: Act, now: datetime) -> Reach:
    """What the platform shows under the piece at ``now``: it grows towards its final figures."""
    age = max((now - act.at) / timedelta(hours=1), 0.0)
    share = age / (age + act.reach.hours / 2)
    done = act.reach
    return Reach(
        reads=int(done.reads * share),
        comments=int(done.comments * share),
        reposts=int(done.reposts * share),
        likes=int(done.likes * share),
        hours=done.hours,
    )
