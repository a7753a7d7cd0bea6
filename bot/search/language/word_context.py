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


class WordInContext(NamedTuple):
    """The word `text[start:end]`, and the word before it in lower case."""

    raw: str
    previous: str
    text: str
    start: int
    end: int
    shouting: bool
    """Whether all of the text is in capitals, so that these say nothing."""


def is_content(word: WordInContext) -> bool:
    """Whether the word, one of `AMBIGUOUS`, is a content word here."""
    lowered = word.raw.lower()
    if lowered in FIRST_PERSON:
        return word.raw.isupper() or _next(word).lower() not in FIRST_PERSON[lowered]
    if lowered == "lets":
        return not _opens_sentence(word)
    if lowered == "may":
        return _is_month(word)
    return _is_name_in_capitals(word) if lowered in NAMES_IN_CAPITALS else _is_noun(word)


def _is_name_in_capitals(word: WordInContext) -> bool:
    # A determiner is followed by a noun: "the us", "an it firm". In capitals the word is a name.
    if word.raw.isupper() and not word.shouting:
        return True
    if word.previous in DETERMINERS:
        return True
    # “Us” may just begin a sentence. In a text all in capitals they say as little as lower case does.
    typed_plainly = word.raw.islower() or word.shouting
    return typed_plainly and word.raw.lower() == "us" and word.previous not in PRONOUN_LEADS


def _is_noun(word: WordInContext) -> bool:
    previous = word.previous.replace("’", "'")
    contracted = previous in CONTRACTIONS  # that's mine, not Iraq's mine
    possessive = previous.endswith("'s") and not contracted
    if possessive or previous in NOUN_LEADS or _is_capital_name(word):
        return True
    if word.raw.lower() == "mine":
        return not (contracted or previous in PRONOUN_MINE_LEADS or _opens_sentence(word))
    return previous in BE


def _is_month(word: WordInContext) -> bool:
    if word.previous in MONTH_LEADS or word.previous in BE:
        return True
    if not word.raw[0].isupper():
        return False
    text, start, end = word.text, word.start, word.end
    if text[end : end + 2].strip()[:1].isdigit():
        return True
    if text[max(0, start - 2) : start].strip()[-1:].isdigit():
        return True
    if _opens_sentence(word):  # a wish begins so too: "May they rest"
        return not text.rstrip().endswith("?") and _is_no_subject(_next(word))
    return _is_capital_name(word)


def _is_capital_name(word: WordInContext) -> bool:
    """Whether the word is capitalised in the middle of a sentence, as a name is."""
    if not word.raw[0].isupper() or word.shouting or _opens_sentence(word):
        return False
    return _is_no_subject(_next(word))


def _is_no_subject(word: str) -> bool:
    """Whether no question or wish could continue with `word`: "Will Iraq", "May they"."""
    return not word[:1].isupper() and word not in SUBJECTS


def _next(word: WordInContext) -> str:
    found = _NEXT.match(word.text, word.end)
    return found[1] if found else ""


def _opens_sentence(word: WordInContext) -> bool:
    before = word.text[max(0, word.start - _LOOK_BACK) : word.start].rstrip(" \t")
    if not before or before[-1] in _OPENS_SENTENCE or before[-1] == "\n":
        return True
    return word.previous in SENTENCE_LEADS
