"""What the bot knows now: one immutable snapshot, swapped whole on reload."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.models import Passage, Problem, Source, VerbatimError
from bot.retrieval.search import Searcher
from bot.sources.corpus import Corpus
from bot.sources.folder import Reading, read_folder


@dataclass(frozen=True)
class Snapshot:
    """Sources, their passages in reading order, and the searcher over them."""

    id: str
    sources: Mapping[str, Source]
    passages: Corpus
    ranges: Mapping[str, range]
    searcher: Searcher

    def passage(self, key: int) -> Passage | None:
        """Return the passage with this key, if it still stands where it stood."""
        return self.passages.find(key)

    def source(self, digest: str) -> Source | None:
        """Return the source with this digest, if it is still the same."""
        return next((s for s in self.sources.values() if s.digest == digest), None)


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


def build_snapshot(sources: Iterable[Source]) -> Snapshot:
    """Return the snapshot of `sources`. It depends on them alone, not on machine or time."""
    corpus = Corpus.of(sources)
    digests = "".join(source.digest for source in corpus.sources)
    return Snapshot(
        id=hashlib.blake2b(digests.encode(), digest_size=6).hexdigest(),
        sources=MappingProxyType({source.id: source for source in corpus.sources}),
        passages=corpus,
        ranges=MappingProxyType({s.id: corpus.range_of(i) for i, s in enumerate(corpus.sources)}),
        searcher=Searcher.of(corpus, corpus),
    )


def changes_between(old: Snapshot, new: Snapshot) -> Changes:
    """Return which sources came, went and are no longer the same."""
    return Changes(
        added=tuple(id_ for id_ in new.sources if id_ not in old.sources),
        changed=tuple(
            id_
            for id_, source in new.sources.items()
            if id_ in old.sources and old.sources[id_].digest != source.digest
        ),
        removed=tuple(id_ for id_ in old.sources if id_ not in new.sources),
    )


class Library:
    """Holds the snapshot of a folder. Its methods block: call them off the event loop."""

    def __init__(self, folder: Path, *, skip_broken: bool = False) -> None:
        self.folder = folder
        self.skipped: tuple[Problem, ...] = ()
        """What was wrong with the files that the snapshot in use leaves out."""
        self._skip_broken = skip_broken
        self._lock = threading.Lock()
        self._snapshot = build_snapshot(())

    @property
    def snapshot(self) -> Snapshot:
        """Return what is known now. Take it once for a question, and keep to it."""
        return self._snapshot

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
            reading: Reading = read_folder(self.folder)
            old, good = self._snapshot, bool(reading.sources)
            if reading.problems and not (skip_broken and good):
                return Reload(old, Changes(), reading.problems, swapped=False, some_are_good=good)
            new = build_snapshot(reading.sources)
            self._snapshot = new
            self.skipped = reading.problems
            changes = changes_between(old, new)
            return Reload(new, changes, reading.problems, swapped=True, some_are_good=True)
