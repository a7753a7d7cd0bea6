"""Whether an index in the cluster finds what the embedded index finds: a sample of questions before it is used."""

from __future__ import annotations

import numpy as np

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.embedding.vectors import Vectors
from bot.search.opensearch.documents import passages_with_terms
from bot.search.opensearch.remote_index import RemoteIndex
from bot.search.opensearch.vector_index import VectorIndex

SAMPLE = 20
"""Questions that are compared."""

MISSED = 2
"""So many of the passages in the sample may not be found by their own vector, since k-NN is approximate."""

_TERMS = 6
_BEST = 10
_SAME = 0.999
"""Cosine of two vectors that differ by rounding alone."""
_ROUNDING = 1e-3
"""Lucene's scores are float32 sums, ours are rounded up to 1 / 65,536 a term."""


def differences(index: RemoteIndex, forward: ForwardIndex) -> str:
    """Ask for the terms of passages spread over all; describe the first answer that is not that of `index.local`."""
    numbers = passages_with_terms(forward)
    if not len(numbers):
        return ""
    for number in numbers[np.linspace(0, len(numbers) - 1, SAMPLE).astype(np.intp)].tolist():
        query = dict.fromkeys(forward.terms_of(number)[:_TERMS], 1.0)
        expected, found = index.local.candidates(query, _BEST), index.candidates(query, _BEST)
        if len(expected.scores) != len(found.scores):
            return f"{len(found.scores)} passages for {' '.join(query)}, not {len(expected.scores)}"
        if not np.allclose(expected.scores, found.scores, rtol=_ROUNDING, atol=_ROUNDING):
            return f"scores {found.scores[:3]} for {' '.join(query)}, not {expected.scores[:3]}"
    return ""


def vector_differences(index: VectorIndex, vectors: Vectors) -> str:
    """Ask for the vectors of passages spread over all; describe the result if several are not found."""
    numbers = np.linspace(0, len(vectors.rows) - 1, SAMPLE).astype(np.intp).tolist()
    missed = 0
    for number in numbers:
        vector = vectors.vector(number)
        missed += not (vectors.cosines(vector, index.near(vector)) > _SAME).any()
    return f"{missed} of {SAMPLE} vectors are not found" if missed > MISSED else ""
