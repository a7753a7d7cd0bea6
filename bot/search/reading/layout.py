"""The token layout of a window, the reader's input: a question and sentences.

`[CLS] question [SEP] [S] sentence [S] sentence … [SEP]`; the previous question, if there is one, comes first:
`before [A] question`. [S] and [A] are two tokens that BERT's vocabulary leaves unused. The question's half has type 0,
the passage's type 1. `training/` trains the reader on the same layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CLS, SEP, SENTENCE, AFTER = 101, 102, 1, 2
QUESTION_TOKENS = 48
"""The most tokens of a question, and of the previous one, that are read."""
SENTENCE_TOKENS = 96
"""The most tokens of a sentence that are read; the rest is cut off."""
MOST_SENTENCES = 24
"""The most sentences of a window."""
SPECIAL_TOKENS = 3
"""[CLS] and two [SEP]."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The tokens of one window. The first `asked` are the question's; `markers` are the positions of [S]."""

    ids: tuple[int, ...]
    asked: int
    markers: tuple[int, ...]

    @property
    def types(self) -> tuple[int, ...]:
        """0 for each token of the question, 1 for each of the passage."""
        return (0,) * self.asked + (1,) * (len(self.ids) - self.asked)


def question_tokens(question: Sequence[int], before: Sequence[int] | None) -> list[int]:
    """Lay out a question's tokens, behind those of the previous question if there is one."""
    asked = list(question[:QUESTION_TOKENS])
    return asked if before is None else [*before[:QUESTION_TOKENS], AFTER, *asked]


def size_of(sentence: Sequence[int]) -> int:
    """The number of tokens that a sentence takes in a window, with its marker."""
    return 1 + min(len(sentence), SENTENCE_TOKENS)


def laid_out(question: Sequence[int], sentences: Sequence[Sequence[int]]) -> Layout:
    """Lay out a window of a question, as `question_tokens` gives it, and the tokens of sentences."""
    ids = [CLS, *question, SEP]
    asked = len(ids)
    markers = []
    for sentence in sentences:
        markers.append(len(ids))
        ids += [SENTENCE, *sentence[:SENTENCE_TOKENS]]
    ids.append(SEP)
    return Layout(tuple(ids), asked, tuple(markers))
