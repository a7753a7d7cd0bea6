"""Caches snapshots of the sources that servers have chosen."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshots import Snapshot, id_of, update_snapshot
from bot.models import Source
from bot.operations.event_log import EventLogger
from bot.search.embedding.builder import EmbeddingBuilder

MAX_PASSAGES = 500_000
"""Passages of all cached selections together: each takes about 2 kB, vectors included."""

MAX_CHOICES = 64
"""Choices whose passages are remembered: a byte for each passage of the whole."""

_log = EventLogger("verbatim.library")

Mask = NDArray[np.bool_]


class Selections:
    """A thread-safe cache of snapshots, each of some sources of the whole.

    In such a snapshot passages are found and ranked as if there were no other sources. Servers that
    choose the same texts share one, and it stays cached until one of these texts changes. Only one
    is built at a time.
    """

    def __init__(self, maker: EmbeddingBuilder | None, *, passages: int = MAX_PASSAGES) -> None:
        """Cache selections of `passages` in total; the newest one is always cached."""
        self._maker = maker
        self._room = passages
        self._made: OrderedDict[str, Snapshot] = OrderedDict()
        """By snapshot id, least recently used first."""
        self._whole: Snapshot | None = None
        """The last whole that was asked for."""
        self._choices: OrderedDict[frozenset[str], _Choice] = OrderedDict()
        """Of that one, least recently used first."""
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def get_cached(self, whole: Snapshot, ids: frozenset[str] | None) -> Snapshot | None:
        """The snapshot of the sources `ids` of `whole` (None: all), or None if it is not built yet."""
        choice = self._choice(whole, ids)
        if choice is None:
            return whole
        with self._lock:
            found = self._made.get(choice.id)
            if found is None or _lacks_meaning(whole, found):
                return None
            self._made.move_to_end(choice.id)
            return found

    def get(self, whole: Snapshot, ids: frozenset[str] | None) -> Snapshot:
        """The same snapshot, built now if need be: this blocks.

        It has vectors if `whole` has them, and the same reader. Unknown ids are ignored.
        """
        choice = self._choice(whole, ids)
        if choice is None:
            return whole
        with self._building:
            with self._lock:
                known = self._made.get(choice.id)  # another thread may have built it
            made = self._with_meaning(whole, known or _build(choice.sources, whole))
            with self._lock:
                self._made[choice.id] = made
                self._made.move_to_end(choice.id)
                self._make_room()
            return made

    def passages(self, whole: Snapshot, ids: frozenset[str] | None) -> Mask | None:
        """(P,) mask of the passages of `whole` in the sources `ids`; None: all. Builds no index."""
        choice = self._choice(whole, ids)
        return None if choice is None else choice.passages

    def follow(self, whole: Snapshot) -> None:
        """Drop the selections with a text that `whole`, the new snapshot, does not have."""
        digests = {source.digest for source in whole.sources.values()}
        with self._lock:
            for id_, made in list(self._made.items()):
                if not all(source.digest in digests for source in made.sources.values()):
                    del self._made[id_]
            self._look_at(whole)

    def _choice(self, whole: Snapshot, ids: frozenset[str] | None) -> _Choice | None:
        if ids is None:
            return None
        with self._lock:
            self._look_at(whole)
            choice = self._choices.get(ids)
            if choice is None:
                choice = self._choices[ids] = _Choice.of(whole, ids)
            self._choices.move_to_end(ids)
            while len(self._choices) > MAX_CHOICES:
                self._choices.popitem(last=False)
        return None if choice.is_all else choice

    def _look_at(self, whole: Snapshot) -> None:
        """Let go of the choices from another whole, and so of that: the same texts may be in another place now."""
        if self._whole is not whole:
            self._whole = whole
            self._choices.clear()

    def _make_room(self) -> None:
        kept = sum(len(snapshot.passages) for snapshot in self._made.values())
        while kept > self._room and len(self._made) > 1:
            _, gone = self._made.popitem(last=False)
            kept -= len(gone.passages)
            _log.warning(
                "a server's index was dropped for another one's; the next question there builds it again",
                texts=len(gone.sources),
                passages=len(gone.passages),
                limit=self._room,
            )

    def _with_meaning(self, whole: Snapshot, selection: Snapshot) -> Snapshot:
        if not _lacks_meaning(whole, selection) or self._maker is None:
            return selection
        found = self._maker.load_cached(selection.passages.sources, selection.passages)
        return selection if found is None else selection.with_embeddings(found)


@dataclass(frozen=True)
class _Choice:
    """Some sources of a snapshot; what is derived from them is computed once."""

    whole: Snapshot
    ids: AbstractSet[str]
    id: str
    """The id that a snapshot of these sources has."""
    is_all: bool
    """Whether these are all sources."""

    @classmethod
    def of(cls, whole: Snapshot, ids: AbstractSet[str]) -> _Choice:
        chosen = id_of(s for id_, s in whole.sources.items() if id_ in ids)
        return cls(whole, ids, chosen, ids >= whole.sources.keys())

    @property
    def sources(self) -> list[Source]:
        return [source for id_, source in self.whole.sources.items() if id_ in self.ids]

    @cached_property
    def passages(self) -> Mask:
        """(P,) which passages of the whole belong to these sources."""
        chosen = np.array([id_ in self.ids for id_ in self.whole.sources], bool)
        return np.repeat(chosen, np.diff(self.whole.passages.source_passages))


def _build(sources: Iterable[Source], whole: Snapshot) -> Snapshot:
    made = update_snapshot(whole, sources)
    return made.with_reader(whole.searcher.reader).with_change(whole.changed)


def _lacks_meaning(whole: Snapshot, selection: Snapshot) -> bool:
    return whole.searcher.embeddings is not None and selection.searcher.embeddings is None
