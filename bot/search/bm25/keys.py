"""Score and passage number in one int64, so that one sort ranks passages and breaks ties.

The score, an int32 of 0 or more, is the upper half; the lower half falls as the passage number
rises, so of equal scores the first passage has the highest key.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.index import SCALE, Candidates

Keys = NDArray[np.int64]

_HALF = np.array(32)  # numpy takes an array faster than a Python integer
_LOWER = np.array((1 << 32) - 1)
_UNIT = 1 / (SCALE << 32)


def unique_keys(passages: NDArray[np.intp], scores: NDArray[np.int32]) -> Keys:
    """One key for each distinct passage, worst first. A repeated passage has the same score."""
    keys = scores.astype(np.int64)
    keys <<= _HALF
    keys -= passages
    keys.sort()
    first = np.empty(len(keys), np.bool_)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def score_of(key: np.int64) -> int:
    """The score, in units of 1 / SCALE, that is in `key`."""
    return int(key + _LOWER) >> 32


def to_candidates(keys: Keys) -> Candidates:
    """Passages and scores, in the order of `keys`."""
    passages = -keys & _LOWER
    return Candidates(passages.tolist(), ((keys + passages) * _UNIT).tolist())
