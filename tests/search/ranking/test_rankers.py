"""Every question has a ranker, and every ranker a question."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from bot.errors import VerbatimError
from bot.search.data_files import DATA
from bot.search.embedding.embedder import ModelFamily
from bot.search.ranking.embedding_features import SIMILARITIES
from bot.search.ranking.first_stage import load_coefficients
from bot.search.ranking.rankers import DEFAULT, FITTED, LEXICAL, RANKERS, Rankers, ranker_for
from bot.search.resources import resources

COMBINATIONS = list(product((None, *ModelFamily), (False, True)))


@pytest.mark.parametrize(("family", "foreign"), COMBINATIONS)
def test_every_combination_has_fitted_coefficients(
    family: ModelFamily | None, foreign: bool
) -> None:
    """With weights for similarities of meaning where there is a model, and only there."""
    coefficients = resources().rankers[ranker_for(family, foreign=foreign)]
    assert coefficients.similarities == (() if family is None else SIMILARITIES)


def test_every_file_of_coefficients_is_used() -> None:
    """None stands there that no question comes to, and none is missing."""
    named = {ranker_for(family, foreign=foreign) for family, foreign in COMBINATIONS}
    assert named == RANKERS == set(resources().rankers)
    assert set(FITTED) == named - {DEFAULT}
    assert set(FITTED.values()) == {path.name for path in DATA.glob("ranking*.json")}


def test_the_default_is_half_of_words_alone_and_half_of_a_model() -> None:
    """Where words weigh less than that, a weaker model does harm; similarities stand last."""
    default, words, model = (resources().rankers[name] for name in (DEFAULT, LEXICAL, "minilm"))
    assert default.features == pytest.approx((words.features + model.features) / 2)
    assert default.similarity_weights == pytest.approx(model.similarity_weights / 2)
    for name in ("answerable", "right", "conversation"):
        half, some, more = (getattr(one, name) for one in (default, words, model))
        assert len(half) == len(more) > len(some)
        assert half[: len(some)] == pytest.approx((some + more[: len(some)]) / 2)
        assert half[len(some) :] == pytest.approx(more[len(some) :] / 2)


def test_without_vectors_words_alone_decide() -> None:
    """In whatever language it is asked."""
    assert {ranker_for(None, foreign=foreign) for foreign in (False, True)} == {LEXICAL}


def test_a_stale_ranker_does_not_keep_texts_from_being_loaded(tmp_path: Path) -> None:
    """A fit for a new list of features begins with the files of the old one."""
    (tmp_path / FITTED[LEXICAL]).write_text('{"similarities": {}}', encoding="utf-8")
    rankers = Rankers(lambda file: load_coefficients(tmp_path / file))
    assert set(rankers) == RANKERS
    with pytest.raises(VerbatimError, match=r"ranking\.json"):
        rankers[LEXICAL]
