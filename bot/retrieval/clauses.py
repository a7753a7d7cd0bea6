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
_SEAM = 0.3  # what beginning or ending at punctuation is worth, each
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_SEAMS = re.compile(
    r"(?=[\s–—])(?:"  # most characters are none of these
    r"(?<=[,;:)”\"])\s+|\s+(?=[(“\"])|\s*[–—]\s*|\s-\s"
    r"|\s+(?=(?:and|but|or|nor|because|which|who|whose|whom|that|when|where|while|whereas|if|so|after"
    r"|before|since|until|unless|although|though|as|than|with|without|by|from|in|on|at|for|to|into"
    r"|under|over|through|during|between|among|is|are|was|were|has|have|had|did|does|will|would|can"
    r"|could)\b))"
)
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
    for seam in _SEAMS.finditer(sentence):
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
    of the kind it asks for, near those that it does hold.
    """
    if len(sentence) < 2 * LONG or len(_WORD.findall(sentence)) <= LONG:
        return None
    parts = phrases(sentence)
    worth = [0.0, *accumulate(_worths(sentence, parts, concepts, asked, analyzer))]
    opens, closes = _seams(sentence, parts)
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
    return best


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


def _seams(sentence: str, parts: list[Span]) -> tuple[list[float], list[float]]:
    """Return what each phrase gains by beginning, and by ending, at punctuation."""
    opens = [p.start == 0 or sentence[: p.start].rstrip()[-1:] in _PUNCTUATION for p in parts]
    closes = [
        p.end == len(sentence)
        or sentence[p.end - 1] in _PUNCTUATION
        or sentence[p.end :].lstrip()[:1] in _PUNCTUATION
        for p in parts
    ]
    return [_SEAM * yes for yes in opens], [_SEAM * yes for yes in closes]
