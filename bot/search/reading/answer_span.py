"""Where the answer is in a passage, by the reader's probabilities that it starts and ends at each token."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.models import Span

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]

LONGEST = 24
"""The most tokens of an answer."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerSpan:
    """The T tokens of a passage, with the probabilities that the answer starts and ends at each."""

    offsets: Offsets
    """(T, 2) each token's start and end, in characters of the passage."""
    first: Floats
    last: Floats
    """(T,) probabilities; each sums to 1."""

    @classmethod
    def of(cls, offsets: Offsets, logits: Floats) -> AnswerSpan:
        """Apply the softmax to `logits`, (T, 2); T is 1 at least."""
        likely = np.exp(logits - logits.max(axis=0))
        first, last = (likely / likely.sum(axis=0)).T
        return cls(offsets, first, last)

    @property
    def spans(self) -> Floats:
        """(T, T) the probability of each span of at most LONGEST tokens, by first and last token; sums to 1."""
        place = np.arange(len(self.first))
        width = place[None, :] - place[:, None]
        likely = np.outer(self.first, self.last) * ((width >= 0) & (width < LONGEST))
        return np.asarray(likely / max(float(likely.sum()), 1e-9), np.float32)

    @property
    def likeliest(self) -> Span:
        """The most probable span, in characters."""
        start, end = divmod(int(self.spans.argmax()), len(self.first))
        return Span(int(self.offsets[start, 0]), int(self.offsets[end, 1]))

    def inside(self, part: Span) -> AnswerSpan:
        """The same with offsets counted from the start of `part` of the passage."""
        return AnswerSpan(self.offsets - part.start, self.first, self.last)
