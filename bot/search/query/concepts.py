"""A question's terms → concepts: each with the corpus terms that may stand for it, and how surely."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import pairwise, product
from typing import NamedTuple

from bot.search.bm25.index import Bm25Index, lucene_idf_of
from bot.search.language.analysis import Analyzer, Token, fold
from bot.search.language.stopwords import ASKING
from bot.search.language.word_vectors import WordVectors
from bot.search.query.aliases import Aliases
from bot.search.query.spelling import Speller, meant_to_ask

_ABBREVIATION = 0.9  # strength of one word that stands for the whole phrase asked
_PART = 0.6  # strength of one word of the phrase that an abbreviation asked stands for
_MOST_CONCEPTS = 40  # of one question: a pasted page must not make it slow
_SHORTEST_PART = 3  # letters of a word that was written as one with the next
_SHORTEST_JOINED = 6  # letters of a word that was written as two
_LONGEST_JOINED = 24  # letters that are tried for two words: a hostile one must not take long
_LOWER_CASE = re.compile(r"(?<![\w'’])[a-z]{3,9}(?![\w'’])")
_LIKELY = 0.75  # likeness from which on a word is said to be meant: one slip in four letters
_LETTERS = re.compile(r"(?<![\w'’])[^\W\d_]{4,24}(?![\w'’])")
_MOST_PREFIXED = 16  # corpus terms that may begin like one term
_ALIKE = 0.6  # of the longer word that they have in common at least


class MatchType(IntEnum):
    """How a corpus term stands for a question's term, surest first."""

    EXACT = 0
    ALIAS = auto()
    SPELLING = auto()
    PREFIX = auto()


