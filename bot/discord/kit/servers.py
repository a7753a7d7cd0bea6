"""The settings of every server, at hand in memory and kept in the storage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Self

import structlog

from bot.storage.connections import StorageError
from bot.storage.database import Storage
from bot.storage.servers import ServerSettings

_DEFAULT = ServerSettings()

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


class ServerSettingsCache:
    """What the curators of each server have set. Only this bot writes it, so memory is right."""

    def __init__(self, storage: Storage, settings: Mapping[int, ServerSettings]) -> None:
        self._storage = storage
        self._settings = dict(settings)
        self._changing = asyncio.Lock()

    @classmethod
    async def read(cls, storage: Storage) -> Self:
        """Return the book as it is kept.

        Raises StorageError if it cannot be read.
        """
        return cls(storage, await storage.servers.all())

    def of(self, server: int | None) -> ServerSettings:
        """Return the settings of a server; the defaults outside servers (None)."""
        return _DEFAULT if server is None else self._settings.get(server, _DEFAULT)

    async def change(
        self, server: int, to: ServerSettings, member_id: int, detail: str, at: datetime
    ) -> None:
        """Keep other settings for a server, and who changed what; `detail` says it in words.

        Raises StorageError if they cannot be kept: then nothing has changed.
        """
        await self._storage.servers.set(server, to)
        self._settings[server] = to
        try:
            await self._storage.audit.record(server, member_id, "settings", detail, at)
        except StorageError as error:  # the settings hold all the same, so the log keeps who it was
            _log.warning(
                "a change was not kept among the acts of curators",
                guild=server,
                member=member_id,
                detail=detail,
                reason=str(error),
            )

    async def update(
        self,
        server: int,
        alter: Callable[[ServerSettings], ServerSettings],
        member_id: int,
        described: Callable[[ServerSettings, ServerSettings], str],
        at: datetime,
    ) -> tuple[ServerSettings, ServerSettings]:
        """Return a server's settings as they were, and as `alter` makes them: those are kept.

        One after the other, so that two curators at once lose nothing of each other's. `described`
        says in words what has changed; where nothing has, nothing is written.

        Raises StorageError if they cannot be kept: then nothing has changed.
        """
        async with self._changing:
            was = self.of(server)
            to = alter(was)
            if to != was:
                await self.change(server, to, member_id, described(was, to), at)
            return was, to

    def forget(self, server: int) -> None:
        """Let go of a server whose settings have been deleted."""
        self._settings.pop(server, None)
