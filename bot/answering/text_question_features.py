"""What a question is made of, as far as it matters to whether it asks about a text itself rather than about its subject.

The words that texts share with the question count only as such: the same model serves all texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.text_question_words import classes_in_any, known_word_like, words_of
from bot.answering.text_word_classes import WordClass
from bot.library.snapshots import Snapshot

NAME, HELD, OTHER, NUMBER = "<name>", "<held>", "<other>", "<number>"
"""What stands for a word that no vocabulary has: one of a title or an author, one that a text holds, another, a number."""

_LENGTHS = (2, 3, 4, 5, 6, 8, 10, 13)  # numbers of words at which a question gets one more feature
_MOST_COUNTED = 4  # words of a kind
_LETTERS = (3, 4, 5)
_FARTHEST = 4  # words between which a pair is a feature
_START, _END = "^", "$"


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question, and what it is to the model."""

    word: str
    mark: str
    """The word itself if a vocabulary has it, else what stands for it."""
    classes: frozenset[WordClass]

    @property
    def parts(self) -> frozenset[WordClass] | tuple[str]:
        """Its classes, or what stands for it."""
        return self.classes or (self.mark,)


def tokens_of(snapshot: Snapshot, question: str) -> list[AskedWord]:
    """The words of `question`, asked of the texts of `snapshot`."""
    return [_token(snapshot, word) for word in words_of(question)]


def features_of(tokens: Sequence[AskedWord]) -> frozenset[str]:
    """The features of a question."""
    found = {f"length {length}" for length in _LENGTHS if len(tokens) >= length}
    counts = Counter(token.mark for token in tokens)
    for mark in (NAME, HELD, OTHER):
        found |= {f"{count} {mark}" for count in range(1, min(counts[mark], _MOST_COUNTED) + 1)}
    before = _START
    for at, token in enumerate(tokens):
        found |= {f"word {token.mark}", f"next {before} {token.mark}"}
        if token.mark in {HELD, OTHER}:
            found.add(f"word {token.word}")
        if token.mark != NAME:
            found |= {f"letters {letters}" for letters in _letters(token.word)}
        for kind in token.classes:
            found |= {f"class {kind}", f"next {before} {kind}"}
        for later in tokens[at + 1 : at + 1 + _FARTHEST]:
            found.add(f"pair {token.mark} {later.mark}")
            found |= {f"classes {a} {b}" for a in token.parts for b in later.parts}
        before = token.mark
    found.add(f"next {before} {_END}")
    return frozenset(found)


def _token(snapshot: Snapshot, word: str) -> AskedWord:
    nothing: frozenset[WordClass] = frozenset()
    if word.isdecimal():
        return AskedWord(word, NUMBER, nothing)
    kinds = classes_in_any(word)
    if kinds is not None:
        return AskedWord(word, word, kinds)
    if snapshot.listing.mentions(word):
        return AskedWord(word, NAME, nothing)
    expander = snapshot.searcher.expander
    if expander.is_held(word):
        return AskedWord(word, HELD, nothing)
    if not expander.is_known_word(word) and (meant := known_word_like(word)):
        return AskedWord(meant, meant, classes_in_any(meant) or nothing)
    return AskedWord(word, OTHER, nothing)


def _letters(word: str) -> Iterator[str]:
    """Yield the runs of letters in a word with its ends marked."""
    whole = f"<{word}>"
    for length in _LETTERS:
        for start in range(len(whole) - length + 1):
            yield whole[start : start + length]
