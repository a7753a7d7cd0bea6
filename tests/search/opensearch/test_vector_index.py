"""OpenSearch's k-NN finds the passages that are near by their vectors, if not always all of them."""

from __future__ import annotations

import numpy as np
import pytest

from bot.search.embedding.calibration import AS_THEY_ARE
from bot.search.embedding.embedder import ModelFamily
from bot.search.embedding.question_embedder import QuestionEmbedder
from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.embedding.vectors import Rows, Vectors, quantise
from bot.search.opensearch import vector_documents, vector_index
from bot.search.opensearch.errors import BuildError, EngineError, EngineUnavailableError
from bot.search.opensearch.indexes import Indexes
from bot.search.opensearch.preconditions import lacks_knn
from bot.search.opensearch.vector_documents import VectorDocuments
from bot.search.opensearch.vector_index import VectorIndex
from tests.search.bm25.corpora import CORPUS
from tests.search.embedding.models import WordModel
from tests.search.opensearch.stand_in import StandIn
from tests.search.opensearch.test_indexes import texts

TERMS = "texts-0123456789abcdef-1"
DIMENSIONS = 24


def embeddings(rows: Rows, distinct: int = 400, seed: int = 1) -> PassageEmbeddings:
    """Those of passages with the vectors at `rows`, of so many `distinct` ones around some centres."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(20, DIMENSIONS))
    made = centres[rng.integers(20, size=distinct)] + rng.normal(size=(distinct, DIMENSIONS)) / 2
    vectors = Vectors.of(quantise(made.astype(np.float32)), rows, gather=False)
    return PassageEmbeddings(
        questions=QuestionEmbedder(WordModel()),
        family=ModelFamily.E5,
        passages=vectors,
        posts=vectors,
        foreign=lambda *_: None,
        scales=AS_THEY_ARE,
        fingerprint=f"{seed} {distinct} {rows.tolist()}",
    )


def built(indexes: Indexes, made: PassageEmbeddings) -> VectorIndex:
    """The index of the vectors in the cluster; the test is skipped where that has no k-NN."""
    if lacking := lacks_knn(indexes.nodes, 5):
        pytest.skip(lacking)
    return indexes.open_vectors(indexes.ensure_vectors(TERMS, made))


def test_it_finds_the_nearest(either: Indexes) -> None:
    """All of them where there are so few."""
    made = embeddings(np.arange(400))
    index = built(either, made)
    rng = np.random.default_rng(5)
    for number in rng.integers(400, size=10).tolist():
        asked = made.passages.vector(number)
        near = index.near(asked)
        assert len(near) == vector_index.FOUND
        assert (np.diff(near) > 0).all()
        assert set(made.passages.nearest(asked, 16, range(400)).tolist()) <= set(near.tolist())


def test_it_searches_only_the_passages_it_is_told_to(either: Indexes) -> None:
    """Also where a passage outside has the same vector, and comes first."""
    made = embeddings(np.concatenate([np.arange(400), np.arange(400)]))
    index = built(either, made)
    asked = made.passages.vector(7)
    assert 7 in index.near(asked)
    within = range(405, 500)
    near = index.near(asked, within)
    assert 407 in near
    assert set(near.tolist()) <= set(within)
    assert set(made.passages.nearest(asked, 16, within).tolist()) <= set(near.tolist())


def test_passages_with_one_vector_share_documents(
    indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not all of them one: a document stays small. None is lost where a request ends."""
    monkeypatch.setattr(vector_documents, "SHARED_BY", 3)
    monkeypatch.setattr(vector_documents, "BULK_VECTORS", 2)
    index = built(indexes, embeddings(np.array([5, 2, 5, 5, 9, 5, 5, 2]), 10))
    held = [numbers for numbers, _ in stand_in.indexes[index.name].documents.values()]
    assert held == [[1, 7], [0, 2, 3], [5, 6], [4]]


def test_vectors_stay_and_go_with_the_index_of_words(indexes: Indexes) -> None:
    """Also one that is no longer current, but still searched by this process."""
    old, new = indexes.ensure(*texts(CORPUS)), indexes.ensure(*texts(CORPUS[1:]))
    vectors = indexes.ensure_vectors(old, embeddings(np.arange(60), 60))
    indexes.swap(new)
    assert indexes.drop_others(old) == []
    assert indexes.drop_others(new) == [old, vectors]


def test_no_passages_make_no_documents() -> None:
    """As in an empty folder."""
    assert len(VectorDocuments.of(embeddings(np.zeros(0, np.int64), 0).passages)) == 0


def test_a_vector_of_zeros_is_stored(either: Indexes) -> None:
    """It has no direction, and OpenSearch refuses it; a model may make one of a text without words."""
    made = embeddings(np.arange(50), 50)
    made.passages.bytes[3] = 0
    index = built(either, made)
    assert len(index.near(made.passages.vector(4))) == 50
    assert len(index.near(made.passages.vector(3))) == 0


def test_the_name_changes_with_the_vectors(indexes: Indexes) -> None:
    """And with the index of words: both are of the same passages."""
    one, other = embeddings(np.arange(9)), embeddings(np.arange(8))
    names = {
        indexes.name_for_vectors(terms, made)
        for terms in (TERMS, "texts-1")
        for made in (one, other)
    }
    assert len(names) == 4
    assert all(name.startswith("texts-") for name in names)


def test_an_index_that_does_not_find_its_vectors_is_dropped(
    indexes: Indexes, stand_in: StandIn
) -> None:
    """Before anyone is answered."""
    nothing = {"_shards": {"total": 1, "successful": 1, "failed": 0}, "hits": {"hits": []}}
    stand_in.fault = lambda _, path: (200, nothing) if path.endswith("_search") else None
    with pytest.raises(BuildError, match="20 of 20 vectors are not found"):
        built(indexes, embeddings(np.arange(60), 60))
    assert stand_in.indexes == {}


@pytest.mark.parametrize("hits", [[{}], [{"fields": {"n": []}}], {"n": 1}, None])
def test_an_invalid_response_is_an_error_of_the_cluster(
    indexes: Indexes, stand_in: StandIn, hits: object
) -> None:
    """Not of the question."""
    made = embeddings(np.arange(60), 60)
    index = built(indexes, made)
    answer = {"_shards": {"total": 1, "successful": 1, "failed": 0}, "hits": {"hits": hits}}
    stand_in.fault = lambda *_: (200, answer)
    with pytest.raises(EngineUnavailableError, match="an invalid response"):
        index.near(made.passages.vector(0))


def test_a_cluster_lacks_k_nn_unless_each_node_has_it(indexes: Indexes, stand_in: StandIn) -> None:
    """An index could not be copied to one without."""
    assert lacks_knn(indexes.nodes, 5) == ""
    stand_in.plugins = [{"name": "n0", "component": "opensearch-knn"}]
    assert lacks_knn(indexes.nodes, 5) == "the plugin opensearch-knn is installed, but not on n1"
    stand_in.plugins = [{"name": "n1", "component": "analysis-icu"}]
    assert lacks_knn(indexes.nodes, 5) == "the plugin opensearch-knn is not installed"
    for nonsense in ([None], [{"component": "opensearch-knn"}]):
        stand_in.fault = lambda *_, said=nonsense: (200, said)
        with pytest.raises(EngineError, match="does not list its plugins"):
            lacks_knn(indexes.nodes, 5)
