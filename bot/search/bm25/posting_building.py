"""The postings of a forward index, computed in the memory that they take, and a few megabytes more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import SCALE, lucene_idfs, lucene_lengths
from bot.search.bm25.postings import HALF, LOWER, Ints, Postings

Offsets = NDArray[np.int64]

CHUNK = 1 << 20
"""Postings that are computed at a time: fewer need less memory, more wait less often for other threads."""


def occurrences(forward: ForwardIndex) -> tuple[Offsets, Postings]:
    """(T+1,) where each term's postings begin; (P,) the postings, with frequencies in place of impacts.

    Each term gets room for all its tokens. That is filled from one part of the passages after another, so that only
    CHUNK tokens are sorted at a time. Room is left over where a passage has a term repeatedly.
    """
    room = np.bincount(forward.tokens, minlength=len(forward.vocabulary))
    filled = np.zeros(len(room), np.int64)
    begin = np.cumsum(room) - room
    postings = np.zeros(len(forward.tokens), np.int64)
    edges = forward.token_starts
    first = 0
    while first < forward.corpus_size:
        last = max(int(edges.searchsorted(edges[first] + CHUNK, "right")) - 1, first + 1)
        # One sort of (term, passage) as one integer brings a term's passages, and repeats, together.
        keys = forward.tokens[edges[first] : edges[last]].astype(np.int64)
        keys <<= HALF
        keys |= np.repeat(np.arange(first, last), np.diff(edges[first : last + 1]))
        keys, often = np.unique(keys, return_counts=True)
        terms, at, count = np.unique(keys >> HALF, return_index=True, return_counts=True)
        places = np.repeat(begin[terms] + filled[terms] - at, count) + np.arange(len(keys))
        postings[places] = often << HALF | keys & LOWER
        filled[terms] += count
        first = last
    starts = np.concatenate([[0], np.cumsum(filled)])
    return starts, _without_gaps(postings, int(starts[-1]))


def _without_gaps(postings: Postings, filled: int) -> Postings:
    """Move what is not zero to the front, where it takes `filled` places, and give up the rest of the memory."""
    done = 0
    if filled < len(postings):
        for first in range(0, len(postings), CHUNK):
            some = postings[first : first + CHUNK]
            some = some[some != 0]
            postings[done : done + len(some)] = some
            done += len(some)
        postings.resize(filled, refcheck=False)  # nobody else has it
    return postings


def weigh(
    forward: ForwardIndex, starts: Offsets, occurrences: Postings, k1: float, b: float
) -> tuple[Postings, Offsets, Ints]:
    """Replace the frequencies in `occurrences` by impacts, in place.

    Further results: the postings of terms that their passage has more than once, and how often it has them.
    """
    # In the order in which rank_bm25 computes it, so that both round alike.
    lengths = lucene_lengths(np.diff(forward.token_starts))
    penalty = k1 * (1 - b + b * lengths / (forward.average_length or 1.0))
    idf = lucene_idfs(np.diff(starts), forward.corpus_size)
    repeated, repeats = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    for first in range(0, len(occurrences), CHUNK):
        some = occurrences[first : first + CHUNK]
        often, passages = some >> HALF, some & LOWER
        more = (often > 1).nonzero()[0]
        repeated.append(more + first)
        repeats.append(often[more].astype(np.int32))
        impacts = often * (k1 + 1) / (often + penalty[passages])
        impacts *= np.repeat(idf, np.diff(starts.clip(first, first + len(some))))
        impacts *= SCALE
        units = np.ceil(impacts, out=impacts).astype(np.int64)
        units <<= HALF
        np.bitwise_or(units, passages, out=some)
    return occurrences, np.concatenate(repeated), np.concatenate(repeats)
