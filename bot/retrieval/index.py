"""Terms → candidates, by BM25 on the base of rank-bm25."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class Index(Protocol):
    """What finds passages by their terms: here in memory, or a search server elsewhere."""

    def candidates(
        self, terms: Sequence[str], limit: int, within: range | None = None
    ) -> tuple[Numbers, Scores]:
        """Return the numbers and scores of the best passages, best first, at most `limit`.

        Only passages that hold one of `terms` at least; `within` is a range of passage numbers
        to stay in. Equal scores are ordered by passage number.
        """
        ...

    def ceiling(self, terms: Sequence[str]) -> float:
        """Return the sum of the terms' idf, the unit that makes scores comparable."""
        ...


class Bm25Index(BM25):  # type: ignore[misc]  # rank-bm25 is not typed
    """BM25 with the idf of Lucene, which is never negative, over arrays instead of dicts.

    idf(t) = ln(1 + (N - df + .5) / (df + .5)), as in Robertson & Zaragoza, "The Probabilistic
    Relevance Framework" (2009), with the 1 that Lucene adds; a term's share of a passage's score
    is idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average length)). The fields
    `corpus_size`, `avgdl`, `doc_len`, `idf`, `k1` and `b` are those of rank-bm25.
    """

    def __init__(self, corpus: Sequence[Sequence[str]], k1: float = 0.4, b: float = 0.5) -> None:
        self.k1 = k1
        self.b = b
        self.tokenizer = None
        self.corpus_size = len(corpus)
        self.doc_len = np.fromiter(map(len, corpus), np.int64, self.corpus_size)
        self.avgdl = float(self.doc_len.mean()) if self.doc_len.sum() else 1.0
        ids: dict[str, int] = {}
        flat = (ids.setdefault(term, len(ids)) for term in chain.from_iterable(corpus))
        terms = np.fromiter(flat, np.int64, int(self.doc_len.sum()))
        passages = np.repeat(np.arange(self.corpus_size), self.doc_len)
        postings, counts = np.unique(
            terms * max(self.corpus_size, 1) + passages, return_counts=True
        )
        self._ids = ids
        self._passages = postings % max(self.corpus_size, 1)
        document_frequency = np.bincount(postings // max(self.corpus_size, 1), minlength=len(ids))
        self._starts = np.concatenate(([0], np.cumsum(document_frequency)))
        idf = self._lucene_idf(document_frequency)
        self.idf = dict(zip(ids, idf.tolist(), strict=True))
        norm = self.k1 * (1 - b + b * self.doc_len[self._passages] / self.avgdl)
        self._impacts = np.repeat(idf, document_frequency) * counts * (k1 + 1) / (counts + norm)
        self._unknown_idf = float(self._lucene_idf(np.zeros(1))[0])

    def _lucene_idf(self, document_frequency: npt.NDArray[np.number[Any]]) -> Scores:
        idf: Scores = np.log1p(
            (self.corpus_size - document_frequency + 0.5) / (document_frequency + 0.5)
        )
        return idf

    def candidates(
        self, terms: Sequence[str], limit: int, within: range | None = None
    ) -> tuple[Numbers, Scores]:
        """Return the best passages; see `Index`."""
        scores = self.get_scores(terms)
        if within is not None:
            outside = np.ones(self.corpus_size, bool)
            outside[within.start : within.stop] = False
            scores[outside] = 0
        found = np.flatnonzero(scores > 0)
        order = np.lexsort((found, -scores[found]))[:limit]
        return found[order], scores[found[order]]

    def get_scores(self, query: Sequence[str]) -> Scores:
        """Return every passage's score, shape (corpus_size,); a repeated term counts once."""
        scores = np.zeros(self.corpus_size)
        for term in dict.fromkeys(query):
            number = self._ids.get(term)
            if number is not None:
                part = slice(self._starts[number], self._starts[number + 1])
                scores[self._passages[part]] += self._impacts[part]
        return scores

    def ceiling(self, terms: Sequence[str]) -> float:
        """Return the sum of the terms' idf, a term unknown here counted as if it stood nowhere."""
        return float(sum(self.idf.get(term, self._unknown_idf) for term in dict.fromkeys(terms)))
