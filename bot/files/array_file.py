"""A file of named arrays: written atomically, checked by checksums, and mapped when read.

Layout: `MAGIC`, header length and header CRC-32 (two little-endian uint32), the header as JSON,
then the arrays, each on a 64-byte boundary. Unlike a pickle, nothing in it is executed.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from bot.files import atomic_file

MAGIC = b"VERBATIM"
VERSION = 1
_PREFIX = struct.Struct("<8sII")
_ALIGNMENT = 64
_CHUNK = 1 << 20

MAPS = sys.platform != "win32"
"""Whether files are mapped. On Windows they are read: a mapped file cannot be replaced there."""

Reason = Literal["missing", "foreign", "version", "fingerprint", "damaged"]
Arrays = Mapping[str, NDArray[Any]]


class UnusableFileError(Exception):
    """A saved file cannot be used, and should be rebuilt; `reason` tells why."""

    def __init__(self, path: Path, reason: Reason, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.reason: Reason = reason


def write(path: Path, fingerprint: str, parameters: Mapping[str, Any], arrays: Arrays) -> None:
    """Write one-dimensional `arrays` and JSON `parameters` to `path`, atomically.

    `fingerprint` is the caller's hash of everything that the arrays were made from. Raises OSError
    if the file cannot be written; an older one is then unchanged.
    """
    flat = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    entries = [
        {
            "name": name,
            "dtype": array.dtype.newbyteorder("<").str,
            "count": array.size,
            "crc32": _checksum(array),
        }
        for name, array in flat.items()
    ]
    header = json.dumps(
        {
            "version": VERSION,
            "fingerprint": fingerprint,
            "parameters": dict(parameters),
            "arrays": entries,
        },
        sort_keys=True,
    ).encode()
    with atomic_file.replacing(path, private=True) as file:
        file.write(_PREFIX.pack(MAGIC, len(header), zlib.crc32(header)) + header)
        for array in flat.values():
            file.write(bytes(-file.tell() % _ALIGNMENT))
            file.write(_bytes(array))


def read(path: Path, fingerprint: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Read the parameters and read-only arrays of `path`; the arrays are mapped where `MAPS`.

    All checksums are verified first, through a small buffer, so that no page becomes resident.
    Raises UnusableFileError if the file is missing, foreign, of another version or fingerprint,
    truncated or altered.
    """
    try:
        with path.open("rb") as file:
            header, offset = _header(path, file)
            if header["fingerprint"] != fingerprint:
                raise UnusableFileError(
                    path, "fingerprint", "it was made from other texts or settings"
                )
            spans = _spans(path, file, header["arrays"], offset)
            content = _content(file)
    except FileNotFoundError as error:
        raise UnusableFileError(path, "missing", "there is no such file") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableFileError(path, "damaged", f"its header makes no sense ({error})") from error
    arrays = {
        name: np.frombuffer(content, dtype=dtype, count=count, offset=start)
        for name, (dtype, count, start) in spans.items()
    }
    return header["parameters"], arrays


def _content(file: BinaryIO) -> mmap.mmap | bytes:
    if MAPS:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    file.seek(0)
    return file.read()


def _header(path: Path, file: BinaryIO) -> tuple[dict[str, Any], int]:
    """Read the header and the offset of its end; raises UnusableFileError."""
    prefix = file.read(_PREFIX.size)
    if prefix[: len(MAGIC)] != MAGIC:
        raise UnusableFileError(path, "foreign", "it is not a file of ours")
    if len(prefix) < _PREFIX.size:
        raise UnusableFileError(path, "damaged", "it ends inside its header")
    _, length, checksum = _PREFIX.unpack(prefix)
    # The length may be damaged: never read more than the file has.
    raw = file.read(min(length, os.fstat(file.fileno()).st_size))
    if len(raw) != length or zlib.crc32(raw) != checksum:
        raise UnusableFileError(path, "damaged", "its header is damaged")
    header = json.loads(raw)
    if header["version"] != VERSION:
        raise UnusableFileError(
            path, "version", f"it has format {header['version']}, not {VERSION}"
        )
    return header, _PREFIX.size + length


def _spans(
    path: Path, file: BinaryIO, entries: list[dict[str, Any]], offset: int
) -> dict[str, tuple[np.dtype[Any], int, int]]:
    """Verify every array's checksum; return dtype, count and offset by name."""
    spans: dict[str, tuple[np.dtype[Any], int, int]] = {}
    for entry in entries:
        offset += -offset % _ALIGNMENT
        dtype = np.dtype(entry["dtype"])
        left = dtype.itemsize * entry["count"]
        spans[entry["name"]] = (dtype, entry["count"], offset)
        file.seek(offset)
        offset += left
        checksum = 0
        while left and (chunk := file.read(min(_CHUNK, left))):
            checksum = zlib.crc32(chunk, checksum)
            left -= len(chunk)
        if left or checksum != entry["crc32"]:
            raise UnusableFileError(path, "damaged", f"{entry['name']} is damaged or cut short")
    if os.fstat(file.fileno()).st_size != offset:
        raise UnusableFileError(path, "damaged", "it has bytes after its end")
    return spans


def _bytes(array: NDArray[Any]) -> memoryview:
    """The array as little-endian bytes, without a copy on a little-endian machine."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False).view(np.uint8).data


def _checksum(array: NDArray[Any]) -> int:
    return zlib.crc32(_bytes(array))
