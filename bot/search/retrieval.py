"""Question → candidates: the passages that are worth ranking, found by words and by embeddings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.search.bm25.index import Index
from bot.search.embedding.similarity import EmbeddedQuestion
from bot.search.query.concepts import Concept, MatchType
from bot.search.ranking.analysed_question import AnalysedQuestion
from bot.search.ranking.conversation import PreviousTurn
from bot.search.ranking.matching import Rows
from bot.search.ranking.rankers import ranker_for

POOL = 32
"""Candidates that BM25 finds for a question; with 20 the right one is missing a little more often."""

FEW = 50
"""Up to so many passages all are candidates, so that one that shares no word with the question has a chance."""

PREVIOUS_POOL = 20
"""Candidates that BM25 finds for the previous question, in addition to those for the question itself."""

NEARBY = 3
"""So many passages on either side of the previous quote are candidates too."""

_TRUST = {
    MatchType.EXACT: 1.0,
    MatchType.ALIAS: 0.9,
    MatchType.SPELLING: 0.85,
    MatchType.PREFIX: 0.5,
}

WaitForVectors = Callable[[], EmbeddedQuestion | None]
"""Waits for a question's vectors; None where there is no model, or they were not there in time."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Retrieval(AnalysedQuestion):
    """A question analysed against the passages, with its candidates: all that ranking needs."""

    text: str
    """The question, with typos in its question words corrected."""
    candidates: Rows
    """(C,) passage numbers, ascending."""
    embedded: EmbeddedQuestion | None = None
    """The question's vectors, where there is an embedding model."""
    language: str | None = None
    """Its language, if it is certainly not that of the texts."""

    @property
    def ranker(self) -> str:
        """The name of the fitted ranker that is used for it."""
        family = None if self.embedded is None else self.embedded.embeddings.family
        return ranker_for(family, foreign=self.language is not None)


def find_candidates(index: Index, concepts: Sequence[Concept], limit: int, within: range) -> Rows:
    """Find the best `limit` passages of `within` by BM25, ascending; and all others too if there are only FEW."""
    weights: dict[str, float] = {}
    for concept in concepts:
        for expansion in concept.expansions:
            weight = _TRUST[expansion.match_type] * expansion.strength
            weights[expansion.term] = max(weight, weights.get(expansion.term, 0.0))
    everything = len(within) == index.corpus_size
    found = index.candidates(weights, limit, None if everything else [within]).passages
    if len(within) <= FEW:
        found = list({*found, *within})
    return np.sort(np.array(found, np.int64))


def conversation_candidates(index: Index, turn: PreviousTurn, within: range) -> Rows:
    """Find what the previous question leads to in `within`, and the passages around its quote; not sorted."""
    nearby = np.arange(turn.quote - NEARBY, turn.quote + NEARBY + 1)
    nearby = nearby[(nearby >= within.start) & (nearby < within.stop)]
    return np.concatenate([find_candidates(index, turn.concepts, PREVIOUS_POOL, within), nearby])


def shared_by_languages(concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """Select the concepts that look the same in every language: names and numbers that the texts hold."""
    return tuple(c for c in concepts if c.known and (c.named or c.term[0].isdigit()))
