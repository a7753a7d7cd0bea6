"""Candidates → hits in order, each with the probability that it answers.

The coefficients are data, which benchmarks/fit.py writes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.search.coefficient_files import KEY, feature_list_hash, require_fitted_for
from bot.search.embedding.similarity import CARRIED_SIMILARITIES, SIMILARITIES
from bot.search.language.word_vectors import COMMON
from bot.search.query.concepts import Concept
from bot.search.query.cue_words import Asked
from bot.search.ranking.features import FEATURES, GIVEN, CandidateFeatures
from bot.search.ranking.follow_ups import CARRIED, DEPENDENCE
from bot.search.ranking.matching import Floats

COPIED = (
    "bm25", "held", "informative", "plain", "alias", "spelling", "prefix", "names", "rarest", "last", "near", "concepts",
    "all_concepts", "associated", "associated_gain", "sentence_likeness", "post_likeness", "post_gain", "before_gain",
    "title_gain", "length",
)  # fmt: skip
"""Features of a hit that are signs as they are."""
OF_HIT = (
    "mass",
    "share",
    "odds",
    "margin",
    "kind_fits",
    "held_squared",
    "held_if_long",
    "single_mass",
)
OF_QUESTION = (
    "unknown", "unknown_informative", "unknown_names", "named", "count", "single", "empty", "source_held", "candidates",
    "follows", "unknown_squared", "unknown_if_long",
)  # fmt: skip
SIGNS = (
    *(f"hit_{name}" for name in COPIED), *OF_HIT, *OF_QUESTION,
    *(f"asks_{kind.name}" for kind in Asked if kind is not Asked.ANYTHING),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate after ranking."""

    candidate: int
    """Its place among the candidates given."""
    score: float
    probability: float
    """That it answers the question, in [0, 1]."""


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What a conversation adds: signs that the question leans on it, and how each candidate goes with it."""

    dependence: Floats
    """(len(DEPENDENCE),)"""
    features: Floats
    """(C, len(CARRIED)), or with len(CARRIED_SIMILARITIES) columns more."""


@dataclass(frozen=True, slots=True, eq=False)
class Coefficients:
    """A fitted ranker: linear scores, and two logistic models whose product is the probability."""

    features: Floats
    """(F,) in the order of FEATURES."""
    given: Floats
    """(A, G): what a question of each kind finds in answers."""
    dependence: Floats
    """(1 + len(DEPENDENCE),) a logistic model, intercept first."""
    carried: Floats
    """(1 + len(CARRIED),): the question's own score, then the conversation's features; with
    similarities, those of a conversation too."""
    answerable: Floats
    """(1 + len(SIGNS) + K,) a logistic model, intercept first: whether the texts say it at all."""
    right: Floats
    """The same: whether a hit is right, if they do."""
    similarities: tuple[str, ...] = ()
    """The names of K similarities of meaning; none in the lexical set of coefficients."""
    meaning: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(K,) what each similarity weighs in the order."""


def scores(
    coefficients: Coefficients,
    features: CandidateFeatures,
    asked: Sequence[Asked],
    carried: Carried | None = None,
) -> Floats:
    """(C,) linear scores of the candidates; only their differences mean something."""
    kinds = coefficients.given[list(asked)].sum(axis=0)
    own: Floats = features.values @ coefficients.features + features.given @ kinds
    if features.similarities is not None:
        own = own + features.similarities @ coefficients.meaning
    if carried is None:
        return own
    leaning = dependence(coefficients, carried.dependence)
    together = (
        coefficients.carried[0] * own / OWN_SCALE + carried.features @ coefficients.carried[1:]
    )
    return np.asarray(own + leaning * together, np.float32)


OWN_SCALE = 5.0  # brings a question's own score to the size of the conversation's features


def dependence(coefficients: Coefficients, features: Floats) -> float:
    """The probability that a question leans on the one before."""
    return logistic(float(coefficients.dependence[0] + features @ coefficients.dependence[1:]))


def rank(
    coefficients: Coefficients, concepts: tuple[Concept, ...], features: CandidateFeatures, asked: Sequence[Asked],
    carried: Carried | None = None, limit: int = 5, least: float = 0.0,
) -> list[Hit]:  # fmt: skip
    """The best candidates, best first; equal scores stay in reading order. None for no candidates.

    Those with a lower probability than `least` are left out.
    """
    if not len(features.values):
        return []
    points = scores(coefficients, features, asked, carried)
    order = np.argsort(-points, kind="stable")[:limit]
    leaning = dependence(coefficients, carried.dependence) if carried else 0.0
    signs = signs_of_hits(coefficients, concepts, features, asked, points, order, leaning)
    found = zip(
        order.tolist(), points[order].tolist(), probabilities(coefficients, signs), strict=True
    )
    return likely([Hit(*each) for each in found], least)


def likely(hits: Sequence[Hit], least: float) -> list[Hit]:
    """The hits that answer with the probability `least` or more, none with more than the one before.

    So order and probability mean one thing. The order says better which hit comes first, so it stays.
    """
    kept = [hit for hit in hits if hit.probability >= least]
    chances = accumulate((hit.probability for hit in kept), min)
    return [replace(hit, probability=p) for hit, p in zip(kept, chances, strict=True)]


def probabilities(coefficients: Coefficients, signs: Floats) -> list[float]:
    """That the texts say it, by the signs of the best hit, times that each hit is right if they do.

    Two models, because a paraphrase and a question about something else lack the same words: one
    of "this hit is right" takes what tells wrong hits apart for what tells far questions. `signs`
    are those of the hits in order.
    """
    there = logistic(float(coefficients.answerable[0] + signs[0] @ coefficients.answerable[1:]))
    logits = coefficients.right[0] + signs @ coefficients.right[1:]
    return [there * logistic(logit) for logit in logits.tolist()]


