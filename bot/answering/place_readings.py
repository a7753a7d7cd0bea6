"""The forms in which a place is named: `posts 3-5`, `last two pages`, `section Refunds`, `12:40`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answering import place_words as words
from bot.answering.place_ranges import MIDDLE, PlaceName, number_named, range_at, ranges_at
from bot.answering.place_tokens import PlaceToken
from bot.models import PlaceKind

_POINT = re.compile(r"\d+(?:\.\d+)*(?:\s?\(\w{1,4}\))+")
_FROM_AN_END = words.LAST | words.FIRST
_TIME_WITH_POINT = re.compile(r"\d{1,3}\.[0-5]\d")


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
        return range_at(tokens, at + before_time, PlaceKind.TIME)
    if head.is_number or head.text in words.NUMBER_SIGNS:
        return range_at(tokens, _behind_signs(tokens, at), PlaceKind.POST)
    return None


def _behind_signs(tokens: Sequence[PlaceToken], at: int) -> int:
    """The number of the first token from `at` on that is none of `no.`, `#`."""
    while at < len(tokens) and tokens[at].text in words.NUMBER_SIGNS | {"."}:
        at += 1
    return at


def _counted_from_an_end(tokens: Sequence[PlaceToken], at: int) -> tuple[PlaceName, int] | None:
    """`last post`, `last 3 posts`, `middle post`, `first page`, `last section`; in other languages `publicación última`."""
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
    if kind not in {PlaceKind.POST, PlaceKind.PAGE, PlaceKind.SECTION}:
        return None
    if kind is PlaceKind.SECTION and count > 1:
        return None
    for known, first, last in (
        (words.LAST, -count, -1),
        (words.FIRST, 1, count),
        (words.LAST_BUT_ONE, -2, -2),
        (words.MIDDLE, MIDDLE, MIDDLE),
    ):
        if which in known:
            return PlaceName(kind, first, last, explicit=True), at + 2
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
    """`posts 3-5`, `posts 2 and 5`, `p. 12`, `post no. 4 of 7`, `post four`, `post IV`."""
    if kind is None:
        return None
    begin = _behind_signs(tokens, at + 1)
    if begin < len(tokens) and tokens[begin].text in words.OF | words.BETWEEN:
        begin += 1  # المنشورات من 3 إلى 5
    found = ranges_at(tokens, begin, kind)
    if found is not None:
        return replace(found[0], explicit=True, noun=tokens[at].text), found[1]
    if kind is not PlaceKind.TIME and begin < len(tokens):
        number = number_named(tokens[begin].text)
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
            number = number_named(tokens[begin].text) if stop == begin + 1 else None
            if number is not None:  # chapter two, chapter II
                yield PlaceName(PlaceKind.SECTION, str(number), str(number), noun=noun), end
            yield PlaceName(PlaceKind.SECTION, name, name, explicit=True, item=item, noun=noun), end


def _named_before_noun(text: str, tokens: Sequence[PlaceToken]) -> Iterator[tuple[PlaceName, int]]:
    """`the Refunds section`, `second chapter`, `item 2 of Refunds`, `item 2`, `3.2`, `2.2(a)`, `1.15`: where a text has that."""
    start = 1 if tokens[0].text in words.ARTICLES else 0
    *named, last = tokens[start:] or tokens
    if named and words.UNITS.get(last.text) is PlaceKind.SECTION:
        number = words.NUMBERS.get(named[0].text) if len(named) == 1 else None
        name = text[named[0].start : named[-1].end] if number is None else number
        yield PlaceName(PlaceKind.SECTION, name, name, noun=last.text), len(tokens)
    if len(tokens) > 1 and tokens[0].text in words.ITEMS and tokens[1].is_number:
        if len(tokens) > 3 and tokens[2].text in words.IN:
            name = text[tokens[3].start : last.end]
            yield PlaceName(PlaceKind.SECTION, name, name, item=int(tokens[1].text)), len(tokens)
        yield PlaceName(PlaceKind.SECTION, "", "", item=int(tokens[1].text)), 2
    whole = text[tokens[0].start : last.end]
    if _POINT.fullmatch(whole):
        yield PlaceName(PlaceKind.SECTION, whole, whole), len(tokens)
    if len(tokens) == 1 and last.kind == "number" and not last.is_number:
        yield PlaceName(PlaceKind.SECTION, last.text, last.text), 1
        if _TIME_WITH_POINT.fullmatch(last.text):
            time = last.text.replace(".", ":")
            yield PlaceName(PlaceKind.TIME, time, time), 1
