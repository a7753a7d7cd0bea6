"""Keeps the vectors of the newest passages in the cluster, where its k-NN is installed, to find passages by meaning."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from time import monotonic

import numpy as np

from bot.operations.event_log import EventLogger
from bot.search.embedding.embedder import Floats
from bot.search.embedding.similarity import EXACT_UP_TO, PassageEmbeddings
from bot.search.embedding.vectors import Rows
from bot.search.opensearch.engine_status import EngineSearch
from bot.search.opensearch.errors import EngineError, MissingIndexError
from bot.search.opensearch.indexes import Indexes
from bot.search.opensearch.loading import progress_in_log
from bot.search.opensearch.preconditions import lacks_knn
from bot.search.opensearch.retries import LONGEST_RETRY, retry_after
from bot.search.opensearch.vector_index import VectorIndex

_log = EventLogger("verbatim.engine")


class VectorState(StrEnum):
    """What becomes of the vectors in the cluster."""

    UNUSED = "unused"
    """There are none, or so few that all are compared with a question here."""
    WAITING = "waiting"
    """For the index of words, or to be built."""
    LACKING = "lacking"
    """The cluster has no k-NN."""
    READY = "ready"
    FAILING = "failing"
    """k-NN does not answer now."""


@dataclass(slots=True, eq=False)
class _Target:
    """Vectors of some passages, and what has become of them in the cluster."""

    name: str
    terms: str
    """The index of the same passages' words."""
    embeddings: PassageEmbeddings
    state: VectorState = VectorState.WAITING
    index: VectorIndex | None = None
    """Once it is complete."""
    is_lost: bool = False
    """Whether somebody has deleted it."""
    failures: int = 0
    """In a row."""
    retry_at: float = -math.inf

    def fail(self, now: float) -> None:
        """Leave k-NN alone for a while, longer after each failure before an answer."""
        self.state = VectorState.FAILING
        self.failures += 1
        self.retry_at = now + retry_after(self.failures)

    def lose(self) -> None:
        """Note that the index is gone; it is built again."""
        self.state, self.index, self.is_lost = VectorState.WAITING, None, True

    def become_ready(self, index: VectorIndex) -> None:
        """Use the index from now on."""
        self.index, self.is_lost, self.state = index, False, VectorState.READY


