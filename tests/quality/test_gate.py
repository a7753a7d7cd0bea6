"""The answers to a set of questions of our own are as good as they were."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.quality.gate import (
    FOREIGN,
    RANKERS,
    UNANSWERABLE,
    Figure,
    asked_of,
    measure,
    missing,
    read_floors,
    records,
    worse,
)

pytestmark = pytest.mark.timeout(1_800)  # models read hundreds of questions


@pytest.mark.parametrize("ranker", RANKERS)
def test_the_answers_are_as_good_as_they_were(ranker: str) -> None:
    """No figure is under its floor; tests/README.md says what to do when one is."""
    if package := missing(ranker):
        pytest.skip(f"{package} is not installed")
    found = worse(ranker, measure(ranker), read_floors()[ranker])
    assert not found, "\n".join(found)


def test_a_figure_under_its_floor_is_named_with_what_was_expected() -> None:
    """Also one that would be measured no more, and one that nobody has given a floor."""
    floors = {"quoted": 0.9, "far: Answered": 0.05, "gone": 0.5}
    found = {
        "quoted": Figure(8, 10),
        "far: Answered": Figure(1, 10, at_least=False),
        "new": Figure(1, 2),
    }
    assert worse("e5", found, floors) == [
        "e5: gone: no longer measured",
        "e5: quoted: 8 of 10 (0.800), at least 0.900 expected",
        "e5: far: Answered: 1 of 10 (0.100), at most 0.050 expected",
        "e5: new: 1 of 2 (0.500), which has no floor yet",
    ]


def test_a_floor_lets_two_questions_pass_and_no_more() -> None:
    """So little may be a processor's rounding; of a few questions one."""
    bound = Figure(100, 219).bound()
    assert [Figure(count, 219).holds(bound) for count in (99, 98, 97)] == [True, True, False]
    most = Figure(2, 40, at_least=False)
    held = [Figure(n, 40, at_least=False).holds(most.bound()) for n in (4, 5)]
    assert held == [True, False]
    assert [Figure(n, 20).holds(Figure(19, 20).bound()) for n in (18, 17)] == [True, False]


def test_every_right_quote_occurs_in_its_text_once() -> None:
    """An opening that stands nowhere, or twice, would judge answers wrongly."""
    for record in records():
        text = "\n".join(record.posts or ())
        for item in record.questions:
            assert bool(item.gold) != (item.kind in UNANSWERABLE), item.q
            for gold in item.gold:
                assert text.count(gold) == 1, gold


def test_the_questions_are_many_and_of_every_kind() -> None:
    """Of every text the same mix, so that no subject decides."""
    kinds = Counter(item.kind for record in records() for item in record.questions)
    assert len(records()) == 20
    assert kinds.total() - kinds[FOREIGN] >= 200
    assert all(count >= 20 for count in kinds.values())
    assert all(len(record.questions) >= 12 for record in records())
    assert any(item.kind == FOREIGN for record in asked_of("e5") for item in record.questions)
