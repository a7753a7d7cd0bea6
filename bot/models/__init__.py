"""The words of the glossary (docs/architecture.md) as immutable values."""

from bot.models.answers import (
    AboutTexts,
    Answer,
    Fact,
    Hit,
    Outcome,
    Question,
    SmallTalk,
    Turn,
    chance_of,
    foreign_languages,
)
from bot.models.places import MOST_GAPS, Extract, MissingPlace, PlaceKind
from bot.models.sources import Marker, Passage, Post, Quote, Role, Source, Span

__all__ = [
    "MOST_GAPS",
    "AboutTexts",
    "Answer",
    "Extract",
    "Fact",
    "Hit",
    "Marker",
    "MissingPlace",
    "Outcome",
    "Passage",
    "PlaceKind",
    "Post",
    "Question",
    "Quote",
    "Role",
    "SmallTalk",
    "Source",
    "Span",
    "Turn",
    "chance_of",
    "foreign_languages",
]