class EngineVectors:
    """Beside `Engine`: an index of vectors goes with one of words, and is asked only while that one answers.

    A question never waits for one that is not ready, and is answered without if it fails: vectors then rank what
    words have found. A thread of its own builds it, since that takes long.
    """

    def __init__(
        self,
        indexes: Indexes,
        is_ready: Callable[[str], bool],
        on_search: Callable[[EngineSearch], None],
        *,
        builds: bool = True,
        in_background: bool = True,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`is_ready`: whether the index of words with this name answers. The others as for `Engine`."""
        self._indexes = indexes
        self._is_ready = is_ready
        self._on_search = on_search
        self._builds = builds
        self._in_background = in_background
        self._clock = clock
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._target: _Target | None = None

    @property
    def state(self) -> VectorState:
        """What has become of the newest passages' vectors."""
        return VectorState.UNUSED if self._target is None else self._target.state

    @property
    def finds(self) -> bool:
        """Whether passages are found by their vectors now."""
        target = self._target
        if target is None or not self._is_ready(target.terms):
            return False
        return target.state is VectorState.READY

    def adopt(self, terms: str, embeddings: PassageEmbeddings) -> PassageEmbeddings:
        """Copy the embeddings of the newest passages, so that the cluster finds passages by them as soon as it can.

        `terms`: the index of their words.
        """
        if len(embeddings.passages.rows) <= EXACT_UP_TO:
            self.forget()
            return embeddings
        target = self._target
        name = self._indexes.name_for_vectors(terms, embeddings)
        if target is None or target.name != name:
            self._target = target = _Target(name, terms, embeddings)
        target.embeddings = embeddings
        if not self._builds:
            self._attach(target)
        elif self._in_background and self._thread is None:
            self._thread = threading.Thread(target=self._work, name="engine vectors", daemon=True)
            self._thread.start()
        self.wake()
        return replace(embeddings, find_near=partial(self._near, target))

    def forget(self) -> None:
        """Build nothing more of what has been adopted; the newest passages have no vectors, or not yet."""
        self._target = None

    def wake(self) -> None:
        """Look again whether there is something to do."""
        self._wake.set()

    def close(self) -> None:
        """Stop the thread in the background after what it is doing."""
        self._closed = True
        self.wake()

    def _attach(self, target: _Target) -> None:
        """Use an index that another process has built."""
        try:
            status = self._indexes.status_of(target.name)
        except EngineError:  # the search by words says so
            return
        if status is not None and status.complete:
            target.become_ready(self._indexes.open_vectors(target.name))

    def _near(self, target: _Target, vector: Floats, within: range | None) -> Rows:
        """Find passages near a question in the index of `target`; none if it does not answer."""
        index, nothing = target.index, np.zeros(0, np.int64)
        if index is None or target.state is not VectorState.READY:
            return nothing
        if not self._is_ready(target.terms):
            return nothing
        begun = self._clock()
        try:
            found = index.near(vector, within)
        except MissingIndexError:
            target.lose()
        except EngineError as error:
            self._fail(target, error.reason)
        else:
            target.failures = 0
            self._on_search(EngineSearch(self._clock() - begun, "answered", by="vectors"))
            return found
        self.wake()
        self._on_search(EngineSearch(self._clock() - begun, "unavailable", by="vectors"))
        return nothing

    def step(self) -> float | None:
        """Do what is due; return the seconds until something else is, None for: until it is woken."""
        target = self._target
        if target is None or not self._is_ready(target.terms):
            return None
        if target.retry_at <= self._clock():
            try:
                if target.index is None:
                    self._build(target)
                elif target.state is VectorState.FAILING:
                    self._check(target, target.index)
            except EngineError as error:
                self._fail(target, error.reason)
        if self._target is not target:
            return 0.0
        waits = target.state in {VectorState.FAILING, VectorState.LACKING}
        return max(target.retry_at - self._clock(), 0.0) if waits else None

    def _work(self) -> None:
        while not self._closed:
            try:
                pause = self.step()
            # Whatever it is: words find passages, and the next attempt may succeed.
            except Exception:
                _log.exception("keeping vectors in OpenSearch failed")
                pause = LONGEST_RETRY
            self._wake.wait(pause)
            self._wake.clear()

    def _build(self, target: _Target) -> None:
        """Have the index of `target` built and used, where there is k-NN."""
        lacking = lacks_knn(self._indexes.nodes, self._indexes.layout.build_timeout)
        if lacking:
            if target.state is not VectorState.LACKING:
                _log.info("OpenSearch does not find passages by meaning", reason=lacking)
            target.state = VectorState.LACKING
            target.retry_at = self._clock() + LONGEST_RETRY
            return
        if target.is_lost and self._is_replaced(target):
            return
        begun = self._clock()
        logged = progress_in_log(target.name, self._clock)

        def progress(done: int, total: int) -> None:
            if self._closed or self._target is not target:
                raise EngineError("these vectors are no longer wanted")
            logged(done, total)

        name = self._indexes.ensure_vectors(target.terms, target.embeddings, progress)
        target.become_ready(self._indexes.open_vectors(name))
        target.failures = 0
        seconds = round(self._clock() - begun, 1)
        _log.info("OpenSearch finds passages by meaning", index=name, seconds=seconds)
        for old in self._indexes.drop_other_vectors(name, target.terms):
            _log.info("old vectors were deleted from OpenSearch", index=old, current=name)

    def _is_replaced(self, target: _Target) -> bool:
        """Whether another process, with another model, has put its vectors in the place of ours."""
        return any(
            one.terms == target.terms and one.complete and one.name != target.name
            for one in self._indexes.statuses()
        )

    def _check(self, target: _Target, index: VectorIndex) -> None:
        """Ask something, to see whether k-NN answers again."""
        try:
            index.near(target.embeddings.passages.vector(0))
        except MissingIndexError:
            target.lose()
        else:
            target.state = VectorState.READY
            _log.info("OpenSearch finds passages by meaning again")

    def _fail(self, target: _Target, reason: str) -> None:
        wanted = self._target is target and not self._closed
        if wanted and target.state is not VectorState.FAILING:
            _log.warning("OpenSearch does not find passages by meaning", reason=reason)
        target.fail(self._clock())
