"""What members prefer, under the hash of their id."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select

from bot.storage.connections import Connections, upsert
from bot.storage.members import hash_member_id
from bot.storage.tables import preferences


@dataclass(frozen=True, slots=True)
class Preferences:
    """A member's own choices; None: as the server has it.

    `language` is the tag of the bot's lines, `private` who sees answers to /ask, `quotes` how many are
    shown at once, `keep` whether questions are kept.
    """

    language: str | None = None
    private: bool | None = None
    quotes: int | None = None
    keep: bool = True


class PreferenceTable:
    """Reads and writes preferences. Members without any have no row."""

    def __init__(self, connections: Connections, key: bytes) -> None:
        self._connections = connections
        self._key = key

    def hash_of(self, member_id: int) -> str:
        """The hash under which a member's preferences are kept."""
        return hash_member_id(self._key, member_id)

    async def all(self) -> dict[str, Preferences]:
        """Everybody's preferences by hash."""
        async with self._connections.reading() as connection:
            rows = (await connection.execute(select(preferences))).all()
        return {row.member: _chosen(row) for row in rows}

    async def get(self, member_id: int) -> Preferences:
        """A member's preferences, or the defaults."""
        own = select(preferences).where(preferences.c.member == self.hash_of(member_id))
        async with self._connections.reading() as connection:
            row = (await connection.execute(own)).first()
        return _chosen(row) if row is not None else Preferences()

    async def set(self, member_id: int, chosen: Preferences) -> None:
        """Replace a member's preferences; the defaults are not kept."""
        if chosen == Preferences():
            await self.forget(member_id)
            return
        keys = {"member": self.hash_of(member_id)}
        async with self._connections.writing() as connection:
            await upsert(connection, preferences, keys, dataclasses.asdict(chosen))

    async def forget(self, member_id: int) -> bool:
        """Delete a member's preferences; False: there were none."""
        own = preferences.c.member == self.hash_of(member_id)
        async with self._connections.writing() as connection:
            return (await connection.execute(delete(preferences).where(own))).rowcount > 0


def _chosen(row: Row[Any]) -> Preferences:
    return Preferences(row.language, row.private, row.quotes, row.keep)
