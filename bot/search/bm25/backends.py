"""Chooses the index for the number of passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25 import posting_splice
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Index
from bot.search.bm25.okapi import OkapiIndex
from bot.search.bm25.posting_index import PostingIndex

Numbers = NDArray[np.int64]

MAX_OKAPI = 1_000
"""Up to so many passages rank-bm25 serves.

A question takes it 7 µs at 300 passages, 17 at 1,000 and 28 at 2,000; posting lists 17, 20 and 22.
"""


def build_arrays(forward: ForwardIndex) -> dict[str, NDArray[Any]]:
    """Compute the arrays to save for the index of `forward`: none if rebuilding it is quick."""
    return PostingIndex.build(forward).arrays() if forward.corpus_size > MAX_OKAPI else {}


def spliced_arrays(
    old: Index, forward: ForwardIndex, terms: Numbers, passages: Numbers, added: Sequence[range]
) -> dict[str, NDArray[Any]]:
    """What `build_arrays` computes of `forward`, which has most of its passages from `old`.

    Arguments as for `posting_splice.spliced`.
    """
    if isinstance(old, PostingIndex) and forward.corpus_size > MAX_OKAPI:
        found = posting_splice.spliced(old, forward, terms, passages, added)
        if found is not None:
            return found.arrays()
    return build_arrays(forward)


def arrays_of(index: Index) -> dict[str, NDArray[Any]]:
    """What to save of `index`: `build_arrays` of its forward index."""
    return index.arrays() if isinstance(index, PostingIndex) else {}


def open_index(forward: ForwardIndex, arrays: Mapping[str, NDArray[Any]]) -> Index:
    """The index of `forward`; `arrays` hold what `build_arrays` gave for it."""
    if forward.corpus_size > MAX_OKAPI:
        return PostingIndex.from_arrays(forward, arrays)
    return OkapiIndex(forward)
