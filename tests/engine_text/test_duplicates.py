"""Copies are found in every dress; the same sentence with other facts is no copy."""

from __future__ import annotations

import random

import pytest

from groundswell.engine.text.duplicates import Duplicates, dedupe, is_copy
from groundswell.engine.text.signature import likeness, plain, signature

NOTICE = "县水务局通知：11月23日8时至18时，清河镇锦绣小区因管道抢修停水10小时，请居民提前储水，给您带来不便敬请谅解，咨询电话6612345。"
COMPLAINT = "我家住在锦绣小区三号楼，最近半个月自来水又黄又浑，根本没法喝，打了好几次电话都没人管，老人孩子只能买桶装水做饭，希望有关部门尽快派人来看看到底是怎么回事。"


def copies(one: str, other: str) -> bool:
    return is_copy(plain(one), plain(other))


def noisy(text: str, share: float, seed: int) -> str:
    """TEXT with a share of its characters changed at random, figures and names of places left alone."""
    rng = random.Random(seed)
    free = [at for at, char in enumerate(text) if char not in "锦绣小区三号楼，。半个"]
    changed = list(text)
    for at in rng.sample(free, int(share * len(text))):
        changed[at] = rng.choice("风花雪月云霞松柏梅兰竹菊琴棋书画")
    return "".join(changed)


@pytest.mark.parametrize(
    ("copy", "why"),
    [
        (NOTICE, "the same"),
        (NOTICE.replace("，", " ").replace("。", "!!"), "other marks"),
        ("".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in NOTICE), "full width"),
        (NOTICE.replace("县", "縣").replace("务", "務").replace("电话", "電話").replace("龙", "龍"), "traditional"),
        ("转发//@某用户:" + NOTICE + " http://t.cn/A6x1", "forwarded, with a link"),
        ("【便民信息】据本台消息，" + NOTICE, "a new lead"),
        (NOTICE[: NOTICE.index("，咨询")], "cut, the number at the end gone"),
        (NOTICE.replace("给您带来不便敬请谅解", "不便之处请谅解"), "reworded in places"),
    ],
)
def test_copies(copy, why):
    assert copies(NOTICE, copy), why
    assert copies(copy, NOTICE), why


@pytest.mark.parametrize("seed", range(10))
def test_noise_up_to_a_quarter(seed):
    assert copies(COMPLAINT, noisy(COMPLAINT, 0.22, seed))
    assert not copies(COMPLAINT, noisy(COMPLAINT, 0.4, seed))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("11月23日", "11月24日"),
        ("8时至18时", "9时至18时"),
        ("停水10小时", "停水12小时"),
        ("6612345", "6612346"),
        ("清河镇", "石桥镇"),
        ("锦绣小区", "阳光小区"),
        ("清河镇锦绣小区", "长沙市人民路"),
        ("停水10小时", "停水"),  # a fact is gone in the middle: neither cut nor lead
    ],
)
def test_other_facts_are_no_copy(old, new):
    assert old in NOTICE
    assert not copies(NOTICE, NOTICE.replace(old, new))
    assert not copies(NOTICE.replace(old, new), NOTICE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三人受伤送医院，目前情况稳定，事故原因在调查", "五人受伤送医院，目前情况稳定，事故原因在调查"),
        ("A3区居民反映夜间施工噪音扰民严重影响休息", "A7区居民反映夜间施工噪音扰民严重影响休息"),
        ("北京今天下大雪了路上非常堵车请大家注意安全", "上海今天下大雪了路上非常堵车请大家注意安全"),
        ("昨天下午县医院门口排起了长队大家都没有办法", "今天下午县医院门口排起了长队大家都没有办法"),
        ("会议定于上午在县政府三楼会议室召开请准时参加", "会议定于下午在县政府三楼会议室召开请准时参加"),
        ("三十人在事故中受伤已经全部送往医院进行治疗", "三人在事故中受伤已经全部送往医院进行治疗"),
        ("德国的消费者协会提醒大家注意食品安全的问题", "英国的消费者协会提醒大家注意食品安全的问题"),
        ("石家庄的消费者协会提醒大家注意食品安全问题", "合肥的消费者协会提醒大家注意食品安全问题啊"),
        ("反映桐梓路附近夜间施工扰民严重影响居民休息", "反映向阳大道附近夜间施工扰民严重影响居民休息"),
        (
            "县里的城管在河南来的摊贩面前踢翻了摊子他百般求情也没有用围观的人都说太过分",
            "县里类城管在海南来的摊贩而前踢翻了摊子他百般求倩也没有用围观的人者说太过分",
        ),
        (
            "反映临江镇老街路口的红绿灯坏了三个星期没有人来修理请尽快派人处理一下",
            "反印临江东一路老街路口的红录灯坏了三个星斯没有人来修里请尽快派人处理一下",
        ),
        (
            "反映滨河路滨河宿舍区树木太茂密挡住阳光已经好几年请安排修剪谢谢领导关心",
            "反印山水印象小区滨河宿舍区树木太戊密挡住阳光己经好几年请安排修剪谢射领导关心",
        ),
        (
            "昨夜高新区御景龙城小区又停电了物业说是变压器烧坏了要等三天才能够修好",
            "昨液高新区深业睿城小区又停电了物业说是变压器烧怀了要等三天才能够修妤",
        ),
        ("停水", "停电"),
        ("好", "好的"),
        (NOTICE, COMPLAINT),
        (COMPLAINT[:20], COMPLAINT),  # too little of it
    ],
)
def test_look_alikes(one, other):
    assert not copies(one, other)


