"""Question and candidates → the numbers a ranker weighs, for all candidates at once.

Most are shares of the question's weight: Σ weight · strength over its concepts, weights summing to 1, so that they compare
between questions and between collections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, get_type_hints

import numpy as np

from bot.search.feature_group import Column, FeatureGroup, Floats, as_matrix, names_in
from bot.search.language.word_vectors import WordVectors
from bot.search.query.concepts import Concept
from bot.search.query.cue_words import Evidence
from bot.search.ranking.feature_groups import (
    CountFeatures,
    LeadFeatures,
    MatchTypeFeatures,
    WordOrderFeatures,
    WordVectorFeatures,
)
from bot.search.ranking.matching import CandidateContext
from bot.search.ranking.overlap import ConceptShares, Overlap
from bot.search.ranking.passage_table import PassageTable
from bot.search.ranking.surrounding_features import (
    GainFeatures,
    NeighbourFeatures,
    PrecedingFeatures,
    ShapeFeatures,
)


class QuestionFeatures(NamedTuple):
    """The groups of features that compare a candidate with the question."""

    vectors: WordVectorFeatures
    shares: ConceptShares
    counts: CountFeatures
    match_types: MatchTypeFeatures
    leads: LeadFeatures
    gains: GainFeatures
    order: WordOrderFeatures
    preceding: PrecedingFeatures

    @classmethod
    def of(cls, overlap: Overlap, before: Floats) -> QuestionFeatures:
        """Compute them all; `before` as in NeighbourFeatures."""
        vectors = WordVectorFeatures.of(overlap)
        shares = overlap.shares.held_by(overlap.held)
        counts = CountFeatures.of(overlap, shares.held)
        return cls(
            vectors=vectors,
            shares=shares,
            counts=counts,
            match_types=MatchTypeFeatures.of(overlap),
            leads=LeadFeatures.of(vectors, counts, shares),
            gains=GainFeatures.of(overlap),
            order=WordOrderFeatures.of(overlap),
            preceding=PrecedingFeatures.of(overlap, before),
        )

    @classmethod
    def zeros(cls, size: int) -> QuestionFeatures:
        """All features 0, for a question without concepts."""
        return cls(**{name: group.zeros(size) for name, group in get_type_hints(cls).items()})


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceShape(FeatureGroup):
    """Features of a candidate that have a weight for each type of question too."""

    held: Floats
    long: Column
    early: Column
    opening: Floats

    @classmethod
    def of(cls, held: Floats, shape: ShapeFeatures) -> EvidenceShape:
        """`held`: (C,) the share of the question that each candidate holds."""
        return cls(
            held=held,
            long=shape.length / 3,
            early=1 - shape.place,
            opening=shape.first_of_source.astype(np.float32),
        )


FEATURES = names_in((*get_type_hints(QuestionFeatures).values(), ShapeFeatures))
EVIDENCE_FEATURES = (
    *(kind.name or "" for kind in Evidence),
    *names_in((NeighbourFeatures, EvidenceShape)),
)
"""What a passage offers as evidence: each has a weight for each type of question (`cue_words.QuestionType`)."""

_BITS = np.arange(len(Evidence), dtype=np.uint32)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class CandidateFeatures:
    """C candidates: `values` (C, F) in the order of FEATURES, `evidence` (C, E) in that of EVIDENCE_FEATURES."""

    values: Floats
    evidence: Floats
    similarities: Floats | None = None
    """(C, K) of EmbeddingFeatures, where there is an embedding model."""

    def column(self, name: str) -> Floats:
        """(C,) the feature called `name`."""
        return self.values[:, FEATURES.index(name)]


# Matrix products here have warned of invalid values now and then, though none is in any result
# (tested); other users of the same BLAS report the like.
@np.errstate(invalid="ignore")
def candidate_features(
    table: PassageTable,
    word_vectors: WordVectors,
    concepts: tuple[Concept, ...],
    context: CandidateContext,
) -> CandidateFeatures:
    """Compute the features of the candidates of `context` for a question's concepts."""
    size = len(context.candidates)
    if concepts and size:
        overlap = Overlap.of(table, word_vectors, concepts, context)
        neighbours = NeighbourFeatures.of(overlap)
        groups = QuestionFeatures.of(overlap, neighbours.before)
    else:
        neighbours, groups = NeighbourFeatures.zeros(size), QuestionFeatures.zeros(size)
    held = groups.shares.held
    shape = ShapeFeatures.of(table, context, held)
    bits = ((table.evidence[context.candidates] >> _BITS) & 1).astype(np.float32).T
    values = as_matrix((*groups, shape), size)
    evidence = np.hstack([bits, as_matrix((neighbours, EvidenceShape.of(held, shape)), size)])
    return CandidateFeatures(values, evidence)
