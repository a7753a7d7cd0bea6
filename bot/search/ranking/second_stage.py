"""Candidates that the reader has read → ranked candidates, each with the probability that it answers.

The second stage has the form of the first: a linear score for the order, and the product of two logistic models for
the probability. The coefficients are data, which benchmarks/reranking.py writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import Problem, VerbatimError
from bot.search.coefficient_files import (
    by_name,
    feature_list_hash,
    from_names,
    read_file,
    require_fitted_for,
    write_file,
)
from bot.search.feature_group import FeatureGroup, Floats, as_matrix
from bot.search.ranking.analysed_question import AnalysedQuestion
from bot.search.ranking.first_stage import (
    INTERCEPT,
    Coefficients,
    RankedCandidate,
    first_stage_hit_features,
    follow_up_probability,
    joint_probabilities,
    ranked,
    scores,
)
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.matching import Bools, Rows

READER = "reader"
"""The key of the hash of the reader's weights in a file of coefficients."""

_WIDEST_MARGIN = 15.0
"""Margins beyond it, either way, mean no more."""

_UNREAD = -8.0
"""The margin that a passage is assumed to have if it was not read."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderFeatures(FeatureGroup):
    """What the order of the candidates is computed from."""

    first_stage: Floats
    """How far the first stage's score is below its best one's."""
    margin: Floats
    """The reader's logit of “this passage answers” minus that of “none does”."""
    positive_margin: Floats
    """How far that is above 0; 0 below."""


@dataclass(frozen=True, slots=True, eq=False)
class ReaderFeatures(FeatureGroup):
    """What the reader adds to the features of a hit that its probability is computed from."""

    read: Bools
    margin: Floats
    positive_margin: Floats
    best_margin: float
    best_positive_margin: float
    second_margin: float
    below_best: Floats
    """The margin less the best one."""
    agrees: Bools
    """Whether the hit is the first stage's best candidate too."""
    first_stage: Floats
    """How far the first stage's score is below its best one's."""
    margin_if_follows: Floats
    """The margin times the probability that the question is a follow-up."""

    @classmethod
    def of(
        cls, first_scores: Floats, margins: Floats, order: Rows, follow_up: float
    ) -> ReaderFeatures:
        """Compute the features of the hits at `order` among C candidates; unread ones have NaN margins."""
        known = _known(margins)
        own = known[order]
        ascending = np.sort(known)
        best = float(ascending[-1])
        return cls(
            read=~np.isnan(margins[order]),
            margin=own,
            positive_margin=np.maximum(own, 0),
            best_margin=best,
            best_positive_margin=max(best, 0.0),
            second_margin=float(ascending[-2]) if len(ascending) > 1 else -_WIDEST_MARGIN,
            below_best=own - best,
            agrees=order == first_scores.argmax(),
            first_stage=first_scores[order] - first_scores.max(),
            margin_if_follows=own * follow_up,
        )


ORDER_FEATURES = OrderFeatures.feature_names()
READER_FEATURES = ReaderFeatures.feature_names()


@dataclass(frozen=True, slots=True, eq=False)
class Reranker:
    """A fitted second stage."""

    order: Floats
    """(len(ORDER_FEATURES),)"""
    answerable: Floats
    """(1 + len(HIT_FEATURES) + K + len(READER_FEATURES),) a logistic model, intercept first: whether the texts say it."""
    right: Floats
    """The same: whether a hit is right, if they do."""
    similarities: tuple[str, ...]
    """The names of the first stage's K cosines of an embedding model."""
    reader: str
    """The hash of the reader that it was fitted on."""


def order_features(first_scores: Floats, margins: Floats) -> Floats:
    """(C, len(ORDER_FEATURES)) of candidates with the first stage's scores; unread ones have NaN margins."""
    known = _known(margins)
    features = OrderFeatures(
        first_stage=first_scores - first_scores.max(),
        margin=known,
        positive_margin=np.maximum(known, 0),
    )
    return as_matrix([features], len(known))


