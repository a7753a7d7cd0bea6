"""Files written whole or not at all: under a name of their own first, then put in their place."""

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
"""Seconds without a write after which an unfinished file is one that a crash has left behind."""

_UNFINISHED = re.compile(r"\.verbatim-[0-9a-f]{16}\.part")


class TakenError(FileExistsError):
    """There is something already at the path of a file that was to be new."""


@contextmanager
def replacing(path: Path, *, new: bool = False, private: bool = False) -> Iterator[BinaryIO]:
    """Give a file to write; it takes the place of `path` when the block ends without an exception.

    At every moment there is a whole file at `path`, or what was there before. Each writer has an
    unfinished file of its own in the same folder, so of several that write `path` at the same time
    the last one wins, whole. `new`: `path` must not exist, not even by the end of the block.
    `private`: only the owner may read it.

    Raises:
        TakenError: it was to be `new`, and there is something at `path`.
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
    """Delete the unfinished files in `folder` that a crash has left behind, as far as possible."""
    with suppress(OSError):
        for path in folder.iterdir():
            if _UNFINISHED.fullmatch(path.name):
                with suppress(OSError):
                    if time.time() - path.stat().st_mtime > ABANDONED_AFTER:
                        path.unlink()


def _link(unfinished: Path, path: Path) -> None:
    """Give the file `unfinished` the name `path` too, which nothing may have yet."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError as error:
        raise TakenError(*error.args) from error
    except OSError as error:  # FAT, and some network drives, have no hard links
        if path.exists():
            raise TakenError(*error.args) from error
        unfinished.replace(path)
