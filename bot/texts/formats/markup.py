"""Blocks of Markdown: the form in which documents are kept, without its inline marks.

Emphasis, links and code are left out, because a quote would show their asterisks. Where a line of plain text would
be read as a heading or another structure, a backslash stands before it (`escape`); passages begin behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

Drop = Callable[[str, str], None]
"""Called with a text that is left out, and the reason."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_BLANKS = " \t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u200b\u2060\ufeff"
"""White space of every kind, and characters without width."""

_STRUCTURE = re.compile(r"#{1,6}(?=\s|$)|</?[A-Za-z]|<[!?]|\[[^\]\n]+\]:|```|~~~|\|")
_UNDERLINE = re.compile(r"[-=|:\s]+")
_HEADING = re.compile(r"(?P<indent> {0,3})#{1,6}[ \t]+\S")
_ESCAPE = re.compile(r"(\s*)\\(?=[#<\[`~|=:-])")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


class Block(NamedTuple):
    """Lines of Markdown without a blank one between them."""

    text: str
    kind: Literal["text", "list", "other"] = "text"


def clean(text: str) -> str:
    """Make white space single spaces, and take out characters that no text needs."""
    line = " ".join(_CONTROL.sub(" ", text).split(" "))
    return _SPACE.sub(" ", line).strip(_BLANKS)


def escape(line: str, *, first: bool = True) -> str:
    """Put a backslash before a line that Markdown would read as a structure other than a list or a quotation.

    `first` says whether the line begins its paragraph: below another one, `---` would make that a heading.
    """
    if _STRUCTURE.match(line) or (not first and _UNDERLINE.fullmatch(line)):
        return "\\" + line
    return line


def without_escapes(block: str) -> str:
    """Take out the backslashes that `escape` has put before lines, to show the block."""
    at = 0
    parts: list[str] = []
    for escape_at in escapes(block):
        parts.append(block[at:escape_at])
        at = escape_at + 1
    return "".join((*parts, block[at:]))


def escapes(block: str) -> list[int]:
    """Return where `escape` has put backslashes: before lines, but not inside code, where each is its author's."""
    if "\\" not in block:
        return []
    found: list[int] = []
    in_code, start = False, 0
    for line in block.split("\n"):
        in_code ^= _FENCE.match(line) is not None
        if not in_code and (match := _ESCAPE.match(line)):
            found.append(start + match.end(1))
        start += len(line) + 1
    return found


def without_headings(text: str) -> str:
    """Put a backslash before the lines of a post that Markdown would read as headings, but not inside code.

    Where people do not write Markdown, `# 1 reason` is their own words.
    """
    lines: list[str] = []
    in_code = False
    for line in text.split("\n"):
        in_code ^= _FENCE.match(line) is not None
        found = None if in_code else _HEADING.match(line)
        lines.append(f"{found['indent']}\\{line[found.end('indent') :]}" if found else line)
    return "\n".join(lines)


def paragraph(text: str) -> str:
    """Make a paragraph's block from `text`, whose line breaks are kept; "" if it has no words."""
    lines = [line for line in map(clean, text.split("\n")) if line]
    return "\n".join(escape(line, first=i == 0) for i, line in enumerate(lines))


def heading(level: int, text: str) -> str:
    """Make a heading's block; "" if it has no words."""
    words = clean(text)
    return f"{'#' * max(1, min(level, 6))} {words}" if words else ""


def code(text: str) -> str:
    """Make a fenced block from `text`; its blank lines go, because they would end the block."""
    lines = [_CONTROL.sub(" ", line).rstrip() for line in text.expandtabs(4).split("\n")]
    lines = [line for line in lines if line.strip(_BLANKS)]
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return "\n".join((fence, *lines, fence)) if lines else ""


def quotation(blocks: Sequence[str]) -> str:
    """Set `blocks` as a block quotation."""
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def items(
    contents: Iterable[Sequence[Block]], *, ordered: bool = False, start: int = 1
) -> list[Block]:
    """Set the blocks of each item as a list: one block where each item is a paragraph, else several."""
    found: list[Block] = []
    for number, blocks in enumerate((each for each in contents if each), start):
        marker = f"{number}. " if ordered else "- "
        indent = " " * len(marker)
        own: list[Block] = []
        for i, block in enumerate(blocks):
            text = "\n".join(
                (marker if i == j == 0 else indent) + line
                for j, line in enumerate(block.text.split("\n"))
            )
            if own and block.kind == "list":
                own[-1] = Block(f"{own[-1].text}\n{text}", "list")
            else:
                own.append(Block(text, "list"))
        if len(own) == 1 and found and found[-1].kind == "list":
            found[-1] = Block(f"{found[-1].text}\n{own[0].text}", "list")
        else:
            found += own if len(own) == 1 else [Block(one.text, "other") for one in own]
    return [Block(block.text, "list") for block in found]


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, longest: int = 40_000
) -> list[str]:
    """Set `rows` as tables of at most about `longest` characters, each under the same `header`."""
    cells = [_cell(one) for one in header]
    top = f"{_row(cells)}\n{_row(['---'] * len(cells))}"
    found: list[str] = []
    held: list[str] = []
    size = 0
    for row in rows:
        line = _row([*map(_cell, row), *[""] * (len(cells) - len(row))])
        if held and size + len(line) > longest:
            found.append("\n".join((top, *held)))
            held, size = [], 0
        held.append(line)
        size += len(line)
    if held:
        found.append("\n".join((top, *held)))
    return found


def _cell(text: str) -> str:
    return clean(text).replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
