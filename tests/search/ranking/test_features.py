"""What ranking weighs: each number says of a candidate what its name promises."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from bot.library.snapshots import build_snapshot
from bot.models import Post, Question, Source
from bot.search.query.concepts import MatchType
from bot.search.retrieval import Retrieval
from bot.search.searcher import Searcher


def searcher(*posts: str, **aliases: tuple[str, ...]) -> Searcher:
    made = tuple(Post(number, text) for number, text in enumerate(posts, start=1))
    return build_snapshot([Source("s", "T", "A", made, aliases=MappingProxyType(aliases))]).searcher


HARBOUR = searcher(
    "The harbour master counts ships. Ships of iron, ships of timber, ships of stone: he counts all.",
    "A ferry left the harbour at noon with forty passengers, two goats and the mayor's piano on board.",
    "Toll for carts.",
    "The toll was raised.",
    "Nobody has paid for a cart since the spring, when the old bridge over the river was closed.",
)


def columns(retrieval: Retrieval, name: str) -> list[float]:
    found: list[float] = retrieval.features.column(name).tolist()
    return found


@pytest.mark.parametrize("question", ["ships", "harbour ships", "ferry goats piano", "cart toll"])
def test_the_bm25_feature_is_the_indexs_score_as_a_share_of_the_questions_weight(
    question: str,
) -> None:
    """The same saturation and the same account of length, or the two would tell different things."""
    retrieval = HARBOUR.retrieve(Question(question))
    terms = [concept.term for concept in retrieval.concepts]
    assert all(
        one.match_type is MatchType.EXACT
        for concept in retrieval.concepts
        for one in concept.expansions
    )  # another reading would count in one of them alone
    index = HARBOUR.expander.index
    share = index.get_scores(terms)[retrieval.candidates] / index.ceiling(terms)
    np.testing.assert_allclose(columns(retrieval, "bm25"), share, rtol=1e-4, atol=1e-6)
    assert share.max() > 0


def test_another_name_counts_as_the_thing_itself_and_a_like_beginning_does_not() -> None:
    """As far as concepts are counted: what is only perhaps meant must not make a question complete."""
    named = searcher("The Marigold sailed.", vessel=("Marigold",)).retrieve(Question("vessel"))
    assert columns(named, "all_concepts") == [1.0]
    begun = searcher("Electric lamps burned.").retrieve(Question("electrification"))
    assert begun.concepts[0].expansions[0].match_type is MatchType.PREFIX
    assert columns(begun, "all_concepts") == [0.0]


def test_a_caption_is_a_fragment_and_a_short_sentence_is_none() -> None:
    """Of the words that are indexed: a caption repeats a question's words and says nothing."""
    captions = searcher("Toll for carts.", "Toll rose since carts broke roads.")
    assert columns(captions.retrieve(Question("toll")), "fragment") == [1.0, 0.0]


def test_a_short_passage_counts_as_a_heading_by_what_it_holds() -> None:
    """“Opening hours and prices” is one, a sentence that goes on is none."""
    found = searcher(
        "Opening hours and winter prices",
        "Opening was delayed because three lorries of glass panes broke down near the old mill.",
    ).retrieve(Question("opening"))
    heading = columns(found, "heading")
    assert heading[0] > 0
    assert heading[1] == 0


def test_words_are_near_within_three_of_one_another() -> None:
    """Beside each other they are near too; at the two ends of a sentence they are not."""
    found = searcher(
        "The old mill burned.",
        "The old stone water mill burned.",
        "The old baker told seven tired soldiers that every single wooden mill burned.",
    ).retrieve(Question("old mill"))
    assert columns(found, "adjacent") == [1.0, 0.0, 0.0]
    assert columns(found, "near") == [1.0, 1.0, 0.0]


def test_what_stands_around_a_passage_reaches_over_its_post() -> None:
    """A sentence of a post about mills speaks of mills, though it does not name them."""
    found = searcher("The mill is old. It is tall. It is grey. It turns.", "It rains.").retrieve(
        Question("mill")
    )
    assert columns(found, "post_gain") == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert columns(found, "before_gain") == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert columns(found, "after_gain") == [0.0] * 5


def test_the_sentence_after_a_question_and_after_a_heading_is_told() -> None:
    """There stands what answers it."""
    asks = searcher("Who may fish? Members alone.").retrieve(Question("fish"))
    assert columns(asks, "before_asks") == [0.0, 1.0]
    assert columns(asks, "before_heading") == [0.0, 0.0]
    heading = searcher("Fishing", "Members alone.").retrieve(Question("fish"))
    assert columns(heading, "before_heading") == [0.0, 1.0]
    assert columns(heading, "before_asks") == [0.0, 0.0]
