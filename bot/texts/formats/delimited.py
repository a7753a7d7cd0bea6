"""A table as text: CSV or TSV, with whichever delimiter."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, read_all
from bot.texts.formats.sheet import sheet_text

NAME = "csv"
LABEL = "table (CSV)"

MOST_BYTES = 32 * MEBIBYTE
_DELIMITERS = "\t;,|"
"""The surest first: decimal commas stand between semicolons, and `|` within fields."""

_SAMPLE_ROWS = 60
_SUFFIXES = (".csv", ".tsv", ".tab")
_FEWEST_ROWS = 4
_FEWEST_COLUMNS = 3
_MOST_LEFT_OUT = 3


def matches(head: bytes, name: str) -> bool:
    """Tell by the file's name, or by rows that all have the same number of fields, which no prose has."""
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    text = decode_guess(head)[0].lstrip("\ufeff")
    delimiter = _delimiter(text)
    if name.lower().endswith(_SUFFIXES):
        return delimiter is not None
    if delimiter is None:
        return False
    rows = _sample(text, delimiter)
    if delimiter == "," and any(field.startswith(" ") for row in rows for field in row[1:]):
        return False  # commas of prose have a space after them
    width = len(rows[0]) if rows else 0
    return (
        len(rows) >= _FEWEST_ROWS
        and width >= (2 if delimiter == "\t" else _FEWEST_COLUMNS)
        and delimiter != "|"  # a table of Markdown
        and all(len(row) == width for row in rows)
    )


def parse(file: BinaryIO, name: str) -> Draft:
    """Make a table with the first row as its header, or questions with their answers.

    Raises:
        VerbatimError: the file is not a table, or a field is longer than the csv module reads.

    """
    text, note = decode_guess(read_all(file, name, MOST_BYTES))
    text = text.lstrip("\ufeff").replace("\0", "")
    if text[:4].lower() == "sep=":  # what Excel writes before the first row
        text = text.partition("\n")[2]
    delimiter = _delimiter(text) or ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        reason = f"cannot be read as a table ({error}): save it again as CSV"
        raise VerbatimError(Problem(name, reason, reader.line_num)) from error
    tally = DropTally()
    while rows and (not rows[0] or _is_comment(rows[0])):
        comment = rows.pop(0)
        tally.add("".join(comment), "a comment above the table")
    blocks, guessed = sheet_text(rows, tally.add)
    if not blocks:
        raise VerbatimError(Problem(name, "has no filled cells: is it the right file?"))
    return Draft(
        LABEL, tuple(blocks), dropped=tally.lines, notes=(note,) if note else (), guessed=guessed
    )


def _delimiter(text: str) -> str | None:
    """Find the delimiter with which most rows have the same number of fields, more than one."""
    best, found = 0.6, None
    for delimiter in _DELIMITERS:
        rows = _sample(text, delimiter)
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        share = count / widths.total()
        if width > 1 and (share > best or (found is None and share == best)):
            best, found = share, delimiter
    return found or next(
        (each for each in _DELIMITERS if _is_ragged_table(_sample(text, each))), None
    )


def _is_comment(row: list[str]) -> bool:
    return len(row) == 1 and row[0].startswith("#")


def _is_ragged_table(rows: list[list[str]]) -> bool:
    """Tell whether the first row names columns of which others leave out the last ones."""
    filled = [row for row in rows if row and not _is_comment(row)]
    width = len(filled[0]) if filled else 0
    return (
        width > _FEWEST_COLUMNS
        and len(filled) >= _FEWEST_ROWS
        and all(
            width - _MOST_LEFT_OUT <= len(row) <= width
            and not any(cell.startswith(" ") for cell in row)
            for row in filled
        )
    )


def _sample(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter):
            if len(rows) == _SAMPLE_ROWS:
                return rows
            rows.append(row)
    except csv.Error:
        return rows
    while rows and not rows[-1]:
        rows.pop()
    return rows[:-1] if len(text) > 100_000 else rows  # the last one may be cut
