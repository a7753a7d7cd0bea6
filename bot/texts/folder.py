"""Reads the knowledge folder: every text in it, and every problem with its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.files import atomic_file
from bot.models import Problem, Source, VerbatimError
from bot.texts.formats import knowledge_file, text_lines

SUFFIXES = (".md", ".txt")
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FolderContents:
    """The readable sources of a folder, the problems of the other files, and names it ignored."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


def read_folder(folder: Path) -> FolderContents:
    """Read `folder` and the folders below it. A bad file becomes a problem, never an exception."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    ignored: list[str] = []
    if not folder.is_dir():
        reason = "there is no such folder: create it, or name another with --knowledge"
        return FolderContents((), (Problem(str(folder), reason),), ())
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() not in SUFFIXES:
            ignored.append(name)
            continue
        try:
            source = read_file(path, folder)
        except VerbatimError as error:
            problems.extend(error.problems)
            continue
        if source.id in sources:
            reason = f"another file is named `{source.id}` too: rename one of them"
            problems.append(Problem(name, reason))
            continue
        sources[source.id] = source
    if not sources and not problems:
        reason = "holds no .md or .txt file: import a text with `verbatim import`"
        problems.append(Problem(str(folder), reason))
    return FolderContents(tuple(sources.values()), tuple(problems), tuple(ignored))


def fingerprint(folder: Path) -> str:
    """Hash the names and contents of all files that `read_folder` would read."""
    found = hashlib.blake2b(digest_size=16)
    for path in _files(folder):
        if path.suffix.lower() not in SUFFIXES:
            continue
        found.update(f"{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogatepass"))
        if not path.is_file():  # opening a pipe would block
            continue
        try:
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "blake2b").digest())
        except OSError as error:
            found.update(f"{error.errno}\0".encode())
    return found.hexdigest()


def last_change(folder: Path) -> datetime | None:
    """When a text was last added, changed or removed, by the clock of the file system; None without a folder."""
    places = {folder, *(path for file in _files(folder) for path in (file, file.parent))}
    times = []
    for path in places:
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def read_file(path: Path, folder: Path) -> Source:
    """Read the knowledge file `path`; its source's id is its path within `folder`.

    Raises:
        VerbatimError: it is not a readable knowledge file, or a link out of the folder.

    """
    name = path.relative_to(folder).as_posix()
    if not path.resolve().is_relative_to(folder.resolve()):
        reason = "is a link to a place outside the knowledge folder: put the file itself here"
        raise VerbatimError(Problem(name, reason))
    data = read_bytes(path, name)
    source_id = name[: -len(path.suffix)]
    return knowledge_file.parse(text_lines.decode(data, name), name, source_id)


def read_bytes(path: Path, name: str) -> bytes:
    """Read the file `path`, which errors call `name`.

    Raises:
        VerbatimError: it is not a regular file, cannot be read, or has more than MAX_BYTES.

    """
    if not path.is_file():
        reason = "is a folder or a special file, not a text" if path.exists() else "does not exist"
        raise VerbatimError(Problem(name, reason))
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            reason = f"has {size:,} bytes, {MAX_BYTES:,} are allowed: divide it"
            raise VerbatimError(Problem(name, reason))
        return path.read_bytes()
    except OSError as error:
        raise VerbatimError(Problem(name, f"cannot be read: {error.strerror}")) from error


def _files(folder: Path) -> Iterator[Path]:
    """Walk the files, and folders named like texts, in the same order on every machine."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        oddly_named = [name for name in folders if name.lower().endswith(SUFFIXES)]
        for name in sorted((*files, *oddly_named)):
            if not name.startswith("."):
                yield Path(root, name)


def write_source(source: Source, folder: Path, *, replace: bool = False) -> Path:
    """Write `source` as a knowledge file, atomically, and return its path.

    Raises:
        VerbatimError: the file exists and `replace` is false, or it cannot be written.

    """
    path = folder / f"{source.id}.md"
    try:
        write_text(path, knowledge_file.render(source), new=not replace)
    except atomic_file.TakenError as error:
        reason = "is there already: give another --title, or --replace it"
        raise VerbatimError(Problem(str(path), reason)) from error
    except OSError as error:
        raise VerbatimError(Problem(str(path), f"cannot be written: {error.strerror}")) from error
    return path


def write_text(path: Path, text: str, *, new: bool = False) -> None:
    """Write `text` to `path` atomically, making its folder if need be. See `atomic_file.replacing`.

    Raises:
        TakenError: `path` exists, and the file was to be `new`.
        OSError: it cannot be written; what was there is unchanged.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file.replacing(path, new=new) as file:
        file.write(text.encode())
