"""What a format returns: the posts of one text, or a collection of texts to choose from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO, NamedTuple, Protocol

from bot.errors import Problem

HEAD_BYTES = 1 << 18
"""Bytes of a file that `matches` gets to see."""


class InputLine(NamedTuple):
    """A line of the pasted text; `number` counts from 1."""

    number: int
    text: str


class DroppedLine(NamedTuple):
    """A line, or another part of the file, that is in no post.

    `line` is 0 where the file has no lines that a person counts, such as JSON. `times`: how many parts were
    dropped for the same reason, of which `text` is the first.
    """

    line: int
    text: str
    reason: str
    times: int = 1


class Original(NamedTuple):
    """A file that holds one text of a collection and nothing else, to import it again."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """The posts of a text, with the metadata that the file states.

    `posts` are the blocks of the knowledge file's body, none with a blank line in it outside of fenced code: the posts of
    a thread, or the Markdown blocks of a document. `format` is the format's label. `notes` are remarks for the person
    who imports it, such as a number that is missing; `guessed`, what the format could not know, each with how to
    correct it.
    """

    format: str
    posts: tuple[str, ...]
    author: str | None = None
    dropped: tuple[DroppedLine, ...] = ()
    notes: tuple[str, ...] = ()
    title: str | None = None
    url: str | None = None
    date: datetime.date | None = None
    language: str | None = None
    license: str | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    guessed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What must be corrected in the file before it is imported; reported together with everything else that is missing."""


class Entry(NamedTuple):
    """One text of a collection. `title` may be its opening words; `posts` is None where counting them means parsing it."""

    id: str
    title: str
    date: datetime.date | None = None
    posts: int | None = None


class Collection(Protocol):
    """The texts of a file that holds many: an archive's threads, a zip's files, a mailbox' messages.

    The file stays open as long as the collection is used. A single entry is imported without being chosen.
    """

    @property
    def format(self) -> str:
        """The format's label."""
        ...

    @property
    def dropped(self) -> tuple[DroppedLine, ...]:
        """What is in no entry."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for the person who chooses."""
        ...

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries in the order in which they are listed."""
        ...

    def parse(self, entry_id: str) -> Draft:
        """Parse one entry. Raises VerbatimError if there is none with this id."""
        ...

    def original(self, entry_id: str) -> Original | None:
        """Cut out a file from which this entry can be parsed again; None if only the whole file can."""
        ...


class TextFormat(Protocol):
    """A format: a module with these names. Libraries that are heavy or optional are imported by `parse` alone.

    `ISOLATED = True` has `parse`, which then returns a draft, run in a process of its own: for formats that a library in
    C reads, and for compressed ones. `HOLDS_FILES = True` says that the file's parts are files in formats of their own.
    `HAS_NAMES = True` marks a `ChatFormat`.
    """

    NAME: str
    """For `--format`."""

    LABEL: str
    """For people, in reports."""

    def matches(self, head: bytes, name: str) -> bool:
        """Tell whether a file is certainly in this format: a wrong guess loses text.

        `head` are its first HEAD_BYTES bytes; `name`, a hint only, is its file name.
        """
        ...

    def parse(self, file: BinaryIO, name: str) -> Draft | Collection:
        """Parse the seekable `file`; raise VerbatimError where it cannot be read, or the order would be a guess."""
        ...


class ChatFormat(TextFormat, Protocol):
    """A format whose messages or posts show who wrote them. Their names are kept only where somebody asks for that."""

    HAS_NAMES: bool

    def parse(self, file: BinaryIO, name: str, *, names: bool = False) -> Draft | Collection:
        """Parse as `TextFormat` does; with `names`, each message's marker has its author's name."""
        ...


class DropTally:
    """Counts what is dropped by reason, and keeps the first part of each."""

    def __init__(self) -> None:
        self._first: dict[str, DroppedLine] = {}

    def add(self, text: str, reason: str, times: int = 1, line: int = 0) -> None:
        """Count `times` parts, the first of which reads `text`."""
        first = self._first.get(reason)
        if first is None:
            self._first[reason] = DroppedLine(line, " ".join(text[:400].split()), reason, times)
        else:
            self._first[reason] = first._replace(times=first.times + times)

    def extend(self, dropped: Iterable[DroppedLine]) -> None:
        """Add what another part of the same file dropped."""
        for line, text, reason, times in dropped:
            self.add(text, reason, times, line)

    @property
    def lines(self) -> tuple[DroppedLine, ...]:
        """One for each reason, in the order in which they were first met."""
        return tuple(self._first.values())
