"""A Word document (DOCX), read by mammoth, which makes HTML of it. Needs the extra `documents`."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from bot.errors import Problem, VerbatimError
from bot.texts.formats import html_blocks, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, missing_extra, read_all
from bot.texts.formats.zip_package import SIGNATURE, ZipPackage

NAME = "docx"
LABEL = "Word document"
ISOLATED = True

MOST_BYTES = 64 * MEBIBYTE
DOCUMENT = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CREATED = "{http://purl.org/dc/terms/}created"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RUNNING = re.compile(r"word/(?:header|footer)\d*\.xml")
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
comment-reference => !
"""


def matches(head: bytes, name: str) -> bool:
    """Tell by the names of the zip's parts, or, where they are further back, by the file's name."""
    if not head.startswith(SIGNATURE):
        return False
    return b"word/" in head or (
        name.lower().endswith((".docx", ".docm")) and b"[Content_Types].xml" in head
    )


def matches_zip(names: Sequence[str]) -> bool:
    """Tell by the part that every such file has."""
    return DOCUMENT in names


def parse(file: BinaryIO, name: str) -> Draft:
    """Read headings, paragraphs, lists, tables and footnotes.

    Deleted text of tracked changes, comments and running heads are left out; what is left out is reported.

    Raises:
        VerbatimError: the document is damaged, locked, or has no text, or mammoth is not installed.

    """
    try:
        import mammoth  # noqa: PLC0415
    except ImportError as error:
        raise missing_extra(name, "Word documents", "documents") from error
    data = read_all(file, name, MOST_BYTES)
    package = ZipPackage(io.BytesIO(data), name)
    if DOCUMENT not in package:
        raise VerbatimError(Problem(name, "is not a Word document: save it again as .docx"))
    for part in package.names:  # mammoth parses them without such checks
        if part.endswith((".xml", ".rels")):
            package.xml(part)
    tally = DropTally()
    _report_left_out(package, tally)
    try:
        result: Any = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(
                lambda image: {"src": "", "alt": image.alt_text or ""}
            ),
        )
    except (
        Exception
    ) as error:  # of damaged files: KeyError, AttributeError, ValueError, RecursionError…
        raise VerbatimError(
            Problem(name, "is damaged: open it in Word and save it again")
        ) from error
    page = html_blocks.tree(result.value, name)
    blocks = (
        html_blocks.Renderer(tally.add, first_row_is_header=True).blocks(page.body)
        if page.body
        else []
    )
    if not blocks:
        raise VerbatimError(Problem(name, "has no text: its pages are pictures"))
    guessed = (
        ("the first row of each table names its columns",)
        if any(b.startswith("| ") for b in blocks)
        else ()
    )
    facts = package.xml(_PROPERTIES) if _PROPERTIES in package else Element("none")
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(facts.findtext(f"{_DC}creator")),
        dropped=tally.lines,
        title=stated_facts.title(facts.findtext(f"{_DC}title")),
        date=stated_facts.day(facts.findtext(_CREATED)),
        guessed=guessed,
    )


def _report_left_out(package: ZipPackage, tally: DropTally) -> None:
    for part in package.names:
        if _RUNNING.fullmatch(part):
            words = "".join(one.text or "" for one in package.xml(part).iter(f"{_W}t"))
            if words.strip():
                tally.add(words, "a running head or foot")
    if "word/comments.xml" in package:
        for comment in package.xml("word/comments.xml").iter(f"{_W}comment"):
            tally.add("".join(one.text or "" for one in comment.iter(f"{_W}t")), "a comment")
    for deleted in package.xml(DOCUMENT).iter(f"{_W}delText"):
        tally.add(deleted.text or "", "deleted in tracked changes")
