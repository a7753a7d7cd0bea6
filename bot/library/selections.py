"""Snapshots of some of the sources that are known: those in use, each made once."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.library.snapshots import Snapshot, build_snapshot, id_of
from bot.models import Source
from bot.search.embedding.builder import EmbeddingBuilder

KEPT_PASSAGES = 500_000
"""Passages of all selections that are kept in memory, together: about 2 kB each, with vectors."""

_log = logging.getLogger("verbatim.library")

Mask = NDArray[np.bool_]


class Selections:
    """What is known of some sources alone, found and ranked as if there were no others.

    Selections of the same texts are one, whoever chose them, and stay while these texts are the
    same. One is made at a time; who wants the same meanwhile waits for it. Safe between threads.
    """

    def __init__(self, maker: EmbeddingBuilder | None, *, passages: int = KEPT_PASSAGES) -> None:
        """`passages`: how many are kept, all selections together; the one made last always is."""
        self._maker = maker
        self._room = passages
        self._made: OrderedDict[str, Snapshot] = OrderedDict()
        """By the id of the snapshot, the one used longest ago first."""
        self._choices: dict[tuple[str, frozenset[str]], _Choice | None] = {}
        """What has been looked up in the whole that was asked for last; None: it is all of it."""
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def at_hand(self, whole: Snapshot, ids: frozenset[str] | None) -> Snapshot | None:
        """Return the snapshot of the sources `ids` of `whole` (None: all), if it is made already."""
        choice = self._choice(whole, ids)
        if choice is None:
            return whole
        with self._lock:
            found = self._made.get(choice.id)
            if found is None or _lacks_meaning(whole, found):
                return None
            self._made.move_to_end(choice.id)
            return found

    def of(self, whole: Snapshot, ids: frozenset[str] | None) -> Snapshot:
        """Return the same snapshot, made now if it is not at hand: that blocks.

        It has the vectors of its passages where `whole` has, and its reader. An id that is gone counts for nothing.
        """
        choice = self._choice(whole, ids)
        if choice is None:
            return whole
        with self._building:
            with self._lock:
                known = self._made.get(choice.id)  # or was made while this waited
            made = self._with_meaning(whole, known or _build(choice.sources, whole))
            with self._lock:
                self._made[choice.id] = made
                self._made.move_to_end(choice.id)
                self._make_room()
            return made

    def passages(self, whole: Snapshot, ids: frozenset[str] | None) -> Mask | None:
        """(P,) which passages of `whole` stand in its sources `ids`; None: all. Makes no index."""
        choice = self._choice(whole, ids)
        return None if choice is None else choice.passages

    def follow(self, whole: Snapshot) -> None:
        """Let go of selections with a text that `whole`, now in use, does not hold."""
        digests = {source.digest for source in whole.sources.values()}
        with self._lock:
            for id_, made in list(self._made.items()):
                if not all(source.digest in digests for source in made.sources.values()):
                    del self._made[id_]

    def _choice(self, whole: Snapshot, ids: frozenset[str] | None) -> _Choice | None:
        if ids is None:
            return None
        with self._lock:
            if (whole.id, ids) not in self._choices:
                if any(id_ != whole.id for id_, _ in self._choices):
                    self._choices.clear()
                everything = ids >= whole.sources.keys()
                self._choices[whole.id, ids] = None if everything else _Choice.of(whole, ids)
            return self._choices[whole.id, ids]

    def _make_room(self) -> None:
        kept = sum(len(snapshot.passages) for snapshot in self._made.values())
        while kept > self._room and len(self._made) > 1:
            _, gone = self._made.popitem(last=False)
            kept -= len(gone.passages)
            _log.warning(
                "an index of %d of the texts was let go: servers offer more selections than memory is"
                " set aside for (%d passages); it is built anew when it is asked for",
                len(gone.sources), self._room,
            )  # fmt: skip

    def _with_meaning(self, whole: Snapshot, selection: Snapshot) -> Snapshot:
        if not _lacks_meaning(whole, selection) or self._maker is None:
            return selection
        found = self._maker.load_cached(selection.passages.sources, selection.passages)
        return selection if found is None else selection.with_embeddings(found)


@dataclass(frozen=True)
class _Choice:
    """Some of the sources of a snapshot, looked up once however often they are asked for."""

    whole: Snapshot
    ids: AbstractSet[str]
    id: str
    """What their own snapshot is called."""

    @classmethod
    def of(cls, whole: Snapshot, ids: AbstractSet[str]) -> _Choice:
        return cls(whole, ids, id_of(s for id_, s in whole.sources.items() if id_ in ids))

    @property
    def sources(self) -> list[Source]:
        return [source for id_, source in self.whole.sources.items() if id_ in self.ids]

    @cached_property
    def passages(self) -> Mask:
        """(P,) which of the passages are theirs."""
        chosen = np.array([id_ in self.ids for id_ in self.whole.sources], bool)
        return np.repeat(chosen, np.diff(self.whole.passages.source_passages))


def _build(sources: Iterable[Source], whole: Snapshot) -> Snapshot:
    """Return the snapshot of `sources` with the reader of `whole`."""
    return build_snapshot(sources).with_reader(whole.searcher.reader)


def _lacks_meaning(whole: Snapshot, selection: Snapshot) -> bool:
    return whole.searcher.embeddings is not None and selection.searcher.embeddings is None
