"""What ranking needs to know of every passage beside the index, as flat arrays made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25.index import Bm25Index
from bot.search.language.word_vectors import Associations
from bot.search.query.question_types import evidence

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]

_CHUNK = 20_000
"""Passages at a time, so that float vectors of a large corpus never stand in memory together."""


@dataclass(frozen=True, slots=True, eq=False)
class PassageTable:
    """Columns over P passages, N posts, S sources and V terms; passages stand in reading order."""

    index: Bm25Index
    """Its vocabulary numbers the terms; its `tokens` are those of all passages."""
    evidence: NDArray[np.uint32]
    """(P,) bits of `cues.Evidence`."""
    bags: NDArray[np.int8]
    """(P, D) the direction of each passage's summed word vectors, 127 to 1."""
    association: Ints
    """(V,) each term's row in the associations; 0 for none."""
    numeric: NDArray[np.bool_]
    """(V,) whether a term is a number."""
    post_starts: Offsets
    """(N+1,) the first passage of each post."""
    source_starts: Offsets
    """(S+1,) the first passage of each source."""
    post_of: Ints
    """(P,) the post a passage stands in."""
    source_of: Ints
    """(P,) the source a passage stands in."""
    titled: Mapping[int, frozenset[int]]
    """term number → the sources whose title or author holds it."""

    @property
    def size(self) -> int:
        """The number of passages, P."""
        return len(self.evidence)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that are costly to make, by name; the index has its own."""
        return {
            "evidence": self.evidence,
            "bags": self.bags.ravel(),
            "association": self.association,
            "numeric": self.numeric,
        }

    @classmethod
    def of(
        cls,
        index: Bm25Index,
        arrays: Mapping[str, NDArray[Any]],
        post_starts: Offsets,
        source_starts: Offsets,
        headings: Sequence[Iterable[str]],
    ) -> PassageTable:
        """Return the table of costly `arrays` and what is quickly made.

        `headings`: for each source the terms of its title and author.
        """
        titled: dict[int, set[int]] = {}
        for source, terms in enumerate(headings):
            for term in terms:
                number = index.vocabulary.find(term)
                if number >= 0:
                    titled.setdefault(number, set()).add(source)
        size = index.corpus_size
        return cls(
            index=index,
            evidence=arrays["evidence"],
            bags=arrays["bags"].reshape(size, -1) if size else np.zeros((0, 1), np.int8),
            association=arrays["association"],
            numeric=arrays["numeric"],
            post_starts=post_starts,
            source_starts=source_starts,
            post_of=_owners(post_starts),
            source_of=_owners(source_starts),
            titled={number: frozenset(sources) for number, sources in titled.items()},
        )


def costly_arrays(
    index: Bm25Index, sentences: Iterable[str], associations: Associations
) -> dict[str, NDArray[Any]]:
    """Return the arrays that `PassageTable.of` wants, for the indexed `sentences`."""
    association = np.array([associations.row(term) for term in index.vocabulary], np.int32)
    numeric = np.array([term[:1].isdigit() for term in index.vocabulary], np.bool_)
    rows = association[index.tokens]
    return {
        "evidence": np.fromiter(map(evidence, sentences), np.uint32, index.corpus_size),
        "bags": _bags(rows, index.token_starts, associations),
        "association": association,
        "numeric": numeric,
    }


def _owners(starts: Offsets) -> Ints:
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def _bags(rows: Ints, starts: Offsets, associations: Associations) -> NDArray[np.int8]:
    bags = np.zeros((len(starts) - 1, associations.vectors.shape[1]), np.int8)
    for begin in range(0, len(bags), _CHUNK):
        end = min(begin + _CHUNK, len(bags))
        words = rows[starts[begin] : starts[end]]
        full = np.flatnonzero(np.diff(starts[begin : end + 1]))
        if len(full):
            vectors = associations.vectors[words] * associations.informativeness[words][:, None]
            sums = np.add.reduceat(vectors, (starts[begin:end] - starts[begin])[full], axis=0)
            sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
            bags[begin + full] = np.round(sums * 127).astype(np.int8)
    return bags
