"""Holds the current snapshot of the knowledge folder, and replaces it as a whole on reload."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bot.errors import Problem, VerbatimError
from bot.library.embedding import EmbeddingStatus, SnapshotEmbedder
from bot.library.last_good import Decision, Files, decide
from bot.library.results import ReloadResult, SourceChanges, Stale, changes_between
from bot.library.saved_index import IndexSaver, SavedIndex
from bot.library.selections import Selections
from bot.library.snapshots import Snapshot, Track, build_snapshot, no_progress, update_snapshot
from bot.search.embedding.embedder import Embedder, file_name
from bot.search.embedding.question_embedder import TimeLimit
from bot.search.opensearch.errors import EngineError
from bot.search.reading.reader import Reader
from bot.texts.editing import Undo, prune_removed
from bot.texts.folder import (
    DEFAULT_LIMITS,
    FolderContents,
    Limits,
    last_change,
    read_folder,
    too_many,
)

if TYPE_CHECKING:
    from bot.search.opensearch.engine import Engine

SAVE_FROM = 5_000
"""The index is saved to disk from this many passages on: fewer are indexed in about a second."""

EMBED_FIRST = 50
"""Texts that are embedded before a reload replaces a snapshot that has vectors: about a second of work."""

LOAD_VECTORS_UP_TO = 20_000
"""Passages whose vectors, if all are on disk, are loaded with a first snapshot: about 0.1 s."""


class Library:
    """The current snapshot of a folder. Methods block: call them off the event loop.

    What changes here is the snapshot, `skipped`, `stale`, `last_reload` and `embedding_status`: each is an
    immutable value that is replaced under one lock, so readers need none.

    A reload reads and indexes only the files that have changed. The index of a large knowledge base is saved
    beside the folder as `.FOLDER.index`, so that this holds for a start too.

    With an `embedder`, a snapshot gets vectors: immediately if all are on disk; else, with
    `embed_in_background`, from a thread, while it already answers by words. `time_limit` limits how
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
        limits: Limits = DEFAULT_LIMITS,
        save_after: float | None = None,
        engine: Engine | None = None,
    ) -> None:
        """`save_after`: seconds without a reload after which a thread saves the index; None: each reload saves it."""
        self.folder = folder
        self.skipped: tuple[Problem, ...] = ()
        """Problems of the files that the current snapshot leaves out."""
        self.stale: Stale = {}
        self.last_reload: ReloadResult | None = None
        """The last reload that came to an end, whether or not it replaced the snapshot."""
        self._skip_broken = skip_broken
        self._track = track
        self.limits = limits
        """How much the folder may hold."""
        self._lock = threading.RLock()
        self._reader = reader
        self.engine = engine
        """None where the index is embedded."""
        self._snapshot = build_snapshot(()).with_reader(reader)
        self._files: Files = {}
        """The files of the current snapshot, by name, in the order of its sources."""
        self._index = SavedIndex.beside(folder)
        self._saved: Mapping[str, str] = {}
        """The hashes of the files whose index is saved, by name."""
        self._saving = IndexSaver(self._save, save_after)
        self._writing = threading.Lock()
        self._embed_in_background = embed_in_background
        self._embedding: SnapshotEmbedder | None = None
        if embedder is not None:
            vectors = self.index_file.with_suffix(f".{file_name(embedder)}.vectors")
            self._embedding = SnapshotEmbedder(embedder, vectors, time_limit)
        self.selections = Selections(None if self._embedding is None else self._embedding.builder)
        """Snapshots of the sources that a server has chosen."""

    @property
    def snapshot(self) -> Snapshot:
        """The current snapshot. Take it once for each question: the next access may give another."""
        return self._snapshot

    @property
    def index_file(self) -> Path:
        """Where the index of a large knowledge base is saved."""
        return self._index.path

    @property
    def embedding_status(self) -> EmbeddingStatus | None:
        """How far the passages are embedded; None without an embedding model."""
        if self._embedding is None:
            return None
        status = self._embedding.status
        if self.engine is not None and self.engine.vectors.finds:
            status = replace(status, ranks_only=False)
        return status

    def load(self) -> Snapshot:
        """Read the folder for the first time.

        Raises:
            VerbatimError: there is nothing to read, or a file is broken and must not be skipped.

        """
        reload = self.reload(skip_broken=self._skip_broken)
        if not reload.swapped:
            raise VerbatimError(*reload.problems)
        return reload.snapshot

    def reload(
        self, *, skip_broken: bool = False, strict: bool = False, unfinished: Container[str] = ()
    ) -> ReloadResult:
        """Read what has changed in the folder. Replace the snapshot, or change nothing.

        A file that cannot be read any more stays in the snapshot as it was: then its source is stale. One that
        never could be read refuses the reload, unless it is left out already. With `skip_broken`, such
        files are left out, as long as any good file remains; `strict` leaves out stale sources too.
        `unfinished`: names of files that somebody is writing; they stay as they are.
        """
        with self._lock:
            accepted = {problem.where for problem in self.skipped}

            def judge(found: FolderContents, before: Files) -> Decision:
                skip = skip_broken or strict
                return decide(found, before, keep=not strict, skip_broken=skip, accepted=accepted)

            return self._reload(judge, unfinished)

    def apply_change(self, change: Callable[[], Undo]) -> ReloadResult:
        """Change the folder and reload; undo the change if the reload is refused.

        Files that could not be read before may still be broken, others not. An exception from `change` passes
        through: then nothing was done.
        """
        with self._lock:
            stale = (problem for problems in self.stale.values() for problem in problems)
            known = {problem.where for problem in (*self.skipped, *stale)}

            def judge(found: FolderContents, before: Files) -> Decision:
                decision = decide(found, before, accepted=known)
                new = tuple(problem for problem in found.problems if problem.where not in known)
                return replace(decision, problems=new, refused=True) if new else decision

            undo = change()
            try:
                reload = self._reload(judge)
            except BaseException:
                undo()
                raise
            if not reload.swapped:
                undo()
            else:
                prune_removed(self.folder, self.limits.removed)
            return reload

    def _reload(
        self, judge: Callable[[FolderContents, Files], Decision], unfinished: Container[str] = ()
    ) -> ReloadResult:
        began = perf_counter()
        base, before = self._snapshot, self._files
        if not before:
            base, before = self._load_saved() or (base, before)
        found = read_folder(self.folder, before, unfinished=unfinished, limits=self.limits)
        decision = judge(found, before)
        old, new = self._snapshot, base
        if not decision.refused:
            sources = [file.source for file in decision.files.values()]
            new = update_snapshot(base, sources, self._track, self.index_file.parent)
            if len(new.passages) > self.limits.passages:
                beyond = too_many(self.folder, len(new.passages), self.limits.passages, "passages")
                decision = replace(decision, problems=(beyond,), refused=True)
        if not decision.refused and new.id != old.id and self.engine is not None:
            try:
                new = new.with_engine(self.engine)
            except EngineError as error:  # the old snapshot is searched on
                decision = replace(decision, problems=error.problems, refused=True, files={})
        if not decision.refused:
            self._swap(new, decision)
        self.last_reload = ReloadResult(
            self._snapshot,
            SourceChanges() if decision.refused else changes_between(old, new),
            decision.problems,
            swapped=not decision.refused,
            has_good_files=bool(decision.files) and not found.unusable,
            stale=self.stale,
            at=datetime.now(UTC),
            seconds=perf_counter() - began,
        )
        if self.last_reload.swapped and len(new.passages) >= SAVE_FROM:
            self._saving.soon()
        return self.last_reload

    def _load_saved(self) -> tuple[Snapshot, Files] | None:
        found = self._index.load()
        self._saved = {} if found is None else {name: f.digest for name, f in found[1].items()}
        return found

    def _swap(self, new: Snapshot, decision: Decision) -> None:
        self.skipped, self.stale = decision.problems, decision.stale
        old = self._snapshot
        if new.id != old.id:
            new = new.with_reader(self._reader).with_change(last_change(self.folder))
            if len(new.passages) <= LOAD_VECTORS_UP_TO or old.searcher.embeddings is not None:
                # A first start leaves many vectors to the thread. A reload can wait for them: the old
                # snapshot still answers.
                few = EMBED_FIRST if old.searcher.embeddings is not None else 0
                new = new if self._embedding is None else self._embedding.with_stored(new, few=few)
            new = self._with_engine_vectors(new)
            self._snapshot = new
            self.selections.follow(new)
            self._start_embedding(new)
        self._files = _of_snapshot(decision.files, self._snapshot)

    def _with_engine_vectors(self, new: Snapshot) -> Snapshot:
        return new if self.engine is None else new.with_vectors_in(self.engine)

    def _start_embedding(self, new: Snapshot) -> None:
        if self._embedding is None:
            return
        ready = new.searcher.embeddings is not None
        self._embedding.set_status(new, ready=ready)
        if not ready and self._embed_in_background:
            threading.Thread(target=self.embed_passages, name="vectors", daemon=True).start()

    def missing_vectors(self) -> int:
        """Count the texts of the current snapshot that have no vector yet."""
        return 0 if self._embedding is None else self._embedding.missing(self._snapshot)

    def embed_passages(self, track: Track = no_progress) -> None:
        """Embed the passages of the current snapshot; for a large one this takes hours.

        Stops when another snapshot replaces it. A failure of the model is logged, and answers go on
        without vectors.
        """
        if self._embedding is None:
            return
        found = self._embedding.embed(lambda: self._snapshot, track)
        if found is None:
            return
        snapshot_id, embeddings = found
        with self._lock:
            if self._snapshot.id == snapshot_id:
                new = self._snapshot.with_embeddings(embeddings)
                self._snapshot = self._with_engine_vectors(new)
                self._embedding.set_status(self._snapshot, ready=True)

    def _save(self) -> None:
        """Save the index unless that was done, and use it from disk from then on, which frees its memory."""
        with self._writing:
            with self._lock:
                snapshot, files = self._snapshot, self._files
            digests = {name: file.digest for name, file in files.items()}
            if digests == self._saved:
                return
            mapped = self._index.save(snapshot, files)
            if mapped is None:
                return
            self._saved = digests
            with self._lock:
                now = self._snapshot
                if now.id == snapshot.id:
                    mapped = mapped.with_models_of(now).with_change(now.changed)
                    if self.engine is not None:  # which holds the old arrays still
                        mapped = self._with_engine_vectors(mapped.with_engine(self.engine))
                    self._snapshot = mapped
                    self._files = _of_snapshot(self._files, mapped)
                    if self.last_reload is not None:
                        self.last_reload = replace(self.last_reload, snapshot=self._snapshot)


def _of_snapshot(files: Files, snapshot: Snapshot) -> Files:
    """The files with their texts as the snapshot has them, so that each is in memory once."""
    sources = snapshot.sources
    return {name: replace(file, source=sources[file.source.id]) for name, file in files.items()}
