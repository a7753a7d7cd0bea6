"""What is asked of texts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import Fact, Source

LONGEST = 24
"""Words of a question about a text."""


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """What a question about texts asks for.

    `facts` is empty if it asks what a text is about. `named`: the texts that it may name by their titles (empty: it
    names none); `plural`: whether it asks of all texts, `singular`: of a single one. `sure`: whether it surely refers to
    a text, or to the bot's texts; else a text may as well speak of what is asked. `points_back`: it refers by `it` or
    `that` alone, as to something said before.
    """

    facts: tuple[Fact, ...]
    named: tuple[Source, ...] = ()
    sure: bool = True
    points_back: bool = False
    plural: bool = False
    singular: bool = False

    @property
    def needs_no_search(self) -> bool:
        """Whether no text can answer it: what is asked of the bot, or for a summary of a text."""
        return self.sure and not any(fact.is_of_one_text for fact in self.facts)
