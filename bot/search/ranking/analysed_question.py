"""What is known of a question before its candidates are ranked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.search.query.concepts import Concept
from bot.search.query.cue_words import QuestionType
from bot.search.ranking.conversation import Conversation
from bot.search.ranking.features import CandidateFeatures


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AnalysedQuestion:
    """A question analysed against the passages, with the features of its C candidates."""

    concepts: tuple[Concept, ...]
    question_types: tuple[QuestionType, ...]
    features: CandidateFeatures
    conversation: Conversation | None = None
    """What the previous turn adds, if there was one."""
