"""A folder of files in any format. It is not a file, so `--format` does not name it: `open_folder` opens it."""

from __future__ import annotations

import datetime
import os
from functools import partial
from pathlib import Path

from bot.errors import Problem, VerbatimError
from bot.files import file_errors
from bot.texts.formats.draft import DropTally
from bot.texts.formats.file_collection import FileCollection, InnerFile, shown_name
from bot.texts.formats.file_input import MEBIBYTE

LABEL = "folder of files"

MOST_FILES = 20_000
MOST_BYTES = 512 * MEBIBYTE
"""Of one file."""


def open_folder(folder: Path) -> FileCollection:
    """List the files in `folder` and the folders below; links that lead out of it are not followed.

    Raises:
        VerbatimError: it has too many files, or none.

    """
    tally = DropTally()
    files: list[InnerFile] = []
    root = folder.resolve()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            inner = path.relative_to(folder).as_posix()
            if not path.resolve().is_relative_to(root):
                tally.add(shown_name(inner), "a link to a place outside the folder")
            elif not path.is_file():
                tally.add(shown_name(inner), "not a regular file")
            else:
                files.append(InnerFile(inner, _day(path), partial(_read, path, inner)))
            if len(files) > MOST_FILES:
                raise VerbatimError(
                    Problem(str(folder), f"has more than {MOST_FILES:,} files: split it")
                )
    if not files:
        raise VerbatimError(Problem(str(folder), "is an empty folder: is it the right one?"))
    return FileCollection(LABEL, str(folder), files, tally.lines)


def _read(path: Path, name: str, most: int | None) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1 if most is None else most)
    except OSError as error:
        raise VerbatimError(Problem(shown_name(name), file_errors.why_unreadable(error))) from error
    if len(data) > MOST_BYTES:
        raise VerbatimError(
            Problem(
                shown_name(name), "is too large to be imported from a folder: import it separately"
            )
        )
    return data


def _day(path: Path) -> datetime.date | None:
    try:
        return datetime.datetime.fromtimestamp(path.stat().st_mtime, tz=datetime.UTC).date()
    except (OSError, ValueError, OverflowError):
        return None
