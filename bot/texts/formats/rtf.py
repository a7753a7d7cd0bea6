"""Rich text (RTF), as WordPad, TextEdit and word processors write it.

Parsed here: striprtf drops footnotes without a word and puts links into the text.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, read_all
from bot.texts.formats.markup import Block
from bot.texts.formats.rtf_tokens import RtfToken, tokens

NAME = "rtf"
LABEL = "rich text (RTF)"

MOST_BYTES = 64 * MEBIBYTE
_DEEPEST = 1_000

_LEFT_OUT = {
    "header": "a running head or foot", "headerl": "a running head or foot", "headerr": "a running head or foot",
    "headerf": "a running head or foot", "footer": "a running head or foot", "footerl": "a running head or foot",
    "footerr": "a running head or foot", "footerf": "a running head or foot", "annotation": "a comment",
    "shptxt": "a text box", "xe": "an entry of the index", "tc": "an entry of the table of contents",
}  # fmt: skip
_FACTS = ("title", "author")
_SILENT = frozenset(
    "fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator info pict object objdata nonesttables"
    " atnid atnauthor atntime atnicn atndate atnref atnparent filetbl xmlnstbl themedata latentstyles datastore"
    " fldinst bkmkstart bkmkend ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn pgdsctbl template password"
    " operator comment company category manager keywords subject doccomm hlinkbase creatim revtim printim buptim".split()
)
_OPTIONAL_BUT_READ = frozenset(("shpinst", "fldinst", "annotation", "shptxt"))
_MARKERS = ("listtext", "pntext")


@dataclass(slots=True)
class _Group:
    """Where the words of a group go: a key of `_LEFT_OUT`, a fact, "footnote", a list's marker, "silent" or "body"."""

    target: str = "body"
    is_deleted: bool = False
    is_hidden: bool = False
    is_contents: bool = False


@dataclass(slots=True)
class _Paragraph:
    words: list[str] = field(default_factory=list)
    level: int | None = None
    marker: str = ""
    in_table: bool = False


