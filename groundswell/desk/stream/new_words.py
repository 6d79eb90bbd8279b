"""New words of the net, found in what people wrote and proposed to a person: once a day, over the last sixty days."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import F
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from groundswell.desk.accounts.models import SlangWord
from groundswell.desk.spine.models import Preference
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import setting
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.work import gives_back_connections
from groundswell.desk.stream.knowledge import current_knowledge
from groundswell.desk.stream.models import Item
from groundswell.desk.stream.records import LABELS
from groundswell.engine.judge.person_name import is_only_a_name
from groundswell.engine.records import Body, Knowledge, Place, Unit
from groundswell.engine.text.new_words import NewWord, Post, new_words
from groundswell.engine.text.normal import fold
from groundswell.engine.text.slang import shipped_slang
from groundswell.engine.text.tokens import Segmenter, lexicon_words

WINDOW = timedelta(days=60)
EVERY = timedelta(days=1)
MOST_POSTS = 60_000  # the newest; more than that says nothing more
WAITING = 40  # words that may wait for a person at once
LOOKED = "words.looked_at"
setting(LOOKED, part="hidden", label="", default="")


@tick("stream.new_words")
def start_looking(moment: datetime) -> None:
    """Look for new words where a day has passed since the last look."""
    last = Preference.objects.filter(key=LOOKED).values_list("value", flat=True).first()
    if last and moment - datetime.fromisoformat(last) < EVERY:
        return
    try:
        look_for_words.defer()
    except AlreadyEnqueued:
        pass


@app.task(queue="judge", queueing_lock="stream.new_words", lock="stream.new_words", name="stream.new_words")
@gives_back_connections
def look_for_words() -> None:
    """Propose new words, and remember when it was looked."""
    propose(now())


def propose(moment: datetime) -> list[str]:
    """Put new words of the last days before those who keep the words; gives those that are proposed now.

    What a person refused is not proposed again; of words that wait already only the counts change.
    """
    rows = list(
        Item.objects.filter(published_at__gt=moment - WINDOW, published_at__lte=moment, institutional=False, advert=False)
        .exclude(kind__in=("article", "notice"))
        .exclude(voice="")
        .order_by(F("published_at").desc(), "-pk")
        .values_list("title", "text", "voice", "source_id", "tone", "published_at")[:MOST_POSTS]
    )[::-1]
    posts = [Post(f"{title}\n{text}" if title else text, voice, str(source)) for title, text, voice, source, _tone, _at in rows]
    tones = [tone for _title, _text, _voice, _source, tone, _at in rows]
    days = [at.astimezone(zone()).date() for *_rest, at in rows if at is not None]
    proposed = []
    room = WAITING - SlangWord.objects.filter(state="proposed").count()
    for found in _found(posts):
        evidence = {"posts": found.posts, "voices": found.voices, "first_seen": days[found.first]}
        if SlangWord.objects.filter(word=found.word, state="proposed").update(**evidence) or room <= 0:
            continue
        fresh = {"state": "proposed", "tone": _tone(found, posts, tones), **evidence}
        _row, is_new = SlangWord.objects.get_or_create(word=found.word, defaults=fresh)
        if is_new:
            proposed.append(found.word)
            room -= 1
    Preference.objects.update_or_create(key=LOOKED, defaults={"value": moment.isoformat(), "changed_at": moment})
    return proposed


def _found(posts: list[Post]) -> list[NewWord]:
    knowledge = current_knowledge()
    decided = {fold(word) for word in SlangWord.objects.exclude(state="proposed").values_list("word", flat=True)}
    decided.update(fold(each.word) for each in shipped_slang())
    return new_words(posts, Segmenter(lexicon_words(knowledge)), _names(knowledge), lambda word: word in decided or is_only_a_name(word))


def _names(knowledge: Knowledge) -> set[str]:
    named: list[Body | Unit | Place] = [knowledge.body, *knowledge.units, *knowledge.places]
    return {fold(name) for row in named for name in (row.name, *row.aliases) if name}


def _tone(found: NewWord, posts: list[Post], tones: list[int]) -> str:
    """How most of the posts sound that have the word."""
    said = Counter(tone for post, tone in zip(posts[found.first :], tones[found.first :], strict=True) if found.word in fold(post.text))
    return LABELS[said.most_common(1)[0][0]] if said else ""
