"""Signs in a question's wording that it continues the conversation and cannot be understood alone."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from bot.search.feature_group import FeatureGroup
from bot.search.language.word_vectors import COMMON_WORD_DISCOUNT
from bot.search.query.concepts import Concept

_POINTERS = re.compile(
    r"\b(?:it|its|it's|they|them|their|theirs|he|him|his|she|her|hers|this|that|that's|those|these|ones?|there|then|both|either|neither|same)\b"
)
_CONTINUES = re.compile(
    r"^\W*(?:and|but|or|so|then|also|plus|what about|how about|what if|why not|why is that|how so|such as|like)\b"
)
_MORE = re.compile(
    r"\b(?:else|too|also|another|others?|instead|more|again|before that|after that|the (?:first|second|third|rest|last))\b"
)
_BARE = re.compile(
    r"^\W*(?:who|what|when|where|why|how|which|how (?:much|many|long|often|far|old|big|expensive))\W*$"
)


@dataclass(frozen=True, slots=True, eq=False)
class FollowUpFeatures(FeatureGroup):
    """What the probability that a question is a follow-up is computed from."""

    points: bool
    """A pronoun or another word that points back."""
    continues: bool
    """An opening that goes on: “and”, “what about”."""
    words: float
    """log(1 + words)."""
    concepts: float
    """log(1 + concepts)."""
    nothing_named: bool
    weight: float
    """log(1 + the informative weight of all concepts)."""
    unknown: float
    """The share of the question's idf that no passage holds."""
    best_held: float
    """The largest share of the question that one candidate holds."""

    @classmethod
    def of(cls, question: str, concepts: tuple[Concept, ...], best_held: float) -> FollowUpFeatures:
        """Read a question's wording and its concepts."""
        text = _plain(question)
        idf = sum(c.idf for c in concepts)
        return cls(
            points=bool(_POINTERS.search(text)),
            continues=bool(_CONTINUES.search(text)),
            words=math.log1p(len(text.split())),
            concepts=math.log1p(len(concepts)),
            nothing_named=not any(c.named for c in concepts),
            weight=math.log1p(
                sum(c.idf * (1 - COMMON_WORD_DISCOUNT * c.commonness) for c in concepts)
            ),
            unknown=sum(c.idf for c in concepts if not c.known) / max(idf, 1e-6),
            best_held=best_held,
        )


FOLLOW_UP_FEATURES = FollowUpFeatures.feature_names()


def points_back(question: str) -> bool:
    """Whether the wording of a question says, in English, that it continues from what was said before."""
    text = _plain(question)
    return any(sign.search(text) for sign in (_POINTERS, _CONTINUES, _MORE, _BARE))


def _plain(question: str) -> str:
    return question.lower().replace("’", "'")
