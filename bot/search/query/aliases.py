"""Different names for one thing: countries and their people, abbreviations, a source's own aliases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.search.language.analysis import Analyzer

Phrase = tuple[str, ...]
LONGEST_PHRASE = 4  # terms


@dataclass(frozen=True, slots=True)
class Aliases:
    """phrase → the other phrases that name the same thing; a phrase is a tuple of terms."""

    alternatives: Mapping[Phrase, tuple[Phrase, ...]]

    def spans(self, terms: Sequence[str]) -> Iterable[tuple[int, int, tuple[Phrase, ...]]]:
        """Yield start, end and alternatives of the phrases in `terms` that have any.

        From left to right, at each place the longest; none lies inside another.
        """
        at = 0
        while at < len(terms):
            for length in range(min(LONGEST_PHRASE, len(terms) - at), 0, -1):
                found = self.alternatives.get(tuple(terms[at : at + length]))
                if found:
                    yield at, at + length, found
                    at += length - 1
                    break
            at += 1

    def joined(self, others: Aliases) -> Aliases:
        """These and the `others`, as if their groups had been given together."""
        if not others.alternatives:
            return self
        both = dict(self.alternatives)
        for phrase, names in others.alternatives.items():
            both[phrase] = tuple(sorted({*names, *both.get(phrase, ())}))
        return Aliases(both)


def build_aliases(groups: Iterable[Sequence[str]], analyzer: Analyzer) -> Aliases:
    """Analyse groups of names, each of one thing, as texts are analysed."""
    alternatives: dict[Phrase, set[Phrase]] = {}
    # Alone, “US” and “WHO” would be taken for pronouns; after an article any word is a noun.
    article = "the " if analyzer.language == "en" else ""
    for group in groups:
        phrases = {
            tuple(t.term for t in analyzer.tokens(article + name) if not t.variant)
            for name in group
        }
        phrases = {phrase for phrase in phrases if phrase and len(phrase) <= LONGEST_PHRASE}
        for phrase in phrases:
            alternatives.setdefault(phrase, set()).update(phrases - {phrase})
    return Aliases(
        {phrase: tuple(sorted(others)) for phrase, others in alternatives.items() if others}
    )


def read_groups(path: Path) -> list[list[str]]:
    """Read a data file of groups: one a line, names separated by commas, `#` for comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        [name.strip() for name in line.split(",")]
        for line in lines
        if line and not line.startswith("#")
    ]
