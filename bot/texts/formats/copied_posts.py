"""Posts copied from a page of X, where the name of a member and the date stand above each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

from bot.texts.formats import member_lines
from bot.texts.formats.draft import Draft, DroppedLine, InputLine
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import closed_up, input_lines, is_blank, peek, read_text

NAME = "copied"
LABEL = "posts copied from X"

_HEAD = re.compile(r"\s*(?:Post|Thread|Conversation|See new posts|Log in|Sign up)\s*")
"""Lines that the site shows above the first post."""


def matches(head: bytes, name: str) -> bool:
    """Tell whether a member is named above the first words, and somebody above later ones."""
    lines = peek(head)
    named = list(member_lines.find(lines))
    return len(named) > 1 and not any(_is_text(line) for line in lines[: named[0].begin])


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the posts of the member who is named first, without the counts under them.

    Raises:
        VerbatimError: it is not plain text.

    """
    text, breaks = read_text(file, name)
    lines = input_lines(text)
    named = list(member_lines.find(lines))
    begins = [member.end for member in named[:1]]
    dropped = [
        DroppedLine(number, line.strip(), "the site's head")
        for number, line in lines[: named[0].begin if named else 0]
        if _HEAD.fullmatch(line)
    ]
    gone = {one.line for one in dropped}
    kept, author = member_lines.without_others(lines, begins, dropped)
    posts = list(_posts([line for line in kept if line.number not in gone], _starts(lines)))
    return Draft(LABEL, tuple(posts), author, tuple(sorted((*breaks, *dropped))))


def _is_text(line: InputLine) -> bool:
    return not is_blank(line.text) and not _HEAD.fullmatch(line.text)


def _starts(lines: Sequence[InputLine]) -> list[int]:
    """The numbers of the lines that name a member, in order: a post begins below each."""
    return [lines[member.begin].number for member in member_lines.find(lines)]


def _posts(kept: Sequence[InputLine], starts: Sequence[int]) -> Iterator[str]:
    for _, post in groupby(kept, key=lambda line: bisect_left(starts, line.number)):
        if text := closed_up("\n".join(line.text for line in post)):
            yield without_headings(text)
