"""The features that a hit's probability is computed from: they distinguish an answer from a near miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.search.feature_group import FeatureGroup, Floats, as_matrix, names_in
from bot.search.language.word_vectors import COMMON_WORD_DISCOUNT
from bot.search.query.concepts import Concept
from bot.search.query.cue_words import QuestionType
from bot.search.ranking.analysed_question import AnalysedQuestion
from bot.search.ranking.features import FEATURES
from bot.search.ranking.matching import Rows

COPIED = (
    "bm25", "held", "informative", "alias", "spelling", "prefix", "rarest", "last", "near", "concepts",
    "all_concepts", "associated", "associated_gain", "sentence_likeness", "post_likeness", "post_gain", "before_gain",
    "title_gain", "length",
)  # fmt: skip
"""Features of the candidate that are used as they are, as `hit_…`."""

_COPIED_AT = np.array([FEATURES.index(name) for name in COPIED])
_TYPES = tuple(kind for kind in QuestionType if kind is not QuestionType.ANYTHING)
_WIDEST_MARGIN = 6


@dataclass(frozen=True, slots=True)
class HitInput:
    """A ranked question: what its hits' features are computed from."""

    question: AnalysedQuestion
    scores: Floats
    """(C,)"""
    evidence_weights: Floats
    """(T, E) the ranker's weights of evidence by question type."""
    follow_up: float
    """The probability that the question is a follow-up."""

    @property
    def types(self) -> list[QuestionType]:
        """The types of question it is, without ANYTHING, which every question is."""
        return [kind for kind in self.question.question_types if kind is not QuestionType.ANYTHING]


@dataclass(frozen=True, slots=True, eq=False)
class HitFeatures(FeatureGroup):
    """Features of each hit beside those copied from the candidate."""

    mass: Floats
    """log(1 + the informative weight that it holds)."""
    share: Floats
    """Its softmax probability among the candidates."""
    odds: Floats
    margin: Floats
    """How far its score is below the best one's; of the best, how far above the second's."""
    kind_fits: Floats
    """What its evidence is worth for the types of question."""

    @classmethod
    def of(cls, ranked: HitInput, order: Rows) -> HitFeatures:
        """Compute the features of the hits at `order`, best first."""
        features, scores = ranked.question.features, ranked.scores
        share = np.exp(scores - scores[order[0]])
        chosen = np.minimum(np.maximum(share[order] / share.sum(), 1e-4), 1 - 1e-4)
        margin = scores[order] - scores[order[0]]
        margin[0] = scores[order[0]] - scores[order[1]] if len(order) > 1 else 5.0
        weight = max(_informative_weight(ranked.question.concepts), 1e-6)
        by_type = ranked.evidence_weights[ranked.types].sum(axis=0)
        return cls(
            mass=np.log1p(features.column("informative")[order] * weight),
            share=chosen,
            odds=np.log(chosen / (1 - chosen)),
            margin=np.maximum(np.minimum(margin, _WIDEST_MARGIN), -_WIDEST_MARGIN),
            kind_fits=features.evidence[order] @ by_type,
        )


@dataclass(frozen=True, slots=True, eq=False)
class UnknownFeatures(FeatureGroup):
    """Features of the question: what is not in the texts at all."""

    unknown: float
    """The share of the question's idf that no passage holds."""
    unknown_informative: float
    unknown_names: float
    named: float
    follows: float
    """The probability that it is a follow-up."""

    @classmethod
    def of(cls, ranked: HitInput) -> UnknownFeatures:
        """Weigh the concepts that no passage holds against all of them."""
        concepts = ranked.question.concepts
        unknown = [c for c in concepts if not c.known]
        total = max(_idf(concepts), 1e-6)
        return cls(
            unknown=_idf(unknown) / total,
            unknown_informative=_informative_weight(unknown)
            / max(_informative_weight(concepts), 1e-6),
            unknown_names=_idf(c for c in unknown if c.named) / total,
            named=_idf(c for c in concepts if c.named) / total,
            follows=ranked.follow_up,
        )


HIT_FEATURES = (
    *(f"hit_{name}" for name in COPIED),
    *names_in((HitFeatures, UnknownFeatures)),
    *(f"asks_{kind.name}" for kind in _TYPES),
)


def hit_features(ranked: HitInput, order: Rows) -> Floats:
    """(H, len(HIT_FEATURES) + K) for the H hits at `order`, best first; K cosines where there is an embedding model."""
    features = ranked.question.features
    types = [kind in ranked.question.question_types for kind in _TYPES]
    columns = [
        features.values.take(order, axis=0)[:, _COPIED_AT],
        as_matrix((HitFeatures.of(ranked, order), UnknownFeatures.of(ranked)), len(order)),
        np.broadcast_to(np.array(types, np.float32), (len(order), len(types))),
    ]
    if features.similarities is not None:
        columns.append(features.similarities[order])
    return np.hstack(columns)


def _idf(concepts: Iterable[Concept]) -> float:
    return sum([concept.idf for concept in concepts])


def _informative_weight(concepts: Iterable[Concept]) -> float:
    return sum([c.idf * (1 - COMMON_WORD_DISCOUNT * c.commonness) for c in concepts])
