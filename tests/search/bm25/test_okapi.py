"""rank-bm25's own scores where it is right, and none of its faults where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from rank_bm25 import BM25Okapi

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.okapi import OkapiIndex
from tests.search.bm25.corpora import CORPUS, Terms, equally, zipf


def okapi(corpus: list[Terms]) -> OkapiIndex:
    return OkapiIndex(ForwardIndex.build(corpus))


@pytest.mark.parametrize(("k1", "b"), [(1.5, 0.75), (0.4, 0.5), (1.2, 0.0), (2.0, 1.0)])
def test_scores_are_rank_bm25s(k1: float, b: float) -> None:
    """With Lucene's idf in place of its own, for every passage with a term of the query."""
    corpus = [passage or ["nothing"] for passage in zipf(3, 400)]  # at b = 1 theirs would be nan
    index = OkapiIndex(ForwardIndex.build(corpus), k1, b)
    theirs = BM25Okapi(corpus, k1=k1, b=b)
    theirs.idf = index.idf
    for asked in (["w1"], ["w3", "w40", "w8"], [f"w{n}" for n in range(1, 20)]):
        passages, scores = index.candidates(equally(*asked), 400)
        expected = theirs.get_scores(asked)
        assert scores == pytest.approx(expected[passages], abs=1e-3)
        assert len(passages) == (expected > 0).sum()
        assert np.abs(index.get_scores(asked) - expected).max() < 1e-9


def test_a_term_in_half_of_the_passages_counts() -> None:
    """rank-bm25 gives it an idf of 0, so that of two passages neither matches."""
    two = [["bridge"], ["ferry"]]
    assert not BM25Okapi(two).get_scores(["bridge"]).any()
    assert okapi(two).candidates(equally("bridge")).passages == [0]
    assert okapi(two).get_scores(["bridge"])[0] > 0


def test_a_common_term_never_counts_against_a_passage() -> None:
    """rank-bm25 can put the best match last."""
    same = [["toll"], ["toll"], ["toll", "road"]]
    assert min(BM25Okapi(same).idf.values()) < 0
    assert min(okapi(same).idf.values()) > 0


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_nothing_to_search_is_no_error(corpus: list[Terms]) -> None:
    """rank-bm25 divides by zero."""
    with pytest.raises(ZeroDivisionError):
        BM25Okapi(corpus)
    assert okapi(corpus).candidates(equally("bridge")).passages == []


def test_a_passage_without_a_term_is_no_candidate() -> None:
    """get_top_n gives n passages whatever matched."""
    assert len(BM25Okapi(CORPUS).get_top_n(["ferry"], CORPUS, 5)) == 5
    assert okapi(CORPUS).candidates(equally("ferry"), 5).passages == [2]


def test_equal_scores_are_in_the_order_of_the_passages() -> None:
    """get_top_n sorts with an unstable sort."""
    same = [["toll"], ["toll"], ["road"], ["road"], ["map"]]
    assert okapi(same).candidates(equally("toll")).passages == [0, 1]
