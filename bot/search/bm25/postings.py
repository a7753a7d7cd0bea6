"""Posting lists in arrays, and the exact top k passages of a few of them.

A score is the float32 sum of float32 gains (impact times weight), added in one order everywhere:
highest ceiling first. So a passage has the same score to the last bit on every path through this
module.
"""

from __future__ import annotations

from collections.abc import Iterable
from ctypes import c_float
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.keys import Keys, keys_of, passages_and_scores, score_of

# Measured; the numbers move time only, never a result. Up to FEW postings plain Python beats the
# fixed cost of numpy calls. An index of up to LISTED postings (some 600 passages) has them as
# Python's own values too, 100 bytes each. Postings up to BATCH · k are ranked at once; of more, only
# those that reach a floor, which the first SAMPLE · k of one list give. Above LONG, BLOCK passages
# at a time.
FEW = 36
LISTED = 1 << 13
BATCH = 24
SAMPLE = 8
LONG = 50_000
BLOCK = 1 << 19
# A float32 sum of T gains is off by less than T · 2**-24 of itself: this holds for a hundred terms.
_ROUNDING = 1e-5
_LEAST = float(np.finfo(np.float32).tiny)

Places = NDArray[np.intp]
Scores = NDArray[np.float32]
# A question term's postings: minus its ceiling (the most it adds to a passage), start, end, weight.
# Sorted, these tuples are in the order that scores are added in.
PostingList = tuple[float, int, int, float]
_ARRAYS = ("starts", "pairs", "ceilings")
_HALF = np.array(32)  # numpy takes an array more quickly than one of Python's integers


