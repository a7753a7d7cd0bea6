"""Questions that members asked, and their votes on the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Outcome
from bot.storage import reports
from bot.storage.connections import Connections, upsert
from bot.storage.members import hash_member_id
from bot.storage.reports import DayCount, Gap
from bot.storage.tables import questions, votes

MAX_EXPECTED = 1_000
"""Characters of an expected answer that are stored; more are cut off."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its outcome.

    `id` is chosen by the caller, so that a button can hold it before the question is stored;
    `server` is None outside servers; `quoted` is the key of the first passage.
    """

    id: int
    server: int | None
    asked_at: datetime
    text: str
    outcome: Outcome
    probability: float
    quoted: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """A member's vote on an answer; `before` is the same member's earlier vote."""

    right: bool
    expected: str | None = None
    before: bool | None = None


@dataclass(frozen=True, slots=True)
class DeletedCounts:
    """How many of a member's entries were deleted."""

    questions: int
    votes: int


class Questions:
    """The questions of the last `days`. With 0 days none are stored, and nobody can vote."""

    def __init__(self, connections: Connections, key: bytes, days: int) -> None:
        self._connections = connections
        self._key = key
        self._days = days

    async def keep(self, question: AskedQuestion, member_id: int) -> None:
        """Store a question under the member's hash."""
        await self.keep_all([(question, member_id)])

    async def keep_all(self, asked: Sequence[tuple[AskedQuestion, int]]) -> None:
        """Store questions, each under its member's hash, or none of them if one cannot be stored."""
        if not self._days:
            return
        rows = [self._row(question, member_id) for question, member_id in asked]
        async with self._connections.writing() as connection:
            await connection.execute(insert(questions), rows)

    def _row(self, question: AskedQuestion, member_id: int) -> dict[str, Any]:
        return {
            "id": question.id,
            "server": question.server,
            "member": hash_member_id(self._key, member_id),
            "asked_at": question.asked_at,
            "text": question.text,
            "outcome": question.outcome.value,
            "probability": question.probability,
            "quoted": question.quoted,
            "language": question.language,
        }

    async def is_asked_in(self, server: int | None, question_id: int) -> bool:
        """Tell whether the question is stored and was asked in `server` (None: outside servers)."""
        there = (questions.c.id == question_id) & questions.c.server.is_not_distinct_from(server)
        async with self._connections.reading() as connection:
            return (
                await connection.execute(select(questions.c.id).where(there))
            ).first() is not None

    async def withdraw(self, question_id: int) -> None:
        """Delete a question with all its votes; do nothing if it is gone."""
        which = questions.c.id == question_id
        async with self._connections.writing() as connection:
            await lock_questions(connection, which)
            await connection.execute(delete(questions).where(which))

    async def vote(self, question_id: int, member_id: int, right: bool) -> Vote | None:
        """Store the member's one vote, replacing an earlier one; None: the question is gone.

        The expected answer stays with a vote for wrong, and is deleted by a vote for right.
        """
        member = hash_member_id(self._key, member_id)
        async with self._connections.writing() as connection:
            if not self._days or not await lock_questions(
                connection, questions.c.id == question_id
            ):
                return None
            before = await _vote(connection, question_id, member)
            expected = before.expected if before and not right else None
            await _cast(connection, question_id, member, right, expected)
        return Vote(right, expected, before.right if before else None)

    async def expect(self, question_id: int, member_id: int, text: str) -> bool:
        """Vote for wrong and store the expected answer; False: the question is gone."""
        expected = text.strip()[:MAX_EXPECTED] or None
        async with self._connections.writing() as connection:
            if not self._days or not await lock_questions(
                connection, questions.c.id == question_id
            ):
                return False
            await _cast(
                connection, question_id, hash_member_id(self._key, member_id), False, expected
            )
        return True

    async def own_vote(self, question_id: int, member_id: int) -> Vote | None:
        """The member's vote on a question; None if there is none."""
        async with self._connections.reading() as connection:
            return await _vote(connection, question_id, hash_member_id(self._key, member_id))

    async def gaps(self, server: int | None, since: datetime, limit: int) -> list[Gap]:
        """Questions that were not covered or have a vote for wrong, newest first.

        `server` None: those asked outside servers.
        """
        async with self._connections.reading() as connection:
            return await reports.gaps(connection, server, since, limit)

    async def counts_by_day(self, server: int | None, since: datetime) -> list[DayCount]:
        """Counts for each UTC day with a question, earliest first.

        `server` None: those asked outside servers. A vote counts on the day of its question.
        """
        async with self._connections.reading() as connection:
            return await reports.days(connection, server, since)

    async def forget(self, member_id: int) -> DeletedCounts:
        """Delete the member's questions, all votes on them, and the member's own votes."""
        member = hash_member_id(self._key, member_id)
        asked, cast = questions.c.member == member, votes.c.member == member
        async with self._connections.writing() as connection:
            voted = questions.c.id.in_(select(votes.c.question).where(cast))
            await lock_questions(connection, or_(asked, voted))
            own_votes = await connection.execute(delete(votes).where(cast))
            own_questions = await connection.execute(delete(questions).where(asked))
        await self._connections.empty_log()
        return DeletedCounts(own_questions.rowcount, own_votes.rowcount)

    async def purge(self, now: datetime) -> int:
        """Delete questions older than `days` with their votes; return how many questions."""
        old = questions.c.asked_at < now - timedelta(days=self._days)
        async with self._connections.writing() as connection:
            count = await lock_questions(connection, old)
            await connection.execute(delete(questions).where(old))
        await self._connections.empty_log()
        return count


async def lock_questions(connection: AsyncConnection, which: ColumnElement[bool]) -> int:
    """Lock the matching questions and their votes against other writers; return how many match.

    Every writer locks questions first, in order of id, so no two can deadlock.
    """
    held = select(questions.c.id).where(which).order_by(questions.c.id).with_for_update()
    return len((await connection.execute(held)).all())


async def _vote(connection: AsyncConnection, question_id: int, member: str) -> Vote | None:
    own = (votes.c.question == question_id) & (votes.c.member == member)
    row = (await connection.execute(select(votes.c.right, votes.c.expected).where(own))).first()
    return None if row is None else Vote(row.right, row.expected)


async def _cast(
    connection: AsyncConnection, question_id: int, member: str, right: bool, expected: str | None
) -> None:
    keys = {"question": question_id, "member": member}
    await upsert(connection, votes, keys, {"right": right, "expected": expected})
