"""Groups questions that ask the same, by their words and, with an embedding model, by meaning.

Two different questions in one group mislead a curator more than one question in two groups, so the
thresholds, measured in docs/retrieval.md, keep questions apart when in doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.index import lucene_idf
from bot.search.embedding.embedder import ModelFamily
from bot.search.language.analysis import Analyzer
from bot.search.query.cue_words import QuestionType
from bot.search.query.question_types import question_types

SAME_WORDS = 0.7
"""Least share of two questions' idf that they have in common, to be one."""

SAME_MEANING: Mapping[ModelFamily, float | None] = MappingProxyType(
    {ModelFamily.E5: 0.965, ModelFamily.MINILM: 0.9, ModelFamily.OTHER: None}
)
"""Least cosine of two questions' vectors, to be one; None: not measured, so words alone decide."""

_COUNTED = 100
"""Least number of questions to count idf among: of three, a word in two would not be rare."""
_MOST_TERMS = 40
"""Characters of a question that are read, so that a pasted page is not slow."""
_KINDS = (
    QuestionType.WHEN,
    QuestionType.HOW_LONG,
    QuestionType.HOW_MANY,
    QuestionType.WHO,
    QuestionType.WHERE,
    QuestionType.WHY,
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|without|cannot|\w+n['’]t"
    r"|(?:do|does|did|is|are|was|were|has|have|had|wo|would|ca|could|should)nt)\b",
    re.IGNORECASE,
)

Group = tuple[int, ...]
"""Indexes of questions that ask the same, in rising order."""
Floats = NDArray[np.float64]
Likeness = Callable[[int], Floats]
"""Maps the index of a group to its similarity to every group, of shape (groups,)."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What two questions must have in common. `kinds` are bits of what is asked for; 0: unknown."""

    terms: frozenset[str]
    kinds: int
    negated: bool

    @classmethod
    def of(cls, question: str, analyzer: Analyzer) -> _Reading:
        terms = frozenset(analyzer.terms(question)[:_MOST_TERMS])
        if not terms:  # nothing but stopwords: then it is they that count
            terms = frozenset({" ".join(question.casefold().split()).strip(" ?!.")})
        wanted = set(question_types(question))
        kinds = sum(1 << i for i, kind in enumerate(_KINDS) if kind in wanted)
        return cls(terms, kinds, _NEGATION.search(question) is not None)

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers among the terms: 2019 is not 2020, however similar the words."""
        return frozenset(term for term in self.terms if term[:1].isdigit())


def by_words(questions: Sequence[str], analyzer: Analyzer) -> list[Group]:
    """Group `questions` by their words: the largest group first, or the one with the first question.

    Questions with the same terms, or with `SAME_WORDS` of their weight in common, are one, unless
    they ask for different things (when, why), or one is negated.
    """
    read = {text: _Reading.of(text, analyzer) for text in dict.fromkeys(questions)}
    same: dict[_Reading, list[int]] = {}
    for number, text in enumerate(questions):
        same.setdefault(read[text], []).append(number)
    groups = _sorted(same.values())
    readings = [read[questions[group[0]]] for group in groups]
    overlaps = _Overlaps(readings)
    return _led(groups, _Vetoes(readings), overlaps.with_all, SAME_WORDS)


def by_meaning(
    groups: Sequence[Group],
    questions: Sequence[str],
    analyzer: Analyzer,
    vectors: Mapping[int, NDArray[np.float32]],
    least: float,
) -> list[Group]:
    """Merge groups whose first questions are similar in meaning.

    `vectors` are unit vectors of some of the groups, by index; `least` is the lowest cosine at which
    two are one.
    """
    known = sorted(vectors)
    if not known:
        return list(groups)
    some = [groups[place] for place in known]
    readings = [_Reading.of(questions[group[0]], analyzer) for group in some]
    matrix = np.stack([vectors[place] for place in known]).astype(np.float64)
    cosines = matrix @ matrix.T
    others = [group for place, group in enumerate(groups) if place not in vectors]
    return _sorted([*_led(some, _Vetoes(readings), cosines.__getitem__, least), *others])


def _led(groups: Sequence[Group], vetoes: _Vetoes, likeness: Likeness, least: float) -> list[Group]:
    """Leader clustering: merge each group into the most similar earlier one above the threshold.

    Only groups that were not merged themselves are merged into, so that similarity does not chain.
    """
    leads = np.zeros(len(groups), bool)
    joined: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        like = np.where(leads & vetoes.allow(place), likeness(place), -1.0)
        best = int(like.argmax())
        if like[best] >= least:
            joined[best].extend(group)
        else:
            leads[place] = True
            joined[place] = list(group)
    return _sorted(joined.values())


def _sorted(groups: Iterable[Iterable[int]]) -> list[Group]:
    return sorted((tuple(sorted(group)) for group in groups), key=lambda g: (-len(g), g[0]))


class _Vetoes:
    """Which questions may be the same at all."""

    def __init__(self, readings: Sequence[_Reading]) -> None:
        numbers: dict[frozenset[str], int] = {}
        self._kinds = np.array([reading.kinds for reading in readings], np.int64)
        self._negated = np.array([reading.negated for reading in readings], bool)
        self._numbers = np.array(
            [numbers.setdefault(reading.numbers, len(numbers)) for reading in readings], np.int64
        )

    def allow(self, place: int) -> NDArray[np.bool_]:
        """Whether each may be the same as the one at `place`; shape (groups,)."""
        kinds = self._kinds[place]
        alike = (kinds == 0) | (self._kinds == 0) | ((self._kinds & kinds) != 0)
        numbers = self._numbers == self._numbers[place]
        return np.asarray(alike & numbers & (self._negated == self._negated[place]))


class _Overlaps:
    """How much of their terms' idf, counted among themselves, questions have in common."""

    def __init__(self, readings: Sequence[_Reading]) -> None:
        self._terms = [sorted(reading.terms) for reading in readings]
        frequency = Counter(term for terms in self._terms for term in terms)
        among = max(len(readings), _COUNTED)
        self._idf = {term: lucene_idf(count, among) for term, count in frequency.items()}
        postings: dict[str, list[int]] = {}
        for place, terms in enumerate(self._terms):
            for term in terms:
                postings.setdefault(term, []).append(place)
        self._postings = {term: np.array(places) for term, places in postings.items()}
        self._totals = np.array([sum(map(self._idf.__getitem__, t)) for t in self._terms])

    def with_all(self, place: int) -> Floats:
        """The weighted Jaccard index of each and the one at `place`; shape (groups,)."""
        shared = np.zeros(len(self._terms))
        for term in self._terms[place]:
            shared[self._postings[term]] += self._idf[term]
        return np.asarray(shared / (self._totals + self._totals[place] - shared))
