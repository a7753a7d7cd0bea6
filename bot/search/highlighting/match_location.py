"""Where in a long passage the words stand that somebody typed or repeated."""

from __future__ import annotations

import re
from collections import Counter

from bot.models import Span
from bot.search.language.analysis import Analyzer, fold

LONG = 1_000
"""Characters of a passage from which on it may be shown in part, and must say which part matters."""

WIDEST = 200
"""Characters that a part of a passage may have to be set in bold."""

_READ = 2_000  # characters of what was typed or repeated that are looked for
_WORD = re.compile(r"[^\W_]+")
_REST_OF_WORD = r"[^\W_\u2e80-\ufaff]*"  # writing without spaces has no end of a word
_LEAST_BEGUN = 2  # letters from which on the last word may be the beginning of a longer one


def locate(text: str, said: str, analyzer: Analyzer) -> Span | None:
    """Return the part of `text` that says `said`, or holds the most of its words; None: none of them.

    At most WIDEST characters; of equally good parts the shortest, then the first. Where it is not
    said to the letter (case and punctuation apart), words count in any form, the last one by its
    beginning too, and stop words do not count.
    """
    said = said[:_READ].strip()
    if (found := _to_the_letter(text, said)) is not None:
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


def _last_word(said: str) -> str:
    words = _WORD.findall(said)
    return fold(words[-1]) if words and said.endswith(words[-1]) else ""


def _densest(places: list[tuple[int, int, str]]) -> Span | None:
    """Return the part with the most different terms: a window moved over their places."""
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


def _to_the_letter(text: str, said: str) -> Span | None:
    """Return where `said` stands, whatever is between its words."""
    words = _WORD.findall(said)
    if not words or len(said) > WIDEST:
        return None
    pattern = r"[\W_]+".join(map(re.escape, words))
    found = re.search(rf"\b{pattern}{_REST_OF_WORD}", text, re.IGNORECASE)
    if found is None or found.end() - found.start() > WIDEST:
        return None
    return Span(*found.span())
