"""Quotes encoded in the hundred characters of a button's `custom_id`, in digits of base 64."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from bot.discord.kit.custom_ids import BASE, USER_LENGTH, digits, number_of
from bot.library.snapshots import Snapshot
from bot.models import Quote, Span
from bot.search.highlighting.match_location import LONG, whole_words

KEY_LENGTH = 7
MOST_QUOTES = 10
MOST_BOLD = 5
"""Quotes that a first page can show; only these can have words in bold."""
_SHOWN = MOST_BOLD + 1  # values of `shown`: 0 to MOST_BOLD
_WORD = re.compile(r"\S+")
_OLD_HEAD = 3 + USER_LENGTH
_HEAD = _OLD_HEAD + 3  # digits before the keys
_LANGUAGE = re.compile(r"[a-z]{2}")

FOCUS_LENGTH = 5
"""Digits of a range in bold that is counted in characters, for passages of any length."""
MOST_FOCUSED = 6
"""Quotes that fit if one of them has such a range."""
_START_BITS, _LENGTH_BITS = 17, 12


class QuoteRef(NamedTuple):
    """A reference to a quote: its passage's key and the half-open range in bold.

    The range counts words, or with `by_letter` characters: in a passage so long that only the part
    around the bold is shown. An empty range: nothing is bold.
    """

    key: int
    first: int = 0
    last: int = 0
    by_letter: bool = False

    @classmethod
    def of(cls, quote: Quote) -> QuoteRef:
        """Refer to `quote`, without its bold if that starts too late to be encoded."""
        key = quote.passage.key
        if quote.bold is None:
            return cls(key)
        if len(quote.passage.text) > LONG:
            start, end = quote.bold
            end = min(end, start + (1 << _LENGTH_BITS) - 1)
            return cls(key, start, end, by_letter=True) if start < 1 << _START_BITS else cls(key)
        words = [i for i, word in enumerate(_first_words(quote.passage.text))
                 if quote.bold.start < word.end() and word.start() < quote.bold.end]  # fmt: skip
        if not words or words[-1] + 1 >= BASE:
            return cls(key)
        return cls(key, words[0], words[-1] + 1)

    @property
    def words(self) -> str:
        """The range in bold in two digits; AA if it counts characters."""
        return "AA" if self.by_letter else digits(self.first, 1) + digits(self.last, 1)

    def quote(self, snapshot: Snapshot) -> Quote | None:
        """Look the quote up; None if its passage is no longer in `snapshot`."""
        number = snapshot.passages.number_of(self.key)
        if number is None:
            return None
        passage, also = snapshot.passages[number], snapshot.searcher.twins.of(number)
        if self.by_letter:
            inside = self.first < self.last <= len(passage.text)
            return Quote(passage, Span(self.first, self.last) if inside else None, also)
        words = list(_first_words(passage.text))
        bold = None
        if self.first < self.last <= len(words):
            bold = whole_words(
                passage.text, Span(words[self.first].start(), words[self.last - 1].end())
            )
        return Quote(passage, bold, also)


def _first_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of `text` that a reference can number: the first 64."""
    return islice(_WORD.finditer(text), BASE)


def encode_keys(refs: Sequence[QuoteRef]) -> str:
    """Write the keys of `refs`, KEY_LENGTH digits each."""
    return "".join(digits(ref.key, KEY_LENGTH) for ref in refs)


def are_focused(refs: Sequence[QuoteRef]) -> bool:
    """Whether a range in bold must be encoded in characters."""
    return any(ref.by_letter for ref in refs)


def encode_focuses(refs: Sequence[QuoteRef]) -> str:
    """Write the ranges in bold of `refs`, FOCUS_LENGTH digits each."""
    numbers = (
        (ref.by_letter << _START_BITS | ref.first) << _LENGTH_BITS | ref.last - ref.first
        for ref in refs
    )
    return "".join(digits(number, FOCUS_LENGTH) for number in numbers)


def focused(refs: Sequence[QuoteRef], text: str) -> tuple[QuoteRef, ...]:
    """Read what `encode_focuses` wrote into references without bold.

    Raises ValueError if `text` has the wrong length for these.
    """
    if len(text) != FOCUS_LENGTH * len(refs):
        raise ValueError(f"{len(text)} digits for what is bold in {len(refs)} quotes")
    found = []
    for i, ref in enumerate(refs):
        number = number_of(text[FOCUS_LENGTH * i : FOCUS_LENGTH * (i + 1)])
        start, length = number >> _LENGTH_BITS, number & (1 << _LENGTH_BITS) - 1
        first = start & (1 << _START_BITS) - 1
        found.append(QuoteRef(ref.key, first, first + length, bool(start >> _START_BITS)))
    return tuple(found)


