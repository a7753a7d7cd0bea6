"""Questions go through the model within bounds."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from bot.retrieval.meaning.asking import REMEMBERED, WAITING, QuestionVectors
from bot.retrieval.meaning.embedder import Floats
from tests.retrieval.meaning.models import FailingModel, WordModel


class Counting(WordModel):
    """Counts what is asked of it."""

    asked = 0

    def questions(self, texts: Sequence[str]) -> Floats:
        self.asked += len(texts)
        return super().questions(texts)


class Stuck(WordModel):
    """Does not answer until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.begun = threading.Event()

    def questions(self, texts: Sequence[str]) -> Floats:
        self.begun.set()
        self.free.wait()
        return super().questions(texts)


def ask(vectors: QuestionVectors, texts: list[str]) -> list[Floats] | None:
    return vectors.begin(texts)()


def test_a_question_goes_through_the_model_once() -> None:
    """And of several only those that are new."""
    model = Counting()
    vectors = QuestionVectors(model)
    first = ask(vectors, ["what is it?"])
    again = ask(vectors, ["what is it?", "and where?"])
    assert first is not None
    assert again is not None
    np.testing.assert_array_equal(first[0], again[0])
    assert model.asked == 2


def test_the_memory_is_bounded() -> None:
    """The one that was asked longest ago is forgotten first."""
    model = Counting()
    vectors = QuestionVectors(model)
    for number in range(REMEMBERED + 1):
        ask(vectors, [f"question {number}"])
    ask(vectors, [f"question {REMEMBERED}"])
    assert model.asked == REMEMBERED + 1
    ask(vectors, ["question 0"])
    assert model.asked == REMEMBERED + 2


def test_a_model_that_fails_gives_none() -> None:
    """No error reaches the one who asks."""
    assert ask(QuestionVectors(FailingModel()), ["what?"]) is None


def test_a_model_that_takes_too_long_gives_none_and_a_full_queue_does_not_wait() -> None:
    """Once it answers again, so do we."""
    model = Stuck()
    vectors = QuestionVectors(model, seconds=0.001)
    assert ask(vectors, ["the first"]) is None
    model.begun.wait()
    for number in range(WAITING + 2):
        assert ask(vectors, [f"question {number}"]) is None
    model.free.set()
    patient = QuestionVectors(model)
    assert ask(patient, ["the first"]) is not None
