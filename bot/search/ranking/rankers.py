"""Which of the fitted rankers is for a question: every combination has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property
from types import MappingProxyType

import numpy as np

from bot.search.embedding.embedder import Family
from bot.search.ranking.first_stage import Coefficients
from bot.search.ranking.matching import Floats
from bot.search.ranking.second_stage import Reranker

LEXICAL = "lexical"
DEFAULT = "default"
"""For models that nothing was fitted on: half of words alone, half of MiniLM's."""


def ranker_for(family: Family | None, *, foreign: bool) -> str:
    """Return the name of the ranker for a question.

    `family`: the model that gave its vectors; None: it has none, and words alone decide. `foreign`:
    whether it is in another language than the texts.
    """
    match family:
        case None:
            return LEXICAL
        case Family.MINILM:  # reads one language: to it no question is foreign
            return "minilm"
        case Family.E5:
            return "e5-foreign" if foreign else "e5"
        case Family.OTHER:
            return "e5-foreign" if foreign else DEFAULT


RANKERS = frozenset(
    ranker_for(family, foreign=foreign) for family in (None, *Family) for foreign in (False, True)
)
"""Every ranker that `ranker_for` names."""

FITTED: Mapping[str, str] = MappingProxyType({
    name: "ranking.json" if name == LEXICAL else f"ranking-{name}.json"
    for name in sorted(RANKERS - {DEFAULT})
})  # fmt: skip
"""The data file of each of them that has been fitted itself."""


RERANKED: Mapping[str, str] = MappingProxyType({
    LEXICAL: "reranking.json",
    "e5": "reranking-e5.json",
    "minilm": "reranking-minilm.json",
    DEFAULT: "reranking-minilm.json",
})  # fmt: skip
"""The data file of the second stage behind each ranker: none for questions in another language, which
the reader does not read."""


class Rankers(Mapping[str, Coefficients]):
    """Every ranker by name, each read from its file when it is first asked for.

    Not before: a fit reads texts while the files are still those of an older list of features.
    """

    def __init__(self, load: Callable[[str], Coefficients]) -> None:
        """Take what returns the coefficients in a data file."""
        self._load = cache(load)

    def __getitem__(self, name: str) -> Coefficients:
        return self._default if name == DEFAULT else self._load(FITTED[name])

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(RANKERS))

    def __len__(self) -> int:
        return len(RANKERS)

    @cached_property
    def _default(self) -> Coefficients:
        return halfway(self[LEXICAL], self["minilm"])


class Rerankers(Mapping[str, Reranker]):
    """The second stage behind each ranker by its name, each read from its file when it is first asked for."""

    def __init__(self, load: Callable[[str], Reranker]) -> None:
        """Take what returns the coefficients in a data file."""
        self._load = cache(load)

    def __getitem__(self, name: str) -> Reranker:
        return self._load(RERANKED[name])

    def __iter__(self) -> Iterator[str]:
        return iter(RERANKED)

    def __len__(self) -> int:
        return len(RERANKED)


def halfway(lexical: Coefficients, other: Coefficients) -> Coefficients:
    """Return the mean of a ranker without similarities of meaning, for which they weigh 0, and one with."""

    def mean(some: Floats, more: Floats) -> Floats:
        padded = np.zeros_like(more)
        padded[: len(some)] = some  # similarities stand last
        return np.asarray((padded + more) / 2, np.float32)

    return replace(
        other,
        features=mean(lexical.features, other.features),
        given=mean(lexical.given, other.given),
        dependence=mean(lexical.dependence, other.dependence),
        carried=mean(lexical.carried, other.carried),
        answerable=mean(lexical.answerable, other.answerable),
        right=mean(lexical.right, other.right),
        meaning=mean(lexical.meaning, other.meaning),
    )
