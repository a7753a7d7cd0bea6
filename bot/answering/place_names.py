"""Reads how a place in a text is named: `posts 3-5`, `"Title" 4`, `section Refunds`, `p. 12`, `12:40`, `the last post`.

Only the form counts here; whether a text has such a place, and which text is meant, is up to `places`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, takewhile

from bot.answering import place_words as words
from bot.answering.place_ranges import PlaceName
from bot.answering.place_readings import places_at
from bot.answering.place_tokens import PlaceToken, plain_digits, tokens_of

LONGEST = 200
"""Characters of a message that names nothing but a place."""

_POLITE = words.ORDERS | words.QUESTIONS | words.BESIDE
_BRACKETED = re.compile(r"(?<![\w\].])\[(?!\[)([^\[\]\n]{1,120})\](?![\](])")


def read_place(message: str) -> Iterator[PlaceName]:
    """Yield the ways in which all of `message` can be read as the name of a place, likeliest first."""
    text = plain_digits(" ".join(message.split()))
    if not text or len(text) > LONGEST:
        return
    tokens, asks = _without_request(tokens_of(text))
    for at in range(len(tokens)):
        for place, end in places_at(text, tokens, at):
            if asks and not place.explicit:
                continue
            named = _with_text(text, place, tokens[:at], tokens[end:])
            if named is not None:
                yield replace(named, asks=asks)


def bracketed_places(message: str) -> Iterator[PlaceName]:
    """Yield the places that `message` names in brackets: `[4]`, `[Title 4]`."""
    for match in _BRACKETED.finditer(plain_digits(message[: 10 * LONGEST])):
        yield from read_place(match[1])


def may_name_place(message: str) -> bool:
    """Whether all of `message` can be read as the name of a place."""
    return next(read_place(message), None) is not None


def names_in_brackets(message: str) -> bool:
    """Whether `message` may name a place in brackets."""
    return next(bracketed_places(message), None) is not None


def _without_request(tokens: list[PlaceToken]) -> tuple[list[PlaceToken], bool]:
    """Leave out what asks for the place; the second value tells whether it is a question."""
    before = list(takewhile(lambda t: t.text in _POLITE, tokens))
    rest = tokens[len(before) :]
    after = list(takewhile(lambda t: t.text in _POLITE, reversed(rest)))
    rest = rest[: len(rest) - len(after)]
    asked = {token.text for token in (*before, *after)}
    return rest, bool(asked & words.QUESTIONS - words.ORDERS)


def _with_text(
    text: str, place: PlaceName, before: Sequence[PlaceToken], after: Sequence[PlaceToken]
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
