"""What a model's cosines mean: brought to the scale of the model that a ranker was fitted on.

Cosines of one model say nothing on another's scale: of unrelated texts they are near .73 with
multilingual-e5-small and near .04 with all-MiniLM-L6-v2. Forty questions of our own, each with a
sentence that answers it and thirty-nine that do not, say what they are with a model that no ranker
has been fitted on. docs/retrieval.md says how well that does.
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
"""Share of the probes whose answer is nearest, below which a model is not to be trusted at all."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A cosine of one model as one of another: `factor` · cosine + `offset`."""

    factor: float = 1.0
    offset: float = 0.0

    def of(self, cosines: Floats) -> Floats:
        """Return `cosines` on the other scale; the very same where it is no other."""
        if self == SAME:
            return cosines
        return np.asarray(cosines * np.float32(self.factor) + np.float32(self.offset), np.float32)


SAME = Scale()


@dataclass(frozen=True, slots=True)
class Cosines:
    """What a model's cosines are like, from the probes' questions to sentences."""

    others: float
    """The mean of those to sentences that answer other questions."""
    spread: float
    """The standard deviation of those to their own answers."""

    @classmethod
    def of(cls, questions: Floats, answers: Floats) -> Cosines:
        """Return what they are for the probes' (N, D) unit vectors, in order.

        Raises:
            ModelError: the model tells answers too badly from other sentences to be of use.

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
        """Return what brings them to another model's `scale`."""
        factor = scale.spread / self.spread
        return Scale(factor, scale.others - factor * self.others)


_LEAST_SPREAD = 1e-3

KNOWN: Mapping[ModelFamily, Cosines] = MappingProxyType({
    ModelFamily.E5: Cosines(others=0.729, spread=0.0317),
    ModelFamily.MINILM: Cosines(others=0.041, spread=0.1248),
})  # fmt: skip
"""As measured with the bundled model, and with all-MiniLM-L6-v2 in eight bits."""


@dataclass(frozen=True, slots=True)
class Scales:
    """A model's cosines as its rankers want them: for questions in the texts' language, and others."""

    own: Scale = SAME
    foreign: Scale = SAME

    @classmethod
    def of(cls, cosines: Cosines) -> Scales:
        """Return those of a model that nothing was fitted on: see `rankers.ranker_for`."""
        return cls(cosines.on(KNOWN[ModelFamily.MINILM]), cosines.on(KNOWN[ModelFamily.E5]))


AS_THEY_ARE = Scales()


@cache
def probes() -> tuple[tuple[str, str], ...]:
    """Return the questions, each with the sentence that answers it."""
    lines = PROBES.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((question, answer) for question, answer in pairs)
