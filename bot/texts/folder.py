"""Reads the knowledge folder: every text in it, and every problem with its files."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from bot.errors import Problem, VerbatimError
from bot.files import atomic_file, file_errors
from bot.files.spool import MEMORY, Spool
from bot.models import Source
from bot.texts.corpus import Posts
from bot.texts.formats import knowledge_file
from bot.texts.text_file import TextFile, read_again

SUFFIXES = (".md", ".txt")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a folder may hold, so that a mistake does not exhaust the machine.

    `removed`: the removed and replaced files that are kept in it; `originals`: those that texts were imported from.
    """

    files: int = 100_000
    bytes: int = 2_000_000_000
    posts: int = 10_000_000
    passages: int = 5_000_000
    removed: int = 1_000
    originals: int = 1_000


DEFAULT_LIMITS = Limits()


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
    if not os.path.isdir(folder):  # noqa: PTH112 - is_dir raises where a folder above it may not be entered
        reason = "there is no such folder: create it, or name another with --knowledge"
        return FolderContents({}, (Problem(str(folder), reason),), unusable=True)
    problems: list[Problem] = []
    paths = list(_files(folder, problems))
    ignored = tuple(_name(path, folder) for path in paths if not _is_text(path))
    texts = [path for path in paths if _is_text(path)]
    problems += _beyond(limits, folder, texts)
    if any(problem.where == str(folder) for problem in problems):
        return FolderContents({}, tuple(problems), ignored, unusable=True)
    files = dict(_read_files(texts, folder, known, unfinished, problems))
    posts = sum(len(file.source.posts) for file in files.values())
    if posts > limits.posts:
        problems.append(too_many(folder, posts, limits.posts, "posts"))
        return FolderContents({}, tuple(problems), ignored, unusable=True)
    if not files and not problems:
        reason = "contains no .md or .txt file: import a text with `verbatim import`"
        problems.append(Problem(str(folder), reason))
    return FolderContents(files, tuple(problems), ignored)


def _read_files(
    texts: Iterable[Path],
    folder: Path,
    known: Mapping[str, TextFile],
    unfinished: Container[str],
    problems: list[Problem],
) -> Iterator[tuple[str, TextFile]]:
    """Yield the names and contents of the good files, and add to `problems` those of the others."""
    ids: set[str] = set()
    spool = Spool(folder.absolute().parent)  # where the index is saved
    held = 0
    for path in texts:
        name = _name(path, folder)
        if not _is_unicode(path.relative_to(folder)):
            problems.append(Problem(name, "its name is not UTF-8: rename it"))
            continue
        before = known.get(name)
        try:
            file = before if name in unfinished else read_again(path, folder, before)
        except VerbatimError as error:
            problems.extend(error.problems)
            continue
        except OSError as error:
            problems.append(Problem(name, file_errors.why_unreadable(error)))
            continue
        if file is None:
            continue
        if file.source.id in ids:
            reason = f"another file is named `{file.source.id}` too: rename one of them"
            problems.append(Problem(name, reason))
            continue
        ids.add(file.source.id)
        if before is None or file.source is not before.source:
            held += sum(len(post.text) for post in file.source.posts)
            if held > MEMORY:
                file = replace(file, source=_spooled(file.source, spool))
        yield name, file


def _spooled(source: Source, spool: Spool) -> Source:
    """The source with its posts read from `spool`: not all that is read must be in memory before it is indexed."""
    digest = source.digest
    return source.with_posts(Posts.moved(source.posts, spool), digest)


def last_change(folder: Path) -> datetime | None:
    """When a text was last added, changed or removed, by the clock of the file system; None without a folder."""
    places = {folder, *(path for file in _files(folder, []) for path in (file, file.parent))}
    times = []
    for path in places:
        with suppress(OSError):
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _beyond(limits: Limits, folder: Path, texts: Sequence[Path]) -> list[Problem]:
    """Why so many files are not read at all; nothing if they are not too many."""
    if len(texts) > limits.files:
        return [too_many(folder, len(texts), limits.files, "files")]
    size = 0
    for path in texts:
        with suppress(OSError):
            size += path.stat().st_size
    return [too_many(folder, size, limits.bytes, "bytes")] if size > limits.bytes else []


def too_many(folder: Path, found: int, allowed: int, what: str) -> Problem:
    """A folder holds more than is allowed."""
    reason = f"contains {found:,} {what}, but at most {allowed:,} are allowed: raise `knowledge.max_{what}`, or remove texts"
    return Problem(str(folder), reason)


def _name(path: Path, folder: Path) -> str:
    """The path within the folder, as it can be shown: bytes that are not UTF-8 are replaced."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode(errors="replace")


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Walk the files, and folders named like texts, in the same order on every machine.

    A folder that cannot be listed becomes one of `problems`.
    """

    def refuse(error: OSError) -> None:
        path = Path(error.filename)
        where = str(folder) if path == folder else _name(path, folder)
        problems.append(Problem(where, file_errors.why_unreadable(error)))

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
        raise VerbatimError(Problem(str(path), file_errors.why_unwritable(error))) from error
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
