"""Autocompletion: what has been typed so far → passages that match it, the last word as a prefix."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.models import Role
from bot.search.language.analysis import fold
from bot.search.searcher import Searcher

MOST = 25
"""The most passages that are returned."""

_TYPED = 200  # characters that are used: the last ones, where somebody is typing
_WORDS = 8  # terms that are searched for
_POOL = 40  # candidates that are compared literally with what was typed
_COMPARED = 500  # characters of each
_OPENINGS = 100  # passages that are compared when nothing typed can be searched for
_ENDINGS = 8  # completions of the last word, the most frequent ones
_POSTINGS = 6_000  # passages that hold one of these, in total: bounds the work for a keystroke
_BEGUN = 0.5  # weight of a completion, where a whole word weighs 1
_LAST_WORD = re.compile(r"[^\W_]+\Z")


def lookup(
    searcher: Searcher,
    typed: str,
    most: int = MOST,
    among: NDArray[np.bool_] | None = None,
) -> list[int]:
    """Find the numbers of up to `most` passages that match what is `typed`, best first.

    First the passages that begin with it, then those that say it literally (ignoring case, accents and white
    space), then by BM25. `among`: (P,) which passages may be returned; None: all. The work is bounded,
    whatever is typed.
    """
    roles = searcher.passages.roles
    if roles.any():
        quotable = roles == Role.ANSWER
        among = quotable if among is None else among & quotable
    said = _plain(typed[-_TYPED:])
    if not said:
        return _first(searcher, most, among)
    weights = _weights(searcher, typed[-_TYPED:])
    if not weights:
        opening = _first(searcher, _OPENINGS, among)
        found = (n for n in opening if said in _plain(searcher.passages[n].text[:_COMPARED]))
        return list(islice(found, most))
    index = searcher.expander.index
    if among is None:
        candidates = index.candidates(weights, _POOL).passages
    else:
        candidates = index.candidates_among(weights, _POOL, among)
    return sorted(candidates, key=lambda number: _difference(searcher, number, said))[:most]


def _first(searcher: Searcher, most: int, among: NDArray[np.bool_] | None) -> list[int]:
    """The numbers of the first passages, in reading order."""
    if among is None:
        return list(range(min(most, len(searcher.passages))))
    numbers: list[int] = np.flatnonzero(among)[:most].tolist()
    return numbers


def _difference(searcher: Searcher, number: int, said: str) -> int:
    """0 if the passage begins with `said`, 1 if it holds it, 2 otherwise."""
    text = _plain(searcher.passages[number].text[:_COMPARED])
    return 0 if text.startswith(said) else 1 if said in text else 2


def _weights(searcher: Searcher, typed: str) -> dict[str, float]:
    """The terms to search for, with their weights."""
    begun = _LAST_WORD.search(typed)
    whole = typed[: begun.start()] if begun else typed
    weights: dict[str, float] = {}
    for analyzer in searcher.expander.analyzers:
        for term in analyzer.terms(whole):
            weights.setdefault(term, 1.0)
    weights = dict(list(weights.items())[-_WORDS:])
    if begun is not None:
        for analyzer in searcher.expander.analyzers:
            for term in analyzer.terms(begun[0]):
                weights.setdefault(term, 1.0)
        for term in _endings(searcher, fold(begun[0])):
            weights.setdefault(term, _BEGUN)
    return weights


def _endings(searcher: Searcher, begun: str) -> list[str]:
    """The terms of the most frequent words that begin with `begun`, as many as the bounds allow."""
    index, speller = searcher.expander.index, searcher.expander.speller
    words = speller.words.all_beginning_with(begun)
    likely = _greatest(words, speller.frequency[words])
    found = [
        analyzer.term(speller.words.term(number))
        for number in likely
        for analyzer in searcher.expander.analyzers
    ]
    # The speller lacks short words, numbers and scripts without spaces.
    terms = index.vocabulary.all_beginning_with(begun)
    df = index.postings.starts[terms + 1] - index.postings.starts[terms]
    found += [index.vocabulary.term(number) for number in _greatest(terms, df)]
    kept: list[str] = []
    room = _POSTINGS
    for term in dict.fromkeys(filter(None, found)):
        number = index.vocabulary.find(term)
        postings = index.df(number) if number >= 0 else 0
        if postings and (postings <= room or not kept):
            kept.append(term)
            room -= postings
    return kept


def _greatest(numbers: NDArray[np.int32], counts: NDArray[np.integer[Any]]) -> list[int]:
    """The _ENDINGS of `numbers` with the greatest counts."""
    if len(numbers) > _ENDINGS:
        ranks = (counts.astype(np.int64) << 32) - numbers  # all distinct
        best = np.argpartition(ranks, -_ENDINGS)[-_ENDINGS:]
        numbers = numbers[best[np.argsort(-ranks[best])]]
    found: list[int] = numbers.tolist()
    return found


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
