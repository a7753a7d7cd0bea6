"""The postings of a forward index: the same however they are divided, in little more memory than they take."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from bot.search.bm25 import posting_building
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.posting_index import PostingIndex
from tests.search.bm25.corpora import zipf


@pytest.mark.parametrize("chunk", [1, 7, 300])
@pytest.mark.parametrize("longest", [1, 12, 40])
def test_parts_make_the_same_postings_as_the_whole(
    chunk: int, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte: with passages that are longer than a part, empty ones, and terms that a passage repeats."""
    forward = ForwardIndex.build([[], *zipf(longest, 120, longest), []], extra_terms=["extra"])
    whole = PostingIndex.build(forward).arrays()
    monkeypatch.setattr(posting_building, "CHUNK", chunk)
    parts = PostingIndex.build(forward).arrays()
    for name, array in whole.items():
        assert array.dtype == parts[name].dtype
        np.testing.assert_array_equal(array, parts[name], name)


def test_postings_are_computed_in_the_memory_that_they_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is needed beside them is that of a part, and of the lengths of the passages."""
    monkeypatch.setattr(posting_building, "CHUNK", 1 << 12)
    forward = ForwardIndex.build(zipf(3, 20_000))
    tracemalloc.start()
    try:
        starts, found = posting_building.occurrences(forward)
        posting_building.weigh(forward, starts, found, 0.4, 0.5)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * found.nbytes
