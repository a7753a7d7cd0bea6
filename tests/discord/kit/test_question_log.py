"""Questions are kept in the background: many at once in one transaction, each whatever is wrong with others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.discord.kit import question_log
from bot.discord.kit.question_log import QuestionLog
from bot.errors import Problem
from bot.models import Answer, Outcome
from bot.storage.connections import Connections, StorageError
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion, Questions
from tests.conftest import TODAY

SERVER = 5


def answer(text: str) -> Answer:
    """An answer to keep."""
    return Answer(text, Outcome.NOT_COVERED)


async def kept(storage: Storage) -> int:
    """How many questions are stored."""
    days = await storage.questions.counts_by_day(SERVER, TODAY.replace(year=2000))
    return sum(day.asked for day in days)


def transactions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows with every writing transaction from now on."""
    begun: list[int] = []
    writing = Connections.writing

    def counted(self: Connections) -> Any:
        begun.append(1)
        return writing(self)

    monkeypatch.setattr(Connections, "writing", counted)
    return begun


def written(monkeypatch: pytest.MonkeyPatch, number: int) -> asyncio.Event:
    """An event that is set when so many questions have been written."""
    event, keep_all = asyncio.Event(), Questions.keep_all
    left = number

    async def noted(self: Questions, asked: Sequence[tuple[AskedQuestion, int]]) -> None:
        nonlocal left
        await keep_all(self, asked)
        left -= len(asked)
        if left <= 0:
            event.set()

    monkeypatch.setattr(Questions, "keep_all", noted)
    return event


async def test_what_is_asked_at_once_is_written_together(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ones alone, and all that came meanwhile in one more transaction."""
    begun = transactions(monkeypatch)
    log = QuestionLog(storage, lambda: TODAY)
    first = log.keep(answer("Who?"), SERVER, 7)
    assert first is not None
    await log.written(first)
    for number in range(50):
        log.keep(answer(f"Who {number}?"), SERVER, 7)
    await log.settle()
    assert len(begun) == 2
    assert await kept(storage) == 51
    assert log.waiting == 0


async def test_a_slow_storage_is_one_line(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how long it took; the question is stored."""
    monkeypatch.setattr(question_log, "SLOW", 0.0)
    with capture_logs() as lines:
        log = QuestionLog(storage, lambda: TODAY)
        log.keep(answer("Who?"), SERVER, 7)
        await log.settle()
    assert [(line["event"], line["questions"]) for line in lines] == [("the storage is slow", 1)]
    assert await kept(storage) == 1


async def test_questions_of_a_moment_are_written_together(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that come after a write wait for more, unless somebody waits for them."""
    begun, first = transactions(monkeypatch), written(monkeypatch, 1)
    log = QuestionLog(storage, lambda: TODAY, pause=1_000)
    log.keep(answer("Who?"), SERVER, 7)
    await asyncio.sleep(0)
    log.keep(answer("When?"), SERVER, 7)
    await first.wait()
    for number in range(50):
        log.keep(answer(f"Why {number}?"), SERVER, 7)
        await asyncio.sleep(0)
    assert log.waiting == 51
    async with asyncio.timeout(10):
        await log.written()
    assert len(begun) == 2
    assert await kept(storage) == 52


async def test_many_questions_do_not_wait_for_more(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the queue stays short, however many are asked."""
    everything = written(monkeypatch, 1 + question_log.MOST_TOGETHER)
    log = QuestionLog(storage, lambda: TODAY, pause=1_000)
    log.keep(answer("Who?"), SERVER, 7)
    await asyncio.sleep(0)
    for number in range(question_log.MOST_TOGETHER):
        log.keep(answer(f"Who {number}?"), SERVER, 7)
    async with asyncio.timeout(10):
        await everything.wait()
    assert await kept(storage) == 1 + question_log.MOST_TOGETHER


async def test_a_question_that_cannot_be_stored_costs_no_other(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a driver raises."""
    keep_all = Questions.keep_all

    async def picky(self: Questions, asked: Sequence[tuple[AskedQuestion, int]]) -> None:
        if any(question.text == "\ud800" for question, _ in asked):
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        await keep_all(self, asked)

    monkeypatch.setattr(Questions, "keep_all", picky)
    lost: list[int] = []
    log = QuestionLog(storage, lambda: TODAY, lambda: lost.append(1))
    for text in ("Who?", "\ud800", "When?"):
        log.keep(answer(text), SERVER, 7)
    await log.settle()
    assert await kept(storage) == 2
    assert lost == [1]


async def test_a_storage_that_fails_is_one_line_for_all(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is counted as lost."""

    async def fail(*_: Any) -> None:
        raise StorageError(Problem("db", "cannot be written: full"))

    monkeypatch.setattr(Questions, "keep_all", fail)
    lost: list[int] = []
    log = QuestionLog(storage, lambda: TODAY, lambda: lost.append(1))
    for number in range(20):
        log.keep(answer(f"Who {number}?"), SERVER, 7)
    await log.settle()
    assert len(lost) == 20
    assert capsys.readouterr().out.count("not kept") == 1


async def test_nothing_waits_for_a_write_that_ended_otherwise(storage: Storage) -> None:
    """Here one question is kept twice under its id; what was written with it counts as written."""
    log = QuestionLog(storage, lambda: TODAY)
    for number in (1, 2, 2, 3):
        log.keep(replace(answer("Who?"), id=number), SERVER, 7)
    await log.written()
    assert log.waiting == 0
    await log.settle()


async def test_nothing_waits_for_a_write_that_was_cancelled(storage: Storage) -> None:
    log = QuestionLog(storage, lambda: TODAY)
    log.keep(answer("Who?"), SERVER, 7)
    await asyncio.sleep(0)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if "_write_next" in repr(task):
            task.cancel()
    await log.written()
    await log.settle()
    assert log.waiting == 0
