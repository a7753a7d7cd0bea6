"""Merges two vocabularies without sorting the terms of the larger one again."""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.vocabulary import Vocabulary
from bot.splices import ragged

Numbers = NDArray[np.int64]


class MergedVocabulary(NamedTuple):
    """A vocabulary, and the numbers in it of the terms that it was made of."""

    vocabulary: Vocabulary
    old_numbers: Numbers
    """Of the old terms; -1 for one that was left out."""
    new_numbers: Numbers
    """Of the new terms."""


def merge(old: Vocabulary, kept: NDArray[np.bool_], new: Vocabulary) -> MergedVocabulary:
    """Make the vocabulary of the old terms that are `kept`, and of all new ones.

    It equals the one that `Vocabulary.build` makes of the same terms.
    """
    kept = kept.copy()
    known = np.array([old.find(term) for term in new], np.int64)
    kept[known[known >= 0]] = True
    added = new.alphabet[known[new.alphabet] < 0].astype(np.int64)
    survivors = old.alphabet[kept[old.alphabet]].astype(np.int64)
    # Where the added terms stand among the survivors, in the order of the alphabet.
    before = np.concatenate([[0], np.cumsum(kept[old.alphabet])])
    places = before[[old.place(new.key(number)) for number in added.tolist()]]
    terms = np.insert(survivors, places.astype(np.intp), added + len(old))
    text = np.concatenate([old.text, new.text])
    starts = np.concatenate([old.offsets[:-1], new.offsets[:-1] + len(old.text)])
    lengths = np.concatenate([np.diff(old.offsets), np.diff(new.offsets)])

    mask = (1 << max(len(terms) - 1, 0).bit_length()) - 1
    buckets = _buckets(old, new, terms, mask)
    order = np.argsort(buckets, kind="stable")
    numbers = np.empty(len(terms), np.int64)
    numbers[order] = np.arange(len(terms))
    in_order = terms[order]
    all_numbers = np.full(len(old) + len(new), -1, np.int64)
    all_numbers[terms] = numbers
    new_numbers = np.where(known >= 0, all_numbers[known], all_numbers[len(old) :])
    vocabulary = Vocabulary(
        slots=_edges(np.bincount(buckets, minlength=mask + 1)).astype(np.int32),
        offsets=_edges(lengths[in_order]),
        text=ragged(text, starts[in_order], lengths[in_order]),
        alphabet=numbers.astype(np.int32),
    )
    return MergedVocabulary(vocabulary, all_numbers[: len(old)], new_numbers)


def _buckets(old: Vocabulary, new: Vocabulary, terms: Numbers, mask: int) -> Numbers:
    """The bucket of each of `terms`: those of `old` by number, then those of `new`."""
    sums = np.zeros(len(old) + len(new), np.int64)
    sums[len(old) :] = [zlib.crc32(new.key(number)) & mask for number in range(len(new))]
    if len(old.slots) - 2 == mask:
        sums[: len(old)] = np.repeat(np.arange(mask + 1), np.diff(old.slots))
    else:
        needed = terms[terms < len(old)]
        sums[needed] = [zlib.crc32(old.key(number)) & mask for number in needed.tolist()]
    buckets: Numbers = sums[terms]
    return buckets


def _edges(lengths: Numbers) -> Numbers:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
