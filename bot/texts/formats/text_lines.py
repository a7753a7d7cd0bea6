"""Bytes of a plain text → its lines, and the lines → posts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats.draft import DroppedLine, InputLine

MAX_BYTES = 64 * 1024 * 1024
"""Of a plain text: it is read whole."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ESCAPES = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|[^\n]\x08"
)
"""Codes for a terminal, and letters that were struck over, to be bold or underlined there."""

_PAGE_BEGIN = re.compile(r"^[\f\v]+", re.MULTILINE)
_PAGE_BREAK = re.compile(r"[\f\v]")
_BLANK = re.compile(r"[\s\u200b\u2060\ufeff]*")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, where: str) -> str:
    r"""Decode UTF-8, or UTF-16 with a byte order mark, and make every line end in `\n`.

    The byte order mark goes. A form feed, the page break of plain text, goes where a line begins with it, and becomes
    a space elsewhere.

    Raises:
        VerbatimError: `data` is neither, or has a control character that no text needs.

    """
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VerbatimError(Problem(where, "not UTF-8: save the file as UTF-8", line)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _PAGE_BREAK.sub(" ", _PAGE_BEGIN.sub("", text))
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        reason = f"contains the control character U+{ord(found[0]):04X}: remove it"
        raise VerbatimError(Problem(where, reason, line))
    return text


def read_text(file: BinaryIO, where: str) -> tuple[str, tuple[DroppedLine, ...]]:
    """Read and decode the whole `file`; the second value says whether it had page breaks.

    Raises:
        VerbatimError: it is not plain text, or has more than MAX_BYTES.

    """
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        reason = f"has more than {MAX_BYTES:,} bytes, too much for one text: split it"
        raise VerbatimError(Problem(where, reason))
    dropped: list[DroppedLine] = []
    if b"\x1b" in data or b"\x08" in data:
        decoded = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8", "surrogateescape")
        plain, count = _ESCAPES.subn("", decoded)
        if count:
            dropped.append(
                DroppedLine(0, "escape code", "bold, colours and the like of a terminal", count)
            )
            data = plain.encode("utf-8", "surrogateescape")
    text = decode(data, where)
    if breaks := data.count(b"\f"):
        line = data.count(b"\n", 0, data.index(b"\f")) + 1
        dropped.append(DroppedLine(line, "form feed", "a page break", breaks))
    return text, tuple(dropped)


def peek(head: bytes) -> list[InputLine]:
    """Split the beginning of a file into lines; none if it is certainly no plain text."""
    if head.startswith(_UTF_16):
        text = head.decode("utf-16", errors="replace")
    else:
        text = codecs.getincrementaldecoder("utf-8-sig")(errors="replace").decode(head)
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [] if "\0" in text else input_lines(text)


def input_lines(text: str) -> list[InputLine]:
    """Number the lines of `text` from 1."""
    return [InputLine(i, line) for i, line in enumerate(text.split("\n"), start=1)]


def is_blank(line: str) -> bool:
    """Tell whether a line looks empty: of white space and characters without width."""
    return _BLANK.fullmatch(line) is not None


def closed_up(text: str) -> str:
    """Remove the blank lines of a post, and those around it: in a knowledge file they would divide it."""
    return "\n".join(line for line in text.split("\n") if not is_blank(line))


def blocks(lines: Iterable[InputLine]) -> Iterator[list[InputLine]]:
    """Group `lines` by the blank lines between them."""
    block: list[InputLine] = []
    for line in lines:
        if not is_blank(line.text):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block
