"""Atomic writes: to a temporary file in the same folder first, then renamed."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

ABANDONED_AFTER = 3_600
"""Seconds after its last write when a temporary file must be left over from a crash."""

_UNFINISHED = re.compile(r"\.verbatim-[0-9a-f]{16}\.part")


class TakenError(FileExistsError):
    """The file was to be new, but its path exists."""


@contextmanager
def replacing(path: Path, *, new: bool = False, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file that replaces `path` when the block ends without an exception.

    Readers see the old file or the whole new one. Each writer has its own temporary file, so among
    several at once the last one wins. `new`: `path` must not exist, not even at the end of the
    block. `private`: only the owner may read the file.

    Raises:
        TakenError: the file was to be `new`, and `path` exists.
        OSError: it cannot be written.

    """
    remove_abandoned(path.parent)
    unfinished = path.with_name(f".verbatim-{secrets.token_hex(8)}.part")
    mode = 0o600 if private else 0o666  # less the umask
    try:
        with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if new:
            _link(unfinished, path)
        else:
            unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def remove_abandoned(folder: Path) -> None:
    """Delete temporary files in `folder` that are left over from a crash; errors are ignored."""
    with suppress(OSError):
        for path in folder.iterdir():
            if _UNFINISHED.fullmatch(path.name):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > ABANDONED_AFTER:
                        path.unlink()


def _link(unfinished: Path, path: Path) -> None:
    """Link `unfinished` to `path`, which fails if `path` exists, unlike a rename."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError as error:
        raise TakenError(*error.args) from error
    except OSError as error:  # FAT, and some network drives, have no hard links
        if path.exists():
            raise TakenError(*error.args) from error
        unfinished.replace(path)
