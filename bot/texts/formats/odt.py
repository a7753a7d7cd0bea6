"""An OpenDocument text (ODT), as LibreOffice writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.markup import Block
from bot.texts.formats.zip_package import SIGNATURE, ZipPackage

NAME = "odt"
LABEL = "OpenDocument text"
ISOLATED = True

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_DEEPEST = 100
_MOST_REPEATED = 100

_INDEXES = frozenset(
    f"{_TEXT}{kind}"
    for kind in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index",
    )
)  # fmt: skip
_LEFT_OUT = {
    f"{_OFFICE}annotation": "a comment",
    f"{_TEXT}tracked-changes": "deleted in tracked changes",
    f"{_OFFICE}forms": "a form's controls",
    f"{_TEXT}ruby-text": "a reading beside a character",
    f"{_SVG}title": "the title of a picture",
    f"{_SVG}desc": "the description of a picture",
    f"{_DRAW}image": "a picture",
    f"{_DRAW}object": "an embedded object",
    f"{_DRAW}object-ole": "an embedded object",
}


def matches(head: bytes, name: str) -> bool:
    """Tell by the first part of the zip, which states the type."""
    return (
        head.startswith(SIGNATURE)
        and b"mimetypeapplication/vnd.oasis.opendocument.text" in head[:200]
    )


def parse(file: BinaryIO, name: str) -> Draft:
    """Read headings, paragraphs, lists, tables and footnotes.

    Raises:
        VerbatimError: the document is damaged, locked, or has no text.

    """
    package = ZipPackage(file, name)
    content = package.xml("content.xml")
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise VerbatimError(Problem(name, "has no text in its content.xml: save it again as .odt"))
    reader = _Reader(name, _ordered_styles(content, package))
    blocks = [block.text for block in reader.blocks(body, 0)]
    if reader.notes:
        blocks += [block.text for block in markup.items(reader.notes, ordered=True)]
    if not blocks:
        raise VerbatimError(Problem(name, "has no text: its pages are pictures"))
    guessed = ("the first row of each table names its columns",) if reader.has_tables else ()
    facts = package.xml("meta.xml") if "meta.xml" in package else Element("none")

    def fact(*tags: str) -> str:
        return markup.clean(next((one.text or "" for tag in tags for one in facts.iter(tag)), ""))

    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(fact(f"{_META}initial-creator", f"{_DC}creator")),
        dropped=reader.tally.lines,
        title=stated_facts.title(fact(f"{_DC}title")),
        date=stated_facts.day(fact(f"{_META}creation-date", f"{_DC}date")),
        language=stated_facts.language(fact(f"{_DC}language")),
        guessed=guessed,
    )


def _ordered_styles(content: Element, package: ZipPackage) -> frozenset[str]:
    """Name the list styles whose first level is numbered."""
    roots = [content, *([package.xml("styles.xml")] if "styles.xml" in package else [])]
    return frozenset(
        style.get(f"{_STYLE}name") or ""
        for root in roots
        for style in root.iter(f"{_TEXT}list-style")
        if any(
            level.tag == f"{_TEXT}list-level-style-number" and level.get(f"{_TEXT}level") == "1"
            for level in style
        )
    )


class _Reader:
    def __init__(self, where: str, ordered: frozenset[str]) -> None:
        self._where = where
        self._ordered = ordered
        self.tally = DropTally()
        self.notes: list[list[Block]] = []
        self.has_tables = False

    def blocks(self, parent: Element, depth: int) -> list[Block]:
        """Read what stands in the body, a section, a list item, a cell or a note."""
        if depth > _DEEPEST:
            raise VerbatimError(Problem(self._where, "is nested too deeply: save it again as .odt"))
        found: list[Block] = []
        for child in parent:
            if child.tag == f"{_TEXT}h":
                level = child.get(f"{_TEXT}outline-level") or "1"
                text = markup.heading(
                    int(level) if level.isdigit() else 1, self._words(child, depth)
                )
                found += [Block(text, "other")] if text else []
            elif child.tag == f"{_TEXT}p":
                found += self._paragraph(child, depth)
            elif child.tag == f"{_TEXT}list":
                found += self._list(child, depth)
            elif child.tag == f"{_TABLE}table":
                found += self._table(child, depth)
            elif child.tag in _INDEXES:
                self.tally.add("".join(child.itertext()), "a table of contents or an index")
            elif child.tag in _LEFT_OUT:
                self._leave_out(child)
            elif child.tag in (
                f"{_TEXT}section",
                f"{_DRAW}frame",
                f"{_DRAW}text-box",
                f"{_TEXT}list-item",
            ):
                found += self.blocks(child, depth + 1)
        return found

    def _paragraph(self, node: Element, depth: int) -> list[Block]:
        boxes: list[Block] = []
        text = markup.paragraph(self._words(node, depth, boxes))
        return [*([Block(text)] if text else []), *boxes]

    def _words(self, node: Element, depth: int, boxes: list[Block] | None = None) -> str:
        return "".join(self._pieces(node, depth, boxes))

    def _pieces(self, node: Element, depth: int, boxes: list[Block] | None) -> Iterator[str]:
        if depth > _DEEPEST:
            raise VerbatimError(Problem(self._where, "is nested too deeply: save it again as .odt"))
        yield (node.text or "").replace("\n", " ")
        for child in node:
            if child.tag in (f"{_TEXT}s", f"{_TEXT}tab"):
                yield " "
            elif child.tag == f"{_TEXT}line-break":
                yield "\n"
            elif child.tag == f"{_TEXT}note":
                self._note(child, depth)
            elif child.tag in _LEFT_OUT:
                self._leave_out(child)
            elif child.tag == f"{_DRAW}frame":
                if boxes is not None:
                    boxes += self.blocks(child, depth + 1)
            else:
                yield from self._pieces(child, depth + 1, boxes)
            yield (child.tail or "").replace("\n", " ")

    def _note(self, node: Element, depth: int) -> None:
        """Keep a footnote's text for the end; its mark would be a number in the middle of a sentence."""
        mark = node.find(f"{_TEXT}note-citation")
        self.tally.add(
            "".join(mark.itertext()) if mark is not None else "", "the mark of a footnote"
        )
        body = node.find(f"{_TEXT}note-body")
        if body is not None and (blocks := self.blocks(body, depth + 1)):
            self.notes.append(blocks)

    def _list(self, node: Element, depth: int) -> list[Block]:
        ordered = (node.get(f"{_TEXT}style-name") or "") in self._ordered
        contents = [
            self.blocks(item, depth + 1)
            for item in node
            if item.tag in (f"{_TEXT}list-item", f"{_TEXT}list-header")
        ]
        if all(
            len(blocks) == 1 and blocks[0].text.startswith("#") for blocks in contents if blocks
        ):
            return [
                block for blocks in contents for block in blocks
            ]  # a numbered heading is put into a list
        return markup.items(contents, ordered=ordered)

    def _table(self, node: Element, depth: int) -> list[Block]:
        rows = [self._row(row, depth) for row in _rows(node)]
        rows = [row for row in rows if any(row)]
        if not rows:
            return []
        if max(map(len, rows)) < 2:
            return [Block(text) for row in rows for cell in row if (text := markup.paragraph(cell))]
        self.has_tables = True
        width = max(map(len, rows))
        header = rows.pop(0) if len(rows) > 1 and all(rows[0]) else []
        header += [""] * (width - len(header))
        return [Block(text, "other") for text in markup.table(header, rows)]

    def _row(self, row: Element, depth: int) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if cell.tag == f"{_TABLE}covered-table-cell":
                cells.append("")
            elif cell.tag == f"{_TABLE}table-cell":
                text = " ".join(block.text for block in self.blocks(cell, depth + 1)).replace(
                    "\n", " "
                )
                times = cell.get(f"{_TABLE}number-columns-repeated") or "1"
                cells += [text] * min(int(times) if times.isdigit() else 1, _MOST_REPEATED)
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _leave_out(self, node: Element) -> None:
        self.tally.add(markup.clean(" ".join(node.itertext())), _LEFT_OUT[node.tag])


def _rows(table: Element) -> Iterator[Element]:
    for part in table:
        if part.tag == f"{_TABLE}table-row":
            yield part
        elif part.tag in (
            f"{_TABLE}table-header-rows",
            f"{_TABLE}table-rows",
            f"{_TABLE}table-row-group",
        ):
            yield from _rows(part)
