"""Words that mean alike lie close, unrelated ones do not, and everyday words say little."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.language.analysis import Analyzer
from bot.search.language.word_vectors import CHANCE_COSINE
from bot.search.resources import resources

KNOWN = resources().word_vectors
TERM = Analyzer("en").term


def likeness(one: str, other: str) -> float:
    return float(KNOWN.vectors[KNOWN.row(TERM(one))] @ KNOWN.vectors[KNOWN.row(TERM(other))])


def test_chance_is_no_likeness() -> None:
    """Of two words at random hardly any pair counts as alike, though many have a cosine above 0."""
    rows = np.random.default_rng(0).integers(1, len(KNOWN.vectors), (4_000, 2))
    cosines = np.einsum("ij,ij->i", KNOWN.vectors[rows[:, 0]], KNOWN.vectors[rows[:, 1]])
    assert (cosines > CHANCE_COSINE).mean() < 0.07
    assert (cosines > 0).mean() > 0.4


@pytest.mark.parametrize(
    ("one", "other"), [("doctor", "physician"), ("salary", "wage"), ("ship", "vessel")]
)
def test_what_means_alike_is_far_above_chance(one: str, other: str) -> None:
    """Twice as far at least."""
    assert likeness(one, other) > 2 * CHANCE_COSINE


def test_the_most_everyday_words_keep_a_fifth_of_their_weight() -> None:
    """A question is about its rare words; yet one of everyday words alone is about those."""
    informative = KNOWN.informativeness
    assert informative.max() == 1
    assert informative.min() == pytest.approx(0.2, abs=0.02)
    everyday, rare = (informative[KNOWN.row(TERM(word))] for word in ("people", "sediment"))
    assert everyday < rare / 2
