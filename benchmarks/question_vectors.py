"""The models whose vectors rankers are fitted on, and a cache of questions' vectors between fits."""

from __future__ import annotations

import atexit
import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

from bot.search.embedding.bundled import BundledModel
from bot.search.embedding.embedder import Embedder, Floats
from bot.search.embedding.onnx import OnnxModel

FOREIGN = "-foreign"
EMBEDDERS: Mapping[str, Callable[[str | None], Embedder]] = MappingProxyType(
    {"e5": lambda _: BundledModel(), "minilm": OnnxModel}
)
"""Ranker, without FOREIGN → what loads its model; the argument is `--model`."""


class RememberedQuestions:
    """A model that caches the vectors of questions in `file`, since every fit asks the same ones."""

    def __init__(self, model: Embedder, file: Path) -> None:
        self._model, self._file = model, file
        self.name, self.family, self.multilingual = model.name, model.family, model.multilingual
        self.passages = model.passages
        self._lock = threading.Lock()
        self._vectors: dict[str, Floats] = {}
        if file.exists():
            name, vectors = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
            self._vectors = vectors if name == self.name else {}
        atexit.register(self._save)

    def questions(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of questions, computed once each."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            found = self._model.questions(new)
            with self._lock:
                self._vectors.update(zip(new, found, strict=True))
        return np.stack([self._vectors[text] for text in texts])

    def _save(self) -> None:
        self._file.write_bytes(pickle.dumps((self.name, self._vectors)))
