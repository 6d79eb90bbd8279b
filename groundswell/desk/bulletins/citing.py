"""Which items a piece rests on: chosen by a person, with the [n] of its words kept in step; and private words masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.bulletins import issues
from groundswell.desk.bulletins.action_forms import PieceForm
from groundswell.desk.bulletins.actions import OPEN, WORDS, own_piece
from groundswell.desk.bulletins.models import Issue, IssueItem, Origin
from groundswell.desk.spine.actions import Act, Refused, action
from groundswell.desk.stream.models import Item

MOST = 12  # items that a piece may rest on
OFFERED = 8  # further items of the story that are offered
_CITE = re.compile(r"\[(\d{1,3})\]")
_CHINESE = r"\u3400-\u9fff"
_HAN, _HIDDEN = re.compile(f"[{_CHINESE}]"), re.compile(r"某|[*＊○〇]")


class CiteForm(PieceForm):
    items = forms.ModelMultipleChoiceField(queryset=Item.objects.all(), required=False)


@action(
    "issue.cite",
    verb=gettext_lazy("Choose sources"),
    did=gettext_lazy("chose the sources of “%(title)s”"),
    permission="bulletin.edit",
    from_states=OPEN,
    form=CiteForm,
    icon="link",
    undoable=True,
    on_undo=lambda act, issue, entry: issues.restore(issue, entry.data["kept"]),
    on_chain=False,
)
def cite(act: Act, issue: Issue, *, piece: IssueItem, items: Sequence[Item]) -> None:
    """What is kept keeps its order; a new one comes last and is named at the end of the text; the [n] of one that goes, goes."""
    piece = own_piece(issue, piece)
    wanted = [item.pk for item in items]
    order = [pk for pk in piece.citations if pk in wanted] + [pk for pk in wanted if pk not in piece.citations]
    if len(order) > MOST:
        raise Refused(_("An item rests on %(n)s sources at most.") % {"n": MOST})
    act.data = {"title": piece.title, "kept": issues.kept(piece) | {"pk": piece.pk}}
    renumbered = {old: order.index(pk) + 1 for old, pk in enumerate(piece.citations, 1) if pk in order}
    for name in WORDS:
        setattr(piece, name, _renumber(getattr(piece, name), renumbered))
    new = "".join(f"[{n}]" for n, pk in enumerate(order, 1) if pk not in piece.citations)
    if new and piece.text:
        piece.text = piece.text.rstrip() + new
    piece.drafted_by_machine, piece.written_by = False, act.user
    piece.origin = Origin.PERSON if piece.origin == Origin.MACHINE else piece.origin
    piece.version += 1
    piece.save()
    issues.cite(piece, order)


def _renumber(text: str, numbers: Mapping[int, int]) -> str:
    return _CITE.sub(lambda match: f"[{numbers[int(match[1])]}]" if int(match[1]) in numbers else "", text)


def offered(piece: IssueItem) -> list[Item]:
    """Further items that PIECE could rest on: of its story the public bodies' first, then what was read most."""
    if piece.story_id is None:
        return [piece.item] if piece.item is not None and piece.item_id not in piece.citations else []
    rows = Item.objects.filter(story=piece.story_id, duplicate_of="").exclude(pk__in=piece.citations).select_related("source")
    return list(rows.defer("tokens", "signature", "judged").order_by("-source__official", "-reads", "published_at")[:OFFERED])


def masked(words: Mapping[str, str], private: Sequence[str]) -> dict[str, str]:
    """WORDS without what is PRIVATE: 陈建国 becomes 陈某某; a name masked already goes; a number, a home, a foreign name is left out."""
    return {name: _mask(text, private) for name, text in words.items()}


def _mask(text: str, private: Sequence[str]) -> str:
    for one in sorted(private, key=len, reverse=True):
        if _HIDDEN.search(one):  # 业主陈某某要求 → 业主要求; 陈某某要求 → 有群众要求
            text = re.sub(rf"(?<=[{_CHINESE}]){re.escape(one)}", "", text).replace(one, "有群众")
        elif _HAN.match(one) and len(one) <= 4 and not any(each.isdigit() for each in one):
            text = text.replace(one, one[0] + "某" * max(1, len(one) - 1))
        else:
            text = text.replace(one, "某处" if _HAN.search(one) else "***")
    return text
