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


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    name: str
    terms: str
    """The index of the same passages' words."""
    embeddings: PassageEmbeddings


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
        self.state = VectorState.UNUSED
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
        self._ready: VectorIndex | None = None
        """That of the target."""
        self._lost = ""
        """The index that somebody has deleted."""
        self._failures = 0
        """In a row."""
        self._retry_at = -math.inf

    def adopt(self, terms: str, embeddings: PassageEmbeddings) -> PassageEmbeddings:
        """Copy the embeddings of the newest passages, so that the cluster finds passages by them as soon as it can.

        `terms`: the index of their words.
        """
        if len(embeddings.passages.rows) <= EXACT_UP_TO:
            self.forget()
            return embeddings
        name = self._indexes.name_for_vectors(terms, embeddings)
        if self._target is None or self._target.name != name:
            self._ready, self._lost, self._failures = None, "", 0
            self._retry_at = -math.inf
            self.state = VectorState.WAITING
        self._target = _Target(name, terms, embeddings)
        if not self._builds:
            self._attach(self._target)
        elif self._in_background and self._thread is None:
            self._thread = threading.Thread(target=self._work, name="engine vectors", daemon=True)
            self._thread.start()
        self.wake()
        return replace(embeddings, find_near=partial(self._near, name))

    def forget(self) -> None:
        """Build nothing more of what has been adopted; the newest passages have no vectors, or not yet."""
        self._target = self._ready = None
        self.state = VectorState.UNUSED

    @property
    def finds(self) -> bool:
        """Whether passages are found by their vectors now."""
        target = self._target
        is_ready = target is not None and self._is_ready(target.terms)
        return is_ready and self.state is VectorState.READY

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
            self._ready = self._indexes.open_vectors(target.name)
            self.state = VectorState.READY

    def _near(self, name: str, vector: Floats, within: range | None) -> Rows:
        """Find passages near a question in the index called `name`; none if it does not answer."""
        target, index = self._target, self._ready
        nothing = np.zeros(0, np.int64)
        if target is None or target.name != name or not self._is_ready(target.terms):
            return nothing
        if index is None or index.name != name or self.state is not VectorState.READY:
            return nothing
        begun = self._clock()
        try:
            found = index.near(vector, within)
        except MissingIndexError:
            self._lose(target)
        except EngineError as error:
            self._fail(target, error.reason)
        else:
            self._failures = 0
            self._on_search(EngineSearch(self._clock() - begun, "answered", by="vectors"))
            return found
        self._wake.set()
        self._on_search(EngineSearch(self._clock() - begun, "unavailable", by="vectors"))
        return nothing

    def step(self) -> float | None:
        """Do what is due; return the seconds until something else is, None for: until it is woken."""
        target = self._target
        if target is None or not self._is_ready(target.terms):
            return None
        if self._retry_at <= self._clock():
            try:
                if self._ready is None:
                    self._build(target)
                elif self.state is VectorState.FAILING:
                    self._check(target, self._ready)
            except EngineError as error:
                self._fail(target, error.reason)
        if self._target is not target:
            return 0.0
        waits = self.state in {VectorState.FAILING, VectorState.LACKING}
        return max(self._retry_at - self._clock(), 0.0) if waits else None

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
            if self.state is not VectorState.LACKING:
                _log.info("OpenSearch does not find passages by meaning", reason=lacking)
            self.state = VectorState.LACKING
            self._retry_at = self._clock() + LONGEST_RETRY
            return
        if target.name == self._lost and self._is_replaced(target):
            return
        begun = self._clock()
        logged = progress_in_log(target.name, self._clock)

        def progress(done: int, total: int) -> None:
            if self._closed or self._target is None or self._target.name != target.name:
                raise EngineError("these vectors are no longer wanted")
            logged(done, total)

        name = self._indexes.ensure_vectors(target.terms, target.embeddings, progress)
        if self._target is None or self._target.name != name:
            return
        self._ready = self._indexes.open_vectors(name)
        self._failures, self._lost, self.state = 0, "", VectorState.READY
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
            self._lose(target)
        else:
            self.state = VectorState.READY
            _log.info("OpenSearch finds passages by meaning again")

    def _lose(self, target: _Target) -> None:
        """Note that somebody deleted the index of `target`, which is built again."""
        if self._target is target:
            self._ready, self._lost, self.state = None, target.name, VectorState.WAITING

    def _fail(self, target: _Target, reason: str) -> None:
        """Leave k-NN alone for a while, longer after each failure before an answer."""
        if self._closed or self._target is not target:
            return
        if self.state is not VectorState.FAILING:
            _log.warning("OpenSearch does not find passages by meaning", reason=reason)
        self.state = VectorState.FAILING
        self._failures += 1
        self._retry_at = self._clock() + retry_after(self._failures)
