"""Candidates → ranked candidates, each with the probability that it answers.

The coefficients are data, which benchmarks/fit.py writes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np

from bot.search.coefficient_files import (
    by_name,
    feature_list_hash,
    from_names,
    read_file,
    require_fitted_for,
    write_file,
)
from bot.search.feature_group import Floats
from bot.search.query.cue_words import QuestionType
from bot.search.query.follow_ups import FOLLOW_UP_FEATURES
from bot.search.ranking.analysed_question import AnalysedQuestion
from bot.search.ranking.conversation import TURN_FEATURES
from bot.search.ranking.embedding_features import CONVERSATION_SIMILARITIES, SIMILARITIES
from bot.search.ranking.features import EVIDENCE_FEATURES, FEATURES
from bot.search.ranking.hit_features import HIT_FEATURES, HitInput, hit_features
from bot.search.ranking.matching import Rows

INTERCEPT = "intercept"
OWN_SCALE = 5.0
"""Brings a question's own score to the size of the conversation's features."""


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate after ranking."""

    candidate: int
    """Its place among the candidates."""
    score: float
    probability: float
    """That it answers the question, in [0, 1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Coefficients:
    """A fitted ranker: linear scores, and two logistic models whose product is the probability."""

    features: Floats
    """(F,) in the order of FEATURES."""
    evidence: Floats
    """(T, E): what each piece of evidence is worth for each type of question."""
    follow_up: Floats
    """(1 + len(FOLLOW_UP_FEATURES),) a logistic model, intercept first."""
    conversation: Floats
    """(1 + len(TURN_FEATURES),): the question's own score, then the turn's features; with an embedding
    model, those of CONVERSATION_SIMILARITIES behind."""
    answerable: Floats
    """(1 + len(HIT_FEATURES) + K,) a logistic model, intercept first: whether the texts say it at all."""
    right: Floats
    """The same: whether a hit is right, if they do."""
    similarities: tuple[str, ...] = ()
    """The names of K cosines of an embedding model; none in the lexical ranker."""
    similarity_weights: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(K,) what each of them weighs in the score."""


def scores(coefficients: Coefficients, question: AnalysedQuestion) -> Floats:
    """(C,) linear scores of the candidates; only their differences mean something."""
    features, conversation = question.features, question.conversation
    by_type = coefficients.evidence[list(question.question_types)].sum(axis=0)
    own: Floats = features.values @ coefficients.features + features.evidence @ by_type
    if features.similarities is not None:
        own = own + features.similarities @ coefficients.similarity_weights
    if conversation is None:
        return own
    follow_up = follow_up_probability(coefficients, question)
    together = (
        coefficients.conversation[0] * own / OWN_SCALE
        + conversation.turn @ coefficients.conversation[1:]
    )
    return np.asarray(own + follow_up * together, np.float32)


def follow_up_probability(coefficients: Coefficients, question: AnalysedQuestion) -> float:
    """The probability that a question cannot be understood without the previous one; 0 if there was none."""
    if question.conversation is None:
        return 0.0
    features = question.conversation.follow_up
    return logistic(float(coefficients.follow_up[0] + features @ coefficients.follow_up[1:]))


def rank(
    coefficients: Coefficients,
    question: AnalysedQuestion,
    limit: int = 5,
    min_probability: float = 0.0,
) -> list[RankedCandidate]:
    """Rank the candidates, best first, at most `limit`; equal scores stay in reading order.

    Those with a probability below `min_probability` are left out.
    """
    if not len(question.features.values):
        return []
    found = scores(coefficients, question)
    order = np.argsort(-found, kind="stable")[:limit]
    rows = first_stage_hit_features(coefficients, question, found, order)
    return ranked(order, found, probabilities(coefficients, rows), min_probability)


def first_stage_hit_features(
    coefficients: Coefficients, question: AnalysedQuestion, found: Floats, order: Rows
) -> Floats:
    """(H, len(HIT_FEATURES) + K) of the hits at `order` by the scores `found`, (C,)."""
    follow_up = follow_up_probability(coefficients, question)
    return hit_features(HitInput(question, found, coefficients.evidence, follow_up), order)


