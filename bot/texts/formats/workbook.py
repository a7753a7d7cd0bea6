"""An Excel workbook (XLSX), read by openpyxl. Needs the extra `documents`."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, missing_extra, read_all
from bot.texts.formats.sheet import sheet_text
from bot.texts.formats.zip_package import SIGNATURE, ZipPackage

NAME = "xlsx"
LABEL = "Excel workbook"
ISOLATED = True

MOST_BYTES = 64 * MEBIBYTE
MOST_CELLS = 2_000_000
WORKBOOK = "xl/workbook.xml"
_MOST_COLUMNS = 1_000


def matches(head: bytes, name: str) -> bool:
    """Tell by the names of the zip's parts, or, where they are further back, by the file's name."""
    if not head.startswith(SIGNATURE):
        return False
    return b"xl/" in head or (
        name.lower().endswith((".xlsx", ".xlsm")) and b"[Content_Types].xml" in head
    )


def matches_zip(names: Sequence[str]) -> bool:
    """Tell by the part that every such file has."""
    return WORKBOOK in names


def parse(file: BinaryIO, name: str) -> Draft:
    """Make a table, or questions with their answers, of each sheet.

    Raises:
        VerbatimError: the workbook is damaged, too large or empty, or openpyxl is not installed.

    """
    try:
        import openpyxl  # noqa: PLC0415
    except ImportError as error:
        raise missing_extra(name, "Excel workbooks", "documents") from error
    data = read_all(file, name, MOST_BYTES)
    package = ZipPackage(io.BytesIO(data), name)
    if WORKBOOK not in package:
        raise VerbatimError(Problem(name, "is not an Excel workbook: save it again as .xlsx"))
    for part in package.names:  # openpyxl sets no limits to what it unpacks
        if part.endswith((".xml", ".rels")):
            package.read(part)
    tally = DropTally()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [(sheet.title, sheet.sheet_state, _rows(sheet, name)) for sheet in book.worksheets]
        facts = book.properties
        book.close()
    except VerbatimError:
        raise
    except Exception as error:  # of damaged files: KeyError, ValueError, BadZipFile, ParseError…
        raise VerbatimError(
            Problem(name, "is damaged: open it in Excel and save it again")
        ) from error
    blocks, guessed = _blocks(sheets, tally)
    if not blocks:
        raise VerbatimError(Problem(name, "has no filled cells: is it the right file?"))
    return Draft(
        LABEL,
        tuple(blocks),
        author=None if facts.creator in ("openpyxl", None) else stated_facts.author(facts.creator),
        dropped=tally.lines,
        notes=("numbers and dates are as the cells hold them, not as Excel shows them",),
        title=stated_facts.title(facts.title),
        guessed=tuple(guessed),
    )


def _blocks(
    sheets: Sequence[tuple[str, str, list[list[str]]]], tally: DropTally
) -> tuple[list[str], list[str]]:
    """Set each sheet (name, state, rows) under its name; also say what is guessed."""
    blocks: list[str] = []
    guessed: list[str] = []
    visible = sum(state == "visible" for _, state, _ in sheets)
    for title, state, rows in sheets:
        if state != "visible":
            tally.add(title, "a hidden sheet")
            continue
        text = sheet_text(rows, tally.add)
        if text.blocks:
            named = [markup.heading(2, title)] if visible > 1 else []
            blocks += [*filter(None, named), *text.blocks]
            guessed += [f"sheet {title}: {one}" for one in text.guessed]
    return blocks, guessed


def _rows(sheet: Any, where: str) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for row in sheet.iter_rows(max_col=_MOST_COLUMNS):
        values = [_shown(cell) for cell in row]
        while values and not values[-1]:
            values.pop()
        cells += len(values) + 1
        if cells > MOST_CELLS:
            raise VerbatimError(Problem(where, f"has more than {MOST_CELLS:,} cells: split it"))
        if values:
            rows.append(values)
    return rows


def _shown(cell: Any) -> str:
    """Write a value as the text of a cell."""
    value = cell.value
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).upper()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime | datetime.time):
        return value.isoformat(timespec="minutes").replace("T", " ")
    if isinstance(value, float | int):
        is_share = "%" in (getattr(cell, "number_format", None) or "")
        return f"{value * 100:.10g}%" if is_share else f"{value:.15g}"
    return str(value)
