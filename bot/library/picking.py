"""Picks a passage without a question: at random, or the next in reading order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.library.last_good import folder_order
from bot.library.snapshots import Snapshot
from bot.models import Role
from bot.storage.daily import ReadingPlace

MIN_LENGTH = 20
"""Characters of a passage that is picked at random: a shorter one seldom says anything on its own."""

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pick:
    """The number of a passage; `new_round`: all were shown before, and it starts again."""

    number: int
    new_round: bool = False


def quotable(snapshot: Snapshot, sources: Collection[str] | None = None) -> Numbers:
    """The numbers of the passages that may be quoted, in the texts with these ids (None: all)."""
    answers = snapshot.passages.roles == Role.ANSWER
    if sources is not None:
        chosen = np.array([source.id in sources for source in snapshot.passages.sources], bool)
        answers &= np.repeat(chosen, np.diff(snapshot.passages.source_passages))
    return np.flatnonzero(answers)


def worth_picking(snapshot: Snapshot, sources: Collection[str] | None = None) -> Numbers:
    """The quotable passages that say something on their own; all of them if none does."""
    found = quotable(snapshot, sources)
    corpus = snapshot.passages
    long = found[corpus.ends[found] - corpus.starts[found] >= MIN_LENGTH]
    return long if len(long) else found


def at_random(
    snapshot: Snapshot,
    sources: Collection[str] | None,
    shown: Collection[int],
    seed: str,
    last: ReadingPlace | None = None,
) -> Pick | None:
    """Pick a passage whose key is not among `shown`; if all are, any but the `last`; None: there is none.

    The same `seed` picks the same passage.
    """
    found = worth_picking(snapshot, sources)
    known = [snapshot.passages.number_of(key) for key in shown]
    left = np.setdiff1d(found, np.array([n for n in known if n is not None], np.intp))
    new_round = not len(left)
    numbers = found if new_round else left
    if new_round and last is not None and len(found) > 1:
        numbers = found[found != _after(snapshot, last) - 1]
    if not len(numbers):
        return None
    drawn = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big")
    return Pick(int(numbers[drawn % len(numbers)]), new_round)


def in_order(
    snapshot: Snapshot, sources: Collection[str] | None, last: ReadingPlace | None
) -> Pick | None:
    """Pick the passage after `last` in reading order, from the beginning again after the end.

    After a reload it goes on at the same place, also if the passage there has changed or its text is
    gone. None if there is no passage.
    """
    found = quotable(snapshot, sources)
    if not len(found):
        return None
    at = 0 if last is None else int(np.searchsorted(found, _after(snapshot, last)))
    return Pick(int(found[at % len(found)]), new_round=at == len(found))


def _after(snapshot: Snapshot, last: ReadingPlace) -> int:
    """The number of the first passage after `last`."""
    corpus = snapshot.passages
    ids = [source.id for source in corpus.sources]
    if last.source not in ids:
        gone = _text_order(last.source)
        following = next((at for at, id_ in enumerate(ids) if _text_order(id_) > gone), len(ids))
        return int(corpus.source_passages[following])
    source = ids.index(last.source)
    first_post, next_source = corpus.source_posts[source : source + 2].tolist()
    post = first_post + last.post - 1
    if post >= next_source:
        return int(corpus.source_passages[source + 1])
    begin, end = int(corpus.post_passages[post]), int(corpus.post_passages[post + 1])
    return begin + int(np.searchsorted(corpus.starts[begin:end], last.start, side="right"))


def _text_order(source_id: str) -> tuple[tuple[bool, str], ...]:
    """Sort key of texts in the order of their files: `a-b.md` comes before `a.md`."""
    return folder_order(f"{source_id}.md")
