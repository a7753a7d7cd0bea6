"""Reads the knowledge folder: every text in it, and every problem with its files."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from bot.files import atomic_file
from bot.models import Problem, Source, VerbatimError
from bot.texts.formats import knowledge_file, text_lines

SUFFIXES = (".md", ".txt")
MAX_BYTES = 64 * 1024 * 1024

Stamp = tuple[int, int, int, int]
_YOUNG = 2_000_000_000
"""Nanoseconds within which a second change may leave the times of a file as they are."""
_ATTEMPTS = 3
"""How often a file that changes meanwhile is read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a folder may hold, so that a mistake does not exhaust the machine."""

    files: int = 100_000
    bytes: int = 2_000_000_000
    posts: int = 10_000_000
    passages: int = 5_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as it was read: its contents' hash, the text in it, and what shows that it is unchanged.

    `stamp`: size, times and inode; None if the file was too young, so that a change might not show.
    """

    digest: str
    source: Source
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class FolderContents:
    """The readable texts of a folder by file name, the problems of the others, and names it ignored.

    `unusable`: there is no such folder, it cannot be read, or it holds too much.
    """

    files: Mapping[str, TextFile]
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    unusable: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """The texts, in the order of their files."""
        return tuple(file.source for file in self.files.values())


def read_folder(
    folder: Path,
    known: Mapping[str, TextFile] = MappingProxyType({}),
    *,
    unfinished: Container[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> FolderContents:
    """Read `folder` and the folders below it. A bad file becomes a problem, never an exception.

    Of `known` files, by name, only those that have changed are read again. `unfinished`: names of files that
    somebody is writing; they stay as they are known, if they are.
    """
    if not folder.is_dir():
        reason = "there is no such folder: create it, or name another with --knowledge"
        return FolderContents({}, (Problem(str(folder), reason),), unusable=True)
    problems: list[Problem] = []
    paths = list(_files(folder, problems))
    ignored = tuple(_name(path, folder) for path in paths if not _is_text(path))
    texts = [path for path in paths if _is_text(path)]
    beyond = _beyond(limits, folder, texts)
    if beyond is not None or any(problem.where == str(folder) for problem in problems):
        problems += [beyond] if beyond is not None else []
        return FolderContents({}, tuple(problems), ignored, unusable=True)
    files: dict[str, TextFile] = {}
    ids: set[str] = set()
    for path in texts:
        name = _name(path, folder)
        try:
            file = known.get(name) if name in unfinished else _read_again(path, folder, known)
            if file is None:
                continue
        except VerbatimError as error:
            problems.extend(error.problems)
            continue
        if file.source.id in ids:
            reason = f"another file is named `{file.source.id}` too: rename one of them"
            problems.append(Problem(name, reason))
            continue
        ids.add(file.source.id)
        files[name] = file
    posts = sum(len(file.source.posts) for file in files.values())
    if posts > limits.posts:
        problems.append(too_many(folder, posts, limits.posts, "posts"))
        return FolderContents({}, tuple(problems), ignored, unusable=True)
    if not files and not problems:
        reason = "holds no .md or .txt file: import a text with `verbatim import`"
        problems.append(Problem(str(folder), reason))
    return FolderContents(files, tuple(problems), ignored)


def _read_again(path: Path, folder: Path, known: Mapping[str, TextFile]) -> TextFile | None:
    """Read a file unless it is unchanged; None if it is gone."""
    name = _name(path, folder)
    before = known.get(name)
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


def last_change(folder: Path) -> datetime | None:
    """When a text was last added, changed or removed, by the clock of the file system; None without a folder."""
    places = {folder, *(path for file in _files(folder, []) for path in (file, file.parent))}
    times = []
    for path in places:
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _beyond(limits: Limits, folder: Path, texts: Sequence[Path]) -> Problem | None:
    """Why so many files are not read at all; None if they are not too many."""
    if len(texts) > limits.files:
        return too_many(folder, len(texts), limits.files, "files")
    size = 0
    for path in texts:
        with suppress(OSError):
            size += path.stat().st_size
    return too_many(folder, size, limits.bytes, "bytes") if size > limits.bytes else None


def too_many(folder: Path, found: int, allowed: int, what: str) -> Problem:
    """A folder holds more than is allowed."""
    reason = f"holds {found:,} {what}, {allowed:,} are allowed: raise `knowledge.max_{what}`, or take texts away"
    return Problem(str(folder), reason)


def _require_inside(path: Path, folder: Path) -> None:
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        reason = "is a link to a place outside the knowledge folder: put the file itself here"
        raise VerbatimError(Problem(_name(path, folder), reason))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


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


def _files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Walk the files, and folders named like texts, in the same order on every machine.

    A folder that cannot be listed becomes one of `problems`.
    """

    def refuse(error: OSError) -> None:
        path = Path(error.filename)
        where = str(folder) if path == folder else _name(path, folder)
        problems.append(Problem(where, f"cannot be read: {error.strerror}"))

    for root, folders, files in os.walk(folder, onerror=refuse):
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
