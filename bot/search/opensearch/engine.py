"""Keeps the current index in the cluster, and falls back to the embedded index while the cluster is unavailable."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from time import monotonic

from bot.operations.event_log import EventLogger
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Candidates, Index
from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.opensearch.engine_index import EngineIndex
from bot.search.opensearch.engine_status import EngineSearch, EngineState, EngineStatus
from bot.search.opensearch.engine_vectors import EngineVectors
from bot.search.opensearch.errors import EngineError, EngineUnavailableError, MissingIndexError
from bot.search.opensearch.indexes import Indexes
from bot.search.opensearch.loading import progress_in_log
from bot.search.opensearch.remote_index import RemoteIndex
from bot.search.opensearch.retries import PROBE, RETRY, retry_after

GRACE = 60.0
"""Seconds for which the index before the current one is kept: answers that began on it end on it."""

_log = EventLogger("verbatim.engine")


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    name: str
    forward: ForwardIndex
    local: Index


class Engine:
    """Has the passages of the newest snapshot indexed in the cluster. Safe to share between threads.

    A thread in the background builds and swaps indexes, deletes old ones, and looks whether a cluster that failed is
    back. While it is away, no question waits for it: the embedded index answers, or with `fallback` off an
    EngineUnavailableError says so.
    """

    def __init__(
        self,
        indexes: Indexes,
        *,
        fallback: bool = True,
        builds: bool = True,
        in_background: bool = True,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Start nothing yet.

        Without `builds`, only an index that is complete is used. Without `in_background`, `step` must be called.
        """
        self.indexes = indexes
        self.fallback = fallback
        self.on_search: Callable[[EngineSearch], None] = lambda _: None
        """Called after each search."""
        self._clock = clock
        self._builds = builds
        self._in_background = in_background
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._target: _Target | None = None
        self._ready: dict[str, RemoteIndex] = {}
        """By name: that of the current passages, and those that answers in flight may still use."""
        self._lost = ""
        """The index that somebody has deleted."""
        self._failures = 0
        """Failed builds in a row."""
        self._drop_at: float | None = None
        self._status = EngineStatus(EngineState.WAITING, datetime.now(UTC), fallback=fallback)
        self.vectors = EngineVectors(
            indexes,
            self._answers,
            self._report,
            builds=builds,
            in_background=in_background,
            clock=clock,
        )

    @property
    def status(self) -> EngineStatus:
        """The state now."""
        return replace(self._status, nodes=self.indexes.nodes.status)

    def adopt(self, forward: ForwardIndex, local: Index) -> EngineIndex:
        """The index of the newest passages; `local` answers until the cluster has it.

        Without a fallback, this waits until it is built, if older passages can be searched meanwhile.

        Raises:
            EngineError: without a fallback, if that went wrong.

        """
        name = self.indexes.name_for(forward)
        if name in self._ready:
            self._ready[name] = replace(self._ready[name], local=local)
        elif not self._builds:
            self._attach(name, forward, local)
        elif self._ready and not self.fallback and forward.corpus_size:
            with self._building:
                self.indexes.ensure(forward, local, progress_in_log(name, self._clock))
                self._ready[name] = self.indexes.open(name, forward, local)
        with self._lock:
            self._target = _Target(name, forward, local)
            self._lost = ""
            if self._builds and self._in_background and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
                self._thread.start()
        self._wake.set()
        return EngineIndex(local, partial(self._search, name, local))

    def adopt_vectors(self, embeddings: PassageEmbeddings | None) -> PassageEmbeddings | None:
        """The embeddings of the newest passages, which the cluster finds passages by as soon as it can; None: none yet."""
        if self._target is None or embeddings is None:
            self.vectors.forget()
            return embeddings
        return self.vectors.adopt(self._target.name, embeddings)

    def _report(self, search: EngineSearch) -> None:
        self.on_search(search)

    def _answers(self, name: str) -> bool:
        """Whether the index called `name` is searched."""
        return name in self._ready and self._status.state is not EngineState.UNAVAILABLE

    def _attach(self, name: str, forward: ForwardIndex, local: Index) -> None:
        """Use an index that another process has built."""
        try:
            status = self.indexes.status_of(name)
            if status is None or not status.complete:
                raise EngineError(
                    "the texts are not indexed there: `verbatim index build` does that"
                )
            self._ready[name] = self.indexes.open(name, forward, local)
            self._set(EngineState.READY, index=name)
        except EngineError as error:
            self._fail(error.reason)
            if not self.fallback:
                raise

    def close(self) -> None:
        """Stop the thread in the background after what it is doing, and close all connections."""
        self._closed = True
        self._wake.set()
        self.vectors.close()
        self.indexes.nodes.close()

    def _search(
        self,
        name: str,
        local: Index,
        query: Mapping[str, float],
        k: int,
        within: Sequence[range] | None,
    ) -> Candidates:
        """Search the index called `name`, or `local` in its place.

        Raises:
            EngineUnavailableError: the cluster does not answer, and there is no fallback.

        """
        begun = self._clock()
        index = self._ready.get(name)
        if index is not None and self._answers(name):
            try:
                found = index.candidates(query, k, within)
            except MissingIndexError:
                self._lose(name)
            except EngineError as error:
                self._fail(error.reason)
                self._wake.set()
            else:
                self.on_search(EngineSearch(self._clock() - begun, "answered"))
                return found
        if not self.fallback:
            self.on_search(EngineSearch(self._clock() - begun, "unavailable"))
            raise EngineUnavailableError(self._status.why_not_ready)
        found = local.candidates(query, k, within)
        self.on_search(EngineSearch(self._clock() - begun, "fallback"))
        return found

    def step(self) -> float | None:
        """Do what is due; return the seconds until something else is, None for: until a new target."""
        target = self._target
        if target is None:
            return None
        try:
            if target.name != self._status.index or target.name not in self._ready:
                self._build(target)
            if self._status.state is EngineState.UNAVAILABLE:
                self._check(target)
            if self._drop_at is not None and self._clock() >= self._drop_at:
                self._drop_old(target)
        except EngineError as error:
            self._fail(error.reason)
            if target.name in self._ready:
                return PROBE
            self._failures += 1
            return retry_after(self._failures)
        return None if self._drop_at is None else max(self._drop_at - self._clock(), 0.0)

    def _work(self) -> None:
        while not self._closed:
            try:
                pause = self.step()
            # Whatever it is: the embedded index answers, and the next attempt may succeed.
            except Exception:
                _log.exception("keeping the index in OpenSearch failed")
                self._fail("an error: see the log")
                pause = RETRY
            self._wake.wait(pause)
            self._wake.clear()

    def _build(self, target: _Target) -> None:
        """Have the index of `target` built, current and used."""
        if not target.forward.corpus_size:
            return
        begun = self._clock()
        logged = progress_in_log(target.name, self._clock)

        def progress(done: int, total: int) -> None:
            self._set(EngineState.BUILDING, index=target.name, done=done, total=total)
            logged(done, total)

        with self._building:
            if target.name == self._lost:
                self._refuse_replaced(target.name)
            name = self.indexes.ensure(target.forward, target.local, progress)
            index = self.indexes.open(name, target.forward, target.local)
            self.indexes.swap(name)
        self._ready[name] = index
        self._failures, self._lost = 0, ""
        self._drop_at = self._clock() + GRACE
        is_new = self._status.state is not EngineState.READY or self._status.index != name
        self._set(EngineState.READY, index=name)
        if is_new:
            seconds = round(self._clock() - begun, 1)
            _log.info("OpenSearch answers with a new index", index=name, seconds=seconds)

    def _refuse_replaced(self, name: str) -> None:
        """Leave the cluster alone if another process has deleted the index `name` for newer texts."""
        found = self.indexes.statuses()
        current = next((one.name for one in found if one.current and not one.terms), name)
        if current != name:
            raise EngineError(
                f"another process has newer texts ({current}): reload them here, too. If it has texts of its own,"
                " it needs another `search.opensearch.index`"
            )

    def _check(self, target: _Target) -> None:
        """Ask something, to see whether the cluster answers completely again."""
        terms = target.local.frequent_terms("", 1)
        index = self._ready.get(target.name)
        if index is not None and terms:
            try:
                index.candidates({terms[0][0]: 1.0}, 1)
            except MissingIndexError:
                self._lose(target.name)
                return
            self._set(EngineState.READY, index=target.name)
            _log.info("OpenSearch answers again")

    def _drop_old(self, target: _Target) -> None:
        self._drop_at = None
        for name in [name for name in self._ready if name != target.name]:
            del self._ready[name]
        with self._building:
            dropped = self.indexes.drop_others(target.name)
        for name in dropped:
            _log.info("an old index was deleted from OpenSearch", index=name, current=target.name)

    def _lose(self, name: str) -> None:
        """Note that somebody deleted an index. That of the newest passages is built again."""
        self._ready.pop(name, None)
        if self._target is not None and self._target.name == name:
            _log.warning("an index is gone from OpenSearch, and built again", index=name)
            self._lost = name
            self._set(EngineState.BUILDING, index=name)
            self._wake.set()

    def _fail(self, reason: str) -> None:
        if self._status.state is not EngineState.UNAVAILABLE:
            _log.warning("OpenSearch is not available", fallback=self.fallback, reason=reason)
        self._set(EngineState.UNAVAILABLE, reason=reason)

    def _set(
        self,
        state: EngineState,
        *,
        index: str = "",
        done: int = 0,
        total: int = 0,
        reason: str = "",
    ) -> None:
        old = self._status
        since = old.since if old.state is state else datetime.now(UTC)
        self._status = EngineStatus(
            state, since, index or old.index, done, total, reason, self.fallback
        )
        if state is EngineState.READY:
            self.vectors.wake()
