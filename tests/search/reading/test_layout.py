"""The reader is given what it was fitted on: question, marked sentences, each within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.search.reading.layout import (
    AFTER,
    CLS,
    QUESTION_TOKENS,
    SENTENCE,
    SENTENCE_TOKENS,
    SEP,
    SPECIAL_TOKENS,
    laid_out,
    question_tokens,
    size_of,
)

tokens = st.lists(st.integers(1_000, 30_000), max_size=SENTENCE_TOKENS + 5)


def test_a_window_is_the_question_and_marked_sentences() -> None:
    """Types tell the two halves apart; a sentence may have no token."""
    window = laid_out([7, 8], [[11, 12], [], [13]])
    assert window.ids == (CLS, 7, 8, SEP, SENTENCE, 11, 12, SENTENCE, SENTENCE, 13, SEP)
    assert window.markers == (4, 7, 8)
    assert window.types == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1)


def test_the_earlier_question_comes_first() -> None:
    """Each is cut by itself, so that a long one leaves room for the other."""
    assert question_tokens([7, 8], None) == [7, 8]
    assert question_tokens([7, 8], [5]) == [5, AFTER, 7, 8]
    assert question_tokens([7], []) == [AFTER, 7]
    long = [9] * (QUESTION_TOKENS + 1)
    assert question_tokens(long, None) == [9] * QUESTION_TOKENS
    assert question_tokens(long, long) == [*[9] * QUESTION_TOKENS, AFTER, *[9] * QUESTION_TOKENS]


@given(tokens, st.lists(tokens, max_size=6))
def test_a_window_is_as_large_as_its_parts_were_said_to_be(
    question: list[int], sentences: list[list[int]]
) -> None:
    """By these sizes windows are planned. Every marker is followed by its sentence, cut if it is long."""
    window = laid_out(question, sentences)
    assert len(window.ids) == SPECIAL_TOKENS + len(question) + sum(map(size_of, sentences))
    assert window.types == (0,) * window.asked + (1,) * (len(window.ids) - window.asked)
    for marker, sentence in zip(window.markers, sentences, strict=True):
        read = sentence[:SENTENCE_TOKENS]
        assert window.ids[marker] == SENTENCE
        assert list(window.ids[marker + 1 : marker + 1 + len(read)]) == read
        assert size_of(sentence) == 1 + len(read)
