"""How well a candidate matches the question: groups of features, each a class that names and computes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.bm25.index import K1, B
from bot.search.feature_group import Column, FeatureGroup, Floats
from bot.search.query.concepts import MatchType
from bot.search.ranking.matching import NOWHERE, Bools
from bot.search.ranking.overlap import ConceptShares, Overlap, cosines, product

_HELD = 0.5  # a concept counts as held from this strength


@dataclass(frozen=True, slots=True, eq=False)
class WordVectorFeatures(FeatureGroup):
    """How similar the words of the candidate, its post and its sentence are to the question's."""

    associated: Floats
    sentence_likeness: Floats
    post_likeness: Floats

    @classmethod
    def of(cls, overlap: Overlap) -> WordVectorFeatures:
        """Compare each candidate, and the post around it, with the question."""
        context, vector = overlap.context, overlap.question_vector
        bags = overlap.table.bags.take(context.passages, axis=0).astype(np.float32)
        first, end = context.edges.reshape(-1, 2, 1).transpose(1, 0, 2)
        rows = np.arange(len(bags))
        posts = product(((first <= rows) & (rows < end)).astype(np.float32), bags)
        return cls(
            associated=overlap.likeness @ overlap.shares.informative,
            sentence_likeness=cosines(bags.take(context.own, axis=0), vector),
            post_likeness=cosines(posts, vector),
        )


@dataclass(frozen=True, slots=True, eq=False)
class CountFeatures(FeatureGroup):
    """BM25 as a share of the most that the question could score, and how many concepts the candidate holds."""

    bm25: Column
    concepts: Floats
    all_concepts: Bools
    squared: Floats
    """`held`, squared."""

    @classmethod
    def of(cls, overlap: Overlap, held: Floats) -> CountFeatures:
        """`held`: (C,) the share of the question that each candidate holds."""
        context, counts = overlap.context, overlap.matches.count
        length = context.lengths[context.own] / max(overlap.table.forward.average_length, 1e-6)
        penalty = (K1 * (1 - B + B * length)).astype(np.float32)
        certain = (overlap.held >= _HELD).sum(axis=1)
        return cls(
            bm25=(1 + K1) * (counts / (counts + penalty[:, None])) @ overlap.shares.held,
            concepts=(certain / len(overlap.concepts)).astype(np.float32),
            all_concepts=certain == len(overlap.concepts),
            squared=held**2,
        )


@dataclass(frozen=True, slots=True, eq=False)
class MatchTypeFeatures(FeatureGroup):
    """What each type of match adds to the more certain ones."""

    exact: Floats
    alias: Floats
    spelling: Floats
    prefix: Floats

    @classmethod
    def of(cls, overlap: Overlap) -> MatchTypeFeatures:
        """Weigh what is reached with each type of match or a surer one."""
        reached = np.maximum.accumulate(overlap.matches.strength) @ overlap.shares.held
        added = reached.copy()
        added[1:] -= reached[:-1]
        return cls(**{match.name.lower(): added[match] for match in MatchType})


@dataclass(frozen=True, slots=True, eq=False)
class LeadFeatures(FeatureGroup):
    """The strongest features as a share of the best candidate's, and whether the candidate is the best."""

    associated_lead: Floats
    likeness_lead: Floats
    bm25_lead: Floats
    held_lead: Floats
    informative_lead: Floats
    bm25_top: Bools
    held_top: Bools
    informative_top: Bools

    @classmethod
    def of(
        cls, vectors: WordVectorFeatures, counts: CountFeatures, shares: ConceptShares
    ) -> LeadFeatures:
        """Compare the candidates with each other."""
        compared = np.array((
            vectors.associated,
            vectors.sentence_likeness,
            counts.bm25,
            shares.held,
            shares.informative,
        ))  # fmt: skip
        best = compared.max(axis=1, keepdims=True)
        best[best <= 0] = np.inf  # where nobody has anything, nobody leads
        associated, likeness, bm25, held, informative = compared / best
        _, _, bm25_top, held_top, informative_top = compared >= best - 1e-6
        return cls(
            associated_lead=associated,
            likeness_lead=likeness,
            bm25_lead=bm25,
            held_lead=held,
            informative_lead=informative,
            bm25_top=bm25_top,
            held_top=held_top,
            informative_top=informative_top,
        )


@dataclass(frozen=True, slots=True, eq=False)
class WordOrderFeatures(FeatureGroup):
    """How many neighbouring concepts of the question stand side by side, or within three words, in the candidate."""

    adjacent: Floats
    near: Floats

    @classmethod
    def of(cls, overlap: Overlap) -> WordOrderFeatures:
        """Compare the positions of neighbouring concepts; a pair has the weight of its lighter one."""
        place, weight = overlap.matches.place, overlap.shares.held
        if len(weight) < 2:
            nothing = np.zeros(len(place), np.float32)
            return cls(adjacent=nothing, near=nothing)
        pair = np.minimum(weight[1:], weight[:-1])
        pair /= max(float(pair.sum()), 1e-6)
        later, sooner = place[:, 1:], place[:, :-1]
        gap = later - sooner
        both = np.maximum(later, sooner) < NOWHERE
        return cls(
            adjacent=((gap == 1) & both) @ pair,
            near=((np.abs(gap) <= 3) & both) @ pair,
        )
