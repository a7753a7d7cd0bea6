"""Reads a whole file within a limit, decodes what is not UTF-8, and names the extra that a format needs."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.installation import install_command

MEBIBYTE = 1024 * 1024

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]{2,30})", re.IGNORECASE)
_BINARY = "charmap undefined rot13 punycode idna base64 hex zlib bz2 uu quopri mbcs oem unicode_escape raw_unicode_escape"


def read_all(file: BinaryIO, where: str, most: int) -> bytes:
    """Read `file` from its beginning.

    Raises:
        VerbatimError: it has more than `most` bytes, or is empty.

    """
    file.seek(0)
    data = file.read(most + 1)
    if len(data) > most:
        reason = (
            f"has more than {most // MEBIBYTE:,} MiB, which is too much to read at once: split it"
        )
        raise VerbatimError(Problem(where, reason))
    if not data.strip():
        raise VerbatimError(Problem(where, "is empty"))
    return data


def decode_declared(data: bytes) -> tuple[str, str | None]:
    """Decode `data` by its byte order mark, its own declaration, as UTF-8 or as Windows-1252.

    The second value is a remark for the person who imports it, where the encoding is a guess.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), None
    declared = _META.search(data[:4096]) or _XML.search(data[:200])
    if declared and (text := _decode(data, declared[1].decode("ascii"))) is not None:
        return text, None
    return decode_guess(data)


def decode_guess(data: bytes) -> tuple[str, str | None]:
    """Decode `data` as UTF-8 or UTF-16 where it is, otherwise as Windows-1252, with a remark that says so."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), None
    text = _decode(data, "utf-8")
    if text is not None:
        return text, None
    note = "not UTF-8, so read as Windows-1252: if letters are wrong, save the file as UTF-8"
    return data.decode("cp1252", errors="replace"), note


def _decode(data: bytes, encoding: str) -> str | None:
    name = encoding.lower().replace("-", "_")
    if name in _BINARY.split():
        return None
    if name in ("iso_8859_1", "latin_1", "us_ascii", "ascii"):  # browsers read these so
        name = "cp1252"
    try:
        return data.decode(name, errors="strict" if name.startswith("utf") else "replace")
    except (LookupError, UnicodeError):
        return None


def missing_extra(where: str, label: str, extra: str) -> VerbatimError:
    """Build the error for a format whose library is not installed."""
    reason = f"reading {label} needs more packages: {install_command(extra)}"
    return VerbatimError(Problem(where, reason))
