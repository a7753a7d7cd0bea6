"""Whether a question leans on what was said before, and what that adds to the candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from bot.search.language.word_vectors import COMMON, Associations
from bot.search.query.concepts import Concept
from bot.search.ranking.features import candidate_features, repeated
from bot.search.ranking.matching import Context, Floats
from bot.search.ranking.passage_table import PassageTable

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
_AUTHOR_ASIDE = re.compile(
    r"\b(?:is|was|are|were|will|did|does|do|can|could|should|would|has|have|had) (?:it|they|he|she|this|that)\b"
)

DEPENDENCE = (
    "points", "aux_pointer", "continues", "more", "bare", "words", "concepts", "nothing_named", "weight", "unknown", "best_held"
)  # fmt: skip
CARRIED = (
    "asked_held", "asked_informative", "asked_associated", "asked_post", "asked_before",
    "quote_held", "quote_likeness", "is_quote", "next", "next_but_one", "previous", "same_post", "nearness",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Before:
    """The question asked before, as concepts, and the passage that was quoted first for it."""

    concepts: tuple[Concept, ...]
    quote: int
    quote_concepts: tuple[Concept, ...]
    """The words of that quote, read as if they were asked."""


def points_back(question: str) -> bool:
    """Return whether the words of a question say, in English, that it goes on from what was said before."""
    text = question.lower().replace("’", "'")
    return any(sign.search(text) for sign in (_POINTERS, _CONTINUES, _MORE, _BARE))


def dependence_features(question: str, concepts: tuple[Concept, ...], best_held: float) -> Floats:
    """(len(DEPENDENCE),): signs that the question cannot be understood alone.

    `best_held`: the largest share of the question that one candidate holds.
    """
    text = question.lower().replace("’", "'")
    words = len(text.split())
    weight = sum(c.idf * (1 - COMMON * c.commonness) for c in concepts)
    unknown = sum(c.idf for c in concepts if not c.known) / max(sum(c.idf for c in concepts), 1e-6)
    values = (
        bool(_POINTERS.search(text)), bool(_AUTHOR_ASIDE.search(text)), bool(_CONTINUES.search(text)), bool(_MORE.search(text)),
        bool(_BARE.search(text)), np.log1p(words), np.log1p(len(concepts)), not any(c.named for c in concepts),
        np.log1p(weight), unknown, best_held,
    )  # fmt: skip
    return np.array(values, np.float32)


def carried_features(
    table: PassageTable, associations: Associations, before: Before, context: Context
) -> Floats:
    """(C, len(CARRIED)): how each candidate goes with the turn before."""
    asked = candidate_features(table, associations, before.concepts, context)
    quote_held, quote_likeness = repeated(table, associations, before.quote_concepts, context)
    candidates = context.candidates
    step = candidates - before.quote
    together = table.source_of[candidates] == table.source_of[before.quote]
    columns = (
        asked.column("held"), asked.column("informative"), asked.column("associated"), asked.column("post_gain"),
        asked.column("before_gain"), quote_held, quote_likeness,
        step == 0, (step == 1) & together, (step == 2) & together, (step == -1) & together,
        table.post_of[candidates] == table.post_of[before.quote], together / (1 + np.abs(step) / 3),
    )  # fmt: skip
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)
