"""Words that mean something alike: vectors counted from WordNet's definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

COMMON = 0.8
"""How much of its weight the most everyday word loses."""

UNLIKE = 0.2
"""The cosine that unrelated words reach by chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Associations:
    """Stems with their vectors; row 0 stands for every stem that has none."""

    rows: Mapping[str, int]
    """stem → row, from 1."""
    vectors: npt.NDArray[np.float32]
    """(N+1, D), unit length; row 0 is zero."""
    commonness: npt.NDArray[np.float32]
    """(N+1,) how everyday a stem is in English: 0 rare … 1, by the logarithm of its count."""

    @property
    def informativeness(self) -> npt.NDArray[np.float32]:
        """(N+1,) what a stem's commonness leaves of its weight."""
        return 1 - COMMON * self.commonness

    def row(self, stem: str) -> int:
        """Return the stem's row; 0 for one without a vector."""
        return self.rows.get(stem, 0)


def load_associations(path: Path) -> Associations:
    """Return the associations in the `.npz` file `path`, as benchmarks/vectors.py wrote it."""
    with np.load(path, allow_pickle=False) as file:
        stems = str(file["terms"]).split("\n")
        vectors = file["vectors"].astype(np.float32)
        commonness = file["commonness"].astype(np.float32) / 255
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    nothing = np.zeros((1, vectors.shape[1]), np.float32)
    return Associations(
        {stem: number for number, stem in enumerate(stems, start=1)},
        np.ascontiguousarray(np.concatenate([nothing, vectors])),  # a row is read at once
        np.concatenate([np.zeros(1, np.float32), commonness]),
    )
