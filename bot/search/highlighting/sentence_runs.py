"""The runs of phrases of a sentence that may be set in bold, with what is the same for every question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.models import Span
from bot.search.feature_group import Column, FeatureGroup, Floats, as_matrix
from bot.search.highlighting.phrases import Rows, clause_edges, phrases, runs_within
from bot.search.language.analysis import Analyzer, Token
from bot.search.query.question_types import evidence_in

Bools = NDArray[np.bool_]
Bits = NDArray[np.int64]

REMEMBERED = 256
"""Sentences whose runs are remembered, since members ask about the same ones: 5 KB each as a rule, 55 at most."""

_RELATIVE = re.compile(
    r"(?:which|who|that|whose|where|when|while|although|though|if|including|also)\b", re.IGNORECASE
)
_CAUSE = re.compile(r"\W*(?:because|so|to|since|due|as|for)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class EdgeFeatures(FeatureGroup):
    """Where a run is and how it begins and ends."""

    share: Column
    """Of the sentence's characters."""
    opening: Bools
    """It begins with the sentence."""
    opens: Bools
    closes: Bools
    """It begins, or ends, with a clause."""
    relative: Bools
    parenthesis: Bools
    half_parenthesis: Bools

    @classmethod
    def of(cls, sentence: str, parts: Sequence[Span], first: Rows, last: Rows) -> EdgeFeatures:
        """Look at the runs from phrase `first` to `last` of `parts`."""
        starts, ends = clause_edges(sentence)
        texts = [sentence[part.start : part.end] for part in parts]
        opened = np.cumsum([0, *(text.count("(") - text.count(")") for text in texts)])
        offsets = np.array(parts)
        return cls(
            share=(offsets[last, 1] - offsets[first, 0]) / len(sentence),
            opening=first == 0,
            opens=np.array([part.start in starts for part in parts])[first],
            closes=np.array([part.end in ends for part in parts])[last],
            relative=_begins_with(_RELATIVE, sentence, parts)[first],
            parenthesis=np.array([text.startswith("(") for text in texts])[first],
            half_parenthesis=opened[last + 1] != opened[first],
        )


@dataclass(frozen=True, slots=True, eq=False)
class SentenceRuns:
    """The N words of a sentence, and the R runs of its phrases that may be set in bold."""

    tokens: tuple[Token, ...]
    evidence: Bits
    """(N,) the bits of `Evidence` in each word by itself."""
    starts: Rows
    ends: Rows
    """(R,) offsets in the sentence."""
    first_word: Rows
    end_word: Rows
    """(R,) the first word of each run, and the one after its last."""
    causes: Bools
    """(R,) whether it begins with “because”, “to” or the like."""
    edges: Floats
    """(R, len(EdgeFeatures))"""

    @classmethod
    def of(cls, sentence: str, analyzer: Analyzer) -> SentenceRuns:
        """Find the runs in `sentence`."""
        parts = phrases(sentence)
        first, last = runs_within(sentence, parts)
        offsets = np.array(parts)
        starts, ends = offsets[first, 0], offsets[last, 1]
        tokens = tuple(token for token in analyzer.tokens(sentence) if not token.variant)
        token_starts = np.array([token.start for token in tokens], np.int64)
        return cls(
            tokens=tokens,
            evidence=np.array(
                [_word_evidence(sentence[t.start : t.end]) for t in tokens], np.int64
            ),
            starts=starts,
            ends=ends,
            first_word=token_starts.searchsorted(starts),
            end_word=token_starts.searchsorted(ends),
            causes=_begins_with(_CAUSE, sentence, parts)[first],
            edges=as_matrix([EdgeFeatures.of(sentence, parts, first, last)], len(first)),
        )


@lru_cache(maxsize=REMEMBERED)
def sentence_runs(sentence: str, analyzer: Analyzer) -> SentenceRuns:
    """`SentenceRuns.of`, remembered."""
    return SentenceRuns.of(sentence, analyzer)


def _begins_with(pattern: re.Pattern[str], sentence: str, parts: Sequence[Span]) -> Bools:
    """(len(parts),) whether each phrase begins with `pattern`."""
    return np.array([bool(pattern.match(sentence, part.start)) for part in parts])


@lru_cache(maxsize=1 << 14)
def _word_evidence(word: str) -> int:
    return evidence_in("x " + word)  # not at the opening, where every word is capitalised
