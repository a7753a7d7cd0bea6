"""Both backends of the index find the same, and what `Index` promises."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.bm25 import backends, index
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Index, lucene_idf, lucene_idfs, lucene_lengths, total_idf
from bot.search.bm25.okapi import OkapiIndex
from bot.search.bm25.posting_index import PostingIndex
from tests.search.bm25.corpora import CORPUS, Terms, corpora, equally, queries, ranges, words, zipf

Build = Callable[[list[Terms]], Index]
BACKENDS: dict[str, Build] = {
    "rank-bm25": lambda corpus: OkapiIndex(ForwardIndex.build(corpus)),
    "posting lists": lambda corpus: PostingIndex.build(ForwardIndex.build(corpus)),
}


@pytest.fixture(params=BACKENDS, ids=list(BACKENDS))
def build(request: pytest.FixtureRequest) -> Build:
    """Build the index of a corpus with one of the backends."""
    return BACKENDS[request.param]


@given(corpora, queries, st.integers(1, 12), st.one_of(st.none(), ranges))
def test_both_backends_find_the_same(
    corpus: list[Terms], query: dict[str, float], k: int, within: list[range] | None
) -> None:
    """The same passages in the same order, with the same scores, also where scores are equal."""
    forward = ForwardIndex.build(corpus)
    okapi, postings = OkapiIndex(forward), PostingIndex.build(forward)
    assert okapi.candidates(query, k, within) == postings.candidates(query, k, within)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("k1", "b"), [(0.4, 0.5), (1.5, 0.75), (1.2, 0.0), (2.0, 1.0)])
def test_both_backends_find_the_same_in_natural_distributions(
    seed: int, k1: float, b: float
) -> None:
    """Whatever the parameters; terms that no passage has included."""
    rng = np.random.default_rng(seed)
    forward = ForwardIndex.build(zipf(seed, int(rng.choice([1, 5, 60, 400, 1500]))))
    okapi, postings = OkapiIndex(forward, k1, b), PostingIndex.build(forward, k1, b)
    for _ in range(12):
        asked = [f"w{w}" for w in rng.integers(1, 320, int(rng.integers(1, 8)))]
        query = dict(zip(asked, (rng.integers(1, 11, len(asked)) / 10).tolist(), strict=True))
        k = int(rng.choice([1, 3, 50]))
        for weighted in (query, equally(*query)):
            assert okapi.candidates(weighted, k) == postings.candidates(weighted, k)


@given(corpora, st.sampled_from(["", "a", "b", "z"]), st.integers(1, 6))
def test_both_backends_have_the_same_statistics(
    corpus: list[Terms], prefix: str, limit: int
) -> None:
    """Document frequencies, and which terms with a prefix are most frequent."""
    forward = ForwardIndex.build(corpus, extra_terms=["extra"])
    okapi, postings = OkapiIndex(forward), PostingIndex.build(forward)
    assert okapi.corpus_size == postings.corpus_size == len(corpus)
    for term in ["a", "b", "extra", "unknown"]:
        df = sum(term in passage for passage in corpus)
        assert okapi.document_frequency(term) == postings.document_frequency(term) == df
    found = okapi.frequent_terms(prefix, limit)
    assert found == postings.frequent_terms(prefix, limit)
    every = sorted(-okapi.document_frequency(t) for t in forward.vocabulary if t.startswith(prefix))
    assert [-df for _, df in found] == every[:limit]


@given(corpora, queries, st.integers(1, 5))
def test_candidates_are_the_best_in_order_and_have_a_term(
    corpus: list[Terms], query: dict[str, float], k: int
) -> None:
    """Ties by number, scores above 0 and finite."""
    passages, scores = PostingIndex.build(ForwardIndex.build(corpus)).candidates(query, k)
    assert np.isfinite(scores).all()
    assert all(score > 0 for score in scores)
    assert all(set(query) & set(corpus[number]) for number in passages)
    ranked = [(-score, number) for number, score in zip(passages, scores, strict=True)]
    assert ranked == sorted(ranked)
    assert len(passages) == min(k, sum(bool(set(query) & set(p)) for p in corpus))


def test_weights_count(build: Build) -> None:
    """A term of half the weight adds half as much."""
    built = build(CORPUS)
    whole = dict(zip(*built.candidates({"toll": 1.0, "map": 1.0}), strict=True))
    half = dict(zip(*built.candidates({"toll": 1.0, "map": 0.5}), strict=True))
    assert half[4] == pytest.approx(whole[4] / 2, abs=1e-4)
    assert half[3] == whole[3]


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_nothing_to_search_finds_nothing(build: Build, corpus: list[Terms]) -> None:
    """Without an error."""
    assert build(corpus).candidates(equally("bridge")).passages == []


def test_a_query_of_nothing_finds_nothing(build: Build) -> None:
    """Also one of terms that no passage has, or in no range."""
    built = build(CORPUS)
    assert built.candidates({}).passages == []
    assert built.candidates(equally("unknown")).passages == []
    assert built.candidates(equally("bridge"), 5, []).passages == []


def test_terms_beyond_the_limit_are_ignored(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no sum of impacts overflows."""
    built = build(CORPUS)
    for module in ("okapi", "posting_index"):
        monkeypatch.setattr(f"bot.search.bm25.{module}.MAX_QUERY_TERMS", 1)
    assert built.candidates(equally("ferry", "map")).passages == [2]


