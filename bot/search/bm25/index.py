"""The BM25 index: rank-bm25's model over posting lists, frozen once built, saved and mapped.

A passage's score is the sum over the question's distinct terms of weight · idf · saturation, where
saturation = f (k1 + 1) / (f + k1 (1 - b + b · dl / avgdl)), as in rank_bm25.BM25Okapi (f: how often
the term stands in the passage, dl: terms in the passage). The product idf · saturation, the term's
impact on the passage, is computed when the index is built.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from bot.search.bm25.keys import MOST_PASSAGES
from bot.search.bm25.postings import Candidates, PostingList, Postings
from bot.search.bm25.vocabulary import Vocabulary

# Up to so many terms, a dict of their posting lists costs milliseconds and saves microseconds.
READY = 1 << 16

K1 = 0.4
B = 0.5

T = TypeVar("T")
Weights = NDArray[np.float64]
Idf = Callable[[NDArray[np.int64], int], Weights]


class Index(Protocol):
    """What finds passages by their terms: here in memory, or a search server elsewhere."""

    def candidates(
        self,
        terms: Iterable[str] | dict[str, float],
        k: int = 50,
        within: range | None = None,
    ) -> Candidates:
        """Return the best `k` passages that hold one of `terms` at least, best first.

        `terms`: distinct terms, each of weight 1, or a dict of weights above 0; `within`: a
        range of passage numbers to stay in. Equal scores are ordered by passage number.
        """
        ...

    def ceiling(self, terms: Iterable[str]) -> float:
        """Return the sum of the terms' idf, the unit that makes scores comparable."""
        ...


def lucene_idf(df: NDArray[np.int64] | int, passages: int) -> Weights:
    """Return ln(1 + (N - df + .5) / (df + .5)) for terms in `df` of N `passages`: always above 0.

    Source: Apache Lucene, BM25Similarity.idfExplain. df = 0 gives the idf of a term no passage has.
    """
    return np.asarray(np.log1p((passages - df + 0.5) / (df + 0.5)))


def lucene_idf_of(df: int, passages: int) -> float:
    """Return the same of one term."""
    return math.log1p((passages - df + 0.5) / (df + 0.5))


class TermIdf(Mapping[str, float]):
    """rank-bm25's `idf`: the idf of every term of the index; KeyError for another."""

    def __init__(self, vocabulary: Vocabulary, values: Weights) -> None:
        self._vocabulary = vocabulary
        self._values = values

    def __getitem__(self, term: str) -> float:
        number = self._vocabulary.find(term)
        if number < 0:
            raise KeyError(term)
        return float(self._values[number])

    def __iter__(self) -> Iterator[str]:
        return iter(self._vocabulary)

    def __len__(self) -> int:
        return len(self._vocabulary)


