"""Why a file cannot be read or written, in the words that all messages use."""

from __future__ import annotations

import errno
from pathlib import Path

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Errors that end when there is space again; EDQUOT: the user's share is used up."""

NO_FILE = "there is no such file"
FOLDER = "is a folder, not a file"
SPECIAL = "is a special file, not a text"


def why_unreadable(error: OSError) -> str:
    """What keeps a file from being read."""
    if isinstance(error, FileNotFoundError):
        return NO_FILE
    if isinstance(error, IsADirectoryError):
        return FOLDER
    return f"cannot be read: {error.strerror or error}"


def why_unwritable(error: OSError) -> str:
    """What keeps a file from being written."""
    if error.errno in FULL_DISK:
        return "cannot be written: the disk is full"
    return f"cannot be written: {error.strerror or error}"


def why_not_regular(path: Path) -> str:
    """What there is at `path`, where a regular file is needed and there is none."""
    if path.is_dir():
        return FOLDER
    return SPECIAL if path.exists() else NO_FILE
