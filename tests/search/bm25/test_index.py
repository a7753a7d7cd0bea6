"""BM25 on rank-bm25: equal to it where it is right, exact on every path, and without its faults."""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rank_bm25 import BM25L, BM25Okapi, BM25Plus

from bot.search.bm25 import index as index_module
from bot.search.bm25 import postings
from bot.search.bm25.index import Bm25Index

Terms = list[str]
CORPUS = [
    ["old", "bridge", "river"],
    ["new", "bridge"],
    ["ferry", "river", "river", "toll"],
    ["toll", "road"],
    ["road", "map", "old"],
]

words = st.sampled_from(["a", "b", "c", "d", "e"])
corpora = st.lists(st.lists(words, max_size=6), min_size=1, max_size=12)

# The constants that send a question down a path, whatever its length.
PATHS: dict[str, dict[str, int]] = {
    "as measured": {},
    "plain python": {"FEW": 1 << 60, "LISTED": 1 << 60},
    "plain python out of arrays": {"FEW": 1 << 60, "LISTED": -1},
    "one batch": {"FEW": -1, "BATCH": 1 << 40, "LONG": 1 << 60},
    "floor": {"FEW": -1, "BATCH": 0, "SAMPLE": 1, "LONG": 1 << 60},
    "blocks": {"FEW": -1, "BATCH": 0, "SAMPLE": 2, "LONG": -1, "BLOCK": 7},
}


@pytest.fixture(params=PATHS, ids=list(PATHS))
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Send every question down one of the paths."""
    for name, value in PATHS[request.param].items():
        monkeypatch.setattr(postings, name, value)
    return str(request.param)


def zipf(seed: int, passages: int, longest: int = 12) -> list[Terms]:
    """Passages of words as common as words are."""
    rng = np.random.default_rng(seed)
    draw = np.minimum(rng.zipf(1.3, (passages, longest)), 300)
    lengths = rng.integers(0, longest, passages).tolist()
    return [[f"w{w}" for w in row[:n]] for row, n in zip(draw.tolist(), lengths, strict=True)]


def okapi_idf(df: NDArray[np.int64], passages: int) -> NDArray[np.float64]:
    """Rank-bm25's idf, without its floor."""
    return np.asarray(np.log(passages - df + 0.5) - np.log(df + 0.5))


@pytest.mark.parametrize("seed", range(8))
def test_every_path_finds_exactly_the_exhaustive_best(path: str, seed: int) -> None:
    """Passages, scores and their order, with a range or without."""
    rng = np.random.default_rng(seed)
    size = int(rng.choice([1, 5, 60, 400, 3000]))
    index = Bm25Index(zipf(seed, size))
    low, high = sorted(rng.integers(0, size + 1, 2).tolist())
    for _ in range(12):
        asked = [f"w{w}" for w in rng.integers(1, 320, int(rng.integers(1, 8)))]
        k = int(rng.choice([1, 3, 50]))
        for within in (None, range(low, high)):
            scores = index.get_scores(asked)
            if within is not None:
                scores[: within.start] = scores[within.stop :] = 0
            order = np.lexsort((np.arange(size), -scores))
            order = order[scores[order] > 0][:k]
            found = index.candidates(asked, k, within)
            assert found.passages == order.tolist()
            assert found.scores == scores[order].tolist()


@given(
    st.lists(st.lists(words, max_size=6), max_size=12),
    st.dictionaries(words, st.floats(0.01, 3)),
    st.integers(1, 12),
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
)
def test_a_small_index_finds_what_a_large_one_would(
    corpus: list[Terms], weights: dict[str, float], k: int, edges: tuple[int, int]
) -> None:
    """To the last bit of a score: with weights, in a range, and with passages that score the same."""
    index = Bm25Index(corpus)
    within = range(min(edges), max(edges))
    for asked in (weights, list(weights)):
        for kept in (None, within):
            found = index.candidates(asked, k, kept)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(postings, "FEW", -1)
                assert found == index.candidates(asked, k, kept)


def test_weights_count(path: str) -> None:
    """A term of half the weight adds half as much."""
    index = Bm25Index(CORPUS)
    whole = dict(zip(*index.candidates({"toll": 1.0, "map": 1.0}), strict=True))
    half = dict(zip(*index.candidates({"toll": 1.0, "map": 0.5}), strict=True))
    assert half[4] == pytest.approx(whole[4] / 2)
    assert half[3] == whole[3]


