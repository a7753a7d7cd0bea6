"""A mailbox in one file (mbox): each message is a text."""

from __future__ import annotations

import datetime
import email
import email.header
import email.policy
import io
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import BinaryIO, NamedTuple, cast

from bot.errors import Problem, VerbatimError
from bot.texts.formats import mail, markup
from bot.texts.formats.draft import Draft, DroppedLine, Entry, Original
from bot.texts.formats.isolation import IsolatedReader

NAME = "mbox"
LABEL = "mailbox (mbox)"

MOST_MESSAGES = 1_000_000
_SEPARATOR = re.compile(rb"From \S{1,300}[^\n]*\d{4}[^\n]*\r?\n")
_HEADER = re.compile(rb"[A-Za-z][\w-]{0,60}:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MOST_HEADER_BYTES = 64 * 1024


class _Message(NamedTuple):
    start: int
    end: int


def matches(head: bytes, name: str) -> bool:
    """Tell by the line that begins each message, and a header below it."""
    found = _SEPARATOR.match(head)
    return found is not None and _HEADER.match(head, found.end()) is not None


def parse(file: BinaryIO, name: str) -> Mailbox:
    """Find the messages; each is read when it is chosen.

    Raises:
        VerbatimError: there is none.

    """
    return Mailbox(file, name)


class Mailbox:
    """The messages of a mailbox, by their numbers from 1."""

    format = LABEL
    dropped: tuple[DroppedLine, ...] = ()
    notes: tuple[str, ...] = ()

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file = file
        self._where = where
        self._messages = _find(file)
        self._reader = IsolatedReader()
        if not self._messages:
            raise VerbatimError(Problem(where, "contains no messages: is it the right file?"))
        if len(self._messages) > MOST_MESSAGES:
            raise VerbatimError(
                Problem(where, f"has more than {MOST_MESSAGES:,} messages: split it")
            )

    def __iter__(self) -> Iterator[Entry]:
        """Yield a message's number, subject and day."""
        for number, place in enumerate(self._messages, 1):
            head = self._read(place, _MOST_HEADER_BYTES)
            parsed = email.message_from_bytes(
                re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0], policy=email.policy.compat32
            )
            yield Entry(str(number), _subject(parsed.get("Subject")), _day(parsed.get("Date")))

    def parse(self, entry_id: str) -> Draft:
        """Parse one message; raise VerbatimError if there is none with this number."""
        message = io.BytesIO(self._data(entry_id))
        found = self._reader.parse(mail, message, f"{self._where}, message {entry_id}")
        return cast("Draft", found)

    def original(self, entry_id: str) -> Original:
        """Cut the message out as a file of its own."""
        return Original(f"message-{entry_id}.eml", self._data(entry_id))

    def _data(self, entry_id: str) -> bytes:
        number = (
            int(entry_id) if entry_id.isascii() and entry_id.isdigit() and len(entry_id) < 10 else 0
        )
        if not 0 < number <= len(self._messages):
            reason = (
                f"has no message {entry_id}: --list shows the numbers, 1 to {len(self._messages):,}"
            )
            raise VerbatimError(Problem(self._where, reason))
        place = self._messages[number - 1]
        if place.end - place.start > mail.MOST_BYTES:
            raise VerbatimError(
                Problem(self._where, f"message {number} is too large: save its text as .txt")
            )
        return _ESCAPED.sub(rb"\1", self._read(place, mail.MOST_BYTES))

    def _read(self, place: _Message, most: int) -> bytes:
        self._file.seek(place.start)
        data = self._file.read(min(most, place.end - place.start))
        separator = _SEPARATOR.match(data)
        return data[separator.end() :] if separator else data


def _find(file: BinaryIO) -> list[_Message]:
    """Find where each message begins: at a separator after a blank line, with a header below it."""
    starts: list[int] = []
    file.seek(0)
    offset = 0
    candidate: int | None = None
    after_blank = True
    while line := file.readline(1_000_000):
        if candidate is not None:
            if _HEADER.match(line):
                starts.append(candidate)
            candidate = None
        if after_blank and line.startswith(b"From ") and _SEPARATOR.match(line):
            candidate = offset
        after_blank = line in (b"\n", b"\r\n")
        offset += len(line)
    return [_Message(start, end) for start, end in pairwise([*starts, offset])]


def _subject(header: object) -> str:
    try:
        parts = email.header.decode_header(str(header or ""))
        words = "".join(
            part if isinstance(part, str) else part.decode(charset or "utf-8", errors="replace")
            for part, charset in parts
        )
    except (ValueError, LookupError):
        words = str(header)
    return markup.clean(words)[:200] or "(no subject)"


def _day(header: object) -> datetime.date | None:
    try:
        return parsedate_to_datetime(str(header)).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
