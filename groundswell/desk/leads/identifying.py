"""Does an outcome give away who told or who is meant? Reasons by rule, for two people who decide; pure.

``sure`` reasons keep a text from the public. The others (a name that may be a word, a unit that may be large) are passed when
both people say so knowingly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.bulletins import phrases
from groundswell.desk.leads.contents import Contents, Draft
from groundswell.engine.judge.person_name import private_names
from groundswell.engine.text.normal import fold

COPIED = 10  # Chinese characters in a row that stand in the lead as well: whoever wrote it would be known by his words
WORDS = {
    "telephone": _("A telephone number: “%(piece)s”."),
    "identity": _("An identity or card number: “%(piece)s”."),
    "plate": _("A number plate: “%(piece)s”."),
    "address": _("An address: “%(piece)s”."),
    "online": _("An address or account on the net: “%(piece)s”."),
    "contact": _("It stands in the contact data of who told: “%(piece)s”."),
    "lead_number": _("The number of a lead: “%(piece)s”."),
    "name": _("Perhaps a person's name: “%(piece)s”."),
    "small_unit": _("A unit so small that few people come into question: “%(piece)s”."),
    "combination": _("Post, place and time together point to one person: “%(piece)s”."),
    "copied": _("Word for word from the lead: “%(piece)s”."),
    "figure": _("A figure that stands in the lead: “%(piece)s”."),
}
SURE = frozenset({"telephone", "identity", "plate", "address", "online", "contact", "lead_number"})

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMBER = "一二三四五六七八九十百两\\d"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("identity", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15,19}(?!\d)|(?<!\d)(?:\d{4}[ -]){3,4}\d{2,4}(?!\d)")),
    ("telephone", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)")),
    ("plate", re.compile(rf"[{_PROVINCES}][A-HJ-Za-hj-z][·•.\s]?[A-HJ-NP-Za-hj-np-z0-9]{{5,6}}(?![A-Za-z0-9])")),
    (
        "address",
        re.compile(
            rf"[\u3400-\u9fff]{{1,8}}(?:路|街|巷|弄|大道)[{_NUMBER}]+号|[{_NUMBER}]+(?:号楼|栋|幢|单元|室|号院)(?:[{_NUMBER}]+(?:单元|室|号)?)*"
            rf"|[\u3400-\u9fff]{{2,6}}村(?:第?[{_NUMBER}]+(?:组|社|队)|[{_NUMBER}]+号)"
        ),
    ),
    ("online", re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.[\w.]+|(?:微信号?|QQ|微博|抖音)[:：号]?\s*[A-Za-z0-9_-]{5,}")),
    ("lead_number", re.compile(r"xs-\d{4}-\d{4}")),
    (
        "small_unit",
        re.compile(
            rf"[\u3400-\u9fff]{{2,8}}(?:村委会|居委会|村民小组|(?<![农乡])村|社区|站|所(?![反有述涉谓以在需做提列属])|股(?!份)|科室|科(?!学|普|级|技)|班组|工段|项目部|车间)"
            rf"|[{_NUMBER}]+年级[（(]?[{_NUMBER}]*[）)]?班?|[{_NUMBER}]+班"
        ),
    ),
)
_LARGE = re.compile(r"(?:有关|相关|该|各|某|全|一些|部分|涉事)[\u3400-\u9fff]{0,4}$|问题所$|研究所$|派出所$")
_POST = (
    r"(?:党?支?部?书记|副?书记|副?主任|副?[局院校所站科股队组镇乡县村]长|会计|出纳|司机|护士长|班主任|经理"
    r"|法人|负责人|科员|教师|医生|民警|辅警)"
)
_PLACE = r"[\u3400-\u9fff]{1,6}(?:镇|乡|街道|村|社区|小区|学校|小学|中学|幼儿园|医院|卫生院|局|公司|中心|所|站)"
_WHEN = rf"(?:\d{{4}}年|[{_NUMBER}]+月[{_NUMBER}]*日?|今年|去年|上月)"
_SENTENCE = re.compile(r"[^。！？!?\n]+")


@dataclass(frozen=True)
class Reason:
    """Why the outcome may give somebody away."""

    code: str
    piece: str

    @property
    def is_sure(self) -> bool:
        return self.code in SURE

    @property
    def words(self) -> str:
        words: str | Promise = WORDS[self.code]
        return str(words) % {"piece": self.piece}


def reasons(draft: Draft, lead: Contents | None = None) -> list[Reason]:
    """Everything in DRAFT that may point to a person, the sure ones first, each piece once; LEAD tells what must not be repeated."""
    found: dict[tuple[str, str], Reason] = {}
    for text in (draft.title, draft.text, draft.title_en, draft.text_en):
        plain = fold(text)
        for rule in RULES:
            for reason in rule(text if rule is _names else plain, lead):
                found.setdefault((reason.code, reason.piece), reason)
    return sorted(found.values(), key=lambda each: not each.is_sure)


Rule = Callable[[str, "Contents | None"], Iterator[Reason]]


def _shapes(text: str, lead: Contents | None) -> Iterator[Reason]:
    for code, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if code != "small_unit" or not _LARGE.search(match[0]):
                yield Reason(code, match[0])
    yield from (Reason("address", home) for home in phrases.homes(text))
    yield from (Reason("telephone", number) for number in phrases.private_numbers(text) if not _known(number))


def _known(number: str) -> bool:
    """Is NUMBER told by a shape of our own, which names its kind better?"""
    return any(pattern.search(number) for _code, pattern in _PATTERNS[:2])


def _names(text: str, lead: Contents | None) -> Iterator[Reason]:
    names = [span.text for span in private_names(text)]
    names += [name for name in phrases.likely_names(text) if not any(name in one for one in names)]
    if lead is not None:
        told = phrases.repeated_names(lead.text) | {span.text for span in private_names(f"{lead.matter}\n{lead.text}")}
        names += [name for name in told if name in text and name not in names]
    yield from (Reason("name", name) for name in names)


def _combination(text: str, lead: Contents | None) -> Iterator[Reason]:
    for match in _SENTENCE.finditer(text):
        post, place, when = (re.search(each, match[0]) for each in (_POST, _PLACE, _WHEN))
        if post and place:
            yield Reason("combination", "、".join(part[0] for part in (when, place, post) if part))


def _contact(text: str, lead: Contents | None) -> Iterator[Reason]:
    if lead is None or not lead.contact:
        return
    for word in re.findall(r"[\u3400-\u9fff]{2,}|[A-Za-z]{3,}|\d{4,}", fold(lead.contact)):
        if word in text and word not in _COMMON:
            yield Reason("contact", word)


_COMMON = frozenset(
    (
        "电话",
        "手机",
        "姓名",
        "地址",
        "住址",
        "联系",
        "先生",
        "女士",
        "微信",
        "邮箱",
        "匿名",
        "来信人",
        "举报人",
        "反映人",
        "联系人",
        "联系方式",
    )
)


def _copied(text: str, lead: Contents | None) -> Iterator[Reason]:
    if lead is None:
        return
    said = fold("\n".join((lead.matter, lead.text, lead.origin.text if lead.origin else "")))
    for start, end in _runs(text, said):
        yield Reason("copied", text[start:end])
    for figure in re.findall(r"\d+(?:\.\d+)?[万亿]?元|(?<![\d.])\d{3,}(?:\.\d+)?(?![\d年])", text):
        if figure in said:
            yield Reason("figure", figure)


def _runs(text: str, said: str) -> Iterator[tuple[int, int]]:
    """Stretches of at least COPIED characters of TEXT that stand in SAID, joined where they overlap."""
    hits = [n for n in range(len(text) - COPIED + 1) if "\n" not in text[n : n + COPIED] and text[n : n + COPIED] in said]
    yield from _joined(hits)


def _joined(hits: Sequence[int]) -> Iterable[tuple[int, int]]:
    if not hits:
        return []
    breaks = [n + 1 for n, (this, after) in enumerate(pairwise(hits)) if after != this + 1]
    groups = [hits[start:end] for start, end in pairwise([0, *breaks, len(hits)])]
    return [(group[0], group[-1] + COPIED) for group in groups]


RULES: tuple[Rule, ...] = (_shapes, _names, _contact, _combination, _copied)
