"""What the previous turn adds: where each candidate is beside its quote, and whether that counts."""

from __future__ import annotations

import numpy as np
import pytest

from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Question, Source, Turn
from bot.search.close_reading import FOLLOWS
from bot.search.ranking.conversation import TURN_FEATURES
from bot.search.ranking.first_stage import follow_up_probability
from bot.search.retrieval import Retrieval

POSTS = (
    Post(1, "A cat slept. The wind blew."),
    Post(2, "The mill burned. Nobody was hurt. A baker had seen smoke. It was rebuilt."),
    Post(3, "Flour got dear."),
)
OTHERS = tuple(Post(post.number, post.text.replace(".", "!")) for post in POSTS)
MILL = build_snapshot([Source("mill", "Notes", "A", POSTS), Source("other", "More", "B", OTHERS)])
QUOTE = 2
"""The number of “The mill burned.”"""


def after_the_mill(question: str, snapshot: Snapshot = MILL) -> Retrieval:
    before = Turn("what burned?", snapshot.passages[QUOTE].key)
    return snapshot.searcher.retrieve(Question(question, before))


def column(retrieval: Retrieval, name: str) -> list[float]:
    assert retrieval.conversation is not None
    rows = retrieval.conversation.turn[np.argsort(retrieval.candidates)]
    found: list[float] = rows[:, TURN_FEATURES.index(name)].tolist()
    return found


@pytest.mark.parametrize(
    ("name", "place"),
    [("is_quote", 2), ("next", 3), ("next_but_one", 4), ("previous", 1)],
)
def test_the_sentences_around_the_quote_are_told_apart(name: str, place: int) -> None:
    """“And then?” is mostly answered by the next one; none of another text is next to it."""
    expected = [float(n == place) for n in range(len(MILL.passages))]
    assert column(after_the_mill("and then?"), name) == expected


def test_the_next_sentence_of_another_text_is_no_next_one() -> None:
    """Where the quote is the last of its text."""
    last = 6
    before = Turn("why was flour dear?", MILL.passages[last].key)
    retrieval = MILL.searcher.retrieve(Question("and then?", before))
    assert sum(column(retrieval, "next")) == 0
    assert column(retrieval, "nearness")[last + 1] == 0


def test_nearness_halves_three_sentences_away() -> None:
    """On the same side or the other, within the text; the quote's own post is told too."""
    retrieval = after_the_mill("and then?")
    nearness = column(retrieval, "nearness")
    assert nearness[QUOTE] == 1
    assert nearness[QUOTE + 3] == pytest.approx(0.5)
    assert nearness[QUOTE - 1] == nearness[QUOTE + 1]
    assert nearness[7:] == [0.0] * 7
    assert column(retrieval, "same_post")[:7] == [0, 0, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("follow_up", "alone"),
    [
        ("was it rebuilt?", "Was the mill rebuilt?"),
        ("why?", "Why did flour get dear?"),
        ("and who saw that?", "Which baker saw smoke?"),
    ],
)
def test_a_follow_up_is_likelier_to_count_as_one_than_a_complete_question(
    follow_up: str, alone: str
) -> None:
    """Enough to be read together with the question before, which the other is not."""
    ranker = MILL.searcher.resources.rankers["lexical"]
    found = []
    for question in (follow_up, alone):
        found.append(follow_up_probability(ranker, after_the_mill(question)))
    assert found[0] > FOLLOWS > found[1]


def test_a_follow_up_finds_what_continues_the_quote() -> None:
    """And what leans on nothing is found by its own words."""
    key = MILL.passages[QUOTE].key
    for question, opening in (
        ("was it rebuilt?", "It was rebuilt"),
        ("Did the wind blow?", "The wind blew"),
    ):
        hits = MILL.searcher.search(
            Question(question, Turn("what burned?", key)), MILL.ranges["mill"]
        )
        assert hits[0].passage.text.startswith(opening)
