"""What an editor does to an open issue: open, pick, drop, move, write, have it drafted. Reviewing and issuing: ``review_actions``.

Values of the acts: ``piece`` is an ``IssueItem``, ``story`` a ``Story``, ``item`` an ``Item`` (the forms turn what was sent into them).
The registry's ``version`` guards the issue; ``piece_version`` guards one piece, so that two people may write side by side.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.bulletins import drafting, issues
from groundswell.desk.bulletins.action_forms import DOWN, UP, MoveForm, OpenForm, PickForm, PieceForm, WriteForm
from groundswell.desk.bulletins.models import Issue, IssueItem, IssueState, Mark, Origin, Series
from groundswell.desk.spine.actions import Act, Changed, Refused, action, subject
from groundswell.desk.spine.models import Entry
from groundswell.desk.stories.models import Story
from groundswell.desk.stream.models import Item

subject("issue", Issue, path="bulletins/by-id", ref="pk", state_field="state", name=gettext_lazy("Issue"))
OPEN = (IssueState.PICKING, IssueState.ARRANGING)
WORDS = ("title", "text", "advice", "title_en", "text_en", "advice_en")


@action(
    "issue.open",
    verb=gettext_lazy("Open an issue"),
    did=gettext_lazy("opened it"),
    permission="bulletin.edit",
    form=OpenForm,
    icon="plus",
    creates=True,
)
def open_issue(act: Act, _record: None, *, series: Series, day: date) -> Issue:
    """The issue of the next free clock of DAY; of a series without clocks one that is due at once."""
    return issues.make(series, day, act.at)


def own_piece(issue: Issue, piece: IssueItem) -> IssueItem:
    """PIECE as it is now, locked with its issue. Raises Refused where it is none of ISSUE's."""
    found = IssueItem.objects.filter(issue=issue, pk=piece.pk).first()
    if found is None:
        raise Refused(_("This item is not in the issue any more."))
    return found


def undo_pick(act: Act, issue: Issue, entry: Entry) -> None:
    """Out again, unless somebody wrote in it."""
    for piece in IssueItem.objects.filter(issue=issue, pk__in=entry.data.get("pieces", [])):
        if not piece.drafted_by_machine:
            raise Changed(_("Somebody has written in “%(title)s” since; take it out by hand.") % {"title": piece.title})
        piece.delete()
    issues.settle(issue)


@action(
    "issue.pick",
    verb=gettext_lazy("Pick"),
    did=gettext_lazy("picked “%(title)s”"),
    permission="bulletin.edit",
    from_states=OPEN,
    form=PickForm,
    icon="plus",
    undoable=True,
    on_undo=undo_pick,
    on_chain=False,
)
def pick(act: Act, issue: Issue, *, story: Story | None = None, item: Item | None = None, section: str = "") -> None:
    if (story is None) == (item is None):
        raise Refused(_("Choose a story or an item."))
    if issue.pieces.filter(story=story, item=item).exists():
        raise Refused(_("It is in this issue already."))
    piece = drafting.draft(issue, story=story, item=item, section=section, by=act.user, at=act.at)
    issues.settle(issue)
    act.data = {"title": piece.title, "pieces": [piece.pk]}


@action(
    "issue.autodraft",
    verb=gettext_lazy("Draft it by machine"),
    did=gettext_lazy("had %(n)s items picked and drafted by machine"),
    permission="bulletin.edit",
    from_states=OPEN,
    icon="auto",
    undoable=True,
    on_undo=undo_pick,
    on_chain=False,
)
def autodraft(act: Act, issue: Issue, **_values: Any) -> None:
    """What the program proposes, picked and drafted; all of it stays labelled as the machine's until a person writes."""
    made = [
        drafting.draft(issue, story=each.story, item=each.item, section=each.section, by=act.user, at=act.at)
        for each in drafting.candidates(issue)
        if each.proposed and not each.picked
    ]
    if not made and act.user is not None:
        raise Refused(_("There is nothing more to propose."))
    issues.settle(issue)
    act.data = {"n": len(made), "pieces": [piece.pk for piece in made]}


def undo_drop(act: Act, issue: Issue, entry: Entry) -> None:
    """Back as it was, with its words and its place."""
    kept = dict(entry.data["kept"])
    story, item = kept.pop("story"), kept.pop("item")
    if issue.pieces.filter(story=story, item=item).exists():
        raise Changed(_("It has been picked again since."))
    issue.pieces.filter(position__gte=kept["position"]).update(position=F("position") + 1)
    piece = IssueItem.objects.create(issue=issue, story_id=story, item_id=item, **kept)
    piece.cited.set(piece.citations)
    issues.settle(issue)


