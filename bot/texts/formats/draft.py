"""What an importer makes of a pasted text: the posts it kept and the lines it dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class InputLine(NamedTuple):
    """A line of the pasted text, counted from 1."""

    number: int
    text: str


class DroppedLine(NamedTuple):
    """A line, or the part of one, that is not in the posts, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The posts of a text before somebody has said what is still unknown of it."""

    format: str
    posts: tuple[str, ...]
    author: str | None = None
    dropped: tuple[DroppedLine, ...] = ()
    notes: tuple[str, ...] = field(default=())