@pytest.mark.parametrize("weight", [0.0, -1.0, 1.5, float("nan"), float("inf")])
def test_a_weight_without_a_meaning_is_refused(build: Build, weight: float) -> None:
    """Whether a passage has the term or not."""
    for term in ("toll", "unknown"):
        with pytest.raises(ValueError, match="weight"):
            build(CORPUS).candidates({term: weight})


@pytest.mark.parametrize(
    "within", [[range(0, 4, 2)], [range(-1, 2)], [range(2, 4), range(1, 3)], [range(3, 1)]]
)
def test_ranges_that_do_not_rise_are_refused(build: Build, within: list[range]) -> None:
    """So is a k below 1."""
    with pytest.raises(ValueError, match="ranges"):
        build(CORPUS).candidates(equally("toll"), 5, within)
    with pytest.raises(ValueError, match="k must"):
        build(CORPUS).candidates(equally("toll"), 0)


@pytest.mark.parametrize("backend", [OkapiIndex, PostingIndex.build])
@pytest.mark.parametrize(
    ("k1", "b"), [(-1, 0.5), (float("inf"), 0.5), (1, 1.1), (1, -0.1), (99, 0.5)]
)
def test_parameters_without_a_meaning_are_refused(
    backend: Callable[[ForwardIndex, float, float], Index], k1: float, b: float
) -> None:
    """When the index is built, not when it is asked."""
    with pytest.raises(ValueError, match="k1"):
        backend(ForwardIndex.build(CORPUS), k1, b)


def test_a_string_in_place_of_a_list_of_terms_is_refused() -> None:
    """It would be read as letters."""
    with pytest.raises(TypeError):
        ForwardIndex.build(["a string"])


def test_saying_a_word_twice_hardly_counts_more_than_once(build: Build) -> None:
    """A sentence repeats a word for its grammar, not because it is about it: 1.17 times at k1 = .4."""
    built = build([["ferry", "toll"], ["ferry", "ferry"], ["road", "map"]])
    (first, second), (twice, once) = built.candidates(equally("ferry"))
    assert (first, second) == (1, 0)
    assert 1.1 < twice / once < 1.25


def test_a_sentence_of_twice_the_usual_length_loses_about_an_eighth(build: Build) -> None:
    """Length says little of sentences, and something: 1.4 / 1.6 at b = .5, nothing at 0, 1.4 / 1.8 at 1."""
    some = [f"w{n}" for n in range(12)]
    usual, long = ["ferry", *some[:3]], ["ferry", *some[3:10]]
    corpus = [usual, long, some[10:12], some[10:12]]
    assert ForwardIndex.build(corpus).average_length == 4
    one, other = build(corpus).candidates(equally("ferry")).scores
    assert 0.85 < other / one < 0.9


