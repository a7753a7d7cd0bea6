"""The engine finds passages by their vectors where the cluster can, and no answer depends on that."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from bot.search.embedding.similarity import EmbeddedQuestion, PassageEmbeddings
from bot.search.opensearch import engine as engine_module
from bot.search.opensearch import engine_vectors, retries
from bot.search.opensearch.engine import Engine
from bot.search.opensearch.engine_status import EngineSearch
from bot.search.opensearch.engine_vectors import VectorState
from bot.search.opensearch.indexes import Indexes
from tests.search.bm25.corpora import CORPUS, zipf
from tests.search.opensearch.stand_in import Answer, StandIn
from tests.search.opensearch.test_engine import Clock
from tests.search.opensearch.test_indexes import texts
from tests.search.opensearch.test_vector_index import embeddings

PASSAGES = 60
MADE = embeddings(np.arange(PASSAGES), PASSAGES)
ASKED = MADE.passages.vector(7)


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 20 passages are not all compared with a question."""
    monkeypatch.setattr("bot.search.embedding.similarity.EXACT_UP_TO", 20)
    monkeypatch.setattr(engine_vectors, "EXACT_UP_TO", 20)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def running(indexes: Indexes, clock: Clock) -> Engine:
    engine = Engine(indexes, in_background=False, clock=clock)
    engine.adopt(*texts(zipf(3, PASSAGES)))
    return engine


def adopted(engine: Engine, made: PassageEmbeddings = MADE) -> PassageEmbeddings:
    found = engine.adopt_vectors(made)
    assert found is not None
    return found


def finds(engine: Engine) -> bool:
    return engine.vectors.finds


def nearest(made: PassageEmbeddings, within: range = range(PASSAGES)) -> list[int]:
    found: list[int] = EmbeddedQuestion(made, ASKED, ()).nearest(within).tolist()
    return found


def exactly(within: range = range(PASSAGES)) -> list[int]:
    found: list[int] = MADE.passages.nearest(ASKED, 16, within).tolist()
    return found


def vector_indexes(stand_in: StandIn) -> list[str]:
    return [name for name in stand_in.indexes if name.count("-") == 3]


def no_search(_: str, path: str) -> Answer | None:
    return (503, {}) if path.endswith("_search") and path.count("-") == 3 else None


def test_passages_are_found_by_meaning_once_their_vectors_are_indexed(
    indexes: Indexes, clock: Clock
) -> None:
    """Until then, and where the index of words is not ready, vectors only rank."""
    engine = running(indexes, clock)
    made = adopted(engine)
    assert engine.vectors.step() is None  # it waits for the index of words
    assert nearest(made) == []
    engine.step()
    assert not finds(engine)
    engine.vectors.step()
    assert finds(engine)
    assert nearest(made) == exactly()
    part = range(10, 40)
    assert nearest(made, part) == exactly(part)
    told: list[EngineSearch] = []
    engine.on_search = told.append
    nearest(made)
    assert [(one.outcome, one.by) for one in told] == [("answered", "vectors")]


