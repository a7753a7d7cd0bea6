"""AsciiDoc → Markdown blocks: sections, lists, tables, quotations and listings, line by line.

Parsed here: no parser in Python is kept up under a permissive licence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, read_all
from bot.texts.formats.markup import Block

NAME = "asciidoc"
LABEL = "AsciiDoc"

MOST_BYTES = 16 * MEBIBYTE
_SUFFIXES = (".adoc", ".asciidoc", ".asc")
_SECTION = re.compile(r"(={1,6}|#{1,6})\s+(\S.*?)(?:\s+\1)?")
_ATTRIBUTE = re.compile(r":!?([\w-]+)!?:(?:\s+(.*))?")
_BLOCK_ATTRIBUTES = re.compile(r"\[[^\]\n]*\]|\[\[[^\]\n]+\]\]")
_BLOCK_TITLE = re.compile(r"\.([^\s.].*)")
_ITEM = re.compile(r"\s*(\*{1,5}|-|\.{1,5}|\d+\.)\s+(\S.*)")
_TERM = re.compile(r"(\S.*?)(:{2,4}|;;)(?:\s+(.*))?")
_MACRO = re.compile(r"(?:include|image|video|audio|toc|ifdef|ifndef|ifeval|endif)::.*")
_FENCES = re.compile(r"-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|```.*|--")
_TABLE = re.compile(r"[|,:!]={3,}")
_CELL = re.compile(r"(?:^|\s)(?:[\d.+*<>^]*[aehlmsdv]?)\|")
_ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+")
_LINKED = re.compile(
    r"(?:(?:link|xref|mailto):|https?://)[^\s\[\]]{1,500}\[((?:[^\[\]\\]|\\.){0,300}?)\^?\]"
)
_CROSS = re.compile(r"<<[^,<>]{1,200}(?:,\s*([^<>]{1,300}))?>>")
_INLINE = re.compile(
    r"(?<![\w*_`#^~])(\*\*|__|``|\*|_|`|##|#)(?=\S)(.{1,300}?)(?<=\S)\1(?![\w*_`#])"
)
_PASS = re.compile(r"\+\+\+(.{0,300}?)\+\+\+|pass:\w{0,20}\[([^\[\]]{0,300})\]")
_ROLE = re.compile(r"\[[.#][\w.#-]{1,100}\](?=[#*_`])")
_IMAGE = re.compile(r"image:[^\s:\[\]]{1,500}\[[^\[\]]{0,300}\]")
_FOOTNOTE = re.compile(r"footnote:\w{0,50}\[((?:[^\[\]\\]|\\.){0,2000})\]")


def matches(head: bytes, name: str) -> bool:
    """Tell by a title and a section, or attributes below it; by the file's name too."""
    if b"\0" in head:
        return False
    if name.lower().endswith(_SUFFIXES):
        return not head.lstrip().startswith(b"-----BEGIN")  # a signature has the suffix .asc too
    lines = [line for line in decode_guess(head)[0].lstrip("\ufeff").splitlines() if line.strip()]
    if not lines or not re.match(r"= \S", lines[0]):
        return False
    return any(re.match(r"={2,5} \S", line) for line in lines) or any(
        _ATTRIBUTE.fullmatch(line) for line in lines[1:5]
    )


def parse(file: BinaryIO, name: str) -> Draft:
    """Read the document; comments, attributes and macros are reported as dropped."""
    text, note = decode_guess(read_all(file, name, MOST_BYTES))
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = _Reader()
    header = reader.header(lines)
    reader.body(lines, header, len(lines))
    reader.end()
    return Draft(
        LABEL,
        tuple(reader.blocks),
        author=stated_facts.author(reader.author),
        dropped=reader.tally.lines,
        notes=(note,) if note else (),
        title=stated_facts.title(reader.title),
    )


