"""Vectors stored on disk by a hash of their text, so that a reload embeds only new texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.files import array_file
from bot.operations.event_log import EventLogger
from bot.search.embedding.vectors import Bytes, Rows

Keys = NDArray[np.uint64]

_FORMAT = 1
_log = EventLogger("verbatim.meaning")


def key(text: str) -> int:
    """A 64-bit hash of `text`."""
    found = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(found.digest(), "little")


class VectorStore:
    """The vectors that one model made, by the keys of their texts, ascending.

    Two processes may use the same file: the last one to save wins, and nothing is damaged.
    """

    def __init__(self, path: Path, model: str) -> None:
        """Open the file at `path`; a damaged one, or another model's, counts as empty."""
        self._path = path
        self._fingerprint = f"vectors {_FORMAT} {model}"
        self.is_saved = True
        """Whether the last attempt to write the file succeeded."""
        self.keys: Keys = np.zeros(0, np.uint64)
        self.vectors: Bytes = np.zeros((0, 0), np.int8)
        """(R, D), one row a key; mapped from the file once it has been saved."""
        try:
            parameters, arrays = array_file.read(path, self._fingerprint)
            vectors = arrays["vectors"].reshape(len(arrays["keys"]), parameters["dimensions"])
            self.keys, self.vectors = arrays["keys"], vectors
        except array_file.UnusableFileError as error:
            if error.reason != "missing":
                _log.warning("vectors are computed again", reason=str(error))
        except (OSError, KeyError, TypeError, ValueError) as error:
            _log.warning("vectors are computed again", path=str(path), reason=str(error))

    def rows(self, keys: Keys) -> Rows:
        """(len(keys),) each key's row; −1 for one that is not stored."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        at = np.minimum(self.keys.searchsorted(keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, -1)

    def add(self, keys: Sequence[int], vectors: Bytes) -> None:
        """Add vectors of keys that are not stored yet."""
        both = np.concatenate([self.keys, np.array(keys, np.uint64)])
        order = np.argsort(both, kind="stable")
        old = self.vectors if len(self.keys) else vectors[:0]
        self.vectors = np.concatenate([old, vectors])[order]
        self.keys = both[order]

    def keep_only(self, keys: Keys) -> None:
        """Drop all but `keys` once these are less than half, so that the file stays small."""
        rows = np.unique(self.rows(keys))
        rows = rows[rows >= 0]
        if 2 * len(rows) < len(self.keys):
            self.keys, self.vectors = self.keys[rows], self.vectors[rows]

    def save(self) -> None:
        """Write the file; log a failure and go on without."""
        parameters = {"dimensions": self.vectors.shape[1]}
        arrays: dict[str, NDArray[Any]] = {"keys": self.keys, "vectors": self.vectors.ravel()}
        self.is_saved = False
        try:
            array_file.write(self._path, self._fingerprint, parameters, arrays)
            self.is_saved = True
        except OSError as error:
            _log.warning(
                "vectors cannot be saved, so the next start computes them again",
                path=str(self._path),
                reason=error.strerror,
            )
