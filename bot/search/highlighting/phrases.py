"""A sentence → its phrases, and the runs of phrases that may be set in bold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.models import Span
from bot.search.highlighting.match_location import WIDEST

Rows = NDArray[np.int64]

SHARE = 0.45  # of the sentence's characters that may be bold, and never more than WIDEST

_PIECE = 60  # characters of the pieces that a phrase is cut into if it is too long to be bold
_BETWEEN = " \n，、；。،؛"
_MOST_PHRASES = 32  # of a run, so that a list of a thousand things does not make it slow
_PAUSES = r"(?<=[;:)”\"])\s+|(?<=,)\s+(?!\d)|(?<=\D,)\s+|\s+(?=[(“\"])|\s*[–—]\s*|\s-\s"
_CLAUSE_OPENINGS = (
    "and|but|or|nor|because|which|who|whose|whom|that|when|where|while|whereas|if|so|after|before|since"
    "|until|unless|although|though|due to|in order to"
)
_PHRASE_OPENINGS = (
    "as|than|with|without|by|from|in|on|at|for|to|into|under|over|through|during|between|among|is|are"
    "|was|were|has|have|had|did|does|will|would|can|could"
)
_SEAM = r"(?=[\s–—])"  # a cheap first test, which most characters fail
_CLAUSE_SEAMS = re.compile(rf"{_SEAM}(?:{_PAUSES}|\s+(?=(?:{_CLAUSE_OPENINGS})\b))")
_PHRASE_SEAMS = re.compile(
    rf"{_SEAM}(?:{_PAUSES}|\s+(?=(?:{_CLAUSE_OPENINGS}|{_PHRASE_OPENINGS})\b))"
)
_CONDITIONS = re.compile(
    r"(?:[,;:–—(\"“]\s*|\b(?:that|and|but|or|so|which|because|whether)\s+)"
    r"((?:if|unless|when|whenever|once|while|although|though|because|since|as|after|before|until|where|given"
    r"|despite)\b[^,;:–—]*),",
    re.IGNORECASE,
)
"""A clause that comes before its main clause, with the comma between the two."""

_LEADS_ON = frozenset(f"{_CLAUSE_OPENINGS}|{_PHRASE_OPENINGS}|of|a|an|the|not|be|been".split("|"))


def phrases(sentence: str) -> list[Span]:
    """Cut `sentence` at punctuation, conjunctions, prepositions and auxiliaries.

    What has none of these for more than WIDEST characters is cut between words, or anywhere in
    scripts without spaces.
    """
    found: list[Span] = []
    at = 0
    for seam in _PHRASE_SEAMS.finditer(sentence):
        if sentence[at : seam.start()].strip():
            found += _pieces(sentence, Span(at, seam.start()))
            at = seam.end()
    if sentence[at:].strip():
        found += _pieces(sentence, Span(at, len(sentence)))
    return found


def runs_within(sentence: str, parts: Sequence[Span]) -> tuple[Rows, Rows]:
    """(R,) each: the first and the last phrase of every run that may be bold.

    It is short enough, and does not end with a word that leads on, nor between a condition and its consequence (“they
    said that if it rained,”), though a condition alone is a run. There is always one run at least.
    """
    most = min(SHARE * len(sentence), WIDEST)
    runs = [
        (first, last)
        for first, part in enumerate(parts)
        for last in range(first, min(first + _MOST_PHRASES, len(parts)))
        if parts[last].end - part.start <= most
    ] or [(first, first) for first in range(len(parts))]
    leads_on = [_last_word(sentence[part.start : part.end]) in _LEADS_ON for part in parts]
    conditions = {clause.end(1): clause.start(1) for clause in _CONDITIONS.finditer(sentence)}
    bare_ends = [len(sentence[: part.end].rstrip(",;: ")) for part in parts]
    ending_well = [
        (first, last)
        for first, last in runs
        if not leads_on[last] and parts[first].start >= conditions.get(bare_ends[last], 0)
    ]
    first, last = np.array(ending_well or runs, np.int64).T
    return first, last


def clause_edges(sentence: str) -> tuple[set[int], set[int]]:
    """The offsets at which clauses of `sentence` start, and those at which they end."""
    seams = list(_CLAUSE_SEAMS.finditer(sentence))
    starts = {0, *(seam.end() for seam in seams)}
    ends = {len(sentence), *(seam.start() for seam in seams)}
    return starts, ends


def part_around(sentence: str, middle: int, length: int) -> Span:
    """The part of `length` characters around `middle`, cut between words; shorter at the sentence's ends."""
    start = max(0, min(middle - length // 2, len(sentence) - length))
    end = min(len(sentence), start + length)
    space = sentence.find(" ", start, start + _PIECE) + 1 if start else 0
    return Span(space or start, end if end == len(sentence) else _cut_at(sentence, start, end))


def _pieces(sentence: str, phrase: Span) -> Iterator[Span]:
    start, end = phrase
    while end - start > WIDEST:
        cut = _cut_at(sentence, start, start + _PIECE)
        if sentence[start:cut].strip():
            yield Span(start, cut)
        start = cut
        while start < end and sentence[start].isspace():
            start += 1
    if sentence[start:end].strip():
        yield Span(start, end)


def _cut_at(text: str, start: int, end: int) -> int:
    """Where to cut `text[start:end]`: at its last space or pause, if it has one."""
    found = max(text.rfind(mark, start + 1, end) for mark in _BETWEEN)
    return found + (text[found] != " ") if found > start else end


def _last_word(text: str) -> str:
    return text.rstrip(',;:()“”"–—-.!? ').rpartition(" ")[2].lower()
