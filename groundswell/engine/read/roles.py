"""What the names of elements (class, id) say about their part on the page, as bits."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re
from functools import lru_cache

# Words as the makers of pages use them, English and in pinyin. Written by hand: general parts of pages, no site's own names.
WORDS: dict[str, str] = {
    "comment": "comment comments commentlist commentarea cmt cmts pinglun reply replies disqus discuss discussion respond gentie tie huifu liuyan",
    "related": (
        "related relate relevant recommend recommended recommendation recommendations recirc tuijian hot rank ranking more also teaser teasers outbrain taboola "
        "trending popular latest similar readmore promo promos suggest suggested xiangguan guess mustread editorspick breaking headlines feed newsfeed morenews "
        "stories articles posts listing"
    ),
    "share": "share shares sharing sharebar social socials sns follow toolbar tools tool qrcode erweima bdsharebuttonbox fenxiang weixin wechat addthis sharethis like likes",
    "foot": "footer foot copyright statement disclaimer mianze legal terms source shengming shenming banquan bottom declare",
    "nav": (
        "nav navbar navigation menu menus submenu breadcrumb breadcrumbs crumb crumbs header head masthead top topbar logo pager pagination prev previous next search "
        "login signup register path position location dropdown tabs tab mianbaoxie"
    ),
    "side": "side sidebar sider aside widget widgets right rail rightbar leftbar left secondary",
    "ad": (
        "advert advertisement ad ads adv banner sponsor sponsored newsletter consent gdpr subscribe subscription subscriptions popup modal cookie cookies paywall overlay "
        "alert notice signin donate donation cta callout dfp gpt guanggao promotion marketing email"
    ),
    "media": (
        "caption captions credit credits photo photos image images img gallery figure media video videos player slide slides slider slideshow carousel pic pics picture "
        "thumb thumbnail tu"
    ),
    "about": (
        "byline author authors bio date dates time times timestamp meta metadata info editor published publish posted dateline kicker tag tags keyword keywords label labels "
        "category categories topic topics eyebrow zuozhe laiyuan shijian biaoqian avatar profile"
    ),
    "body": (
        "articlebody articlecontent articletext storybody storytext postbody postcontent entrycontent bodytext bodycopy maintext newstext artibody endtext textcontent "
        "contentbody neirong zhengwen zoom trs articledetail newscontent rich richtext wysiwyg prose"
    ),
    "text": "article content contents main entry story post detail details text body con copy paragraph paragraphs para txt cont single news page node field",
    "title": (
        "title titles headline headlines heading hed biaoti tit subtitle standfirst summary lede lead abstract deck dek intro description excerpt zhaiyao daodu subhead "
        "subheadline"
    ),
    "hidden": "hidden hide print invisible sr visually screenreader skip noprint noscript mobile",
    "inset": "quote quotes pull pullquote blockquote embed embeds embedded tweet twitter instagram fb facebook inset infobox factbox box list lists table tables toc",
}  # fmt: skip
ORDER = tuple(WORDS)
PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
JOINED = re.compile(
    r"(?:article|post|entry|story|news|page|main|body|rich|blog|content|single|art|text)[-_ ]?(?:body|content|text|copy|con|txt|detail|cont|inner|main)\b", re.I
)  # fmt: skip
LONGEST_NAME = 200  # characters of a class or id that are looked at, and remembered


def role(*names: str) -> int:
    """The bits of NAMES together."""
    return sum(1 << ORDER.index(name) for name in names)


_BITS: dict[str, int] = {}
for _place, _words in enumerate(WORDS.values()):
    for _word in _words.split():
        _BITS[_word] = _BITS.get(_word, 0) | 1 << _place
COMMENT, RELATED, BODY, TEXT = role("comment"), role("related"), role("body"), role("text")
SIDE = role("comment", "related", "share", "foot", "nav", "side", "ad")


@lru_cache(maxsize=50_000)
def roles_of(name: str) -> int:
    """The parts that a class and id (``"post-body main"``, ``articleContent``) speak of."""
    bits = 0
    for piece in PIECES.findall(name[:LONGEST_NAME]):
        bits |= _BITS.get(piece.lower(), 0)
    return bits | BODY if JOINED.search(name) else bits
