"""The settings of all servers: in memory for reading, written through to the storage."""

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
    """Caches every server's settings. What other processes change is read again within seconds."""

    def __init__(self, storage: Storage, settings: Mapping[int, ServerSettings]) -> None:
        self._storage = storage
        self._settings = dict(settings)
        self._changing = asyncio.Lock()
        self._seen: tuple[int, int] | None = None

    @classmethod
    async def read(cls, storage: Storage) -> Self:
        """Load all settings.

        Raises StorageError if they cannot be read.
        """
        return cls(storage, await storage.servers.all())

    def of(self, server: int | None) -> ServerSettings:
        """The settings of a server; the defaults for None, outside servers."""
        return _DEFAULT if server is None else self._settings.get(server, _DEFAULT)

    async def change(
        self, server: int, to: ServerSettings, member_id: int, detail: str, at: datetime
    ) -> None:
        """Replace a server's settings, and record in words what changed and who changed it.

        Raises StorageError if they cannot be written; then nothing has changed.
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
        """Change a server's settings by `alter`; return the old and the new ones.

        Changes run one after the other, so that two curators cannot overwrite each other's.
        `described` puts a change into words. Nothing is written if nothing changes.

        Raises StorageError if they cannot be written; then nothing has changed.
        """
        async with self._changing:
            was = await self._storage.servers.get(server)  # another process may have changed them
            to = alter(was)
            if to != was:
                await self.change(server, to, member_id, described(was, to), at)
            return was, to

    async def refresh(self) -> bool:
        """Read all settings again if any curator has changed something; return whether that was so.

        Raises StorageError if that is impossible.
        """
        found = await self._storage.audit.state()
        if found == self._seen:
            return False
        async with self._changing:
            self._settings = await self._storage.servers.all()
        self._seen = found
        return True

    def forget(self, server: int) -> None:
        """Drop a server whose settings have been deleted."""
        self._settings.pop(server, None)
