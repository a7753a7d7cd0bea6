"""BM25 over posting lists in arrays, for knowledge of any size: exact, and mapped from a file."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25 import posting_building
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import (
    K1,
    MAX_QUERY_TERMS,
    B,
    Candidates,
    check_parameters,
    check_query,
)
from bot.search.bm25.keys import Keys, to_candidates, unique_keys
from bot.search.bm25.postings import (
    HALF,
    LOWER,
    Ints,
    PostingList,
    Postings,
    WeightedPostings,
    first_of_frequent_term,
    kth_largest,
    read,
)
from bot.search.bm25.upper_bounds import CELLS, Cells, best_by_bounds, cells_fit
from bot.search.bm25.vocabulary import Vocabulary, largest

# Measured. These change how long a query takes, never what it finds.
LONG = 12_000
"""With more postings, upper bounds choose the passages that are scored."""

RANKED = 12
"""With more than RANKED · k postings, only passages that reach a lower bound of the k-th score are sorted."""

SAMPLE = 8
"""The lower bound is the k-th score among SAMPLE · k passages, at most, of one term."""

READY = 1 << 16
"""Up to so many terms a dict of their posting lists is built: it saves a microsecond per query."""

_NOTHING: PostingList = (0, 0, 0, 1.0)
_ARRAYS = ("starts", "postings", "ceilings", "repeated", "repeats")


class _Boards(NamedTuple):
    """Working memory of one query."""

    scores: Ints
    """(N,) zeros before and after."""
    cells: Cells
    """(CELLS,)"""


@dataclass(eq=False)
class PostingIndex:
    """Implements `Index` for N passages, T terms and P postings; safe to share between threads.

    Only `_idle_boards` changes after construction.
    """

    vocabulary: Vocabulary
    corpus_size: int
    starts: NDArray[np.int64]
    """(T+1,) where each term's postings begin."""
    postings: Postings
    """(P,) those of each term ordered by passage; see `postings`."""
    ceilings: NDArray[np.int64]
    """(T,) each term's highest impact; 0 for a term that no passage has."""
    repeated: NDArray[np.int64]
    """The postings of terms that their passage has more than once."""
    repeats: Ints
    """How often it has them."""
    # Single items come out of a memoryview several times faster than out of an array.
    _starts: memoryview = field(init=False, repr=False)
    _ceilings: memoryview = field(init=False, repr=False)
    # The posting lists of all terms, if these are not too many.
    _ready: dict[str, PostingList] | None = field(init=False, repr=False)
    # A query pops an element and appends it again, both of which are atomic.
    _idle_boards: list[_Boards] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._starts = self.starts.data
        self._ceilings = self.ceilings.data
        self._idle_boards = []
        ready = None
        if len(self.vocabulary) <= READY:
            starts = self.starts.tolist()
            lists = zip((-self.ceilings).tolist(), starts, starts[1:], repeat(1.0), strict=False)
            ready = dict(zip(self.vocabulary, lists, strict=True))
        self._ready = ready

    @classmethod
    def build(cls, forward: ForwardIndex, k1: float = K1, b: float = B) -> PostingIndex:
        """Compute the impacts of all terms of `forward`.

        Raises:
            ValueError: if k1 or b are out of bounds.

        """
        check_parameters(k1, b, forward.corpus_size)
        starts, occurrences = posting_building.occurrences(forward)
        return cls._of(forward, starts, occurrences, k1, b)

    @classmethod
    def of_occurrences(
        cls, forward: ForwardIndex, keys: NDArray[np.int64], frequencies: Ints
    ) -> PostingIndex:
        """Compute the impacts of `keys`: term and passage, ascending; `frequencies`: how often one has the other.

        `keys` are overwritten.
        """
        starts = keys.searchsorted(np.arange(len(forward.vocabulary) + 1) << HALF)
        keys &= LOWER
        keys |= frequencies.astype(np.int64) << HALF
        return cls._of(forward, starts, keys, K1, B)

    @classmethod
    def _of(
        cls,
        forward: ForwardIndex,
        starts: NDArray[np.int64],
        occurrences: NDArray[np.int64],
        k1: float,
        b: float,
    ) -> PostingIndex:
        postings, repeated, repeats = posting_building.weigh(forward, starts, occurrences, k1, b)
        ceilings = np.zeros(len(forward.vocabulary), np.int64)
        held = starts[1:] > starts[:-1]
        if held.any():
            ceilings[held] = np.maximum.reduceat(postings, starts[:-1][held]) >> HALF
        size = forward.corpus_size
        return cls(forward.vocabulary, size, starts, postings, ceilings, repeated, repeats)

    def frequencies(self) -> Ints:
        """(P,) how often each posting's passage has its term."""
        found = np.ones(len(self.postings), np.int32)
        found[self.repeated] = self.repeats
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays to save, by name; the forward index saves the vocabulary's."""
        return {f"bm25_{name}": getattr(self, name) for name in _ARRAYS}

    @classmethod
    def from_arrays(cls, forward: ForwardIndex, arrays: Mapping[str, NDArray[Any]]) -> PostingIndex:
        """The index of `forward` that `arrays` were saved from."""
        own = (arrays[f"bm25_{name}"] for name in _ARRAYS)
        return cls(forward.vocabulary, forward.corpus_size, *own)

    def document_frequency(self, term: str) -> int:
        """See `Index`."""
        number = self.vocabulary.find(term)
        return self._starts[number + 1] - self._starts[number] if number >= 0 else 0

    def frequent_terms(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Index`."""
        numbers = self.vocabulary.all_beginning_with(prefix)
        frequencies = self.starts[numbers + 1] - self.starts[numbers]
        best = largest(numbers, frequencies, limit)
        return [(self.vocabulary.term(n), self._starts[n + 1] - self._starts[n]) for n in best]

    def candidates(
        self, query: Mapping[str, float], k: int = 50, within: Sequence[range] | None = None
    ) -> Candidates:
        """See `Index`."""
        check_query(query, k, within)
        lists = self._lists(query)
        boards = self._idle_boards.pop() if self._idle_boards else self._new_boards()
        if within is None:
            keys = self._best(lists, k, boards)
        elif len(within) == 1:
            keys = self._best([self._cut(each, within[0]) for each in lists], k, boards)
        else:
            keys = _ranked(_inside(within, read(self.postings, lists)), boards.scores)
        # Not after an error, such as a lack of memory: the scores may not be zeros.
        self._idle_boards.append(boards)
        return to_candidates(keys[: -k - 1 : -1])

    def _new_boards(self) -> _Boards:
        return _Boards(np.zeros(self.corpus_size, np.int32), np.zeros(CELLS, np.uint16))

    def _lists(self, query: Mapping[str, float]) -> list[PostingList]:
        """The posting lists of the terms that some passage has, highest ceiling first."""
        lists: list[PostingList] = []
        for term, weight in islice(query.items(), MAX_QUERY_TERMS):
            if self._ready is not None:
                found = self._ready.get(term, _NOTHING)
            else:
                number = self.vocabulary.find(term)
                found = self._list_of(number) if number >= 0 else _NOTHING
            minus_ceiling, start, end, _ = found
            if weight != 1:
                found = (math.floor(minus_ceiling * weight), start, end, weight)
            if end > start:
                lists.append(found)
        lists.sort()
        return lists

    def _list_of(self, number: int) -> PostingList:
        """The posting list of the term with this number, at weight 1."""
        return (-self._ceilings[number], self._starts[number], self._starts[number + 1], 1.0)

    def _cut(self, postings: PostingList, within: range) -> PostingList:
        """The postings of the passages `within`."""
        ceiling, start, end, weight = postings
        data = self.postings.data
        start = bisect_left(data, within.start, start, end, key=_passage)
        end = bisect_left(data, within.stop, start, end, key=_passage)
        return (ceiling, start, end, weight)

    def _best(self, lists: list[PostingList], k: int, boards: _Boards) -> Keys:
        """The keys of the best k passages at least, worst first."""
        total = sum([end - start for _, start, end, _ in lists])
        if total > LONG and cells_fit(lists, self.corpus_size):
            keys = best_by_bounds(self.postings, lists, k, boards.cells, boards.scores)
            if keys is not None:
                return keys
        some = read(self.postings, lists)
        sample = first_of_frequent_term(lists, k, SAMPLE * k) if total > RANKED * k else None
        if sample is None:
            return _ranked(some, boards.scores)
        passages, scores = some.passages(), boards.scores
        np.add.at(scores, passages, some.gains())
        floor = kth_largest(scores[read(self.postings, [sample]).passages()], k)
        reached = passages[: _essential(lists, floor)]
        reached = reached[(scores[reached] >= floor).nonzero()[0]]
        keys = unique_keys(reached, scores[reached])
        scores[passages] = 0
        return keys


def _passage(posting: int) -> int:
    return posting & 0xFFFF_FFFF


def _ranked(some: WeightedPostings, scores: Ints) -> Keys:
    """The keys of all passages with a posting, worst first."""
    passages = some.passages()
    np.add.at(scores, passages, some.gains())
    keys = unique_keys(passages, scores[passages])
    scores[passages] = 0
    return keys


def _inside(within: Sequence[range], some: WeightedPostings) -> WeightedPostings:
    """The postings of the passages in rising ranges."""
    edges = np.array([(part.start, part.stop) for part in within], np.intp).ravel()
    return some.take((edges.searchsorted(some.passages(), "right") & 1).nonzero()[0])


def _essential(lists: Sequence[PostingList], floor: int) -> int:
    """How many of the first postings include all passages that can reach the floor.

    A passage that has only terms whose ceilings add up to less cannot: MaxScore's argument (Turtle
    and Flood 1995).
    """
    left, rest = sum([end - start for _, start, end, _ in lists]), 0
    for minus_ceiling, start, end, _ in reversed(lists):
        rest -= minus_ceiling
        if rest >= floor:
            break
        left -= end - start
    return left
