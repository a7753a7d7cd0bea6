"""Gives snapshots their vectors: at once if all are on disk, otherwise as the model makes them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.library.snapshots import Snapshot, Track
from bot.operations.event_log import EventLogger
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.embedder import Embedder, ModelError, ModelFamily
from bot.search.embedding.question_embedder import TimeLimit
from bot.search.embedding.similarity import EXACT_UP_TO, PassageEmbeddings

T = TypeVar("T")

_log = EventLogger("verbatim.library")


@dataclass(frozen=True, slots=True)
class EmbeddingStatus:
    """Progress of embedding the passages of the current snapshot."""

    model: str
    ready: bool = False
    done: int = 0
    total: int = 0
    """Batches to embed; 0 until it is known."""
    failed: bool = False
    is_saved: bool = True
    """Whether the next start finds the vectors in their file."""
    by_default: bool = False
    """Whether no ranker was fitted for this model, so that the default calibration is used."""
    ranks_only: bool = False
    """Whether there are so many passages that vectors find none: they only rank those found by words."""


class SnapshotEmbedder:
    """Embeds one snapshot at a time. `status` is an immutable value that is replaced."""

    def __init__(self, embedder: Embedder, file: Path, time_limit: TimeLimit | None) -> None:
        """`file`: where vectors are stored; `time_limit`: how long a question waits for its own."""
        self.builder = EmbeddingBuilder(embedder, file, time_limit=time_limit)
        self._making = threading.Lock()
        self.status = self.state()

    def with_stored(self, snapshot: Snapshot, *, few: int = 0) -> Snapshot:
        """Add the vectors of the passages if all are on disk, or after embedding the missing ones if they are at most `few`."""
        sources, passages = snapshot.passages.sources, snapshot.passages
        found = self.builder.load_cached(sources, passages)
        if found is None and 0 < self.missing(snapshot) <= few:
            found = self._logged(lambda: self.builder.make(sources, passages))
        return snapshot if found is None else snapshot.with_embeddings(found)

    def missing(self, snapshot: Snapshot) -> int:
        """Count the texts that have no vector yet."""
        return self.builder.missing(snapshot.passages.sources, snapshot.passages)

    def embed(
        self, current: Callable[[], Snapshot], track: Track
    ) -> tuple[str, PassageEmbeddings] | None:
        """Embed the passages of the `current` snapshot; None if another one replaces it, or it has vectors.

        The first result is the snapshot's id.

        A failure of the model is logged, and answers go on without vectors.
        """
        with self._making:
            snapshot = current()
            if snapshot.searcher.embeddings is not None:
                return None
            found = self._logged(
                lambda: self.builder.make(
                    snapshot.passages.sources,
                    snapshot.passages,
                    lambda batches: self._report(track(batches, len(batches), "vectors"), batches),
                    lambda: current().id == snapshot.id,
                )
            )
            return None if found is None else (snapshot.id, found)

    def _logged(self, make: Callable[[], PassageEmbeddings | None]) -> PassageEmbeddings | None:
        """What `make` returns; None, and a line in the log, if the model fails."""
        try:
            return make()
        except ModelError as error:
            _log.warning(
                "the embedding model is not used: answers go by words alone",
                model=self.builder.embedder.name,
                reason=str(error),
            )
        # The model is third-party code: whatever it raises, answers must go on without it.
        except Exception:
            _log.exception(
                "the embedding model failed: answers go by words alone",
                model=self.builder.embedder.name,
            )
        self.status = self.state(failed=True)
        return None

    def _report(self, tracked: Iterable[T], batches: Sequence[T]) -> Iterator[T]:
        """Pass on the `tracked` batches, and update the status."""
        for done, batch in enumerate(tracked):
            self.status = self.state(done=done, total=len(batches))
            yield batch

    def set_status(self, snapshot: Snapshot, *, ready: bool) -> None:
        """Note whether `snapshot` has its vectors."""
        self.status = self.state(
            ready=ready,
            ranks_only=len(snapshot.passages) > EXACT_UP_TO,
            is_saved=self.builder.is_saved,
        )

    def state(self, **known: Any) -> EmbeddingStatus:
        """A status of this model."""
        model = self.builder.embedder
        return EmbeddingStatus(model.name, by_default=model.family is ModelFamily.OTHER, **known)
