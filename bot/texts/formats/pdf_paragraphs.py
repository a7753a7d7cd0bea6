"""The lines of PDF pages put together as headings, list items and paragraphs, across pages too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from bot.texts.formats import markup
from bot.texts.formats.markup import Drop
from bot.texts.formats.pdf_lines import SOFT_HYPHEN, PdfLine

_ITEM = re.compile(r"(?:[•●▪◦‣⁃∙·–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")
_BULLET = re.compile(r"[•●▪◦‣⁃∙·–—-]\s+")
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？؟।…][\"'”’»)\]\d]*$")
_HYPHENS = (SOFT_HYPHEN, "-", "‐", "­")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LARGER = 1.12
_SMALLER = 0.88
_HEADING_WORDS = 16
_NEAR = 60
"""Rows before and after one with which its margins are compared."""

_NEXT_ROW = 1.45
"""A paragraph ends where rows are at least this far apart, in the page's usual distances."""


@dataclass(slots=True)
class _Text:
    lines: list[PdfLine] = field(default_factory=list)
    is_heading: bool = False
    named: int = 0
    """The level at which the outline has it."""

    is_note: bool = False


class ParagraphBuilder:
    """Takes pages one after the other; `blocks` has the whole text afterwards."""

    def __init__(
        self, pages: Sequence[Sequence[PdfLine]], titles: dict[str, int], drop: Drop
    ) -> None:
        """`titles` are the headings that the file's outline names, with their levels from 1."""
        sizes: Counter[float] = Counter()
        for line in (line for page in pages for line in page):
            sizes[round(line.size, 1)] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 1.0
        self._titles = titles
        self._drop = drop
        self._words = Counter(
            word.lower() for page in pages for line in page for word in _WORD.findall(line.text)
        )
        self._open: _Text | None = None
        self._held: list[str] = []
        self._headings: list[tuple[int, _Text]] = []
        self.blocks: list[str] = []

    @property
    def headings(self) -> int:
        """How many headings there are."""
        return len(self._headings)

    def add_page(self, marker: str, lines: Sequence[PdfLine]) -> None:
        """Add a page; `marker` stands before the first block that begins on it."""
        texts = list(self._texts(lines))
        notes = [text for text in texts if text.is_note]
        texts = [text for text in texts if not text.is_note]
        if self._open is not None and texts and self._goes_on(self._open, texts[0]):
            self._open.lines += texts.pop(0).lines
        if texts:
            self.close()
        self._held.append(marker)
        for i, text in enumerate(texts):
            if i == len(texts) - 1 and not text.is_heading:
                self._open = text
            else:
                self._add(text)
        if notes and self._open is not None and _ENDS_SENTENCE.search(self._open.lines[-1].text):
            self.close()
        for note in notes:
            self._add(note)

    def close(self) -> None:
        """End the paragraph that might have gone on."""
        if self._open is not None:
            text, self._open = self._open, None
            self._add(text)

    def finish(self) -> None:
        """End the text, and rank its headings: those that the outline names have its levels, others by their size."""
        self.close()
        ranks = sorted(
            {(round(-text.lines[0].size), not text.lines[0].bold) for _, text in self._headings}
        )
        for at, text in self._headings:
            level = (
                text.named or ranks.index((round(-text.lines[0].size), not text.lines[0].bold)) + 1
            )
            words = self.blocks[at].lstrip("#")
            self.blocks[at] = f"{'#' * min(level, 6)}{words}"

    def _add(self, text: _Text) -> None:
        words = self._joined([line.text for line in text.lines])
        if text.is_heading:
            block = markup.heading(1, words)
            if block:
                self._headings.append((len(self.blocks) + len(self._held), text))
        elif mark := _BULLET.match(words):
            block = f"- {markup.clean(words[mark.end() :])}"
        else:
            block = markup.paragraph(words)
        if block:
            self.blocks += [*self._held, block]
            self._held = []

    def _goes_on(self, before: _Text, after: _Text) -> bool:
        """Tell whether a paragraph is cut by the end of a page."""
        if after.is_heading or after.lines[0].bold != before.lines[-1].bold:
            return False
        last, first = before.lines[-1].text, after.lines[0].text
        if last.endswith(_HYPHENS):
            return True
        return not _ENDS_SENTENCE.search(last) and (
            first[:1].islower() or first[:1].isdigit() or last.endswith(",")
        )

    def _texts(self, lines: Sequence[PdfLine]) -> Iterator[_Text]:
        """Divide a page's lines into headings, paragraphs and items."""
        rows = _rows(lines)
        pitch = _pitch(rows)
        current: list[PdfLine] = []
        for i, line in enumerate(rows):
            if current and self._begins(rows, i, current, pitch):
                yield self._text(current, after=rows, at=i)
                current = []
            current.append(line)
        if current:
            yield self._text(current, after=rows, at=len(rows))

    def _begins(
        self, rows: Sequence[PdfLine], i: int, current: Sequence[PdfLine], pitch: float
    ) -> bool:
        """Tell whether a text begins with the row `i`, after the rows of `current`."""
        line, before = rows[i], current[-1]
        down = before.middle - line.middle
        if _ITEM.match(line.text) and down > 0:
            return True
        if line.bold != before.bold or abs(line.size - before.size) > 0.06 * self._body:
            smaller = min(line.size, before.size) < _SMALLER * self._body
            larger = self._is_larger(line) or self._is_larger(before)
            return line.bold != before.bold or smaller or larger
        if down < -0.5 * line.size:  # the next column
            return bool(_ENDS_SENTENCE.search(before.text)) and not line.text[:1].islower()
        if down > _NEXT_ROW * pitch or self._is_larger(before):
            return down > _NEXT_ROW * pitch
        near = rows[max(0, i - _NEAR) : i + _NEAR]
        return _is_indented(line, current, near) or _is_last(before, line, current[0], near)

    def _text(self, lines: list[PdfLine], *, after: Sequence[PdfLine], at: int) -> _Text:
        words = " ".join(line.text for line in lines)
        named = self._titles.get(_plain(words), 0)
        short = len(words.split()) <= _HEADING_WORDS
        if named or (self._is_larger(lines[0]) and short):
            return _Text(lines, is_heading=True, named=named)
        is_bold = all(line.bold for line in lines)
        if (
            is_bold
            and short
            and len(lines) < 3
            and not _ENDS_SENTENCE.search(words)
            and at < len(after)
        ):
            if (
                not after[at].bold
                and any(c.isalpha() for c in words)
                and lines[0].size > _SMALLER * self._body
            ):
                return _Text(lines, is_heading=True)
        if lines[0].size < _SMALLER * self._body and at == len(after):
            return _Text(lines, is_note=True)
        return _Text(lines)

    def _is_larger(self, line: PdfLine) -> bool:
        return line.size > _LARGER * self._body

    def _joined(self, lines: Sequence[str]) -> str:
        """Join lines, and the words that were divided at their ends."""
        text = ""
        for line in lines:
            if not text:
                text = line
            elif text.endswith(_HYPHENS) and len(text) > 1 and text[-2].isalpha():
                text = self._rejoined(text, line)
            else:
                text = f"{text} {line}"
        return text.replace(SOFT_HYPHEN, "-" if text.endswith(SOFT_HYPHEN) else "")

    def _rejoined(self, before: str, after: str) -> str:
        """Join a divided word; a hyphen stays if the word is written with it elsewhere, or goes on as a name."""
        first = re.search(r"[^\W\d_]+(?=.$)", before)
        second = re.match(r"[^\W\d_]+", after)
        if first is None or second is None:
            return f"{before[:-1]}-{after}"
        whole, compound = (first[0] + second[0]).lower(), f"{first[0]}-{second[0]}".lower()
        if second[0][0].isupper() or self._words[compound] > self._words[whole]:
            return f"{before[:-1]}-{after}"
        self._drop(f"{first[0]}-|{second[0]}", "a hyphen at the end of a line")
        return before[:-1] + after