class _Reader:
    def __init__(self) -> None:
        self.tally = DropTally()
        self.blocks: list[str] = []
        self.title: str | None = None
        self.author: str | None = None
        self._paragraph: list[str] = []
        self._items: list[tuple[int, bool, list[str]]] = []
        self._levels: list[str] = []
        self._notes: list[str] = []
        self._is_apart = False
        """Whether a blank line stands after the last item, so that a paragraph would end the list."""

        self._is_attached = False
        """Whether a line `+` puts what follows into the last item."""

        self._in_terms = False
        """Whether the line before is a term or the text below it, so that the next line can be a term."""

        self._awaits_text = False
        """Whether the last item is a term whose definition is still to come."""

    def header(self, lines: Sequence[str]) -> int:
        """Read the title, the author's line and the attributes; return the first line after them."""
        at = 0
        while at < len(lines) and (not lines[at].strip() or lines[at].startswith("//")):
            if lines[at].strip():
                self.tally.add(lines[at], "a comment", line=at + 1)
            at += 1
        title = re.fullmatch(r"[=#]\s+(\S.*)", lines[at]) if at < len(lines) else None
        if title is None:
            return at
        self.title = self._inline(title[1])
        self.blocks.append(markup.heading(1, self.title))
        at += 1
        if at < len(lines) and re.match(
            r"[^\W\d_][^\n:=|]*(?:<[^<>\s]+@[^<>\s]+>)?\s*(?:;|$)", lines[at]
        ):
            names = [re.sub(r"<[^<>]*>", "", name) for name in lines[at].split(";")]
            self.author = ", ".join(name.strip() for name in names)
            self.tally.add(lines[at], "the line of the author", line=at + 1)
            at += 1
            if at < len(lines) and re.match(r"v?\d[^\n]*$", lines[at]):
                self.tally.add(lines[at], "the line of the revision", line=at + 1)
                at += 1
        while at < len(lines) and lines[at].strip() and (found := _ATTRIBUTE.fullmatch(lines[at])):
            if found[1] == "author":
                self.author = found[2]
            self.tally.add(lines[at], "an attribute", line=at + 1)
            at += 1
        return at

    def body(self, lines: Sequence[str], at: int, end: int) -> None:
        """Read `lines[at:end]`."""
        while at < end:
            line = lines[at].rstrip()
            if _TABLE.fullmatch(line):
                at = self._table(lines, at, end)
            elif _FENCES.fullmatch(line):
                at = self._fenced(lines, at, end)
            else:
                self._line(line, at)
                at += 1

    def end(self) -> None:
        """End what is open, and put the footnotes at the end."""
        self._end_paragraph()
        self._end_list()
        self.blocks += [
            one.text for one in markup.items([[Block(note)] for note in self._notes], ordered=True)
        ]
        self.blocks = [block for block in self.blocks if block]

    def _line(self, line: str, at: int) -> None:
        if not line.strip():
            self._end_paragraph()
            self._in_terms = False
            self._is_apart = bool(self._items) and not self._is_attached and not self._awaits_text
        elif reason := self._is_no_text(line):
            self.tally.add(line, reason, line=at + 1)
        elif line == "+":
            self._end_paragraph()
            self._is_attached, self._is_apart = True, False
        elif section := _SECTION.fullmatch(line):
            self._end_paragraph()
            self._end_list()
            self.blocks.append(markup.heading(len(section[1]), self._inline(section[2])))
        elif (item := _ITEM.fullmatch(line)) and not (self._paragraph and not self._items):
            self._item(item[1], item[2])
        elif (term := _TERM.fullmatch(line)) and (self._in_terms or not self._paragraph):
            self._term(term[1], term[3] or "")
        elif not self._paragraph and (title := _BLOCK_TITLE.fullmatch(line)):
            self._end_list()
            self.blocks.append(markup.paragraph(self._inline(title[1])))
        else:
            self._text(line)

    def _is_no_text(self, line: str) -> str:
        """Say why a line is not text; "" if it is."""
        if line.startswith("//"):
            return "a comment"
        if _MACRO.fullmatch(line):
            return "a macro"
        if line in ("'''", "---", "***", "<<<"):
            self._end_paragraph()
            return "a rule or page break"
        if not self._paragraph and _ATTRIBUTE.fullmatch(line):
            return "an attribute"
        if not self._paragraph and _BLOCK_ATTRIBUTES.fullmatch(line):
            return "attributes of a block"
        return ""

    def _text(self, line: str) -> None:
        if not self._paragraph and (label := _ADMONITION.match(line)):
            self._end_list()
            self.tally.add(label[0], "the label of a note")
            line = line[label.end() :]
        if self._is_apart and not self._paragraph:
            self._end_list()
        self._is_attached = self._awaits_text = False
        self._paragraph.append(line.strip().removesuffix(" +"))

    def _item(self, mark: str, text: str) -> None:
        self._end_paragraph()
        self._is_apart = self._is_attached = self._awaits_text = False
        kind = "1." if mark[0].isdigit() else mark
        if kind in self._levels:
            self._levels = self._levels[: self._levels.index(kind) + 1]
        else:
            self._levels.append(kind)
        self._items.append((len(self._levels), kind[0] in "1.", [text]))

    def _term(self, term: str, text: str) -> None:
        self._end_paragraph()
        self._in_terms = True
        words = self._inline(term)
        if words.endswith(("?", "？", "؟")):
            self._end_list()
            self.blocks.append(markup.heading(4, words))
            if text:
                self._paragraph.append(text)
        else:
            self._items.append((1, False, [words, *([text] if text else [])]))
            self._is_apart = False
            self._awaits_text = not text
            self._levels = ["::"]

    def _end_paragraph(self) -> None:
        if self._paragraph:
            if not self._items:
                self.blocks.append(markup.paragraph("\n".join(map(self._inline, self._paragraph))))
            else:
                self._items[-1][2].extend(self._paragraph)
            self._paragraph = []

    def _end_list(self) -> None:
        def nested(at: int, level: int) -> tuple[list[Block], int]:
            contents: list[list[Block]] = []
            ordered = at < len(self._items) and self._items[at][1]
            while at < len(self._items) and self._items[at][0] >= level:
                if self._items[at][0] > level and contents:
                    inner, at = nested(at, self._items[at][0])
                    contents[-1] += inner
                    continue
                contents.append(
                    [Block(markup.paragraph("\n".join(map(self._inline, self._items[at][2]))))]
                )
                at += 1
            return markup.items(contents, ordered=ordered), at

        at = 0
        while at < len(self._items):
            found, at = nested(at, self._items[at][0])
            self.blocks += [block.text for block in found]
        self._items, self._levels = [], []
        self._is_apart = self._is_attached = self._awaits_text = False

    def _fenced(self, lines: Sequence[str], at: int, end: int) -> int:
        fence = lines[at].rstrip()
        closing = "```" if fence.startswith("```") else fence
        last = next((i for i in range(at + 1, end) if lines[i].rstrip() == closing), end)
        inside = lines[at + 1 : last]
        self._end_paragraph()
        if fence.startswith("////"):
            self._end_list()
            self.tally.add(" ".join(inside), "a comment", line=at + 1)
        elif fence.startswith(("----", "....", "```", "++++")):
            self._end_list()
            self.blocks.append(markup.code("\n".join(inside)))
        elif fence.startswith("____"):
            self._end_list()
            before, self.blocks = self.blocks, []
            self.body(inside, 0, len(inside))
            self._end_paragraph()
            self._end_list()
            quoted = [block for block in self.blocks if block]
            self.blocks = [*before, *([markup.quotation(quoted)] if quoted else [])]
        else:
            self._end_list()
            self.body(inside, 0, len(inside))
            self._end_paragraph()
            self._end_list()
        return last + 1

    def _table(self, lines: Sequence[str], at: int, end: int) -> int:
        fence = lines[at].rstrip()
        last = next((i for i in range(at + 1, end) if lines[i].rstrip() == fence), end)
        self._end_paragraph()
        self._end_list()
        rows: list[list[str]] = []
        row: list[str] = []
        for line in (*lines[at + 1 : last], ""):
            cells = [self._inline(cell) for cell in _CELL.split(line)[1:]] if "|" in line else []
            if cells:
                row += cells
            elif line.strip() and row:
                row[-1] = f"{row[-1]} {self._inline(line)}"
            elif row:
                rows.append(row)
                row = []
        if rows:
            has_header = at + 2 < last and bool(lines[at + 1].strip()) and not lines[at + 2].strip()
            header = rows[0] if has_header else [""] * len(rows[0])
            cells = [cell for row in rows[has_header:] for cell in row]
            width = len(header)
            self.blocks += markup.table(
                header, [cells[i : i + width] for i in range(0, len(cells), width)]
            )
        return last + 1

    def _inline(self, text: str) -> str:
        """Take the marks out of a line."""
        for note in _FOOTNOTE.finditer(text):
            self._notes.append(markup.paragraph(note[1]))
            self.tally.add(note[0], "the mark of a footnote")
        for image in _IMAGE.finditer(text):
            self.tally.add(image[0], "a picture")
        plain = _IMAGE.sub("", _FOOTNOTE.sub("", text))
        plain = _LINKED.sub(lambda link: link[1] or link[0].removesuffix("[]"), plain)
        plain = _CROSS.sub(lambda link: link[1] or "", plain)
        plain = _PASS.sub(lambda passed: passed[1] or passed[2] or "", _ROLE.sub("", plain))
        for _ in range(3):
            plain = _INLINE.sub(r"\2", plain)
        return plain
