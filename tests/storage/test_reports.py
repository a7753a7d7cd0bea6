"""What curators learn from the questions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from bot.models import Outcome
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion
from bot.storage.reports import DayCount, Gap

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def keep(
    storage: Storage,
    number: int,
    outcome: Outcome,
    at: datetime = NOW,
    server: int | None = 5,
) -> None:
    question = AskedQuestion(number, server, at, f"question {number}", outcome, 0.5)
    await storage.questions.keep(question, 100 + number)


async def test_gaps_are_questions_not_covered_or_voted_wrong(storage: Storage) -> None:
    """Newest first, with votes and expected answers."""
    await keep(storage, 1, Outcome.NOT_COVERED)
    await keep(storage, 2, Outcome.ANSWERED, NOW + HOUR)
    await keep(storage, 3, Outcome.CLOSEST, NOW + 2 * HOUR)
    await keep(storage, 4, Outcome.ANSWERED, NOW + 3 * HOUR)
    await storage.questions.vote(4, 1, True)
    for member in (1, 2):
        await storage.questions.vote(2, member, True)
    await storage.questions.vote(2, 3, False)
    await storage.questions.expect(2, 4, "the fifth post")
    await storage.questions.expect(3, 1, "a date")
    await storage.questions.expect(3, 2, "a place")
    found = await storage.questions.gaps(5, NOW, 9)
    assert [gap.text for gap in found] == ["question 3", "question 2", "question 1"]
    assert set(found[0].expectations) == {"a date", "a place"}
    assert found[1:] == [
        Gap("question 2", Outcome.ANSWERED, NOW + HOUR, 2, 2, ("the fifth post",)),
        Gap("question 1", Outcome.NOT_COVERED, NOW, 0, 0),
    ]
    assert found[:2] == await storage.questions.gaps(5, NOW, 2)


async def test_reports_cover_one_server_and_the_requested_time(
    storage: Storage,
) -> None:
    """None means direct messages, never another server."""
    await keep(storage, 1, Outcome.NOT_COVERED)
    await keep(storage, 2, Outcome.NOT_COVERED, server=6)
    await keep(storage, 3, Outcome.NOT_COVERED, server=None)
    await keep(storage, 4, Outcome.NOT_COVERED, NOW - HOUR)
    for number in range(1, 5):
        await storage.questions.vote(number, 1, False)
    for server, text in ((5, "question 1"), (6, "question 2"), (None, "question 3")):
        assert [text] == [gap.text for gap in await storage.questions.gaps(server, NOW, 9)]
        counted = await storage.questions.counts_by_day(server, NOW)
        assert [(day.asked, day.wrong) for day in counted] == [(1, 1)]
    assert await storage.questions.gaps(7, NOW, 9) == []
    assert await storage.questions.counts_by_day(7, NOW) == []


async def test_questions_are_counted_by_utc_day(storage: Storage) -> None:
    """By outcome and votes; a vote counts on its question's day."""
    last = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    first = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=9)))
    await keep(storage, 1, Outcome.ANSWERED, first)
    await keep(storage, 2, Outcome.ANSWERED, last)
    await keep(storage, 3, Outcome.CLOSEST)
    await keep(storage, 4, Outcome.NOT_COVERED)
    await keep(storage, 5, Outcome.NOT_COVERED)
    for member in (1, 2, 3):
        await storage.questions.vote(2, member, member < 3)
        await storage.questions.vote(4, member, False)
    assert [
        DayCount(date(2026, 3, 1), 4, answered=1, closest=1, not_covered=2, right=2, wrong=4),
        DayCount(date(2026, 3, 2), 1, answered=1, closest=0, not_covered=0, right=0, wrong=0),
    ] == await storage.questions.counts_by_day(5, NOW - HOUR)