@pytest.mark.parametrize(("k1", "b"), [(1.5, 0.75), (0.4, 0.5), (1.2, 0.0), (2.0, 1.0)])
def test_scores_are_rank_bm25s_where_it_is_right(k1: float, b: float) -> None:
    """With its own idf in place of Lucene's, to 1e-6 of the score, for terms above its floor."""
    corpus = zipf(3, 400)
    theirs = BM25Okapi(corpus, k1=k1, b=b)
    rare = [term for term, idf in theirs.idf.items() if idf > theirs.epsilon * theirs.average_idf]
    kept = [[term for term in passage if term in set(rare)] or ["nothing"] for passage in corpus]
    theirs, ours = BM25Okapi(kept, k1=k1, b=b), Bm25Index(kept, k1=k1, b=b, idf=okapi_idf)
    for asked in (rare[:1], rare[3:8], rare[:20]):
        assert ours.get_scores(asked) == pytest.approx(theirs.get_scores(asked), rel=1e-6, abs=1e-6)


def test_a_term_in_half_of_the_passages_still_counts() -> None:
    """rank-bm25 gives it an idf of 0, so that of two passages neither matches."""
    two = [["bridge"], ["ferry"]]
    assert not BM25Okapi(two).get_scores(["bridge"]).any()
    found = Bm25Index(two).candidates(["bridge"])
    assert found.passages == [0]
    assert found.scores[0] > 0


def test_a_common_term_never_counts_against_a_passage() -> None:
    """rank-bm25 can put the best match last."""
    same = [["toll"], ["toll"], ["toll", "road"]]
    assert min(BM25Okapi(same).idf.values()) < 0
    assert min(Bm25Index(same).idf.values()) > 0


def test_a_passage_without_a_term_is_no_candidate() -> None:
    """BM25Plus scores it above 0, BM25L counts wrongly, and get_top_n returns n whatever matched."""
    assert (BM25Plus(CORPUS).get_scores(["ferry"]) > 0).all()
    assert not np.isclose(BM25L(CORPUS).get_scores(["ferry"])[2], 0)
    assert len(BM25Okapi(CORPUS).get_top_n(["ferry"], CORPUS, 5)) == 5
    assert Bm25Index(CORPUS).get_top_n(["ferry"], CORPUS, 5) == [CORPUS[2]]


@pytest.mark.parametrize("corpus", [[], [[]], [[], []]])
def test_nothing_to_search_finds_nothing(corpus: list[Terms]) -> None:
    """rank-bm25 divides by zero."""
    assert Bm25Index(corpus).candidates(["bridge"]).passages == []
    with pytest.raises(ZeroDivisionError):
        BM25Okapi(corpus)


def test_a_repeated_word_counts_once() -> None:
    """rank-bm25 counts it twice; shouting does not change the order here."""
    index, theirs = Bm25Index(CORPUS), BM25Okapi(CORPUS)
    assert index.get_scores(["toll", "toll"]) == pytest.approx(index.get_scores(["toll"]))
    assert theirs.get_scores(["map", "map"])[4] == pytest.approx(2 * theirs.get_scores(["map"])[4])


def test_a_string_in_place_of_a_list_is_refused() -> None:
    """rank-bm25 scores its letters."""
    with pytest.raises(TypeError):
        Bm25Index(["a string"])
    with pytest.raises(TypeError):
        Bm25Index(CORPUS).candidates("toll")


@pytest.mark.parametrize(("k1", "b"), [(-1, 0.5), (float("inf"), 0.5), (1, 1.1), (1, -0.1)])
def test_parameters_without_a_meaning_are_refused(k1: float, b: float) -> None:
    """At building, not at asking."""
    with pytest.raises(ValueError, match="k1"):
        Bm25Index(CORPUS, k1=k1, b=b)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_without_a_meaning_is_refused(weight: float) -> None:
    """So is a k below 1."""
    with pytest.raises(ValueError, match="weight"):
        Bm25Index(CORPUS).candidates({"toll": weight})
    with pytest.raises(ValueError, match="k must"):
        Bm25Index(CORPUS).candidates(["toll"], 0)


