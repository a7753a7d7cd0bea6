"""Reads how a place in a text is named: `posts 3-5`, `"Title" 4`, `section Refunds`, `p. 12`, `12:40`, `the last post`.

Only the form counts here; whether a text has such a place, and which text is meant, is up to `places`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from bot.answering import place_words as words
from bot.models import PlaceKind
from bot.search.language.analysis import fold

LONGEST = 200
"""Characters of a message that names nothing but a place."""

_LONGEST_NUMBER = 6  # digits
_TOKEN = re.compile(
    r"""(?P<quoted>[“"«„](?P<title>[^“”"«»„]{1,150})[”"»“])
      | (?P<date>\d{4}-\d{2}-\d{2})(?!\d)
      | (?P<time>\d{1,3}(?::[0-5]\d){1,2})(?![\d:])
      | (?P<number>\d+(?:\.\d+)*)(?:st|nd|rd|th|[ºª°])?(?![^\W_])
      | (?P<handle>@[\w.-]*\w)
      | (?P<range>\.\.+|…|-+)
      | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
      | (?P<sign>[/,\#§])
      | (?P<other>[^\s])""",
    re.VERBOSE,
)
_DASHES = re.compile(r"[‐‑‒–—―−﹘﹣－~〜]")
_POLITE = words.ORDERS | words.QUESTIONS | words.BESIDE
_FROM_AN_END = words.LAST | words.FIRST
_BRACKETED = re.compile(r"(?<![\w\].])\[(?!\[)([^\[\]\n]{1,120})\](?![\](])")


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


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    """Folded; of a quoted title, the words between the marks."""
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return self.kind == "number" and self.text.isdecimal() and len(self.text) <= _LONGEST_NUMBER


def read_place(message: str) -> Iterator[PlaceName]:
    """Yield the ways in which all of `message` can be read as the name of a place, likeliest first."""
    text = plain_digits(" ".join(message.split()))
    if not text or len(text) > LONGEST:
        return
    tokens, asks = _without_request(_tokens(text))
    for at in range(len(tokens)):
        for place, end in _places_at(text, tokens, at):
            if asks and not place.explicit:
                continue
            named = _with_text(text, place, tokens[:at], tokens[end:])
            if named is not None:
                yield replace(named, asks=asks)


def bracketed_places(message: str) -> Iterator[PlaceName]:
    """Yield the places that `message` names in brackets: `[4]`, `[Title 4]`."""
    for match in _BRACKETED.finditer(_DASHES.sub("-", message[: 10 * LONGEST])):
        yield from read_place(match[1])


def may_name_place(message: str) -> bool:
    """Whether all of `message` can be read as the name of a place."""
    return next(read_place(message), None) is not None


def names_in_brackets(message: str) -> bool:
    """Whether `message` may name a place in brackets."""
    return next(bracketed_places(message), None) is not None


def plain_digits(text: str) -> str:
    """Write the digits of any script as 0 to 9, and all dashes alike."""
    text = _DASHES.sub("-", text)
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        kind = "quoted" if kind == "title" else kind
        shown = match["title"] or match["number"] or match[0]
        plain = shown if kind == "quoted" else words.stem(fold(shown).replace("'", ""))
        found.append(_Token(kind, plain, *match.span()))
    return found


def _without_request(tokens: list[_Token]) -> tuple[list[_Token], bool]:
    """Leave out what asks for the place; the second value tells whether it is a question."""
    before = list(takewhile(lambda t: t.text in _POLITE, tokens))
    rest = tokens[len(before) :]
    after = list(takewhile(lambda t: t.text in _POLITE, reversed(rest)))
    rest = rest[: len(rest) - len(after)]
    asked = {token.text for token in (*before, *after)}
    return rest, bool(asked & words.QUESTIONS - words.ORDERS)


def _places_at(text: str, tokens: Sequence[_Token], at: int) -> Iterator[tuple[PlaceName, int]]:
    """Yield the places whose names begin with token `at`, with the number of the token behind each."""
    start = at + (tokens[at].text in words.ARTICLES)
    if start >= len(tokens):
        return
    head = tokens[start]
    kind = words.UNITS.get(head.text)
    if found := _counted_from_an_end(tokens, start):
        yield found
    if kind is PlaceKind.SECTION:
        yield from _sections(text, tokens, start)
    elif found := _after_noun(tokens, start, kind) or _before_noun(tokens, start):
        yield found
    elif head.kind in {"time", "date"} or head.text in words.AT:
        begin = start + (head.text in words.AT)
        if found := _range(tokens, begin, PlaceKind.TIME):
            yield found
    elif head.is_number or head.text == "#":
        begin = start + (head.text == "#")
        if found := _range(tokens, begin, PlaceKind.POST):
            yield found


def _counted_from_an_end(tokens: Sequence[_Token], at: int) -> tuple[PlaceName, int] | None:
    """`last post`, `last 3 posts`, `first post`; in other languages `publicación última`."""
    texts = [token.text for token in tokens[at : at + 3]]
    count = 1
    if len(texts) == 3 and texts[0] in _FROM_AN_END and tokens[at + 1].is_number:
        count, texts = int(texts[1]), [texts[0], texts[2]]
    end = at + (3 if count != 1 else 2)
    if len(texts) < 2 or not count:
        return None
    which, noun = texts[:2] if words.UNITS.get(texts[1]) else (texts[1], texts[0])
    if words.UNITS.get(noun) is not PlaceKind.POST:
        return None
    if which in words.LAST:
        return PlaceName(PlaceKind.POST, -count, -1, explicit=True), end
    if which in words.FIRST:
        return PlaceName(PlaceKind.POST, 1, count, explicit=True), end
    return None


def _after_noun(
    tokens: Sequence[_Token], at: int, kind: PlaceKind | None
) -> tuple[PlaceName, int] | None:
    """`posts 3-5`, `p. 12`, `post no. 4 of 7`, `post four`."""
    if kind is None:
        return None
    begin = at + 1
    while begin < len(tokens) and tokens[begin].text in words.NUMBER_SIGNS | {"."}:
        begin += 1
    found = _range(tokens, begin, kind)
    if found is not None:
        return replace(found[0], explicit=True, noun=tokens[at].text), found[1]
    if kind is not PlaceKind.TIME and begin < len(tokens):
        number = words.NUMBERS.get(tokens[begin].text)
        if number is not None:
            value = number if kind is PlaceKind.POST else str(number)
            return PlaceName(kind, value, value, explicit=True), begin + 1
    return None


def _before_noun(tokens: Sequence[_Token], at: int) -> tuple[PlaceName, int] | None:
    """`4th post`, `tercera parte`."""
    if at + 1 >= len(tokens) or words.UNITS.get(tokens[at + 1].text) is not PlaceKind.POST:
        return None
    token = tokens[at]
    ordinal = token.is_number and token.end - token.start > len(token.text)
    number = int(token.text) if ordinal else words.NUMBERS.get(token.text)
    if number is None:
        return None
    return PlaceName(PlaceKind.POST, number, number, explicit=True), at + 2


def _range(tokens: Sequence[_Token], at: int, kind: PlaceKind) -> tuple[PlaceName, int] | None:
    """A number, page, time or date at `at`, or two with a dash between, and how many there are."""
    first = _value(tokens, at, kind)
    if first is None:
        return None
    explicit = kind in {PlaceKind.TIME, PlaceKind.DATE}
    if tokens[at].kind == "date":
        kind = PlaceKind.DATE
    end = at + 1
    between = tokens[end].text if end < len(tokens) else ""
    second = _value(tokens, end + 1, kind) if between else None
    if second is not None and kind is PlaceKind.POST and between in words.OF | {"/"}:
        return PlaceName(kind, first, first, int(second), explicit), end + 2
    last = first
    follows = between in words.AND and kind is PlaceKind.POST and second == _next(first)
    if second is not None and (between in words.TO or tokens[end].kind == "range" or follows):
        last, end = second, end + 2
        if end + 1 < len(tokens) and tokens[end].text in words.OF and tokens[end + 1].is_number:
            return PlaceName(kind, first, last, int(tokens[end + 1].text), explicit), end + 2
    return PlaceName(kind, first, last, None, explicit), end


def _next(number: int | str) -> int | None:
    return number + 1 if isinstance(number, int) else None


def _value(tokens: Sequence[_Token], at: int, kind: PlaceKind) -> int | str | None:
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


def _sections(text: str, tokens: Sequence[_Token], at: int) -> Iterator[tuple[PlaceName, int]]:
    """`section Refunds`, `§ 3.2`, `section Fees, item 3`; the name may be followed by that of a text."""
    noun = tokens[at].text
    for end in range(len(tokens), at + 1, -1):
        item, stop = None, end
        if end - at > 3 and tokens[end - 1].is_number and tokens[end - 2].text in words.ITEMS:
            item, stop = int(tokens[end - 1].text), end - 2
        while stop > at + 1 and tokens[stop - 1].text in {",", *words.OF}:
            stop -= 1
        if stop > at + 1:
            name = text[tokens[at + 1].start : tokens[stop - 1].end].strip('“”"«»*_ ')
            yield PlaceName(PlaceKind.SECTION, name, name, explicit=True, item=item, noun=noun), end


def _with_text(
    text: str, place: PlaceName, before: Sequence[_Token], after: Sequence[_Token]
) -> PlaceName | None:
    """Add the name of the text, before the place or after it; None if both hold words."""
    after = [token for token in after if token.text != ","]
    if after:
        if after[0].text in words.IN:
            after = after[1:]
        elif after[0].kind not in {"quoted", "handle"}:
            return None
    rest = [token for token in (*before, *after) if token.text not in {",", ":", "."}]
    if before and after and any(t.kind not in {"quoted", "handle"} for t in rest):
        return None
    quoted = [token.text for token in rest if token.kind == "quoted"]
    authors = [token.text for token in rest if token.kind == "handle"]
    named = (t for t in rest if t.kind not in {"quoted", "handle"})
    plain = list(dropwhile(lambda t: t.text in words.ARTICLES, named))
    if len(quoted) > 1 or len(authors) > 1:
        return None
    if not place.explicit and any(token.text in words.UNITS for token in plain):
        return None  # the noun of another place
    if all(t.text in words.TEXTS | words.ARTICLES for t in plain):
        title = quoted[0] if quoted else ""
    elif quoted:
        title, authors = quoted[0], [text[plain[0].start : plain[-1].end]]
    else:
        title = text[plain[0].start : plain[-1].end]
    return replace(place, title=title, quoted=bool(quoted), author=authors[0] if authors else "")
