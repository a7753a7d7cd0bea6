"""The part of a long sentence that answers best: a run of its phrases, to be set in bold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bot.models import Span
from bot.retrieval.analysis import Analyzer
from bot.retrieval.concepts import Bond, Concept
from bot.retrieval.cues import Evidence
from bot.retrieval.features import Floats
from bot.retrieval.index import Bm25Index
from bot.retrieval.questions import evidence

LONG = 25  # words; a shorter sentence is read at a glance
SHARE = 0.45  # of the sentence's characters that may be bold
_FIT = 0.12  # what evidence of the kind asked for weighs beside the whole question's words
_NEW = 0.025  # what a word that the question did not hold weighs: an answer is made of such words
_SEAM = 0.06  # what beginning or ending at punctuation weighs, beside the middle of a phrase
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_SEAMS = re.compile(
    r"(?<=[,;:)”\"])\s+|\s+(?=[(“\"])|\s*[–—]\s*|\s-\s"
    r"|\s+(?=(?:and|but|or|nor|because|which|who|whose|whom|that|when|where|while|whereas|if|so|after|before|since|until|"
    r"unless|although|though|as|than|with|without|by|from|in|on|at|for|to|into|under|over|through|during|between|among|"
    r"is|are|was|were|has|have|had|did|does|will|would|can|could)\b)"
)
_BITS = np.arange(len(Evidence), dtype=np.uint32)
_PUNCTUATION = frozenset(',;:()“”"–—-.!?')


def phrases(sentence: str) -> list[Span]:
    """The sentence cut at punctuation, dashes, conjunctions, relative pronouns, prepositions and auxiliaries."""
    found, at = [], 0
    for seam in _SEAMS.finditer(sentence):
        if sentence[at : seam.start()].strip():
            found.append(Span(at, seam.start()))
            at = seam.end()
    if sentence[at:].strip():
        found.append(Span(at, len(sentence)))
    return found


def best_clause(
    sentence: str,
    concepts: tuple[Concept, ...],
    kinds: Floats,
    index: Bm25Index,
    analyzer: Analyzer,
) -> Span | None:
    """Return the run of phrases that answers best; None for a sentence of LONG words or fewer.

    It is at most SHARE of the sentence. `kinds`: (≥ E,) what the question finds in evidence of each
    kind: the sum of its `Asked` rows of `Coefficients.given`.
    """
    if len(_WORD.findall(sentence)) <= LONG:
        return None
    parts = phrases(sentence)
    strengths = [_strengths(sentence[p.start : p.end], concepts, index, analyzer) for p in parts]
    weight = np.array([c.idf for c in concepts], np.float32)
    weight /= max(float(weight.sum()), 1e-6)
    bits = np.array([evidence("x " + sentence[p.start : p.end]) for p in parts], np.uint32)
    worth = np.maximum(kinds[: len(_BITS)], 0)
    best, best_score = None, -1.0
    for first, last in _runs(parts, SHARE * len(sentence)):
        held = np.max([s.held for s in strengths[first : last + 1]], axis=0) if concepts else weight
        new = sum(s.new for s in strengths[first : last + 1])
        fits = (np.bitwise_or.reduce(bits[first : last + 1]) >> _BITS & 1) @ worth
        score = (
            float(held @ weight)
            + _FIT * float(fits)
            + _NEW * new
            + _SEAM * _at_seam(sentence, parts[first], parts[last])
        )
        if score > best_score:
            best, best_score = Span(parts[first].start, parts[last].end), score
    return best


class _Strengths(NamedTuple):
    held: Floats
    """(Q,) how surely the phrase holds each concept."""
    new: int
    """Content words that the question does not hold."""


def _strengths(
    phrase: str, concepts: tuple[Concept, ...], index: Bm25Index, analyzer: Analyzer
) -> _Strengths:
    numbers = [
        index.vocabulary.find(token.term) for token in analyzer.tokens(phrase) if not token.variant
    ]
    held = np.zeros(len(concepts), np.float32)
    asked: set[int] = set()
    for q, concept in enumerate(concepts):
        for reading in concept.readings:
            if reading.number in numbers:
                held[q] = max(
                    held[q], reading.strength * (0.5 if reading.bond is Bond.PREFIX else 1)
                )
                asked.add(reading.number)
    return _Strengths(held, sum(number not in asked for number in numbers))


def _runs(parts: list[Span], longest: float) -> Iterator[tuple[int, int]]:
    """Yield the first and last of every run of phrases of at most `longest` characters.

    A single phrase is a run whatever its length.
    """
    for first in range(len(parts)):
        yield first, first
        for last in range(first + 1, len(parts)):
            if parts[last].end - parts[first].start > longest:
                break
            yield first, last


def _at_seam(sentence: str, first: Span, last: Span) -> int:
    opens = first.start == 0 or sentence[: first.start].rstrip()[-1:] in _PUNCTUATION
    closes = (
        last.end == len(sentence)
        or sentence[last.end - 1] in _PUNCTUATION
        or sentence[last.end :].lstrip()[:1] in _PUNCTUATION
    )
    return opens + closes
