"""Reads the parts of a zip file, within limits that a hostile one cannot exceed. Nothing is ever unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree

from bot.errors import Problem, VerbatimError
from bot.texts.formats.file_input import MEBIBYTE

SIGNATURE = b"PK\x03\x04"
MOST_PARTS = 20_000
MOST_PART_BYTES = 64 * MEBIBYTE
MOST_BYTES = 512 * MEBIBYTE
"""Of all parts that are read from one file, decompressed."""

_DAMAGED = (
    "is a zip file, as Word, Excel and EPUB files are, but damaged or cut short: export it again, or copy its text into"
    " a .txt file"
)
_ENCRYPTED = 0x1
# What zipfile raises for damaged files; NotImplementedError is for a compression that it does not know.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError, IndexError,
)  # fmt: skip


class ZipPackage:
    """The parts of a zip file by name. Every error is a VerbatimError that names the file."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._where = where
        self._left = MOST_BYTES
        try:
            file.seek(0)
            self._zip = zipfile.ZipFile(file)
            infos = self._zip.infolist()
        except _UNREADABLE as error:
            raise self._error(_DAMAGED) from error
        if len(infos) > MOST_PARTS:
            raise self._error(
                f"contains {len(infos):,} files, but at most {MOST_PARTS:,} are allowed: split it"
            )
        named = (info for info in infos if info.filename)  # is_dir fails on a name of no letters
        self._infos = {info.filename: info for info in named if not info.is_dir()}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the file."""
        return tuple(self._infos)

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def modified(self, name: str) -> tuple[int, int, int]:
        """Say on which day a part was last changed: year, month, day, as the file has it."""
        year, month, day = self._infos[name].date_time[:3]
        return year, month, day

    def size(self, name: str) -> int:
        """The size that the file states for a part, in bytes; it may be a lie."""
        return self._infos[name].file_size

    def read(self, name: str, most: int = MOST_PART_BYTES) -> bytes:
        """Decompress a part.

        Raises:
            VerbatimError: there is none, it is too large, damaged, or encrypted.

        """
        info = self._infos.get(name)
        if info is None:
            raise self._error(f"its part {name} is missing: download or export it again")
        if info.flag_bits & _ENCRYPTED:
            raise self._error("is locked with a password: unlock it first")
        most = min(most, self._left)
        try:
            with self._zip.open(info) as part:
                data = part.read(most + 1)
        except _UNREADABLE as error:
            raise self._error(
                f"is damaged in its part {name[:80]}: fetch or export it again"
            ) from error
        if len(data) > most:
            raise self._error(f"unpacks to more than is allowed in its part {name[:80]}: split it")
        self._left -= len(data)
        return data

    def peek(self, name: str, most: int) -> bytes:
        """Decompress the first bytes of a part.

        Raises:
            VerbatimError: the part is damaged or encrypted.

        """
        info = self._infos[name]
        if info.flag_bits & _ENCRYPTED:
            raise self._error("is locked with a password: unlock it first")
        try:
            with self._zip.open(info) as part:
                return part.read(most)
        except _UNREADABLE as error:
            raise self._error(
                f"is damaged in its part {name[:80]}: fetch or export it again"
            ) from error

    def xml(self, name: str) -> Element:
        """Parse a part that is XML; entities and external files are refused."""
        try:
            return ElementTree.fromstring(self.read(name))
        except defusedxml.DefusedXmlException as error:
            raise self._error(
                f"declares entities in {name[:80]}, which no word processor does"
            ) from error
        except (ParseError, ValueError, LookupError) as error:
            raise self._error(
                f"is damaged in its part {name[:80]}: fetch or export it again"
            ) from error

    def _error(self, reason: str) -> VerbatimError:
        return VerbatimError(Problem(self._where, reason))
