"""Where the lines of PDF pages belong: the order of columns, and what is repeated at the edges of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import NamedTuple

from bot.texts.formats.pdf_lines import PdfLine

_EDGE_LINES = 3
"""Rows at the top and at the foot of a page among which running heads and page numbers are looked for."""

_SET_APART = 1.4
"""Repeated lines are not part of the text if they are at least this far from it, in usual distances of rows."""

_FEWEST_REPEATS = 3
_REPEATED_SHARE = 0.3
"""A head of the left or right pages alone is on half of them, one of a chapter on fewer."""

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|p\.|pg\.?|seite|página|pagina|стр\.?|صفحة)\s*)?[-–—|\[(]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—|\])]?"
    r"(?:\s*(?:/|of|von|de|sur|из|من)\s*\d{1,4})?",
    re.IGNORECASE,
)
_BESIDE_WORDS = re.compile(r"(\d{1,4})\s+\D.*|.*\D\s+(\d{1,4})")
_FEWEST_LINES = 5
_NARROWEST_COLUMN = 0.2
_FILLED = 0.55
"""Share of a column's width that its lines fill on average; the cells of a table fill less."""


class Removed(NamedTuple):
    """A line that is not part of the text, and why."""

    text: str
    reason: str


class _Edges(NamedTuple):
    """The first rows of a page from the top, and its last from the foot; `pitch` is the usual distance of rows."""

    top: list[list[PdfLine]]
    foot: list[list[PdfLine]]
    pitch: float


def without_running_lines(
    pages: Sequence[list[PdfLine]], labels: Sequence[str]
) -> tuple[list[list[PdfLine]], list[Removed]]:
    """Take running heads and feet and page numbers off the edges of `pages`; `labels` are the numbers of these."""
    edges = [_edges(lines) for lines in pages]
    running = _RunningLines(edges, labels)
    kept: list[list[PdfLine]] = []
    removed: list[Removed] = []
    for lines, edge in zip(pages, edges, strict=True):
        found = running.ids(edge.top, edge.pitch) | running.ids(edge.foot, edge.pitch)
        for line in lines:
            if id(line) in found:
                is_number = id(line) in running.numbers
                reason = "a page number" if is_number else "a running head or foot"
                removed.append(Removed(line.text, reason))
        kept.append([line for line in lines if id(line) not in found])
    return kept, removed


class _RunningLines:
    """What comes back at the edges of pages: shapes of lines, and numbers that count the pages."""

    def __init__(self, edges: Sequence[_Edges], labels: Sequence[str]) -> None:
        self._pages_of: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        for number, edge in enumerate(edges):
            for line in (line for row in (*edge.top, *edge.foot) for line in row):
                self._pages_of[_shape(line)].add(number)
        self._repeated = {
            shape
            for shape, where in self._pages_of.items()
            if len(where) >= _FEWEST_REPEATS and _is_regular(where, len(edges))
        }
        self.numbers, self._with_numbers = _numbered_lines(edges, labels)

    def ids(self, rows: Sequence[list[PdfLine]], pitch: float) -> set[int]:
        """The ids of the running lines in `rows`, the outermost first, up to the gap before the text.

        Without a gap they are the text's own first or last lines, which may be alike by chance. A number needs none.
        """
        count = next((i for i, row in enumerate(rows) if not self._comes_back(row)), len(rows))
        count = min(count, len(rows) - 1)
        while count > 0:
            outer, inner = rows[count - 1], rows[count]
            is_apart = abs(outer[0].middle - inner[0].middle) > _SET_APART * pitch
            if is_apart or all(id(line) in self.numbers for line in outer):
                break
            count -= 1
        return {id(line) for row in rows[:count] for line in row}

    def _comes_back(self, row: Sequence[PdfLine]) -> bool:
        """Tell whether a row is one of several; beside a page's number its words need only be on two pages."""
        numbered = any(id(line) in self.numbers for line in row)
        return all(
            id(line) in self.numbers
            or id(line) in self._with_numbers
            or _shape(line) in self._repeated
            or (numbered and len(self._pages_of[_shape(line)]) > 1)
            for line in row
        )


def _is_regular(where: set[int], pages: int) -> bool:
    """Tell whether a line comes back on many pages, or on each (or each second) page of a stretch."""
    if len(where) >= _REPEATED_SHARE * pages:
        return True
    return len(where) >= 0.45 * (max(where) - min(where) + 1)


