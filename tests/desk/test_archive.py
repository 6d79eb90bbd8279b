"""The archive: the past and the live agree; words that changed are brought up to date; the same from the shell."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from groundswell.cli import export, reindex, search
from groundswell.desk.accounts.models import Role, User
from groundswell.desk.stream import indexing, intake, knowledge, queries
from groundswell.desk.stream.models import Item, Watch
from tests.desk.county import ELSEWHERE, SCHOOL, WATER, lay, officer, piece, scored, tell

Person = Callable[..., User]
WORDS = (
    "自来水",
    "停水",
    "水厂",
    "自来水厂",
    "会计",
    "社会",
    "计划",
    "小学",
    "学校",
    "堵车",
    "县水务局",
    "清河镇",
    "water",
    "Water",
    "pipes",
    "3号楼",
    "，",
    "招聘",
    "发黄",
    "铁锈",
)
QUERIES = (
    "自来水", "会计", "water", '"自来水厂"', "自来水 OR 停水", "自来水 停水", "(自来水 OR 停水) NOT 招聘", "停水 NEAR/3 小学", "=自来水", "~水厂", "title:小学",
    "unit:water", "place:qinghe 自来水", "source:forum 停水", "tone:negative", "自来水 且 非 招聘", "NOT 招聘 水厂", "小学 since:2026-11-23", "kind:article 停水", "level:4 学校",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _county(desk: None) -> None:
    lay()


@pytest.fixture
def duty(person: Person, client: Client) -> User:
    user = person(Role.DUTY)
    client.force_login(user)
    return user


def generated(count: int, seed: int = 7) -> None:
    """Items of words thrown together, so that what lies across words happens too."""
    chance = random.Random(seed)
    texts = ["".join(chance.choices(WORDS, k=chance.randint(2, 9))) for _ in range(count)]
    titles = ["".join(chance.choices(WORDS, k=2)) if chance.random() < 0.5 else "" for _ in texts]
    sources = [chance.choice(("forum", "media", "micro")) for _ in texts]
    intake.store(
        [
            piece(text, title=title, source=source, minutes=place / 10)
            for place, (text, title, source) in enumerate(zip(texts, titles, sources, strict=True))
        ]
    )


def test_candidates_by_index_and_matcher_find_what_the_matcher_alone_finds(duty: User) -> None:
    generated(300)
    rows = list(Item.objects.select_related("source"))
    hits = 0
    for query in QUERIES:
        _node, matcher = queries.matcher_for(query)
        alone = {row.key for row in rows if matcher.match(queries.document_of(row))}
        found = {hit.item.key for hit in queries.search(duty, query, limit=1000).hits}
        assert found == alone, query
        hits += len(found)
    assert hits > 300, "the queries must find something, else they prove nothing"


def test_what_a_watch_caught_live_is_what_its_query_finds_later(duty: User) -> None:
    for number, query in enumerate(QUERIES[:10]):
        Watch.objects.create(slug=f"w{number}", name=f"w{number}", query=query)
    knowledge.forget()
    generated(150, seed=3)
    for number, query in enumerate(QUERIES[:10]):
        live = set(Item.objects.filter(watches__contains=[f"w{number}"]).values_list("key", flat=True))
        assert live == {hit.item.key for hit in queries.search(duty, query, limit=1000).hits}, query


def test_pages_of_hits_follow_each_other_without_doubles(duty: User, client: Client) -> None:
    tell([f"锦绣小区自来水第{n}次发黄" for n in range(65)], step=0.5)
    seen: list[str] = []
    for offset in (0, 30, 60):
        page = client.get("/desk/archive/", {"q": "自来水", "offset": offset})
        seen += [hit.item.key for hit in page.context["found"].hits]
    assert (len(seen), len(set(seen))) == (65, 65)


def test_a_fault_is_shown_at_its_place(duty: User, client: Client) -> None:
    page = client.get("/desk/archive/", {"q": "自来水 AND (停水"})
    assert page.status_code == 422
    assert f"At character {page.context['fault']['position']}" in page.content.decode()
    fragment = client.get("/desk/archive/", {"q": "自来水 ("}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="results")
    assert fragment.status_code == 200
    assert "<html" not in fragment.content.decode()


def test_nothing_found_says_what_to_try(duty: User, client: Client) -> None:
    assert "Try fewer words" in client.get("/desk/archive/", {"q": "飞碟"}).content.decode()


def test_matches_are_marked_and_the_rest_escaped(duty: User, client: Client) -> None:
    tell([f"<b>{WATER[0]}</b>"])
    page = client.get("/desk/archive/", {"q": "铁锈味"}).content.decode()
    assert "<mark>铁锈味</mark>" in page
    assert "&lt;b&gt;" in page
    assert "<b>清河镇" not in page


def test_new_words_reach_the_past_by_reindexing(duty: User) -> None:
    rows = tell([*WATER, *SCHOOL])
    before = set(Item.objects.values_list("lexicon", flat=True))
    Watch.objects.create(slug="rust", name="锈水", query="接孩子的电动车")
    knowledge.forget()
    assert indexing.stale().count() == len(rows)
    steps: list[int] = []
    assert indexing.bring_up_to_date(batch=4, done=steps.append) == len(rows)
    assert sum(steps) == len(rows)
    assert indexing.stale().count() == 0
    assert set(Item.objects.values_list("lexicon", flat=True)).isdisjoint(before)
    assert len(queries.search(duty, "接孩子的电动车").hits) == 2
    assert indexing.bring_up_to_date() == 0


def test_reindexing_leaves_what_people_and_the_grouping_decided(duty: User) -> None:
    from groundswell.desk.spine.actions import perform

    row = tell(WATER)[0]
    perform("item.not_us", duty, row, {"reason": "old"})
    kept = list(Item.objects.order_by("id").values_list("state", "story_id", "about_us", "tone", "unit_id"))
    Watch.objects.create(slug="rust", name="锈水", query="铁锈味")
    knowledge.forget()
    indexing.bring_up_to_date()
    assert list(Item.objects.order_by("id").values_list("state", "story_id", "about_us", "tone", "unit_id")) == kept


# ---- the same from the shell


def test_search_from_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    tell([*WATER, *SCHOOL])
    assert search.search("小学", limit=10, as_json=True) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == [SCHOOL[1], SCHOOL[0]]
    assert rows[0]["source"] == "forum"
    search.search("小学", limit=1, as_json=False)
    out = capsys.readouterr().out
    assert SCHOOL[1][:12] in out
    assert SCHOOL[0] + "\n" not in out


def test_a_bad_query_in_the_shell_is_one_sentence() -> None:
    from groundswell.server.faults import Fault

    with pytest.raises(Fault, match="character 6"):
        search.search("自来水 (", limit=10, as_json=False)


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "csv", "xlsx"])
@pytest.mark.parametrize("what", ["items", "stories"])
def test_export_writes_what_is_asked(tmp_path: Path, what: str, ending: str) -> None:
    from groundswell.cli.lines import open_in

    tell([*WATER, *SCHOOL, "=cmd|'/c calc'!A1 自来水"])
    scored()
    path = tmp_path / f"out.{ending}"
    count = export.export(what, path, since="2026-11-23", until="2026-11-24")
    assert count == (7 if what == "items" else Item.objects.exclude(story=None).values("story").distinct().count())
    assert export.export(what, tmp_path / f"none.{ending}", since="2027-01-01") == 0
    if what == "items" and ending == "csv":
        assert "\n=cmd" not in path.read_text("utf-8-sig")
        assert ",=cmd" not in path.read_text("utf-8-sig")
        assert "'=cmd" in path.read_text("utf-8-sig")
    if ending.startswith("jsonl"):
        with open_in(str(path)) as stream:
            rows = [json.loads(line) for line in stream]
        assert len(rows) == count
        assert {"id", "title"} <= set(rows[0])
        assert "voice" not in rows[0], "pseudonyms stay in the house"


def test_export_by_query(tmp_path: Path) -> None:
    tell([*WATER, *SCHOOL])
    assert export.export("items", tmp_path / "x.jsonl", query="小学 NOT 停水") == 2
    assert export.export("stories", tmp_path / "s.jsonl", query="小学") == 1


def test_a_unit_officer_searches_the_own_unit(person: Person, client: Client) -> None:
    tell([*WATER, *SCHOOL, ELSEWHERE])
    client.force_login(officer(person))
    assert {hit.item.text for hit in client.get("/desk/archive/", {"q": "自来水 OR 小学 OR 马拉松"}).context["found"].hits} == set(WATER)


def test_the_commands_know_their_arguments() -> None:
    import argparse

    for module in (export, search, reindex):
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        assert parser.format_help()
