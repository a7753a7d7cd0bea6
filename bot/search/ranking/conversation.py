"""What a conversation adds to the candidates of a question that follows another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.feature_group import Column, FeatureGroup, Floats
from bot.search.language.word_vectors import WordVectors
from bot.search.query.concepts import Concept
from bot.search.ranking.features import candidate_features, quote_overlap
from bot.search.ranking.matching import Bools, CandidateContext
from bot.search.ranking.passage_table import PassageTable


@dataclass(frozen=True, slots=True)
class PreviousTurn:
    """The previous question as concepts, and the passage that was quoted first for it."""

    concepts: tuple[Concept, ...]
    quote: int
    """Its passage number."""
    quote_concepts: tuple[Concept, ...]
    """The words of that passage, analysed as if they were a question."""


@dataclass(frozen=True, slots=True, eq=False)
class TurnFeatures(FeatureGroup):
    """How well each candidate goes with the previous turn."""

    asked_held: Floats
    asked_informative: Floats
    asked_associated: Floats
    asked_post: Floats
    asked_before: Floats
    """The features `held`, `informative`, `associated`, `post_gain` and `before_gain` for the previous question."""
    quote_held: Floats
    quote_likeness: Floats
    """`held` and `sentence_likeness` for the words of the quote."""
    is_quote: Bools
    next: Bools
    next_but_one: Bools
    previous: Bools
    same_post: Bools
    nearness: Column
    """1 at the quote, less the more passages lie between; 0 in another source."""

    @classmethod
    def of(
        cls,
        table: PassageTable,
        word_vectors: WordVectors,
        turn: PreviousTurn,
        context: CandidateContext,
    ) -> TurnFeatures:
        """Compare the candidates of `context` with the previous turn."""
        asked = candidate_features(table, word_vectors, turn.concepts, context)
        held, likeness = quote_overlap(table, word_vectors, turn.quote_concepts, context)
        candidates = context.candidates
        step = candidates - turn.quote
        together = table.source_of[candidates] == table.source_of[turn.quote]
        return cls(
            asked_held=asked.column("held"),
            asked_informative=asked.column("informative"),
            asked_associated=asked.column("associated"),
            asked_post=asked.column("post_gain"),
            asked_before=asked.column("before_gain"),
            quote_held=held,
            quote_likeness=likeness,
            is_quote=step == 0,
            next=(step == 1) & together,
            next_but_one=(step == 2) & together,
            previous=(step == -1) & together,
            same_post=table.post_of[candidates] == table.post_of[turn.quote],
            nearness=together / (1 + np.abs(step) / 3),
        )


TURN_FEATURES = TurnFeatures.feature_names()


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """The features of a question that was asked after another one."""

    follow_up: Floats
    """(len(FOLLOW_UP_FEATURES),) of the question."""
    turn: Floats
    """(C, len(TURN_FEATURES)) of its candidates; with an embedding model, those of CONVERSATION_SIMILARITIES behind."""
