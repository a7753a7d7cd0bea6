"""The lines of a PDF page: characters and their boxes, as PDFium gives them, put together."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

SOFT_HYPHEN = "\xad"
"""Stands in a line's text for a hyphen at its end that PDFium takes for a division of a word."""

MOST_CHARACTERS = 200_000
"""Of one page; what is beyond is not read."""

_PDFIUM_HYPHEN = 0x02
_BOLD_NAMES = (b"bold", b"black", b"heavy")
_NOT_CHARACTERS = frozenset((0, 0xFFFE, 0xFFFF))
_LINE_ENDS = frozenset((0x0A, 0x0D))
_SPACES = _LINE_ENDS | {0x09, 0x20, 0xA0, 0x3000}
_INITIAL = 1.8
"""A word's first letter is an ornament if it is at least this many times the size of the last."""

_GAP = 2.0
"""Characters of a row are in different columns if they are at least this many font sizes apart."""

_SAME_ROW = 0.35
"""Share of the lower height by which two boxes must overlap to be on one row."""


@dataclass(slots=True)
class PdfLine:
    """A piece of one row. Units are points, from the lower left corner of the page; `size` is that of the font."""

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


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def read_lines(text_page: Any, raw: Any) -> list[PdfLine]:
    """Read the lines of `text_page` in the order of the page's content; `raw` is pypdfium2.raw."""
    reader = _LineReader(text_page, raw)
    for index in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        reader.add(index)
    reader.end_line()
    return [line for line in reader.lines if line.text.strip(f" {SOFT_HYPHEN}")]


class _LineReader:
    """Takes characters, and asks for the boxes of the first and the last of each word, which is costly."""

    def __init__(self, text_page: Any, raw: Any) -> None:
        self.lines: list[PdfLine] = []
        self._text_page = text_page
        self._raw = raw
        self._rectangle = raw.FS_RECTF()
        self._reference = ctypes.byref(self._rectangle)
        self._matrix = raw.FS_MATRIX()
        self._matrix_reference = ctypes.byref(self._matrix)
        self._font_name = ctypes.create_string_buffer(128)
        self._flags = ctypes.byref(ctypes.c_int())
        self._line: PdfLine | None = None
        self._words: list[str] = []
        self._sizes: Counter[float] = Counter()
        self._word: list[str] = []
        self._first = self._last = 0
        self._surrogate = 0

    def add(self, index: int) -> None:
        """Add a character to its word."""
        code = self._raw.FPDFText_GetUnicode(self._text_page, index)
        if code in _SPACES:
            self._end_word()
            if code in _LINE_ENDS:
                self.end_line()
        elif 0xD800 <= code < 0xDC00:
            self._surrogate = code
        elif code not in _NOT_CHARACTERS:
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((self._surrogate & 0x3FF) << 10) + (code & 0x3FF)
            if not self._word:
                self._first = index
            self._last = index
            self._word.append(SOFT_HYPHEN if code == _PDFIUM_HYPHEN else chr(code))
            if code == _PDFIUM_HYPHEN:
                self._end_word()

    def end_line(self) -> None:
        """End the word and the line that are open."""
        self._end_word()
        self._close()

    def _close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.text = " ".join(self._words)
            line.size = self._sizes.most_common(1)[0][0]
            self.lines.append(line)
            self._words.clear()
            self._sizes.clear()

    def _end_word(self) -> None:
        if not self._word:
            return
        word = "".join(self._word)
        self._word.clear()
        first, last = self._box(self._first), self._box(self._last)
        if first is None or last is None:
            first = last = first or last
        if first is None or last is None:  # of signs that PDFium adds
            return
        box = _Box(*map(min, first[:2], last[:2]), *map(max, first[2:], last[2:]))
        if self._line is not None and _is_apart(self._line, box):
            self._close()
        size = self._size(self._first)
        if self._last > self._first and size > _INITIAL * (end := self._size(self._last)):
            size = end
        is_bold = self._is_bold(self._first)
        line = self._line
        if line is None:
            line = self._line = PdfLine("", box.left, box.right, box.bottom, box.top, size, is_bold)
        self._words.append(word)
        self._sizes[round(size, 1)] += len(word)
        line.bold = line.bold and is_bold
        line.left, line.right = min(line.left, box.left), max(line.right, box.right)
        line.bottom, line.top = min(line.bottom, box.bottom), max(line.top, box.top)

    def _box(self, index: int) -> _Box | None:
        rectangle = self._rectangle
        if not self._raw.FPDFText_GetLooseCharBox(self._text_page, index, self._reference):
            return None
        box = _Box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        return box if box.right > box.left and box.top > box.bottom else None

    def _size(self, index: int) -> float:
        """The size of the font, as it is drawn: the boxes of two fonts of one size may differ."""
        size = self._raw.FPDFText_GetFontSize(self._text_page, index)
        if self._raw.FPDFText_GetMatrix(self._text_page, index, self._matrix_reference):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return max(float(size), 0.1)

    def _is_bold(self, index: int) -> bool:
        if self._raw.FPDFText_GetFontWeight(self._text_page, index) >= 600:
            return True
        name = self._font_name
        length = self._raw.FPDFText_GetFontInfo(self._text_page, index, name, 128, self._flags)
        return length > 0 and any(word in name.value.lower() for word in _BOLD_NAMES)


def _is_apart(line: PdfLine, box: _Box) -> bool:
    overlap = min(line.top, box.top) - max(line.bottom, box.bottom)
    if overlap < _SAME_ROW * min(line.size, box.height):
        return True
    return max(box.left - line.right, line.left - box.right) > _GAP * line.size
