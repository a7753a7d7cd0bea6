"""Which questions are put together, and which are kept apart."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import gaps
from bot.answering.gaps import by_meaning, by_words
from bot.search.language.analysis import Analyzer

ENGLISH = Analyzer("en")


def together(*questions: str) -> bool:
    return len(by_words(questions, ENGLISH)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who designed the bridge?", "who designed the bridge"),
        ("does Iran control the militias", "are the militias controlled by iran"),
        ("do detox teas work?", "does detox tea work"),
        ("why?", "Why"),
        ("когда открыли мост", "Мост открыли когда?"),
        ("متى افتتح الجسر", "متى افتتح الجسر؟"),
    ],
)
def test_the_same_words_are_one_question(one: str, other: str) -> None:
    """Whatever their order, form or the small words around them, in any language."""
    assert together(one, other)


def test_nearly_the_same_words_are_one_question() -> None:
    """Where what differs weighs little beside what they have in common."""
    assert together(
        "What composer was featured in the score of The Shawshank Redemption?",
        "Who composed the score of The Shawshank Redemption?",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("why did he resign", "when did he resign"),
        ("who was on the expedition", "who wasn't on the expedition"),
        ("what happened in 2019", "what happened in 2020"),
        ("how many US troops are in Iraq", "how many US troops are in Syria"),
        ("who is the prime minister of iraq", "who is the president of iraq"),
        ("what did the interior minister say", "what did the finance minister say"),
        ("when does the shop open", "when does the shop close"),
        ("why?", "when?"),
    ],
)
def test_different_questions_are_kept_apart(one: str, other: str) -> None:
    """However much they look alike: a curator would take them for one."""
    assert not together(one, other)


def test_the_most_asked_comes_first_then_the_first() -> None:
    """By their numbers, which are given in rising order."""
    asked = ["a red boat", "the blue car", "is the car blue", "a green tree", "blue cars?"]
    assert by_words(asked, ENGLISH) == [(1, 2, 4), (0,), (3,)]


def test_likeness_is_not_handed_on_along_a_chain() -> None:
    """What is like one that has joined a group is not, by that, like the group."""
    words = [f"word{i}" for i in range(12)]
    chain = [" ".join(words[i : i + 8]) for i in range(5)]
    assert len(by_words([chain[0], chain[1]], ENGLISH)) == 1
    assert len(by_words(chain, ENGLISH)) > 1


def test_meaning_puts_groups_together_unless_a_word_forbids() -> None:
    """By the cosine of their first questions; numbers and denials count for more."""
    asked = ["the price", "what does it cost", "cost in 2019", "cost in 2020", "something else"]
    groups = by_words(asked, ENGLISH)
    near = np.array([1.0, 0.0], np.float32)
    far = np.array([0.0, 1.0], np.float32)
    vectors = {0: near, 1: near, 2: near, 3: near, 4: far}
    assert [g[0] for g in groups] == [0, 1, 2, 3, 4]
    assert by_meaning(groups, asked, ENGLISH, vectors, 0.9) == [(0, 1), (2,), (3,), (4,)]
    assert by_meaning(groups, asked, ENGLISH, {0: near, 2: near}, 0.9) == groups
    assert by_meaning(groups, asked, ENGLISH, {}, 0.9) == groups


def test_two_thousand_questions_are_compared_in_as_many_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is read once, and compared once with all others together: it does not explode."""
    steps = {"read": 0, "compared": 0}
    of, with_all = gaps._Reading.of.__func__, gaps._Overlaps.with_all  # type: ignore[attr-defined]

    def read(cls: Any, *args: Any) -> Any:
        steps["read"] += 1
        return of(cls, *args)

    def compared(self: Any, place: int) -> Any:
        steps["compared"] += 1
        return with_all(self, place)

    monkeypatch.setattr(gaps._Reading, "of", classmethod(read))
    monkeypatch.setattr(gaps._Overlaps, "with_all", compared)
    pick = random.Random(7)  # noqa: S311 - no secret
    asked = [" ".join(pick.choices([f"w{i}" for i in range(4_000)], k=8)) for _ in range(2_000)]
    by_words(asked, ENGLISH)
    assert steps == {"read": 2_000, "compared": 2_000}


@given(st.lists(st.text(max_size=30), max_size=30))
def test_every_question_is_in_one_group(asked: list[str]) -> None:
    """Whatever members type, and the same each time."""
    groups = by_words(asked, ENGLISH)
    assert sorted(number for group in groups for number in group) == list(range(len(asked)))
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
    assert groups == by_words(asked, ENGLISH)
