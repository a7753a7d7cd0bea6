"""Candidates that the reader has read → hits in order, each with the probability that it answers.

The second stage behind `ranking`, in the same form: a linear score for the order, and the product of
two logistic models for the probability. The coefficients are data, which benchmarks/fit.py writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.models import Problem, VerbatimError
from bot.search.coefficient_files import KEY, feature_list_hash, require_fitted_for
from bot.search.query.concepts import Concept
from bot.search.query.cue_words import Asked
from bot.search.ranking.features import CandidateFeatures
from bot.search.ranking.first_stage import (
    SIGNS,
    Carried,
    Coefficients,
    Hit,
    by_name,
    dependence,
    likely,
    logistic,
    named,
    scores,
    signs_of_hits,
)
from bot.search.ranking.matching import Floats

ORDER = ("first_stage", "margin", "positive_margin")
"""What the order is read from: the first stage's score below its best one, the reader's margin of
"this passage answers" over "none does", and how far that is above 0."""

READ_SIGNS = (
    "read", "margin", "positive_margin", "best_margin", "best_positive_margin", "second_margin", "below_best",
    "agrees", "first_stage", "margin_if_follows",
)  # fmt: skip
"""What the probability is read from beside the signs of the first stage: of the hit, whether it was
read, its margin, how far below the best one's it is, whether it is the first stage's first too and how far
below its best one's its score is; of the question, the best and the second margin, and the margin
where the question leans on the one before."""

READER = "reader"
"""Under which the hash of the reader's weights stands in a file of coefficients."""

_MOST = 15.0
"""Margins beyond it mean no more."""

_UNREAD = -8.0
"""The margin that a passage is taken to have that was not read."""


@dataclass(frozen=True, slots=True, eq=False)
class Reranker:
    """A fitted second stage."""

    order: Floats
    """(len(ORDER),)"""
    answerable: Floats
    """(1 + len(SIGNS) + K + len(READ_SIGNS),) a logistic model, intercept first: whether the texts say it."""
    right: Floats
    """The same: whether a hit is right, if they do."""
    similarities: tuple[str, ...]
    """The names of the first stage's K similarities of meaning."""
    reader: str
    """The hash of the reader that it was fitted on."""


def order_features(points: Floats, margins: Floats) -> Floats:
    """(C, len(ORDER)) of candidates with the first stage's `points`; unread ones have NaN margins."""
    known = _known(margins)
    return np.stack([points - points.max(), known, np.maximum(known, 0)], axis=1)


def reranked(order: Floats, points: Floats, margins: Floats) -> Floats:
    """(C,) scores by the weights `order`; what was not read comes after all that was."""
    weighed = order_features(points, margins) @ order
    unread = np.isnan(margins)
    if unread.any() and not unread.all():
        weighed[unread] = weighed[~unread].min() - 1 + (points - points.max())[unread]
    return np.asarray(weighed, np.float32)


def signs_of_read_hits(
    first: Coefficients, concepts: tuple[Concept, ...], features: CandidateFeatures, asked: Sequence[Asked],
    points: Floats, second: Floats, margins: Floats, order: npt.NDArray[np.int64], leaning: float,
) -> Floats:  # fmt: skip
    """(len(order), len(SIGNS) + K + len(READ_SIGNS)) of the hits at `order`.

    `points` are the scores of the first stage, `second` those of the second.
    """
    signs = signs_of_hits(first, concepts, features, asked, second, order, leaning)
    known = _known(margins)
    own = known[order]
    rising = np.sort(known)
    best, runner_up = float(rising[-1]), float(rising[-2]) if len(rising) > 1 else -_MOST
    more = np.zeros((len(order), len(READ_SIGNS)), np.float32)
    more.T[:] = (
        ~np.isnan(margins[order]), own, np.maximum(own, 0), np.full(len(order), best),
        np.full(len(order), max(best, 0.0)), np.full(len(order), runner_up), own - best,
        order == points.argmax(), points[order] - points.max(), own * leaning,
    )  # fmt: skip
    return np.hstack([signs, more])


def probabilities(reranker: Reranker, signs: Floats) -> list[float]:
    """That the texts say it, by the signs of the best hit, times that each hit is right if they do."""
    there = logistic(float(reranker.answerable[0] + signs[0] @ reranker.answerable[1:]))
    logits = reranker.right[0] + signs @ reranker.right[1:]
    return [there * logistic(logit) for logit in logits.tolist()]


def rerank(
    reranker: Reranker, first: Coefficients, concepts: tuple[Concept, ...], features: CandidateFeatures,
    asked: Sequence[Asked], carried: Carried | None, margins: Floats, limit: int = 5, least: float = 0.0,
) -> list[Hit]:  # fmt: skip
    """The best candidates, best first, as `ranking.rank` gives them; `margins` (C,), NaN for unread."""
    if not len(features.values):
        return []
    points = scores(first, features, asked, carried)
    second = reranked(reranker.order, points, margins)
    order = np.argsort(-second, kind="stable")[:limit]
    leaning = dependence(first, carried.dependence) if carried else 0.0
    signs = signs_of_read_hits(
        first, concepts, features, asked, points, second, margins, order, leaning
    )
    found = zip(order.tolist(), second[order].tolist(), probabilities(reranker, signs), strict=True)
    return likely([Hit(*each) for each in found], least)


def _known(margins: Floats) -> Floats:
    return np.nan_to_num(margins, nan=_UNREAD).clip(-_MOST, _MOST)


def load_reranker(path: Path) -> Reranker:
    """The second stage of a file that `fit.py` wrote.

    Raises:
        VerbatimError: it was fitted for another list of features.

    """
    data = json.loads(path.read_text(encoding="utf-8"))
    similarities = tuple(data["similarities"])
    require_fitted_for(_feature_list_hash(similarities), data, path)
    signs = _sign_names(similarities)
    return Reranker(
        order=named(data["order"], ORDER),
        answerable=named(data["answerable"], signs),
        right=named(data["right"], signs),
        similarities=similarities,
        reader=data[READER],
    )


def dump_reranker(reranker: Reranker, path: Path) -> None:
    """Writes the coefficients by name, four decimals."""
    signs = _sign_names(reranker.similarities)
    data: Mapping[str, object] = {
        KEY: _feature_list_hash(reranker.similarities),
        READER: reranker.reader,
        "similarities": list(reranker.similarities),
        "order": by_name(reranker.order, ORDER),
        "answerable": by_name(reranker.answerable, signs),
        "right": by_name(reranker.right, signs),
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def require_reader(reranker: Reranker, digest: str, path: Path) -> None:
    """Return if `reranker`, read from `path`, was fitted on the reader whose hash is `digest`.

    Raises:
        VerbatimError: it was not, and would take another network's numbers for those it knows.

    """
    if reranker.reader != digest:
        reason = (
            f"fitted on the reader {reranker.reader}, and this one is {digest}: fetch the code anew, or"
            " fit it with `python -m benchmarks.reranking`"
        )
        raise VerbatimError(Problem(str(path), reason))


def _sign_names(similarities: Sequence[str]) -> tuple[str, ...]:
    return ("intercept", *SIGNS, *similarities, *(f"reader_{name}" for name in READ_SIGNS))


def _feature_list_hash(similarities: Sequence[str]) -> str:
    return feature_list_hash(ORDER, _sign_names(similarities))
