"""Daily passages: when and where they are posted, and which have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Delete, Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.connections import Connections, insert_into, upsert
from bot.storage.tables import daily, daily_shown


class PauseReason(StrEnum):
    """Why nothing is posted until a curator resumes it. The values are stored."""

    CURATOR = "curator"
    CHANNEL = "channel"
    """The channel is gone."""
    PERMISSION = "permission"
    """The bot may not write there any more."""
    SILENT = "silent"
    """The channel has been made silent."""
    TEXT = "text"
    """The text is gone, or is not used on this server any more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a curator has set: where, when and what.

    `minute` counts from midnight in the time zone `zone`; `source` is the id of the text (None: all
    of the server's), `role` that of a role to mention.
    """

    channel: int
    minute: int
    zone: str
    source: str | None = None
    in_order: bool = False
    role: int | None = None


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """Where a passage is: its source's id, its post's number, and its offset in the post."""

    source: str
    post: int
    start: int


@dataclass(frozen=True, slots=True)
class DailySchedule:
    """A plan with its state: `due_at` is its next slot, `last` the place of the last passage."""

    id: int
    server: int
    plan: Plan
    due_at: datetime
    paused: PauseReason | None = None
    last: ReadingPlace | None = None


class DailySchedules:
    """Reads and writes schedules; a slot is claimed before anything is posted in it.

    A claim compares the slot and moves on to the next one in a single statement: of several
    processes with the same database, one gets it.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def of(self, server: int) -> list[DailySchedule]:
        """The server's schedules, oldest first."""
        found = select(daily).where(daily.c.server == server).order_by(daily.c.id)
        async with self._connections.reading() as connection:
            return [_schedule(row) for row in (await connection.execute(found)).all()]

    async def channels(self) -> dict[int, frozenset[int]]:
        """The channels of all schedules that are not paused, by server."""
        found: dict[int, set[int]] = {}
        listed = select(daily.c.server, daily.c.channel).where(daily.c.paused.is_(None))
        async with self._connections.reading() as connection:
            for server, channel in (await connection.execute(listed)).all():
                found.setdefault(server, set()).add(channel)
        return {server: frozenset(channels) for server, channels in found.items()}

    async def set(
        self, server: int, plan: Plan, due_at: datetime, most: int
    ) -> DailySchedule | None:
        """Store a plan in place of an earlier one for the channel, and resume it.

        None if the server has `most` others already. What has been shown stays known.
        """
        keys = {"server": server, "channel": plan.channel}
        values = {
            "minute": plan.minute,
            "zone": plan.zone,
            "source": plan.source,
            "in_order": plan.in_order,
            "role": plan.role,
            "due_at": due_at,
            "paused": None,
        }
        own = daily.c.server == server
        here = own & (daily.c.channel == plan.channel)
        others = select(func.count()).where(own, daily.c.channel != plan.channel)
        async with self._connections.writing() as connection:
            if ((await connection.execute(others)).scalar() or 0) >= most:
                return None
            await upsert(connection, daily, keys, values)
            row = (await connection.execute(select(daily).where(here))).one()
        return _schedule(row)

    async def due(self, now: datetime) -> list[DailySchedule]:
        """The schedules whose slot is due, the earliest first."""
        found = (
            select(daily)
            .where(daily.c.due_at <= now, daily.c.paused.is_(None))
            .order_by(daily.c.due_at, daily.c.id)
        )
        async with self._connections.reading() as connection:
            return [_schedule(row) for row in (await connection.execute(found)).all()]

    async def next_due(self, now: datetime) -> datetime | None:
        """The next slot after `now` of all that are not paused; None if there is none."""
        coming = select(func.min(daily.c.due_at)).where(
            daily.c.due_at > now, daily.c.paused.is_(None)
        )
        async with self._connections.reading() as connection:
            found: datetime | None = (await connection.execute(coming)).scalar()
        return found

    async def shown(self, schedule: DailySchedule) -> frozenset[int]:
        """The keys of the passages that were shown in this round."""
        found = select(daily_shown.c.passage).where(daily_shown.c.daily == schedule.id)
        async with self._connections.reading() as connection:
            return frozenset((await connection.execute(found)).scalars())

    async def claim(
        self,
        schedule: DailySchedule,
        next_due: datetime,
        place: ReadingPlace,
        passage: int,
        *,
        new_round: bool = False,
    ) -> bool:
        """Take the slot for a passage; False if another process has it, or it has been changed.

        `new_round`: all passages were shown, and the record of them starts again.
        """
        async with self._connections.writing() as connection:
            if not await _move(connection, schedule, schedule.due_at, next_due, place):
                return False
            if new_round:
                await connection.execute(_record_of(schedule))
            row = insert_into(connection, daily_shown).values(daily=schedule.id, passage=passage)
            await connection.execute(row.on_conflict_do_nothing())
        return True

    async def skip(self, schedule: DailySchedule, next_due: datetime) -> None:
        """Move on to another slot without a passage, unless another process was faster."""
        async with self._connections.writing() as connection:
            await _move(connection, schedule, schedule.due_at, next_due, schedule.last)

    async def release(self, schedule: DailySchedule, next_due: datetime, passage: int) -> None:
        """Give a claimed slot back, because its passage has certainly not been posted."""
        async with self._connections.writing() as connection:
            if await _move(connection, schedule, next_due, schedule.due_at, schedule.last):
                gone = _record_of(schedule).where(daily_shown.c.passage == passage)
                await connection.execute(gone)

    async def pause(self, schedule: DailySchedule, reason: PauseReason) -> bool:
        """Pause it; False if it is paused already, or gone."""
        running = (daily.c.id == schedule.id) & daily.c.paused.is_(None)
        async with self._connections.writing() as connection:
            done = await connection.execute(
                update(daily).where(running).values(paused=reason.value)
            )
        return done.rowcount > 0

    async def resume(self, schedule: DailySchedule, due_at: datetime) -> bool:
        """Resume it at `due_at`; False if it is gone."""
        to = update(daily).where(daily.c.id == schedule.id).values(paused=None, due_at=due_at)
        async with self._connections.writing() as connection:
            return (await connection.execute(to)).rowcount > 0

    async def remove(self, schedule: DailySchedule) -> bool:
        """Delete it with its record; False if it is gone."""
        async with self._connections.writing() as connection:
            await connection.execute(_record_of(schedule))
            gone = await connection.execute(delete(daily).where(daily.c.id == schedule.id))
        return gone.rowcount > 0


def _record_of(schedule: DailySchedule) -> Delete:
    return delete(daily_shown).where(daily_shown.c.daily == schedule.id)


async def _move(
    connection: AsyncConnection,
    schedule: DailySchedule,
    slot: datetime,
    to: datetime,
    last: ReadingPlace | None,
) -> bool:
    """Move the schedule from one slot to another, if it is there and not paused."""
    there = (daily.c.id == schedule.id) & (daily.c.due_at == slot) & daily.c.paused.is_(None)
    values = {
        "due_at": to,
        "last_source": last and last.source,
        "last_post": last and last.post,
        "last_start": last and last.start,
    }
    return (await connection.execute(update(daily).where(there).values(values))).rowcount > 0


def _schedule(row: Row[tuple[object, ...]]) -> DailySchedule:
    last = None
    if row.last_source is not None:
        last = ReadingPlace(row.last_source, row.last_post, row.last_start)
    plan = Plan(row.channel, row.minute, row.zone, row.source, row.in_order, row.role)
    paused = row.paused and PauseReason(row.paused)
    return DailySchedule(row.id, row.server, plan, row.due_at, paused, last)
