"""A hit's probability is that the texts say it, times that it is the right one if they do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.retrieval.ranking import SIGNS, dump_coefficients, load_coefficients, probabilities
from bot.retrieval.resources import resources

RANKERS = resources().rankers
LEXICAL = RANKERS["lexical"]


def logits(intercept: float, **weights: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([intercept, *(weights.get(name, 0.0) for name in SIGNS)], np.float32)


def test_what_the_texts_do_not_say_no_hit_answers() -> None:
    """However well one fits."""
    ranker = replace(LEXICAL, answerable=logits(-20), right=logits(20))
    signs = np.ones((2, len(SIGNS)), np.float32)
    assert probabilities(ranker, signs) == pytest.approx([0, 0], abs=1e-6)


def test_whether_the_texts_say_it_is_read_from_the_best_hit() -> None:
    """And which hit is right from its own signs."""
    ranker = replace(LEXICAL, answerable=logits(0, hit_held=9), right=logits(0, margin=1))
    signs = np.zeros((2, len(SIGNS)), np.float32)
    signs[0, SIGNS.index("hit_held")] = 1
    signs[:, SIGNS.index("margin")] = 2, -2
    there = 1 / (1 + np.exp(-9))
    assert probabilities(ranker, signs) == pytest.approx([
        there / (1 + np.exp(-2)), there / (1 + np.exp(2))
    ])  # fmt: skip


def test_no_hit_is_given_more_than_the_one_before_it() -> None:
    """The first keeps what it has: the order says better than the chance which comes first."""
    ranker = replace(LEXICAL, answerable=logits(20), right=logits(0, margin=1))
    signs = np.zeros((4, len(SIGNS)), np.float32)
    signs[:, SIGNS.index("margin")] = 1, 2, 0, 1
    first, second, third, fourth = probabilities(ranker, signs)
    assert first == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-6)
    assert second == first
    assert third == pytest.approx(0.5, abs=1e-6)
    assert fourth == third


def test_coefficients_come_back_from_their_file(tmp_path: Path) -> None:
    """Four decimals of each, by name."""
    dump_coefficients(LEXICAL, tmp_path / "ranking.json")
    again = load_coefficients(tmp_path / "ranking.json")
    assert again.right == pytest.approx(LEXICAL.right, abs=1e-4)
    assert again.answerable == pytest.approx(LEXICAL.answerable, abs=1e-4)
    assert again.given == pytest.approx(LEXICAL.given, abs=1e-4)
