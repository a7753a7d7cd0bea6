"""The surroundings of a candidate: groups of features, as in `feature_groups`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.feature_group import Column, FeatureGroup, Floats
from bot.search.query.concepts import Concept, MatchType
from bot.search.query.cue_words import Evidence
from bot.search.ranking.matching import Bools, CandidateContext
from bot.search.ranking.overlap import Overlap
from bot.search.ranking.passage_table import PassageTable

_FRAGMENT = 4  # tokens
_HEADING = 6  # tokens
_QUESTION_BIT = int(Evidence.QUESTION)


@dataclass(frozen=True, slots=True, eq=False)
class GainFeatures(FeatureGroup):
    """What the candidate lacks of the question and something near it contains."""

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
    """The candidate's length and its position in its source, whatever is asked."""

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
