"""Numbers, times and dates in the name of a place, with ranges and lists of them: `3-5`, `2 and 5`, `12:40 to 14:00`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering import place_words as words
from bot.answering.place_tokens import PlaceToken
from bot.models import PlaceKind

MIDDLE = "<middle>"
"""The one in the middle."""

_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class PlaceName:
    """How a place is named.

    `first` and `last` are numbers (negative ones count from the end), MIDDLE, or names of sections, pages or times. `total`:
    how many there are, as in `4/7`. `ranges`: several of posts, as in `posts 2-3 and 5`. `explicit`: whether a noun says
    what kind of place it is. `asks`: whether it is asked what the place says. `title` and `author` name the text; `item` is
    the number of a list item in the section, or in any if that is not named.
    """

    kind: PlaceKind
    first: int | str
    last: int | str
    total: int | None = None
    ranges: tuple[tuple[int, int], ...] = ()
    explicit: bool = False
    asks: bool = False
    title: str = ""
    quoted: bool = False
    author: str = ""
    item: int | None = None
    noun: str = ""


def range_at(
    tokens: Sequence[PlaceToken], at: int, kind: PlaceKind
) -> tuple[PlaceName, int] | None:
    """A number, page, time or date at `at`, or two with a dash between, and how many there are."""
    first = _value(tokens, at, kind)
    if first is None:
        return None
    explicit = kind in {PlaceKind.TIME, PlaceKind.DATE}
    if tokens[at].kind == "date":
        kind = PlaceKind.DATE
    end = at + 1
    between = tokens[end].text if end < len(tokens) else ""
    if kind is PlaceKind.POST and (
        (tokens[end:] and tokens[end].kind == "range") or between in words.ONWARDS
    ):
        if end + 1 == len(tokens):
            return PlaceName(kind, first, -1, explicit=explicit), end + 1
    repeats = tokens[end + 1 : end + 2] and words.UNITS.get(tokens[end + 1].text) is kind
    behind = end + (2 if repeats else 1)
    second = _value(tokens, behind, kind) if between else None
    if second is not None and kind is PlaceKind.POST and between in words.OF | {"/"}:
        return PlaceName(kind, first, first, int(second), explicit=explicit), behind + 1
    last = first
    joined = between in words.AND | {","} and _are_joined(tokens, at, first, second)
    if second is not None and (between in words.TO or tokens[end].kind == "range" or joined):
        last, end = second, behind + 1
        if end + 1 < len(tokens) and tokens[end].text in words.OF and tokens[end + 1].is_number:
            return PlaceName(
                kind, first, last, int(tokens[end + 1].text), explicit=explicit
            ), end + 2
    return PlaceName(kind, first, last, explicit=explicit), end


def _are_joined(
    tokens: Sequence[PlaceToken], at: int, first: int | str, second: int | str | None
) -> bool:
    """Whether “and” joins the ends of a range: `between 2 and 4`, `3 and 4`."""
    before = {token.text for token in tokens[max(0, at - 2) : at]}
    if before & words.BETWEEN:
        return True
    return isinstance(first, int) and isinstance(second, int) and second == first + 1


def _value(tokens: Sequence[PlaceToken], at: int, kind: PlaceKind) -> int | str | None:
    if not 0 <= at < len(tokens):
        return None
    token = tokens[at]
    if kind is PlaceKind.PAGE:
        roman = re.fullmatch(r"[ivxlcdm]{1,8}", token.text)
        return token.text if token.is_number or roman else None
    if kind is PlaceKind.POST:
        return int(token.text) if token.is_number else None
    if kind is PlaceKind.TIME and token.kind == "number" and at and tokens[at - 1].kind == "word":
        return f"{token.text}:00" if tokens[at - 1].text in words.UNITS else None
    return token.text if token.kind in {"time", "date"} else None


def ranges_at(
    tokens: Sequence[PlaceToken], at: int, kind: PlaceKind
) -> tuple[PlaceName, int] | None:
    """A number or a range at `at`, or several of posts: `2 and 5`, `2-3, 5 and 7`."""
    found = range_at(tokens, at, kind)
    if found is None or kind is not PlaceKind.POST:
        return found
    name, end = found
    ranges = [(name.first, name.last)]
    while (next_at := _next_listed(tokens, end)) and (more := range_at(tokens, next_at, kind)):
        name, end = more
        ranges.append((name.first, name.last))
    numbered = sorted((int(min(ends)), int(max(ends))) for ends in ranges)
    if len(ranges) == 1 or numbered[0][0] < 0:
        return found
    first, last = numbered[0][0], max(last for _, last in numbered)
    return PlaceName(kind, first, last, name.total, tuple(numbered)), end


def _next_listed(tokens: Sequence[PlaceToken], at: int) -> int | None:
    """The number of the token behind `and` or a comma, and behind a noun that is repeated; None without these."""
    end = at
    while end < len(tokens) and tokens[end].text in words.AND | {","}:
        end += 1
    if end == at:
        return None
    repeats = end < len(tokens) and words.UNITS.get(tokens[end].text) is PlaceKind.POST
    return end + repeats


def number_named(word: str) -> int | None:
    """The number that `word` stands for: `four`, `IV`; None if it is no number below 40."""
    if word in words.NUMBERS:
        return words.NUMBERS[word]
    if not word or not _ROMAN.fullmatch(word):
        return None
    values = [_ROMAN_DIGITS[letter] for letter in word]
    return sum(
        -value if value < behind else value
        for value, behind in zip(values, [*values[1:], 0], strict=True)
    )


def roman(number: int) -> str:
    """Write a number below 40 in Roman digits, folded."""
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return "x" * (number // 10) + ones[number % 10]
