"""The arrays of a searcher, made of parts of another one and of new passages; only these are analysed."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25 import backends
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.vocabulary_merge import MergedVocabulary, merge
from bot.search.building import Arrays, word_counts
from bot.search.query.spelling import Speller
from bot.search.ranking.passage_table import PassageTable
from bot.search.searcher import Searcher
from bot.splices import Splice

Numbers = NDArray[np.int64]


def spliced_arrays(old: Searcher, new: Arrays, sources: Splice, passages: Splice) -> Arrays:
    """What `build_arrays` computes of the sources of `old` and `new` that `sources` names, to the byte.

    `new`: `build_arrays` of the new sources, all of which must be named; `passages`: the splice of the passages.
    """
    before, fresh = old.table.forward, ForwardIndex.from_arrays(new)
    tokens = passages.within(before.token_starts, fresh.token_starts)
    merged = merge(before.vocabulary, _used(old.table, sources, tokens), fresh.vocabulary)
    numbers = (merged.old_numbers.astype(np.int32), merged.new_numbers.astype(np.int32))
    pieces = [
        numbers[part.new][(before, fresh)[part.new].tokens[part.items.start : part.items.stop]]
        for part in tokens.parts
    ]
    forward = ForwardIndex(
        merged.vocabulary,
        np.concatenate([np.zeros(0, np.int32), *pieces]),
        passages.edges(before.token_starts, fresh.token_starts),
    )
    return {
        **forward.arrays(),
        **_index_arrays(old, forward, merged.old_numbers, passages),
        **_table_arrays(old.table, new, merged, passages),
        **_speller_arrays(old, new, passages),
    }


def _used(table: PassageTable, sources: Splice, tokens: Splice) -> NDArray[np.bool_]:
    """(T,) which of the old terms are in a passage that is kept, or in a kept source's title or author."""
    used = np.zeros(len(table.forward.vocabulary), np.bool_)
    for part in tokens.old():
        used[table.forward.tokens[part.start : part.stop]] = True
    kept = frozenset(chain.from_iterable(sources.old()))
    for term, of_sources in table.titled.items():
        if not kept.isdisjoint(of_sources):
            used[term] = True
    return used


def _index_arrays(
    old: Searcher, forward: ForwardIndex, terms: Numbers, passages: Splice
) -> dict[str, NDArray[Any]]:
    size = old.table.size
    kept = passages.numbers(size, of_new=False)
    if 2 * np.count_nonzero(kept >= 0) < size:  # to go through all postings would take longer
        return backends.build_arrays(forward)
    at, added = 0, []
    for part in passages.parts:
        if part.new:
            added.append(range(at, at + len(part.items)))
        at += len(part.items)
    return backends.spliced_arrays(old.expander.index, forward, terms, kept, added)


def _table_arrays(
    old: PassageTable, new: Arrays, merged: MergedVocabulary, passages: Splice
) -> dict[str, NDArray[Any]]:
    size, new_size = old.size, len(new["evidence"])
    bags = new["bags"].reshape(new_size, -1) if new_size else old.bags[:0]
    kept = merged.old_numbers >= 0
    vector_row = np.zeros(len(merged.vocabulary), np.int32)
    numeric = np.zeros(len(merged.vocabulary), np.bool_)
    for column, name in ((vector_row, "vector_row"), (numeric, "numeric")):
        column[merged.old_numbers[kept]] = getattr(old, name)[kept]
        column[merged.new_numbers] = new[name]
    return {
        "evidence": passages.join(old.evidence, new["evidence"]),
        "bags": passages.join(old.bags if size else bags[:0], bags),
        "vector_row": vector_row,
        "numeric": numeric,
    }


def _speller_arrays(old: Searcher, new: Arrays, passages: Splice) -> dict[str, NDArray[Any]]:
    """Count the words of the passages left out, or of those kept, whichever are fewer."""
    speller = old.expander.speller
    gone, kept = passages.left_out(old.table.size), passages.old()
    subtract = sum(map(len, gone)) < sum(map(len, kept))
    counted = chain.from_iterable(gone if subtract else kept)
    counts = np.zeros(len(speller.words), np.int32)
    for word, count in word_counts(old.passages[number].text for number in counted).items():
        found = speller.words.find(word)
        if found >= 0:
            counts[found] = count
    frequency = speller.frequency - counts if subtract else counts
    return speller.spliced(frequency, Speller.from_arrays(new)).arrays()
