"""The clause of a long sentence that answers best."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.models import Span
from bot.retrieval.analysis import Token

LONG = 12
"""Words from which on a sentence is long enough for a part of it to stand out."""

_BREAK = re.compile(
    r"\s*[,;:]\s+|\s+[–—-]\s+|\s*—\s*|\s+(?=(?:because|while|when|after|before|although|which|who|"
    r"that|if|but|and|or|as|due to|with|in order to)\s)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")


def best_clause(text: str, tokens: Sequence[Token], weight: Callable[[str], float]) -> Span | None:
    """Return where the clause of `text` stands that holds the most of what was asked.

    `tokens` are the sentence's own; `weight` is what a term is worth to the question. None when
    the sentence is short, or nothing in it stands out.
    """
    if len(_WORDS.findall(text)) < LONG:
        return None
    clauses = _clauses(text)
    worth = [
        sum({t.term: weight(t.term) for t in tokens if c.start <= t.start < c.end}.values())
        for c in clauses
    ]
    best = max(range(len(clauses)), key=lambda i: worth[i])
    if len(clauses) == 1 or worth[best] <= 0:
        return None
    return clauses[best]


def _clauses(text: str) -> list[Span]:
    """Return the clauses of `text`, none shorter than three words."""
    edges = [(m.start(), m.end()) for m in _BREAK.finditer(text)]
    clauses: list[Span] = []
    start = 0
    for stop, resume in (*edges, (len(text), len(text))):
        if len(_WORDS.findall(text[start:stop])) >= 3:
            clauses.append(Span(start, stop))
            start = resume
    if clauses and start < len(text):
        clauses[-1] = Span(clauses[-1].start, len(text))
    return clauses or [Span(0, len(text))]