def _rows(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Join the pieces that stand on one row, as the cells of a table do, where they follow each other."""
    rows: list[PdfLine] = []
    for line in lines:
        last = rows[-1] if rows else None
        if (
            last is not None
            and abs(last.middle - line.middle) < 0.3 * line.size
            and line.left >= last.right
        ):
            rows[-1] = PdfLine(
                f"{last.text} {line.text}", last.left, line.right, min(last.bottom, line.bottom),
                max(last.top, line.top), max(last.size, line.size), last.bold and line.bold,
            )  # fmt: skip
        else:
            rows.append(line)
    return rows


def _pitch(rows: Sequence[PdfLine]) -> float:
    """The usual distance from row to row."""
    downs = [
        a.middle - b.middle for a, b in pairwise(rows)
        if 0 < a.middle - b.middle < 3 * a.size and abs(a.size - b.size) < 0.5
    ]  # fmt: skip
    if not downs:
        return max((row.size for row in rows), default=1.0)
    return min(median(downs), 1.25 * sorted(downs)[len(downs) // 4])


def _is_indented(line: PdfLine, current: Sequence[PdfLine], near: Sequence[PdfLine]) -> bool:
    """Tell whether a row begins further in than the one before, and does not hang below an item's mark."""
    first = current[0]
    if _ITEM.match(first.text) and line.left > first.left + 0.3 * line.size:
        return False
    margin = min(row.left for row in near)
    indent = 0.6 * line.size
    return line.left > margin + indent and line.left > current[-1].left + indent


def _is_last(before: PdfLine, line: PdfLine, first: PdfLine, near: Sequence[PdfLine]) -> bool:
    """Tell whether a paragraph ends with the row `before`, because that is shorter than the others."""
    after_item = _ITEM.match(first.text) is not None and line.left < first.left + 0.1 * line.size
    if after_item or _ENDS_SENTENCE.search(before.text):
        return _is_short(before, near)
    return not line.text[:1].islower() and _is_short(before, near, share=0.4)


def _is_short(line: PdfLine, near: Sequence[PdfLine], share: float = 0.0) -> bool:
    """Tell whether a row ends well before others that begin near it: by four letters, or a share of their width."""
    beside = (row.right for row in near if abs(row.left - line.left) < 4 * line.size)
    right = max(beside, default=line.right)
    return line.right < right - max(4 * line.size, share * (right - line.left))


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())
