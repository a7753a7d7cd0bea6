"""Whether an ambiguous English stopword is one in its context: `may` or May, `ill` or I'll."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.search.language.stopwords import (
    BE,
    CONTRACTIONS,
    DETERMINERS,
    FIRST_PERSON,
    MONTH_LEADS,
    NAMES_IN_CAPITALS,
    NOUN_LEADS,
    PRONOUN_LEADS,
    PRONOUN_MINE_LEADS,
    SENTENCE_LEADS,
    SUBJECTS,
)

_NEXT = re.compile(r"[\s,]*([^\W\d_]+)")
_LOOK_BACK = 16  # characters before a word that are searched for punctuation
_OPENS_SENTENCE = frozenset('.!?…:;"“”«([{*_>–—')


class Place(NamedTuple):
    """The word `text[start:end]`, and the word before it in lower case."""

    raw: str
    previous: str
    text: str
    start: int
    end: int
    shouting: bool
    """Whether all of the text is in capitals, so that these say nothing."""


def is_content(place: Place) -> bool:
    """Whether the word, one of `AMBIGUOUS`, is a content word in its place."""
    word = place.raw.lower()
    if word in FIRST_PERSON:
        return place.raw.isupper() or _next(place).lower() not in FIRST_PERSON[word]
    if word == "lets":
        return not _opens_sentence(place)
    if word == "may":
        return _is_month(place)
    return _is_name_in_capitals(place) if word in NAMES_IN_CAPITALS else _is_noun(place)


def _is_name_in_capitals(place: Place) -> bool:
    # A determiner is followed by a noun: "the us", "an it firm". In capitals the word is a name.
    if place.raw.isupper() and not place.shouting:
        return True
    if place.previous in DETERMINERS:
        return True
    # “Us” may just begin a sentence. In a text all in capitals they say as little as lower case does.
    typed_plainly = place.raw.islower() or place.shouting
    return typed_plainly and place.raw.lower() == "us" and place.previous not in PRONOUN_LEADS


def _is_noun(place: Place) -> bool:
    previous = place.previous.replace("’", "'")
    contracted = previous in CONTRACTIONS  # that's mine, not Iraq's mine
    possessive = previous.endswith("'s") and not contracted
    if possessive or previous in NOUN_LEADS or _is_capital_name(place):
        return True
    if place.raw.lower() == "mine":
        return not (contracted or previous in PRONOUN_MINE_LEADS or _opens_sentence(place))
    return previous in BE


def _is_month(place: Place) -> bool:
    if place.previous in MONTH_LEADS or place.previous in BE:
        return True
    if not place.raw[0].isupper():
        return False
    text, start, end = place.text, place.start, place.end
    if text[end : end + 2].strip()[:1].isdigit():
        return True
    if text[max(0, start - 2) : start].strip()[-1:].isdigit():
        return True
    if _opens_sentence(place):  # a wish begins so too: "May they rest"
        return not text.rstrip().endswith("?") and _is_no_subject(_next(place))
    return _is_capital_name(place)


def _is_capital_name(place: Place) -> bool:
    """Whether the word is capitalised in the middle of a sentence, as a name is."""
    if not place.raw[0].isupper() or place.shouting or _opens_sentence(place):
        return False
    return _is_no_subject(_next(place))


def _is_no_subject(word: str) -> bool:
    """Whether no question or wish could continue with `word`: "Will Iraq", "May they"."""
    return not word[:1].isupper() and word not in SUBJECTS


def _next(place: Place) -> str:
    found = _NEXT.match(place.text, place.end)
    return found[1] if found else ""


def _opens_sentence(place: Place) -> bool:
    before = place.text[max(0, place.start - _LOOK_BACK) : place.start].rstrip(" \t")
    if not before or before[-1] in _OPENS_SENTENCE or before[-1] == "\n":
        return True
    return place.previous in SENTENCE_LEADS
