"""What a button must know, written into the hundred characters of its `custom_id`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from bot.library.snapshots import Snapshot
from bot.models import Hit, Span
from bot.search.highlighting.locating import LONG

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DIGITS = r"[A-Za-z0-9_-]"
"""A regular expression for one digit of the numbers in a `custom_id`."""
KEY_LENGTH = 7
USER_LENGTH = 11
MOST_QUOTES = 10
MOST_BOLD = 5
"""Only so many quotes can be shown at first, and only these have words in bold."""
_SHOWN = MOST_BOLD + 1  # how many quotes are shown at first: 0 to MOST_BOLD
_WORD = re.compile(r"\S+")
_OLD_HEAD = 3 + USER_LENGTH
_HEAD = _OLD_HEAD + 3  # digits before the keys
_LANGUAGE = re.compile(r"[a-z]{2}")

FOCUS_LENGTH = 5
"""Digits that say what is bold in a passage of any length, in characters."""
MOST_FOCUSED = 6
"""Quotes that a `custom_id` has room for where it must say that of one of them."""
_START_BITS, _LENGTH_BITS = 17, 12


def digits(number: int, length: int) -> str:
    """Return `number` in so many digits of base 64."""
    return "".join(_ALPHABET[number >> 6 * i & 63] for i in reversed(range(length)))


def number_of(text: str) -> int:
    """Return the number that `digits` wrote."""
    number = 0
    for digit in text:
        number = number << 6 | _ALPHABET.index(digit)
    return number


class Mark(NamedTuple):
    """A quote: its passage's key, and what is bold: the first, and the one after the last.

    These are words; `by_letter`, they are characters: in a passage that is shown only in part,
    which is that around what is bold. Equal: nothing is bold.
    """

    key: int
    first: int = 0
    last: int = 0
    by_letter: bool = False

    @classmethod
    def of(cls, hit: Hit) -> Mark:
        """Return the mark of `hit`; without bold where that begins too late to be written down."""
        key = hit.passage.key
        if hit.bold is None:
            return cls(key)
        if len(hit.passage.text) > LONG:
            start, end = hit.bold
            end = min(end, start + (1 << _LENGTH_BITS) - 1)
            return cls(key, start, end, by_letter=True) if start < 1 << _START_BITS else cls(key)
        words = [i for i, word in enumerate(_first_words(hit.passage.text))
                 if hit.bold.start < word.end() and word.start() < hit.bold.end]  # fmt: skip
        if not words or words[-1] + 1 >= len(_ALPHABET):
            return cls(key)
        return cls(key, words[0], words[-1] + 1)

    @property
    def words(self) -> str:
        """Return two digits that say which words are bold; of characters they cannot."""
        return "AA" if self.by_letter else digits(self.first, 1) + digits(self.last, 1)

    def hit(self, snapshot: Snapshot) -> Hit | None:
        """Return the quote; None when `snapshot` does not have it any more."""
        passage = snapshot.passage(self.key)
        if passage is None:
            return None
        if self.by_letter:
            inside = self.first < self.last <= len(passage.text)
            return Hit(passage, 0.0, 0.0, Span(self.first, self.last) if inside else None)
        words = list(_first_words(passage.text))
        bold = None
        if self.first < self.last <= len(words):
            bold = Span(words[self.first].start(), words[self.last - 1].end())
        return Hit(passage, 0.0, 0.0, bold)


def _first_words(text: str) -> Iterator[re.Match[str]]:
    """Yield as many of the words of `text` as a mark can number: it may have many more."""
    return islice(_WORD.finditer(text), len(_ALPHABET))


def encode_keys(marks: Sequence[Mark]) -> str:
    """Return the keys of `marks`, seven digits each."""
    return "".join(digits(mark.key, KEY_LENGTH) for mark in marks)


def are_focused(marks: Sequence[Mark]) -> bool:
    """Return whether two digits do not say what is bold in each of `marks`."""
    return any(mark.by_letter for mark in marks)


def encode_focuses(marks: Sequence[Mark]) -> str:
    """Return what is bold in `marks`, FOCUS_LENGTH digits each."""
    numbers = (
        (mark.by_letter << _START_BITS | mark.first) << _LENGTH_BITS | mark.last - mark.first
        for mark in marks
    )
    return "".join(digits(number, FOCUS_LENGTH) for number in numbers)


def focused(marks: Sequence[Mark], text: str) -> tuple[Mark, ...]:
    """Return `marks` with what is bold in them as `encode_focuses` wrote it.

    Raises ValueError if `text` is of other marks.
    """
    if len(text) != FOCUS_LENGTH * len(marks):
        raise ValueError(f"{len(text)} digits for what is bold in {len(marks)} quotes")
    found = []
    for i, mark in enumerate(marks):
        number = number_of(text[FOCUS_LENGTH * i : FOCUS_LENGTH * (i + 1)])
        start, length = number >> _LENGTH_BITS, number & (1 << _LENGTH_BITS) - 1
        first = start & (1 << _START_BITS) - 1
        found.append(Mark(mark.key, first, first + length, bool(start >> _START_BITS)))
    return tuple(found)


def decode_keys(text: str) -> tuple[Mark, ...]:
    """Return the marks whose keys `encode_keys` wrote, with nothing in bold."""
    return tuple(Mark(number_of(text[i : i + KEY_LENGTH])) for i in range(0, len(text), KEY_LENGTH))


class Kind(IntEnum):
    """Why quotes are shown, which says what stands above them. The numbers are in old buttons."""

    ANSWERED = 0
    CLOSEST = 1
    NEAREST = 2
    FURTHER = 3
    REPEATED = 4
    PARTLY_REPEATED = 5
    QUOTED = 6


class FirstLine(IntEnum):
    """What the first line of a message is that stays when its page is turned.

    The line is copied, never read. The numbers are in old buttons.
    """

    NONE = 0
    ASKED = 1
    SHARED = 2
    UNKNOWN = 3
    """The button is from before this was written down: such a line is in small print."""


@dataclass(frozen=True, slots=True)
class Given:
    """All quotes of an answer: the first `shown` on its first page, the others on further ones.

    `owner`: the id of the member who asked; `language`: the question's (two letters), where it is
    surely not the texts'.
    """

    kind: Kind
    shown: int
    owner: int
    marks: tuple[Mark, ...]
    first_line: FirstLine = FirstLine.NONE
    language: str | None = None

    @classmethod
    def of(
        cls,
        kind: Kind,
        hits: Sequence[Hit],
        shown: int,
        owner: int,
        first_line: FirstLine = FirstLine.NONE,
        language: str | None = None,
    ) -> Given:
        """Return what is given with `hits`, as many as a button can lead to."""
        marks = tuple(Mark.of(hit) for hit in hits[:MOST_QUOTES])
        if are_focused(marks):
            marks = marks[:MOST_FOCUSED]
        return cls(kind, min(shown, MOST_BOLD), owner, marks, first_line, language)

    def encode(self, at: int) -> str:
        """Return 17 to 97 digits: this, and `at`, the number of a quote from 0."""
        if are_focused(self.marks):
            bold = encode_focuses(self.marks)
        else:
            bold = "".join(mark.words for mark in self.marks[:MOST_BOLD])
        head = (
            digits(at, 1)
            + digits(self.kind * _SHOWN + self.shown, 1)
            + digits(len(self.marks), 1)
            + digits(self.owner, USER_LENGTH)
            + digits(self.first_line, 1)
            + digits(_number_of_language(self.language), 2)
        )
        return head + encode_keys(self.marks) + bold

    @classmethod
    def decode(cls, text: str) -> tuple[Given, int]:
        """Return what `encode` wrote.

        Raises ValueError for anything else.
        """
        at, kind_and_shown, count = map(number_of, text[:3])
        kind, shown = divmod(kind_and_shown, _SHOWN)
        owner = number_of(text[3:_OLD_HEAD])
        line = FirstLine(number_of(text[_OLD_HEAD]))
        language = _language_of(number_of(text[_OLD_HEAD + 1 : _HEAD]))
        begin = _HEAD
        end = begin + KEY_LENGTH * count
        keys = decode_keys(text[begin:end])
        if count and len(text) - end == FOCUS_LENGTH * count:
            marks = focused(keys, text[end:])
            return cls(Kind(kind), shown, owner, marks, line, language), at
        bold = [number_of(digit) for digit in text[end:]]
        if len(bold) != 2 * min(count, MOST_BOLD):
            raise ValueError(f"{len(text)} digits for {count} quotes")
        marks = tuple(
            mark._replace(first=bold[2 * i], last=bold[2 * i + 1]) if i < MOST_BOLD else mark
            for i, mark in enumerate(keys)
        )
        return cls(Kind(kind), shown, owner, marks, line, language), at

    @classmethod
    def decode_old(cls, text: str) -> tuple[Given, int]:
        """Return what `encode` wrote before it knew of the first line and the language.

        Raises ValueError for anything else.
        """
        unknown = digits(FirstLine.UNKNOWN, 1) + digits(0, 2)
        return cls.decode(text[:_OLD_HEAD] + unknown + text[_OLD_HEAD:])


def _number_of_language(language: str | None) -> int:
    """Return a number from 1 to 676 for two letters from a to z, 0 for anything else."""
    if language is None or not _LANGUAGE.fullmatch(language):
        return 0
    first, second = (ord(letter) - ord("a") for letter in language)
    return 1 + 26 * first + second


def _language_of(number: int) -> str | None:
    if not 1 <= number <= 26 * 26:
        return None
    return "".join(chr(ord("a") + letter) for letter in divmod(number - 1, 26))
