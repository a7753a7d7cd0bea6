"""A tar file with a manifest of checksums: written as a whole, and checked before it is used."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.errors import Problem, VerbatimError
from bot.files import atomic_file, file_errors

MANIFEST = "manifest.json"
FORMAT = 1
"""Version of the archive's form, which later versions can tell apart."""

_DAMAGED = (
    tarfile.TarError,
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    ValueError,
    KeyError,
    TypeError,
)


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


@dataclass(frozen=True, slots=True)
class Member:
    """A file to put into an archive, under a name in it."""

    name: str
    path: Path


def write(archive: Path, members: Iterable[Member], facts: Mapping[str, Any]) -> int:
    """Write `members` and a manifest with `facts`, readable by the owner alone; return the bytes.

    Files that are gone meanwhile are left out.

    Raises:
        OSError: the archive, or a file, cannot be written or read.

    """
    checksums: dict[str, str] = {}
    with (
        atomic_file.replacing(archive, private=True) as out,
        # A file with two names is written twice: a link within the archive would be refused.
        tarfile.open(fileobj=out, mode="w:gz", dereference=True) as tar,
    ):
        for member in members:
            try:
                opened = member.path.open("rb")
            except FileNotFoundError:
                continue
            with opened:
                info = tar.gettarinfo(arcname=member.name, fileobj=opened)
                info.uid = info.gid = 0
                info.uname = info.gname = ""
                hashed = _Hashed(opened)
                tar.addfile(info, hashed)
                checksums[member.name] = hashed.hash.hexdigest()
        manifest = {"format": FORMAT, **facts, "files": checksums}
        data = json.dumps(manifest, indent=1).encode()  # ASCII: names need not be Unicode
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(data), 0o600
        tar.addfile(info, io.BytesIO(data))
    return archive.stat().st_size


@contextmanager
def _reading(archive: Path) -> Iterator[tarfile.TarFile]:
    """Open `archive`; whatever is wrong with it becomes one line."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            yield tar
    except FileNotFoundError as error:
        reason = "is not a backup of verbatim" if archive.exists() else file_errors.NO_FILE
        raise VerbatimError(Problem(str(archive), reason)) from error
    except (*_DAMAGED, FileExistsError) as error:
        reason = "is damaged, or not a backup of verbatim"
        raise VerbatimError(Problem(str(archive), reason)) from error
    except OSError as error:
        raise VerbatimError(Problem(str(archive), file_errors.why_unreadable(error))) from error


def read(archive: Path, name: str) -> bytes | None:
    """Read the file `name` in `archive`; None if it is not there.

    Raises:
        VerbatimError: it is not an archive of ours, or is damaged.

    """
    with _reading(archive) as tar:
        for info in tar:
            if info.name == name and (source := tar.extractfile(info)) is not None:
                return source.read()
    return None


def extract(archive: Path, folder: Path) -> dict[str, Any]:
    """Extract `archive` into `folder`, which is empty, and return its manifest.

    Raises:
        VerbatimError: it is not an archive of ours, or is damaged: then it must not be used.

    """
    checksums: dict[str, str] = {}
    with _reading(archive) as tar:
        for info in tar:
            target = folder / _safe(info)
            target.parent.mkdir(parents=True, exist_ok=True)
            source = tar.extractfile(info)
            if source is None:
                raise ValueError("a member is not a regular file")
            hashed = _Hashed(source)
            with target.open("xb") as out:
                shutil.copyfileobj(hashed, out)
            target.chmod(info.mode & 0o777)
            checksums[info.name] = hashed.hash.hexdigest()
        manifest = json.loads((folder / MANIFEST).read_bytes())
        found, named = manifest["format"], manifest["files"]
    if found != FORMAT:
        reason = "is from a newer version of verbatim: install that"
        raise VerbatimError(Problem(str(archive), reason))
    del checksums[MANIFEST]
    if checksums != named:
        raise VerbatimError(Problem(str(archive), "is damaged: its checksums do not match"))
    return dict(manifest)


def _safe(info: tarfile.TarInfo) -> Path:
    """The member's path, which must be that of a file below the folder, by the rules of any system."""
    path = Path(info.name)
    if not info.isreg() or path.anchor or ".." in re.split(r"[/\\]", info.name):
        raise ValueError("a member is outside of the archive's folder")
    return path