class Expansion(NamedTuple):
    """A corpus term that may stand for a concept; strength in (0, 1]."""

    term: str
    number: int
    match_type: MatchType
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
    vector_row: int
    """Row of its vector in the associations; 0 for none."""
    named: bool
    """Written with a capital inside the question: a name."""
    expansions: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Expander:
    """Everything that reads a question against one index.

    `analyzers`: that of the language most passages are in, then those of the other languages.
    """

    index: Bm25Index
    analyzers: Sequence[Analyzer]
    aliases: Aliases
    word_vectors: WordVectors
    speller: Speller

    def mended(self, question: str) -> str:
        """Return `question` with slips in the words that make it a question mended.

        Unmended they would count as things asked for that no passage holds.
        """
        if self.analyzers[0].term("the"):  # not English
            return question
        return _LOWER_CASE.sub(self._meant, question)

    def _meant(self, match: re.Match[str]) -> str:
        word = match.group()
        if word in ASKING:
            return word
        term = self.analyzers[0].term(word)
        known = self.word_vectors.row(term) or self.index.vocabulary.find(term) >= 0
        meant = None if known or not term.isalpha() else meant_to_ask(word)
        if meant is None or (term,) in self.aliases.alternatives:
            return word
        corrections = self.speller.corrections(word)
        likely = (other for other, likeness in corrections if likeness == corrections[0][1])
        # What the corpus speaks of is as likely meant: `frok` for fork, not for from.
        return word if any(map(self.analyzers[0].term, likely)) else meant

    def corrected(self, question: str) -> str:
        """Return `question` with every probable misspelling of a word of the corpus mended.

        A word that English at large or an alias knows is no misspelling.
        """
        return _LETTERS.sub(self._correction, self.mended(question))

    def _correction(self, match: re.Match[str]) -> str:
        word = match.group()
        term = self.analyzers[0].term(word)
        if not term or (term,) in self.aliases.alternatives or self.word_vectors.row(term):
            return word
        if any(self.index.vocabulary.find(a.term(word)) >= 0 for a in self.analyzers):
            return word
        likely = self.speller.corrections(fold(word), 1)
        if not likely or likely[0][1] < _LIKELY:
            return word
        return likely[0][0].capitalize() if word[0].isupper() else likely[0][0]

    def concepts(self, question: str) -> tuple[Concept, ...]:
        """Return the question's distinct concepts in the order asked."""
        tokens: dict[str, Token] = {}
        for token in self.analyzers[0].tokens(question):
            if not token.variant or self.index.vocabulary.find(token.term) >= 0:
                tokens.setdefault(token.term, token)
        asked = dict(list(tokens.items())[:_MOST_CONCEPTS])
        names = self._other_names(asked, question)
        return tuple(self._concept(token, question, names[term]) for term, token in asked.items())

    def _other_names(self, tokens: dict[str, Token], question: str) -> dict[str, dict[str, float]]:
        """Return for each term what else it may be called, and how surely."""
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
                if self.index.vocabulary.find(joined) >= 0:
                    names[one].setdefault(joined, _ABBREVIATION)
                    names[other].setdefault(joined, _ABBREVIATION)
        return names

    def _concept(self, token: Token, question: str, aliased: dict[str, float]) -> Concept:
        term, surface = token.term, question[token.start : token.end]
        expansions: dict[int, Expansion] = {}
        row = self.word_vectors.row(term)

        def add(other: str, match_type: MatchType, strength: float) -> None:
            number = self.index.vocabulary.find(other) if other else -1
            if number >= 0 and number not in expansions:
                expansions[number] = Expansion(other, number, match_type, strength)

        add(term, MatchType.EXACT, 1.0)
        for analyzer in self.analyzers[1:]:
            add(analyzer.term(surface), MatchType.EXACT, 1.0)
        for other, strength in aliased.items():
            add(other, MatchType.ALIAS, strength)
        if not expansions:
            english = row > 0  # an English word the corpus lacks is more likely meant than mistyped
            for other, strength in self._slips(surface, english=english):
                add(other, MatchType.SPELLING, strength)
                row = row or self.word_vectors.row(other)
        frequency = max((self.index.df(number) for number in expansions), default=0)
        for other, number, ratio in self._beginning_alike(term):
            expansions.setdefault(number, Expansion(other, number, MatchType.PREFIX, ratio))
        return Concept(
            term=term,
            known=frequency > 0,
            idf=lucene_idf_of(frequency, self.index.corpus_size),
            commonness=float(self.word_vectors.commonness[row]),
            vector_row=row,
            named=token.start > 0 and surface[:1].isupper(),
            expansions=tuple(expansions.values()),
        )

    def _slips(self, surface: str, *, english: bool) -> Iterator[tuple[str, float]]:
        """Yield terms of the corpus that a word it lacks may be a slip of, with their strengths."""
        words = self.speller.corrections(fold(surface)) if not english or len(surface) > 5 else ()
        for word, likeness in words:
            for analyzer in self.analyzers:
                yield analyzer.term(word), 0.6 * likeness if english else likeness
        if not words and not english and surface.islower():
            for part in self._parts(surface):
                yield part, _PART

    def _parts(self, surface: str) -> tuple[str, ...]:
        """Return the terms of two words of the corpus that were written as one, if they were."""
        find, term = self.index.vocabulary.find, self.analyzers[0].term
        if len(surface) > _LONGEST_JOINED or not surface.isalpha():
            return ()
        for cut in range(_SHORTEST_PART, len(surface) - _SHORTEST_PART + 1):
            head, tail = term(surface[:cut]), term(surface[cut:])
            if find(head) >= 0 and find(tail) >= 0:
                return head, tail
        return ()

    def _beginning_alike(self, term: str) -> Iterable[tuple[str, int, float]]:
        """Yield corpus terms with at least 4 letters, and enough of the longer word, in common."""
        if len(term) < 4 or not term.isalpha():
            return
        shared = max(4, math.ceil(_ALIKE * len(term)))
        length = len(term)
        for number, other in self.index.vocabulary.beginning_with(term[:shared], _MOST_PREFIXED):
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
