"""Makes a posting index of another one and some more passages, without sorting its postings again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.posting_index import PostingIndex
from bot.search.bm25.postings import HALF, LOWER

Numbers = NDArray[np.int64]


def spliced(
    old: PostingIndex,
    forward: ForwardIndex,
    terms: Numbers,
    passages: Numbers,
    added: Sequence[range],
) -> PostingIndex | None:
    """The index that `PostingIndex.build` makes of `forward`; None if the order of the postings has changed.

    `terms`, `passages`: the new numbers of the old index's terms and passages, -1 for what is left out;
    `added`: the passages of `forward` that `old` does not have.
    """
    if not (_rise(terms) and _rise(passages)):
        return None
    numbers = passages[old.postings & LOWER]
    kept = numbers >= 0
    keys = np.repeat(terms << HALF, np.diff(old.starts))[kept]
    keys |= numbers[kept]
    frequencies = old.frequencies()[kept]
    new, new_frequencies = np.unique(_occurrences(forward, added), return_counts=True)
    places = keys.searchsorted(new)
    keys = np.insert(keys, places, new)
    frequencies = np.insert(frequencies, places, new_frequencies)
    return PostingIndex.of_occurrences(forward, keys, frequencies)


def _rise(numbers: Numbers) -> bool:
    left = numbers[numbers >= 0]
    return bool((left[1:] > left[:-1]).all())


def _occurrences(forward: ForwardIndex, passages: Sequence[range]) -> Numbers:
    """Term and passage of every token of `passages`."""
    found = [np.zeros(0, np.int64)]
    for some in passages:
        starts = forward.token_starts[some.start : some.stop + 1]
        keys = forward.tokens[starts[0] : starts[-1]].astype(np.int64) << HALF
        found.append(keys | np.repeat(np.arange(some.start, some.stop), np.diff(starts)))
    return np.concatenate(found)