def matches(head: bytes, name: str) -> bool:
    r"""Tell by the group that every such file is: `{\rtf`."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


def parse(file: BinaryIO, name: str) -> Draft:
    """Read paragraphs, headings (by outline level), lists, tables and footnotes.

    Raises:
        VerbatimError: the file is cut short, or has no text.

    """
    source = read_all(file, name, MOST_BYTES).decode("latin-1")
    reader = _Reader(name)
    for token in tokens(source[source.index("{\\rtf") if "{\\rtf" in source else 0 :]):
        reader.read(token)
    return reader.draft()


class _Reader:
    def __init__(self, where: str) -> None:
        self._where = where
        self._groups = [_Group()]
        self._tally = DropTally()
        self._facts: dict[str, str] = {}
        self._created: dict[str, int] = {}
        self._blocks: list[Block] = []
        self._items: list[tuple[bool, str]] = []
        self._rows: list[list[str]] = []
        self._cells: list[str] = []
        self._paragraph = _Paragraph()
        self._notes: list[list[Block]] = []
        self._aside: dict[str, list[str]] = {}
        self._is_optional = False
        self._has_tables = False

    def read(self, token: RtfToken) -> None:
        if token.kind == "*":
            self._is_optional = True
            return
        if token.kind == "{":
            if len(self._groups) > _DEEPEST:
                raise VerbatimError(
                    Problem(self._where, "is nested too deeply: save it again as .rtf")
                )
            self._groups.append(replace(self._groups[-1]))
        elif token.kind == "}":
            self._close()
        elif token.kind == "text":
            self._text(token.text)
        else:
            self._word(token.text, token.number)
        self._is_optional = False

    def draft(self) -> Draft:
        if len(self._groups) > 1:
            raise VerbatimError(
                Problem(self._where, "is cut short: its last group is not closed; export it again")
            )
        self._end_paragraph()
        self._end_table()
        self._end_list()
        blocks = [*self._blocks, *markup.items(self._notes, ordered=True)]
        if not blocks:
            raise VerbatimError(Problem(self._where, "has no text: its pages are pictures"))
        return Draft(
            LABEL,
            tuple(block.text for block in blocks),
            author=stated_facts.author(self._facts.get("author")),
            dropped=self._tally.lines,
            title=stated_facts.title(self._facts.get("title")),
            date=self._day(),
            guessed=("the first row of each table names its columns",) if self._has_tables else (),
        )

    def _word(self, word: str, number: int | None) -> None:
        group = self._groups[-1]
        if word in ("yr", "mo", "dy") and self._created.get("reads"):
            self._created.setdefault(word, number or 0)
        elif word in ("creatim", "revtim", "printim", "buptim"):
            group.target = "silent"
            self._created["reads"] = int(word == "creatim")
        elif self._is_optional and word not in _OPTIONAL_BUT_READ:
            group.target = "silent"
        elif word in _FACTS and group.target == "silent":
            group.target = word
        elif group.target == "silent" and word != "fldrslt":
            return
        elif word == "fldinst":
            group.target = "fldinst"
        elif word in _SILENT:
            group.target = "silent"
        elif word in _LEFT_OUT or word in _MARKERS or word == "footnote":
            group.target = word if group.target not in _LEFT_OUT else group.target
        else:
            self._format(group, word, number)

    def _format(self, group: _Group, word: str, number: int | None) -> None:
        if word in ("deleted", "v"):
            value = number != 0
            group.is_deleted, group.is_hidden = (
                (value, group.is_hidden) if word == "deleted" else (group.is_deleted, value)
            )
        elif word == "plain":
            group.is_deleted = group.is_hidden = False
        elif group.target == "body":
            self._layout(word, number)
        elif word in ("par", "cell", "row", "line", "sect", "page"):
            self._text("\n")

    def _layout(self, word: str, number: int | None) -> None:
        if word in ("par", "sect", "page", "column"):
            self._end_paragraph()
        elif word == "pard":
            self._paragraph.level = None
            self._paragraph.in_table = False
        elif word == "outlinelevel":
            self._paragraph.level = number if number is not None and 0 <= number < 9 else None
        elif word == "intbl":
            self._paragraph.in_table = True
        elif word in ("cell", "nestcell"):
            self._cells.append(" ".join(self._taken()))
        elif word == "row":
            self._rows.append(self._cells)
            self._cells = []

    def _text(self, text: str) -> None:
        group = self._groups[-1]
        if group.target == "silent":
            return
        if group.is_deleted or group.is_hidden:
            self._tally.add(
                text, "deleted in tracked changes" if group.is_deleted else "hidden text"
            )
        elif group.target == "body":
            if group.is_contents:
                self._tally.add(text, "the table of contents")
            else:
                self._paragraph.words.append(text)
        else:
            self._aside.setdefault(group.target, []).append(text)

    def _close(self) -> None:
        if len(self._groups) == 1:
            return
        group = self._groups.pop()
        outer = self._groups[-1]
        if group.target in (outer.target, "silent"):
            return
        words = "".join(self._aside.pop(group.target, ()))
        if group.target == "fldinst":
            outer.is_contents = outer.is_contents or words.split()[:1] == ["TOC"]
        elif group.target in _FACTS:
            self._facts.setdefault(group.target, words)
        elif group.target in _MARKERS:
            self._paragraph.marker = words.strip()
        elif group.target == "footnote":
            lines = [text for line in words.split("\n") if (text := markup.paragraph(line))]
            if lines:
                self._notes.append([Block(line) for line in lines])
        elif words.strip():
            self._tally.add(words, _LEFT_OUT[group.target])

    def _taken(self) -> list[str]:
        """Take the lines of the paragraph that ends."""
        lines = "".join(self._paragraph.words).split("\n")
        self._paragraph.words = []
        return [line for line in map(markup.clean, lines) if line]

    def _end_paragraph(self) -> None:
        own = self._paragraph
        if own.in_table:
            own.words.append("\n")
            return
        lines = self._taken()
        marker, own.marker = own.marker, ""
        self._end_table()
        if not lines:
            return
        text = markup.paragraph("\n".join(lines))
        if own.level is not None:
            self._end_list()
            self._blocks.append(Block(markup.heading(own.level + 1, " ".join(lines)), "other"))
        elif marker:
            is_number = re.search(r"\d", marker) is not None
            if self._items and self._items[-1][0] != is_number:
                self._end_list()
            self._items.append((is_number, text))
        else:
            self._end_list()
            self._blocks.append(Block(text))

    def _end_list(self) -> None:
        if self._items:
            is_numbered = self._items[0][0]
            self._blocks += markup.items(
                [[Block(text)] for _, text in self._items], ordered=is_numbered
            )
            self._items = []

    def _end_table(self) -> None:
        if self._cells:
            self._rows.append(self._cells)
            self._cells = []
        rows = [row for row in self._rows if any(row)]
        self._rows = []
        if not rows:
            return
        self._end_list()
        if max(map(len, rows)) < 2:
            self._blocks += [Block(markup.paragraph(cell)) for row in rows for cell in row if cell]
            return
        width = max(map(len, rows))
        header = rows.pop(0) if len(rows) > 1 and all(rows[0]) else []
        self._has_tables = self._has_tables or bool(header)
        header = [*header, *[""] * (width - len(header))]
        self._blocks += [Block(text, "other") for text in markup.table(header, rows)]

    def _day(self) -> datetime.date | None:
        made = self._created
        try:
            return datetime.date(made["yr"], made["mo"], made["dy"])
        except (KeyError, ValueError):
            return None
