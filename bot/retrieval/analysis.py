"""Text → terms: the same for texts and questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

STOPWORDS = frozenset(
    """
    a about above after again all also am an and any are aren't as at be because been before being
    below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't
    down during each ever few for from further had hadn't has hasn't have haven't having he he'd
    he'll he's her here hers herself him himself his how i i'd i'll i'm i've if in into is isn't it
    it's its itself just let's me more most my myself no nor not of off on once only or other ought
    our ours ourselves out over own same she she'd she'll she's should shouldn't so some such than
    that that's the their theirs them themselves then there there's these they they'd they'll
    they're they've this those through to too under until up upon us very was wasn't we we'd we'll
    we're we've were weren't what what's when where which while who who's whom whose why will with
    won't would wouldn't you you'd you'll you're you've your yours yourself yourselves please tell
    """.split()
)
"""English words that carry no subject, question words included."""

NAMES_IN_CAPITALS = frozenset({"US", "IT", "WHO"})
"""Stopwords that name something when they are written in capitals."""

_WORD = re.compile(
    r"""
    (?:[A-Za-z]\.){2,}[A-Za-z]?                  # U.S., e.g.
    | \d+(?:[.,]\d+)*%?                          # 1,000  3.5  40%
    | [^\W_]+(?:['’ʼ][^\W_]+)*                   # word, don't, Kadhimi’s
    """,
    re.VERBOSE,
)
_CURLY = str.maketrans({"’": "'", "ʼ": "'"})
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")

Stem = Callable[[str], str]


class Token(NamedTuple):
    """A term and where the word that gave it stands in the text."""

    term: str
    start: int
    end: int


class Analyzer:
    """Makes terms of the words of one language. Safe to share between threads."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._stem = _stem_of(language.split("-", maxsplit=1)[0])

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the terms of `text` in order, stopwords left out."""
        for match in _WORD.finditer(text):
            term = self._term(match[0])
            if term:
                yield Token(term, *match.span())

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text` in order, repeated where they repeat."""
        return [token.term for token in self.tokens(text)]

    def _term(self, word: str) -> str | None:
        plain = fold(word)
        if word not in NAMES_IN_CAPITALS and plain in STOPWORDS:
            return None
        if plain[0].isdigit():
            return _GROUPED.sub("", plain).rstrip("%")
        plain = plain.replace(".", "")
        if plain.endswith("'s"):
            plain = plain[:-2]
        return self._stem(plain.replace("'", ""))


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return `word` in lower case, without accents, its apostrophes straight."""
    word = word.translate(_CURLY)
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(part for part in parts if not unicodedata.combining(part))
    return word.casefold()


def _stem_of(language: str) -> Stem:
    """Return the Snowball stemmer of `language`, or what leaves words alone."""
    try:
        stemmer = Stemmer.Stemmer(language)
    except KeyError:
        return lambda word: word

    @lru_cache(maxsize=65_536)
    def stem(word: str) -> str:
        return str(stemmer.stemWord(word))

    return stem