def second_scores(order: Floats, first_scores: Floats, margins: Floats) -> Floats:
    """(C,) scores by the weights `order`; unread candidates come after all that were read."""
    found = order_features(first_scores, margins) @ order
    unread = np.isnan(margins)
    if unread.any() and not unread.all():
        found[unread] = found[~unread].min() - 1 + (first_scores - first_scores.max())[unread]
    return np.asarray(found, np.float32)


def second_stage_hit_features(
    first: Coefficients, question: AnalysedQuestion, first_scores: Floats, second: Floats, margins: Floats, order: Rows
) -> Floats:  # fmt: skip
    """(H, len(HIT_FEATURES) + K + len(READER_FEATURES)) of the hits at `order`; `second`: the second stage's scores."""
    rows = first_stage_hit_features(first, question, second, order)
    follow_up = follow_up_probability(first, question)
    reader = ReaderFeatures.of(first_scores, margins, order, follow_up)
    return np.hstack([rows, as_matrix([reader], len(order))])


def rerank(
    reranker: Reranker,
    first: Coefficients,
    question: AnalysedQuestion,
    margins: Floats,
    limit: int = 5,
    min_probability: float = 0.0,
) -> list[RankedCandidate]:
    """Rank the candidates as `first_stage.rank` does; `margins`: the reader's, (C,), NaN for unread candidates."""
    if not len(question.features.values):
        return []
    first_scores = scores(first, question)
    second = second_scores(reranker.order, first_scores, margins)
    order = np.argsort(-second, kind="stable")[:limit]
    rows = second_stage_hit_features(first, question, first_scores, second, margins, order)
    chances = joint_probabilities(reranker.answerable, reranker.right, rows)
    return ranked(order, second, chances, min_probability)


def _known(margins: Floats) -> Floats:
    return np.nan_to_num(margins, nan=_UNREAD).clip(-_WIDEST_MARGIN, _WIDEST_MARGIN)


def load_reranker(path: Path) -> Reranker:
    """Load a second stage that `benchmarks.reranking` wrote.

    Raises:
        VerbatimError: it was fitted for another list of features.

    """
    data = read_file(path)
    similarities = tuple(data["similarities"])
    require_fitted_for(_hash(similarities), data, path)
    names = _sections(similarities)
    return Reranker(
        **{section: from_names(data[section], names[section]) for section in names},
        similarities=similarities,
        reader=data[READER],
    )


def dump_reranker(reranker: Reranker, path: Path) -> None:
    """Write a second stage's coefficients by name."""
    similarities = reranker.similarities
    sections: dict[str, object] = {READER: reranker.reader, "similarities": list(similarities)}
    for section, names in _sections(similarities).items():
        sections[section] = by_name(getattr(reranker, section), names)
    write_file(path, _hash(similarities), sections)


def require_reader(reranker: Reranker, digest: str, path: Path) -> None:
    """Check that `reranker`, loaded from `path`, was fitted on the reader whose hash is `digest`.

    Raises:
        VerbatimError: it was fitted on another one, whose margins mean something else.

    """
    if reranker.reader != digest:
        reason = (
            f"fitted on the reader {reranker.reader}, and this one is {digest}: fetch the code again, or"
            " fit it with `python -m benchmarks.reranking`"
        )
        raise VerbatimError(Problem(str(path), reason))


def _sections(similarities: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The vectors of coefficients in a file, with the names in each."""
    reader = (f"reader_{name}" for name in READER_FEATURES)
    hit = (INTERCEPT, *HIT_FEATURES, *similarities, *reader)
    return {"order": ORDER_FEATURES, "answerable": hit, "right": hit}


def _hash(similarities: Sequence[str]) -> str:
    sections = _sections(similarities)
    return feature_list_hash(sections["order"], sections["answerable"])
