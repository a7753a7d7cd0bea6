"""A question's terms → concepts: each with the corpus terms that may stand for it, and how surely."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple

from bot.retrieval.aliases import Aliases
from bot.retrieval.analysis import Analyzer, Token, fold
from bot.retrieval.associations import Associations
from bot.retrieval.index import Bm25Index, lucene_idf_of
from bot.retrieval.spelling import Speller

_ABBREVIATION = 0.9  # strength of one word that stands for the whole phrase asked
_PART = 0.6  # strength of one word of the phrase that an abbreviation asked stands for
_MOST_CONCEPTS = 40  # of one question: a pasted page must not make it slow
_MOST_PREFIXED = 16  # corpus terms that may begin like one term


class Bond(IntEnum):
    """How a corpus term stands for a question's term, surest first."""

    EXACT = 0
    ALIAS = auto()
    SPELLING = auto()
    PREFIX = auto()


class Reading(NamedTuple):
    """A corpus term that may stand for a concept; strength in (0, 1]."""

    term: str
    number: int
    bond: Bond
    strength: float


@dataclass(frozen=True, slots=True)
class Concept:
    """One content word of a question."""

    term: str
    known: bool
    """Whether a passage holds the term, an alias or a mended spelling of it."""
    idf: float
    """Of the term, or of what it was mended to; at a frequency of 0 when it is not known."""
    commonness: float
    """0 (rare in English at large) … 1 (everyday)."""
    association: int
    """Row of its vector in the associations; 0 for none."""
    named: bool
    """Written with a capital inside the question: a name."""
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Expander:
    """Everything that reads a question against one index.

    `analyzers`: that of the language most passages are in, then those of the other languages.
    """

    index: Bm25Index
    analyzers: Sequence[Analyzer]
    aliases: Aliases
    associations: Associations
    speller: Speller

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """Return the question's distinct concepts in the order asked."""
        tokens: dict[str, Token] = {}
        for token in self.analyzers[0].tokens(question):
            if not token.variant or self.index.vocabulary.find(token.term) >= 0:
                tokens.setdefault(token.term, token)
        terms = list(tokens)[:_MOST_CONCEPTS]
        aliased: dict[str, dict[str, float]] = {term: {} for term in terms}
        for begin, end, phrases in self.aliases.spans(terms):
            for phrase in phrases:
                strength = _ABBREVIATION if len(phrase) == 1 else _PART
                if len(phrase) == 1 or end - begin == 1:
                    for term in terms[begin:end]:
                        for other in phrase:
                            aliased[term][other] = max(strength, aliased[term].get(other, 0.0))
        return tuple(self._concept(tokens[term], question, aliased[term]) for term in terms)

    def _concept(self, token: Token, question: str, aliased: dict[str, float]) -> Concept:
        term, surface = token.term, question[token.start : token.end]
        readings: dict[int, Reading] = {}
        row = self.associations.row(term)

        def add(other: str, bond: Bond, strength: float) -> None:
            number = self.index.vocabulary.find(other) if other else -1
            if number >= 0 and number not in readings:
                readings[number] = Reading(other, number, bond, strength)

        add(term, Bond.EXACT, 1.0)
        for analyzer in self.analyzers[1:]:
            add(analyzer.term(surface), Bond.EXACT, 1.0)
        for other, strength in aliased.items():
            add(other, Bond.ALIAS, strength)
        if not readings and (row == 0 or len(surface) > 5):
            for word, likeness in self.speller.corrections(fold(surface)):
                # An English word the corpus lacks is more likely meant than mistyped.
                strength = likeness if row == 0 else 0.6 * likeness
                for analyzer in self.analyzers:
                    add(analyzer.term(word), Bond.SPELLING, strength)
                row = row or self.associations.row(self.analyzers[0].term(word))
        frequency = max((self.index.df(number) for number in readings), default=0)
        for other, number, ratio in self._beginning_alike(term):
            readings.setdefault(number, Reading(other, number, Bond.PREFIX, ratio))
        return Concept(
            term=term,
            known=frequency > 0,
            idf=lucene_idf_of(frequency, self.index.corpus_size),
            commonness=float(self.associations.commonness[row]),
            association=row,
            named=token.start > 0 and surface[:1].isupper(),
            readings=tuple(readings.values()),
        )

    def _beginning_alike(self, term: str) -> Iterable[tuple[str, int, float]]:
        """Yield corpus terms with at least 4 letters, and .6 of the longer word, in common."""
        if len(term) < 4 or not term.isalpha():
            return
        shared = max(4, math.ceil(0.6 * len(term)))
        for number, other in self.index.vocabulary.beginning_with(term[:shared], _MOST_PREFIXED):
            if other == term:
                continue
            shorter, longer = sorted((len(term), len(other)))
            common = shared
            while common < shorter and term[common] == other[common]:
                common += 1
            ratio = common / longer
            if ratio >= 0.6:
                yield other, number, ratio
