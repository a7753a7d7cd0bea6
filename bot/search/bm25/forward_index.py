"""The forward index: passage → its terms, in order. What an index is built from, and ranking reads."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.vocabulary import Vocabulary

MAX_PASSAGES = (1 << 31) - 1


@dataclass(frozen=True, slots=True, eq=False)
class ForwardIndex:
    """The terms of N passages, as numbers of the vocabulary."""

    vocabulary: Vocabulary
    """All terms of the passages, and perhaps more."""
    tokens: NDArray[np.int32]
    """The terms of all passages, one passage after another."""
    token_starts: NDArray[np.int64]
    """(N+1,) where each passage begins in `tokens`."""

    @classmethod
    def build(
        cls, passages: Iterable[Sequence[str]], extra_terms: Iterable[str] = ()
    ) -> ForwardIndex:
        """Number the terms of `passages`, read one at a time, and `extra_terms` that no passage may have.

        Raises:
            TypeError: if a passage is a string, whose letters would be taken for terms.
            ValueError: if there are too many passages.

        """
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        tokens, starts = array("i"), array("q", [0])
        for terms in passages:
            if isinstance(terms, str):
                raise TypeError("a passage must be a list of terms, not a string")
            tokens.extend(map(numbers.__getitem__, terms))
            starts.append(len(tokens))
        if len(starts) - 1 > MAX_PASSAGES:
            raise ValueError(f"{len(starts) - 1} passages; there may be {MAX_PASSAGES} at most")
        for term in extra_terms:
            numbers[term]  # a look-up numbers the term
        vocabulary, renumbered = Vocabulary.build(list(numbers))
        found = np.frombuffer(tokens, np.int32)
        return cls(
            vocabulary,
            renumbered.astype(np.int32).take(found) if len(found) else found,
            np.frombuffer(starts, np.int64),
        )

    @property
    def corpus_size(self) -> int:
        """The number of passages, N."""
        return len(self.token_starts) - 1

    @property
    def average_length(self) -> float:
        """Terms in a passage, on average; 0 where there is no passage."""
        return len(self.tokens) / self.corpus_size if self.corpus_size else 0.0

    def terms_of(self, passage: int) -> list[str]:
        """The terms of one passage, in order."""
        start, end = self.token_starts[passage : passage + 2].tolist()
        return [self.vocabulary.term(number) for number in self.tokens[start:end].tolist()]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays to save, by name."""
        own: dict[str, NDArray[Any]] = {"tokens": self.tokens, "token_starts": self.token_starts}
        return own | self.vocabulary.arrays()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ForwardIndex:
        """The forward index that `arrays` were saved from."""
        return cls(Vocabulary.from_arrays(arrays), arrays["tokens"], arrays["token_starts"])
