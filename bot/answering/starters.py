"""Questions to begin with, which the texts surely answer: from their own headings and FAQ."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from bot.answering.answerer import Policy
from bot.answering.asking import Request, ask
from bot.library.snapshots import Snapshot
from bot.models import Outcome, Passage, Role
from bot.texts.structure import heading_words

MOST = 3
MAX_LOOKED_AT = 300
"""Headings and questions of the texts that are looked at."""
MAX_TRIED = 30
"""Those of them that are asked, to see whether they are answered."""
MAX_LENGTH = 75
"""Characters of a question, so that it fits on a button and into its id."""

_MARKS = re.compile(r"^\s*(?:\*\*|__)?(?:\(?\d{1,3}[.)]\s+|Q\s?\d{0,3}[:.)]\s*)?(?:\*\*|__)?")
_SPEAKER = re.compile(r"^([^\W\d_][^\n:]{1,30}):\s+")
_END_MARKS = re.compile(r"(?:\*\*|__)\s*$")
_ASKS = ("?", "？", "؟")


def starters(snapshot: Snapshot, policy: Policy, most: int = MOST) -> tuple[str, ...]:
    """Up to `most` questions that are answered, by the passage that the text itself has for them.

    Every one is asked to make sure, which takes a while. The same texts give the same questions.
    """
    found: list[str] = []
    answered_by: set[int] = set()
    for tried, (words, place) in enumerate(_candidates(snapshot)):
        if tried == MAX_TRIED or len(found) == most:
            break
        key = _answering(snapshot, policy, words, place)
        if key is not None and key not in answered_by:
            answered_by.add(key)
            found.append(words)
    return tuple(found)


def _answering(snapshot: Snapshot, policy: Policy, words: str, place: Passage) -> int | None:
    """The key of the passage that answers `words`; None if none surely does, or one from elsewhere."""
    result = ask(snapshot, Request(words), policy)
    if result is None or result.answer.outcome is not Outcome.ANSWERED:
        return None
    first = result.answer.hits[0].passage
    if first.source.id != place.source.id:
        return None
    if place.role is Role.HEADING:
        return first.key if heading_words(place.text) in first.headings else None
    return first.key if first.lead is not None and first.lead.key == place.key else None


def _candidates(snapshot: Snapshot) -> Iterator[tuple[str, Passage]]:
    """Yield what could be asked, with where it stands: questions first, then other headings.

    Of several texts one after the other has its turn.
    """
    corpus = snapshot.passages
    headings = np.flatnonzero(corpus.roles == Role.HEADING)
    leads = np.unique(corpus.leads[corpus.leads >= 0])
    numbers = np.union1d(headings, leads)
    source_of = np.searchsorted(corpus.source_passages, numbers, side="right") - 1
    firsts = np.searchsorted(source_of, source_of)  # where the source's own begin
    turns = np.lexsort((source_of, np.arange(len(numbers)) - firsts))
    others, seen = [], set()
    for number in numbers[turns][:MAX_LOOKED_AT]:
        place = corpus[int(number)]
        is_heading = place.role is Role.HEADING
        words = heading_words(place.text) if is_heading else place.text
        words = _END_MARKS.sub("", _MARKS.sub("", words)).strip()
        speaker = _SPEAKER.match(words)
        if speaker is not None and speaker[1].isupper():  # as in a transcript
            words = words[speaker.end() :]
        plain = words.casefold()
        if "\n" in words or not 0 < len(words) <= MAX_LENGTH or plain in seen:
            continue
        seen.add(plain)
        if words.endswith(_ASKS):
            yield words, place
        elif is_heading and plain != place.source.title.casefold():
            others.append((words, place))
    yield from others
