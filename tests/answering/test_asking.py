"""The one way to ask."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering.answerer import Policy, answer
from bot.answering.asking import Addressing, Asking, Request, ask
from bot.answering.conversation import turn_of
from bot.library.snapshots import Snapshot
from bot.models import Outcome, Question

QUESTION = "Who was too ill to attend the opening?"


def test_a_request_to_the_bot_gets_the_answer_to_its_words(snapshot: Snapshot) -> None:
    """With its id, and from the snapshot that it was asked of."""
    result = ask(snapshot, Request(QUESTION, id=7), Policy())
    assert result is not None
    assert result.answer == answer(snapshot, Question(QUESTION, id=7), Policy())
    assert (result.snapshot, result.worth_saying, result.is_question) == (snapshot, True, True)
    assert result.turn == turn_of(result.answer)


def test_a_follow_up_leans_on_the_turn_before(snapshot: Snapshot) -> None:
    """Which is the result of the first question."""
    first = ask(snapshot, Request(QUESTION), Policy())
    assert first is not None
    second = ask(snapshot, Request("and why was he absent?", first.turn), Policy())
    assert second is not None
    assert "stroke" in second.answer.hits[0].passage.text


def test_one_source_alone_can_be_asked(snapshot: Snapshot) -> None:
    """Nothing is found in an unknown one."""
    for source, found in (("bridge", True), ("baking/bread", False), ("none", False)):
        result = ask(snapshot, Request(QUESTION, source_id=source), Policy())
        assert result is not None
        assert (result.answer.outcome is Outcome.ANSWERED) is found


def test_small_talk_is_no_question_and_no_turn(snapshot: Snapshot) -> None:
    """It is answered, but neither kept nor remembered."""
    result = ask(snapshot, Request("hello"), Policy())
    assert result is not None
    assert (result.is_question, result.turn) == (False, None)


@pytest.mark.parametrize("addressing", [a for a in Addressing if a is not Addressing.TO_BOT])
def test_what_asks_nothing_has_no_result_unless_the_bot_is_asked(
    snapshot: Snapshot, addressing: Addressing
) -> None:
    """By its form alone, before anything is searched."""
    statement = "Brunel was too ill to attend the opening"
    assert ask(snapshot, Request(statement, addressing=addressing), Policy()) is None
    assert ask(snapshot, Request(statement), Policy()) is not None


def test_what_is_overheard_is_answered_only_if_it_is_worth_saying(snapshot: Snapshot) -> None:
    """The answer is there all the same."""
    for question, said in ((QUESTION, True), ("What is the capital of Mongolia?", False)):
        result = ask(snapshot, Request(question, addressing=Addressing.OVERHEARD), Policy())
        assert result is not None
        assert result.worth_saying is said


def test_finish_comes_after_begin(snapshot: Snapshot) -> None:
    """Otherwise there is no question."""
    with pytest.raises(ValueError, match="nothing was asked"):
        Asking(snapshot, Request(QUESTION), Policy()).finish()


@pytest.mark.parametrize(("vectors", "language"), [(object(), "es"), (None, None)])
def test_the_language_is_said_only_if_the_search_took_it_into_account(
    snapshot: Snapshot, vectors: Any, language: str | None
) -> None:
    """A model that is too late leaves words alone, for which all languages are one."""
    hits = snapshot.searcher.search(Question(QUESTION))

    def search(*given: Any) -> Any:
        given[4]()
        given[3](hits)
        return hits

    searcher: Any = SimpleNamespace(
        has_terms=lambda _: True, search=search, foreign_language=lambda _: "es",
        begin_vectors=lambda _: lambda: vectors, expander=snapshot.searcher.expander,
    )  # fmt: skip
    found = answer(replace(snapshot, searcher=searcher), Question(QUESTION), Policy())
    assert found.language == language


def test_questions_leave_nothing_in_memory(snapshot: Snapshot) -> None:
    """But the stems of words never seen before, of which so many are remembered: half a kilobyte here, an answer has more."""
    questions = [f"Why could Brunel not attend opening number {number}?" for number in range(250)]

    def ask_all(texts: list[str]) -> None:
        for text in texts:
            ask(snapshot, Request(text), Policy())
        gc.collect()

    ask_all(questions[:50])
    tracemalloc.start()
    try:
        ask_all(questions[50:100])
        before, _ = tracemalloc.get_traced_memory()
        ask_all(questions[100:])
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 150 * 1_000
