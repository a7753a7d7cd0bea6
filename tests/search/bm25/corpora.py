"""Corpora of terms for the tests of the index."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

Terms = list[str]
CORPUS = [
    ["old", "bridge", "river"],
    ["new", "bridge"],
    ["ferry", "river", "river", "toll"],
    ["toll", "road"],
    ["road", "map", "old"],
]

words = st.sampled_from(["a", "b", "c", "d", "e"])
corpora = st.lists(st.lists(words, max_size=6), max_size=12)
queries = st.dictionaries(words, st.one_of(st.just(1.0), st.floats(0.01, 1)), max_size=5)
ranges = st.lists(st.integers(0, 14), max_size=6).map(
    lambda edges: [
        range(*edge) for edge in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)
    ]
)


def zipf(seed: int, passages: int, longest: int = 12) -> list[Terms]:
    """Passages of words whose frequencies follow Zipf's law."""
    rng = np.random.default_rng(seed)
    draw = np.minimum(rng.zipf(1.3, (passages, longest)), 300)
    lengths = rng.integers(0, longest, passages).tolist()
    return [[f"w{w}" for w in row[:n]] for row, n in zip(draw.tolist(), lengths, strict=True)]


def equally(*terms: str) -> dict[str, float]:
    """A query of terms of weight 1."""
    return dict.fromkeys(terms, 1.0)