class Bm25Index(BM25Okapi):  # type: ignore[misc]  # rank-bm25 is not typed
    """BM25 over N passages: `corpus_size`, `avgdl`, `doc_len`, `idf`, `k1`, `b` as in rank-bm25.

    `doc_freqs` stays empty: the posting lists hold those counts. `tokens`: int32, the numbers of
    all passages' terms one after another, those of a passage from `token_starts` (N + 1) on. It does
    not change after building, and is safe to ask from several threads at once.
    """

    corpus_size: int
    avgdl: float
    doc_len: NDArray[np.int32]
    vocabulary: Vocabulary
    postings: Postings
    tokens: NDArray[np.int32]
    token_starts: NDArray[np.int64]
    _list_of: Callable[[str], PostingList | None]

    def __init__(
        self,
        corpus: Sequence[Sequence[str]],
        *,
        k1: float = K1,
        b: float = B,
        also: Iterable[str] = (),
        idf: Idf = lucene_idf,
    ) -> None:
        """Build the index of a `corpus`: for every passage its terms, in order.

        `also`: further terms for the vocabulary, though no passage may hold them; `idf`: a formula
        above 0 in place of Lucene's.
        Raises TypeError for a passage that is a string, which rank-bm25 would take for a list of
        letters; ValueError for k1 below 0, b outside 0 to 1, or too many passages.
        """
        if str in set(map(type, corpus)):
            raise TypeError("a passage must be a list of terms, not a string")
        if not (0 <= k1 < math.inf and 0 <= b <= 1):
            raise ValueError(f"k1 must be 0 or more and b between 0 and 1, not {k1} and {b}")
        if len(corpus) >= MOST_PASSAGES:
            raise ValueError(f"{len(corpus)} passages; there may be {MOST_PASSAGES - 1} at most")
        self._also, self._idf_of = also, idf
        super().__init__(corpus, k1=k1, b=b)
        del self._also, self._idf_of

    # The two steps of building that rank_bm25.BM25.__init__ calls.

    def _initialize(self, corpus: Sequence[Sequence[str]]) -> Mapping[str, int]:
        """Count into the arrays that `_calc_idf` needs, without a dict a passage."""
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        lengths = np.fromiter(map(len, corpus), np.int32, len(corpus))
        total = int(lengths.sum(dtype=np.int64))
        found = np.fromiter(map(numbers.__getitem__, chain.from_iterable(corpus)), np.int64, total)
        for term in self._also:
            numbers[term]  # asking gives it a number
        self.corpus_size = len(corpus)
        self.doc_len = lengths
        self.avgdl = total / len(corpus) if total else 0.0
        self.vocabulary, renumbered = Vocabulary.build(list(numbers))
        found = renumbered.take(found) if total else found
        self.tokens = found.astype(np.int32)
        self.token_starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        # One sort of (term, passage) as one integer brings a term's passages, and repeats, together.
        self._shift = len(corpus).bit_length()
        keys = found
        keys <<= self._shift  # in place, as all that takes memory anew takes time
        keys |= np.repeat(np.arange(len(corpus)), lengths)
        keys.sort()
        first = np.ones(total, np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        edges = first.nonzero()[0]
        self._counts = np.diff(edges, append=total)
        self._keys = keys[edges]
        return {}

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        terms = self._keys >> self._shift
        passages = self._keys & ((1 << self._shift) - 1)
        df = np.bincount(terms, minlength=len(self.vocabulary))
        relative = self.doc_len / (self.avgdl or 1.0)
        penalty = self.k1 * (1 - self.b + self.b * relative)
        saturation = self._counts * (self.k1 + 1) / (self._counts + penalty[passages])
        impacts = (self._idf_of(df, self.corpus_size)[terms] * saturation).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(df)])
        del self._keys, self._counts, self._shift
        self._adopt(Postings.of(self.corpus_size, starts, passages, impacts))

    def _adopt(self, postings: Postings) -> None:
        for array in (*postings.arrays().values(), *self.vocabulary.arrays().values()):
            array.flags.writeable = False
        self.postings = postings
        self.idf = TermIdf(self.vocabulary, lucene_idf(np.diff(postings.starts), self.corpus_size))
        # Not a method of the index: that would be a circle, and keep its memory after a reload.
        self._list_of = partial(_find_list, self.vocabulary, postings)
        if len(self.vocabulary) <= READY:
            lists = map(postings.list_of, range(len(self.vocabulary)))
            self._list_of = dict(zip(self.vocabulary, lists, strict=True)).get

    def parameters(self) -> dict[str, Any]:
        """Return the numbers that, with `arrays`, the index is made of."""
        return {name: getattr(self, name) for name in ("corpus_size", "avgdl", "k1", "b")}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name."""
        own = {name: getattr(self, name) for name in ("doc_len", "tokens", "token_starts")}
        return own | self.vocabulary.arrays() | self.postings.arrays()

    @classmethod
    def from_arrays(cls, parameters: Mapping[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        """Return the index that `parameters` and `arrays` came from."""
        index = cls.__new__(cls)
        for name in ("corpus_size", "avgdl", "k1", "b"):
            setattr(index, name, parameters[name])
        for name in ("doc_len", "tokens", "token_starts"):
            setattr(index, name, arrays[name])
        index.tokenizer, index.doc_freqs, index.epsilon = None, [], 0.25
        index.vocabulary = Vocabulary.from_arrays(arrays)
        index._adopt(Postings.from_arrays(index.corpus_size, arrays))
        return index

    def candidates(
        self,
        terms: Iterable[str] | dict[str, float],
        k: int = 50,
        within: range | None = None,
    ) -> Candidates:
        """Return the best passages, exactly; see `Index`. A repeated term counts once.

        Raises TypeError for a string in place of terms; ValueError for k below 1, a weight that is
        not a finite number above 0, or a range with a step.
        """
        if k < 1:
            raise ValueError(f"k must be 1 or more, not {k}")
        if within is not None and (within.step != 1 or within.start < 0):
            raise ValueError("a range of passages goes up by ones from 0 or above")
        lists = self._weighted(terms) if isinstance(terms, dict) else self._lists(terms)
        return self.postings.top(lists, k, within)

    def candidates_among(
        self, weights: Mapping[str, float], k: int, among: NDArray[np.bool_]
    ) -> list[int]:
        """Return the numbers of the best `k` passages of those `among` (N,) says, best first.

        Every posting is read: for what is typed, whose terms `lookup` bounds.
        """
        scores = self.postings.scores(self._weighted(weights))
        found = scores.nonzero()[0]
        found = found[among[found]]
        if len(found) > k:
            least = np.partition(scores[found], len(found) - k)[len(found) - k]
            found = found[scores[found] >= least]
        best: list[int] = found[np.argsort(-scores[found], kind="stable")[:k]].tolist()
        return best

    def ceiling(self, terms: Iterable[str]) -> float:
        """Return M, the sum of the distinct terms' idf, terms that no passage has at df = 0."""
        numbers = [self.vocabulary.find(term) for term in dict.fromkeys(terms)]
        df = np.array([self.df(number) if number >= 0 else 0 for number in numbers], np.int64)
        return float(lucene_idf(df, self.corpus_size).sum())

    def df(self, number: int) -> int:
        """Return how many passages hold the term with this number."""
        return self.postings.df(number)

    def get_scores(self, query: Sequence[str]) -> Weights:
        """Return every passage's score, float64 (N,), as rank-bm25 does; repeats count once."""
        return self.postings.scores(self._lists(query)).astype(np.float64)

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """Return the scores of the passages `doc_ids`."""
        scores: list[float] = self.get_scores(query)[np.asarray(doc_ids, np.intp)].tolist()
        return scores

    def get_top_n(self, query: Sequence[str], documents: Sequence[T], n: int = 5) -> list[T]:
        """Return the documents of the best `n` passages: fewer where fewer have a query's term."""
        if len(documents) != self.corpus_size:
            raise ValueError(f"{len(documents)} documents for {self.corpus_size} passages")
        return [documents[passage] for passage in self.candidates(query, n).passages]

    def _lists(self, terms: Iterable[str]) -> list[PostingList]:
        """Return the sorted posting lists of the terms that some passage has."""
        if isinstance(terms, str):
            raise TypeError("a question must be a list of terms, not a string")
        lists = [found for found in map(self._list_of, dict.fromkeys(terms)) if found]
        lists.sort()
        return lists

    def _weighted(self, weights: Mapping[str, float]) -> list[PostingList]:
        lists: list[PostingList] = []
        for term, weight in weights.items():
            if not 0 < weight < math.inf:
                raise ValueError(f"the weight of {term!r} must be above 0, not {weight}")
            found = self._list_of(term)
            if found:
                minus_ceiling, start, end, _ = found
                lists.append((minus_ceiling * weight, start, end, float(weight)))
        lists.sort()
        return lists


def _find_list(vocabulary: Vocabulary, postings: Postings, term: str) -> PostingList | None:
    """Return the posting list of `term` where none is ready; None for a term no passage has."""
    number = vocabulary.find(term)
    return postings.list_of(number) if number >= 0 else None