class Candidates(NamedTuple):
    """Passage numbers and their scores, best first; equal scores by passage number."""

    passages: list[int]
    scores: list[float]


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The postings of T terms in N passages, term after term, by passage number within a term.

    `starts`: int64 (T + 1), where each term's postings begin; `pairs`: int64 (P,), the passage's
    number in the upper half and below it the bits of its impact, a float32: what the term adds to
    the passage's score (together they are read in one go); `ceilings`: float32 (T,), the highest.
    """

    size: int
    starts: NDArray[np.int64]
    pairs: NDArray[np.int64]
    ceilings: NDArray[np.float32]
    # Single items come out of a memoryview several times faster than out of an array.
    _starts: memoryview = field(init=False, repr=False)
    _ceilings: memoryview = field(init=False, repr=False)
    # Passage and impact of each posting, where they are LISTED at most.
    _listed: list[tuple[int, float]] | None = field(init=False, repr=False)
    # Boards of N zeros, lent to a question at a time; pop and append are atomic: threads share it.
    _boards: list[Scores] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", self.starts.data)
        object.__setattr__(self, "_ceilings", self.ceilings.data)
        object.__setattr__(self, "_listed", None)
        if len(self.pairs) <= LISTED:
            listed = self._read_few([(0.0, 0, len(self.pairs), 1.0)])
            object.__setattr__(self, "_listed", list(listed))
        object.__setattr__(self, "_boards", [])

    @classmethod
    def of(
        cls,
        size: int,
        starts: NDArray[np.int64],
        passages: NDArray[np.int64],
        impacts: NDArray[np.float32],
    ) -> Postings:
        """Return the postings in `size` passages, given passage and impact of each."""
        ceilings = np.zeros(len(starts) - 1, np.float32)
        held = np.diff(starts) > 0
        if held.any():
            ceilings[held] = np.maximum.reduceat(impacts, starts[:-1][held])
        pairs = (passages << _HALF) | impacts.view(np.uint32)
        return cls(size, starts, pairs, ceilings)

    @classmethod
    def from_arrays(cls, size: int, arrays: dict[str, NDArray[Any]]) -> Postings:
        """Return the postings in `size` passages whose `arrays` these are."""
        return cls(size, **{name: arrays[f"postings_{name}"] for name in _ARRAYS})

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name."""
        return {f"postings_{name}": getattr(self, name) for name in _ARRAYS}

    def list_of(self, term: int, weight: float = 1.0) -> PostingList:
        """Return the posting list of the term numbered `term`."""
        ceiling = self._ceilings[term]
        return (-ceiling * weight, self._starts[term], self._starts[term + 1], weight)

    def df(self, term: int) -> int:
        """Return how many passages hold the term numbered `term`."""
        count: int = self._starts[term + 1] - self._starts[term]
        return count

    def scores(self, lists: list[PostingList]) -> Scores:
        """Return every passage's score, float32 (N,), for sorted lists."""
        scores = np.zeros(self.size, np.float32)
        places, gains = self._read(lists)
        np.add.at(scores, places, gains)
        return scores

    def top(self, lists: list[PostingList], k: int, within: range | None = None) -> Candidates:
        """Return the best `k` passages with a posting in one of the sorted lists, exactly.

        `within`: the passages to keep to.
        """
        if within is not None:
            lists = self._cut(lists, within)
        total = 0
        for _, start, end, _ in lists:
            total += end - start
        if total <= FEW:
            return self._top_of_few(lists, k)
        board = self._boards.pop() if self._boards else np.zeros(self.size, np.float32)
        if total <= LONG:
            keys = self._keys_of_best(lists, k, board)
        else:
            keys = self._keys_by_block(lists, k, board)
        # An error before this line, such as no memory, loses the board: it may not be clean.
        self._boards.append(board)
        return Candidates(*passages_and_scores(keys[: -k - 1 : -1]))

    def _cut(self, lists: list[PostingList], within: range) -> list[PostingList]:
        edges = np.array([within.start, within.stop], np.int64) << _HALF
        cut = []
        for ceiling, start, end, weight in lists:
            low, high = self.pairs[start:end].searchsorted(edges).tolist()
            cut.append((ceiling, start + low, start + high, weight))
        return cut

    def _top_of_few(self, lists: list[PostingList], k: int) -> Candidates:
        """Return the best k by the exhaustive sum in a dict."""
        found: dict[int, float] = {}
        for passage, gain in self._read_few(lists):
            before = found.get(passage)
            # Rounding the float64 sum of two float32 numbers is adding them in float32.
            found[passage] = gain if before is None else c_float(before + gain).value
        best = sorted(sorted(found), key=found.__getitem__, reverse=True)[:k]
        return Candidates(best, [found[passage] for passage in best])

    def _read_few(self, lists: list[PostingList]) -> Iterable[tuple[int, float]]:
        """Return what `_read` does, in plain Python."""
        if self._listed is None:
            places, gains = self._read(lists)
            return zip(places.tolist(), gains.tolist(), strict=True)
        listed, found = self._listed, []
        for _, start, end, weight in lists:
            part = listed[start:end]
            if weight != 1.0:
                part = [(passage, c_float(gain * weight).value) for passage, gain in part]
            found += part
        return found

    def _keys_by_block(self, lists: list[PostingList], k: int, board: Scores) -> Keys:
        """Return the best keys, found a range of passages at a time, each raising the floor.

        So the part of the board that is in use stays in the processor's cache.
        """
        edges = np.arange(BLOCK, self.size, BLOCK) << _HALF
        cuts = [
            [start, *(self.pairs[start:end].searchsorted(edges) + start).tolist(), end]
            for _, start, end, _ in lists
        ]
        floor, found = _LEAST, []
        for block in range(len(edges) + 1):
            part = [
                (minus_ceiling, cut[block], cut[block + 1], weight)
                for (minus_ceiling, _, _, weight), cut in zip(lists, cuts, strict=True)
            ]
            area = slice(block * BLOCK, (block + 1) * BLOCK)
            keys = self._keys_of_best(part, k, board, area=area, floor=floor)
            found.append(keys)
            if len(keys) >= k:
                floor = max(floor, score_of(keys[-k]) * (1 - _ROUNDING))
        return np.sort(np.concatenate(found))

    def _keys_of_best(
        self,
        lists: list[PostingList],
        k: int,
        board: Scores,
        *,
        area: slice | None = None,
        floor: float = 0.0,
    ) -> Keys:
        """Return the keys of the passages that reach a floor, worst first, by the exhaustive sum.

        The floor is raised to the k-th best of the passages with a rare term. Passages that have
        only terms whose ceilings add up to less are not even looked at: MaxScore's argument
        (Turtle & Flood 1995). `area`: the part of the board that the lists lie in, if it is a part.
        """
        places, gains = self._read(lists)
        np.add.at(board, places, gains)
        reached = places
        if floor or len(places) > BATCH * k:
            floor = max(floor, _LEAST, _floor(lists, places, board, k))
            reached = places[: _essential(lists, floor)]
            reached = reached[(board[reached] >= floor).nonzero()[0]]
        keys = keys_of(reached, board[reached])
        if area is not None and len(places) > BLOCK >> 4:
            board[area] = 0.0
        else:
            board[places] = 0.0
        return keys

    def _read(self, lists: list[PostingList]) -> tuple[Places, Scores]:
        """Return the passages of all postings and what each adds."""
        if not lists:
            return np.empty(0, np.intp), np.empty(0, np.float32)
        pairs = np.concatenate([self.pairs[start:end] for _, start, end, _ in lists])
        gains = pairs.astype(np.uint32).view(np.float32)
        weights = [weight for _, _, _, weight in lists]
        if weights.count(1.0) < len(weights):
            each = np.repeat(weights, [end - start for _, start, end, _ in lists])
            gains = (gains * each).astype(np.float32)
        pairs >>= _HALF
        return pairs, gains


def _floor(lists: list[PostingList], places: Places, board: Scores, k: int) -> float:
    """Return a score that k passages reach: the k-th best in the rarest list that has so many."""
    before = 0
    for _, start, end, _ in lists:
        if end - start >= k:
            held = board[places[before : before + min(end - start, SAMPLE * k)]]
            held.partition(len(held) - k)
            return float(held[len(held) - k]) * (1 - _ROUNDING)
        before += end - start
    return 0.0


def _essential(lists: list[PostingList], floor: float) -> int:
    """Return how many of the first postings hold every passage that can reach the floor."""
    left, rest = sum([end - start for _, start, end, _ in lists]), 0.0
    for minus_ceiling, start, end, _ in reversed(lists):
        rest -= minus_ceiling
        if rest >= floor:
            break
        left -= end - start
    return left