@action(
    "issue.drop",
    verb=gettext_lazy("Take out"),
    did=gettext_lazy("took out “%(title)s”"),
    permission="bulletin.edit",
    from_states=OPEN,
    form=PieceForm,
    icon="x",
    undoable=True,
    on_undo=undo_drop,
    on_chain=False,
)
def drop(act: Act, issue: Issue, *, piece: IssueItem) -> None:
    piece = own_piece(issue, piece)
    act.data = {"title": piece.title, "kept": issues.kept(piece)}
    piece.delete()
    issues.settle(issue)


def undo_move(act: Act, issue: Issue, entry: Entry) -> None:
    places = {int(pk): place for pk, place in entry.data["places"].items()}
    for piece in issue.pieces.filter(pk__in=places):
        piece.section, piece.position = places[piece.pk]
        piece.save(update_fields=["section", "position"])
    issues.settle(issue)


@action(
    "issue.move",
    verb=gettext_lazy("Move"),
    did=gettext_lazy("moved “%(title)s”"),
    permission="bulletin.edit",
    from_states=OPEN,
    form=MoveForm,
    icon="up",
    undoable=True,
    on_undo=undo_move,
    on_chain=False,
)
def move(act: Act, issue: Issue, *, piece: IssueItem, direction: str = "", section: str = "", after: IssueItem | None = None) -> None:
    """One place ``up`` or ``down`` (past the end of a section into the next), or to the end of SECTION, or right after AFTER."""
    piece = own_piece(issue, piece)
    act.data = {"title": piece.title, "places": {str(each.pk): [each.section, each.position] for each in issue.pieces.all()}}
    if direction in (UP, DOWN):
        issues.step(issue, piece, -1 if direction == UP else 1)
    elif after is not None:
        issues.put_after(issue, piece, own_piece(issue, after))
    elif section in issues.section_codes(issue.series):
        issues.put_last(issue, piece, section)
    else:
        raise Refused(_("There is no such section in this series."))


def undo_write(act: Act, issue: Issue, entry: Entry) -> None:
    piece = IssueItem.objects.filter(issue=issue, pk=entry.data["piece"]).first()
    if piece is None or {name: getattr(piece, name) for name in WORDS} != entry.data["became"]:
        raise Changed(_("The item was changed after that; it cannot be taken back any more."))
    for name, value in entry.data["was"].items():
        setattr(piece, name, value)
    piece.version += 1
    piece.save()


@action(
    "issue.write",
    verb=gettext_lazy("Write"),
    did=gettext_lazy("wrote in “%(title)s”"),
    permission="bulletin.edit",
    from_states=OPEN,
    form=WriteForm,
    icon="edit",
    undoable=True,
    on_undo=undo_write,
    on_chain=False,
)
def write(act: Act, issue: Issue, *, piece: IssueItem, piece_version: int | None = None, **words: str) -> None:
    """The words of one piece; what is not given stays."""
    piece = own_piece(issue, piece)
    if piece_version is not None and piece_version != piece.version:
        raise Changed(_("Somebody wrote in this item in the meantime. Look at it again, then decide."))
    was = {name: getattr(piece, name) for name in (*WORDS, "behind", "drafted_by_machine", "origin", "written_by_id")}
    issues.write_words(piece, {name: words[name] for name in WORDS if words.get(name) is not None})
    piece.written_by = act.user
    piece.drafted_by_machine = False
    piece.origin = Origin.PERSON if piece.origin == Origin.MACHINE else piece.origin
    piece.version += 1
    piece.save()
    issues.settle(issue)
    act.data = {"title": piece.title, "piece": piece.pk, "was": was, "became": {name: getattr(piece, name) for name in WORDS}}


@action(
    "issue.redraft",
    verb=gettext_lazy("Draft again"),
    did=gettext_lazy("had “%(title)s” drafted again with the present figures"),
    permission="bulletin.edit",
    from_states=OPEN,
    form=PieceForm,
    icon="auto",
    undoable=True,
    on_undo=lambda act, issue, entry: issues.restore(issue, entry.data["kept"]),
    on_chain=False,
)
def redraft(act: Act, issue: Issue, *, piece: IssueItem) -> None:
    """The machine's words and figures as of now instead of those that stand there: the mend of a figure that differs."""
    piece = own_piece(issue, piece)
    act.data = {"title": piece.title, "kept": issues.kept(piece) | {"pk": piece.pk}}
    drafting.redraft(piece, by=act.user, at=act.at)


def undo_mark(act: Act, story: Story, entry: Entry) -> None:
    Mark.objects.filter(story=story).delete()


@action(
    "story.to_bulletin",
    verb=gettext_lazy("To the bulletin"),
    did=gettext_lazy("marked it for the bulletin"),
    permission="bulletin.candidate",
    key="b",
    icon="bull",
    undoable=True,
    on_undo=undo_mark,
    on_chain=False,
)
def to_bulletin(act: Act, story: Story, **_values: Any) -> None:
    """It stands first among the candidates of the next issue, with who wanted it."""
    if not Mark.objects.get_or_create(story=story, defaults={"by_id": act.by, "at": act.at})[1]:
        raise Refused(_("It is marked for the bulletin already."))
