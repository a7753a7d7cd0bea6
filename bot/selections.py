"""Snapshots of some of the sources that are known: the last few, each made once."""

from __future__ import annotations

import threading
from collections import OrderedDict

from bot.retrieval.meaning.making import MeaningMaker
from bot.snapshots import Snapshot, build_snapshot

MOST = 8
"""Selections that are kept: servers that have chosen the same texts share one."""

_Key = tuple[str, bool, frozenset[str]]


class Selections:
    """What is known of some sources alone, found and ranked as if there were no others."""

    def __init__(self, maker: MeaningMaker | None) -> None:
        self._maker = maker
        self._made: OrderedDict[_Key, Snapshot] = OrderedDict()
        self._lock = threading.Lock()

    def at_hand(self, whole: Snapshot, ids: frozenset[str] | None) -> Snapshot | None:
        """Return the snapshot of the sources `ids` of `whole` (None: all), if it is made already."""
        chosen = _chosen(whole, ids)
        if chosen is None:
            return whole
        with self._lock:
            found = self._made.get(_key(whole, chosen))
            if found is not None:
                self._made.move_to_end(_key(whole, chosen))
            return found

    def of(self, whole: Snapshot, ids: frozenset[str] | None) -> Snapshot:
        """Return the same snapshot, made now if it is not at hand: that blocks.

        It has the vectors of its passages where `whole` has. An id that is gone counts for nothing.
        """
        chosen = _chosen(whole, ids)
        found = self.at_hand(whole, ids)
        if found is not None or chosen is None:
            return found or whole
        made = self._with_meaning(whole, self._by_words(whole, chosen))
        with self._lock:
            for key in [key for key in self._made if key[0] != whole.id]:
                del self._made[key]
            self._made[_key(whole, chosen)] = made
            while len(self._made) > MOST:
                self._made.popitem(last=False)
        return made

    def _by_words(self, whole: Snapshot, chosen: frozenset[str]) -> Snapshot:
        """Return the selection without vectors: the one that is there from before `whole` had any."""
        with self._lock:
            found = self._made.pop((whole.id, False, chosen), None)
        return found or build_snapshot(whole.sources[id_] for id_ in whole.sources if id_ in chosen)

    def _with_meaning(self, whole: Snapshot, selection: Snapshot) -> Snapshot:
        if whole.searcher.meaning is None or self._maker is None:
            return selection
        found = self._maker.at_once(selection.passages.sources, selection.passages)
        return selection if found is None else selection.with_meaning(found)


def _chosen(whole: Snapshot, ids: frozenset[str] | None) -> frozenset[str] | None:
    """Return those of `ids` that `whole` has; None: all that it has."""
    if ids is None or ids.issuperset(whole.sources):
        return None
    return ids.intersection(whole.sources)


def _key(whole: Snapshot, chosen: frozenset[str]) -> _Key:
    return whole.id, whole.searcher.meaning is not None, chosen
