"""One file of the knowledge folder: read, unless it is unchanged."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import Problem, VerbatimError
from bot.files import file_errors
from bot.models import Source
from bot.texts.formats import knowledge_file, text_lines

MAX_BYTES = 64 * 1024 * 1024

Stamp = tuple[int, int, int, int]
_YOUNG = 2_000_000_000
"""Nanoseconds within which a second change may leave the times of a file as they are."""
_ATTEMPTS = 3
"""How often a file that changes meanwhile is read."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was read: its contents' hash, the text in it, and what shows that it is unchanged.

    `stamp`: size, times and inode; None if the file was too young, so that a change might not show.
    """

    digest: str
    source: Source
    stamp: Stamp | None = None


def read_again(path: Path, folder: Path, before: TextFile | None) -> TextFile | None:
    """Read the file `path` of `folder` unless it is as `before`; None if it is gone.

    Raises:
        VerbatimError: it is not a readable knowledge file, a link out of the folder, or being written.
        OSError: it cannot be read.

    """
    name = path.relative_to(folder).as_posix()
    _require_inside(path, folder)
    try:
        stamp = _stamp(path)
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        stamp = None
    except OSError:
        stamp = None  # reading it says why
    if before is not None and before.stamp is not None and before.stamp == stamp:
        return before
    for _ in range(_ATTEMPTS):
        asked = time.time_ns()
        data = read_bytes(path, name)
        after = _stamp(path)
        if after == stamp:
            break
        stamp = after
    else:
        raise VerbatimError(Problem(name, "is being written at the moment: try again in a while"))
    reliable = stamp if asked - max(stamp[1:3]) > _YOUNG else None
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    if before is not None and before.digest == digest:
        return replace(before, stamp=reliable)
    source = knowledge_file.parse(text_lines.decode(data, name), name, name[: -len(path.suffix)])
    return TextFile(digest, source, reliable)


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _require_inside(path: Path, folder: Path) -> None:
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        reason = "is a link to a place outside the knowledge folder: put the file itself here"
        raise VerbatimError(Problem(path.relative_to(folder).as_posix(), reason))


def read_bytes(path: Path, name: str) -> bytes:
    """Read the file `path`, which errors call `name`.

    Raises:
        VerbatimError: it is not a regular file, cannot be read, or has more than MAX_BYTES.

    """
    if not path.is_file():
        raise VerbatimError(Problem(name, file_errors.why_not_regular(path)))
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            reason = f"has {size:,} bytes, but at most {MAX_BYTES:,} are allowed: split it"
            raise VerbatimError(Problem(name, reason))
        return path.read_bytes()
    except OSError as error:
        raise VerbatimError(Problem(name, file_errors.why_unreadable(error))) from error
