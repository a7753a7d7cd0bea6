"""Bytes on their way into an index: in memory while they are few, in a temporary file from then on."""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MEMORY = 8_000_000
"""Bytes that are kept in memory, and written at a time."""


class Spool:
    """Bytes that are appended, read back and in the end mapped.

    The file has no name, so it is gone with the last who reads it, even if the process is killed. Where there can
    be none (without a `folder`, on a full disk, on Windows), everything stays in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where the file is made."""
        self._folder = folder if hasattr(os, "pread") else None
        self._file: int | None = None
        """Its descriptor."""
        self._written = 0
        self._rest = bytearray()
        """What comes after the first `_written` bytes."""

    def __len__(self) -> int:
        return self._written + len(self._rest)

    def append(self, data: bytes) -> int:
        """Add `data`; return where it begins."""
        start = len(self)
        self._rest += data
        if len(self._rest) > MEMORY and self._folder is not None:
            self._write()
        return start

    def __getitem__(self, at: slice) -> bytes:
        """Part of what was appended at once."""
        start, stop, _ = at.indices(len(self))
        if start >= self._written or self._file is None:
            return bytes(self._rest[start - self._written : stop - self._written])
        return os.pread(self._file, stop - start, start)

    def array(self) -> NDArray[np.uint8]:
        """All of it, mapped if it is in the file; nothing can be appended afterwards."""
        if self._file is not None:
            self._write()
        if self._file is None:
            return np.frombuffer(self._rest, np.uint8)
        written = mmap.mmap(self._file, self._written, access=mmap.ACCESS_READ)
        found = np.frombuffer(written, np.uint8)
        if self._rest:  # for which the disk has no room
            return np.concatenate([found, np.frombuffer(self._rest, np.uint8)])
        return found

    def _write(self) -> None:
        """Move what is in memory into the file, unless that fails."""
        try:
            if self._file is None:
                with tempfile.TemporaryFile(dir=self._folder) as file:
                    self._file = os.dup(file.fileno())
                weakref.finalize(self, os.close, self._file)
            left = memoryview(self._rest)
            at = self._written
            while left:
                count = os.pwrite(self._file, left, at)
                left, at = left[count:], at + count
        except OSError:
            self._folder = None  # which is not tried again
            return
        self._written, self._rest = at, bytearray()
