"""The three things that are fitted: a ranker, what a conversation adds, and a probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.models import Question
from bot.search.feature_group import Floats
from bot.search.query.cue_words import QuestionType
from bot.search.ranking.features import EVIDENCE_FEATURES
from bot.search.ranking.first_stage import OWN_SCALE
from bot.search.retrieval import Retrieval
from bot.search.searcher import Searcher

Array = NDArray[np.float64]
_SHAPE = (len(QuestionType), len(EVIDENCE_FEATURES))


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question read against its passages, and which of its candidates are right.

    `group` must not be split between folds; `title` is the text's, without the number of its piece.
    """

    group: str
    title: str
    dataset: str
    whole: bool
    kind: str
    question: Question
    searcher: Searcher
    retrieval: Retrieval
    gold: NDArray[np.bool_]
    answerable: bool
    zeroed: tuple[int, ...] = ()
    """Features of its hits that are set to zero, to measure what they are worth."""


def fit_ranking(
    examples: Sequence[Example],
    weights: Array,
    ridge: float = 2.0,
    ridge_evidence: float = 10.0,
    start: tuple[Array, Array] | None = None,
) -> tuple[Array, Array]:
    """Fit (F + K,) and (T, E) coefficients that make the right candidates likely.

    Minimises −Σ log Σ_right softmax(scores) (conditional logit: McFadden 1974) with a ridge, beginning
    at `start`, the coefficients of a similar fit, or at zero.
    """
    kept = [
        (e, w) for e, w in zip(examples, weights, strict=True) if e.gold.any() and not e.gold.all()
    ]
    values = np.concatenate([_values(e.retrieval) for e, _ in kept])
    width = values.shape[1]
    evidence = np.concatenate([e.retrieval.features.evidence for e, _ in kept]).astype(np.float32)
    gold = np.concatenate([e.gold for e, _ in kept])
    sizes = np.array([len(e.gold) for e, _ in kept])
    starts = np.cumsum(sizes) - sizes
    types = np.stack([_types(e.retrieval) for e, _ in kept]).astype(np.float32)
    weight = np.array([w for _, w in kept])
    scale = values.std(axis=0) + 1e-3
    scaled = (values / scale).astype(np.float32)
    ridges = np.r_[np.full(width, ridge), np.full(_SHAPE[0] * _SHAPE[1], ridge_evidence)]

    def loss(theta: Array) -> tuple[float, Array]:
        table = theta[width:].reshape(_SHAPE).astype(np.float32)
        kinds = np.repeat(types @ table, sizes, axis=0)
        scores = scaled @ theta[:width].astype(np.float32)
        scores = scores + np.einsum("cg,cg->c", evidence, kinds)
        top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
        e = np.exp(scores - top).astype(np.float64)
        total, right = np.add.reduceat(e, starts), np.add.reduceat(e * gold, starts) + 1e-30
        off = e / np.repeat(total, sizes) - e * gold / np.repeat(right, sizes)
        off = (off * np.repeat(weight, sizes)).astype(np.float32)
        by_kind = types.T @ np.add.reduceat(evidence * off[:, None], starts, axis=0)
        slope = np.r_[scaled.T @ off, by_kind.ravel()] + ridges * theta
        value = -(weight * np.log(right / total)).sum() + 0.5 * (ridges * theta**2).sum()
        return float(value), slope

    first = None if start is None else np.r_[start[0] * scale, start[1].ravel()]
    theta = _minimum(loss, len(ridges), {"maxiter": 120, "ftol": 1e-7}, first)
    return theta[:width] / scale, theta[width:].reshape(_SHAPE)


def fit_logistic(
    rows: Array, right: NDArray[np.bool_], weights: Array, ridge: float = 3.0
) -> Array:
    """(1 + columns,): intercept and coefficients of a ridge logistic regression."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    x = np.c_[np.ones(len(rows)), (rows - mean) / scale]
    ridges = np.r_[0.0, np.full(rows.shape[1], ridge)]

    def loss(theta: Array) -> tuple[float, Array]:
        logit = x @ theta
        value = (weights * (np.logaddexp(0, logit) - right * logit)).sum()
        slope = x.T @ (weights * (1 / (1 + np.exp(-logit)) - right)) + ridges * theta
        return float(value + 0.5 * (ridges * theta**2).sum()), slope

    theta = _minimum(loss, x.shape[1], {"maxiter": 500})
    slopes = theta[1:] / scale
    return np.asarray(np.r_[theta[0] - slopes @ mean, slopes])


def fit_conversation(
    own: Sequence[Array],
    turns: Sequence[Array],
    follow_ups: Array,
    gold: Sequence[NDArray[np.bool_]],
    weights: Array,
    ridge: float = 1.0,
) -> Array:
    """Fit (1 + K,) weights of a conversation, as the ranking is fitted.

    score = own + follow_up · (θ₀ · own / OWN_SCALE + turns · θ).
    """
    stacked = [
        np.c_[o / OWN_SCALE, c] * lean for o, c, lean in zip(own, turns, follow_ups, strict=True)
    ]
    return fit_choice(stacked, gold, own, weights, ridge)


def fit_choice(
    features: Sequence[Array],
    gold: Sequence[NDArray[np.bool_]],
    offsets: Sequence[Array],
    weights: Array,
    ridge: float,
) -> Array:
    """(K,) coefficients θ of a conditional logit with scores = offset + features · θ."""

    def loss(theta: Array) -> tuple[float, Array]:
        value, slope = 0.5 * ridge * float(theta @ theta), ridge * theta
        for o, z, g, w in zip(offsets, features, gold, weights, strict=True):
            s = o + z @ theta
            p = np.exp(s - s.max())
            p /= p.sum()
            mass = (p * g).sum() + 1e-30
            value -= w * np.log(mass)
            slope = slope + w * (z.T @ (p - p * g / mass))
        return value, slope

    return _minimum(loss, features[0].shape[1], {})


def _values(retrieval: Retrieval) -> Floats:
    features = retrieval.features
    if features.similarities is None:
        return features.values
    return np.hstack([features.values, features.similarities])


def _types(retrieval: Retrieval) -> Array:
    vector = np.zeros(len(QuestionType))
    vector[list(retrieval.question_types)] = 1
    return vector


def _minimum(
    loss: Callable[[Array], tuple[float, Array]],
    size: int,
    options: dict[str, float],
    start: Array | None = None,
) -> Array:
    first = np.zeros(size) if start is None else start
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x)
