"""Which questions ask about a text itself, and for what: a multinomial logistic regression.

`python -m training.about` fits it with phrasings of our own. It recognises what the rules (`text_question_rules`) do not foresee.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

PATH = Path(__file__).parent / "text_questions.npz"


class Intent(StrEnum):
    """What a question may ask for."""

    NONE = "none"
    """What a text says, as most questions do."""
    OVERVIEW = "overview"
    ABILITIES = "abilities"
    TITLE = "title"
    AUTHOR = "author"
    SIZE = "size"
    DATE = "date"
    LANGUAGE = "language"
    LICENSE = "license"
    LINK = "link"
    TEXTS = "texts"
    UPDATED = "updated"
    ADDING = "adding"


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest thing that is asked of a text, and the probability that anything is."""

    intent: Intent
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class TextQuestionModel:
    """The coefficients."""

    rows: Mapping[str, int]
    """feature → row."""
    weights: npt.NDArray[np.float32]
    """(F, I) by feature and intent."""
    intercepts: npt.NDArray[np.float32]
    """(I,)"""

    @classmethod
    def load(cls, path: Path = PATH) -> Self:
        """Load what `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            names = str(file["features"]).split("\n")
            weights = file["weights"].astype(np.float32) * np.float32(file["scale"])
            intercepts = file["intercepts"].astype(np.float32)
        return cls({name: row for row, name in enumerate(names)}, weights, intercepts)

    def guess(self, features: Iterable[str]) -> Guess:
        """What a question with these features asks for."""
        all_features = list(features)
        known = [self.rows[name] for name in all_features if name in self.rows]
        length = np.sqrt(max(1, len(all_features)))
        scores = self.weights[known].sum(axis=0, dtype=np.float64) / length + self.intercepts
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        intents = tuple(Intent)
        best = max(range(1, len(intents)), key=lambda number: float(chances[number]))
        return Guess(intents[best], 1 - float(chances[0]))


@cache
def text_question_model() -> TextQuestionModel:
    """Load the model that comes with the package."""
    return TextQuestionModel.load()


def save(
    names: Iterable[str],
    weights: npt.NDArray[np.float64],
    intercepts: npt.NDArray[np.float64],
    path: Path = PATH,
) -> None:
    """Write coefficients, (F, I) and (I,), as a file: the weights in steps of a 127th of the largest."""
    scale = np.abs(weights).max() / 127
    np.savez_compressed(
        path,
        features=np.array("\n".join(names)),
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float32(scale),
        intercepts=intercepts.astype(np.float32),
    )
