"""New words are found in what many people write; the lexicon that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

import groundswell.demo
from groundswell.demo.county import NOW, SEED
from groundswell.demo.script import acts
from groundswell.demo.truth import planted_words
from groundswell.engine.judge.person_name import is_only_a_name
from groundswell.engine.judge.watches import Document, match_one
from groundswell.engine.knowledge import read_knowledge
from groundswell.engine.text.new_words import NewWord, Post, new_words
from groundswell.engine.text.slang import shipped_slang
from groundswell.engine.text.tokens import Segmenter, lexicon_words

KNOWLEDGE = read_knowledge(Path(groundswell.demo.__file__).parent / "knowledge.yaml")
SEGMENTER = Segmenter(lexicon_words(KNOWLEDGE))
USES = ("又是一场{}。", "懂了，{}！", "{}又开始了", "这就是传说中的{}？", "别{}了行吗", "大型{}现场", "今日份{}")
TALK = (
    "今天天气真好出门走走",
    "路口的红绿灯坏了没人修",
    "孩子上学路上要小心",
    "小区停水通知贴在门口",
    "公交车等了二十分钟才来",
    "晚上广场上很热闹",
)


def posts_with(word: str, voices: int = 12, sources: int = 4, since: int = 600) -> list[Post]:
    """A thousand posts of which two dozen have WORD, from the one numbered SINCE on."""
    posts = [Post(TALK[n % len(TALK)], f"v{n}", f"s{n % 7}") for n in range(1000)]
    for n in range(24):
        posts[since + n * 9] = Post(USES[n % len(USES)].format(word), f"w{n % voices}", f"s{n % sources}")
    return posts


def found(posts: list[Post], **more: object) -> list[str]:
    return [word.word for word in new_words(posts, SEGMENTER, **more)]  # type: ignore[arg-type]


def test_a_word_that_comes_up():
    assert found(posts_with("云整改")) == ["云整改"]


@pytest.mark.parametrize(
    ("posts", "why"),
    [
        (posts_with("云整改", voices=2), "two voices"),
        (posts_with("云整改", sources=2), "two sources"),
        (posts_with("自来水厂"), "known"),
        (posts_with("摆烂"), "in the lexicon that ships"),
        ([Post(post.text.replace("云整改", "王晓明"), post.voice, post.source) for post in posts_with("云整改")], "a person"),
        (
            [Post(f"云整改的事{n}" if n % 40 == 0 else TALK[n % 6], f"v{n}", f"s{n % 7}") for n in range(1000)],
            "always there, always within one phrase",
        ),
        ([], "nothing"),
    ],
)
def test_what_is_not_proposed(posts, why):
    assert found(posts, refused=is_only_a_name) == [], why


def test_what_was_refused_and_names_of_ours():
    assert found(posts_with("云整改"), refused=lambda word: word == "云整改") == []
    assert found(posts_with("云整改"), names={"云整改委员会"}) == []


def test_the_county_plants_thirty_and_most_are_found():
    said = [act for act in acts(SEED, NOW) if act.kind in ("post", "reply", "comment")]
    posts = [Post(f"{act.title}\n{act.text}" if act.title else act.text, act.author, act.source) for act in said]
    names = {name for row in (KNOWLEDGE.body, *KNOWLEDGE.units, *KNOWLEDGE.places) for name in (row.name, *row.aliases)}
    proposed: list[NewWord] = new_words(posts, SEGMENTER, names, is_only_a_name)
    planted = set(planted_words())
    assert len(planted) == 30
    assert len(planted & {word.word for word in proposed}) >= 20
    assert len(proposed) <= 40
    assert not any(is_only_a_name(word.word) for word in proposed)


def test_the_lexicon_that_ships():
    words = shipped_slang()
    assert len(words) >= 300
    assert len({each.word for each in words}) == len(words)
    assert all(each.means and each.english and each.english.isascii() for each in words)
    assert {each.kind for each in words} == {"word", "homophone", "abbreviation", "emoji", "dialect", "english"}
    assert SEGMENTER.words("又踢皮球，蚌埠住了，巴适") == ["又", "踢皮球", "蚌埠住了", "巴适"]


def test_words_of_one_meaning_are_found_together():
    assert match_one("~忍不住", Document(text="看到这里我蚌埠住了"), SEGMENTER)
    assert not match_one("忍不住", Document(text="看到这里我蚌埠住了"), SEGMENTER)
