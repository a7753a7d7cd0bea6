"""What a conversation adds to the candidates of a question that follows another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.feature_group import Column, FeatureGroup, Floats
from bot.search.query.concepts import Concept
from bot.search.ranking.matching import Bools, Rows
from bot.search.ranking.passage_table import PassageTable


@dataclass(frozen=True, slots=True)
class PreviousTurn:
    """The previous question as concepts, and the passage that was quoted first for it."""

    concepts: tuple[Concept, ...]
    quote: int
    """Its passage number."""


@dataclass(frozen=True, slots=True, eq=False)
class TurnFeatures(FeatureGroup):
    """The position of each candidate relative to what was quoted in the previous turn."""

    is_quote: Bools
    next: Bools
    next_but_one: Bools
    previous: Bools
    same_post: Bools
    nearness: Column
    """1 at the quote, less the more passages lie between; 0 in another source."""

    @classmethod
    def of(cls, table: PassageTable, turn: PreviousTurn, candidates: Rows) -> TurnFeatures:
        """Compare the passages `candidates`, (C,), with the quote."""
        step = candidates - turn.quote
        together = table.source_of[candidates] == table.source_of[turn.quote]
        return cls(
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
