"""The keys under which the vectors of texts are stored, computed once for each source."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.models import Passage, Source
from bot.search.embedding.store import Keys, key


class SourcePassages(Protocol):
    """The passages of some sources, in order."""

    @property
    def source_passages(self) -> NDArray[np.int64]:
        """(S+1,) the number of each source's first passage."""
        ...

    def __getitem__(self, at: int, /) -> Passage: ...


class TextKeys:
    """Remembers the keys of the passages and posts of sources, as long as these do not change. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Keys, Keys]] = {}
        """Of passages and posts, by the source's digest."""
        self._most = 0
        self._lock = threading.Lock()

    def of(self, sources: Sequence[Source], passages: SourcePassages) -> tuple[Keys, Keys]:
        """The keys of all passages, and of all posts, in order."""
        with self._lock:
            self._make_room(sources)
            found = [self._of_source(n, source, passages) for n, source in enumerate(sources)]
        none = np.zeros(0, np.uint64)
        of_passages = np.concatenate([none, *(keys for keys, _ in found)])
        return of_passages, np.concatenate([none, *(keys for _, keys in found)])

    def parts(
        self, sources: Sequence[Source], passages: SourcePassages, wanted: Keys, most: int
    ) -> list[tuple[range, Keys]]:
        """Divide the `wanted` keys among consecutive sources, by number: about `most` to a part, each key once."""
        left = set(wanted.tolist())
        parts: list[tuple[range, Keys]] = []
        first, own = 0, set[int]()
        for number, source in enumerate(sources):
            for keys in self._of_source(number, source, passages):
                own |= left.intersection(keys.tolist())
            left -= own
            if len(own) >= most or (own and number == len(sources) - 1):
                parts.append((range(first, number + 1), np.array(sorted(own), np.uint64)))
                first, own = number + 1, set()
        return parts

    def texts(
        self, sources: Sequence[Source], passages: SourcePassages, part: tuple[range, Keys]
    ) -> dict[int, str]:
        """The texts of one of the `parts`."""
        numbers, wanted = part
        keys = set(wanted.tolist())
        texts: dict[int, str] = {}
        for number in numbers:
            source = sources[number]
            if not any(
                keys.intersection(k.tolist()) for k in self._of_source(number, source, passages)
            ):
                continue
            every = [*_passage_texts(number, passages), *(post.text for post in source.posts)]
            texts.update((found, text) for text in every if (found := key(text)) in keys)
        return texts

    def _of_source(
        self, number: int, source: Source, passages: SourcePassages
    ) -> tuple[Keys, Keys]:
        found = self._known.get(source.digest)
        if found is None:
            own = np.array([key(text) for text in _passage_texts(number, passages)], np.uint64)
            found = own, np.array([key(post.text) for post in source.posts], np.uint64)
            self._known[source.digest] = found
        return found

    def _make_room(self, sources: Sequence[Source]) -> None:
        """Forget sources that are gone once they are most of those that are remembered."""
        self._most = max(self._most, len(sources))
        if len(self._known) > 2 * self._most and len(sources) * 2 > self._most:
            left = {source.digest for source in sources}
            self._known = {digest: keys for digest, keys in self._known.items() if digest in left}
            self._most = len(sources)


def _passage_texts(number: int, passages: SourcePassages) -> list[str]:
    first, end = passages.source_passages[number : number + 2].tolist()
    return [passages[at].in_context for at in range(first, end)]
