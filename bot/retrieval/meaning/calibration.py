"""What a model's cosines mean: brought to the scale on which the default ranker was fitted.

Cosines of one model say nothing on another's scale: of unrelated texts they are near .73 with
multilingual-e5-small and near .04 with all-MiniLM-L6-v2. Forty questions of our own, each with a
sentence that answers it and thirty-nine that do not, say what they are with a model that no ranker
has been fitted on. docs/retrieval.md says how well that does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bot.retrieval.meaning.embedder import Floats, ModelError

PROBES = Path(__file__).parent.parent / "data" / "probes.tsv"

ANSWERS, OTHERS = 0.813, 0.729
"""Mean cosines of the bundled model (Family.E5): of the probes to their answers, and to the others."""

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


@cache
def probes() -> tuple[tuple[str, str], ...]:
    """Return the questions, each with the sentence that answers it."""
    lines = PROBES.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((question, answer) for question, answer in pairs)


def scale_of(questions: Floats, answers: Floats) -> Scale:
    """Return the scale on which a model's cosines are like the bundled model's.

    `questions`, `answers`: (N, D) unit vectors of the probes, in order. A straight line through two
    points: what the cosine is on the mean where a sentence answers, and where it does not.

    Raises:
        ModelError: the model tells answers too badly from other sentences to be of use.

    """
    cosines = questions @ answers.T
    own = np.eye(len(cosines), dtype=bool)
    found = float((cosines.argmax(axis=1) == np.arange(len(cosines))).mean())
    answering, other = float(cosines[own].mean()), float(cosines[~own].mean())
    if found < LEAST_FOUND or answering <= other:
        raise ModelError(
            f"finds the answer to only {found:.0%} of {len(cosines)} plain English questions: choose"
            " another model, or one that reads English too"
        )
    factor = (ANSWERS - OTHERS) / (answering - other)
    return Scale(factor, OTHERS - factor * other)
