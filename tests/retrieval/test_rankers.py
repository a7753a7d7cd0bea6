"""Every question has a ranker, and every ranker a question."""

from __future__ import annotations

from itertools import product

import pytest

from bot.retrieval.meaning.embedder import Family
from bot.retrieval.meaning.similarity import SIMILARITIES
from bot.retrieval.rankers import LEXICAL, RANKERS, ranker_for
from bot.retrieval.resources import DATA, resources

COMBINATIONS = list(product((None, *Family), (False, True)))


@pytest.mark.parametrize(("family", "foreign"), COMBINATIONS)
def test_every_combination_has_fitted_coefficients(family: Family | None, foreign: bool) -> None:
    """With weights for similarities of meaning where there is a model, and only there."""
    coefficients = resources().rankers[ranker_for(family, foreign=foreign)]
    assert coefficients.similarities == (() if family is None else SIMILARITIES)


def test_every_file_of_coefficients_is_used() -> None:
    """None stands there that no question comes to, and none is missing."""
    named = {RANKERS[ranker_for(family, foreign=foreign)] for family, foreign in COMBINATIONS}
    assert named == {path.name for path in DATA.glob("ranking*.json")}
    assert set(RANKERS.values()) == named


def test_without_vectors_words_alone_decide() -> None:
    """In whatever language it is asked."""
    assert {ranker_for(None, foreign=foreign) for foreign in (False, True)} == {LEXICAL}