def test_few_passages_are_compared_here(
    indexes: Indexes, stand_in: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly, without asking anyone."""
    monkeypatch.setattr(engine_vectors, "EXACT_UP_TO", 100)
    monkeypatch.setattr("bot.search.embedding.similarity.EXACT_UP_TO", 100)
    engine = running(indexes, clock)
    made = adopted(engine)
    engine.step()
    assert engine.vectors.step() is None
    assert vector_indexes(stand_in) == []
    assert nearest(made) == exactly()


def test_without_the_plugin_vectors_rank_and_it_is_looked_for_again(
    indexes: Indexes, stand_in: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says so once."""
    caplog.set_level(logging.INFO, "verbatim.engine")
    plugins, stand_in.plugins = stand_in.plugins, []
    engine = running(indexes, clock)
    made = adopted(engine)
    engine.step()
    assert engine.vectors.step() == retries.LONGEST_RETRY
    clock.now += retries.LONGEST_RETRY
    engine.vectors.step()
    assert nearest(made) == []
    assert sum("by meaning" in line for line in caplog.messages) == 1
    stand_in.plugins = plugins
    clock.now += retries.LONGEST_RETRY
    engine.vectors.step()
    assert nearest(made) == exactly()


def test_a_failure_of_k_nn_costs_one_question_its_meaning_only(
    indexes: Indexes, stand_in: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left alone for a while, and comes back by itself; words are searched all the time."""
    engine = running(indexes, clock)
    made = adopted(engine)
    engine.step()
    engine.vectors.step()
    stand_in.fault = no_search
    before = len(stand_in.requests)
    assert nearest(made) == nearest(made) == []
    assert len(stand_in.requests) - before == len(indexes.nodes.status)
    assert engine.vectors.state is VectorState.FAILING
    assert not finds(engine)
    assert engine.status.ready
    assert engine.vectors.step() == 10
    clock.now += 10
    assert engine.vectors.step() == 20
    stand_in.fault = lambda *_: None
    assert nearest(made) == []
    clock.now += 20
    assert engine.vectors.step() is None
    assert nearest(made) == exactly()
    assert len([one for one in caplog.records if one.levelno == logging.WARNING]) == 1


def test_k_nn_is_not_asked_while_the_cluster_is_away(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """The search by words has found that out already."""
    engine = running(indexes, clock)
    index = engine.adopt(*texts(zipf(3, PASSAGES)))
    made = adopted(engine)
    engine.step()
    engine.vectors.step()
    stand_in.fault = lambda *_: (503, {})
    index.candidates({"w1": 1.0})
    before = len(stand_in.requests)
    assert nearest(made) == []
    assert len(stand_in.requests) == before
    assert not finds(engine)


def test_a_build_that_fails_is_tried_again_and_leaves_nothing(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """Less and less often."""
    engine = running(indexes, clock)
    made = adopted(engine)
    engine.step()
    stand_in.fault = lambda _, path: (400, {}) if path.endswith("_bulk") else None
    assert engine.vectors.step() == 10
    clock.now += 10
    assert engine.vectors.step() == 20
    assert vector_indexes(stand_in) == []
    stand_in.fault = lambda *_: None
    clock.now += 20
    engine.vectors.step()
    assert nearest(made) == exactly()


def test_new_texts_end_a_build_and_take_their_vectors_along(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """Each index of vectors goes with one of words: they are current, and deleted, together."""
    engine = running(indexes, clock)
    adopted(engine)
    engine.step()
    engine.vectors.step()
    (old,) = vector_indexes(stand_in)
    assert {one.name for one in indexes.statuses() if one.current} == {old, engine.status.index}

    engine.adopt(*texts(zipf(4, PASSAGES)))
    unwanted = adopted(engine, embeddings(np.arange(PASSAGES), PASSAGES, seed=4))
    engine.step()

    def overtaken(_: str, path: str) -> Answer | None:
        if path.endswith("_bulk"):
            engine.adopt_vectors(MADE)
        return None

    stand_in.fault = overtaken
    assert engine.vectors.step() == 0.0
    assert vector_indexes(stand_in) == [old]
    stand_in.fault = lambda *_: None
    engine.vectors.step()
    assert nearest(unwanted) == []
    clock.now = engine_module.GRACE
    engine.step()
    (new,) = vector_indexes(stand_in)
    assert new != old
    assert len(stand_in.indexes) == 2


def test_a_build_is_not_taken_for_dead_by_the_thread_that_deletes_old_indexes(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """One process builds words and vectors at the same time."""
    engine = running(indexes, clock)
    adopted(engine)
    engine.step()
    dropped: list[str] = []

    def meanwhile(_: str, path: str) -> Answer | None:
        if path.endswith("_bulk"):
            dropped.extend(indexes.drop_others("texts-other"))
        return None

    stand_in.fault = meanwhile
    indexes.drop(engine.status.index)  # so that nothing is kept for the sake of the current one
    engine.vectors.step()
    assert dropped == []
    assert len(vector_indexes(stand_in)) == 1


def test_vectors_of_another_model_replace_those_before(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """The process that still has the other model ranks with it, and does not fight."""
    one, other = running(indexes, clock), running(indexes, clock)
    made = adopted(one)
    for engine in (one, other):
        engine.step()
    one.vectors.step()
    renewed = embeddings(np.arange(PASSAGES), PASSAGES, seed=2)
    adopted(other, renewed)
    other.vectors.step()
    assert len(vector_indexes(stand_in)) == 1
    assert nearest(made) == []
    assert one.vectors.step() is None
    assert len(vector_indexes(stand_in)) == 1
    assert not finds(one)
    assert finds(other)


def test_vectors_that_somebody_deleted_are_indexed_again(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """A question does not wait for that."""
    engine = running(indexes, clock)
    made = adopted(engine)
    engine.step()
    engine.vectors.step()
    indexes.drop(vector_indexes(stand_in)[0])
    assert nearest(made) == []
    engine.vectors.step()
    assert nearest(made) == exactly()


def test_commands_use_vectors_but_index_none(indexes: Indexes, stand_in: StandIn) -> None:
    """`verbatim ask` finds what the bot finds."""
    terms = indexes.ensure(*texts(zipf(3, PASSAGES)))

    def asking() -> list[int]:
        reading = Engine(indexes, builds=False)
        reading.adopt(*texts(zipf(3, PASSAGES)))
        return nearest(adopted(reading))

    assert asking() == []
    assert vector_indexes(stand_in) == []
    indexes.ensure_vectors(terms, MADE)
    assert asking() == exactly()


def test_no_vectors_are_no_fault(indexes: Indexes, clock: Clock) -> None:
    """As before they are made, or without a model; what was built for earlier ones is left alone."""
    engine = Engine(indexes, in_background=False, clock=clock)
    assert engine.adopt_vectors(MADE) is MADE  # nothing is searched yet
    engine.adopt(*texts(CORPUS))
    adopted(engine)
    assert engine.adopt_vectors(None) is None
    assert engine.vectors.state is VectorState.UNUSED
    assert engine.vectors.step() is None
