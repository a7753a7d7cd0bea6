"""A presentation of PowerPoint (PPTX), as Google Slides and LibreOffice save too: the text of each slide, under its title."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.etree.ElementTree import Element

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, read_all
from bot.texts.formats.markup import Block
from bot.texts.formats.zip_package import SIGNATURE, ZipPackage

NAME = "pptx"
LABEL = "PowerPoint presentation"
ISOLATED = True

MOST_BYTES = 256 * MEBIBYTE
PRESENTATION = "ppt/presentation.xml"
_PROPERTIES = "docProps/core.xml"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CREATED = "{http://purl.org/dc/terms/}created"
_TITLES = frozenset({"title", "ctrTitle"})
_RUNNING = frozenset({"dt", "ftr", "hdr", "sldNum"})
_SHAPES = frozenset({f"{_P}sp", f"{_P}graphicFrame"})
_DEEPEST_LEVEL = 8


def matches(head: bytes, name: str) -> bool:
    """Tell by the names of the zip's parts, or, where they are further back, by the file's name."""
    if not head.startswith(SIGNATURE):
        return False
    return b"ppt/" in head or (
        name.lower().endswith((".pptx", ".pptm", ".ppsx")) and b"[Content_Types].xml" in head
    )


def matches_zip(names: Sequence[str]) -> bool:
    """Tell by the part that every such file has."""
    return PRESENTATION in names


def parse(file: BinaryIO, name: str) -> Draft:
    """Read titles, paragraphs, lists and tables, with the slide's number as the page; notes are reported, not read.

    Raises:
        VerbatimError: the presentation is damaged, locked, or has no text.

    """
    package = ZipPackage(io.BytesIO(read_all(file, name, MOST_BYTES)), name)
    if PRESENTATION not in package:
        raise VerbatimError(
            Problem(name, "is not a PowerPoint presentation: save it again as .pptx")
        )
    tally = DropTally()
    blocks: list[str] = []
    tables = False
    for number, part in enumerate(_slides(package), start=1):
        slide = package.xml(part)
        if slide.get("show") in ("0", "false"):
            tally.add(_words(slide), "a hidden slide")
            continue
        found = list(_blocks(slide, tally))
        tables |= any(block.startswith("|") for block in found)
        blocks += [f"<!-- page {number} -->", *found] if found else []
        for target in _related(package, part, "/notesSlide"):
            notes = _words(package.xml(target), leave_out=_RUNNING)
            if notes:
                tally.add(notes, "the speaker's notes")
    if not blocks:
        raise VerbatimError(Problem(name, "has no text: its slides are pictures"))
    facts = package.xml(_PROPERTIES) if _PROPERTIES in package else Element("none")
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(facts.findtext(f"{_DC}creator")),
        dropped=tally.lines,
        title=stated_facts.title(facts.findtext(f"{_DC}title")),
        date=stated_facts.day(facts.findtext(_CREATED)),
        guessed=("the first row of each table names its columns",) if tables else (),
    )


def _slides(package: ZipPackage) -> list[str]:
    """Name the parts of the slides in the order in which they are shown."""
    targets = _targets(package, PRESENTATION)
    listed = package.xml(PRESENTATION).iter(f"{_P}sldId")
    names = [targets.get(each.get(f"{_R}id") or "", ("", ""))[1] for each in listed]
    return [each for each in names if each in package]


def _related(package: ZipPackage, part: str, kind: str) -> Iterator[str]:
    return (
        target
        for each, target in _targets(package, part).values()
        if each.endswith(kind) and target in package
    )


def _targets(package: ZipPackage, part: str) -> dict[str, tuple[str, str]]:
    """Read what a part refers to: id → kind and name of the other part."""
    folder, own = posixpath.split(part)
    relations = f"{folder}/_rels/{own}.rels"
    if relations not in package:
        return {}
    return {
        each.get("Id") or "": (
            each.get("Type") or "",
            posixpath.normpath(posixpath.join(f"/{folder}", each.get("Target") or "")).lstrip("/"),
        )
        for each in package.xml(relations)
    }


def _blocks(slide: Element, tally: DropTally) -> Iterator[str]:
    """Yield the title of a slide, and then its other texts as they were put there."""
    shapes = [shape for shape in slide.iter() if shape.tag in _SHAPES]
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
    for shape in titles:
        if title := markup.heading(2, _words(shape)):
            yield title
    for shape in shapes:
        kind = _placeholder(shape)
        if kind in _TITLES:
            continue
        if kind in _RUNNING:
            if words := _words(shape):
                tally.add(words, "a running head or foot")
            continue
        for table in shape.iter(f"{_A}tbl"):
            yield from _table(table)
        body = shape.find(f"{_P}txBody")
        if body is not None:
            yield from _texts(body)


def _placeholder(shape: Element) -> str | None:
    """Return what the layout provides the shape for; None for a box that somebody has drawn."""
    found = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return None if found is None else found.get("type") or "body"


def _texts(body: Element) -> Iterator[str]:
    """Yield the paragraphs of a shape; several short ones are items of a list, as slides show them."""
    paragraphs = [(_level(each), _paragraph(each)) for each in body.findall(f"{_A}p")]
    filled = [(level, text) for level, text in paragraphs if text.strip()]
    if len(filled) < 2:
        yield from (block for _, text in filled if (block := markup.paragraph(text)))
        return
    yield from (block.text for block in _items(filled))


def _items(paragraphs: Sequence[tuple[int, str]]) -> list[Block]:
    """Set paragraphs as a list, those of a deeper level below the one before them."""
    contents: list[list[Block]] = []
    lowest = paragraphs[0][0]
    at = 0
    while at < len(paragraphs):
        level, text = paragraphs[at]
        end = at + 1
        while level <= lowest and end < len(paragraphs) and paragraphs[end][0] > lowest:
            end += 1
        own = markup.paragraph(text)
        below = _items(paragraphs[at + 1 : end]) if end > at + 1 else []
        contents.append([*([Block(own)] if own else []), *below])
        at = end
    return markup.items(contents)


def _level(paragraph: Element) -> int:
    level = paragraph.find(f"{_A}pPr")
    text = "0" if level is None else level.get("lvl") or "0"
    return min(int(text), _DEEPEST_LEVEL) if text.isdecimal() else 0


def _paragraph(paragraph: Element) -> str:
    """Join the runs of a paragraph; the number of the slide is none of its words."""
    parts: list[str] = []
    for each in paragraph:
        if each.tag == f"{_A}br":
            parts.append("\n")
        elif each.tag in (f"{_A}r", f"{_A}fld") and each.get("type") != "slidenum":
            parts.append(each.findtext(f"{_A}t") or "")
    return "".join(parts)


def _table(table: Element) -> Iterator[str]:
    rows = [
        [
            " ".join(map(_paragraph, cell.iter(f"{_A}p"))).replace("\n", " ")
            for cell in row.findall(f"{_A}tc")
        ]
        for row in table.findall(f"{_A}tr")
    ]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if rows:
        width = max(map(len, rows))
        yield from markup.table([*rows[0], *[""] * (width - len(rows[0]))], rows[1:])


def _words(part: Element, leave_out: frozenset[str] = frozenset()) -> str:
    shapes = [shape for shape in part.iter(f"{_P}sp") if _placeholder(shape) not in leave_out] or [
        part
    ]
    return markup.clean(
        " ".join(_paragraph(each) for shape in shapes for each in shape.iter(f"{_A}p"))
    )
