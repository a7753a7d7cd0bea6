"""Holds the current snapshot of the knowledge folder, and replaces it as a whole on reload."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.files.array_file import UnusableFileError
from bot.library import snapshots
from bot.library.provenance import code_fingerprint
from bot.library.selections import Selections
from bot.library.snapshots import Snapshot, Track, build_snapshot, no_progress
from bot.models import Problem, VerbatimError
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.embedder import Embedder, ModelError, ModelFamily, file_name
from bot.search.embedding.question_embedder import TimeLimit
from bot.search.embedding.similarity import EXACT_UP_TO, PassageEmbeddings
from bot.search.opensearch.errors import EngineError
from bot.search.reading.reader import Reader
from bot.texts.editing import Undo
from bot.texts.folder import FolderContents, fingerprint, last_change, read_folder

if TYPE_CHECKING:
    from bot.search.opensearch.engine import Engine

SAVE_FROM = 5_000
"""Passages from which on the index is saved to disk: fewer are indexed in about a second."""

LOAD_VECTORS_UP_TO = 20_000
"""Passages whose vectors, if all are on disk, are loaded with a first snapshot: about 0.1 s."""

T = TypeVar("T")

_log = logging.getLogger("verbatim.library")


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Ids of the sources in which two snapshots differ."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class ReloadResult:
    """What a reload did: if `swapped` is false, nothing, because of the `problems`.

    `has_good_files` tells whether a reload that skips the broken files would find any other.
    """

    snapshot: Snapshot
    changes: SourceChanges
    problems: tuple[Problem, ...]
    swapped: bool
    has_good_files: bool


@dataclass(frozen=True, slots=True)
class EmbeddingStatus:
    """Progress of embedding the passages of the current snapshot."""

    model: str
    ready: bool = False
    done: int = 0
    total: int = 0
    """Batches to embed; 0 until it is known."""
    failed: bool = False
    by_default: bool = False
    """Whether no ranker was fitted for this model, so that the default calibration is used."""
    ranks_only: bool = False
    """Whether there are so many passages that vectors find none: they only rank those found by words."""


def changes_between(old: Snapshot, new: Snapshot) -> SourceChanges:
    """Compare the sources of two snapshots, in the order of their listings."""
    was, now = old.listing, new.listing
    return SourceChanges(
        added=tuple(s.id for s in now.in_order if s.id not in was.sources),
        changed=tuple(
            s.id
            for s in now.in_order
            if s.id in was.sources and was.sources[s.id].digest != s.digest
        ),
        removed=tuple(s.id for s in was.in_order if s.id not in now.sources),
    )


class Library:
    """The current snapshot of a folder. Methods block: call them off the event loop.

    What changes here is the snapshot, `skipped` and `embedding_status`: each is an immutable value
    that is replaced under one lock, so readers need none.

    The index of a large knowledge base is saved beside the folder as `.FOLDER.index`. It is rebuilt
    whenever texts, aliases or the indexing code have changed.

    With an `embedder`, a snapshot gets vectors: immediately if all are on disk; else, with
    `embed_in_background`, from a thread, while it already answers by words. `patience` limits how
    long a question waits for its own vectors. Every snapshot has the `reader`, if there is one.

    With an `engine`, passages are searched there, and here until they are indexed there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        skip_broken: bool = False,
        track: Track = no_progress,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        embed_in_background: bool = False,
        time_limit: TimeLimit | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.folder = folder
        self.skipped: tuple[Problem, ...] = ()
        """Problems of the files that the current snapshot leaves out."""
        self._skip_broken = skip_broken
        self._track = track
        self._lock = threading.RLock()
        self._reader = reader
        self.engine = engine
        """None where the index is embedded."""
        self._snapshot = build_snapshot(()).with_reader(reader)
        self._embed_in_background = embed_in_background
        self._maker: EmbeddingBuilder | None = None
        if embedder is not None:
            self._maker = EmbeddingBuilder(
                embedder, self._vectors_file(embedder), time_limit=time_limit
            )
        self._making = threading.Lock()
        self.selections = Selections(self._maker)
        """Snapshots of the sources that a server has chosen."""
        self.embedding_status = None if embedder is None else _state(embedder)
        """None without an embedding model."""

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot. Take it once for each question: the next access may give another."""
        return self._snapshot

    @property
    def index_file(self) -> Path:
        """Where the index of a large knowledge base is saved."""
        folder = self.folder.absolute()
        return folder.with_name(f".{folder.name}.index")

    def _vectors_file(self, embedder: Embedder) -> Path:
        return self.index_file.with_suffix(f".{file_name(embedder)}.vectors")

    def load(self) -> Snapshot:
        """Read the folder for the first time.

        Raises:
            VerbatimError: there is nothing to read, or a file is broken and must not be skipped.

        """
        reload = self.reload(skip_broken=self._skip_broken)
        if not reload.swapped:
            raise VerbatimError(*reload.problems)
        return reload.snapshot

    def reload(self, *, skip_broken: bool = False) -> ReloadResult:
        """Read the folder again. Replace the snapshot, or change nothing if a file is broken.

        With `skip_broken`, broken files are left out, as long as any good file remains.
        """
        with self._lock:
            saved = self._load_index()
            if saved is not None:
                return self._swap(saved, ())
            contents, folder_hash = self._read_folder()
            problems, good = contents.problems, bool(contents.sources)
            if problems and not (skip_broken and good):
                return ReloadResult(self._snapshot, SourceChanges(), problems, False, good)
            new = build_snapshot(contents.sources, self._track)
            if folder_hash and not problems and len(new.passages) >= SAVE_FROM:
                new = self._save_index(new, folder_hash)
            return self._swap(new, problems)

    def apply_change(self, change: Callable[[], Undo]) -> ReloadResult:
        """Change the folder and reload; undo the change if the reload is refused.

        Files that are left out already may still be broken. An exception from `change` passes
        through: then nothing was done.
        """
        with self._lock:
            undo = change()
            try:
                reload = self.reload()
                known = {problem.where for problem in self.skipped}
                if not reload.swapped and {one.where for one in reload.problems} <= known:
                    reload = self.reload(skip_broken=True)
            except BaseException:
                undo()
                raise
            if not reload.swapped:
                undo()
            return reload

    def _swap(self, new: Snapshot, problems: tuple[Problem, ...]) -> ReloadResult:
        old = self._snapshot
        new = new.with_reader(self._reader).with_change(last_change(self.folder))
        if new.id != old.id and self.engine is not None:
            try:
                new = new.with_engine(self.engine)
            except EngineError as error:  # the old snapshot is searched on
                return ReloadResult(old, SourceChanges(), error.problems, False, False)
        if new.id == old.id:
            new = old  # it has its vectors, or a thread is embedding it
        elif len(new.passages) <= LOAD_VECTORS_UP_TO or old.searcher.embeddings is not None:
            # A first start leaves many vectors to the thread. A reload can wait for them: the old
            # snapshot still answers.
            new = self._with_vectors(new)
        self.skipped = problems
        self._snapshot = new
        self.selections.follow(new)
        self._start_embedding(new)
        return ReloadResult(
            new, changes_between(old, new), problems, swapped=True, has_good_files=True
        )

    def _with_vectors(self, new: Snapshot) -> Snapshot:
        """Add the vectors of the passages if all are on disk."""
        if self._maker is None:
            return new
        found = self._maker.load_cached(new.passages.sources, new.passages)
        return new if found is None else new.with_embeddings(found)

    def _start_embedding(self, new: Snapshot) -> None:
        if self._maker is None:
            return
        ready = new.searcher.embeddings is not None
        self.embedding_status = _state(
            self._maker.embedder, ready=ready, ranks_only=_only_ranked(new)
        )
        if not ready and self._embed_in_background:
            threading.Thread(target=self.embed_passages, name="vectors", daemon=True).start()

    def missing_vectors(self) -> int:
        """Count the texts of the current snapshot that have no vector yet."""
        passages = self._snapshot.passages
        return 0 if self._maker is None else self._maker.missing(passages.sources, passages)

    def embed_passages(self, track: Track = no_progress) -> None:
        """Embed the passages of the current snapshot; for a large one this takes hours.

        Stops when another snapshot replaces it. A failure of the model is logged, and answers go on
        without vectors.
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
                    lambda batches: self._report_progress(
                        track(batches, len(batches), "vectors"), batches
                    ),
                    lambda: self._snapshot.id == snapshot.id,
                )
            except ModelError as error:
                _log.warning("%s %s: answers go by words alone", self._maker.embedder.name, error)
                self.embedding_status = _state(self._maker.embedder, failed=True)
                return
            # The model is third-party code: whatever it raises, answers must go on without it.
            except Exception:
                _log.exception("the model of meaning failed: answers go by words alone")
                self.embedding_status = _state(self._maker.embedder, failed=True)
                return
            if found is not None:
                self._add_vectors(snapshot, found)

    def _report_progress(self, tracked: Iterable[T], batches: Sequence[T]) -> Iterator[T]:
        """Pass on the `tracked` batches, and update `embedding_status`."""
        for done, batch in enumerate(tracked):
            if self._maker is not None:
                self.embedding_status = _state(self._maker.embedder, done=done, total=len(batches))
            yield batch

    def _add_vectors(self, snapshot: Snapshot, found: PassageEmbeddings) -> None:
        with self._lock:
            if self._snapshot.id == snapshot.id and self._maker is not None:
                self._snapshot = snapshot.with_embeddings(found)
                self.embedding_status = _state(
                    self._maker.embedder, ready=True, ranks_only=_only_ranked(snapshot)
                )

    def _read_folder(self) -> tuple[FolderContents, str]:
        """Read the folder, and hash it; the hash is empty if the folder changed meanwhile."""
        before = fingerprint(self.folder)
        contents = read_folder(self.folder)
        return contents, before if before == fingerprint(self.folder) else ""

    def _load_index(self) -> Snapshot | None:
        """Load the saved snapshot if it was made from the folder as it is now."""
        if not self.index_file.exists():
            return None
        try:
            return snapshots.load(self.index_file, _with_code(fingerprint(self.folder)))
        except (UnusableFileError, OSError) as error:
            _log.info("the index is made anew: %s", error)
            return None

    def _save_index(self, new: Snapshot, folder_hash: str) -> Snapshot:
        """Save the snapshot and map it back from disk, which frees its memory; or keep it as it is."""
        try:
            complete = _with_code(folder_hash)
            snapshots.save(new, self.index_file, complete)
            return snapshots.load(self.index_file, complete)
        except (UnusableFileError, OSError) as error:
            _log.warning("the index cannot be kept, and will be made at every start: %s", error)
            return new


def _state(embedder: Embedder, **known: Any) -> EmbeddingStatus:
    return EmbeddingStatus(embedder.name, by_default=embedder.family is ModelFamily.OTHER, **known)


def _only_ranked(snapshot: Snapshot) -> bool:
    return len(snapshot.passages) > EXACT_UP_TO


def _with_code(folder_hash: str) -> str:
    """Add the hash of the code that builds snapshots."""
    return f"{folder_hash} code {code_fingerprint(__name__)}"