def ranked(
    order: Rows, found: Floats, chances: Sequence[float], min_probability: float
) -> list[RankedCandidate]:
    """List the candidates at `order` that have `min_probability`, none with more than the one before.

    So order and probability agree. The order is the better judge of which comes first, so it stays.
    """
    every = zip(order.tolist(), found[order].tolist(), chances, strict=True)
    kept = [hit for hit in every if hit[-1] >= min_probability]
    falling = accumulate((probability for _, _, probability in kept), min)
    return [
        RankedCandidate(candidate, score, probability)
        for (candidate, score, _), probability in zip(kept, falling, strict=True)
    ]


def probabilities(coefficients: Coefficients, rows: Floats) -> list[float]:
    """The probability that each hit answers, from the hits' features in order.

    That the texts say it at all, by the best hit's features, times that the hit is right if they do. Two models,
    because a paraphrase and a question about something else lack the same words: a single model would
    take what tells wrong hits apart for what tells unanswerable questions.
    """
    return joint_probabilities(coefficients.answerable, coefficients.right, rows)


def joint_probabilities(answerable: Floats, right: Floats, rows: Floats) -> list[float]:
    """Multiply two logistic models, intercepts first: `answerable` of the first row with `right` of each."""
    there = logistic(float(answerable[0] + rows[0] @ answerable[1:]))
    logits = right[0] + rows @ right[1:]
    return [there * logistic(logit) for logit in logits.tolist()]


def logistic(value: float) -> float:
    """The logistic function, cut off at ±30, where floats can still be told from 0 and 1."""
    return 1 / (1 + math.exp(-min(max(value, -30.0), 30.0)))


def load_coefficients(path: Path) -> Coefficients:
    """Load a ranker that `benchmarks.fit` wrote.

    Raises:
        VerbatimError: it was fitted for another list of features.

    """
    data = read_file(path)
    similarities = tuple(data["similarities"])
    require_fitted_for(_hash(similarities), data, path)
    names = _sections(similarities)
    return Coefficients(
        **{section: from_names(data[section], names[section]) for section in names},
        evidence=np.stack(
            [from_names(data["evidence"][kind.name], EVIDENCE_FEATURES) for kind in QuestionType]
        ),
        similarities=similarities,
        similarity_weights=from_names(data["similarities"], similarities),
    )


def dump_coefficients(coefficients: Coefficients, path: Path) -> None:
    """Write a ranker's coefficients by name."""
    similarities = coefficients.similarities
    vectors = {
        section: by_name(getattr(coefficients, section), names)
        for section, names in _sections(similarities).items()
    }
    evidence = {
        kind.name: by_name(row, EVIDENCE_FEATURES)
        for kind, row in zip(QuestionType, coefficients.evidence, strict=True)
    }
    sections = {
        "features": vectors.pop("features"),
        "evidence": evidence,
        **vectors,
        "similarities": by_name(coefficients.similarity_weights, similarities),
    }
    write_file(path, _hash(similarities), sections)


def _sections(similarities: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The vectors of coefficients in a file, with the names in each."""
    more = CONVERSATION_SIMILARITIES if similarities else ()
    hit = (INTERCEPT, *HIT_FEATURES, *similarities)
    return {
        "features": FEATURES,
        "follow_up": (INTERCEPT, *FOLLOW_UP_FEATURES),
        "conversation": ("own", *TURN_FEATURES, *more),
        "answerable": hit,
        "right": hit,
    }


def _hash(similarities: Sequence[str]) -> str:
    return feature_list_hash(
        FEATURES,
        EVIDENCE_FEATURES,
        [kind.name for kind in QuestionType],
        FOLLOW_UP_FEATURES,
        HIT_FEATURES,
        SIMILARITIES if similarities else (),
        _sections(similarities)["conversation"],
    )
