"""The script of the demo county: the same from the same seed, with the totals that its screens promise."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date, datetime, timedelta

import msgspec
import pytest
from ahocorasick_rs import AhoCorasick

from groundswell.demo.acts.act import Act
from groundswell.demo.county import NOW, SEED, START, ZONE, knowledge, people, source_named, sources
from groundswell.demo.past import keyed, past_items
from groundswell.demo.script import acts, story_acts
from groundswell.demo.stories import TELLERS
from groundswell.demo.truth import planted_handles, planted_words, truth


@pytest.fixture(scope="module")
def past() -> list[Act]:
    return list(acts(SEED, NOW))


def of(past: list[Act], story: str) -> list[Act]:
    return [act for act in past if act.truth.story == story]


def test_the_county_has_what_was_promised() -> None:
    assert len(knowledge().units) == 24
    assert sum(place.kind == "town" for place in knowledge().places) == 8
    assert Counter(source.channel for source in sources()) == {"news": 42, "forum": 18, "microblog": 9, "video": 12, "board": 4}
    assert sorted(source.broken.how for source in sources() if source.broken) == ["errors", "malformed", "redesign", "silent"]
    assert {person.unit for person in people() if person.unit} == {unit.id for unit in knowledge().units}
    assert all(person.phone.startswith("0000-") for person in people())


def test_ids_in_the_data_point_somewhere() -> None:
    units = {unit.id for unit in knowledge().units}
    places = {place.id for place in knowledge().places}
    for place in knowledge().places:
        assert place.within is None or place.within in places
        assert place.unit is None or place.unit in units
    for source in sources():
        assert source.unit is None or source.unit in units
        assert source.place is None or source.place in places
    assert all(watch.unit is None or watch.unit in units for watch in knowledge().watches)


def test_same_seed_same_bytes(past: list[Act]) -> None:
    again = list(acts(SEED, NOW))
    assert msgspec.json.encode(again) == msgspec.json.encode(past)


def test_the_past_does_not_depend_on_how_far_one_reads(past: list[Act]) -> None:
    longer = [act for act in acts(SEED, NOW + timedelta(hours=3)) if act.at <= NOW]
    assert [act.ref for act in longer] == [act.ref for act in past]


def test_another_seed_another_county(past: list[Act]) -> None:
    early = START + timedelta(days=2)
    assert [act.text for act in acts(SEED + 1, early)] != [act.text for act in past if act.at <= early]


def test_about_eighteen_thousand_in_order_within_the_window(past: list[Act]) -> None:
    assert 17_600 <= len(past) <= 18_500
    assert past == sorted(past, key=lambda act: (act.at, act.ref))
    assert past[0].at >= START
    assert past[-1].at <= NOW
    assert len({act.ref for act in past}) == len(past)
    assert len({(act.source, act.number) for act in past}) == len(past)


def test_answers_come_after_what_they_answer(past: list[Act]) -> None:
    when = {act.ref: act.at for act in past}
    for act in past:
        for ref in (act.reply_to, act.under):
            assert not ref or when[ref] <= act.at, act


HALF_HOURS = (3, 2, 2, 3, 3, 4, 4, 3, 5, 4, 6, 9, 13, 17, 21, 23, 28, 31, 33)


def test_the_water_story_has_the_figures_of_the_screens(past: list[Act]) -> None:
    water = of(past, "water")
    assert len(water) == sum(HALF_HOURS) == 214
    assert f"{water[0].at:%m-%d %H:%M}" == "11-23 06:42"
    assert water[0].source == "qinghe-forum"
    bars = Counter((act.at - datetime(2026, 11, 23, 6, 36, tzinfo=ZONE)) // timedelta(minutes=30) for act in water)
    assert tuple(bars[i] for i in range(len(HALF_HOURS))) == HALF_HOURS
    tones = Counter(act.truth.tone for act in water)
    assert {tone: round(100 * count / 214) for tone, count in tones.items()} == {"negative": 58, "neutral": 31, "positive": 11}
    places = Counter(act.truth.place for act in water)
    assert [places[town] for town in ("qinghe", "chengguan", "donghu", "hexi", "liulin", "baishi")] == [171, 24, 11, 5, 2, 1]
    claims = Counter(act.truth.claim for act in water)
    assert [claims[claim] for claim in ("rust", "notice", "data", "hospital")] == [79, 51, 41, 13]
    assert len({act.source for act in water}) == 23
    assert len({source_named()[act.source].channel for act in water}) == 5


def test_the_water_story_peaks_at_half_past_six() -> None:
    evening = [act.at for act in acts(SEED, NOW + timedelta(hours=8)) if act.truth.story == "water" and act.at > NOW]
    bars = Counter((at - NOW) // timedelta(minutes=30) for at in evening)
    peak = max(bars.values())
    assert peak == 39
    assert [hour for hour in sorted(bars) if bars[hour] == peak] == [3, 4, 5]  # 17:36 to 19:06
    assert bars[15] < bars[0] < peak


# story: pieces by now, sources, per cent negative, neutral, positive as the screens show them
FIGURES = {
    "water": (214, 23, 58, 31, 11),
    "heating": (187, 14, 71, 22, 7),
    "school": (91, 9, 34, 60, 5),
    "night-market": (64, 6, 44, 48, 8),
    "clinic": (58, 11, 5, 38, 57),
    "bang": (118, 12, 49, 46, 5),
    "short-weight": (73, 10, 68, 27, 4),
    "smell": (99, 9, 76, 24, 0),
    "satire": (46, 7, 22, 78, 0),
    "subsidy": (19, 6, 68, 32, 0),
    "landslide": (33, 7, 33, 42, 24),
    "lifts": (38, 7, 47, 45, 8),
    "detour": (42, 7, 40, 60, 0),
    "village-road": (27, 6, 63, 37, 0),
}


@pytest.mark.parametrize("story", FIGURES)
def test_every_story_has_its_figures(past: list[Act], story: str) -> None:
    pieces = of(past, story)
    tones = Counter(act.truth.tone for act in pieces)
    shares = [round(100 * tones[tone] / len(pieces)) for tone in ("negative", "neutral", "positive")]
    assert (len(pieces), len({act.source for act in pieces}), *shares) == FIGURES[story]


def test_all_fourteen_are_told(past: list[Act]) -> None:
    assert {act.truth.story for act in past} == {"", *FIGURES}
    assert set(TELLERS) == set(FIGURES)


def per_day(past: list[Act], story: str) -> Counter[str]:
    return Counter(f"{act.at:%m-%d}" for act in of(past, story))


def test_each_story_moves_as_it_is_meant_to(past: list[Act]) -> None:
    def last_hour(story: str) -> int:
        return sum(act.at > NOW - timedelta(hours=1) for act in of(past, story))

    assert last_hour("water") == 64  # rising
    assert last_hour("heating") == 16  # steady
    assert last_hour("clinic") == 4  # falling
    assert of(past, "school")[0].at == datetime(2026, 11, 23, 13, 10, tzinfo=ZONE)  # new
    assert {act.at.weekday() for act in of(past, "night-market")[:-1]} <= {4, 5, 6, 0}  # weekly, a few after midnight
    assert of(past, "bang")[-1].at - of(past, "bang")[0].at < timedelta(hours=14)  # a burst, then gone
    short = per_day(past, "short-weight")
    assert not any(short[f"11-{day:02d}"] for day in range(1, 18))  # closed
    assert short["11-18"] >= 5  # open again
    slow = per_day(past, "smell")
    weeks = [sum(slow[f"{START + timedelta(days=4 + 7 * w + d):%m-%d}"] for d in range(7)) for w in range(8)]
    assert weeks == sorted(weeks)
    assert max(slow.values()) <= 4  # no threshold sees it
    assert of(past, "satire")[0].source == "blog-satire"
    assert (of(past, "subsidy")[0].kind, of(past, "subsidy")[0].source) == ("message", "b-mayor")


def test_the_day_has_its_rhythm(past: list[Act]) -> None:
    noise = [act for act in past if not act.truth.story]
    hours = Counter(act.at.hour for act in noise)
    assert hours[20] > 8 * hours[3]
    news = Counter(act.at.date() for act in noise if source_named()[act.source].channel == "news")
    make_up, saturday, holiday = date(2026, 10, 10), date(2026, 10, 17), date(2026, 10, 2)
    assert news[make_up] > 1.5 * news[saturday]
    assert news[make_up] > 1.5 * news[holiday]


def test_noise_has_adverts_namesakes_sarcasm_and_copies(past: list[Act]) -> None:
    assert sum(act.truth.advert for act in past) > 300
    assert sum(act.truth.same_name for act in past) > 500
    assert sum(act.truth.sarcasm for act in past) > 40
    assert sum(bool(act.truth.copy_of) for act in past) > 25
    assert not any(act.truth.about_us for act in past if act.truth.advert or act.truth.same_name)
    assert sum("//@" in act.text for act in past) > 300


def test_no_telephone_of_anybody(past: list[Act]) -> None:
    numbers = re.compile(r"(?<![\d-])1[3-9]\d{9}(?!\d)|(?<!\d)0(?!000)\d{2,3}-\d{7,8}")
    for act in past:
        hiding = re.sub("|".join(map(re.escape, {act.author})), "", act.text) if act.author else act.text
        assert not numbers.search(hiding), act.text


BRANDS = re.compile(r"微信|微博|抖音|快手|小红书|知乎|贴吧|百度|腾讯|阿里|淘宝|京东|拼多多|美团|高德|华为|小米|https?://|www\\.")


def test_no_brand_and_no_address_in_the_texts(past: list[Act]) -> None:
    for act in past:
        assert not BRANDS.search(act.title + act.text), act.text


def test_eighteen_thousand_in_less_than_three_seconds() -> None:
    story_acts.cache_clear()
    begun = time.perf_counter()
    count = sum(1 for _ in acts(SEED + 7, NOW))
    assert count > 17_000
    assert time.perf_counter() - begun < 3


def test_records_hold_no_handle_and_no_twice(past: list[Act]) -> None:
    items = list(past_items(NOW, voice=keyed(b"k" * 32)))
    assert len({item.key for item in items}) == len(items)
    everything = msgspec.json.encode(items).decode()
    assert any("某用户" in item.text for item in items)
    assert not AhoCorasick(planted_handles()).find_matches_as_strings(everything)


def test_truth_and_records_share_their_ids() -> None:
    until = START + timedelta(days=4)
    ids = {row["id"] for row in truth(until)}
    assert {item.key for item in past_items(until, voice=keyed(b"k" * 32))} <= ids


def test_new_words_are_said_and_known_to_nobody(past: list[Act]) -> None:
    texts = "\n".join(act.text for act in past)
    known = {slang.word for slang in knowledge().slang}
    counts = {word: texts.count(word) for word in planted_words()}
    assert len(counts) == 30
    assert not known & set(counts)
    assert min(counts.values()) >= 5, counts
