"""Which passages the reader reads, in which windows: a bounded number of tokens, and never two sources in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from bot.search.reading.layout import MOST_SENTENCES

WINDOW = 320
"""The most tokens of a window, including the question's and special ones."""

BUDGET = 640
"""The most tokens of passages that are read for a question; what two windows share counts once."""

BUDGET_WITH_VECTORS = 320
"""The same where an embedding model has helped to choose the candidates.

With its vectors the right passage is among the best few, so reading more does not put it first more often
(docs/retrieval.md). By words alone it does, and the time that the model would take is left for it.
"""

OVERLAP = 3
"""The most passages that two windows of one long stretch share, as context for the second."""

SHARED = 3
"""What two windows share is at most 1/SHARED of either, so that long sentences are not read repeatedly."""

LEAD_IN, FOLLOWING = 1, 1
"""Passages before and after a candidate that are read with it: what it refers to, and what it introduces."""

GAP = 1
"""Up to so many passages between two stretches of a source are read too, so that they form one window."""

SizeOf = Callable[[int], int]
"""Passage number → the tokens that it takes in a window."""


def windows_for(
    order: Iterable[int], size_of: SizeOf, stretch_of: Callable[[int], range], everything: range | None, room: int,
    budget: int,
) -> list[range]:  # fmt: skip
    """Choose the passages to read; each range is one window of at most `room` tokens, from one source.

    `order`: candidates, best first; `stretch_of`: the passages of a passage's source that may be
    read. All of `everything` is read if it is given and fits into `budget` tokens; otherwise the best candidates
    and what surrounds them.
    """
    chosen = None if everything is None else _all_of(everything, size_of, budget)
    if chosen is None:
        chosen = _around(order, size_of, stretch_of, budget)
    return [
        window for run in _runs(sorted(chosen), stretch_of) for window in _split(run, size_of, room)
    ]


def _all_of(everything: range, size_of: SizeOf, left: int) -> set[int] | None:
    """Choose all passages if they fit into the `left` tokens."""
    for number in everything:
        left -= size_of(number)
        if left < 0:
            return None
    return set(everything)


def _around(
    order: Iterable[int], size_of: SizeOf, stretch_of: Callable[[int], range], left: int
) -> set[int]:
    """Choose the best candidates with their neighbours, as many as fit into the `left` tokens."""
    chosen: set[int] = set()
    for candidate in order:
        stretch = stretch_of(candidate)
        around = range(
            max(candidate - LEAD_IN, stretch.start), min(candidate + FOLLOWING + 1, stretch.stop)
        )
        more = [n for n in _joined(around, chosen, stretch) if n not in chosen]
        cost = sum(map(size_of, more))
        if cost > left and chosen:
            break
        chosen.update(more)
        left -= cost
    return chosen


def _joined(around: range, chosen: Set[int], stretch: range) -> range:
    """Extend `around` to the nearest `chosen` passages of its source if at most GAP passages lie between."""
    before = range(max(around.start - GAP - 1, stretch.start), around.start)
    after = range(around.stop, min(around.stop + GAP + 1, stretch.stop))
    return range(
        min((n for n in before if n in chosen), default=around.start),
        max((n + 1 for n in after if n in chosen), default=around.stop),
    )


def _runs(passages: Sequence[int], stretch_of: Callable[[int], range]) -> Iterator[range]:
    """Group `passages`, ascending, into ranges within one source."""
    start = last = -1
    for number in passages:
        if start >= 0 and number == last + 1 and number in stretch_of(start):
            last = number
            continue
        if start >= 0:
            yield range(start, last + 1)
        start = last = number
    if start >= 0:
        yield range(start, last + 1)


def _split(run: range, size_of: SizeOf, room: int) -> Iterator[range]:
    """Split `run` into windows; neighbouring windows share some passages."""
    start = run.start
    while True:
        end, used = start, 0
        while end < run.stop and end - start < MOST_SENTENCES:
            size = size_of(end)
            if used + size > room and end > start:
                break
            used += size
            end += 1
        window = range(start, end)
        yield window
        if end == run.stop:
            return
        start = _beginning_of_next(window, size_of, room)


def _beginning_of_next(window: range, size_of: SizeOf, room: int) -> int:
    """Where the window after `window` begins: as far back as OVERLAP and SHARED allow."""
    start, shared = window.stop, 0
    for number in reversed(window[1:][-OVERLAP:]):
        shared += size_of(number)
        if shared > room // SHARED:
            break
        start = number
    return start
