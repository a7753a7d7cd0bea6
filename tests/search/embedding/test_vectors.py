"""Vectors in bytes: as near to the cosine as that allows."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.embedding.embedder import Floats
from bot.search.embedding.vectors import Vectors, quantise


def unit(count: int, seed: int = 0) -> Floats:
    found = np.random.default_rng(seed).standard_normal((count, 48)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


@pytest.mark.parametrize("gather", [True, False])
def test_cosines_are_those_of_the_floats_to_a_hundredth(gather: bool) -> None:
    """Whether the rows were copied or are read where they are."""
    rows = np.array([7, 7, 3, 0, 49])
    floats = unit(50)
    vectors = Vectors.of(quantise(floats), rows, gather=gather)
    question = unit(1, seed=1)[0]
    found = vectors.cosines(question, np.arange(len(rows)))
    np.testing.assert_allclose(found, floats[rows] @ question, atol=0.01)


@pytest.mark.parametrize("gather", [True, False])
def test_the_nearest_are_found_within_a_range(gather: bool) -> None:
    """In rising order, over several blocks, and never outside the range."""
    floats = unit(6_000)
    vectors = Vectors.of(quantise(floats), np.arange(6_000)[::-1].copy(), gather=gather)
    question = unit(1, seed=2)[0]
    cosines = vectors.cosines(question, np.arange(6_000))
    within = range(1_000, 5_500)
    found = vectors.nearest(question, 20, within)
    best = sorted(within, key=lambda item: (-cosines[item], item))[:20]
    assert found.tolist() == sorted(best)


def test_of_fewer_than_asked_for_all_are_nearest() -> None:
    """An empty range has none."""
    vectors = Vectors.of(quantise(unit(3)), np.arange(3), gather=True)
    assert vectors.nearest(unit(1)[0], 16, range(3)).tolist() == [0, 1, 2]
    assert vectors.nearest(unit(1)[0], 16, range(1, 1)).tolist() == []


def test_a_zero_vector_harms_nothing() -> None:
    """A text of which the model makes nothing is simply far."""
    vectors = Vectors.of(quantise(np.zeros((1, 48), np.float32)), np.arange(1), gather=True)
    assert vectors.cosines(unit(1)[0], np.arange(1)).tolist() == [0.0]
