"""The most central passages of a text: those that share most with all of it.

An extractive rank over BM25, after the centroid of Radev et al. (2004, "Centroid-based summarization of multiple
documents", Information Processing & Management 40): the terms that are typical of the text, weighted by tf · idf, are
searched for in the text itself. It is exact arithmetic, the same on every machine and with any model or none. One pass
over the terms of the text and one search bound its time (`python -m benchmarks.about` measures it).
"""

from __future__ import annotations

import numpy as np

from bot.models import Passage, Role
from bot.search.bm25.index import lucene_idf
from bot.search.language.lexicon import closed_class_words
from bot.search.searcher import Searcher

TYPICAL_TERMS = 40
"""Terms that stand for the text."""

LEAST_TERMS = 6
"""Different terms of a sentence that can stand for a text: shorter ones depend on their neighbours."""

_ENOUGH_REPEATED = 4  # terms that a text says more than once
_POOL = 60  # passages that are compared
_FREQUENT_TERMS = 500  # that are weighed: of a long text the others have small weights
_ALIKE = 0.5  # the share of a sentence's terms that make it say much the same as another


def central_passages(
    searcher: Searcher, within: range, most: int, but: frozenset[int] = frozenset()
) -> list[int]:
    """Find up to `most` passages of one source, `within`, in reading order, without those in `but`.

    They are sentences of some length that share few words with each other; what needs a line above it, such as a list
    item, is taken only where there are too few.
    """
    weights = _typical_terms(searcher, within)
    if not weights:
        return []
    found = searcher.expander.index.candidates(weights, _POOL, [within]).passages
    passages = {number: searcher.passages[number] for number in found if number not in but}
    complete = [n for n in passages if _stands_alone(passages[n])]
    dependent = [n for n in passages if n not in complete and passages[n].role is Role.ANSWER]
    chosen: list[int] = []
    taken = [_terms(searcher, searcher.passages[number]) for number in sorted(but)]
    for number in (*complete, *dependent):
        terms = _terms(searcher, passages[number])
        if len(chosen) == most:
            break
        if len(terms) < LEAST_TERMS or any(_are_alike(terms, other) for other in taken):
            continue
        chosen.append(number)
        taken.append(terms)
    return sorted(chosen)


def _stands_alone(passage: Passage) -> bool:
    return passage.role is Role.ANSWER and passage.lead is None and not passage.text[:1].islower()


def _are_alike(terms: frozenset[str], other: frozenset[str]) -> bool:
    return len(terms & other) >= _ALIKE * min(len(terms), len(other))


def _typical_terms(searcher: Searcher, within: range) -> dict[str, float]:
    """Weigh the terms of a source by their number in it and by idf, 1 for the most typical.

    A term that occurs once is typical only of a text that repeats hardly anything. Closed-class words are left out.
    """
    forward = searcher.table.forward
    start, stop = forward.token_starts[[within.start, within.stop]].tolist()
    numbers, counts = np.unique(forward.tokens[start:stop], return_counts=True)
    repeated = counts > 1
    if repeated.sum() >= _ENOUGH_REPEATED:
        numbers, counts = numbers[repeated], counts[repeated]
    frequent = np.argsort(-counts, kind="stable")[:_FREQUENT_TERMS]
    index = searcher.expander.index
    passed_over = _closed_class_terms(searcher, searcher.passages[within.start])
    weights: dict[str, float] = {}
    for number, count in zip(numbers[frequent].tolist(), counts[frequent].tolist(), strict=True):
        term = forward.vocabulary.term(number)
        frequency = index.document_frequency(term)
        if frequency and term not in passed_over:
            weights[term] = count * lucene_idf(frequency, index.corpus_size)
    typical = sorted(weights, key=lambda term: (-weights[term], term))[:TYPICAL_TERMS]
    return {term: weights[term] / weights[typical[0]] for term in typical}


def _closed_class_terms(searcher: Searcher, passage: Passage) -> frozenset[str]:
    analyzer = searcher.analyzer_for(passage)
    return frozenset(map(analyzer.term, closed_class_words(analyzer.language)))


def _terms(searcher: Searcher, passage: Passage) -> frozenset[str]:
    return frozenset(searcher.analyzer_for(passage).terms(passage.text))
