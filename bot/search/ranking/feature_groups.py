"""The groups of candidate features: each class names its features and computes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.feature_group import Column, FeatureGroup, Floats
from bot.search.query.concepts import Concept, MatchType
from bot.search.query.cue_words import Evidence
from bot.search.ranking.matching import NOWHERE, Bools, CandidateContext
from bot.search.ranking.overlap import ConceptShares, Overlap, cosines, product
from bot.search.ranking.passage_table import PassageTable

_K1, _B = 0.4, 0.5
_HELD = 0.5  # a concept counts as held from this strength
_FRAGMENT = 4  # tokens
_HEADING = 6  # tokens
_QUESTION_BIT = int(Evidence.QUESTION)


@dataclass(frozen=True, slots=True, eq=False)
class WordVectorFeatures(FeatureGroup):
    """How like the question's words those of the candidate, its post and its sentence are."""

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
        length = context.lengths[context.own] / max(overlap.table.index.avgdl, 1e-6)
        penalty = (_K1 * (1 - _B + _B * length)).astype(np.float32)
        certain = (overlap.held >= _HELD).sum(axis=1)
        return cls(
            bm25=(1 + _K1) * (counts / (counts + penalty[:, None])) @ overlap.shares.held,
            concepts=(certain / len(overlap.concepts)).astype(np.float32),
            all_concepts=certain == len(overlap.concepts),
            squared=held**2,
        )


@dataclass(frozen=True, slots=True, eq=False)
class MatchTypeFeatures(FeatureGroup):
    """What each type of match adds to the surer ones, by type."""

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
class GainFeatures(FeatureGroup):
    """What the candidate lacks of the question and something near it has."""

    associated_gain: Floats
    """A word like the concept, in the candidate itself."""
    post_gain: Floats
    before_gain: Floats
    after_gain: Floats
    title_gain: Floats
    """The title or the author."""

    @classmethod
    def of(cls, overlap: Overlap) -> GainFeatures:
        """Look at the candidates' posts, neighbours and titles."""
        table, context = overlap.table, overlap.context
        nearby = np.array((
            overlap.likeness,
            np.maximum.reduceat(overlap.matches.trusted, context.edges, axis=0)[::2],
            overlap.before,
            overlap.after,
            _in_titles(table, overlap.concepts, table.source_of[context.candidates].tolist()),
        ))  # fmt: skip
        associated, post, before, after, title = (
            np.maximum(nearby - overlap.held, 0) @ overlap.shares.held
        )
        return cls(
            associated_gain=associated,
            post_gain=post,
            before_gain=before,
            after_gain=after,
            title_gain=title,
        )


def _in_titles(table: PassageTable, concepts: tuple[Concept, ...], sources: list[int]) -> Floats:
    """(len(sources), Q) 1 where a source's title or author holds the concept."""
    found = np.zeros((len(sources), len(concepts)), np.float32)
    for q, concept in enumerate(concepts):
        for expansion in concept.expansions:
            sure = expansion.match_type < MatchType.PREFIX
            holders = table.titled.get(expansion.number) if sure else None
            if holders:
                found[[at for at, source in enumerate(sources) if source in holders], q] = 1
    return found


@dataclass(frozen=True, slots=True, eq=False)
class WordOrderFeatures(FeatureGroup):
    """How many neighbouring concepts of the question stand side by side, or within three words, in the candidate."""

    adjacent: Floats
    near: Floats

    @classmethod
    def of(cls, overlap: Overlap) -> WordOrderFeatures:
        """Compare where neighbouring concepts stand; a pair weighs what its lighter one does."""
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


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourFeatures(FeatureGroup):
    """What the passages before and after hold of the question, and what stands beside a number.

    They meet the kind of question: an answer to “how many” may follow the sentence that names the thing.
    """

    before: Floats
    after: Floats
    number_beside: Floats

    @classmethod
    def of(cls, overlap: Overlap) -> NeighbourFeatures:
        """Weigh what the candidates' neighbours hold."""
        weight = overlap.shares.held
        return cls(
            before=overlap.before @ weight,
            after=overlap.after @ weight,
            number_beside=overlap.matches.beside_number @ weight,
        )


@dataclass(frozen=True, slots=True, eq=False)
class PrecedingFeatures(FeatureGroup):
    """What the passage before holds of the question, if it asks something or is a heading."""

    before_asks: Floats
    before_heading: Floats

    @classmethod
    def of(cls, overlap: Overlap, before: Floats) -> PrecedingFeatures:
        """`before`: (C,) what the passage before holds of the question; 0 where there is none."""
        context = overlap.context
        asks = (overlap.table.evidence[context.candidates - 1] & _QUESTION_BIT) > 0
        heading = context.lengths[context.own - 1] <= _HEADING
        return cls(before_asks=before * asks, before_heading=before * (heading & ~asks))


@dataclass(frozen=True, slots=True, eq=False)
class ShapeFeatures(FeatureGroup):
    """How long the candidate is and where it stands in its source, whatever is asked."""

    length: Floats
    """log(1 + tokens)."""
    fragment: Bools
    heading: Floats
    """`held`, of a passage as short as a heading."""
    first_of_source: Bools
    first_of_post: Bools
    place: Column
    """0 at the source's beginning … 1 at its end."""
    alone_in_post: Bools

    @classmethod
    def of(cls, table: PassageTable, context: CandidateContext, held: Floats) -> ShapeFeatures:
        """`held`: (C,) the share of the question that each candidate holds."""
        candidates, length = context.candidates, context.lengths[context.own]
        post, source = table.post_of[candidates], table.source_of[candidates]
        first, end = table.source_starts[source], table.source_starts[source + 1]
        post_first = table.post_starts[post]
        return cls(
            length=np.log1p(length.astype(np.float32)),
            fragment=length < _FRAGMENT,
            heading=(length <= _HEADING) * held,
            first_of_source=candidates == first,
            first_of_post=candidates == post_first,
            place=(candidates - first) / np.maximum(end - first, 1),
            alone_in_post=table.post_starts[post + 1] - post_first == 1,
        )
