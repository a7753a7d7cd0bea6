"""OpenSearch finds what the embedded index finds."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Candidates
from bot.search.bm25.posting_index import PostingIndex
from bot.search.opensearch import remote_index
from bot.search.opensearch.indexes import Indexes
from bot.search.opensearch.remote_index import RemoteIndex
from tests.search.bm25.corpora import CORPUS, Terms, equally, zipf
from tests.search.opensearch.stand_in import StandIn

NEARLY = 1e-3
"""The embedded index rounds scores up to 1 / 65,536 a term, Lucene to float32."""


def built(indexes: Indexes, corpus: list[Terms]) -> tuple[RemoteIndex, PostingIndex]:
    """The index of `corpus` in the cluster, and the embedded one."""
    forward = ForwardIndex.build(corpus)
    local = PostingIndex.build(forward)
    return indexes.open(indexes.ensure(forward, local), forward, local), local


def assert_same(found: Candidates, expected: Candidates) -> None:
    """The same passages in the same order, except where scores are as good as equal."""
    assert found.scores == pytest.approx(expected.scores, rel=NEARLY)
    for place, number in enumerate(found.passages):
        other = expected.passages[place]
        if other != number:
            assert number in expected.passages
            score = expected.scores[expected.passages.index(number)]
            assert score == pytest.approx(expected.scores[place], rel=NEARLY)


@pytest.mark.parametrize("seed", range(2))
def test_it_finds_what_the_embedded_index_finds(either: Indexes, seed: int) -> None:
    """Also with passages without terms, repeated terms, and passages longer than Lucene counts exactly."""
    corpus = [*zipf(seed, 250), *zipf(seed + 9, 50, 90), [], []]
    remote, local = built(either, corpus)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        asked = [f"w{w}" for w in rng.integers(1, 120, int(rng.integers(1, 8)))]
        query = dict(zip(asked, (rng.integers(1, 11, len(asked)) / 10).tolist(), strict=True))
        # One more than is compared, since a tie at the end may be broken either way.
        expected, found = local.candidates(query, 300), remote.candidates(query, 300)
        assert_same(found, expected)
        within = [range(3, 40), range(100, 100), range(200, 260)]
        assert_same(remote.candidates(query, 300, within), local.candidates(query, 300, within))


def test_equal_scores_come_by_passage_number(either: Indexes) -> None:
    """As from the embedded index."""
    remote, _ = built(either, [["a"], ["b", "c"], ["a"], ["a"]])
    assert remote.candidates(equally("a"), 2).passages == [0, 2]


def test_any_term_can_be_searched_for(either: Indexes) -> None:
    """One too long for Lucene, and characters that JSON or UTF-8 cannot hold."""
    terms = ["x" * 40_000, "a\ud800b", 'quote"', "back\\slash", "two\nlines", "\0", "é", "語"]
    remote, _ = built(either, [[term] for term in terms] + [["x" * 39_999 + "y"]])
    for number, term in enumerate(terms):
        assert remote.candidates(equally(term)).passages == [number]


def test_nothing_to_find_costs_no_request(indexes: Indexes, stand_in: StandIn) -> None:
    """Unknown terms, no terms, no passages to search."""
    remote, _ = built(indexes, CORPUS)
    before = len(stand_in.requests)
    assert remote.candidates({}).passages == []
    assert remote.candidates(equally("unknown")).passages == []
    assert remote.candidates(equally("bridge"), 5, []).passages == []
    assert len(stand_in.requests) == before


def test_many_ranges_are_asked_in_parts(
    indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSearch limits the clauses of a query."""
    monkeypatch.setattr(remote_index, "_MAX_CLAUSES", 5)
    monkeypatch.setattr(remote_index, "_FEWEST_RANGES", 2)
    corpus = zipf(3, 60)
    remote, local = built(indexes, corpus)
    within = [range(at, at + 2) for at in range(0, 60, 3)]
    before = len(stand_in.requests)
    query = equally("w1", "w2", "w3")
    assert_same(remote.candidates(query, 9, within), local.candidates(query, 9, within))
    assert len(stand_in.requests) - before == 10


def test_a_query_is_checked_as_by_the_embedded_index(indexes: Indexes) -> None:
    """The same ValueErrors."""
    remote, _ = built(indexes, CORPUS)
    with pytest.raises(ValueError, match="k must be 1 or more"):
        remote.candidates(equally("toll"), 0)
