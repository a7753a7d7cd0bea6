"""The part of a long sentence that answers best: a run of its phrases, to be set in bold."""

from __future__ import annotations

import re
from bisect import bisect_left

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
    held, new = _strengths(sentence, parts, concepts, index, analyzer)
    bits = np.array([evidence("x " + sentence[p.start : p.end]) for p in parts], np.uint32)
    worth = np.maximum(kinds[: len(_BITS)], 0)
    opens, closes = _seams(sentence, parts)
    longest = SHARE * len(sentence)
    best, best_score = parts[0], -1.0
    for first, part in enumerate(parts):
        # Runs that begin here, the shortest first; a single phrase is one whatever its length.
        most = next(
            (i for i in range(first + 1, len(parts)) if parts[i].end - part.start > longest),
            len(parts),
        )
        run = slice(first, most)
        fits = ((np.bitwise_or.accumulate(bits[run])[:, None] >> _BITS) & 1) @ worth
        scores = np.maximum.accumulate(held[run], axis=0).sum(axis=1)
        scores = scores + _FIT * fits + _NEW * np.cumsum(new[run])
        scores += _SEAM * (opens[first] + closes[run])
        last = int(scores.argmax())
        if scores[last] > best_score:
            best_score = float(scores[last])
            best = Span(part.start, parts[first + last].end)
    return best


def _strengths(
    sentence: str,
    parts: list[Span],
    concepts: tuple[Concept, ...],
    index: Bm25Index,
    analyzer: Analyzer,
) -> tuple[Floats, Floats]:
    """Return what each phrase holds of each concept's weight (P, Q), and its new words (P,)."""
    total = max(sum(concept.idf for concept in concepts), 1e-6)
    worth: dict[str, list[tuple[int, float]]] = {}
    for q, concept in enumerate(concepts):
        for reading in concept.readings:
            sure = 0.5 if reading.bond is Bond.PREFIX else 1.0
            share = reading.strength * sure * concept.idf / total
            worth.setdefault(reading.term, []).append((q, share))
    held = np.zeros((len(parts), max(len(concepts), 1)), np.float32)
    new: list[set[str]] = [set() for _ in parts]
    ends = [part.end for part in parts]
    for token in analyzer.tokens(sentence):
        p = bisect_left(ends, token.end)
        if token.variant or p == len(parts):
            continue
        if token.term not in worth:
            new[p].add(token.term)
        for q, share in worth.get(token.term, ()):
            held[p, q] = max(held[p, q], share)
    return held, np.array([len(words) for words in new], np.float32)


def _seams(sentence: str, parts: list[Span]) -> tuple[Floats, Floats]:
    """Return (P,) whether each phrase begins, and whether it ends, at punctuation."""
    opens = [p.start == 0 or sentence[: p.start].rstrip()[-1:] in _PUNCTUATION for p in parts]
    closes = [
        p.end == len(sentence)
        or sentence[p.end - 1] in _PUNCTUATION
        or sentence[p.end :].lstrip()[:1] in _PUNCTUATION
        for p in parts
    ]
    return np.array(opens, np.float32), np.array(closes, np.float32)
