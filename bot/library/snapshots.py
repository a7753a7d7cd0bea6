"""Everything the bot knows at one moment: built from texts, or loaded from a saved index."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.files import array_file
from bot.files.spool import Spool
from bot.library.listing import Listing
from bot.models import Passage, Source
from bot.search import resources
from bot.search.building import build_arrays
from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.reading.reader import Reader
from bot.search.searcher import Searcher
from bot.search.splicing import spliced_arrays
from bot.splices import Splice
from bot.texts import corpus_splice
from bot.texts.corpus import Corpus

if TYPE_CHECKING:
    from bot.search.opensearch.engine import Engine

INDEX_PACKAGES = ("sentencex", "markdown-it-py", "PyStemmer", "rank-bm25", "numpy", "PyYAML")
"""Third-party packages of which another version may build another index from the same texts."""

T = TypeVar("T")


class Track(Protocol):
    """Passes items on while it shows the progress of a long job."""

    def __call__(self, items: Iterable[T], total: int, what: str) -> Iterable[T]:
        """Pass on `items`, `total` in number; `what` names the job."""
        ...


def no_progress(items: Iterable[T], total: int, what: str) -> Iterable[T]:
    """A `Track` that shows nothing."""
    return items


@dataclass(frozen=True)
class Snapshot:
    """Sources, their passages in reading order, and the searcher over them. Immutable."""

    id: str
    sources: Mapping[str, Source]
    passages: Corpus
    ranges: Mapping[str, range]
    searcher: Searcher
    listing: Listing
    """The sources sorted by title, for lists and lookups by name."""
    changed: datetime | None = None
    """When the sources have changed last, where that is known."""

    def with_change(self, changed: datetime | None) -> Snapshot:
        """Copy the snapshot, with the time of the sources' last change."""
        return replace(self, changed=changed)

    def with_embeddings(self, embeddings: PassageEmbeddings) -> Snapshot:
        """Copy the snapshot, with the vectors of its passages."""
        return replace(self, searcher=replace(self.searcher, embeddings=embeddings))

    def with_reader(self, reader: Reader | None) -> Snapshot:
        """Copy the snapshot, with another `reader`; None: without one."""
        return replace(self, searcher=replace(self.searcher, reader=reader))

    def with_models_of(self, other: Snapshot) -> Snapshot:
        """Copy the snapshot, with the reader, vectors and engine of another one that has the same passages."""
        searcher = replace(
            self.searcher,
            embeddings=other.searcher.embeddings,
            reader=other.searcher.reader,
            engine_index=other.searcher.engine_index,
        )
        return replace(self, searcher=searcher)

    def with_engine(self, engine: Engine) -> Snapshot:
        """Copy the snapshot, with the index of its passages in the search engine."""
        searcher = self.searcher
        index = engine.adopt(searcher.table.forward, searcher.expander.index)
        return replace(self, searcher=replace(searcher, engine_index=index))

    def with_vectors_in(self, engine: Engine) -> Snapshot:
        """Copy the snapshot, whose words `engine` has adopted last, with its vectors in the search engine, too."""
        embeddings = engine.adopt_vectors(self.searcher.embeddings)
        return replace(self, searcher=replace(self.searcher, embeddings=embeddings))

    def passage(self, key: int) -> Passage | None:
        """Find a passage by its key, which changes with its place and words."""
        return self.passages.find(key)

    def source(self, digest: str) -> Source | None:
        """Find a source by its digest, which changes with anything in it."""
        return self.listing.by_digest.get(digest)


def build_snapshot(
    sources: Iterable[Source], track: Track = no_progress, folder: Path | None = None
) -> Snapshot:
    """Split and index `sources`. The result depends on them alone, not on machine or time.

    `folder`: where long texts are kept in a temporary file; None: in memory.
    """
    corpus = Corpus.of(sources, Spool(folder))
    return _snapshot(corpus, Searcher.of(corpus, track(corpus, len(corpus), "indexing")))


def update_snapshot(
    old: Snapshot,
    sources: Iterable[Source],
    track: Track = no_progress,
    folder: Path | None = None,
) -> Snapshot:
    """Build the snapshot of `sources`, reusing what `old` already has of them.

    Only sources that `old` does not have are split and indexed.
    """
    listed = tuple(sources)
    if id_of(listed) == old.id:
        return old
    places = {source.digest: place for place, source in enumerate(old.passages.sources)}
    fresh = [source for source in listed if source.digest not in places]
    if 2 * sum(len(source.posts) for source in fresh) > len(old.passages.post_starts) - 1:
        return build_snapshot(listed, track, folder)
    new = Corpus.of(fresh, Spool(folder))
    numbers = iter(range(len(fresh)))
    splice = Splice.of(
        (False, places[s.digest]) if s.digest in places else (True, next(numbers)) for s in listed
    )
    passages = splice.within(old.passages.source_passages, new.source_passages)
    of_new = build_arrays(new, track(new, len(new), "indexing"), resources.resources().word_vectors)
    arrays = spliced_arrays(old.searcher, of_new, splice, passages)
    corpus = corpus_splice.spliced(old.passages, new, splice, Spool(folder))
    return _snapshot(corpus, Searcher.from_arrays(corpus, arrays), old.listing)


def save(
    snapshot: Snapshot, path: Path, fingerprint: str, files: Sequence[tuple[str, str]] = ()
) -> None:
    """Save `snapshot` to `path`; `fingerprint` hashes the code that built it.

    `files`: the name and the hash of each source's file.

    Raises:
        OSError: it cannot be written; an older file is unchanged.

    """
    parameters = {"sources": snapshot.passages.source_metadata(), "files": files}
    arrays = snapshot.passages.arrays() | snapshot.searcher.arrays()
    array_file.write(path, _complete(fingerprint), parameters, arrays)


def load(path: Path, fingerprint: str) -> tuple[Snapshot, list[tuple[str, str]]]:
    """Map the snapshot in `path` without reading it into memory; the second result are the `files` it was saved with.

    Raises:
        UnusableFileError: there is none, it is damaged, or code, data files or third-party packages
            have changed since.

    """
    parameters, arrays = array_file.read(path, _complete(fingerprint))
    try:
        corpus = Corpus.from_arrays(parameters["sources"], arrays)
        files = [(name, digest) for name, digest in parameters["files"]]
        return _snapshot(corpus, Searcher.from_arrays(corpus, arrays)), files
    except (KeyError, TypeError, ValueError, IndexError) as error:
        detail = f"its arrays do not fit together ({error})"
        raise array_file.UnusableFileError(path, "damaged", detail) from error


def id_of(sources: Iterable[Source]) -> str:
    """The id of a snapshot of `sources`, in this order."""
    digests = "".join(source.digest for source in sources)
    return hashlib.blake2b(digests.encode(), digest_size=6).hexdigest()


def _snapshot(corpus: Corpus, searcher: Searcher, before: Listing | None = None) -> Snapshot:
    return Snapshot(
        id=id_of(corpus.sources),
        sources=MappingProxyType({source.id: source for source in corpus.sources}),
        passages=corpus,
        ranges=MappingProxyType({s.id: corpus.range_of(i) for i, s in enumerate(corpus.sources)}),
        searcher=searcher,
        listing=Listing.of(corpus.sources, before),
    )


def _complete(fingerprint: str) -> str:
    """Add what else an index depends on: data files, third-party packages, Unicode's version."""
    makers = " ".join(f"{name} {version(name)}" for name in INDEX_PACKAGES)
    unicode = unicodedata.unidata_version
    return f"{fingerprint} data {resources.fingerprint()} {makers} Unicode {unicode}"