def _edges(lines: Sequence[PdfLine]) -> _Edges:
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -line.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    most = min(_EDGE_LINES + 1, (len(rows) + 1) // 2)
    foot = rows[: -most - 1 : -1] if len(rows) > most else []
    downs = sorted(a[0].middle - b[0].middle for a, b in pairwise(rows))
    pitch = downs[len(downs) // 4] if downs else 0.0
    return _Edges(
        rows[:most], foot, min(pitch, 3 * median(line.size for line in lines)) if lines else 0.0
    )


def _shape(line: PdfLine) -> tuple[str, int]:
    """What is alike of a running line on every page: its words without numbers, and its height on the page."""
    return _DIGITS.sub("#", line.text.casefold()), round(line.middle / 6)


def _numbered_lines(edges: Sequence[_Edges], labels: Sequence[str]) -> tuple[set[int], set[int]]:
    """The ids of the outermost lines that are the page's number, and of those that begin or end with it.

    The distance from such a number to the page's index is the same on several pages, or it is the page's label.
    """
    alone: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    beside: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    labelled: set[int] = set()
    for index, edge in enumerate(edges):
        for line in (line for row in (*edge.top[:1], *edge.foot[:1]) for line in row):
            mark = _PAGE_NUMBER.fullmatch(line.text.strip())
            number = _number(mark[1]) if mark else None
            if number is not None:
                alone[number - index].append((index, id(line)))
                if line.text.strip() == labels[index]:
                    labelled.add(id(line))
            elif at := _BESIDE_WORDS.fullmatch(line.text.strip()):
                beside[int(at[1] or at[2]) - index].append((index, id(line)))

    def counting(found: dict[int, list[tuple[int, int]]]) -> set[int]:
        counts = Counter({offset: len({index for index, _ in at}) for offset, at in found.items()})
        return {
            line for offset, count in counts.items() if count >= enough for _, line in found[offset]
        }

    enough = min(3, max(2, len(edges)))
    return counting(alone) | labelled, counting(beside)


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in text.lower()]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )


def in_reading_order(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Put the columns of prose one after the other; where there are none, the order of the content stays."""
    gutters = _gutters(lines)
    if not gutters:
        return list(lines)
    ordered: list[PdfLine] = []
    band: list[PdfLine] = []
    for line in sorted(lines, key=lambda line: -line.middle):
        if any(line.left < gutter < line.right for gutter in gutters):
            ordered += _by_column(band, gutters)
            band = []
            ordered.append(line)
        else:
            band.append(line)
    return ordered + _by_column(band, gutters)


def _by_column(band: Sequence[PdfLine], gutters: Sequence[float]) -> list[PdfLine]:
    def place(line: PdfLine) -> tuple[int, float]:
        return sum(gutter <= line.left for gutter in gutters), -line.middle

    return sorted(band, key=place)


def _gutters(lines: Sequence[PdfLine]) -> list[float]:
    """The middles of the empty strips between columns of prose."""
    if len(lines) < 2 * _FEWEST_LINES:
        return []
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    width = right - left
    if width <= 0 or width > 20_000:
        return []
    changes = [0] * (int(width) + 3)
    for line in lines:
        changes[int(line.left - left)] += 1
        changes[int(line.right - left) + 1] -= 1
    covered = list(accumulate(changes))[:-1]
    empty = [count <= 0.25 * max(covered) for count in covered]
    strips: list[tuple[int, int]] = []
    begin = None
    for point, is_empty in enumerate([*empty, False]):
        if is_empty and begin is None:
            begin = point
        elif not is_empty and begin is not None:
            if point - begin >= 6 and begin > 0 and point < len(covered) - 1:
                strips.append((begin, point))
            begin = None
    middles = [left + (begin + end) / 2 for begin, end in strips]
    return middles if middles and _are_columns(lines, middles, left, right) else []


def _are_columns(
    lines: Sequence[PdfLine], gutters: Sequence[float], left: float, right: float
) -> bool:
    borders = [left, *gutters, right]
    for begin, end in pairwise(borders):
        inside = [line for line in lines if line.left >= begin - 1 and line.right <= end + 1]
        if len(inside) < _FEWEST_LINES or end - begin < _NARROWEST_COLUMN * (right - left):
            return False
        if sum(line.right - line.left for line in inside) / len(inside) < _FILLED * (end - begin):
            return False
    return True
