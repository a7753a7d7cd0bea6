"""The audit log: what curators did, who and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select

from bot.storage.connections import Connections
from bot.storage.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An action of a curator. `member_id` is not hashed: whoever changes something is accountable."""

    server: int | None
    member_id: int
    action: str
    detail: str
    at: datetime


MAX_AUDIT = 10_000
"""Entries that are kept, unless another number is given."""

LONGEST_DETAIL = 2_000
"""Characters of an entry's detail; a reload may name every text."""


class AuditLog:
    """Actions by server; None for those that concern all servers. The newest `most` entries are kept."""

    def __init__(self, connections: Connections, most: int = MAX_AUDIT) -> None:
        self._connections = connections
        self._most = most

    async def record(
        self, server: int | None, member_id: int, action: str, detail: str, at: datetime
    ) -> None:
        """Append an entry, and delete the oldest one if there are too many."""
        entry = {
            "server": server,
            "member_id": member_id,
            "action": action,
            "detail": detail[:LONGEST_DETAIL],
            "at": at,
        }
        too_old = select(audit.c.id).order_by(audit.c.id.desc()).offset(self._most).limit(1)
        async with self._connections.writing() as connection:
            await connection.execute(insert(audit).values(entry))
            oldest = await connection.scalar(too_old)
            if oldest is not None:
                await connection.execute(delete(audit).where(audit.c.id <= oldest))

    async def state(self) -> tuple[int, int]:
        """Two numbers that change whenever something is recorded."""
        counted = select(func.count(), func.coalesce(func.max(audit.c.id), 0))
        async with self._connections.reading() as connection:
            number, last = (await connection.execute(counted)).one()
        return number, last

    async def latest(self, server: int | None, limit: int) -> list[AuditEntry]:
        """The newest `limit` entries of a server, newest first."""
        return await self._newest(audit.c.server == server, limit)

    async def latest_by_action(
        self, actions: Collection[str], limit: int, skip: int = 0
    ) -> list[AuditEntry]:
        """Entries with these actions in all servers, newest first, without the first `skip`."""
        return await self._newest(audit.c.action.in_(actions), limit, skip)

    async def _newest(
        self, which: ColumnElement[bool], limit: int, skip: int = 0
    ) -> list[AuditEntry]:
        newest = (
            select(audit)
            .where(which)
            .order_by(audit.c.at.desc(), audit.c.id.desc())
            .limit(limit)
            .offset(skip)
        )
        async with self._connections.reading() as connection:
            rows = (await connection.execute(newest)).all()
        return [
            AuditEntry(row.server, row.member_id, row.action, row.detail, row.at) for row in rows
        ]
