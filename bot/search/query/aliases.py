"""Different names for one thing: countries and their people, abbreviations, a source's own aliases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from bot.models import Source
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


def build_aliases(
    groups: Iterable[Sequence[str]], asked: Analyzer, of_texts: Analyzer | None = None
) -> Aliases:
    """Analyse groups of names, each of one thing: as in questions, and their alternatives as in the texts.

    `of_texts`: the analyzer of the texts' language, if it is another than that of questions, `asked`.
    """
    alternatives: dict[Phrase, set[Phrase]] = {}
    for group in groups:
        names = {(_phrase(name, asked), _phrase(name, of_texts or asked)) for name in group}
        in_texts = {own for _, own in names if 0 < len(own) <= LONGEST_PHRASE}
        for phrase, own in names:
            if 0 < len(phrase) <= LONGEST_PHRASE:
                alternatives.setdefault(phrase, set()).update(in_texts - {own})
    return Aliases(
        {phrase: tuple(sorted(others)) for phrase, others in alternatives.items() if others}
    )


def own_aliases(sources: Iterable[Source], analyzers: Mapping[str, Analyzer]) -> Aliases:
    """Those that the sources themselves give; `analyzers`: by language tag, that of questions first."""
    asked = next(iter(analyzers.values()))
    groups: dict[Analyzer, list[list[str]]] = {}
    for source in sources:
        own = groups.setdefault(analyzers[source.language], [])
        own += ([name, *others] for name, others in source.aliases.items())
    return reduce(
        Aliases.joined,
        (build_aliases(own, asked, of_texts) for of_texts, own in groups.items()),
        Aliases({}),
    )


def _phrase(name: str, analyzer: Analyzer) -> Phrase:
    # Alone, “US” and “WHO” would be taken for pronouns; after an article any word is a noun.
    article = "the " if analyzer.language == "en" else ""
    return tuple(t.term for t in analyzer.tokens(article + name) if not t.variant)


def read_groups(path: Path) -> list[list[str]]:
    """Read a data file of groups: one a line, names separated by commas, `#` for comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        [name.strip() for name in line.split(",")]
        for line in lines
        if line and not line.startswith("#")
    ]