def test_the_first_of_its_kind():
    rows = [
        ("a", NOTICE),
        ("b", COMPLAINT),
        ("c", NOTICE.replace("，", " ")),
        ("d", NOTICE.replace("10小时", "12小时")),
        ("e", "转发：" + NOTICE),
        ("f", COMPLAINT),
    ]
    assert list(dedupe(rows)) == [("a", None), ("b", None), ("c", "a"), ("d", None), ("e", "a"), ("f", "b")]


def test_one_by_one_is_as_many_at_once():
    rows = [(n, noisy(COMPLAINT, n % 5 * 0.05, n) if n % 3 else f"{NOTICE}{n % 7}") for n in range(60)]
    seen: Duplicates[int] = Duplicates()
    assert [(key, seen.add(key, text)) for key, text in rows] == list(dedupe(rows))


@pytest.mark.parametrize("seed", range(5))
def test_a_name_changed_everywhere_is_no_noise(seed):
    """However much else is changed, one word put for another in several places is another fact."""
    other = COMPLAINT.replace("锦绣小区", "月亮湾小区") + "我们月亮湾的人等了很久。"
    assert not copies(COMPLAINT + "我们锦绣的人等了很久。", noisy(other.replace("月亮湾", "锦绣"), 0.1, seed).replace("锦绣", "月亮湾"))


def test_a_chain_of_copies_keeps_the_facts_of_its_first():
    cut = NOTICE[: NOTICE.index("，咨询")]
    rows = [(1, NOTICE), (2, cut), (3, cut + "，咨询电话7700000。")]
    assert list(dedupe(rows)) == [(1, None), (2, 1), (3, None)]


def test_found_among_very_many_of_one_template():
    template = "关于{}号通知的说明，请各单位按照要求认真学习贯彻落实并及时上报有关情况，联系人老王。"
    rows = [(n, template.format(n)) for n in range(2000)] + [(9999, "【转】" + template.format(1234))]
    found = dict(dedupe(rows))
    assert found.pop(9999) == 1234
    assert set(found.values()) == {None}


@pytest.mark.parametrize("text", ["", " ", "。", "\ud800", "\x00" * 50, "a" * 100_000, "水火" * 20_000, "😀" * 300, "1" * 5000])
def test_odd_texts(text):
    assert list(dedupe([(1, text), (2, text), (3, NOTICE)])) == [(1, None), (2, 1), (3, None)]
    assert likeness(signature(text), signature(text)) == 1.0


def test_signatures():
    one = signature(NOTICE)
    assert len(one) == 8 + 24 * 4
    assert signature(NOTICE.replace("，", " ")) == one
    assert likeness(one, signature("转发：" + NOTICE)) > 0.7
    assert likeness(one, signature(COMPLAINT)) < 0.1
    assert signature("停水")[8:] == b""
