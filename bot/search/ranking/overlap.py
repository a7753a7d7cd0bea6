"""What a question and its candidates have in common: the raw material of the feature groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.feature_group import FeatureGroup, Floats
from bot.search.language.word_vectors import CHANCE_COSINE, COMMON_WORD_DISCOUNT, WordVectors
from bot.search.query.concepts import Concept
from bot.search.ranking.matching import CandidateContext, Matches, match
from bot.search.ranking.passage_table import PassageTable

_ONE_THREAD = 1 << 18
"""Multiplications in one matrix product: BLAS spreads more over several threads, which costs more than it saves."""


@dataclass(frozen=True, slots=True, eq=False)
class ConceptShares(FeatureGroup):
    """How much of the question each concept is; over candidates, how much of the question each one holds.

    Over the concepts each sums to 1 or less.
    """

    held: Floats
    """By idf."""
    informative: Floats
    """By idf times how rare the word is in English."""
    first: Floats
    last: Floats
    rarest: Floats
    """1 for the concept with the highest idf, 0 for the others."""

    @classmethod
    def of_concepts(cls, concepts: tuple[Concept, ...]) -> ConceptShares:
        """Weigh the Q concepts of a question, one at least; each field is (Q,)."""
        idf, commonness = np.array([(c.idf, c.commonness) for c in concepts], np.float32).T
        weight = idf / max(float(idf.sum()), 1e-6)
        informative = idf * (1 - COMMON_WORD_DISCOUNT * commonness)
        first, last, rarest = np.zeros((3, len(concepts)), np.float32)
        first[0], last[-1], rarest[weight.argmax()] = weight[0], weight[-1], 1
        return cls(
            held=weight,
            informative=informative / max(float(informative.sum()), 1e-6),
            first=first,
            last=last,
            rarest=rarest,
        )

    def held_by(self, held: Floats) -> ConceptShares:
        """Sum what each of C candidates holds, for `held` (C, Q); each field is (C,)."""
        by_concept = np.array([getattr(self, name) for name in self.feature_names()])
        return ConceptShares.from_columns((held @ by_concept.T).T)


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """Q concepts of a question, one at least, found in C candidates and around them."""

    table: PassageTable
    concepts: tuple[Concept, ...]
    context: CandidateContext
    shares: ConceptShares
    """Of each concept."""
    matches: Matches
    held: Floats
    before: Floats
    after: Floats
    """(C, Q) how surely each candidate holds each concept, and the passages before and after it."""
    likeness: Floats
    """(C, Q) how near the candidate's nearest word comes to the concept by word vectors, less what chance gives."""
    question_vector: Floats
    """(D,) the word vectors of the concepts, summed by informative weight."""

    @classmethod
    def of(
        cls,
        table: PassageTable,
        word_vectors: WordVectors,
        concepts: tuple[Concept, ...],
        context: CandidateContext,
    ) -> Overlap:
        """Look for `concepts` in the candidates of `context`."""
        matches = match(table, concepts, context)
        shares = ConceptShares.of_concepts(concepts)
        vectors = word_vectors.vectors[[concept.vector_row for concept in concepts]]
        return cls(
            table=table,
            concepts=concepts,
            context=context,
            shares=shares,
            matches=matches,
            held=matches.trusted.take(context.own, axis=0),
            before=matches.trusted.take(context.before, axis=0),
            after=matches.trusted.take(context.after, axis=0),
            likeness=_nearest_words(table, word_vectors, vectors, context),
            question_vector=shares.informative @ vectors,
        )


def _nearest_words(
    table: PassageTable, word_vectors: WordVectors, vectors: Floats, context: CandidateContext
) -> Floats:
    nearest = np.zeros((len(context.candidates), len(vectors)), np.float32)
    words = table.vector_row.take(context.tokens.take(context.own_tokens))
    if len(words):
        likeness = product(word_vectors.vectors.take(words, axis=0), vectors.T)
        not_empty = context.lengths[context.own].nonzero()[0]
        nearest[not_empty] = np.maximum.reduceat(likeness, context.own_starts[not_empty], axis=0)
    return np.asarray(np.maximum(nearest - CHANCE_COSINE, 0), np.float32)


def product(left: Floats, right: Floats) -> Floats:
    """Multiply two matrices on this thread alone."""
    step = max(_ONE_THREAD // right.size, 1)
    if len(left) <= step:
        return np.asarray(left @ right)
    found = np.empty((len(left), right.shape[1]), np.float32)
    for at in range(0, len(left), step):
        np.matmul(left[at : at + step], right, out=found[at : at + step])
    return found


def cosines(rows: Floats, vector: Floats) -> Floats:
    """(R,) cosine of each of the `rows`, (R, D), to `vector`; 0 where either has no length."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows) * (vector @ vector))
    return np.asarray(rows @ vector / np.maximum(lengths, 1e-6), np.float32)
