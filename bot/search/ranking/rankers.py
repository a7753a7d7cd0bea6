"""Chooses the fitted ranker for a question: every combination of model and language has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from bot.search.embedding.embedder import ModelFamily
from bot.search.feature_group import Floats
from bot.search.ranking.first_stage import Coefficients
from bot.search.ranking.second_stage import Reranker

LEXICAL = "lexical"
DEFAULT = "default"
"""For models that no ranker was fitted on: the mean of the lexical ranker and MiniLM's."""

Fitted = TypeVar("Fitted")


def ranker_for(family: ModelFamily | None, *, foreign: bool) -> str:
    """Choose the ranker for a question.

    `family`: the embedding model's, None without one; `foreign`: whether the question is in
    another language than the texts.
    """
    match family:
        case None:
            return LEXICAL
        case ModelFamily.MINILM:  # it knows one language, so to it no question is foreign
            return "minilm"
        case ModelFamily.E5:
            return "e5-foreign" if foreign else "e5"
        case ModelFamily.OTHER:
            return "e5-foreign" if foreign else DEFAULT


RANKERS = frozenset(
    ranker_for(family, foreign=foreign)
    for family in (None, *ModelFamily)
    for foreign in (False, True)
)
"""Every ranker that `ranker_for` names."""

FITTED: Mapping[str, str] = MappingProxyType({
    name: "ranking.json" if name == LEXICAL else f"ranking-{name}.json"
    for name in sorted(RANKERS - {DEFAULT})
})  # fmt: skip
"""Ranker → data file, for those that were fitted themselves."""


RERANKED: Mapping[str, str] = MappingProxyType({
    LEXICAL: "reranking.json",
    "e5": "reranking-e5.json",
    "minilm": "reranking-minilm.json",
    DEFAULT: "reranking-minilm.json",
})  # fmt: skip
"""Ranker → data file of the second stage behind it; none for questions in another language, which the reader
cannot read."""


class _Files(Mapping[str, Fitted]):
    """What was fitted, by the ranker's name, each loaded when it is first used.

    Not before: a fit analyses texts while the files are still those of an older list of features.
    """

    def __init__(self, files: Mapping[str, str], load: Callable[[str], Fitted]) -> None:
        self._files = files
        self._load = cache(load)

    def __getitem__(self, name: str) -> Fitted:
        return self._load(self._files[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class Rankers(_Files[Coefficients]):
    """Every ranker by name; the default one is computed from two others."""

    def __init__(self, load: Callable[[str], Coefficients]) -> None:
        """`load`: the coefficients in a data file."""
        super().__init__(FITTED, load)

    def __getitem__(self, name: str) -> Coefficients:
        return self._default if name == DEFAULT else super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(RANKERS))

    def __len__(self) -> int:
        return len(RANKERS)

    @cached_property
    def _default(self) -> Coefficients:
        return halfway(self[LEXICAL], self["minilm"])


class Rerankers(_Files[Reranker]):
    """The second stages by their ranker's name."""

    def __init__(self, load: Callable[[str], Reranker]) -> None:
        """`load`: the second stage in a data file."""
        super().__init__(RERANKED, load)


def halfway(lexical: Coefficients, other: Coefficients) -> Coefficients:
    """The mean of a ranker that knows no embedding model and one that does; cosines weigh 0 in the first."""

    def mean(some: Floats, more: Floats) -> Floats:
        padded = np.zeros_like(more)
        padded[: len(some)] = some  # the coefficients of cosines are the last ones
        return np.asarray((padded + more) / 2, np.float32)

    return replace(
        other,
        features=mean(lexical.features, other.features),
        evidence=mean(lexical.evidence, other.evidence),
        follow_up=mean(lexical.follow_up, other.follow_up),
        conversation=mean(lexical.conversation, other.conversation),
        answerable=mean(lexical.answerable, other.answerable),
        right=mean(lexical.right, other.right),
        similarity_weights=mean(lexical.similarity_weights, other.similarity_weights),
    )
