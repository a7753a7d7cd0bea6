"""English word vectors counted from WordNet's definitions: words that mean something alike lie close together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.search.data_files import DATA

COMMON_WORD_DISCOUNT = 0.8
"""The share of its weight that the most common word of English loses."""

CHANCE_COSINE = 0.2
"""The cosine that unrelated words reach by chance."""


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """Stems with their vectors; row 0 stands for every stem that has none."""

    rows: Mapping[str, int]
    """stem → row, from 1."""
    vectors: npt.NDArray[np.float32]
    """(N+1, D), unit length; row 0 is zero."""
    commonness: npt.NDArray[np.float32]
    """(N+1,) how common a stem is in English: 0 rare … 1, by the logarithm of its count."""

    @property
    def informativeness(self) -> npt.NDArray[np.float32]:
        """(N+1,) the share of its weight that a stem keeps after the discount for common words."""
        return 1 - COMMON_WORD_DISCOUNT * self.commonness

    def row(self, stem: str) -> int:
        """Find the stem's row; 0 for one without a vector."""
        return self.rows.get(stem, 0)


@cache
def english_word_vectors() -> WordVectors:
    """Load the word vectors that come with the package."""
    return load_word_vectors(DATA / "word_vectors.npz")


def load_word_vectors(path: Path) -> WordVectors:
    """Load the `.npz` file that benchmarks/vectors.py wrote."""
    with np.load(path, allow_pickle=False) as file:
        stems = str(file["terms"]).split("\n")
        vectors = file["vectors"].astype(np.float32)
        commonness = file["commonness"].astype(np.float32) / 255
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    nothing = np.zeros((1, vectors.shape[1]), np.float32)
    return WordVectors(
        {stem: number for number, stem in enumerate(stems, start=1)},
        np.ascontiguousarray(np.concatenate([nothing, vectors])),  # looked up row by row
        np.concatenate([np.zeros(1, np.float32), commonness]),
    )
