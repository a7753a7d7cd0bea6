"""Structure that lines show without Markdown: items behind a bullet or an emoji, lines that lead to others, and columns.

`• a lamp`, `✅ Be kind`, `1️⃣ No spam`, `(a) anyone who pays` are items; a line that ends in a colon leads to those below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.models import Role, Span

SYMBOL = (
    "(?:[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\ufe0f\u200d]*|[0-9#*]\ufe0f?\u20e3)"
)
"""An emoji, arrow or tick, or a number in a box, as a pattern."""

_ITEM = re.compile(
    rf"(?P<bullet>[•●▪◦‣⁃][^\S\n]*|[-*+][^\S\n]+)(?=\S)|(?P<symbol>{SYMBOL})"
    r"|(?P<letter>\(?[a-zA-Z][.)]|\([ivxIVX]{1,4}\)|(?P<number>\d{1,3})[.)])[^\S\n]+(?=\S)"
)
_BOLD = re.compile(rf"(?:{SYMBOL}\s*)+(\*\*|__)[^\n]+\1(?:\s*{SYMBOL})*")
"""Behind an emoji, a line all in bold names the items below it rather than being one."""

_LEADS = re.compile(r"[:：][*_]{0,3}\Z")
_ENDS = re.compile(r"[.!?;,…。！？؟।؛،][*_”’»\"')\]]{0,3}\Z")
_MOST_TITLE_WORDS = 8
_CELLS = re.compile(r"\t+| {2,}")
_FEWEST_ROWS = 3


class LinePassage(NamedTuple):
    """A passage of a paragraph. `lead` is the number of the passage there that introduces it; `item` counts items from 1."""

    span: Span
    role: Role = Role.ANSWER
    lead: int | None = None
    item: int = 0
    is_marked: bool = False
    """Whether it begins as an item does."""


def leads(text: str, span: Span) -> bool:
    """Tell whether a passage of `text` ends in a colon."""
    return _LEADS.search(text, span.start, span.end) is not None


def is_title_line(text: str, span: Span) -> bool:
    """Tell whether a passage is a short line by itself that does not end as a sentence does: above a list, it names it."""
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    after = text[span.end : span.end + 1]
    words = text[span.start : span.end]
    return (
        not line.strip("#>*_ \t") and after in ("", "\n") and "\n" not in words
        and not _ENDS.search(words) and len(words.split()) <= _MOST_TITLE_WORDS
    )  # fmt: skip


def structured(text: str, sentences: Sequence[Span]) -> list[LinePassage]:
    """Find the items and leads among the `sentences` of a paragraph."""
    firsts = [
        not text[text.rfind("\n", 0, span.start) + 1 : span.start].strip() for span in sentences
    ]
    marks = [
        None
        if not first or _BOLD.fullmatch(text, span.start, span.end)
        else _ITEM.match(text, span.start)
        for span, first in zip(sentences, firsts, strict=True)
    ]
    listed = sum(mark is not None for mark in marks) > 1
    found: list[LinePassage] = []
    lead: int | None = None
    until = 0  # the passage up to which a lead without items holds
    item = 0
    for at, span in enumerate(sentences):
        mark = marks[at]
        before_lines = at + 1 < len(sentences) and firsts[at + 1]
        if mark is None and firsts[at] and (item or at >= until):
            lead, item = None, 0
        names = before_lines and listed and marks[at + 1] and is_title_line(text, span)
        if mark is None and before_lines and (names or leads(text, span)):
            found.append(LinePassage(span, Role.LEAD))
            lead, item = at, 0
            until = at + 1 if marks[at + 1] else _end_of_lines(text, sentences, firsts, at + 1)
            continue
        if mark and (listed or lead is not None):
            item = int(mark["number"]) if mark["number"] else item + 1
        start = mark.end() if mark and mark["bullet"] and item else span.start
        found.append(
            LinePassage(Span(start, span.end), lead=lead, item=item, is_marked=mark is not None)
        )
    return found


def _end_of_lines(text: str, sentences: Sequence[Span], firsts: Sequence[bool], begin: int) -> int:
    """Find how far a lead holds: to the next one if each line is one passage, as in a list without marks, else for one line."""
    end = begin
    while end < len(sentences) and firsts[end]:
        if leads(text, sentences[end]):
            return end
        end += 1
    if end == len(sentences):
        return end
    end = begin + 1
    while end < len(sentences) and not firsts[end]:
        end += 1
    return end


def rows(text: str) -> list[LinePassage] | None:
    """Divide a paragraph whose lines are set in columns, by tabs or spaces; None if they are not.

    The first line is the header where it has no digit, and the others have.
    """
    lines = list(_lines(text))
    cells = [_CELLS.split(text[span.start : span.end]) for span in lines]
    if len(lines) < _FEWEST_ROWS or len(cells[0]) < 2 or len({len(each) for each in cells}) > 1:
        return None
    numbered = [any(map(str.isdigit, text[span.start : span.end])) for span in lines]
    if numbered[0] or not all(numbered[1:]):
        return [LinePassage(span, item=i) for i, span in enumerate(lines, 1)]
    below = (LinePassage(span, lead=0, item=i) for i, span in enumerate(lines[1:], 1))
    return [LinePassage(lines[0], Role.LEAD), *below]


def _lines(text: str) -> Iterator[Span]:
    begin = 0
    for line in text.split("\n"):
        if line.strip():
            yield Span(begin + len(line) - len(line.lstrip()), begin + len(line.rstrip()))
        begin += len(line) + 1
