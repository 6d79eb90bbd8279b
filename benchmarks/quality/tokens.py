"""Language and words: cutting posts into words beside bare rjieba, and what language a text is in."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence

import py3langid
import rjieba
from opencc import OpenCC

from benchmarks.measure import alternate
from benchmarks.quality.figures import Figure
from benchmarks.quality.shared import folder, rows
from groundswell.engine.text.language import detect_language
from groundswell.engine.text.tokens import Segmenter

SENTENCE = re.compile(r"[^.!?\n]{30,140}[.!?]")
AT_ONCE = 500


def run(quick: bool) -> list[Figure]:
    posts = [row["text"] for row in rows("cascades/train")][: 300 if quick else None]
    messages = [row["text"] for row in rows("messages/stream")][: 300 if quick else None]
    with gzip.open(folder() / "data" / "boards" / "weibo_posts.txt.gz", "rt", encoding="utf-8") as lines:
        short = [line.split(",", 2)[2] for line in lines if line.count(",") > 1]
    kinds = (("microblog posts of 80 characters", short * 4), ("posts of 110", posts), ("messages of 360", messages))
    return [*(_spent(name, texts) for name, texts in kinds), *_languages([*short, *posts], messages)]


def _spent(name: str, texts: Sequence[str]) -> Figure:
    segmenter, bare = Segmenter(), rjieba.Jieba()
    parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
    spent = alternate(
        9,
        ours=lambda: [segmenter.words_many(part) for part in parts],
        bare=lambda: [[bare.cut(text, False) for text in part] for part in parts],
        alone=lambda: [segmenter.words(text) for text in texts],
        index=lambda: [segmenter.index_tokens(text) for text in texts],
        lang=lambda: [detect_language(text) for text in texts],
    )
    share = {key: value / spent["bare"] for key, value in spent.items()}
    each = f"one by one {share['alone']:.2f}, index {share['index']:.2f}, language {share['lang']:.2f}"
    rate = f"{len(texts) / spent['ours']:,.0f} a second beside {len(texts) / spent['bare']:,.0f}"
    return Figure(f"{name}: words, times bare rjieba", [share["ours"]], 1.3, [1.0], less_is_better=True, digits=2, note=f"{rate}; {each}")


def _languages(posts: Sequence[str], messages: Sequence[str]) -> list[Figure]:
    """Chinese of two scripts, English of news pages, Chinese with English in it; short ones with three and more Chinese characters."""
    hans = [text for text in [*posts, *messages] if len(re.findall("[\u4e00-\u9fff]", text)) >= 8]
    convert = OpenCC("s2t").convert
    hant = [str(convert(text)) for text in hans]
    with open(folder() / "data" / "pages" / "en" / "truth.json", encoding="utf-8") as file:
        pages = json.load(file)
    bodies = [page.get("articleBody") or "" for page in pages.values()]
    english = [text.strip() for body in bodies if py3langid.classify(body)[0] == "en" for text in SENTENCE.findall(body)[:40]]
    mixed = [f"{one} {other}" for one, other in zip(hans, english, strict=False) if len(one) >= 40]
    figures = []
    for name, texts, right in (
        ("zh-hans, posts and messages", hans, "zh-hans"),
        ("zh-hant, the same in the other script", hant, "zh-hant"),
        ("en, sentences of pages that are English as a whole", english, "en"),
        ("zh with a sentence of English", mixed, "zh-hans"),
    ):
        share = sum(detect_language(text) == right for text in texts) / len(texts)
        other = sum(py3langid.classify(text)[0] == right[:2] for text in texts[:1000]) / len(texts[:1000])
        figures.append(
            Figure(f"language: {name}", [share], None, [other], digits=4, note=f"{len(texts):,} texts; yardstick: py3langid, script apart")
        )
    return figures
