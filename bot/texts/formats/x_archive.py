"""An archive of X, once Twitter: the threads of `tweets.js` with its parts, long posts from `note-tweet.js`.

Messages, account and all other files are never read.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import x_posts, x_threads
from bot.texts.formats.draft import Draft
from bot.texts.formats.x_threads import XArchive

NAME = "x-archive"
LABEL = x_threads.LABEL

_BARE = re.compile(rb"\s*\[\s*\{\s*\"(?:tweet|noteTweet)\"\s*:\s*\{")
_BARE_POSTS = (b'"full_text"', b'"id_str"')
_OTHER_FILE = re.compile(rb"\s*window\.YTD\.(\w+)\.part\d+\s*=")
_PARTS = re.compile(r"(?:tweets?|note-tweets?|community-tweets?)(?:-part\d+)?\.js")
_MEMBER = re.compile(r"(?:.*/)?data/(?:js/)?((?:tweets?|note-tweets?)(?:-part\d+)?\.js)")
_MOST_INFLATED = 200
_MAX_UNZIPPED = 8 * 1024**3


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins as `tweets.js`, `tweet.js` or `note-tweet.js` of an archive does."""
    head = head.removeprefix(BOM_UTF8)
    bare = head.lstrip().startswith(b"[") and all(word in head[:20_000] for word in _BARE_POSTS)
    return bool(_OTHER_FILE.match(head) or _BARE.match(head)) or bare


def matches_zip(names: Sequence[str]) -> bool:
    """Tell whether a zip with these members is an archive."""
    return any(_MEMBER.fullmatch(name) for name in names)


def parse(file: BinaryIO, name: str) -> Draft | XArchive:
    """Find the threads in `file`, and in the other parts that lie beside it or in the same zip.

    Raises:
        VerbatimError: the file is another one of the archive, is damaged, or has no posts of its own.

    """
    file.seek(0)
    head = file.read(4_096).removeprefix(BOM_UTF8)
    if head.startswith(b"PK"):
        unzipped = _unzipped(file, name)
        return XArchive(unzipped, name, unzipped)
    other = _OTHER_FILE.match(head)
    if other and not x_posts.ASSIGNMENT.match(head):
        reason = f"is the archive's file of {other[1].decode()}: posts are in tweets.js, which is read with the files beside it"
        raise VerbatimError(Problem(name, reason))
    siblings = list(_siblings(file))
    return XArchive([file, *siblings], name, siblings)


def _siblings(file: BinaryIO) -> Iterator[BinaryIO]:
    """Open the other parts of posts in the same folder."""
    own = getattr(file, "name", None)
    if not isinstance(own, str) or not _PARTS.fullmatch(Path(own).name):
        return
    for path in sorted(Path(own).parent.iterdir()):
        if path.name != Path(own).name and _PARTS.fullmatch(path.name) and path.is_file():
            with suppress(OSError):
                yield path.open("rb")


def _unzipped(file: BinaryIO, where: str) -> list[BinaryIO]:
    """Unzip the parts of posts into temporary files, which can be read out of order."""
    found: list[BinaryIO] = []
    try:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if _MEMBER.fullmatch(member.filename):
                    found.append(tempfile.TemporaryFile())  # noqa: SIM115 - open as long as the archive
                    _unzip(archive, member, found[-1], where)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,  # from zipfile, for a compression that it does not know
        EOFError,
        ValueError,
        zlib.error,
    ) as error:
        _close(found)
        raise VerbatimError(Problem(where, "its zip is damaged: download it again")) from error
    except VerbatimError:
        _close(found)
        raise
    return found


def _unzip(archive: zipfile.ZipFile, member: zipfile.ZipInfo, copy: BinaryIO, where: str) -> None:
    most = min(_MAX_UNZIPPED, (1 << 20) + _MOST_INFLATED * member.compress_size)
    with archive.open(member) as source:
        while chunk := source.read(1 << 20):
            copy.write(chunk)
            if copy.tell() > most:
                reason = (
                    f"its {member.filename} grows beyond {most:,} bytes: it is not an archive of X"
                )
                raise VerbatimError(Problem(where, reason))


def _close(files: Sequence[BinaryIO]) -> None:
    for file in files:
        file.close()
