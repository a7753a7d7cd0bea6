"""BM25 on rank-bm25: equal to it where it is right, and without its faults."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.retrieval.index import Bm25Index

CORPUS = [
    ["old", "bridge", "river"],
    ["new", "bridge"],
    ["ferry", "river", "river", "toll"],
    ["toll", "road"],
    ["road", "map", "old"],
]

words = st.sampled_from(["a", "b", "c", "d", "e"])
corpora = st.lists(st.lists(words, max_size=6), min_size=1, max_size=12)


def test_scores_are_rank_bm25s_but_for_the_idf() -> None:
    """With rank-bm25's own idf in place of ours, the sums agree to 1e-6."""
    ours, theirs = Bm25Index(CORPUS, k1=1.5, b=0.75), BM25Okapi(CORPUS, k1=1.5, b=0.75)
    for term in ("ferry", "map", "new"):
        scaled = ours.get_scores([term]) * theirs.idf[term] / ours.idf[term]
        assert scaled == pytest.approx(theirs.get_scores([term]), abs=1e-6)


def test_a_term_in_half_of_the_passages_still_counts() -> None:
    """rank-bm25 gives it an idf of 0, so that of two passages neither matches."""
    two = [["bridge"], ["ferry"]]
    assert not BM25Okapi(two).get_scores(["bridge"]).any()
    numbers, scores = Bm25Index(two).candidates(["bridge"], 10)
    assert numbers.tolist() == [0]
    assert scores[0] > 0


def test_a_common_term_never_counts_against_a_passage() -> None:
    """rank-bm25 can put the best match last."""
    same = [["toll"], ["toll"], ["toll", "road"]]
    assert min(BM25Okapi(same).idf.values()) < 0
    assert min(Bm25Index(same).idf.values()) > 0


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_nothing_to_search_finds_nothing(corpus: list[list[str]]) -> None:
    """rank-bm25 divides by zero."""
    numbers, scores = Bm25Index(corpus).candidates(["bridge"], 10)
    assert len(numbers) == len(scores) == 0


def test_a_repeated_word_counts_once() -> None:
    """Shouting does not change the order."""
    index = Bm25Index(CORPUS)
    assert index.get_scores(["toll", "toll"]) == pytest.approx(index.get_scores(["toll"]))


def test_only_the_passages_within_a_range_are_found() -> None:
    """So one source can be asked alone."""
    numbers, _ = Bm25Index(CORPUS).candidates(["river", "toll"], 10, within=range(2, 4))
    assert set(numbers.tolist()) == {2, 3}


@given(corpora, st.lists(words, max_size=4), st.integers(1, 5))
def test_candidates_are_the_best_in_order_and_hold_a_term(
    corpus: list[list[str]], terms: list[str], limit: int
) -> None:
    """Never a passage without one, ties by number, scores above 0 and finite."""
    index = Bm25Index(corpus)
    numbers, scores = index.candidates(terms, limit)
    assert len(numbers) <= limit
    assert np.isfinite(scores).all()
    assert (scores > 0).all()
    assert all(set(terms) & set(corpus[number]) for number in numbers.tolist())
    ranked = list(zip((-scores).tolist(), numbers.tolist(), strict=True))
    assert ranked == sorted(ranked)
    matching = sum(bool(set(terms) & set(passage)) for passage in corpus)
    assert len(numbers) == min(limit, matching)


@given(corpora, st.lists(words, min_size=1, max_size=4))
def test_no_score_exceeds_the_ceiling(corpus: list[list[str]], terms: list[str]) -> None:
    """The sum of idf, times what repeated terms can add at most."""
    index = Bm25Index(corpus)
    assert (index.get_scores(terms) <= index.ceiling(terms) * (index.k1 + 1) + 1e-9).all()


def test_the_ceiling_counts_unknown_terms_as_the_rarest() -> None:
    """A question half of which nobody wrote about scores low."""
    index = Bm25Index(CORPUS)
    parts = [index.ceiling([term]) for term in ("bridge", "ferry", "unheard")]
    assert all(one < other for one, other in pairwise(parts))
    assert index.ceiling(["ferry", "unheard"]) == pytest.approx(parts[1] + parts[2])
