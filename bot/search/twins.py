"""Twins: passages with the same words, which are one quote of several texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from bot.models import Hit, Passage, Role
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.passage_collection import PassageCollection

MOST_TWINS = 20
"""Twins of a passage that are found, in reading order: enough for any list of sources."""

_MOST_COMPARED = 200
"""Passages of a group whose words are compared at most."""

MOST_REMEMBERED = 1 << 16
"""Passages whose words are remembered as hashes: 100 bytes each."""

_COMPARED_TERMS = 3
"""First terms that passages of a group share. Others may be those of a heading or lead, which differ."""

_MIX = np.uint64(0x9E3779B97F4A7C15)

Offsets = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Twins:
    """Finds the passages whose words, and those that lead to them, differ in white space at most.

    Only the cache `_hashes` changes after construction.
    """

    collection: PassageCollection
    members: Offsets
    """The passages that share their first terms with another one, in reading order."""
    group_of: Offsets
    """The number of each member's group."""
    by_group: Offsets
    """The members group by group, in reading order."""
    groups: Offsets
    """The numbers of their groups, ascending."""
    _hashes: dict[int, int] = field(default_factory=dict, repr=False)
    """Passage → hash of its words, for those that were compared before: the same groups are found again."""

    @classmethod
    def among(cls, collection: PassageCollection, forward: ForwardIndex) -> Twins:
        """Group the passages by their first terms: a quarter of a second for a million of them."""
        beginnings = _beginnings(forward)
        order = np.argsort(beginnings, kind="stable")
        same = np.diff(beginnings[order]) == 0
        has_terms = np.diff(forward.token_starts) > 0  # others are stopwords alone, or no words
        same &= has_terms[order[1:]]
        edge = np.zeros(min(1, len(order)), bool)
        is_member = np.concatenate([edge, same]) | np.concatenate([same, edge])
        groups = np.cumsum(np.concatenate([edge, ~same]))[is_member]
        members = order[is_member]
        by_place = np.argsort(members, kind="stable")
        return cls(collection, members[by_place], groups[by_place], members, groups)

    def of(self, number: int, within: range | None = None) -> tuple[Passage, ...]:
        """The twins of passage `number`, in reading order; `within`: only of these."""
        group = self._group(number)
        if group is None:
            return ()
        first, last = np.searchsorted(self.groups, [group, group + 1]).tolist()
        same = self.by_group[first : min(last, first + _MOST_COMPARED)].tolist()
        own = self._hash(number)
        found = (
            passage
            for other in same
            if other != number and (within is None or other in within)
            if self._hash(other) == own
            if (passage := self.collection[other]).role is Role.ANSWER
        )
        return tuple(islice(found, MOST_TWINS))

    def distinct(self, candidates: NDArray[np.int64], preferred: range) -> NDArray[np.int64]:
        """Leave one of several twins among `candidates`: that among the `preferred` passages, or else the first."""
        if not len(self.members):
            return candidates
        places = np.minimum(np.searchsorted(self.members, candidates), len(self.members) - 1)
        shared = np.flatnonzero(self.members[places] == candidates)
        if len(shared) < 2:
            return candidates
        left_out: list[int] = []
        seen: dict[tuple[int, int], int] = {}
        for at in sorted(shared.tolist(), key=lambda at: candidates[at] not in preferred):
            key = (int(self.group_of[places[at]]), self._hash(int(candidates[at])))
            if seen.setdefault(key, at) != at:
                left_out.append(at)
        return np.delete(candidates, left_out)

    def merged(self, hits: Sequence[Hit], within: range | None = None) -> tuple[Hit, ...]:
        """Leave the first of several twins among `hits`, and name the others with it."""
        found: dict[tuple[str, str], Hit] = {}
        for hit in hits:
            key = words_of(hit.passage)
            if key not in found:
                number = self.collection.number_of(hit.passage.key)
                also = () if number is None else self.of(number, within)
                found[key] = replace(hit, also=also)
        return tuple(found.values())

    def _hash(self, number: int) -> int:
        """Hash the words of a passage, and remember that: those of 200 passages take milliseconds to read."""
        found = self._hashes.get(number)
        if found is None:
            if len(self._hashes) >= MOST_REMEMBERED:
                self._hashes.clear()
            found = self._hashes[number] = hash(words_of(self.collection[number]))
        return found

    def _group(self, number: int) -> int | None:
        at = int(self.members.searchsorted(number))
        found = at < len(self.members) and self.members[at] == number
        return int(self.group_of[at]) if found else None


def words_of(passage: Passage) -> tuple[str, str]:
    """The words of a passage and of its lead, with white space folded."""
    lead = "" if passage.lead is None else passage.lead.text
    return " ".join(lead.split()), " ".join(passage.text.split())


def _beginnings(forward: ForwardIndex) -> NDArray[np.uint64]:
    """(N,) a number for each passage that is the same for the same first terms: those of its heading come last."""
    starts, ends = forward.token_starts[:-1], forward.token_starts[1:]
    found = np.zeros(forward.corpus_size, np.uint64)
    for place in range(_COMPARED_TERMS):
        there = starts + place < ends
        found[there] += forward.tokens[starts[there] + place].astype(np.uint64) + np.uint64(1)
        found *= _MIX
        found ^= found >> np.uint64(29)
    return found
