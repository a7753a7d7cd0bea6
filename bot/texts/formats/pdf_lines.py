"""The lines of a PDF page: characters and their boxes, as PDFium gives them, put together."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SOFT_HYPHEN = "\xad"
"""Stands in a line's text for a hyphen at its end that PDFium takes for a division of a word."""

MOST_CHARACTERS = 200_000
"""Of one page; what is beyond is not read."""

_PDFIUM_HYPHEN = 0x02
_NOT_CHARACTERS = frozenset((0, 0xFFFE, 0xFFFF))
_GAP = 1.8
"""Line heights between two characters of a row from which on they are in different columns."""

_SAME_ROW = 0.35
"""Share of the lower height by which two boxes must overlap to be on one row."""


@dataclass(slots=True)
class PdfLine:
    """A piece of one row. Units are points, from the lower left corner of the page; `size` is the line's height."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        """The height of the line's middle."""
        return (self.bottom + self.top) / 2


def read_lines(text_page: Any, raw: Any) -> list[PdfLine]:
    """Read the lines of `text_page` in the order of the page's content; `raw` is pypdfium2.raw."""
    return [line for line in _lines(text_page, raw) if line.text.strip(f" {SOFT_HYPHEN}\xa0")]


def _lines(text_page: Any, raw: Any) -> Iterator[PdfLine]:
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    line: PdfLine | None = None
    pieces: list[str] = []
    heights: Counter[float] = Counter()
    half = last = 0

    def ended(line: PdfLine) -> PdfLine:
        line.text = " ".join("".join(pieces).split())
        line.size = heights.most_common(1)[0][0]
        line.bold = line.bold and _is_bold(text_page, last, raw)
        pieces.clear()
        heights.clear()
        return line

    for i in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text_page, i)
        if code in _NOT_CHARACTERS:
            continue
        if code in (0x0A, 0x0D):
            if line is not None:
                yield ended(line)
            line = None
            continue
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0xFFFD
            half = 0
        character = SOFT_HYPHEN if code == _PDFIUM_HYPHEN else chr(code)
        if not raw.FPDFText_GetLooseCharBox(text_page, i, reference) or box.right <= box.left:
            if line is not None:
                pieces.append(character)  # a space that PDFium adds has no width
            continue
        if line is not None and _is_apart(line, box):
            yield ended(line)
            line = None
        if line is None:
            if character.isspace():
                continue
            line = PdfLine("", box.left, box.right, box.bottom, box.top, box.top - box.bottom)
            line.bold = _is_bold(text_page, i, raw)
        pieces.append(character)
        if not character.isspace():
            last = i
            heights[round(box.top - box.bottom, 1)] += 1
            line.left, line.right = min(line.left, box.left), max(line.right, box.right)
            if box.top - box.bottom > line.top - line.bottom:
                line.bottom, line.top = box.bottom, box.top
    if line is not None:
        yield ended(line)


def _is_apart(line: PdfLine, box: Any) -> bool:
    overlap = min(line.top, box.top) - max(line.bottom, box.bottom)
    if overlap < _SAME_ROW * min(line.size, box.top - box.bottom):
        return True
    return bool(box.left - line.right > _GAP * line.size or line.left - box.right > _GAP * line.size)


def _is_bold(text_page: Any, index: int, raw: Any) -> bool:
    if raw.FPDFText_GetFontWeight(text_page, index) >= 600:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text_page, index, name, 128, ctypes.byref(flags))
    return length > 0 and any(word in name.value.lower() for word in (b"bold", b"black", b"heavy"))
