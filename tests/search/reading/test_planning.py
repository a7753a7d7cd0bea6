"""What is read is bounded, holds the best candidates with what stands around them, and mixes no sources."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.reading.layout import (
    MOST_SENTENCES,
    QUESTION_TOKENS,
    SENTENCE_TOKENS,
    SPECIAL_TOKENS,
)
from bot.search.reading.planning import (
    BUDGET,
    FOLLOWING,
    GAP,
    LEAD_IN,
    OVERLAP,
    SHARED,
    WINDOW,
    windows_for,
)

LARGEST = 1 + SENTENCE_TOKENS
LEAST_ROOM = WINDOW - SPECIAL_TOKENS - (2 * QUESTION_TOKENS + 1)
"""Of the longest question after the longest one before."""


class Texts:
    """Passages of given sizes, in sources; it counts how often a size is asked for."""

    def __init__(self, *sources: Sequence[int]) -> None:
        self.sizes = [size for source in sources for size in source]
        self.starts = [0, *accumulate(map(len, sources))]
        self.asked = 0

    def size_of(self, number: int) -> int:
        assert number >= 0
        self.asked += 1
        return self.sizes[number]

    def stretch_of(self, number: int) -> range:
        source = bisect_right(self.starts, number) - 1
        return range(self.starts[source], self.starts[source + 1])

    def total(self, passages: Iterable[int]) -> int:
        return sum(self.sizes[number] for number in passages)

    def windows(
        self, order: Iterable[int], everything: range | None = None, room: int = LEAST_ROOM
    ) -> list[range]:
        return windows_for(order, self.size_of, self.stretch_of, everything, room, BUDGET)


def read(windows: Iterable[range]) -> set[int]:
    return {number for window in windows for number in window}


@st.composite
def planned(
    draw: st.DrawFn, rooms: st.SearchStrategy[int]
) -> tuple[Texts, list[int], range | None, int]:
    """Texts, candidates, what may be read, and the room of a window."""
    sizes = st.lists(st.integers(1, LARGEST), min_size=1, max_size=40)
    texts = Texts(*draw(st.lists(sizes, min_size=1, max_size=5)))
    count = len(texts.sizes)
    order = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=40, unique=True))
    everything = draw(st.sampled_from([None, range(count)]))
    return texts, order, everything, draw(rooms)


any_room = st.integers(1, WINDOW)
real_room = st.integers(LEAST_ROOM, WINDOW - SPECIAL_TOKENS)


@given(planned(any_room))
def test_a_window_is_bounded_and_of_one_source(
    case: tuple[Texts, list[int], range | None, int],
) -> None:
    """It fits, unless one sentence alone is larger than all the room there is."""
    texts, order, everything, room = case
    for window in texts.windows(order, everything, room):
        assert len({texts.stretch_of(number) for number in window}) == 1
        assert 0 < len(window) <= MOST_SENTENCES
        assert len(window) == 1 or texts.total(window) <= room


@given(planned(any_room))
def test_the_budget_is_kept_and_the_best_candidate_read(
    case: tuple[Texts, list[int], range | None, int],
) -> None:
    """With what stands around it: what it refers to, and what it leads up to."""
    texts, order, everything, room = case
    found = read(texts.windows(order, everything, room))
    assert texts.total(found) <= BUDGET
    around = range(order[0] - LEAD_IN, order[0] + FOLLOWING + 1)
    assert {number for number in around if number in texts.stretch_of(order[0])} <= found


@given(planned(real_room))
def test_windows_continue_each_other_and_none_is_useless(
    case: tuple[Texts, list[int], range | None, int],
) -> None:
    """Each reads something new; what it shares with the one before is little, and no gap is left."""
    texts, order, everything, room = case
    for window, following in pairwise(texts.windows(order, everything, room)):
        assert window.stop < following.stop
        assert window.start < following.start
        shared = range(following.start, window.stop)
        assert len(shared) <= OVERLAP
        assert texts.total(shared) <= room // SHARED


@given(planned(any_room))
def test_all_is_read_if_it_fits_and_else_what_stands_around_candidates(
    case: tuple[Texts, list[int], range | None, int],
) -> None:
    """Nothing else, gaps apart."""
    texts, order, everything, room = case
    found = read(texts.windows(order, everything, room))
    if everything is not None and texts.total(everything) <= BUDGET:
        assert found == set(everything)
    else:
        reach = max(LEAD_IN, FOLLOWING) + GAP
        assert all(any(abs(number - c) <= reach for c in order) for number in found)


def test_candidates_are_read_in_their_order_until_the_budget_is_spent() -> None:
    """The best ones, wherever they stand."""
    texts = Texts([40] * 1_000)
    best = [500, 20, 700, 100, 900, 300]
    found = read(texts.windows(best))
    assert found == {c + step for c in best[:5] for step in (-1, 0, 1)}  # 15 of 40 tokens


def test_two_stretches_with_one_passage_between_make_one_window() -> None:
    """One of another source does not join them, nor do two passages."""
    texts = Texts([10] * 40, [10] * 40)
    assert texts.windows([10, 14]) == [range(9, 16)]
    assert texts.windows([14, 10]) == [range(9, 16)]
    assert texts.windows([10, 15]) == [range(9, 12), range(14, 17)]
    assert texts.windows([38, 42]) == [range(37, 40), range(41, 44)]
    assert texts.windows([39, 40]) == [range(38, 40), range(40, 42)]


def test_what_lies_between_is_paid_for() -> None:
    """Long passages between short ones would else be read without end."""
    texts = Texts(([1] * 3 + [LARGEST]) * 40)
    best = [4 * n + 1 for n in range(40)]
    found = read(texts.windows(best))
    assert texts.total(found) <= BUDGET
    assert {1, 3, 5} <= found


def test_the_next_window_begins_in_the_context_of_the_last() -> None:
    """A sentence at the edge is read once with what stands before it; long ones are shared less."""
    assert Texts([20] * 12).windows([], range(12), 200) == [range(10), range(7, 12)]
    assert Texts([60] * 10).windows([], range(10), 200) == [
        range(3), range(2, 5), range(4, 7), range(6, 9), range(8, 10)
    ]  # fmt: skip
    assert Texts([97] * 4).windows([], range(4), 220) == [range(2), range(2, 4)]


def test_many_short_sentences_are_cut_by_number() -> None:
    """The network has seen no more beside each other."""
    windows = Texts([2] * 60).windows([], range(60), 300)
    assert [len(window) for window in windows] == [MOST_SENTENCES, MOST_SENTENCES, 18]


def test_a_passage_larger_than_the_room_has_a_window_of_its_own() -> None:
    """It is read all the same, and those beside it too."""
    windows = Texts([5, 50, 5]).windows([1], None, 20)
    assert windows == [range(1), range(1, 2), range(2, 3)]


@pytest.mark.parametrize("everything", [None, range(100_000)])
@pytest.mark.parametrize("size", [1, 25, LARGEST])
def test_the_work_does_not_grow_with_the_texts(everything: range | None, size: int) -> None:
    """Of 100,000 passages no more are looked at than the budget lasts for, some times over."""
    texts = Texts([size] * 99_000, [size] * 1_000)
    order = range(0, 100_000, 7)
    windows = texts.windows(order, everything)
    assert texts.total(read(windows)) <= BUDGET
    assert 0 < len(windows) < 250
    assert texts.asked < 3_000


def test_without_candidates_nothing_is_read() -> None:
    """There is nothing to read."""
    assert Texts([5] * 800).windows([], range(800)) == []
    assert Texts([5]).windows([], None) == []
