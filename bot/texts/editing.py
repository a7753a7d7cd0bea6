"""Adds texts to the knowledge folder and removes them; either can be undone."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Problem, VerbatimError
from bot.files.atomic_file import TakenError
from bot.models import Source
from bot.texts.folder import SUFFIXES, write_text
from bot.texts.formats import knowledge_file, text_lines
from bot.texts.text_file import read_bytes

REMOVED = ".removed"
"""Folder within the knowledge folder that keeps removed and replaced files."""

Undo = Callable[[], None]


class ChangedError(VerbatimError):
    """The file has changed since the edit was decided on; nothing was done."""


@dataclass(frozen=True, slots=True)
class FileState:
    """The file of a text: its name within the folder, size in bytes and a hash of its contents.

    `digest` has 16 hex digits; `source` is None if the file cannot be parsed.
    """

    name: str
    size: int
    digest: str
    source: Source | None


def file_state(source_id: str, folder: Path) -> FileState | None:
    """Look up the file of the text `source_id`; None if there is none.

    Raises:
        VerbatimError: it cannot be read, or is a link out of the folder.

    """
    try:
        path = _path_of(source_id, folder)
    except OSError as error:
        raise _file_error(folder / source_id, folder, "cannot be looked for", error) from error
    if path is None:
        return None
    _require_inside(path, folder)
    name = path.relative_to(folder).as_posix()
    data = read_bytes(path, name)
    try:
        source = knowledge_file.parse(text_lines.decode(data, name), name, source_id)
    except VerbatimError:
        source = None
    return FileState(name, len(data), _digest(data), source)


def add_source(source: Source, folder: Path, replaces: str | None, at: datetime) -> Undo:
    """Write `source` into `folder`, and return a function that undoes it.

    `replaces` is the digest of the file that it replaces, None for a new file. The old file is
    moved to REMOVED, into a folder named after the time `at`.

    Raises:
        ChangedError: the file there now has another digest than `replaces`.
        VerbatimError: it cannot be written. Nothing has changed.

    """
    if not folder.is_dir():  # writing would create it, holding only this text
        raise VerbatimError(Problem(folder.name, "there is no such folder any more"))
    there = file_state(source.id, folder)
    if (there.digest if there else None) != replaces:
        raise ChangedError(Problem(source.id, "has changed in the meantime"))
    path = folder / (there.name if there else f"{source.id}.md")
    _require_inside(path, folder)
    text = knowledge_file.render(source)
    kept: Path | None = None
    try:
        if there is not None:
            kept = _make_place_for(there.name, folder, at)
            shutil.copy2(path, kept)
        write_text(path, text, new=there is None)
    except OSError as error:
        if kept is not None:
            _discard(kept, folder)
        # Another program was faster, or the file system ignores case and there is a Bridge.md.
        if isinstance(error, TakenError):
            raise ChangedError(Problem(path.name, "is there already")) from error
        raise _file_error(path, folder, "cannot be written", error) from error
    return lambda: _put_back(path, kept, folder, text.encode())


def remove_source(source: Source, folder: Path, at: datetime) -> Undo:
    """Move the file of `source` to REMOVED, and return a function that undoes it.

    Raises:
        ChangedError: it is gone, or its contents differ from `source`.
        VerbatimError: it cannot be moved. Nothing has changed.

    """
    there = file_state(source.id, folder)
    if there is None or there.source is None or there.source.digest != source.digest:
        raise ChangedError(Problem(source.id, "has changed in the meantime"))
    path = folder / there.name
    kept: Path | None = None
    try:
        kept = _make_place_for(there.name, folder, at)
        path.replace(kept)
    except OSError as error:
        if kept is not None:
            _discard(kept, folder)
        raise _file_error(path, folder, "cannot be moved", error) from error
    return lambda: _put_back(path, kept, folder, None)


def prune_removed(folder: Path, most: int) -> None:
    """Delete the oldest files in REMOVED, as long as there are more than `most`; errors are ignored."""
    kept = folder / REMOVED
    files = [path for path in kept.rglob("*") if path.is_file() and not path.is_symlink()]
    # Their folders are named by the time.
    files.sort(key=lambda path: path.relative_to(kept).parts)
    for path in files[: max(0, len(files) - most)]:
        _discard(path, folder)


def _put_back(path: Path, kept: Path | None, folder: Path, wrote: bytes | None) -> None:
    """Restore the file `kept` to `path`, or delete what was written if there was no file before.

    If `path` no longer holds what we `wrote` (None: nothing), another program has changed it since;
    then nothing is touched.
    """
    try:
        if (path.read_bytes() if path.exists() else None) != wrote:
            return
        if kept is None:
            path.unlink(missing_ok=True)
        else:
            kept.replace(path)
            _discard(kept, folder)
    except OSError as error:
        raise _file_error(path, folder, "cannot be put back as it was", error) from error


def _path_of(source_id: str, folder: Path) -> Path | None:
    """Find the file of the text `source_id`, whatever its suffix; the first one, as read_folder does."""
    parent, _, name = source_id.rpartition("/")
    within = folder / parent
    if not within.is_dir():
        return None
    found = (p for p in within.iterdir() if p.stem == name and p.suffix.lower() in SUFFIXES)
    return min(found, default=None)


def _require_inside(path: Path, folder: Path) -> None:
    """Refuse a `path` that leaves `folder` by a symbolic link."""
    if not path.resolve().is_relative_to(folder.resolve()):
        reason = "is a link to a place outside the knowledge folder"
        raise VerbatimError(Problem(path.relative_to(folder).as_posix(), reason))


def _make_place_for(name: str, folder: Path, at: datetime) -> Path:
    """Choose a free path for `name` in REMOVED, and create its folder."""
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    number, path = 1, folder / REMOVED / moment / name
    while path.exists():
        number += 1
        path = folder / REMOVED / f"{moment}-{number}" / name
    _require_inside(path, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _discard(kept: Path, folder: Path) -> None:
    """Delete `kept` and the folders that are empty without it."""
    with suppress(OSError):
        kept.unlink(missing_ok=True)
        for parent in kept.parents:
            if parent == folder:
                break
            parent.rmdir()


def _file_error(path: Path, folder: Path, what: str, error: OSError) -> VerbatimError:
    name = path.relative_to(folder).as_posix()
    return VerbatimError(Problem(name, f"{what}: {error.strerror or error}"))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
