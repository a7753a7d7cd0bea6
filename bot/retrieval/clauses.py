"""The part of a long sentence that answers best: a run of its phrases, to be set in bold."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType

from bot.models import Span
from bot.retrieval.analysis import Analyzer
from bot.retrieval.concepts import Concept
from bot.retrieval.cues import Asked, Evidence
from bot.retrieval.questions import evidence

LONG = 25  # words; a shorter sentence is read at a glance
SHARE = 0.45  # of the sentence's characters that may be bold
_ASKED_WORD = 0.15  # what a word of the question is worth, where a new word is worth about 1
_NEAR = 4.0  # words over which the pull of a word of the question falls to a third
_FAR = 0.15  # what a new word is worth however far from the words of the question
_FIT = 2.0  # how much more a word of the kind asked for is worth
_OPENS = 2.0  # what beginning where a clause does is worth: elsewhere it reads badly
_CLOSES = 1.0  # and ending where one does
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_PAUSES = r"(?<=[,;:)”\"])\s+|\s+(?=[(“\"])|\s*[–—]\s*|\s-\s"
_BEGINS = (
    "and|but|or|nor|because|which|who|whose|whom|that|when|where|while|whereas|if|so|after|before|since"
    "|until|unless|although|though|due to|in order to"
)
_GOES_ON = (
    "as|than|with|without|by|from|in|on|at|for|to|into|under|over|through|during|between|among|is|are"
    "|was|were|has|have|had|did|does|will|would|can|could"
)
_SEAM = r"(?=[\s–—])"  # most characters are neither, and need no closer look
_CLAUSES = re.compile(rf"{_SEAM}(?:{_PAUSES}|\s+(?=(?:{_BEGINS})\b))")
_PHRASES = re.compile(rf"{_SEAM}(?:{_PAUSES}|\s+(?=(?:{_BEGINS}|{_GOES_ON})\b))")
_AMOUNT = Evidence.NUMBER | Evidence.MONEY | Evidence.PERCENT
_WANTED = MappingProxyType({
    Asked.WHEN: Evidence.DATE | Evidence.YEAR | Evidence.CLOCK | Evidence.NUMBER,
    Asked.HOW_LONG: _AMOUNT | Evidence.DURATION,
    Asked.HOW_OFTEN: Evidence.FREQUENCY | Evidence.NUMBER,
    Asked.HOW_MANY: _AMOUNT,
    Asked.MONEY: _AMOUNT,
    Asked.SHARE: _AMOUNT,
    Asked.MEASURE: _AMOUNT | Evidence.MEASURE,
    Asked.WHO: Evidence.NAME,
    Asked.WHERE: Evidence.NAME | Evidence.PLACE,
    Asked.WHY: Evidence.CAUSE,
})  # fmt: skip
"""The words that answer a question of each kind, by what evidence a single word gives."""
_PUNCTUATION = frozenset(',;:()“”"–—-.!?')


def phrases(sentence: str) -> list[Span]:
    """Return `sentence` cut at punctuation, conjunctions, prepositions and auxiliaries."""
    found, at = [], 0
    for seam in _PHRASES.finditer(sentence):
        if sentence[at : seam.start()].strip():
            found.append(Span(at, seam.start()))
            at = seam.end()
    if sentence[at:].strip():
        found.append(Span(at, len(sentence)))
    return found


def best_clause(
    sentence: str, concepts: Iterable[Concept], asked: Iterable[Asked], analyzer: Analyzer
) -> Span | None:
    """Return the run of phrases that answers best; None for a sentence of LONG words or fewer.

    It is at most SHARE of the sentence. An answer is made of words that the question does not hold,
    of the kind it asks for, near those that it does hold. It begins and ends where a clause does,
    unless that leaves too much out.
    """
    if len(sentence) < 2 * LONG or len(_WORD.findall(sentence)) <= LONG:
        return None
    parts = phrases(sentence)
    worth = [0.0, *accumulate(_worths(sentence, parts, concepts, asked, analyzer))]
    opens, closes = _edges(sentence, parts)
    best, best_score = parts[0], -1.0
    for first, part in enumerate(parts):
        last = first
        while True:
            score = worth[last + 1] - worth[first] + opens[first] + closes[last]
            if score > best_score:
                best, best_score = Span(part.start, parts[last].end), score
            last += 1
            if last == len(parts) or parts[last].end - part.start > SHARE * len(sentence):
                break
    clause = sentence[best.start : best.end].rstrip(",;: ")
    return Span(best.start, best.start + len(clause)) if clause else best


def _worths(
    sentence: str,
    parts: list[Span],
    concepts: Iterable[Concept],
    asked: Iterable[Asked],
    analyzer: Analyzer,
) -> list[float]:
    """Return what it is worth to have each phrase in bold: the sum of its words' worths."""
    weight: dict[str, float] = {}
    for concept in concepts:
        for reading in concept.readings:
            value = concept.idf * reading.strength
            weight[reading.term] = max(weight.get(reading.term, 0.0), value)
    wanted = 0
    for kind in asked:
        wanted |= int(_WANTED.get(kind, 0))
    tokens = [token for token in analyzer.tokens(sentence) if not token.variant]
    held = [(place, weight[t.term]) for place, t in enumerate(tokens) if t.term in weight]
    total = max(sum(value for _, value in held), 1e-6)
    fall = [math.exp(-(distance - 1) / _NEAR) for distance in range(len(tokens))]
    starts = [part.start for part in parts]
    worths = [0.0] * len(parts)
    for place, token in enumerate(tokens):
        if token.term in weight:
            value = _ASKED_WORD
        else:
            pull = sum([w * fall[abs(place - other)] for other, w in held])
            fits = wanted and _word_evidence(sentence[token.start : token.end]) & wanted
            value = (_FAR + pull / total) * (_FIT if fits else 1.0)
        worths[max(bisect_right(starts, token.start) - 1, 0)] += value
    return worths


@lru_cache(maxsize=1 << 14)
def _word_evidence(word: str) -> int:
    return evidence("x " + word)  # not at the opening, where every word has a capital


def _edges(sentence: str, parts: list[Span]) -> tuple[list[float], list[float]]:
    """Return what each phrase gains by beginning, and by ending, where a clause does."""
    seams = list(_CLAUSES.finditer(sentence))
    starts = {0, *(seam.end() for seam in seams)}
    ends = {len(sentence), *(seam.start() for seam in seams)}
    return [_OPENS * (p.start in starts) for p in parts], [_CLOSES * (p.end in ends) for p in parts]
