"""The engine beside a bot: it keeps the cluster up to date, and no question waits for a cluster that is away."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import Any

import pytest

from bot.search.bm25.posting_index import PostingIndex
from bot.search.opensearch import documents, loading, retries
from bot.search.opensearch import engine as module
from bot.search.opensearch.engine import Engine
from bot.search.opensearch.engine_index import EngineIndex
from bot.search.opensearch.engine_status import EngineSearch, EngineState
from bot.search.opensearch.errors import EngineError, EngineUnavailableError
from bot.search.opensearch.indexes import Indexes
from tests.search.bm25.corpora import CORPUS, Terms, equally
from tests.search.opensearch.stand_in import Answer, StandIn
from tests.search.opensearch.test_indexes import texts

ASKED = equally("toll")
EXPECTED = [3, 2]


@dataclass
class Clock:
    """A clock that the test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def running(indexes: Indexes, clock: Clock, *, fallback: bool = True) -> Engine:
    return Engine(indexes, fallback=fallback, in_background=False, clock=clock)


def state(engine: Engine) -> EngineState:
    return engine.status.state


def is_ready(engine: Engine) -> bool:
    return engine.status.ready


def searches(stand_in: StandIn) -> int:
    return sum("_search" in path for _, path in stand_in.requests)


def outcomes(engine: Engine, index: EngineIndex, times: int = 1) -> list[str]:
    told: list[EngineSearch] = []
    engine.on_search = told.append
    for _ in range(times):
        index.candidates(ASKED)
    return [one.outcome for one in told]


def test_the_embedded_index_answers_until_the_cluster_does(indexes: Indexes, clock: Clock) -> None:
    """So a bot is there at once, and a reload never waits for the cluster."""
    engine = running(indexes, clock)
    assert state(engine) is EngineState.WAITING
    index = engine.adopt(*texts(CORPUS))
    assert index.candidates(ASKED).passages == EXPECTED
    assert outcomes(engine, index) == ["fallback"]
    engine.step()
    assert state(engine) is EngineState.READY
    assert outcomes(engine, index) == ["answered"]
    assert index.candidates(ASKED).passages == EXPECTED


