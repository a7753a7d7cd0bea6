"""Calibration of an embedding model: its cosines mapped to the scale of the model that a ranker was fitted on.

Cosines of different models do not compare: of unrelated texts they are near .73 with multilingual-e5-small and near .04
with all-MiniLM-L6-v2. For a model that no ranker was fitted on, forty probes (questions of our own, each with a
sentence that answers it) show what its cosines are like. docs/retrieval.md says how well that works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from bot.search.embedding.embedder import Floats, ModelError, ModelFamily

PROBES = Path(__file__).parent.parent / "data" / "probes.tsv"

LEAST_FOUND = 0.5
"""A model for which fewer of the probes have their own answer nearest is not used at all."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps a cosine of one model to another's scale: `factor` · cosine + `offset`."""

    factor: float = 1.0
    offset: float = 0.0

    def of(self, cosines: Floats) -> Floats:
        """Map `cosines`; the same array if the scale is."""
        if self == SAME:
            return cosines
        return np.asarray(cosines * np.float32(self.factor) + np.float32(self.offset), np.float32)


SAME = Scale()


@dataclass(frozen=True, slots=True)
class Cosines:
    """Statistics of a model's cosines between the probes' questions and sentences."""

    others: float
    """The mean of those to sentences that answer other questions."""
    spread: float
    """The standard deviation of those to their own answers."""

    @classmethod
    def of(cls, questions: Floats, answers: Floats) -> Cosines:
        """Compute them from the probes' (N, D) unit vectors, in order.

        Raises:
            ModelError: the model tells answers from other sentences too badly to be used.

        """
        cosines = questions @ answers.T
        own = np.eye(len(cosines), dtype=bool)
        found = float((cosines.argmax(axis=1) == np.arange(len(cosines))).mean())
        spread = float(cosines[own].std())
        if found < LEAST_FOUND or spread < _LEAST_SPREAD:
            raise ModelError(
                f"finds the answer to only {found:.0%} of {len(cosines)} plain English questions:"
                " choose another model, or one that reads English too"
            )
        return cls(float(cosines[~own].mean()), spread)

    def on(self, scale: Cosines) -> Scale:
        """Derive the mapping to another model's `scale`."""
        factor = scale.spread / self.spread
        return Scale(factor, scale.others - factor * self.others)


_LEAST_SPREAD = 1e-3

KNOWN: Mapping[ModelFamily, Cosines] = MappingProxyType({
    ModelFamily.E5: Cosines(others=0.729, spread=0.0317),
    ModelFamily.MINILM: Cosines(others=0.041, spread=0.1248),
})  # fmt: skip
"""Measured with the bundled model, and with all-MiniLM-L6-v2 in eight bits."""


@dataclass(frozen=True, slots=True)
class Scales:
    """The mappings of a model's cosines for its rankers: for questions in the texts' language, and for others."""

    own: Scale = SAME
    foreign: Scale = SAME

    @classmethod
    def of(cls, cosines: Cosines) -> Scales:
        """Derive them for a model that nothing was fitted on (`rankers.ranker_for`)."""
        return cls(cosines.on(KNOWN[ModelFamily.MINILM]), cosines.on(KNOWN[ModelFamily.E5]))


AS_THEY_ARE = Scales()


@cache
def probes() -> tuple[tuple[str, str], ...]:
    """Load the questions, each with the sentence that answers it."""
    lines = PROBES.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((question, answer) for question, answer in pairs)
