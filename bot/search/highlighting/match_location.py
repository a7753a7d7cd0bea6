"""Where in a long passage the words are that somebody typed or repeated."""

from __future__ import annotations

import re
from collections import Counter

from bot.models import Span
from bot.search.language.analysis import Analyzer, fold

LONG = 1_000
"""From this many characters on, a passage may be shown in part, so that it matters which part is highlighted."""

WIDEST = 200
"""The most characters of a passage that are set in bold."""

_READ = 2_000  # characters of the query that are used
_WORD = re.compile(r"[^\W_]+")
_REST_OF_WORD = r"[^\W_\u2e80-\ufaff]*"  # scripts without spaces have no word ends
_LEAST_BEGUN = 2  # letters that the last word needs to count as the prefix of a longer one


def locate(text: str, said: str, analyzer: Analyzer) -> Span | None:
    """Find the part of `text` that says `said`, or holds the most of its words; None if it holds none.

    At most WIDEST characters; of equally good parts the shortest, then the first. If it is not there
    literally (ignoring case and punctuation), inflected forms count, the last word counts as a prefix
    too, and stopwords do not count.
    """
    said = said[:_READ].strip()
    if (found := _literally(text, said)) is not None:
        return found
    terms = set(analyzer.terms(said))
    last = _last_word(said)
    places = [
        (token.start, token.end, token.term)
        for token in analyzer.tokens(text)
        if token.term in terms
    ]
    if len(last) >= _LEAST_BEGUN:
        known = {(start, end) for start, end, _ in places}
        places += [
            (match.start(), match.end(), f"{last}…")
            for match in _WORD.finditer(text)
            if match.span() not in known and fold(match[0]).startswith(last)
        ]
    return _densest(sorted(places))


def whole_words(text: str, span: Span) -> Span:
    """Widen `span` to where white space or the ends of `text` are, without trailing punctuation that only leads on."""
    start, end = span
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, start + len(text[start:end].rstrip(",;:")))


def _last_word(said: str) -> str:
    words = _WORD.findall(said)
    return fold(words[-1]) if words and said.endswith(words[-1]) else ""


def _densest(places: list[tuple[int, int, str]]) -> Span | None:
    """Slide a window over the places of terms, and return the one with the most distinct terms."""
    best, most = None, (0, 0)
    inside: Counter[str] = Counter()
    first = 0
    for start, end, term in places:
        inside[term] += 1
        while places[first][0] != start and (
            end - places[first][0] > WIDEST or inside[places[first][2]] > 1
        ):
            inside[places[first][2]] -= 1
            first += 1
        begin = places[first][0]
        found = (sum(map(bool, inside.values())), begin - end)
        if found > most and end - begin <= WIDEST:
            best, most = Span(begin, end), found
    return best


def _literally(text: str, said: str) -> Span | None:
    """Find the words of `said` in a row, whatever is between them."""
    words = _WORD.findall(said)
    if not words or len(said) > WIDEST:
        return None
    pattern = r"[\W_]+".join(map(re.escape, words))
    found = re.search(rf"\b{pattern}{_REST_OF_WORD}", text, re.IGNORECASE)
    if found is None or found.end() - found.start() > WIDEST:
        return None
    return Span(*found.span())
