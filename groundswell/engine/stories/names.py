"""Names as their endings show them: estates, roads, districts, institutions. 锦绣小区, 人民东路, 云台镇, 县医院."""

from __future__ import annotations

import re
from typing import NamedTuple

KINDS = (  # what such an ending says of the thing named
    "小区|花园|家园|公寓|广场|大厦|新村|新城|酒店|苑|城|府|湾|庭|园|期|栋|郡|墅|居|轩|座|里",
    "大道|号线|路|街|巷|桥|站|高速|隧道|立交|线",
    "社区|街道|区|县|市|镇|乡|村|组|省|州|国|岛",
    "中学|小学|一中|二中|大学|学院|学校|幼儿园|医院|卫生院|公司|集团|公园|市场|超市|银行|支行|驾校|中心|协会|物业|"
    "局|院|厂|店|馆|所|队|会|部|行",
)
KIND_OF = {ending: kind for kind, endings in reversed(list(enumerate(KINDS))) for ending in endings.split("|")}
LONGEST = 6  # characters in front of an ending that may belong to the name
_LONG = "|".join(sorted((ending for ending in KIND_OF if len(ending) > 1), key=lambda ending: -len(ending)))
_SHORT = "".join(ending for ending in KIND_OF if len(ending) == 1)
_ENDING = re.compile(f"{_LONG}|[{_SHORT}]")
# What a name does not hold: it begins after it.
_BETWEEN = (
    "的在到位于是和与及从被由我们请对向了有把将给让就也都还为去来这那该本某等各个能不没问关题要因以并且或如其你他她它您说"
    "已经很吗呢吧啊所之时后前上中下"
)
_NAMING = re.compile(f"(?:(?![{_BETWEEN}])[0-9a-z\u3400-\u9fff])+\\Z")


class Name(NamedTuple):
    """A stretch of a text that names something of a kind (number of KINDS)."""

    start: int
    end: int
    kind: int


def names_in(text: str) -> list[Name]:
    """The names in folded TEXT in order; none overlaps another."""
    found, free = [], 0
    for ending in _ENDING.finditer(text):
        at = ending.start()
        naming = _NAMING.search(text, max(free, at - LONGEST), at)
        if naming is None:
            continue
        free = ending.end()
        if at - naming.start() > 1 or free - at > 1 or naming[0].isascii():
            found.append(Name(naming.start(), free, KIND_OF[ending[0]]))
    return found
