"""A PDF, read by PDFium: pages, columns and divided words. Needs the extra `documents`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, missing_extra, read_all
from bot.texts.formats.pdf_layout import in_reading_order, without_running_lines
from bot.texts.formats.pdf_lines import PdfLine, read_lines
from bot.texts.formats.pdf_paragraphs import ParagraphBuilder

NAME = "pdf"
LABEL = "PDF"
ISOLATED = True

MOST_BYTES = 256 * MEBIBYTE
MOST_PAGES = 10_000
MOST_CHARACTERS = 30_000_000
_MOST_TITLES = 5_000
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]")
_UNREADABLE_SHARE = 0.1
_CONTENTS_LINE = re.compile(r".*(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxl]{1,6})")


def matches(head: bytes, name: str) -> bool:
    """Tell by the mark that stands in the first kilobyte."""
    return b"%PDF-" in head[:1024]


def parse(file: BinaryIO, name: str) -> Draft:
    """Read the text of all pages.

    Raises:
        VerbatimError: the PDF is damaged, locked, a scan without text, or pypdfium2 is not installed.

    """
    data = read_all(file, name, MOST_BYTES)
    try:
        import pypdfium2  # noqa: PLC0415
        from pypdfium2 import raw  # noqa: PLC0415
    except ImportError as error:
        raise missing_extra(name, "PDF", "documents") from error
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = "is a PDF that is locked with a password: unlock it" if locked else (
            "is a PDF, but damaged or cut short: fetch it again, or copy its text into a .txt file"
        )  # fmt: skip
        raise VerbatimError(Problem(name, reason)) from error
    try:
        return _draft(document, raw, name)
    except pypdfium2.PdfiumError as error:
        raise VerbatimError(Problem(name, f"is a PDF with a damaged page: {error}")) from error
    finally:
        document.close()


def _draft(document: Any, raw: Any, where: str) -> Draft:
    if len(document) > MOST_PAGES:
        reason = f"has {len(document):,} pages, but at most {MOST_PAGES:,} are allowed: split it"
        raise VerbatimError(Problem(where, reason))
    pages = _pages(document, raw, where)
    empty = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(empty) == len(pages):
        reason = "is a scan: its pages are pictures without text; run OCR on it first, such as with ocrmypdf"
        raise VerbatimError(Problem(where, reason))
    text = "".join(line.text for lines in pages for line in lines)
    if len(_UNREADABLE.findall(text)) > _UNREADABLE_SHARE * len(text):
        reason = "has a font that does not say which letters its glyphs are: run OCR on it first, such as with ocrmypdf"
        raise VerbatimError(Problem(where, reason))
    tally = DropTally()
    labels = [_label(document, index) for index in range(len(pages))]
    kept, removed = without_running_lines(pages, labels)
    for line, reason in removed:
        tally.add(line, reason)
    kept = [_without_contents(lines, tally) for lines in kept]
    ordered = [in_reading_order(lines) for lines in kept]
    builder = ParagraphBuilder(ordered, _titles(document), tally.add)
    for label, lines in zip(labels, ordered, strict=True):
        builder.add_page(f"<!-- page {label} -->", lines)
    builder.finish()
    facts = document.get_metadata_dict()
    made = _DATE.match(facts.get("CreationDate") or "")
    return Draft(
        LABEL,
        tuple(builder.blocks),
        author=stated_facts.author(facts.get("Author")),
        dropped=tally.lines,
        notes=_notes(empty),
        title=stated_facts.title(facts.get("Title")),
        date=stated_facts.day("-".join(made.groups())) if made else None,
        guessed=_guessed(builder.headings),
    )


def _pages(document: Any, raw: Any, where: str) -> list[list[PdfLine]]:
    pages: list[list[PdfLine]] = []
    characters = 0
    for page in document:
        text_page = page.get_textpage()
        lines = read_lines(text_page, raw)
        text_page.close()
        page.close()
        characters += sum(len(line.text) for line in lines)
        if characters > MOST_CHARACTERS:
            reason = f"has more than {MOST_CHARACTERS:,} characters: split it"
            raise VerbatimError(Problem(where, reason))
        pages.append(lines)
    return pages


def _titles(document: Any) -> dict[str, int]:
    """The headings that the outline names, by their letters and digits."""
    found: dict[str, int] = {}
    try:
        for item in document.get_toc(max_depth=6):
            title = re.sub(r"\W+", "", item.get_title().casefold())
            if title and len(found) < _MOST_TITLES:
                found.setdefault(title, min(item.level + 1, 6))
    except (
        RuntimeError,
        ValueError,
        UnicodeError,
    ):  # a damaged outline is not a reason to refuse the text
        return found
    return found


def _label(document: Any, index: int) -> str:
    label = "".join(c for c in document.get_page_label(index) or "" if c.isalnum() or c in "-. ")[
        :20
    ].strip()
    return label.replace("--", "-") or str(index + 1)


def _without_contents(lines: list[PdfLine], tally: DropTally) -> list[PdfLine]:
    """Take out the lines of a table of contents, whose dots lead to a page number."""
    dotted = [line for line in lines if _CONTENTS_LINE.fullmatch(line.text)]
    if len(dotted) < 3:
        return lines
    for line in dotted:
        tally.add(line.text, "a line of the table of contents")
    gone = set(map(id, dotted))
    return [line for line in lines if id(line) not in gone]


def _notes(empty: Sequence[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    shown = ", ".join(map(str, empty[:10])) + (", …" if len(empty) > 10 else "")
    return (f"pages without text (empty, or pictures): {shown}",)


def _guessed(headings: int) -> tuple[str, ...]:
    guessed = [
        "where paragraphs end, and which lines are one column: correct the text file where it is wrong"
    ]
    if headings:
        guessed.append(
            f"{headings:,} headings, by their size, weight or the outline: `#` before them makes them so"
        )
    return tuple(guessed)
