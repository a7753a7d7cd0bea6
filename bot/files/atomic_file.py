"""Atomic writes: to a temporary file in the same folder first, then renamed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

ABANDONED_AFTER = 3_600
"""Seconds after its last write when a temporary file or folder must be left over from a crash."""

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
    unfinished = path.with_name(_unfinished_name())
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


@contextmanager
def unfinished_folder(folder: Path) -> Iterator[Path]:
    """Make a folder in `folder`, for its owner alone, that is deleted after the block: what is made there can be renamed.

    Raises:
        OSError: it cannot be made.

    """
    remove_abandoned(folder)
    unfinished = folder / _unfinished_name()
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _unfinished_name() -> str:
    return f".verbatim-{secrets.token_hex(8)}.part"


def remove_abandoned(folder: Path) -> None:
    """Delete temporary files and folders in `folder` that are left over from a crash; errors are ignored."""
    with suppress(OSError):
        for path in folder.iterdir():
            if _UNFINISHED.fullmatch(path.name):
                with suppress(OSError):
                    if time.time() - _last_write(path) > ABANDONED_AFTER:
                        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _last_write(path: Path) -> float:
    return max(one.stat().st_mtime for one in (path, *path.rglob("*")))


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
