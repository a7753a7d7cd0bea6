"""Which texts a question names by their titles or authors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.text_question_words import words_of
from bot.answering.text_vocabulary import VOCABULARIES
from bot.library.snapshots import Snapshot
from bot.models import Source

_MOST_NAMED = 50  # texts whose titles are compared with the question


@dataclass(frozen=True, slots=True)
class Titles:
    """Texts with the words of their titles and of their authors' names."""

    texts: tuple[tuple[Source, frozenset[str], frozenset[str]], ...]

    @classmethod
    def naming(cls, snapshot: Snapshot, words: Sequence[str], within: Source | None) -> Titles:
        """The texts that `words` may name."""
        likely = snapshot.listing.holding(words, _MOST_NAMED)
        return cls(
            tuple(
                (source, frozenset(words_of(source.title)), frozenset(words_of(source.author)))
                for source in likely
                if within is None or source.id == within.id
            )
        )

    def with_all(self, words: Sequence[str]) -> Iterator[Source]:
        """Yield the texts whose titles and authors hold all `words`, at least one of them the title."""
        for source, title, author in self.texts:
            if title | author >= set(words):
                yield source

    def are_named_by(self, words: Sequence[str], source: Source) -> bool:
        """Whether `words` are enough of a title to name it, or no part of it but of the author's name."""
        title, author = next((t, a) for s, t, a in self.texts if s is source)
        telling = {word for word in title if not any(word in v for v in VOCABULARIES.values())}
        said = telling & set(words)
        return set(words) <= author or (2 * len(said) >= len(telling) and len(said) > 1)
