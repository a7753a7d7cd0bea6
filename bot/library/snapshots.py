"""What the bot knows at one moment: built from texts, or read back from a file beside them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from bot.files import array_file
from bot.library.listing import Listing
from bot.models import Passage, Source
from bot.search import resources
from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.reading.reader import Reader
from bot.search.searcher import Searcher
from bot.texts.corpus import Corpus

MAKERS = ("sentencex", "PyStemmer", "rank-bm25", "numpy", "PyYAML")
"""Packages of others whose versions may make other arrays of the same texts."""

T = TypeVar("T")


class Track(Protocol):
    """Lets somebody watch a long piece of work: passes the items on, perhaps with a progress bar."""

    def __call__(self, items: Iterable[T], total: int, what: str) -> Iterable[T]:
        """Return `items`, `total` in number, while saying `what` is done with them."""
        ...


def unwatched(items: Iterable[T], total: int, what: str) -> Iterable[T]:
    """Return `items` as they are."""
    return items


@dataclass(frozen=True)
class Snapshot:
    """Sources, their passages in reading order, and the searcher over them."""

    id: str
    sources: Mapping[str, Source]
    passages: Corpus
    ranges: Mapping[str, range]
    searcher: Searcher
    listing: Listing
    """The sources as people look for them."""

    def with_embeddings(self, embeddings: PassageEmbeddings) -> Snapshot:
        """Return the same snapshot, whose searcher has its passages' vectors too."""
        return replace(self, searcher=replace(self.searcher, embeddings=embeddings))

    def with_reader(self, reader: Reader | None) -> Snapshot:
        """Return the same snapshot, whose searcher has `reader`; None: it does without."""
        return replace(self, searcher=replace(self.searcher, reader=reader))

    def passage(self, key: int) -> Passage | None:
        """Return the passage with this key, if it still stands where it stood."""
        return self.passages.find(key)

    def source(self, digest: str) -> Source | None:
        """Return the source with this digest, if it is still the same."""
        return self.listing.by_digest.get(digest)


def build_snapshot(sources: Iterable[Source], track: Track = unwatched) -> Snapshot:
    """Return the snapshot of `sources`. It depends on them alone, not on machine or time."""
    corpus = Corpus.of(sources)
    return _snapshot(corpus, Searcher.of(corpus, track(corpus, len(corpus), "indexing")))


def save(snapshot: Snapshot, path: Path, fingerprint: str) -> None:
    """Write `snapshot` to `path`; `fingerprint`: hashes of the texts and of the code that made it.

    Raises:
        OSError: it cannot be written; what was there is there still.

    """
    parameters = {"sources": snapshot.passages.facts()}
    arrays = snapshot.passages.arrays() | snapshot.searcher.arrays()
    array_file.write(path, _complete(fingerprint), parameters, arrays)


def load(path: Path, fingerprint: str) -> Snapshot:
    """Return the snapshot in the file `path`, mapped and not read.

    Raises:
        UnusableError: there is none, it is damaged, or it was made of other texts, with other
            data files or by other versions of what takes part.

    """
    parameters, arrays = array_file.read(path, _complete(fingerprint))
    try:
        corpus = Corpus.from_arrays(parameters["sources"], arrays)
        return _snapshot(corpus, Searcher.from_arrays(corpus, arrays))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        detail = f"its arrays do not fit together ({error})"
        raise array_file.UnusableError(path, "damaged", detail) from error


def id_of(sources: Iterable[Source]) -> str:
    """Return the id that the snapshot of `sources`, in this order, has."""
    digests = "".join(source.digest for source in sources)
    return hashlib.blake2b(digests.encode(), digest_size=6).hexdigest()


def _snapshot(corpus: Corpus, searcher: Searcher) -> Snapshot:
    return Snapshot(
        id=id_of(corpus.sources),
        sources=MappingProxyType({source.id: source for source in corpus.sources}),
        passages=corpus,
        ranges=MappingProxyType({s.id: corpus.range_of(i) for i, s in enumerate(corpus.sources)}),
        searcher=searcher,
        listing=Listing.of(corpus.sources),
    )


def _complete(fingerprint: str) -> str:
    """Return `fingerprint` with all else that an index depends on: data and others' packages."""
    makers = " ".join(f"{name} {version(name)}" for name in MAKERS)
    unicode = unicodedata.unidata_version
    return f"{fingerprint} data {resources.fingerprint()} {makers} Unicode {unicode}"
