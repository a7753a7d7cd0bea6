"""A page in the markup of MediaWiki, as copied from its editor or exported: sections, lists and tables, without templates."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import decode_guess
from bot.texts.formats.text_lines import read_text

NAME = "mediawiki"
LABEL = "MediaWiki page"

_HEADING = re.compile(
    r"(?P<marks>={2,6})[ \t]*(?P<title>[^=\n](?:[^\n]*[^=\n])?)[ \t]*(?P=marks)[ \t]*"
)
_SIGNS = (
    re.compile(rf"^{_HEADING.pattern.replace('marks', 'm').replace('title', 't')}$", re.MULTILINE),
    re.compile(r"(?<!!)\[\[[^\[\]\n]+\]\]"),
    re.compile(r"\{\{[^{}]+\}\}"),
    re.compile(r"'''[^'\n]+'''"),
    re.compile(r"<ref[ >/]|^\{\|", re.MULTILINE),
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_REFERENCE = re.compile(
    r"<ref\b[^<>/]*/>|<ref\b[^<>]*>(?:(?!</?ref\b).)*</ref>|<references\b[^<>]*/?>",
    re.DOTALL | re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_FILE = re.compile(
    r"\[\[(?:File|Image|Datei|Archivo|Fichier|ملف):(?:[^\[\]]|\[\[[^\[\]]*\]\])*\]\]", re.IGNORECASE
)
_CATEGORY = re.compile(
    r"\[\[(?:Category|Kategorie|Categoría|Catégorie|تصنيف):[^\[\]]*\]\]", re.IGNORECASE
)
_SWITCH = re.compile(r"__[A-Z]{3,20}__")
_DROPPED = (
    (_COMMENT, "a comment, which nobody sees"),
    (_REFERENCE, "a footnote"),
    (_FILE, "a picture"),
    (_CATEGORY, "a category"),
    (_SWITCH, "a switch of the page"),
)
_LINK = re.compile(r"\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]*)\]\]")
_ADDRESS = re.compile(r"\[(?:https?:)?//[^\s\[\]]{1,2000}[ \t]{1,9}([^\[\]\n]{1,1000})\]")
_EMPHASIS = re.compile(r"'{2,5}")
_TAG = re.compile(
    r"</?(?:nowiki|small|big|sub|sup|u|s|i|b|div|span|center|blockquote|poem|code|tt|onlyinclude|noinclude)\b[^<>]*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(?P<marks>[*#:;]+)[ \t]*(?P<words>.*)")
_ATTRIBUTES = re.compile(r"\s*+(?:[\w-]++\s*+=\s*+(?:\"[^\"]*+\"|[\w%-]++)\s*+)++\|(?!\|)")
"""What a cell begins with; possessive, since `a=b=c=d` can be divided in many ways."""

_DEEPEST = 20


def matches(head: bytes, name: str) -> bool:
    """Tell by three kinds of its marks, or by a heading and one other."""
    if b"\0" in head or head.lstrip()[:1] == b"<":
        return False
    text = decode_guess(head)[0].replace("\r\n", "\n")
    found = [bool(sign.search(text)) for sign in _SIGNS]
    return sum(found) > 2 or (found[0] and sum(found) > 1)


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the words as a reader of the wiki sees them; what a template would show is not in the file.

    Raises:
        VerbatimError: it is not plain text, or has no words.

    """
    text, dropped = read_text(file, name)
    tally = DropTally()
    tally.extend(dropped)
    blocks = list(_blocks(_without_marks(text, tally)))
    if not blocks:
        raise VerbatimError(
            Problem(name, "contains no words outside templates: copy the text of the page itself")
        )
    return Draft(LABEL, tuple(blocks), dropped=tally.lines)


def _without_marks(text: str, tally: DropTally) -> str:
    for shape, reason in _DROPPED:
        for found in shape.finditer(text):
            tally.add(found[0], reason)
        text = shape.sub("", text)
    for _ in range(_DEEPEST):  # from the innermost template outwards
        found_templates = _TEMPLATE.findall(text)
        if not found_templates:
            break
        for template in found_templates:
            tally.add(template, "a template, whose text is not in the file")
        text = _TEMPLATE.sub("", text)
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
    return html.unescape(_BREAK.sub(" ", _TAG.sub("", _EMPHASIS.sub("", text))))


def _blocks(text: str) -> Iterator[str]:
    """Yield the blocks: lines of one kind that follow each other are a paragraph, a list or a table."""
    for kind, group in groupby(_kinds(text.split("\n")), key=itemgetter(0)):
        lines = [line for _, line in group]
        if kind == "heading":
            yield from filter(None, map(_heading, lines))
        elif kind == "item":
            yield "\n".join(map(_item, lines))
        elif kind == "table":
            yield from _table(lines)
        elif kind == "text" and (block := markup.paragraph("\n".join(lines))):
            yield block


def _kinds(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    in_table = False
    for line in lines:
        in_table |= line.lstrip().startswith("{|")
        if in_table:
            yield "table", line
            in_table = not line.lstrip().startswith("|}")
        elif _HEADING.fullmatch(line):
            yield "heading", line
        elif (item := _LIST_ITEM.fullmatch(line)) and item["words"].strip():
            yield "item", line
        else:
            yield ("text" if line.strip() else "blank"), line


def _heading(line: str) -> str:
    found = _HEADING.fullmatch(line)
    return markup.heading(len(found["marks"]), found["title"]) if found else ""


def _item(line: str) -> str:
    marks = line[: len(line) - len(line.lstrip("*#:;"))]
    indent = "  " * sum(mark in "*#" for mark in marks[:-1])
    words = markup.clean(line[len(marks) :])
    return f"{indent}{'1.' if marks[-1] == '#' else '-'} {words}"


def _cell(written: str) -> str:
    attributes = _ATTRIBUTES.match(written)
    return written[attributes.end() :] if attributes else written


def _table(lines: list[str]) -> list[str]:
    """Set a table as Markdown; its first row is the header where `!` marks it so."""
    rows: list[list[str]] = [[]]
    header = False
    for line in lines:
        row = line.strip()
        if row.startswith(("{|", "|-", "|}", "|+")):
            rows.append([])
        elif row.startswith(("|", "!")):
            header |= row.startswith("!") and not any(rows[:-1])
            cells = re.split(r"\|\||!!", row[1:]) if row[0] == "!" else row[1:].split("||")
            rows[-1] += [markup.clean(_cell(cell)) for cell in cells]
        elif row and rows[-1]:
            rows[-1][-1] = markup.clean(f"{rows[-1][-1]} {row}")
    filled = [row for row in rows if any(row)]
    if not filled:
        return []
    width = max(map(len, filled))
    filled = [[*row, *[""] * (width - len(row))] for row in filled]
    return markup.table(filled[0], filled[1:]) if header else markup.table([""] * width, filled)
