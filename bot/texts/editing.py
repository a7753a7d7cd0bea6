"""Texts put into the knowledge folder and taken out of it, so that either can be undone."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.files.atomic_file import TakenError
from bot.models import Problem, Source, VerbatimError
from bot.texts.folder import SUFFIXES, read_bytes, write_text
from bot.texts.formats import knowledge_file

REMOVED = ".removed"
"""The folder, inside the knowledge folder, of texts that were removed or replaced."""

Undo = Callable[[], None]


class ChangedError(VerbatimError):
    """The file is not what it was when the change was decided on; nothing was done."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that stands in the folder: its name there, its size, and 16 hex digits of its bytes.

    `source` is what it says, None where it cannot be read as a text.
    """

    name: str
    size: int
    digest: str
    source: Source | None


def file_state(source_id: str, folder: Path) -> FileState | None:
    """Return the file of the text `source_id`; None where there is none.

    Raises:
        VerbatimError: it cannot be read, or lies outside the folder.

    """
    try:
        path = _path_of(source_id, folder)
    except OSError as error:
        raise _failed(folder / source_id, folder, "cannot be looked for", error) from error
    if path is None:
        return None
    _hold_inside(path, folder)
    name = path.relative_to(folder).as_posix()
    data = read_bytes(path, name)
    try:
        source = knowledge_file.parse(knowledge_file.clean(data, name), name, source_id)
    except VerbatimError:
        source = None
    return FileState(name, len(data), _digest(data), source)


def add_source(source: Source, folder: Path, instead_of: str | None, at: datetime) -> Undo:
    """Write `source` into `folder` and return what undoes it.

    `instead_of`: the digest of the file that it takes the place of, None where there is none. That
    file is kept among the removed ones, under the time `at`.

    Raises:
        ChangedError: the file of that name is another, or there is one, or none any more.
        VerbatimError: it cannot be written. Nothing has changed.

    """
    if not folder.is_dir():  # else it would be made anew, with this text alone
        raise VerbatimError(Problem(folder.name, "there is no such folder any more"))
    there = file_state(source.id, folder)
    if (there.digest if there else None) != instead_of:
        raise ChangedError(Problem(source.id, "has changed meanwhile"))
    path = folder / (there.name if there else f"{source.id}.md")
    _hold_inside(path, folder)
    text = knowledge_file.render(source)
    kept: Path | None = None
    try:
        if there is not None:
            kept = _place_for(there.name, folder, at)
            shutil.copy2(path, kept)
        write_text(path, text, new=there is None)
    except OSError as error:
        if kept is not None:
            _forget(kept, folder)
        # Another program was faster; or it is Bridge.md, where the system takes it for bridge.md.
        if isinstance(error, TakenError):
            raise ChangedError(Problem(path.name, "is there already")) from error
        raise _failed(path, folder, "cannot be written", error) from error
    return lambda: _put_back(path, kept, folder, text.encode())


def remove_source(source: Source, folder: Path, at: datetime) -> Undo:
    """Move the file of `source` among the removed ones, and return what undoes it.

    Raises:
        ChangedError: it is gone, or says something else by now.
        VerbatimError: it cannot be moved. Nothing has changed.

    """
    there = file_state(source.id, folder)
    if there is None or there.source is None or there.source.digest != source.digest:
        raise ChangedError(Problem(source.id, "has changed meanwhile"))
    path = folder / there.name
    kept: Path | None = None
    try:
        kept = _place_for(there.name, folder, at)
        path.replace(kept)
    except OSError as error:
        if kept is not None:
            _forget(kept, folder)
        raise _failed(path, folder, "cannot be moved", error) from error
    return lambda: _put_back(path, kept, folder, None)


def _put_back(path: Path, kept: Path | None, folder: Path, written: bytes | None) -> None:
    """Leave at `path` what was there before: the file `kept`, or nothing.

    `written`: what stands there since, None for nothing. Where it is something else, another program
    has written it meanwhile: that stays, and `kept` stays among the removed ones.
    """
    try:
        if (path.read_bytes() if path.exists() else None) != written:
            return
        if kept is None:
            path.unlink(missing_ok=True)
        else:
            kept.replace(path)
            _forget(kept, folder)
    except OSError as error:
        raise _failed(path, folder, "cannot be put back as it was", error) from error


def _path_of(source_id: str, folder: Path) -> Path | None:
    """Return the file of the text `source_id`, whatever its ending, as the folder's reader would."""
    parent, _, name = source_id.rpartition("/")
    within = folder / parent
    if not within.is_dir():
        return None
    found = (p for p in within.iterdir() if p.stem == name and p.suffix.lower() in SUFFIXES)
    return min(found, default=None)


def _hold_inside(path: Path, folder: Path) -> None:
    """Raise VerbatimError where `path` leads out of `folder` by a link."""
    if not path.resolve().is_relative_to(folder.resolve()):
        reason = "is a link to a place outside the knowledge folder"
        raise VerbatimError(Problem(path.relative_to(folder).as_posix(), reason))


def _place_for(name: str, folder: Path, at: datetime) -> Path:
    """Return where the file `name` goes among the removed ones; its folder is there then."""
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    number, path = 1, folder / REMOVED / moment / name
    while path.exists():
        number += 1
        path = folder / REMOVED / f"{moment}-{number}" / name
    _hold_inside(path, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _forget(kept: Path, folder: Path) -> None:
    """Take away `kept` and the folders that were made for it alone."""
    with suppress(OSError):
        kept.unlink(missing_ok=True)
        for parent in kept.parents:
            if parent == folder:
                break
            parent.rmdir()


def _failed(path: Path, folder: Path, what: str, error: OSError) -> VerbatimError:
    name = path.relative_to(folder).as_posix()
    return VerbatimError(Problem(name, f"{what}: {error.strerror or error}"))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