def decode_keys(text: str) -> tuple[QuoteRef, ...]:
    """Read what `encode_keys` wrote, as references without bold."""
    return tuple(
        QuoteRef(number_of(text[i : i + KEY_LENGTH])) for i in range(0, len(text), KEY_LENGTH)
    )


class Heading(IntEnum):
    """Which heading stands above quotes. The numbers are part of the buttons' format."""

    ANSWERED = 0
    CLOSEST = 1
    NEAREST = 2
    FURTHER = 3
    REPEATED = 4
    PARTLY_REPEATED = 5
    QUOTED = 6
    PROBABLY = 7
    CENTRAL = 8


class FirstLine(IntEnum):
    """The line above the heading, which is copied from page to page and never interpreted.

    The numbers are part of the buttons' format.
    """

    NONE = 0
    ASKED = 1
    SHARED = 2
    UNKNOWN = 3
    """The button is too old to say: a line in small print is one."""


@dataclass(frozen=True, slots=True)
class QuoteList:
    """All quotes of an answer: the first `shown` on the first page, the others on further ones.

    `owner` is the id of the member who asked; `language` the question's (two letters), if it is
    certainly not that of the texts.
    """

    heading: Heading
    shown: int
    owner: int
    refs: tuple[QuoteRef, ...]
    first_line: FirstLine = FirstLine.NONE
    language: str | None = None

    @classmethod
    def of(
        cls,
        heading: Heading,
        quotes: Sequence[Quote],
        shown: int,
        owner: int,
        first_line: FirstLine = FirstLine.NONE,
        language: str | None = None,
    ) -> QuoteList:
        """Take as many of `quotes` as a button can encode."""
        refs = tuple(QuoteRef.of(quote) for quote in quotes[:MOST_QUOTES])
        if are_focused(refs):
            refs = refs[:MOST_FOCUSED]
        return cls(heading, min(shown, MOST_BOLD), owner, refs, first_line, language)

    def encode(self, at: int) -> str:
        """Write the list and `at`, the index of a quote, in 17 to 97 digits."""
        if are_focused(self.refs):
            bold = encode_focuses(self.refs)
        else:
            bold = "".join(ref.words for ref in self.refs[:MOST_BOLD])
        head = (
            digits(at, 1)
            + digits(self.heading * _SHOWN + self.shown, 1)
            + digits(len(self.refs), 1)
            + digits(self.owner, USER_LENGTH)
            + digits(self.first_line, 1)
            + digits(_number_of_language(self.language), 2)
        )
        return head + encode_keys(self.refs) + bold

    @classmethod
    def decode(cls, text: str) -> tuple[QuoteList, int]:
        """Read what `encode` wrote: the list and the index.

        Raises ValueError for anything else.
        """
        at, heading_and_shown, count = map(number_of, text[:3])
        heading, shown = divmod(heading_and_shown, _SHOWN)
        owner = number_of(text[3:_OLD_HEAD])
        line = FirstLine(number_of(text[_OLD_HEAD]))
        language = _language_of(number_of(text[_OLD_HEAD + 1 : _HEAD]))
        begin = _HEAD
        end = begin + KEY_LENGTH * count
        keys = decode_keys(text[begin:end])
        if count and len(text) - end == FOCUS_LENGTH * count:
            refs = focused(keys, text[end:])
            return cls(Heading(heading), shown, owner, refs, line, language), at
        bold = [number_of(digit) for digit in text[end:]]
        if len(bold) != 2 * min(count, MOST_BOLD):
            raise ValueError(f"{len(text)} digits for {count} quotes")
        refs = tuple(
            ref._replace(first=bold[2 * i], last=bold[2 * i + 1]) if i < MOST_BOLD else ref
            for i, ref in enumerate(keys)
        )
        return cls(Heading(heading), shown, owner, refs, line, language), at

    @classmethod
    def decode_old(cls, text: str) -> tuple[QuoteList, int]:
        """Read what `encode` wrote before it included the first line and the language.

        Raises ValueError for anything else.
        """
        unknown = digits(FirstLine.UNKNOWN, 1) + digits(0, 2)
        return cls.decode(text[:_OLD_HEAD] + unknown + text[_OLD_HEAD:])


def _number_of_language(language: str | None) -> int:
    """Number two letters from a to z from 1 to 676; anything else is 0."""
    if language is None or not _LANGUAGE.fullmatch(language):
        return 0
    first, second = (ord(letter) - ord("a") for letter in language)
    return 1 + 26 * first + second


def _language_of(number: int) -> str | None:
    if not 1 <= number <= 26 * 26:
        return None
    return "".join(chr(ord("a") + letter) for letter in divmod(number - 1, 26))
