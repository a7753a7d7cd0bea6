"""A page of a manual, as `man` prints it: a head and a foot, headings at the margin, an indented text of fixed width."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "man"
LABEL = "manual page"

_NAME = r"[^\s()]{1,60}\([0-9][0-9a-zA-Z]{0,9}\)"
_HEAD = re.compile(
    rf"(?P<name>{_NAME})\s{{2,}}(?:\S.{{0,150}}?\s{{2,}})?(?P=name)\s*", re.IGNORECASE
)
_FOOT = re.compile(rf"\S.{{0,150}}?\s{{2,}}\S.{{0,150}}?(?:\s{{2,}}{_NAME}|\s{{3,}}\S.{{0,80}})\s*")
_DEEPEST_HEADING = 4
"""Spaces before a heading of the second level, at most; text has seven."""

_NEARLY_FULL = 0.75
_HYPHEN = "\u2010"


def matches(head: bytes, name: str) -> bool:
    """Tell by the first line: the page's name at both ends."""
    first = next((line.text for line in peek(head) if not is_blank(line.text)), "")
    return _HEAD.fullmatch(first) is not None


def parse(file: BinaryIO, name: str) -> Draft:
    """Join the lines of a paragraph, and set an option with its description as an item.

    Raises:
        VerbatimError: it is not plain text, or has no words between head and foot.

    """
    text, dropped = read_text(file, name)
    tally = DropTally()
    tally.extend(dropped)
    lines, title = _without_frame(input_lines(text), tally)
    if not lines:
        raise VerbatimError(
            Problem(name, "contains no text besides the head and the foot of the page")
        )
    width = max(len(line.text.rstrip()) for line in lines)
    posts: list[str] = []
    for blank, group in groupby(lines, key=lambda line: is_blank(line.text)):
        if not blank:
            posts += _blocks([line.text.expandtabs() for line in group], width, tally)
    return Draft(
        LABEL,
        tuple(posts),
        dropped=tally.lines,
        title=title,
        guessed=("which lines are examples, and kept as code: short ones below each other",),
    )


def _without_frame(lines: Sequence[InputLine], tally: DropTally) -> tuple[list[InputLine], str]:
    """Leave out the head and the foot; the page's name is its title, in the letters in which its text begins."""
    filled = [at for at, line in enumerate(lines) if not is_blank(line.text)]
    head = _HEAD.fullmatch(lines[filled[0]].text) if filled else None
    frame = {filled[0]} if head else set()
    if len(filled) > 1 and _FOOT.fullmatch(lines[filled[-1]].text):
        frame.add(filled[-1])
    for at in sorted(frame):
        tally.add(lines[at].text, "the head or foot of the page", line=lines[at].number)
    title = head["name"] if head else ""
    begun = [
        lines[at].text.split()[0]
        for at in filled
        if at not in frame and lines[at].text[:1].isspace()
    ]
    own = title.partition("(")[0]
    if begun and begun[0].rstrip(",").casefold() == own.casefold():
        title = begun[0].rstrip(",") + title[len(own) :]
    return [line for at, line in enumerate(lines) if at not in frame], title


def _blocks(lines: Sequence[str], width: int, tally: DropTally) -> Iterator[str]:
    """Set lines without a blank one between them: headings, and what stands below."""
    begin = 0
    for at, line in enumerate(lines):
        indent = _indent(line)
        if indent > _DEEPEST_HEADING:
            continue
        if begin < at:
            yield from _paragraphs(lines[begin:at], width, tally)
        yield markup.heading(3 if indent else 2, line)
        begin = at + 1
    if begin < len(lines):
        yield from _paragraphs(lines[begin:], width, tally)


def _paragraphs(lines: Sequence[str], width: int, tally: DropTally) -> Iterator[str]:
    indents = [_indent(line) for line in lines]
    outer = min(indents)
    if indents[0] == outer and max(indents) > outer:
        starts = [at for at, indent in enumerate(indents) if indent == outer]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            joined = _joined(lines[start:end], tally)
            yield f"- {joined}" if end - start > 1 else markup.paragraph(joined)
    elif len(lines) > 1 and any(len(line.rstrip()) < _NEARLY_FULL * width for line in lines[:-1]):
        yield markup.code(textwrap.dedent("\n".join(line.rstrip() for line in lines)))
    else:
        yield markup.paragraph(_joined(lines, tally))


def _joined(lines: Sequence[str], tally: DropTally) -> str:
    joined = ""
    for line in lines:
        words = " ".join(line.split())
        if joined.endswith(_HYPHEN):
            tally.add(
                f"{joined.rsplit(maxsplit=1)[-1]}|{words.split()[0]}",
                "a hyphen at the end of a line",
            )
            joined = joined[: -len(_HYPHEN)] + words
        else:
            joined = f"{joined} {words}".lstrip()
    return joined


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
