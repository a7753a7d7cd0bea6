"""A zip of files in any format."""

from __future__ import annotations

import datetime
from functools import partial
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats.file_collection import FileCollection, InnerFile
from bot.texts.formats.zip_package import SIGNATURE, ZipPackage

NAME = "zip"
LABEL = "zip of files"
HOLDS_FILES = True


def matches(head: bytes, name: str) -> bool:
    """Tell by the signature; formats that are zips themselves are tried before."""
    return head.startswith((SIGNATURE, b"PK\x05\x06"))


def parse(file: BinaryIO, name: str) -> FileCollection:
    """List the files; nothing is unpacked to disk, so their paths cannot lead anywhere.

    Raises:
        VerbatimError: the zip is damaged or empty.

    """
    package = ZipPackage(file, name)
    if not package.names:
        raise VerbatimError(Problem(name, "is an empty zip: is it the right file?"))
    files = [
        InnerFile(part, _day(package, part), partial(_read, package, part))
        for part in package.names
    ]
    return FileCollection(LABEL, name, files, ())


def _read(package: ZipPackage, part: str, most: int | None) -> bytes:
    return package.read(part) if most is None else package.peek(part, most)


def _day(package: ZipPackage, part: str) -> datetime.date | None:
    try:
        return datetime.date(*package.modified(part))
    except ValueError:
        return None
