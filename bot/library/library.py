"""Holds what is known now: one immutable snapshot, swapped whole on reload."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.files.array_file import UnusableError
from bot.library import snapshots
from bot.library.provenance import code_fingerprint
from bot.library.selections import Selections
from bot.library.snapshots import Snapshot, Track, build_snapshot, unwatched
from bot.models import Problem, VerbatimError
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.embedder import Embedder, ModelError, ModelFamily, file_name
from bot.search.embedding.question_embedder import TimeLimit
from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.reading.reader import Reader
from bot.texts.folder import Reading, fingerprint, read_folder

KEPT_FROM = 5_000
"""Passages from which on a snapshot is kept on disk: fewer are indexed in about a second."""

AT_ONCE = 20_000
"""Passages whose vectors, if all are on disk, are there with the snapshot: in about .1 s."""

T = TypeVar("T")

_log = logging.getLogger("verbatim.library")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different between two snapshots, by source id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Reload:
    """What a reload did: with problems and `swapped` false, nothing.

    `some_are_good` says whether anything would be left if the broken files were skipped.
    """

    snapshot: Snapshot
    changes: Changes
    problems: tuple[Problem, ...]
    swapped: bool
    some_are_good: bool


@dataclass(frozen=True, slots=True)
class MeaningState:
    """How far the vectors of the snapshot in use are."""

    model: str
    ready: bool = False
    done: int = 0
    total: int = 0
    """Batches of texts that go through the model; 0 before it is known."""
    failed: bool = False
    by_default: bool = False
    """Whether nothing was fitted on the model, so that a default calibration is used."""


def changes_between(old: Snapshot, new: Snapshot) -> Changes:
    """Return which sources came, went and are no longer the same, in the order of their lists."""
    was, now = old.listing, new.listing
    return Changes(
        added=tuple(s.id for s in now.in_order if s.id not in was.sources),
        changed=tuple(
            s.id
            for s in now.in_order
            if s.id in was.sources and was.sources[s.id].digest != s.digest
        ),
        removed=tuple(s.id for s in was.in_order if s.id not in now.sources),
    )


class Library:
    """Holds the snapshot of a folder. Its methods block: call them off the event loop.

    The index of a large knowledge base is kept in a file beside the folder, `.FOLDER.index`, and
    made anew whenever texts, aliases, or the way of indexing are no longer the same.

    With an `embedder`, a snapshot gains the vectors of its passages: at once if all are on disk,
    or else, if `aside`, from a thread of its own, while it already answers by words. `patience`:
    how long a question waits for its own vectors; without it, as long as it takes. Every snapshot
    has the `reader`, if there is one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        skip_broken: bool = False,
        track: Track = unwatched,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        aside: bool = False,
        time_limit: TimeLimit | None = None,
    ) -> None:
        self.folder = folder
        self.skipped: tuple[Problem, ...] = ()
        """What was wrong with the files that the snapshot in use leaves out."""
        self._skip_broken = skip_broken
        self._track = track
        self._lock = threading.RLock()
        self._reader = reader
        self._snapshot = build_snapshot(()).with_reader(reader)
        self._aside = aside
        self._maker: EmbeddingBuilder | None = None
        if embedder is not None:
            self._maker = EmbeddingBuilder(embedder, self._beside(embedder), time_limit=time_limit)
        self._making = threading.Lock()
        self.selections = Selections(self._maker)
        """Snapshots of some of the sources, where not all are offered."""
        self.meaning = None if embedder is None else _state(embedder)
        """Whether the snapshot in use has its vectors; None without a model."""

    @property
    def snapshot(self) -> Snapshot:
        """Return what is known now. Take it once for a question, and keep to it."""
        return self._snapshot

    @property
    def index_file(self) -> Path:
        """Return where the index of a large knowledge base is kept."""
        folder = self.folder.absolute()
        return folder.with_name(f".{folder.name}.index")

    def _beside(self, embedder: Embedder) -> Path:
        """Return where the vectors that a model makes are kept."""
        return self.index_file.with_suffix(f".{file_name(embedder)}.vectors")

    def load(self) -> Snapshot:
        """Read the folder for the first time and return its snapshot.

        Raises:
            VerbatimError: there is nothing to read, or a file is broken and may not be skipped.

        """
        reload = self.reload(skip_broken=self._skip_broken)
        if not reload.swapped:
            raise VerbatimError(*reload.problems)
        return reload.snapshot

    def reload(self, *, skip_broken: bool = False) -> Reload:
        """Read the folder again; swap in what it holds if all is good, or else change nothing.

        With `skip_broken`, the good files are swapped in beside broken ones, if there are any.
        """
        with self._lock:
            kept = self._kept()
            if kept is not None:
                return self._swap(kept, ())
            reading, print_ = self._read()
            good = bool(reading.sources)
            if reading.problems and not (skip_broken and good):
                return Reload(self._snapshot, Changes(), reading.problems, False, good)
            new = build_snapshot(reading.sources, self._track)
            if print_ and not reading.problems and len(new.passages) >= KEPT_FROM:
                new = self._keep(new, print_)
            return self._swap(new, reading.problems)

    def change(self, act: Callable[[], Callable[[], None]]) -> Reload:
        """Change the folder by `act` and read it again; where that is refused, undo the change.

        `act` returns what undoes it. Files that are left out already may be broken still.
        Whatever `act` raises comes through: then nothing was done.
        """
        with self._lock:
            undo = act()
            try:
                reload = self.reload()
                left_out = {problem.where for problem in self.skipped}
                if not reload.swapped and {found.where for found in reload.problems} <= left_out:
                    reload = self.reload(skip_broken=True)
            except BaseException:
                undo()
                raise
            if not reload.swapped:
                undo()
            return reload

    def _swap(self, new: Snapshot, problems: tuple[Problem, ...]) -> Reload:
        old, new = self._snapshot, new.with_reader(self._reader)
        if new.id == old.id:
            new = old  # it has its vectors, or they are being made
        elif len(new.passages) <= AT_ONCE or old.searcher.embeddings is not None:
            # A start leaves many to a thread. A reload has time: no answer goes by words alone
            # meanwhile where all that it needs is there.
            new = self._with_vectors(new)
        self.skipped = problems
        self._snapshot = new
        self.selections.follow(new)
        self._begin_meaning(new)
        return Reload(new, changes_between(old, new), problems, swapped=True, some_are_good=True)

    def _with_vectors(self, new: Snapshot) -> Snapshot:
        """Return `new` with the vectors of its passages, if all are on disk."""
        if self._maker is None:
            return new
        found = self._maker.load_cached(new.passages.sources, new.passages)
        return new if found is None else new.with_embeddings(found)

    def _begin_meaning(self, new: Snapshot) -> None:
        if self._maker is None:
            return
        ready = new.searcher.embeddings is not None
        self.meaning = _state(self._maker.embedder, ready=ready)
        if not ready and self._aside:
            threading.Thread(target=self.add_meaning, name="vectors", daemon=True).start()

    def missing_vectors(self) -> int:
        """Return how many texts of the snapshot in use have no vector yet."""
        passages = self._snapshot.passages
        return 0 if self._maker is None else self._maker.missing(passages.sources, passages)

    def add_meaning(self, track: Track = unwatched) -> None:
        """Make the vectors of the snapshot in use and let it have them; it may take hours.

        It ends early when another snapshot comes into use. A model that fails is recorded in the
        log, and answers go on without it.
        """
        if self._maker is None:
            return
        with self._making:
            snapshot = self._snapshot
            if snapshot.searcher.embeddings is not None:
                return
            try:
                found = self._maker.make(
                    snapshot.passages.sources,
                    snapshot.passages,
                    lambda batches: self._watched(track(batches, len(batches), "vectors"), batches),
                    lambda: self._snapshot.id == snapshot.id,
                )
            except ModelError as error:
                _log.warning("%s %s: answers go by words alone", self._maker.embedder.name, error)
                self.meaning = _state(self._maker.embedder, failed=True)
                return
            # A model is somebody else's code: whatever it raises, there are answers without it.
            except Exception:
                _log.exception("the model of meaning failed: answers go by words alone")
                self.meaning = _state(self._maker.embedder, failed=True)
                return
            if found is not None:
                self._gain(snapshot, found)

    def _watched(self, tracked: Iterable[T], batches: Sequence[T]) -> Iterator[T]:
        """Yield what is `tracked`, and say how far it is."""
        for done, batch in enumerate(tracked):
            if self._maker is not None:
                self.meaning = _state(self._maker.embedder, done=done, total=len(batches))
            yield batch

    def _gain(self, snapshot: Snapshot, found: PassageEmbeddings) -> None:
        with self._lock:
            if self._snapshot.id == snapshot.id and self._maker is not None:
                self._snapshot = snapshot.with_embeddings(found)
                self.meaning = _state(self._maker.embedder, ready=True)

    def _read(self) -> tuple[Reading, str]:
        """Return what the folder holds, and its fingerprint unless it changed meanwhile."""
        before = fingerprint(self.folder)
        reading = read_folder(self.folder)
        return reading, before if before == fingerprint(self.folder) else ""

    def _kept(self) -> Snapshot | None:
        """Return the snapshot that is kept on disk, if it is one of the folder as it is now."""
        if not self.index_file.exists():
            return None
        try:
            return snapshots.load(self.index_file, _with_code(fingerprint(self.folder)))
        except (UnusableError, OSError) as error:
            _log.info("the index is made anew: %s", error)
            return None

    def _keep(self, new: Snapshot, print_: str) -> Snapshot:
        """Return the same snapshot, kept on disk and mapped from there if that is possible."""
        try:
            complete = _with_code(print_)
            snapshots.save(new, self.index_file, complete)
            return snapshots.load(self.index_file, complete)
        except (UnusableError, OSError) as error:
            _log.warning("the index cannot be kept, and will be made at every start: %s", error)
            return new


def _state(embedder: Embedder, **known: Any) -> MeaningState:
    return MeaningState(embedder.name, by_default=embedder.family is ModelFamily.OTHER, **known)


def _with_code(print_: str) -> str:
    """Return `print_`, a hash of the texts, with one of the code that makes a snapshot of them."""
    return f"{print_} code {code_fingerprint(__name__)}"
