"""Where the answer begins and ends in a passage, as the reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.models import Span

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]

LONGEST = 24
"""Tokens of the longest run that is taken for an answer."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerEnds:
    """T tokens of a passage, and how likely the answer begins and ends with each."""

    offsets: Offsets
    """(T, 2) where each token begins and ends, in characters of the passage."""
    first: Floats
    last: Floats
    """(T,) probabilities; each sums to 1."""

    @classmethod
    def of(cls, offsets: Offsets, logits: Floats) -> AnswerEnds:
        """Return the ends by their `logits`, (T, 2); T is 1 at least."""
        likely = np.exp(logits - logits.max(axis=0))
        first, last = (likely / likely.sum(axis=0)).T
        return cls(offsets, first, last)

    @property
    def spans(self) -> Floats:
        """(T, T) how likely the answer goes from each token to each, of at most LONGEST; sums to 1."""
        place = np.arange(len(self.first))
        width = place[None, :] - place[:, None]
        likely = np.outer(self.first, self.last) * ((width >= 0) & (width < LONGEST))
        return np.asarray(likely / max(float(likely.sum()), 1e-9), np.float32)

    @property
    def span(self) -> Span:
        """Return the likeliest run of tokens."""
        start, end = divmod(int(self.spans.argmax()), len(self.first))
        return Span(int(self.offsets[start, 0]), int(self.offsets[end, 1]))

    def inside(self, part: Span) -> AnswerEnds:
        """Return the ends with offsets counted from the beginning of `part`."""
        return AnswerEnds(self.offsets - part.start, self.first, self.last)
