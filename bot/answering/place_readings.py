"""The forms in which a place is named: `posts 3-5`, `last two pages`, `section Refunds`, `12:40`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering import place_words as words
from bot.answering.place_tokens import PlaceToken
from bot.models import PlaceKind

_POINT = re.compile(r"\d+(?:\.\d+)*(?:\s?\(\w{1,4}\))+")
_FROM_AN_END = words.LAST | words.FIRST


@dataclass(frozen=True, slots=True)
class PlaceName:
    """How a place is named.

    `first` and `last` are numbers (posts; negative ones count from the end), or names of sections, pages or times.
    `total`: how many there are, as in `4/7`. `explicit`: whether a noun says what kind of place it is. `asks`: whether
    it is asked what the place says. `title` and `author` name the text; `item` is the number of a list item in the section.
    """

    kind: PlaceKind
    first: int | str
    last: int | str
    total: int | None = None
    explicit: bool = False
    asks: bool = False
    title: str = ""
    quoted: bool = False
    author: str = ""
    item: int | None = None
    noun: str = ""


def places_at(text: str, tokens: Sequence[PlaceToken], at: int) -> Iterator[tuple[PlaceName, int]]:
    """Yield the places whose names begin with token `at`, with the number of the token behind each."""
    start = at + (tokens[at].text in words.ARTICLES)
    if start < len(tokens):
        for reading in (_counted_from_an_end, _whole_text):
            if found := reading(tokens, start):
                yield found
        if words.UNITS.get(tokens[start].text) is PlaceKind.SECTION:
            yield from _sections(text, tokens, start)
        elif found := _numbered(tokens, start):
            yield found
    if at == 0:
        yield from _named_before_noun(text, tokens)


def _numbered(tokens: Sequence[PlaceToken], at: int) -> tuple[PlaceName, int] | None:
    """A post, a page or a time, with its noun or without."""
    head = tokens[at]
    found = _after_noun(tokens, at, words.UNITS.get(head.text)) or _before_noun(tokens, at)
    if found:
        return found
    before_time = head.text in words.AT | words.BETWEEN
    if head.kind in {"time", "date"} or before_time:
        return _range(tokens, at + before_time, PlaceKind.TIME)
    if head.is_number or head.text in words.NUMBER_SIGNS:
        return _range(tokens, _behind_signs(tokens, at), PlaceKind.POST)
    return None


def _behind_signs(tokens: Sequence[PlaceToken], at: int) -> int:
    """The number of the first token from `at` on that is none of `no.`, `#`."""
    while at < len(tokens) and tokens[at].text in words.NUMBER_SIGNS | {"."}:
        at += 1
    return at


def _counted_from_an_end(tokens: Sequence[PlaceToken], at: int) -> tuple[PlaceName, int] | None:
    """`last post`, `last 3 posts`, `first page`, `penultimate post`; in other languages `publicación última`."""
    texts = [token.text for token in tokens[at : at + 4]]
    if texts[:1] and texts[0] in words.NEXT_TO and texts[1:3] == ["to", "last"]:
        at, texts = at + 2, ["penultimate", *texts[3:]]
    count = 1
    if len(texts) > 2 and texts[0] in _FROM_AN_END:
        given = int(texts[1]) if tokens[at + 1].is_number else words.NUMBERS.get(texts[1])
        if given is not None:
            count, texts, at = given, [texts[0], texts[2]], at + 1
    if len(texts) < 2 or not count:
        return None
    which, noun = texts[:2] if words.UNITS.get(texts[1]) else (texts[1], texts[0])
    kind = words.UNITS.get(noun)
    if kind not in {PlaceKind.POST, PlaceKind.PAGE}:
        return None
    for known, ends in (
        (words.LAST, (-count, -1)),
        (words.FIRST, (1, count)),
        (words.LAST_BUT_ONE, (-2, -2)),
    ):
        if which in known:
            return PlaceName(kind, *ends, explicit=True), at + 2
    return None


def _whole_text(tokens: Sequence[PlaceToken], at: int) -> tuple[PlaceName, int] | None:
    """`the whole thread`, `all posts`."""
    texts = [token.text for token in tokens[at:] if token.text not in words.ARTICLES | words.OF]
    noun = {
        each for each in texts if each in words.NOUNS or words.UNITS.get(each) is PlaceKind.POST
    }
    if len(texts) == 2 and noun and words.WHOLE & set(texts) - noun:
        return PlaceName(PlaceKind.POST, 1, -1, explicit=True), len(tokens)
    return None


def _after_noun(
    tokens: Sequence[PlaceToken], at: int, kind: PlaceKind | None
) -> tuple[PlaceName, int] | None:
    """`posts 3-5`, `p. 12`, `post no. 4 of 7`, `post four`."""
    if kind is None:
        return None
    begin = _behind_signs(tokens, at + 1)
    if begin < len(tokens) and tokens[begin].text in words.OF | words.BETWEEN:
        begin += 1  # المنشورات من 3 إلى 5
    found = _range(tokens, begin, kind)
    if found is not None:
        return replace(found[0], explicit=True, noun=tokens[at].text), found[1]
    if kind is not PlaceKind.TIME and begin < len(tokens):
        number = words.NUMBERS.get(tokens[begin].text)
        if number is not None:
            value = number if kind is PlaceKind.POST else str(number)
            return PlaceName(kind, value, value, explicit=True), begin + 1
    return None


def _before_noun(tokens: Sequence[PlaceToken], at: int) -> tuple[PlaceName, int] | None:
    """`4th post`, `tercera parte`."""
    if at + 1 >= len(tokens) or words.UNITS.get(tokens[at + 1].text) is not PlaceKind.POST:
        return None
    token = tokens[at]
    ordinal = token.is_number and token.end - token.start > len(token.text)
    number = int(token.text) if ordinal else words.NUMBERS.get(token.text)
    if number is None:
        return None
    return PlaceName(PlaceKind.POST, number, number, explicit=True), at + 2


def _range(tokens: Sequence[PlaceToken], at: int, kind: PlaceKind) -> tuple[PlaceName, int] | None:
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
            return PlaceName(kind, first, -1, None, explicit), end + 1
    repeats = tokens[end + 1 : end + 2] and words.UNITS.get(tokens[end + 1].text) is kind
    behind = end + (2 if repeats else 1)
    second = _value(tokens, behind, kind) if between else None
    if second is not None and kind is PlaceKind.POST and between in words.OF | {"/"}:
        return PlaceName(kind, first, first, int(second), explicit), behind + 1
    last = first
    joined = between in words.AND | {","} and _are_joined(tokens, at, first, second)
    if second is not None and (between in words.TO or tokens[end].kind == "range" or joined):
        last, end = second, behind + 1
        if end + 1 < len(tokens) and tokens[end].text in words.OF and tokens[end + 1].is_number:
            return PlaceName(kind, first, last, int(tokens[end + 1].text), explicit), end + 2
    return PlaceName(kind, first, last, None, explicit), end


def _are_joined(
    tokens: Sequence[PlaceToken], at: int, first: int | str, second: int | str | None
) -> bool:
    """Whether “and” joins the ends of a range: `between 2 and 4`, `posts 3 and 5` with all between them."""
    before = {token.text for token in tokens[max(0, at - 2) : at]}
    if before & words.BETWEEN:
        return True
    if not (isinstance(first, int) and isinstance(second, int)):
        return False
    named = any(words.UNITS.get(word) is PlaceKind.POST for word in before)
    return second == first + 1 or (named and second > first)


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


def _sections(text: str, tokens: Sequence[PlaceToken], at: int) -> Iterator[tuple[PlaceName, int]]:
    """`section Refunds`, `§ 3.2`, `ch. 2`, `section Fees, item 3`; the name may be followed by that of a text."""
    noun, begin = tokens[at].text, _behind_signs(tokens, at + 1)
    for end in range(len(tokens), begin, -1):
        item, stop = None, end
        if end - at > 3 and tokens[end - 1].is_number and tokens[end - 2].text in words.ITEMS:
            item, stop = int(tokens[end - 1].text), end - 2
        while stop > begin and tokens[stop - 1].text in {",", *words.OF}:
            stop -= 1
        if stop > begin:
            name = text[tokens[begin].start : tokens[stop - 1].end].strip('“”"«»*_ ')
            number = words.NUMBERS.get(tokens[begin].text) if stop == begin + 1 else None
            if number is not None:  # chapter two
                yield PlaceName(PlaceKind.SECTION, str(number), str(number), noun=noun), end
            yield PlaceName(PlaceKind.SECTION, name, name, explicit=True, item=item, noun=noun), end


def _named_before_noun(text: str, tokens: Sequence[PlaceToken]) -> Iterator[tuple[PlaceName, int]]:
    """`the Refunds section`, `second chapter`, `item 2 of Refunds`, `3.2`, `2.2(a)`: only where a text has that."""
    start = 1 if tokens[0].text in words.ARTICLES else 0
    *named, last = tokens[start:] or tokens
    if named and words.UNITS.get(last.text) is PlaceKind.SECTION:
        number = words.NUMBERS.get(named[0].text) if len(named) == 1 else None
        name = text[named[0].start : named[-1].end] if number is None else str(number)
        yield PlaceName(PlaceKind.SECTION, name, name, noun=last.text), len(tokens)
    if len(tokens) > 3 and tokens[0].text in words.ITEMS and tokens[1].is_number:
        if tokens[2].text in words.IN:
            name = text[tokens[3].start : last.end]
            yield PlaceName(PlaceKind.SECTION, name, name, item=int(tokens[1].text)), len(tokens)
    whole = text[tokens[0].start : last.end]
    if _POINT.fullmatch(whole):
        yield PlaceName(PlaceKind.SECTION, whole, whole), len(tokens)
    if len(tokens) == 1 and last.kind == "number" and not last.is_number:
        yield PlaceName(PlaceKind.SECTION, last.text, last.text), 1
