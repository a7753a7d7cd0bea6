"""The files that texts were imported from, kept within the knowledge folder so that they can be imported again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.files import atomic_file, file_errors
from bot.texts.formats import registry

ORIGINALS = ".originals"
"""Folder within the knowledge folder. A file in it has the id of its text, and the suffix that it came with."""

MAX_BYTES = 256 * 1024 * 1024
MOST = 1_000
"""Originals that are kept."""

_OPTIONS_SUFFIX = ".import-options"
_LONGEST_SUFFIX = 16


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file was read, where that cannot be seen from the file."""

    format_name: str = registry.AUTO
    names: bool = False


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """The original of the text `source_id`."""

    source_id: str
    path: Path
    options: ImportOptions


def keep(
    folder: Path,
    source_id: str,
    name: str,
    contents: BinaryIO,
    options: ImportOptions,
    most: int = MOST,
) -> Path | None:
    """Copy the `contents` of a file called `name`, for its owner alone to read; None if it is too large to be kept.

    An earlier original of the same text is replaced, and the oldest are deleted, as long as there are more than `most`.

    Raises:
        VerbatimError: it cannot be written.

    """
    contents.seek(0, 2)
    if contents.tell() > MAX_BYTES or not most:
        return None
    contents.seek(0)
    suffix = PurePath(name).suffix.lower()
    if not suffix.removeprefix(".").isalnum() or len(suffix) > _LONGEST_SUFFIX:
        suffix = ".txt"
    path = folder / ORIGINALS / f"{source_id}{suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file.replacing(path, private=True) as file:
            shutil.copyfileobj(contents, file)
        written = {path}
        if options != ImportOptions():
            written.add(_options_path(path))
            with atomic_file.replacing(_options_path(path), private=True) as file:
                file.write(json.dumps(asdict(options)).encode())
        for other in _files_of(source_id, folder):
            if other not in written:
                other.unlink()
        _prune(folder / ORIGINALS, most)
    except OSError as error:
        raise VerbatimError(Problem(str(path), file_errors.why_unwritable(error))) from error
    return path


def _prune(kept: Path, most: int) -> None:
    """Delete the oldest originals, with their options and with folders that are empty then."""
    files = [p for p in kept.rglob("*") if p.is_file() and not p.name.startswith(".")]
    found = [path for path in files if path.suffix != _OPTIONS_SUFFIX]
    found.sort(key=lambda path: (path.stat().st_mtime_ns, path))
    for path in found[: max(0, len(found) - most)]:
        path.unlink()
        _options_path(path).unlink(missing_ok=True)
        for parent in path.relative_to(kept).parents[:-1]:
            with suppress(OSError):  # it holds others
                (kept / parent).rmdir()


def find(folder: Path, source_id: str) -> KeptOriginal:
    """Find the original of the text `source_id`.

    Raises:
        VerbatimError: none is kept.

    """
    path = next((p for p in _files_of(source_id, folder) if p.suffix != _OPTIONS_SUFFIX), None)
    if path is None or not path.resolve().is_relative_to(folder.resolve()):
        reason = f"has no file in {ORIGINALS}: import the file itself"
        raise VerbatimError(Problem(source_id, reason))
    return KeptOriginal(source_id, path, _options(_options_path(path)))


def kept_ids(folder: Path) -> list[str]:
    """List the texts whose originals are kept."""
    within = folder / ORIGINALS
    paths = (p for p in within.rglob("*") if p.is_file() and not p.name.startswith("."))
    ids = {
        p.relative_to(within).with_suffix("").as_posix()
        for p in paths
        if p.suffix != _OPTIONS_SUFFIX
    }
    return sorted(ids)


def _files_of(source_id: str, folder: Path) -> Iterator[Path]:
    beside = (folder / ORIGINALS / source_id).parent
    name = PurePath(source_id).name
    if beside.is_dir():
        yield from sorted(p for p in beside.iterdir() if p.is_file() and p.stem == name)


def _options_path(path: Path) -> Path:
    return path.with_suffix(_OPTIONS_SUFFIX)


def _options(path: Path) -> ImportOptions:
    try:
        found = json.loads(path.read_bytes())
        name, names = found["format_name"], found["names"]
    except (OSError, ValueError, KeyError, TypeError):
        return ImportOptions()
    known = name if name in registry.names() else registry.AUTO
    return ImportOptions(known, names is True)
