"""The BM25 index as the rest of the program sees it: weighted terms → scored passages.

The score of a passage is the sum over the query's terms of

    weight · idf · tf (k1 + 1) / (tf + k1 (1 - b + b · length / average length))

as in rank_bm25.BM25Okapi, but with Lucene's idf, and with lengths rounded as Lucene stores them
(`lucene_lengths`), so that OpenSearch finds the same. All but the weight is known when the index is
built: it is the term's impact on the passage. Backends keep impacts as whole multiples of
1 / SCALE, so sums are exact whatever the order of the terms, and every backend ranks alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

K1 = 0.4
B = 0.5

SCALE = 1 << 16
"""Units of a stored impact, or of a sum of them, in a score of 1."""

MAX_QUERY_TERMS = 1_000
"""Later terms of a query are ignored. A Discord message of 4,000 characters has fewer."""

MAX_SUM = (1 << 31) - 1
"""The largest sum of impacts of one passage: it is an int32."""

_EXACT_LENGTHS = 24
_LENGTH_BITS = 4


class Candidates(NamedTuple):
    """Passage numbers and their scores, best first; equal scores by passage number."""

    passages: list[int]
    scores: list[float]


class Index(Protocol):
    """A BM25 index over passages numbered from 0: in memory, mapped from a file, or on a server."""

    @property
    def corpus_size(self) -> int:
        """The number of passages, N."""
        ...

    def document_frequency(self, term: str) -> int:
        """The number of passages with `term`."""
        ...

    def frequent_terms(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Up to `limit` terms that begin with `prefix`, most frequent first, with their frequency.

        Terms of equal frequency come in an order that depends on the set of all terms alone.
        """
        ...

    def candidates(
        self, query: Mapping[str, float], k: int = 50, within: Sequence[range] | None = None
    ) -> Candidates:
        """Find the best `k` passages with at least one term of the query.

        `query`: terms and their weights, above 0 and at most 1. `within`: search only these ranges
        of passages, which rise and do not overlap; None: all.

        Raises:
            ValueError: if `k`, a weight or a range is out of bounds.

        """
        ...


def check_query(query: Mapping[str, float], k: int, within: Sequence[range] | None) -> None:
    """Raise ValueError for arguments that `Index.candidates` does not take."""
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k}")
    for term, weight in query.items():
        if not 0 < weight <= 1:
            raise ValueError(f"the weight of {term!r} must be above 0 and at most 1, not {weight}")
    end = 0
    for part in within or ():
        if part.step != 1 or part.start < end or part.stop < part.start:
            raise ValueError(f"ranges of passages must rise in steps of 1, unlike {within}")
        end = part.stop


def check_parameters(k1: float, b: float, passages: int) -> None:
    """Raise ValueError if the scores would mean nothing, or not fit into `MAX_SUM`."""
    if not (0 <= k1 < math.inf and 0 <= b <= 1):
        raise ValueError(f"k1 must be 0 or more and b between 0 and 1, not {k1} and {b}")
    if (k1 + 1) * lucene_idf(1, max(passages, 1)) * SCALE * MAX_QUERY_TERMS > MAX_SUM:
        raise ValueError(f"k1 = {k1} is too large for {passages} passages")


def lucene_idf(frequency: int, passages: int) -> float:
    """ln(1 + (N - df + .5) / (df + .5)), above 0 for every df; df = 0 for a term no passage has.

    Source: Apache Lucene, BM25Similarity.idfExplain.
    """
    return math.log1p((passages - frequency + 0.5) / (frequency + 0.5))


def lucene_idfs(frequencies: NDArray[np.int64], passages: int) -> NDArray[np.float64]:
    """`lucene_idf` of many terms."""
    return np.asarray(np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5)))


def lucene_lengths(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Lengths as Lucene keeps them in one byte: exact up to 40, above that down to four significant bits or so.

    Source: Apache Lucene, SmallFloat.intToByte4 and byte4ToInt.
    """
    beyond = np.maximum(lengths - _EXACT_LENGTHS, 0)
    bits = np.frexp(beyond.astype(np.float64))[1]
    shift = np.maximum(bits - _LENGTH_BITS, 0)
    return np.where(lengths < _EXACT_LENGTHS, lengths, _EXACT_LENGTHS + (beyond >> shift << shift))


def total_idf(index: Index, terms: Iterable[str]) -> float:
    """The sum of the idf of distinct `terms`: about the score of a passage that has all of them."""
    size = index.corpus_size
    return sum([lucene_idf(index.document_frequency(term), size) for term in dict.fromkeys(terms)])
