"""BM25 by rank_bm25.BM25Okapi, for knowledge of up to a thousand passages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import (
    K1,
    MAX_QUERY_TERMS,
    SCALE,
    B,
    Candidates,
    check_parameters,
    check_query,
    lucene_idfs,
    lucene_lengths,
)
from bot.search.bm25.vocabulary import largest


class OkapiIndex(BM25Okapi):  # type: ignore[misc]  # rank-bm25 is not typed
    """Implements `Index` with rank-bm25, and corrects what is wrong with it for this use.

    - A term in half of the passages has an idf of 0, one in more a negative one, which is then raised
      to a share of the average idf: in a short text a match may count nothing, or against a passage.
      `_calc_idf` takes Lucene's idf, which is above 0.
    - Without a passage, or a term in any, its constructor divides by zero. `_initialize` and
      `_calc_idf` do not.
    - `get_scores` visits every passage for every term of every query: 3 ms for 10,000 passages. What
      a term adds to a passage is the same in all queries, so it is computed once, by
      `get_batch_scores` for the passages that have the term.
    - `get_top_n` gives n documents whether they match or not, and ties in no defined order.
      `candidates` gives passages that have a term of the query, ties by passage number.
    - A repeated term counts twice, and terms have no weights. `candidates` takes a mapping.
    - A string in place of a list of terms is read as letters. `ForwardIndex.build` refuses it.

    It does not change once built, so threads may share it.
    """

    corpus_size: int
    doc_len: Any

    def __init__(self, forward: ForwardIndex, k1: float = K1, b: float = B) -> None:
        """Build the index of `forward`.

        Raises:
            ValueError: if k1 or b are out of bounds.

        """
        check_parameters(k1, b, forward.corpus_size)
        terms = list(forward.vocabulary)
        starts = forward.token_starts.tolist()
        tokens = list(map(terms.__getitem__, forward.tokens.tolist()))
        super().__init__([tokens[s:e] for s, e in pairwise(starts)], k1=k1, b=b)
        # An array, since get_batch_scores makes one of a list each time.
        self.doc_len = lucene_lengths(np.array(self.doc_len, np.int64))
        self.vocabulary = forward.vocabulary
        self._impacts = self._all_impacts()

    def _initialize(self, corpus: Sequence[Sequence[str]]) -> dict[str, int]:
        df: dict[str, int] = super()._initialize(corpus) if corpus else {}
        return df

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        idfs = lucene_idfs(np.array(list(nd.values()), np.int64), self.corpus_size)
        self.idf = dict(zip(nd, idfs.tolist(), strict=True))

    def _all_impacts(self) -> dict[str, list[tuple[int, int]]]:
        """For each term, the passages that have it and what it adds to their scores."""
        holders: dict[str, list[int]] = {term: [] for term in self.idf}
        for passage, frequencies in enumerate(self.doc_freqs):
            for term in frequencies:
                holders[term].append(passage)
        found = {}
        for term, passages in holders.items():
            scores = self.get_batch_scores([term], passages)
            found[term] = [(p, math.ceil(s * SCALE)) for p, s in zip(passages, scores, strict=True)]
        return found

    def document_frequency(self, term: str) -> int:
        """See `Index`."""
        return len(self._impacts.get(term, ()))

    def frequent_terms(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """See `Index`."""
        numbers = self.vocabulary.all_beginning_with(prefix)
        terms = map(self.vocabulary.term, numbers.tolist())
        frequencies = np.fromiter(map(self.document_frequency, terms), np.int64, len(numbers))
        best = map(self.vocabulary.term, largest(numbers, frequencies, limit))
        return [(term, self.document_frequency(term)) for term in best]

    def candidates(
        self, query: Mapping[str, float], k: int = 50, within: Sequence[range] | None = None
    ) -> Candidates:
        """See `Index`."""
        check_query(query, k, within)
        scores: dict[int, int] = {}
        for term, weight in islice(query.items(), MAX_QUERY_TERMS):
            impacts = self._impacts.get(term, ())
            if weight != 1:
                impacts = [(passage, math.ceil(impact * weight)) for passage, impact in impacts]
            for passage, impact in impacts:
                scores[passage] = scores.get(passage, 0) + impact
        if within is not None:
            scores = {p: s for p, s in scores.items() if any(p in part for part in within)}
        best = sorted([(-score, passage) for passage, score in scores.items()])[:k]
        return Candidates([p for _, p in best], [-minus / SCALE for minus, _ in best])
