"""Typos are corrected to the words of the texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.query.spelling import Speller, intended_question_word

WORDS = {"session": 2, "crisis": 1, "season": 1, "soleimani": 3, "economic": 1, "tea": 5}
SPELLER = Speller.of(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sesion", "session"),
        ("crysis", "crisis"),
        ("solaimani", "soleimani"),
        ("econmic", "economic"),
        ("esason", "season"),
        ("economicc", "economic"),
    ],
)
def test_a_typo_is_corrected(typed: str, meant: str) -> None:
    """A letter too many, too few, wrong, or two swapped."""
    assert SPELLER.corrections(typed)[0][0] == meant


@pytest.mark.parametrize("word", ["session", "tea", "te", "xylophone", "2020", "", "🔥"])
def test_what_is_known_short_or_far_is_left_alone(word: str) -> None:
    """A word that the texts hold is never corrected."""
    assert SPELLER.corrections(word) == []


def test_two_typos_are_corrected_in_a_long_word_and_one_in_a_short_one() -> None:
    """Of five letters two wrong ones leave too little."""
    assert SPELLER.corrections("cryssis")[0][0] == "crisis"
    assert Speller.of({"toll": 1}).corrections("toxlk") == []
    assert Speller.of({"toll": 1}).corrections("toxll")


def test_the_first_letter_is_seldom_the_wrong_one() -> None:
    """Of two words one slip away the one that begins alike is meant, though the other is commoner."""
    assert [word for word, _ in Speller.of({"boat": 1, "coal": 9}).corrections("boal")] == [
        "boat",
        "coal",
    ]


@given(st.text(max_size=12))
def test_similarity_is_between_none_and_identical(word: str) -> None:
    """Best first, whatever is typed; and after it was taken apart into arrays too."""
    found = SPELLER.corrections(word)
    likenesses = [likeness for _, likeness in found]
    assert likenesses == sorted(likenesses, reverse=True)
    assert all(0 < likeness < 1 for likeness in likenesses)
    assert Speller.from_arrays(SPELLER.arrays()).corrections(word) == found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teh", "the"),
        ("wich", "which"),
        ("wat", "what"),
        ("meny", "many"),
        ("becuase", "because"),
        ("shoulld", "should"),
    ],
)
def test_a_typo_in_a_question_word_is_corrected(typed: str, meant: str) -> None:
    """Most of a question is such words, and most of its typos are in them."""
    assert intended_question_word(typed) == meant


@pytest.mark.parametrize("word", ["btc", "uae", "bot", "hw", "panel", "ceasefire", ""])
def test_short_names_and_other_words_are_no_such_typo(word: str) -> None:
    """A wrong letter in three makes another abbreviation, not a slip."""
    assert intended_question_word(word) is None
