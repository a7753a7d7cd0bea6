"""Upper bounds of scores never leave out one of the best."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.bm25 import upper_bounds
from bot.search.bm25.keys import to_candidates
from bot.search.bm25.upper_bounds import best_by_bounds, cells_fit

UNIT = 1 << 12


@pytest.fixture(autouse=True)
def sixteen_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upper_bounds, "CELLS", 16)


def best(postings: list[list[tuple[int, int]]], k: int) -> list[int]:
    """The best k passages of 64, given each term's passages and impacts."""
    flat = np.array([impact << 32 | passage for term in postings for passage, impact in term])
    ends = np.cumsum([len(term) for term in postings]).tolist()
    lists = sorted(
        (-max(impact for _, impact in term), end - len(term), end, 1.0)
        for term, end in zip(postings, ends, strict=True)
    )
    scores = np.zeros(64, np.int32)
    keys = best_by_bounds(flat, lists, k, np.ones(16, np.uint16), scores)
    assert not scores.any()
    assert keys is not None
    return to_candidates(keys[: -k - 1 : -1]).passages


def test_what_is_lost_by_rounding_down_is_allowed_for() -> None:
    """Passage 2 is better than passage 1 by what its cell leaves out, and passage 17 hides that."""
    postings = [
        [(1, 20 * UNIT)],
        [(2, 10 * UNIT - 1)],
        [(2, 11 * UNIT - 1), (17, 3 * UNIT)],
    ]
    assert best(postings, 1) == [2]


def test_a_cell_of_many_passages_is_only_a_bound() -> None:
    """The passages in the highest cell are not the best."""
    postings = [
        [(1, 9 * UNIT), (5, 8 * UNIT), (17, 9 * UNIT), (33, 9 * UNIT)],
        [(5, 2 * UNIT), (49, 9 * UNIT)],
    ]
    assert best(postings, 1) == [5]
    assert best(postings, 2) == [5, 1]


def test_no_bound_is_kept_of_a_query_before() -> None:
    """The cells are cleared first; here they are all 1."""
    assert best([[(1, 1), (2, 2), (3, 3)]], 2) == [3, 2]


def test_no_term_in_k_passages_gives_no_first_guess() -> None:
    """Then nothing is left out."""
    assert best_by_bounds(np.array([1 << 32]), [(-1, 0, 1, 1.0)], 2, *_boards()) is None


@pytest.mark.parametrize(("ceiling", "fits"), [(16_383, True), (16_384, False)])
def test_cells_must_not_overflow(ceiling: int, fits: bool) -> None:
    """Of 63 passages up to four share a cell, which counts to 65,535."""
    assert cells_fit([(-ceiling * UNIT, 0, 1, 1.0)], 63) is fits


def _boards() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(16, np.uint16), np.zeros(64, np.int32)