def test_a_term_in_most_passages_weighs_little_and_never_nothing(build: Build) -> None:
    """Lucene's idf; half as rare is worth more than half as much."""
    built = build([["toll", "road"], ["toll", "ferry"], ["toll"], ["toll", "ferry"]])
    toll, ferry, road = (total_idf(built, [term]) for term in ("toll", "ferry", "road"))
    assert 0 < toll < 0.3 < ferry < road < 2 * ferry
    assert len(built.candidates(equally("toll")).passages) == 4


def test_an_unknown_term_counts_as_the_rarest(build: Build) -> None:
    """A question half of which nobody wrote about scores low."""
    built = build(CORPUS)
    parts = [total_idf(built, [term]) for term in ("bridge", "ferry", "unheard")]
    assert all(one < other for one, other in pairwise(parts))
    assert total_idf(built, ["ferry", "unheard", "ferry"]) == pytest.approx(parts[1] + parts[2])


@given(corpora, st.lists(words, min_size=1, max_size=4))
def test_no_score_exceeds_the_terms_idf_by_more_than_repeats_add(
    corpus: list[Terms], terms: Terms
) -> None:
    """What a term adds saturates at k1 + 1 times its idf."""
    built = OkapiIndex(ForwardIndex.build(corpus))
    highest = total_idf(built, terms) * (index.K1 + 1)
    assert all(score <= highest + 1e-3 for score in built.candidates(equally(*terms)).scores)


@given(st.lists(st.integers(1, 1_000_000), min_size=1), st.integers(0, 1_000_000))
def test_the_idf_of_one_term_is_that_of_many(frequencies: list[int], more: int) -> None:
    """And above 0."""
    passages = max(frequencies) + more
    found = lucene_idfs(np.array(frequencies), passages)
    assert found == pytest.approx([lucene_idf(df, passages) for df in frequencies], rel=1e-12)
    assert (found > 0).all()


@pytest.mark.parametrize(("limit", "kind"), [(4, PostingIndex), (5, OkapiIndex)])
def test_an_index_made_of_its_arrays_finds_the_same(
    limit: int, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of rank-bm25 saves none, and is built again."""
    monkeypatch.setattr(backends, "MAX_OKAPI", limit)
    forward = ForwardIndex.build(CORPUS, extra_terms=["extra"])
    saved = {**forward.arrays(), **backends.build_arrays(forward)}
    built = backends.open_index(forward, saved)
    assert type(built) is kind
    again = {**forward.arrays(), **backends.arrays_of(built)}
    assert again.keys() == saved.keys()
    back = backends.open_index(ForwardIndex.from_arrays(again), again)
    for query in (equally("toll", "old"), {"river": 0.5, "map": 1.0}):
        assert back.candidates(query) == built.candidates(query)


def test_an_index_is_dropped_when_nobody_uses_it(build: Build) -> None:
    """At once, so that after a reload the memory of the old one is free."""
    built = build(CORPUS)
    assert built.candidates(equally("ferry", "nowhere")).passages == [2]
    gone = weakref.ref(built)
    del built
    assert gone() is None


def test_lengths_are_rounded_as_lucene_stores_them() -> None:
    """Exact up to 40 terms, then coarser; the values are those of Lucene's SmallFloat."""
    lengths = [0, 1, 23, 24, 39, 40, 41, 42, 56, 59, 100, 1_000, 1 << 20]
    rounded = [0, 1, 23, 24, 39, 40, 40, 42, 56, 56, 96, 984, 24 + (15 << 16)]
    assert lucene_lengths(np.array(lengths)).tolist() == rounded


def test_every_backend_rounds_the_lengths_of_long_passages() -> None:
    """So that they and OpenSearch find the same: here both passages count as 96 terms long."""
    corpus = [["a"] + ["b"] * 102, ["a"] + ["b"] * 99, ["c"]]
    for build in BACKENDS.values():
        found = build(corpus).candidates(equally("a"))
        assert found.passages == [0, 1]
        assert found.scores[0] == found.scores[1]
