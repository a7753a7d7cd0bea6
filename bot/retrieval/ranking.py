"""Candidates → hits: a passage's own score, its post's, and what the question asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.models import Hit, Passage, Question
from bot.retrieval.analysis import Analyzer
from bot.retrieval.clauses import best_clause
from bot.retrieval.index import Bm25Index

POOL = 50
"""Candidates that are ranked."""

POST_WEIGHT = 0.4
ASKED_FOR_WEIGHT = 0.2
PREFIX_WEIGHT = 0.2

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_ASKED_FOR: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(gives))
    for asks, gives in (
        (
            r"^\W*when\b|\bwhat (?:year|month|day|date)\b",
            rf"\b(?i:{_MONTHS})\b|\b(?:1\d|20)\d\d\b",
        ),
        (r"\bhow (?:many|much|long|old|far|often|big)\b|\bwhat (?:percent|share)", r"\d"),
        (r"^\W*who(?:m|se)?\b", r"(?<=[a-z,] )[A-Z][a-z]+"),
        (r"^\W*where\b", r"\b(?:in|at|to|from|near) (?:the )?[A-Z]"),
        (r"^\W*why\b", r"\b(?:because|since|so that|due to|in order|therefore|as a result)\b"),
    )
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The logistic function that makes a probability of a score per idf."""

    slope: float = 6.0
    middle: float = 0.42

    def probability(self, score: float) -> float:
        """Return the chance that a passage with `score` answers, between 0 and 1."""
        return 1 / (1 + math.exp(-self.slope * (score - self.middle)))


class Searcher:
    """Finds the passages that answer a question. Immutable, safe to share between threads."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self._analyzers = {language: Analyzer(language) for language in _languages(passages)}
        self._terms = [self._analyze(passage, passage.text) for passage in passages]
        self._sentences = Bm25Index(self._terms)
        self._post_of, posts = _number_posts(passages)
        self._posts = Bm25Index([self._analyze(p, p.post.text) for p in posts])
        self._calibration = Calibration()

    def search(
        self, question: Question, within: range | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """Return the passages that may answer `question`, best first, at most `limit`."""
        terms = self._question_terms(question)
        ceiling = self._sentences.ceiling(terms)
        numbers, scores = self._sentences.candidates(terms, POOL, within)
        if not ceiling or not len(numbers):
            return ()
        posts = self._posts.get_scores(terms)[self._post_of[numbers]]
        wanted = next((gives for asks, gives in _ASKED_FOR if asks.search(question.text)), None)
        totals = (scores + POST_WEIGHT * posts) / ceiling
        for i, number in enumerate(numbers.tolist()):
            text = self.passages[number].text
            totals[i] += ASKED_FOR_WEIGHT * bool(wanted and wanted.search(text))
            totals[i] += PREFIX_WEIGHT * self._soft_prefix(terms, self._terms[number]) / ceiling
        order = sorted(range(len(numbers)), key=lambda i: (-totals[i], numbers[i]))[:limit]
        return tuple(self._hit(int(numbers[i]), float(totals[i]), terms) for i in order)

    def find_repeated(self, text: str, limit: int = 10) -> tuple[Hit, ...]:
        """Return the passages whose words stand in `text`, the most complete first.

        A hit's probability is the share of the passage's idf that `text` repeats.
        """
        found = set(self._question_terms(Question(text)))
        numbers, _ = self._sentences.candidates(list(found), POOL)
        hits = []
        for number in numbers.tolist():
            own = set(self._terms[number])
            share = self._sentences.ceiling(list(own & found)) / self._sentences.ceiling(list(own))
            if len(own & found) >= min(3, len(own)):
                hits.append(Hit(self.passages[number], share, min(share, 1.0)))
        return tuple(sorted(hits, key=lambda hit: -hit.probability)[:limit])

    def has_terms(self, text: str) -> bool:
        """Return whether anything in `text` could be looked for."""
        return bool(self._question_terms(Question(text)))

    def _hit(self, number: int, score: float, terms: Sequence[str]) -> Hit:
        passage = self.passages[number]
        tokens = list(self._analyzers[passage.source.language].tokens(passage.text))
        asked = set(terms)
        bold = best_clause(
            passage.text, tokens, lambda t: self._sentences.idf[t] if t in asked else 0.0
        )
        return Hit(passage, score, self._calibration.probability(score), bold)

    def _question_terms(self, question: Question) -> list[str]:
        texts = (
            [question.text] if question.after is None else [question.text, question.after.question]
        )
        return list(
            dict.fromkeys(
                term
                for analyzer in self._analyzers.values()
                for text in texts
                for term in analyzer.terms(text)
            )
        )

    def _soft_prefix(self, asked: Sequence[str], given: Sequence[str]) -> float:
        total = 0.0
        for term in asked:
            if len(term) < 4 or term in given:
                continue
            ratio = max(
                (_shared(term, other) for other in given if other[:4] == term[:4]), default=0.0
            )
            if ratio >= 0.6:
                total += ratio * self._sentences.ceiling([term])
        return total

    def _analyze(self, passage: Passage, text: str) -> list[str]:
        return self._analyzers[passage.source.language].terms(text)


def _languages(passages: Sequence[Passage]) -> list[str]:
    return sorted({passage.source.language for passage in passages}) or ["en"]


def _number_posts(
    passages: Sequence[Passage],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], list[Passage]]:
    """Return each passage's post's number, and a passage of each post."""
    numbers: dict[tuple[str, int], int] = {}
    firsts: list[Passage] = []
    of = np.zeros(len(passages), np.int64)
    for i, passage in enumerate(passages):
        key = (passage.source.id, passage.post.number)
        if key not in numbers:
            numbers[key] = len(firsts)
            firsts.append(passage)
        of[i] = numbers[key]
    return of, firsts


def _shared(a: str, b: str) -> float:
    """Return the length of the common prefix as a share of the longer word."""
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    return common / max(len(a), len(b))
