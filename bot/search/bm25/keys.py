"""A passage and its score in one integer, so that one sort ranks passages and breaks ties.

A key is the score's bits as a float64, minus the passage's number. The bits of floats of 0 and
above are in the order of the floats, and those of a float32 in a float64 leave the lowest 29 to
spare: so keys rise with the score, and of equal scores the first passage has the highest key.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_PASSAGES = 1 << 29
_NUMBER = np.array(MOST_PASSAGES - 1)  # numpy takes an array more quickly than a Python integer

Keys = NDArray[np.int64]


def keys_of(places: NDArray[np.int64], scores: NDArray[np.float32]) -> Keys:
    """Return one key for every distinct passage of `places`, worst first."""
    keys = scores.astype(np.float64).view(np.int64)
    keys -= places
    keys.sort()
    first = np.empty(len(keys), np.bool_)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def passages_and_scores(keys: Keys) -> tuple[list[int], list[float]]:
    """Return the passages and the scores that `keys` were made of."""
    passages = -keys & _NUMBER
    return passages.tolist(), (keys + passages).view(np.float64).tolist()


def score_of(key: np.int64) -> float:
    """Return the score that one key was made of."""
    return float((key + (-key & _NUMBER)).view(np.float64))
