"""Makes a posting index of another one and some more passages, without sorting its postings again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.posting_building import CHUNK
from bot.search.bm25.posting_index import PostingIndex
from bot.search.bm25.postings import HALF, LOWER, Ints

Numbers = NDArray[np.int64]

MAX_KEY = (1 << 63) - 1


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
    new, new_often = np.unique(_occurrences(forward, added), return_counts=True)
    often = old.frequencies()
    keys: list[Numbers] = []
    frequencies: list[Ints] = []
    done = 0
    for first, last in pairwise(_edges(old.starts)):
        start, end = old.starts[first], old.starts[last]
        numbers = passages[old.postings[start:end] & LOWER]
        kept = numbers >= 0
        own = np.repeat(terms[first:last] << HALF, np.diff(old.starts[first : last + 1]))[kept]
        own |= numbers[kept]
        own_often = often[start:end][kept]
        until = len(new) if last == len(terms) else int(new.searchsorted(_first_key(terms, last)))
        if until > done:
            places = own.searchsorted(new[done:until])
            own = np.insert(own, places, new[done:until])
            own_often = np.insert(own_often, places, new_often[done:until])
            done = until
        keys.append(own)
        frequencies.append(own_often)
    keys.append(new[done:])
    frequencies.append(new_often[done:].astype(np.int32))
    return PostingIndex.of_occurrences(
        forward, np.concatenate(keys), np.concatenate(frequencies, dtype=np.int32)
    )


def _edges(starts: Numbers) -> list[int]:
    """Numbers of terms that divide the postings into pieces of about CHUNK; the first is 0, the last their number."""
    wanted = np.arange(0, int(starts[-1]) + CHUNK, CHUNK)
    edges = np.minimum(starts.searchsorted(wanted), len(starts) - 1)
    return [int(edge) for edge in np.unique([0, *edges, len(starts) - 1])]


def _first_key(terms: Numbers, first: int) -> int:
    """The least key of the terms from `first` on that are kept."""
    kept = terms[first:][terms[first:] >= 0]
    return int(kept[0]) << int(HALF) if len(kept) else MAX_KEY


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