@given(corpora, st.lists(words, max_size=4), st.integers(1, 5))
def test_candidates_are_the_best_in_order_and_hold_a_term(
    corpus: list[Terms], terms: Terms, limit: int
) -> None:
    """Ties by number, scores above 0 and finite."""
    passages, scores = Bm25Index(corpus).candidates(terms, limit)
    assert np.isfinite(scores).all()
    assert all(score > 0 for score in scores)
    assert all(set(terms) & set(corpus[number]) for number in passages)
    ranked = [(-score, number) for number, score in zip(passages, scores, strict=True)]
    assert ranked == sorted(ranked)
    assert len(passages) == min(limit, sum(bool(set(terms) & set(p)) for p in corpus))


@given(corpora, st.lists(words, min_size=1, max_size=4))
def test_no_score_exceeds_the_ceiling(corpus: list[Terms], terms: Terms) -> None:
    """The sum of idf, times what repeated terms can add at most."""
    index = Bm25Index(corpus)
    assert (index.get_scores(terms) <= index.ceiling(terms) * (index.k1 + 1) + 1e-5).all()


def test_the_ceiling_counts_unknown_terms_as_the_rarest() -> None:
    """A question half of which nobody wrote about scores low."""
    index = Bm25Index(CORPUS)
    parts = [index.ceiling([term]) for term in ("bridge", "ferry", "unheard")]
    assert all(one < other for one, other in pairwise(parts))
    assert index.ceiling(["ferry", "unheard"]) == pytest.approx(parts[1] + parts[2])


def test_an_index_made_of_its_arrays_finds_the_same() -> None:
    """And cannot be changed."""
    index = Bm25Index(zipf(5, 300))
    back = Bm25Index.from_arrays(index.parameters(), index.arrays())
    asked = ["w1", "w7", "w40"]
    assert back.candidates(asked) == index.candidates(asked)
    assert dict(back.idf) == dict(index.idf)
    with pytest.raises(ValueError, match="read-only"):
        back.postings.pairs[0] = 1


@pytest.mark.parametrize("ready", [0, 1 << 16])
def test_an_index_goes_when_nobody_holds_it(ready: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, so that after a reload the memory of the old one is free; and finds the same without lists ready."""
    monkeypatch.setattr(index_module, "READY", ready)
    index = Bm25Index(CORPUS)
    assert index.candidates(["ferry", "nowhere"]).passages == [2]
    assert index.candidates({"toll": 0.5, "nowhere": 1.0}).passages == [3, 2]
    gone = weakref.ref(index)
    del index
    assert gone() is None


def test_threads_share_an_index() -> None:
    """Each gets the answer it would get alone."""
    index = Bm25Index(zipf(6, 3000))
    questions = [[f"w{i}", f"w{i + 1}", "w1"] for i in range(1, 40)]
    alone = [index.candidates(asked) for asked in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(index.candidates, questions)) == alone


def test_saying_a_word_twice_hardly_counts_more_than_once() -> None:
    """A sentence repeats a word for its grammar, not because it is about it: 1.17 times at k1 = .4."""
    same_length = [["ferry", "toll"], ["ferry", "ferry"], ["road", "map"]]
    once, twice, _ = Bm25Index(same_length).get_scores(["ferry"])
    assert 1.1 < twice / once < 1.25


def test_a_sentence_of_twice_the_usual_length_loses_about_an_eighth() -> None:
    """Length says little of sentences, and something: 1.4 / 1.6 at b = .5, nothing at 0, 1.4 / 1.8 at 1."""
    words = [f"w{n}" for n in range(12)]
    usual, long = ["ferry", *words[:3]], ["ferry", *words[3:10]]
    short = words[10:12]
    index = Bm25Index([usual, long, short, short])
    assert index.avgdl == 4
    one, other = index.get_scores(["ferry"])[:2]
    assert 0.85 < other / one < 0.9


def test_a_term_in_most_passages_weighs_little_and_never_nothing() -> None:
    """Lucene's idf; half as rare is worth more than half as much."""
    corpus = [["toll", "road"], ["toll", "ferry"], ["toll"], ["toll", "ferry"]]
    index = Bm25Index(corpus)
    toll, ferry, road = (index.ceiling([term]) for term in ("toll", "ferry", "road"))
    assert 0 < toll < 0.3 < ferry < road < 2 * ferry