def test_a_cluster_that_is_gone_is_asked_once_and_comes_back_by_itself(
    indexes: Indexes, stand_in: StandIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Every question is answered; the log says in a line each that it went and that it is back."""
    engine = running(indexes, clock)
    index = engine.adopt(*texts(CORPUS))
    engine.step()
    before = searches(stand_in)
    stand_in.fault = lambda *_: (503, {})
    caplog.clear()
    assert outcomes(engine, index, 5) == ["fallback"] * 5
    assert searches(stand_in) - before == len(indexes.nodes.status)
    assert state(engine) is EngineState.UNAVAILABLE
    assert is_ready(engine)
    assert engine.step() == retries.PROBE
    stand_in.fault = lambda *_: None
    engine.step()
    assert outcomes(engine, index) == ["answered"]
    assert len([one for one in caplog.records if one.levelno == logging.WARNING]) == 1


def test_without_a_fallback_members_are_told(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """By an error of its own, for which the bot has a line; readiness is lost, and comes back."""
    engine = running(indexes, clock, fallback=False)
    index = engine.adopt(*texts(CORPUS))
    with pytest.raises(EngineUnavailableError, match="are being indexed"):
        index.candidates(ASKED)
    assert not is_ready(engine)
    engine.step()
    assert is_ready(engine)
    stand_in.fault = lambda *_: (503, {})
    with pytest.raises(EngineUnavailableError, match="status 503"):
        index.candidates(ASKED)
    assert not is_ready(engine)
    stand_in.fault = lambda *_: None
    engine.step()
    assert index.candidates(ASKED).passages == EXPECTED


def test_new_texts_are_swapped_in_and_old_ones_deleted_after_answers_in_flight(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """A question that began on the old texts ends on them: their index stays for a while."""
    engine = running(indexes, clock)
    old = engine.adopt(*texts(CORPUS))
    engine.step()
    new = engine.adopt(*texts(CORPUS[2:]))
    assert engine.step() == module.GRACE
    assert len(stand_in.indexes) == 2
    assert outcomes(engine, old) == outcomes(engine, new) == ["answered"]
    assert old.candidates(ASKED).passages == EXPECTED
    assert new.candidates(ASKED).passages == [1, 0]
    clock.now = module.GRACE
    assert engine.step() is None
    assert list(stand_in.indexes) == [engine.status.index]
    assert old.candidates(ASKED).passages == EXPECTED  # from the embedded index


def test_without_a_fallback_a_reload_waits_for_the_new_index(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """The old texts answer until it is complete; if it cannot be built, they still do."""
    engine = running(indexes, clock, fallback=False)
    old = engine.adopt(*texts(CORPUS))
    engine.step()
    stand_in.fault = lambda _, path: (503, {}) if path.endswith("_bulk") else None
    with pytest.raises(EngineError):
        engine.adopt(*texts(CORPUS[2:]))
    assert old.candidates(ASKED).passages == EXPECTED
    stand_in.fault = lambda *_: None
    new = engine.adopt(*texts(CORPUS[2:]))
    assert new.candidates(ASKED).passages == [1, 0]


def test_an_index_that_somebody_deleted_is_built_again(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """Questions do not wait for that."""
    engine = running(indexes, clock)
    index = engine.adopt(*texts(CORPUS))
    engine.step()
    stand_in.indexes.clear()
    assert outcomes(engine, index, 2) == ["fallback", "fallback"]
    engine.step()
    assert outcomes(engine, index) == ["answered"]


def test_two_processes_share_an_index_and_each_ends_on_its_own_texts(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """The one that reloads first builds and swaps; the other answers on, and follows without building."""
    one, other = running(indexes, clock), running(indexes, clock)
    old = [engine.adopt(*texts(CORPUS)) for engine in (one, other)]
    one.step()
    other.step()
    bulks = sum("_bulk" in path for _, path in stand_in.requests)
    assert bulks == 1
    one.adopt(*texts(CORPUS[2:]))
    one.step()
    assert outcomes(other, old[1]) == ["answered"]
    assert old[1].candidates(ASKED).passages == EXPECTED
    new = other.adopt(*texts(CORPUS[2:]))
    other.step()
    assert outcomes(other, new) == ["answered"]
    assert sum("_bulk" in path for _, path in stand_in.requests) == bulks + 1


def test_a_process_with_old_texts_does_not_fight_for_them(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """Its index is deleted after a while; it answers by itself, and says what to do."""
    one, other = running(indexes, clock), running(indexes, clock)
    old = other.adopt(*texts(CORPUS))
    other.step()
    one.adopt(*texts(CORPUS[2:]))
    one.step()
    clock.now = module.GRACE
    one.step()
    assert outcomes(other, old) == ["fallback"]
    other.step()
    assert "another process has newer texts" in other.status.reason
    assert list(stand_in.indexes) == [one.status.index]


def test_a_failed_build_is_begun_anew_after_a_while(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """As where the cluster starts after the bot; less and less often, since a build may be long."""
    stand_in.fault = lambda *_: (503, {})
    engine = running(indexes, clock)
    index = engine.adopt(*texts(CORPUS))
    assert [engine.step() for _ in range(8)] == [10, 20, 40, 80, 160, 320, 600, 600]
    assert "status 503" in engine.status.reason
    stand_in.fault = lambda *_: None
    engine.step()
    assert outcomes(engine, index) == ["answered"]


def test_credentials_that_are_refused_midway_are_reported_and_tried_again(
    indexes: Indexes, stand_in: StandIn, clock: Clock
) -> None:
    """As where a password has expired: the embedded index answers until it holds again."""
    engine = running(indexes, clock)
    index = engine.adopt(*texts(CORPUS))
    engine.step()
    stand_in.fault = lambda *_: (401, b"Unauthorized")
    assert outcomes(engine, index, 2) == ["fallback", "fallback"]
    assert engine.status.reason == "refuses the user or password (status 401)"
    stand_in.fault = lambda *_: None
    engine.step()
    assert outcomes(engine, index) == ["answered"]


def test_a_long_build_says_how_far_it_is(
    indexes: Indexes,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """To whoever asks, as `/readyz` does, and to the log once a minute."""
    monkeypatch.setattr(documents, "BULK_DOCUMENTS", 1)
    caplog.set_level(logging.INFO, "verbatim.engine")
    engine = running(indexes, clock, fallback=False)
    told: list[str] = []
    send = loading.send

    def slow(*given: Any) -> None:
        told.append(engine.status.why_not_ready)
        clock.now += 0.6 * loading.PROGRESS_EVERY
        send(*given)

    monkeypatch.setattr("bot.search.opensearch.builder.send", slow)
    engine.adopt(*texts(CORPUS))
    engine.step()
    assert told[0] == "the texts are being indexed in OpenSearch"
    assert told[-1] == "the texts are being indexed in OpenSearch (4 of 5 passages)"
    assert sum("being indexed" in line for line in caplog.messages) == 2


def test_no_texts_need_no_index(indexes: Indexes, stand_in: StandIn, clock: Clock) -> None:
    """Neither do texts without terms."""
    engine = running(indexes, clock)
    nothing: list[list[Terms]] = [[], [[], []]]
    for corpus in nothing:
        index = engine.adopt(*texts(corpus))
        engine.step()
        assert index.candidates(ASKED).passages == []


@pytest.mark.parametrize("fallback", [True, False])
def test_commands_use_an_index_but_build_none(
    indexes: Indexes, stand_in: StandIn, *, fallback: bool
) -> None:
    """`verbatim ask` must not start minutes of work in a cluster."""
    reading = Engine(indexes, fallback=fallback, builds=False)
    if fallback:
        assert outcomes(reading, reading.adopt(*texts(CORPUS))) == ["fallback"]
    else:
        with pytest.raises(EngineError, match="`verbatim index build` does that"):
            reading.adopt(*texts(CORPUS))
    assert stand_in.indexes == {}
    indexes.ensure(*texts(CORPUS))
    reading = Engine(indexes, fallback=fallback, builds=False)
    assert outcomes(reading, reading.adopt(*texts(CORPUS))) == ["answered"]


def test_the_background_does_it_all_by_itself(
    indexes: Indexes,
    stand_in: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also after an error that nobody thought of."""
    monkeypatch.setattr(retries, "RETRY", 0.0)
    monkeypatch.setattr(module, "RETRY", 0.0)
    faults: list[Answer] = [(200, ["nothing", "expected"])]
    stand_in.fault = lambda *_: faults.pop() if faults else None
    ready = threading.Event()

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "answers with" in record.getMessage():
                ready.set()

    caplog.set_level(logging.INFO, "verbatim.engine")
    monkeypatch.setattr(logging.getLogger("verbatim.engine"), "handlers", [Told()])
    engine = Engine(indexes)
    index = engine.adopt(*texts(CORPUS))
    assert ready.wait(10)
    assert outcomes(engine, index) == ["answered"]
    engine.close()


def test_an_engine_index_has_the_statistics_of_the_embedded_one(
    indexes: Indexes, clock: Clock
) -> None:
    """They cost no request."""
    forward, local = texts(CORPUS)
    index = running(indexes, clock).adopt(forward, local)
    assert isinstance(local, PostingIndex)
    assert index.corpus_size == 5
    assert index.document_frequency("toll") == 2
    assert index.frequent_terms("t", 1) == [("toll", 2)]
