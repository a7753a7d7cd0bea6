"""What a format parses out of a pasted text: the posts, and the lines it dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class InputLine(NamedTuple):
    """A line of the pasted text; `number` counts from 1."""

    number: int
    text: str


class DroppedLine(NamedTuple):
    """A line, or a part of one, that is in no post."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The posts of a text whose title, and perhaps author, are still unknown.

    `notes` are remarks for the person who imports it, such as a number that is missing.
    """

    format: str
    posts: tuple[str, ...]
    author: str | None = None
    dropped: tuple[DroppedLine, ...] = ()
    notes: tuple[str, ...] = ()


class TextFormat(Protocol):
    """A form in which people paste texts: a module with these two functions."""

    def matches(self, lines: Sequence[InputLine]) -> bool:
        """Tell whether `lines` are certainly in this format: a wrong guess loses text."""
        ...

    def parse(self, lines: Sequence[InputLine]) -> Draft:
        """Parse `lines`; raise VerbatimError where the order of the posts would be a guess."""
        ...
