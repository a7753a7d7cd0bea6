"""The lines of a PDF page: characters and their boxes, as PDFium gives them, put together."""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from typing import Any

SOFT_HYPHEN = "\xad"
"""Stands in a line's text for a hyphen at its end that PDFium takes for a division of a word."""

MOST_CHARACTERS = 200_000
"""Of one page; what is beyond is not read."""

_PDFIUM_HYPHEN = 0x02
_BOLD_NAMES = (b"bold", b"black", b"heavy")
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
    reader = _LineReader(text_page, raw)
    for index in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        reader.add(index)
    reader.end_line()
    return [line for line in reader.lines if line.text.strip(f" {SOFT_HYPHEN}\xa0")]


class _LineReader:
    def __init__(self, text_page: Any, raw: Any) -> None:
        self.lines: list[PdfLine] = []
        self._text_page = text_page
        self._raw = raw
        self._box = raw.FS_RECTF()
        self._reference = ctypes.byref(self._box)
        self._line: PdfLine | None = None
        self._pieces: list[str] = []
        self._heights: Counter[float] = Counter()
        self._last = 0
        self._surrogate = 0

    def add(self, index: int) -> None:
        """Add a character to its line."""
        code = self._raw.FPDFText_GetUnicode(self._text_page, index)
        if code in (0x0A, 0x0D):
            self.end_line()
        elif 0xD800 <= code < 0xDC00:
            self._surrogate = code
        elif code not in _NOT_CHARACTERS:
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((self._surrogate & 0x3FF) << 10) + (code & 0x3FF)
            self._place(SOFT_HYPHEN if code == _PDFIUM_HYPHEN else chr(code), index)

    def end_line(self) -> None:
        """End the line that is open."""
        line, self._line = self._line, None
        if line is not None:
            line.text = " ".join("".join(self._pieces).split())
            line.size = self._heights.most_common(1)[0][0]
            line.bold = line.bold and self._is_bold(self._last)
            self.lines.append(line)
            self._pieces.clear()
            self._heights.clear()

    def _place(self, character: str, index: int) -> None:
        box = self._box
        known = self._raw.FPDFText_GetLooseCharBox(self._text_page, index, self._reference)
        if not known or box.right <= box.left:
            if self._line is not None:
                self._pieces.append(character)  # a space that PDFium adds has no width
            return
        if self._line is not None and _is_apart(self._line, box):
            self.end_line()
        if self._line is None and not character.isspace():
            height = box.top - box.bottom
            self._line = PdfLine("", box.left, box.right, box.bottom, box.top, height)
            self._line.bold = self._is_bold(index)
        line = self._line
        if line is None:
            return
        self._pieces.append(character)
        if not character.isspace():
            self._last = index
            self._heights[round(box.top - box.bottom, 1)] += 1
            line.left, line.right = min(line.left, box.left), max(line.right, box.right)
            if box.top - box.bottom > line.top - line.bottom:
                line.bottom, line.top = box.bottom, box.top

    def _is_bold(self, index: int) -> bool:
        if self._raw.FPDFText_GetFontWeight(self._text_page, index) >= 600:
            return True
        name = ctypes.create_string_buffer(128)
        flags = ctypes.byref(ctypes.c_int())
        length = self._raw.FPDFText_GetFontInfo(self._text_page, index, name, 128, flags)
        return length > 0 and any(word in name.value.lower() for word in _BOLD_NAMES)


def _is_apart(line: PdfLine, box: Any) -> bool:
    overlap = min(line.top, box.top) - max(line.bottom, box.bottom)
    if overlap < _SAME_ROW * min(line.size, box.top - box.bottom):
        return True
    return bool(
        box.left - line.right > _GAP * line.size or line.left - box.right > _GAP * line.size
    )