def signs_of_hits(
    coefficients: Coefficients, concepts: tuple[Concept, ...], features: CandidateFeatures, asked: Sequence[Asked],
    points: Floats, order: npt.NDArray[np.int64], leaning: float,
) -> Floats:  # fmt: skip
    """(len(order), len(SIGNS) + K): what tells an answer from the nearest miss, for the hits at `order`."""
    hits = features.values.take(order, axis=0)
    unknown = [c for c in concepts if not c.known]
    total, total_informative = max(_idf(concepts), 1e-6), max(_informative(concepts), 1e-6)
    missing = _idf(unknown) / total
    count = len(concepts)
    share = np.exp(points - points[order[0]])
    chosen = np.minimum(np.maximum(share[order] / share.sum(), 1e-4), 1 - 1e-4)
    odds = np.log(chosen / (1 - chosen))
    margin = points[order] - points[order[0]]
    margin[0] = points[order[0]] - points[order[1]] if len(order) > 1 else 5.0
    held = hits[:, _HELD_AT]
    mass = np.log1p(hits[:, _INFORMATIVE_AT] * total_informative)
    long = min(max((count - 2) / 4, 0.0), 1.0)
    kinds = [kind for kind in asked if kind is not Asked.ANYTHING]
    signs = np.zeros((len(order), len(SIGNS)), np.float32)
    signs[:, : len(COPIED)] = hits[:, _COPIED_AT]
    signs[:, _OF_HIT].T[:] = (
        mass, chosen, odds, np.maximum(np.minimum(margin, 6), -6),
        features.given[order] @ coefficients.given[kinds].sum(axis=0), held**2, held * long, mass * (count == 1),
    )  # fmt: skip
    signs[:, _OF_QUESTION] = (
        missing, _informative(unknown) / total_informative, _idf(c for c in unknown if c.named) / total,
        _idf(c for c in concepts if c.named) / total, math.log1p(count), count == 1, count == 0,
        features.values[:, _HELD_AT].max(), math.log(len(points)), leaning, missing**2, missing * long,
    )  # fmt: skip
    for kind in kinds:
        signs[:, _OF_QUESTION.stop + kind - 1] = 1
    return (
        signs if features.similarities is None else np.hstack([signs, features.similarities[order]])
    )


def _idf(concepts: Iterable[Concept]) -> float:
    return sum([concept.idf for concept in concepts])


def _informative(concepts: Iterable[Concept]) -> float:
    return sum([concept.idf * (1 - COMMON * concept.commonness) for concept in concepts])


_OF_HIT = slice(len(COPIED), len(COPIED) + len(OF_HIT))
_OF_QUESTION = slice(_OF_HIT.stop, _OF_HIT.stop + len(OF_QUESTION))
_COPIED_AT = np.array([FEATURES.index(name) for name in COPIED])
_HELD_AT, _INFORMATIVE_AT = FEATURES.index("held"), FEATURES.index("informative")


def logistic(value: float) -> float:
    """The logistic function; far from 0 it stays where floats can be told from 0 and 1."""
    return 1 / (1 + math.exp(-min(max(value, -30.0), 30.0)))


def load_coefficients(path: Path) -> Coefficients:
    """The coefficients of a file that `fit.py` wrote.

    Raises:
        VerbatimError: it was fitted for another list of features.

    """
    data = json.loads(path.read_text(encoding="utf-8"))
    similarities = tuple(data["similarities"])
    require_fitted_for(_feature_list_hash(similarities), data, path)
    return Coefficients(
        features=named(data["features"], FEATURES),
        given=np.stack([named(data["given"][kind.name], GIVEN) for kind in Asked]),
        dependence=named(data["dependence"], ("intercept", *DEPENDENCE)),
        carried=named(data["carried"], _carried_names(similarities)),
        answerable=named(data["answerable"], ("intercept", *SIGNS, *similarities)),
        right=named(data["right"], ("intercept", *SIGNS, *similarities)),
        similarities=similarities,
        meaning=named(data["similarities"], similarities),
    )


def dump_coefficients(coefficients: Coefficients, path: Path) -> None:
    """Writes the coefficients by name, four decimals, so that a refit shows as a readable difference."""
    signs = ("intercept", *SIGNS, *coefficients.similarities)
    data = {
        KEY: _feature_list_hash(coefficients.similarities),
        "features": by_name(coefficients.features, FEATURES),
        "given": {
            kind.name: by_name(row, GIVEN)
            for kind, row in zip(Asked, coefficients.given, strict=True)
        },
        "dependence": by_name(coefficients.dependence, ("intercept", *DEPENDENCE)),
        "carried": by_name(coefficients.carried, _carried_names(coefficients.similarities)),
        "answerable": by_name(coefficients.answerable, signs),
        "right": by_name(coefficients.right, signs),
        "similarities": by_name(coefficients.meaning, coefficients.similarities),
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _feature_list_hash(similarities: Sequence[str]) -> str:
    own = SIMILARITIES if similarities else ()
    kinds = [kind.name for kind in Asked]
    return feature_list_hash(FEATURES, GIVEN, kinds, DEPENDENCE, SIGNS, own, _carried_names(own))


def _carried_names(similarities: Sequence[str]) -> tuple[str, ...]:
    return ("own", *CARRIED, *(CARRIED_SIMILARITIES if similarities else ()))


def named(values: Mapping[str, float], names: Sequence[str]) -> Floats:
    """(len(names),) the values of `names`."""
    return np.array([values[name] for name in names], np.float32)


def by_name(values: Floats, names: Sequence[str]) -> dict[str, float]:
    """`values`, (len(names),), by name, to four decimals."""
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}
