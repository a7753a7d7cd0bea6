"""What ranking needs to know of each passage beyond its terms, as flat arrays computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.language.word_vectors import WordVectors

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]

_CHUNK = 2_000
"""Passages at a time: the vectors of their words take some 20 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class PassageTable:
    """Columns over P passages in reading order, N posts, S sources and V terms."""

    forward: ForwardIndex
    """Numbers the terms, and holds those of all passages."""
    evidence: NDArray[np.uint32]
    """(P,) bits of `cues.Evidence`."""
    bags: NDArray[np.int8]
    """(P, D) the sum of each passage's word vectors, scaled to a length of 127."""
    vector_row: Ints
    """(V,) each term's row in the word vectors; 0 for none."""
    numeric: NDArray[np.bool_]
    """(V,) whether a term is a number."""
    post_starts: Offsets
    """(N+1,) the first passage of each post."""
    source_starts: Offsets
    """(S+1,) the first passage of each source."""
    post_of: Ints
    """(P,) the post of each passage."""
    source_of: Ints
    """(P,) the source of each passage."""
    titled: Mapping[int, frozenset[int]]
    """term number → the sources whose title or author holds it."""

    @property
    def size(self) -> int:
        """P, the number of passages."""
        return len(self.evidence)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Collect the arrays that are saved because they are expensive to compute; the forward index saves its own."""
        return {
            "evidence": self.evidence,
            "bags": self.bags.ravel(),
            "vector_row": self.vector_row,
            "numeric": self.numeric,
        }

    @classmethod
    def of(
        cls,
        forward: ForwardIndex,
        arrays: Mapping[str, NDArray[Any]],
        post_starts: Offsets,
        source_starts: Offsets,
        headings: Sequence[Iterable[str]],
    ) -> PassageTable:
        """Build the table from saved `arrays`; the rest is quick to compute.

        `headings`: for each source the terms of its title and author.
        """
        titled: dict[int, set[int]] = {}
        for source, terms in enumerate(headings):
            for term in terms:
                number = forward.vocabulary.find(term)
                if number >= 0:
                    titled.setdefault(number, set()).add(source)
        size = forward.corpus_size
        return cls(
            forward=forward,
            evidence=arrays["evidence"],
            bags=arrays["bags"].reshape(size, -1) if size else np.zeros((0, 1), np.int8),
            vector_row=arrays["vector_row"],
            numeric=arrays["numeric"],
            post_starts=post_starts,
            source_starts=source_starts,
            post_of=_owners(post_starts),
            source_of=_owners(source_starts),
            titled={number: frozenset(sources) for number, sources in titled.items()},
        )


def saved_arrays(
    forward: ForwardIndex, evidence: NDArray[np.uint32], word_vectors: WordVectors
) -> dict[str, NDArray[Any]]:
    """Compute the arrays that `PassageTable.of` takes; `evidence`: (P,) of the indexed passages."""
    vector_row = np.array([word_vectors.row(term) for term in forward.vocabulary], np.int32)
    numeric = np.array([term[:1].isdigit() for term in forward.vocabulary], np.bool_)
    return {
        "evidence": evidence,
        "bags": _bags(forward, vector_row, word_vectors),
        "vector_row": vector_row,
        "numeric": numeric,
    }


def _owners(starts: Offsets) -> Ints:
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def _bags(forward: ForwardIndex, vector_row: Ints, word_vectors: WordVectors) -> NDArray[np.int8]:
    starts = forward.token_starts
    bags = np.zeros((len(starts) - 1, word_vectors.vectors.shape[1]), np.int8)
    for begin in range(0, len(bags), _CHUNK):
        end = min(begin + _CHUNK, len(bags))
        words = vector_row[forward.tokens[starts[begin] : starts[end]]]
        not_empty = np.flatnonzero(np.diff(starts[begin : end + 1]))
        if len(not_empty):
            vectors = word_vectors.vectors[words] * word_vectors.informativeness[words][:, None]
            sums = np.add.reduceat(vectors, (starts[begin:end] - starts[begin])[not_empty], axis=0)
            sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
            bags[begin + not_empty] = np.round(sums * 127).astype(np.int8)
    return bags
