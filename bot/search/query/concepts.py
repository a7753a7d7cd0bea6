"""Query expansion: a question's terms → concepts, each with the terms of the texts that may stand for it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import pairwise, product
from typing import NamedTuple

from bot.search.bm25.index import Index, lucene_idf
from bot.search.bm25.vocabulary import Vocabulary
from bot.search.language.analysis import Analyzer, Token, fold
from bot.search.language.stopwords import ASKING
from bot.search.language.word_vectors import WordVectors
from bot.search.query.aliases import Aliases
from bot.search.query.spelling import Speller, intended_question_word

_ABBREVIATION = 0.9  # strength of one word that stands for the whole phrase in the question
_PART = 0.6  # strength of one word of the phrase that an abbreviation in the question stands for
_MOST_CONCEPTS = 40  # of one question, so that a pasted page does not make it slow
_SHORTEST_PART = 3  # letters of either of two words that were written as one
_SHORTEST_JOINED = 6  # letters of a word that was written as two
_LONGEST_JOINED = 24  # letters of a word that is tried as two; bounds the work for hostile input
_LOWER_CASE = re.compile(r"(?<![\w'’])[a-z]{3,9}(?![\w'’])")
_LIKELY = 0.75  # likeness from which a correction is suggested: one typo in four letters
_LETTERS = re.compile(r"(?<![\w'’])[^\W\d_]{4,24}(?![\w'’])")
_MOST_PREFIXED = 16  # terms with a common prefix that are considered
_ALIKE = 0.6  # the least part of the longer word that must be the common prefix


class MatchType(IntEnum):
    """How a term of the texts stands for a term of the question, surest first."""

    EXACT = 0
    ALIAS = auto()
    SPELLING = auto()
    PREFIX = auto()


class Expansion(NamedTuple):
    """A term of the texts that may stand for a concept; strength in (0, 1]."""

    term: str
    number: int
    match_type: MatchType
    strength: float


@dataclass(frozen=True, slots=True)
class Concept:
    """One content word of a question."""

    term: str
    known: bool
    """Whether a passage holds the term, an alias of it or its corrected spelling."""
    idf: float
    """Of the term or its correction; that of a term in no passage if it is not known."""
    commonness: float
    """0 (rare in English) … 1 (common)."""
    vector_row: int
    """Row of its word vector; 0 for none."""
    named: bool
    """Whether it is capitalised inside the question, as names are."""
    expansions: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Expander:
    """Expands questions with the terms of one index.

    `analyzers`: that of the language of most passages first, then those of the others.
    """

    index: Index
    vocabulary: Vocabulary
    analyzers: Sequence[Analyzer]
    aliases: Aliases
    word_vectors: WordVectors
    speller: Speller

    def correct_question_words(self, question: str) -> str:
        """Correct typos in the question's function words (`wich`, `teh`).

        Left alone, they would count as content words that no passage holds.
        """
        if self.analyzers[0].term("the"):  # not English
            return question
        return _LOWER_CASE.sub(self._intended, question)

    def _intended(self, match: re.Match[str]) -> str:
        word = match.group()
        if word in ASKING:
            return word
        term = self.analyzers[0].term(word)
        known = self.word_vectors.row(term) or self.vocabulary.find(term) >= 0
        meant = None if known or not term.isalpha() else intended_question_word(word)
        if meant is None or (term,) in self.aliases.alternatives:
            return word
        corrections = self.speller.corrections(word)
        likely = (other for other, likeness in corrections if likeness == corrections[0][1])
        # A word of the texts is as likely intended: `frok` for fork, not for from.
        return word if any(map(self.analyzers[0].term, likely)) else meant

    def suggest_correction(self, question: str) -> str:
        """Correct every probable misspelling of a word of the texts, for “did you mean”.

        A word that is English or an alias is not a misspelling.
        """
        return _LETTERS.sub(self._correction, self.correct_question_words(question))

    def _correction(self, match: re.Match[str]) -> str:
        word = match.group()
        term = self.analyzers[0].term(word)
        if not term or (term,) in self.aliases.alternatives or self.word_vectors.row(term):
            return word
        if any(self.vocabulary.find(a.term(word)) >= 0 for a in self.analyzers):
            return word
        likely = self.speller.corrections(fold(word), 1)
        if not likely or likely[0][1] < _LIKELY:
            return word
        return likely[0][0].capitalize() if word[0].isupper() else likely[0][0]

    def is_held(self, word: str) -> bool:
        """Whether the texts hold `word`."""
        terms = (analyzer.term(word) for analyzer in self.analyzers)
        return any(term and self.vocabulary.find(term) >= 0 for term in terms)

    def is_known_word(self, word: str) -> bool:
        """Whether the texts hold `word`, or English does where they are in English."""
        return self.is_held(word) or any(
            analyzer.language == "en" and self.word_vectors.row(analyzer.term(word)) > 0
            for analyzer in self.analyzers
        )

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """Extract the question's distinct concepts, in its order."""
        tokens: dict[str, Token] = {}
        for token in self.analyzers[0].tokens(question):
            if not token.variant or self.vocabulary.find(token.term) >= 0:
                tokens.setdefault(token.term, token)
        kept = dict(list(tokens.items())[:_MOST_CONCEPTS])
        names = self._other_names(kept, question)
        return tuple(self._concept(token, question, names[term]) for term, token in kept.items())

    def _other_names(self, tokens: dict[str, Token], question: str) -> dict[str, dict[str, float]]:
        """Map each term to its other names, with their strengths: aliases, and two words written as one."""
        terms = list(tokens)
        names: dict[str, dict[str, float]] = {term: {} for term in terms}
        for begin, end, phrases in self.aliases.spans(terms):
            for phrase in phrases:
                strength = _ABBREVIATION if len(phrase) == 1 else _PART
                if len(phrase) == 1 or end - begin == 1:
                    for term, other in product(terms[begin:end], phrase):
                        names[term][other] = max(strength, names[term].get(other, 0.0))
        for one, other in pairwise(terms):
            begin, end = tokens[one].start, tokens[other].end
            if tokens[one].end + 1 == tokens[other].start and end - begin > _SHORTEST_JOINED:
                joined = self.analyzers[0].term(question[begin:end].replace(" ", ""))
                if self.vocabulary.find(joined) >= 0:
                    names[one].setdefault(joined, _ABBREVIATION)
                    names[other].setdefault(joined, _ABBREVIATION)
        return names

    def _concept(self, token: Token, question: str, aliased: dict[str, float]) -> Concept:
        term, surface = token.term, question[token.start : token.end]
        expansions: dict[int, Expansion] = {}
        row = self.word_vectors.row(term)

        def add(other: str, match_type: MatchType, strength: float) -> None:
            number = self.vocabulary.find(other) if other else -1
            if number >= 0 and number not in expansions:
                expansions[number] = Expansion(other, number, match_type, strength)

        add(term, MatchType.EXACT, 1.0)
        for analyzer in self.analyzers[1:]:
            add(analyzer.term(surface), MatchType.EXACT, 1.0)
        for other, strength in aliased.items():
            add(other, MatchType.ALIAS, strength)
        if not expansions:
            english = (
                row > 0
            )  # an English word that the texts lack is more likely intended than mistyped
            for other, strength in self._corrections(surface, english=english):
                add(other, MatchType.SPELLING, strength)
                row = row or self.word_vectors.row(other)
        frequencies = [self.index.document_frequency(each.term) for each in expansions.values()]
        frequency = max(frequencies, default=0)
        for other, number, ratio in self._with_common_prefix(term):
            expansions.setdefault(number, Expansion(other, number, MatchType.PREFIX, ratio))
        return Concept(
            term=term,
            known=frequency > 0,
            idf=lucene_idf(frequency, self.index.corpus_size),
            commonness=float(self.word_vectors.commonness[row]),
            vector_row=row,
            named=token.start > 0 and surface[:1].isupper(),
            expansions=tuple(expansions.values()),
        )

    def _corrections(self, surface: str, *, english: bool) -> Iterator[tuple[str, float]]:
        """Yield the terms that a word unknown to the texts may be a misspelling of, with their strengths."""
        words = self.speller.corrections(fold(surface)) if not english or len(surface) > 5 else ()
        for word, likeness in words:
            for analyzer in self.analyzers:
                yield analyzer.term(word), 0.6 * likeness if english else likeness
        if not words and not english and surface.islower():
            for part in self._parts(surface):
                yield part, _PART

    def _parts(self, surface: str) -> tuple[str, ...]:
        """Split `surface` into two words of the texts that were written as one; empty if it is not that."""
        find, term = self.vocabulary.find, self.analyzers[0].term
        if len(surface) > _LONGEST_JOINED or not surface.isalpha():
            return ()
        for cut in range(_SHORTEST_PART, len(surface) - _SHORTEST_PART + 1):
            head, tail = term(surface[:cut]), term(surface[cut:])
            if find(head) >= 0 and find(tail) >= 0:
                return head, tail
        return ()

    def _with_common_prefix(self, term: str) -> Iterable[tuple[str, int, float]]:
        """Yield terms that share a prefix of 4 letters or more, and enough of the longer word, with the ratio."""
        if len(term) < 4 or not term.isalpha():
            return
        shared = max(4, math.ceil(_ALIKE * len(term)))
        length = len(term)
        for number, other in self.vocabulary.beginning_with(term[:shared], _MOST_PREFIXED):
            shorter, longer = length, len(other)
            if shorter > longer:
                shorter, longer = longer, shorter
            if shorter / longer < _ALIKE or other == term:
                continue
            common = shared
            while common < shorter and term[common] == other[common]:
                common += 1
            ratio = common / longer
            if ratio >= _ALIKE:
                yield other, number, ratio
