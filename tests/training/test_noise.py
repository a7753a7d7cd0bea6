from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from training.noise import NEIGHBOURS, as_keywords, mistype, noisy, with_typos


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12), st.integers())
def test_a_mistyped_word_differs_by_one_slip(word: str, seed: int) -> None:
    typed = mistype(word, random.Random(seed))
    assert abs(len(typed) - len(word)) <= 1
    assert typed[0] == word[0] or typed[:2] == word[1::-1]


def test_short_words_and_numbers_are_typed_right() -> None:
    assert mistype("ten", random.Random(1)) == "ten"
    assert mistype("1984", random.Random(1)) == "1984"


def test_neighbours_are_beside_each_other_both_ways() -> None:
    assert "w" in NEIGHBOURS["q"]
    assert "a" in NEIGHBOURS["q"]
    assert all(key in NEIGHBOURS[near] for key, nears in NEIGHBOURS.items() for near in nears)


@given(st.text(max_size=60), st.integers())
def test_noise_never_leaves_a_question_empty(question: str, seed: int) -> None:
    assert noisy(question, random.Random(seed)) or not question


def test_keywords_are_the_words_of_content() -> None:
    assert as_keywords("Why was the night ferry cancelled?") == "night ferry cancelled"
    assert as_keywords("Who was it?") == "Who was it?"


def test_typos_leave_the_rest_of_the_question() -> None:
    assert with_typos("is it on?", random.Random(1)) == "is it on?"
