"""Postings as int64: the passage number in the lower half, the term's impact on it in the upper half.

One array of both is read faster than two, and a passage's cell (`upper_bounds`) is a mask away. Impacts
are in units of 1 / SCALE.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Passages = NDArray[np.intp]
Postings = NDArray[np.int64]

HALF = np.array(32)  # numpy takes an array faster than a Python integer
LOWER = np.array((1 << 32) - 1)
_UPPER = 1 if sys.byteorder == "little" else 0

PostingList = tuple[int, int, int, float]
"""One query term: minus the most it adds to a passage, start and end of its postings, its weight.

Sorted, the terms that can add most come first; they are mostly the rarest.
"""


class WeightedPostings(NamedTuple):
    """Postings of one term or more."""

    postings: Postings
    weights: NDArray[np.float64] | None
    """The weight of each posting's term; None: all are 1."""

    def take(self, positions: NDArray[np.intp]) -> WeightedPostings:
        """The postings at `positions`."""
        weights = None if self.weights is None else self.weights[positions]
        return WeightedPostings(self.postings[positions], weights)

    def passages(self) -> Passages:
        """The passage of each posting."""
        passages: Passages = self.postings & LOWER
        return passages

    def gains(self) -> Ints:
        """What each posting adds to its passage's score, rounded up; a view where weights are 1."""
        impacts: Ints = self.postings.view(np.int32)[_UPPER::2]
        if self.weights is None:
            return impacts
        weighted: NDArray[np.float64] = impacts * self.weights
        return np.ceil(weighted, out=weighted).astype(np.int32)


def read(postings: Postings, lists: Sequence[PostingList]) -> WeightedPostings:
    """The postings of all `lists`, one after another."""
    if not lists:
        return WeightedPostings(postings[:0], None)
    parts = [postings[start:end] for _, start, end, _ in lists]
    weights = [weight for _, _, _, weight in lists]
    return WeightedPostings(
        np.concatenate(parts) if len(parts) > 1 else parts[0],
        np.repeat(weights, list(map(len, parts))) if weights.count(1) < len(weights) else None,
    )


def first_of_frequent_term(lists: Sequence[PostingList], k: int, most: int) -> PostingList | None:
    """Up to `most` postings of the first term that has `k` or more; None if no term has."""
    for ceiling, start, end, weight in lists:
        if end - start >= k:
            return (ceiling, start, min(end, start + most), weight)
    return None


def kth_largest(values: NDArray[np.int32] | NDArray[np.uint16], k: int) -> int:
    """The k-th largest of `values`."""
    return int(np.partition(values, len(values) - k)[len(values) - k])
