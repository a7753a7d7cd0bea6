"""Questions go through the model within bounds."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.operations.event_log import LogEvent
from bot.search.embedding.embedder import Floats
from bot.search.embedding.question_embedder import REMEMBERED, WAITING, QuestionEmbedder, TimeLimit
from tests.samples import held_by
from tests.search.embedding.models import FailingModel, WordModel

PATIENT = 60  # seconds after which a test that waits for a thread gives up


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


def ask(vectors: QuestionEmbedder, texts: list[str]) -> list[Floats] | None:
    return vectors.begin(texts)()


def test_a_question_goes_through_the_model_once() -> None:
    """And of several only those that are new."""
    model = Counting()
    vectors = QuestionEmbedder(model)
    first = ask(vectors, ["what is it?"])
    again = ask(vectors, ["what is it?", "and where?"])
    assert first is not None
    assert again is not None
    np.testing.assert_array_equal(first[0], again[0])
    assert model.asked == 2


def test_the_memory_is_bounded() -> None:
    """The one that was asked longest ago is forgotten first."""
    model = Counting()
    vectors = QuestionEmbedder(model)
    for number in range(REMEMBERED + 1):
        ask(vectors, [f"question {number}"])
    ask(vectors, [f"question {REMEMBERED}"])
    assert model.asked == REMEMBERED + 1
    ask(vectors, ["question 0"])
    assert model.asked == REMEMBERED + 2


def test_the_words_of_a_question_are_not_remembered() -> None:
    """PRIVACY.md says what is in memory, and for how long: the vectors are, and a hash."""
    vectors = QuestionEmbedder(WordModel())
    words = " ".join(["where", "does", "Xanthippe", "live?"])
    assert ask(vectors, [words, "and why?"]) is not None
    held = list(held_by(vectors))
    assert any(isinstance(one, np.ndarray) for one in held)
    assert not any(isinstance(one, str) and "Xanthippe" in one for one in held)


def test_a_model_that_fails_gives_none() -> None:
    """No error reaches the one who asks."""
    assert ask(QuestionEmbedder(FailingModel()), ["what?"]) is None


class Hands:
    """A clock that goes on only when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_question_waits_for_a_busy_model(caplog: pytest.LogCaptureFixture) -> None:
    """The same question has the same vectors, however much is asked at once: more than may queue."""
    model, hands = Stuck(), Hands()
    vectors = QuestionEmbedder(model, TimeLimit(8, hands))
    begun = [vectors.begin([f"question {number}"], number) for number in range(WAITING + 3)]
    with ThreadPoolExecutor(len(begun)) as threads:
        found = [threads.submit(wait) for wait in begun]
        assert model.begun.wait(PATIENT)
        assert not any(each.done() for each in found)
        model.free.set()
        made = [each.result(PATIENT) for each in found]
    assert all(each is not None for each in made)
    assert vectors.given_up == {}
    assert not caplog.records


def test_after_its_time_a_question_goes_without(caplog: pytest.LogCaptureFixture) -> None:
    """The log says the limit, how far it came, and the question's id, never a word of it."""
    model, hands = Stuck(), Hands()
    vectors = QuestionEmbedder(model, TimeLimit(8, hands))
    worked_on = vectors.begin(["who has the secret?"], 41)
    assert model.begun.wait(PATIENT)
    queued = vectors.begin(["where is the secret?"], 42)
    hands.now += 8
    assert worked_on() is None
    assert queued() is None
    assert vectors.given_up == {"model": 1, "queue": 1}
    logged = [record.msg for record in caplog.records if isinstance(record.msg, LogEvent)]
    assert [event.fields for event in logged] == [
        {"question": 41, "stage": "model", "limit": 8, "given_up": 1},
        {"question": 42, "stage": "queue", "limit": 8, "given_up": 2},
    ]
    assert "secret" not in caplog.text
    model.free.set()


def test_a_question_that_finds_no_place_in_time_goes_without() -> None:
    """The queue is bounded; who leaves it makes room."""
    model, hands = Stuck(), Hands()
    vectors = QuestionEmbedder(model, TimeLimit(8, hands))
    begun = [vectors.begin([f"question {number}"]) for number in range(WAITING + 1)]
    assert model.begun.wait(PATIENT)
    hands.now += 9
    assert begun[-1]() is None
    assert vectors.given_up == {"queue": 1}
    assert [wait() for wait in begun[:-1]] == [None] * WAITING
    late = vectors.begin(["another"])
    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(late)
        model.free.set()
        assert found.result(PATIENT) is not None


def test_vectors_that_came_too_late_are_there_for_the_next_who_asks() -> None:
    """The work is not lost, and the model not asked twice."""
    model, hands = Stuck(), Hands()
    vectors = QuestionEmbedder(model, TimeLimit(8, hands))
    first = vectors.begin(["the same?"])
    assert model.begun.wait(PATIENT)
    hands.now += 8
    assert first() is None
    model.free.set()
    vectors._worker.submit(int).result(PATIENT)  # what was begun before is done
    model.free.clear()
    assert ask(vectors, ["the same?"]) is not None


def test_without_a_limit_a_question_waits_as_long_as_it_takes() -> None:
    """In a terminal nobody else waits for the answer."""
    model = Stuck()
    vectors = QuestionEmbedder(model)
    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(vectors.begin(["the first"]))
        assert model.begun.wait(PATIENT)
        assert not found.done()
        model.free.set()
        assert found.result(PATIENT) is not None
