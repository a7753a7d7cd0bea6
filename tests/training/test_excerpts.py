from __future__ import annotations

import random

import pytest

pytest.importorskip("tokenizers")

from training.excerpts import around_topic, planned
from training.windows import Case

FILLER = tuple(
    f"Sentence {n} speaks of something else, at some length, on {n} lines of {n} pages."
    for n in range(60)
)
RIGHT = "The harbour of Skerrin closes at nine in winter."
LONG = Case(
    "when does the harbour of Skerrin close",
    (*FILLER[:40], RIGHT, *FILLER[40:]),
    (40,),
    answer="at nine",
)


def drawn(case: Case) -> list[Case]:
    return [planned(case, random.Random(seed)) for seed in range(60)]


def test_a_long_text_is_shown_as_the_bot_reads_it_a_few_sentences_at_a_time() -> None:
    assert all(len(case.sentences) <= 12 for case in drawn(LONG))


def test_a_stretch_that_answers_is_labelled_and_another_one_counts_as_unanswered() -> None:
    found = drawn(LONG)
    answering = [case for case in found if RIGHT in case.sentences]
    assert 25 <= len(answering) < len(found)
    for case in found:
        right = case in answering
        assert [case.sentences[g] for g in case.gold] == [RIGHT] * right
        assert case.answer == ("at nine" if right else None)


def test_an_unanswered_question_is_read_around_the_words_it_shares() -> None:
    near = Case("when does the harbour of Skerrin open", LONG.sentences, ())
    assert sum(RIGHT in case.sentences for case in drawn(near)) >= 20
    assert RIGHT in around_topic(near).sentences
