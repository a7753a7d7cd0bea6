"""Windows: a question and sentences as the token ids that are the reader's input.

They are laid out by `bot.search.reading.layout`, which the bot uses too.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from bot.search.reading.layout import (
    MOST_SENTENCES,
    SENTENCE_TOKENS,
    SPECIAL_TOKENS,
    laid_out,
    question_tokens,
    size_of,
)


@dataclass(frozen=True)
class Case:
    """A question and sentences; `gold` are the indexes of those that answer it, () if none does.

    `answer` is the part of a gold sentence that answers, if that is known.
    """

    question: str
    sentences: tuple[str, ...]
    gold: tuple[int, ...]
    before: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Window:
    """What the reader takes in, and what it should say.

    `markers` are the positions of the sentences' markers in `ids`; `gold` are indexes of sentences of
    this window; `span` is the first and last token of the answer; `first` is the index of the window's
    first sentence in the case.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    markers: tuple[int, ...]
    gold: tuple[int, ...]
    span: tuple[int, int] | None
    first: int


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in the file at `path`, neither padding nor truncating."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def cut(tokenizer: Tokenizer, case: Case, limit: int, rng: random.Random | None = None) -> Window:
    """One window of at most `limit` tokens.

    A case that is too long is cut to whole sentences around one that answers, or around any if
    none does; `rng` draws which one, and how much comes before it. Without `rng`: around the first.
    """
    question = _question(tokenizer, case)
    encoded = [tokenizer.encode(s, add_special_tokens=False) for s in case.sentences]
    lengths = [size_of(e.ids) for e in encoded]
    room = limit - len(question) - SPECIAL_TOKENS
    first, last = _stretch(lengths, case.gold, room, rng)
    layout = laid_out(question, [encoded[i].ids for i in range(first, last + 1)])
    gold = tuple(g - first for g in case.gold if first <= g <= last)
    span = None
    for g in gold if case.answer else ():
        begin = layout.markers[g] + 1
        span = _span(encoded[first + g], case.sentences[first + g], case.answer or "", begin)
        if span:
            break
    return Window(layout.ids, layout.types, layout.markers, gold, span, first)


def spread(tokenizer: Tokenizer, case: Case, limit: int, overlap: int = 3) -> list[Window]:
    """Windows that together contain every sentence; neighbours share `overlap` of them."""
    room = limit - len(_question(tokenizer, case)) - SPECIAL_TOKENS
    sizes = [size_of(tokenizer.encode(s, add_special_tokens=False).ids) for s in case.sentences]
    found = []
    start = 0
    while start < len(sizes):
        end, used = start, 0
        while end < len(sizes) and end - start < MOST_SENTENCES:
            if used + sizes[end] > room and end > start:
                break
            used += sizes[end]
            end += 1
        gold = tuple(g - start for g in case.gold if start <= g < end)
        part = Case(case.question, case.sentences[start:end], gold, case.before, case.answer)
        window = cut(tokenizer, part, max(limit, limit - room + used))
        found.append(
            Window(window.ids, window.types, window.markers, window.gold, window.span, start)
        )
        if end == len(sizes):
            break
        start = max(end - overlap, start + 1)
    return found


def _question(tokenizer: Tokenizer, case: Case) -> list[int]:
    def ids(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    return question_tokens(ids(case.question), ids(case.before) if case.before else None)


def _stretch(
    lengths: Sequence[int], gold: Sequence[int], room: int, rng: random.Random | None
) -> tuple[int, int]:
    """The first and last of the sentences that fit into `room` tokens."""
    if sum(lengths) <= room and len(lengths) <= MOST_SENTENCES:
        return 0, len(lengths) - 1
    centres = gold or range(len(lengths))
    first = last = rng.choice(centres) if rng else centres[0]
    used = lengths[first]
    while True:
        neighbours = [
            i
            for i in (first - 1, last + 1)
            if 0 <= i < len(lengths)
            and used + lengths[i] <= room
            and last - first + 1 < MOST_SENTENCES
        ]
        if not neighbours:
            return first, last
        taken = rng.choice(neighbours) if rng else neighbours[0]
        used += lengths[taken]
        first, last = min(first, taken), max(last, taken)


def _span(encoded: Encoding, sentence: str, answer: str, begin: int) -> tuple[int, int] | None:
    """The window's tokens that `answer` covers, `begin` being the sentence's first token."""
    at = sentence.rfind(answer)  # a passage's own words are the end of it
    if at < 0:
        at = sentence.lower().rfind(answer.lower())
    if at < 0:
        return None
    covered = [
        i
        for i, (start, end) in enumerate(encoded.offsets[:SENTENCE_TOKENS])
        if start < at + len(answer) and end > at
    ]
    return (begin + covered[0], begin + covered[-1]) if covered else None
