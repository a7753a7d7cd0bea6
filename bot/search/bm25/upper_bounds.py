"""Upper bounds of scores, so that a query with many postings sums few of them exactly.

An array of one score per passage, 4 MB for a million, does not fit into the processor's cache, and
random access to it is slow. Here, passages whose numbers are equal modulo CELLS share a cell of a smaller
array. A cell sums the impacts of all its passages, each rounded down to units of 1/16, so a passage's
score is less than its cell plus one unit per term. The search then takes one or two rounds:

1. Guess a value from the cells of one term's passages. Score the passages whose cells reach it.
2. If k of these reach the highest score that any other passage can have, they are the best.
   Otherwise, repeat with the value that their k-th best score gives: it cannot be too high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.index import SCALE
from bot.search.bm25.keys import Keys, score_of, unique_keys
from bot.search.bm25.postings import (
    HALF,
    Ints,
    PostingList,
    Postings,
    WeightedPostings,
    first_of_frequent_term,
    kth_largest,
    read,
)

CELLS = 1 << 18
"""512 KB of uint16, which stay in the second cache of a processor."""

BATCH = 48_000
"""Postings that are read at a time, so that what is computed from them stays there too."""

SAMPLE = 8
"""The first guess comes from SAMPLE · k postings at most."""

Cells = NDArray[np.uint16]

_UNIT_SHIFT = np.array((SCALE >> 4).bit_length() - 1)
_MAX_CELL = (1 << 16) - 1


def cells_fit(lists: Sequence[PostingList], corpus_size: int) -> bool:
    """Whether no cell can overflow, even if all its passages had every term at its ceiling."""
    highest = sum([-minus_ceiling >> int(_UNIT_SHIFT) for minus_ceiling, _, _, _ in lists])
    return (corpus_size // CELLS + 1) * highest <= _MAX_CELL


def best_by_bounds(
    postings: Postings, lists: Sequence[PostingList], k: int, cells: Cells, scores: Ints
) -> Keys | None:
    """The keys of the best k passages at least, worst first; None if no term is in k passages.

    `cells`: (CELLS,) to work on; `scores`: (N,) zeros to work on, which are zeros again afterwards.
    """
    sample = first_of_frequent_term(lists, k, SAMPLE * k)
    if sample is None:
        return None
    batches = [read(postings, batch) for batch in _batches(lists)]
    cells.fill(0)  # now, so that it is in the cache when random cells of it are read
    for some in batches:
        np.add.at(cells, _cell(some.postings), _units(some))
    guess = kth_largest(cells[_cell(read(postings, [sample]).postings)], k) - len(lists)
    while True:
        kept = [_reaching(some, cells, max(guess, 0)) for some in batches]
        passages = np.concatenate([some.passages() for some in kept])
        np.add.at(scores, passages, np.concatenate([some.gains() for some in kept]))
        reached = scores[passages]
        scores[passages] = 0
        others = (guess - 1 + len(lists)) << int(_UNIT_SHIFT) if guess > 0 else 0
        best = (reached >= others).nonzero()[0]
        keys = unique_keys(passages[best], reached[best])
        if len(keys) >= k or guess <= 0:
            return keys
        keys = unique_keys(passages, reached)
        kth = score_of(keys[-k]) if len(keys) >= k else 0
        guess = (kth >> int(_UNIT_SHIFT)) - len(lists) + 1


def _batches(lists: Sequence[PostingList]) -> Iterator[list[PostingList]]:
    """The same postings in lists of BATCH postings; the last has what is left."""
    batch: list[PostingList] = []
    room = BATCH
    for ceiling, start, end, weight in lists:
        at = start
        while at < end:
            stop = min(end, at + room)
            batch.append((ceiling, at, stop, weight))
            room -= stop - at
            at = stop
            if not room:
                yield batch
                batch, room = [], BATCH
    if batch:
        yield batch


def _cell(postings: Postings) -> NDArray[np.intp]:
    return postings & (CELLS - 1)


def _units(some: WeightedPostings) -> Cells:
    if some.weights is None:
        units: Postings = some.postings >> (HALF + _UNIT_SHIFT)
    else:
        units = some.gains() >> _UNIT_SHIFT
    return units.astype(np.uint16)


def _reaching(some: WeightedPostings, cells: Cells, least: int) -> WeightedPostings:
    """The postings of passages whose cells have `least` units or more."""
    return some.take((cells[_cell(some.postings)] >= least).nonzero()[0])
