"""Queries for curators' reports: gaps in the texts, and counts by day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Outcome
from bot.storage.tables import questions, votes


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was not covered, or whose answer got a vote for wrong."""

    text: str
    outcome: Outcome
    asked_at: datetime
    right: int
    wrong: int
    expectations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCount:
    """Outcomes of the questions of a UTC day, and votes on them."""

    day: date
    asked: int
    answered: int
    closest: int
    not_covered: int
    right: int
    wrong: int


async def gaps(
    connection: AsyncConnection, server: int | None, since: datetime, limit: int
) -> list[Gap]:
    """The newest `limit` gaps, newest first."""
    wrong = exists().where(votes.c.question == questions.c.id, votes.c.right.is_(False))
    missed = or_(questions.c.outcome == Outcome.NOT_COVERED.value, wrong)
    newest = (
        select(questions)
        .where(_asked(server, since), missed)
        .order_by(questions.c.asked_at.desc(), questions.c.id)
        .limit(limit)
    )
    chosen = (await connection.execute(newest)).all()
    on_them = votes.c.question.in_(select(newest.subquery().c.id))
    cast = select(votes).where(on_them).order_by(votes.c.member)
    said = defaultdict(list)
    for vote in (await connection.execute(cast)).all():
        said[vote.question].append(vote)
    return [
        Gap(
            row.text,
            Outcome(row.outcome),
            row.asked_at,
            right=sum(vote.right for vote in said[row.id]),
            wrong=sum(not vote.right for vote in said[row.id]),
            expectations=tuple(vote.expected for vote in said[row.id] if vote.expected),
        )
        for row in chosen
    ]


async def days(connection: AsyncConnection, server: int | None, since: datetime) -> list[DayCount]:
    """Counts for each UTC day that has a question, earliest first."""
    asked = _asked(server, since)
    ballots = (
        select(
            votes.c.question,
            _count(votes.c.right.is_(True)).label("right"),
            _count(votes.c.right.is_(False)).label("wrong"),
        )
        .where(votes.c.question.in_(select(questions.c.id).where(asked)))
        .group_by(votes.c.question)
        .subquery()
    )
    day = func.date(questions.c.asked_at, type_=Date)
    counts = (
        select(
            day,
            func.count(),
            *(
                _count(questions.c.outcome == outcome.value)
                for outcome in (Outcome.ANSWERED, Outcome.CLOSEST, Outcome.NOT_COVERED)
            ),
            func.coalesce(func.sum(ballots.c.right), 0),
            func.coalesce(func.sum(ballots.c.wrong), 0),
        )
        .select_from(questions.outerjoin(ballots, ballots.c.question == questions.c.id))
        .where(asked)
        .group_by(day)
        .order_by(day)
    )
    rows = (await connection.execute(counts)).all()
    return [DayCount(when, *map(int, numbers)) for when, *numbers in rows]


def _asked(server: int | None, since: datetime) -> ColumnElement[bool]:
    return and_(questions.c.server == server, questions.c.asked_at >= since)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
