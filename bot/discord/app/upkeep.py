"""Servers that come and go, and the daily deletion of what has been kept long enough."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog
from discord.ext import tasks

from bot.discord.kit.service import Service
from bot.storage.connections import StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.upkeep")


class Upkeep:
    """Notes where the bot is, and deletes what has been kept for too long.

    A storage that fails is recorded in the log, and asked again the next time.
    """

    def __init__(self, service: Service, there: Callable[[], Iterable[int]]) -> None:
        """`there`: gives the ids of the servers that the bot is in."""
        self._service = service
        self._there = there
        self._working = asyncio.Lock()

    async def compare(self) -> bool:
        """Note the servers that the bot was removed from, or came back to, while it was away.

        Return whether that could be done.
        """
        servers, now = self._service.storage.servers, self._service.now()
        is_in = frozenset(self._there())
        try:
            for server in await servers.known() - is_in:
                await servers.left(server, now)
            for server in await servers.departed() & is_in:
                await servers.returned(server)
        except StorageError as error:
            _log.warning("servers could not be compared", reason=str(error))
            return False
        return True

    async def left(self, server: int) -> None:
        """Note that the bot was removed from a server."""
        try:
            await self._service.storage.servers.left(server, self._service.now())
        except StorageError as error:
            _log.warning("a departure was not noted", guild=server, reason=str(error))

    async def returned(self, server: int) -> None:
        """Note that the bot was added to a server: what is kept of it from before stays."""
        try:
            await self._service.storage.servers.returned(server)
        except StorageError as error:
            _log.warning("a return was not noted", guild=server, reason=str(error))

    async def purge(self) -> None:
        """Delete the data of servers left long ago, and old questions."""
        service, now = self._service, self._service.now()
        try:
            gone = await service.storage.servers.purge_departed(
                now - timedelta(days=service.grace_days)
            )
            for server in gone:
                service.servers.forget(server)
            questions = await service.storage.questions.purge(now)
        except StorageError as error:
            _log.warning("old data could not be deleted", reason=str(error))
            return
        _log.info("old data deleted", servers=gone, questions=questions)

    @tasks.loop(hours=24)
    async def daily(self) -> None:
        """Purge now and once a day, but not before it is known who has come back."""
        async with self._working:
            if await self.compare():
                await self.purge()

    async def begin(self) -> None:
        """Begin the daily work; where it has begun, compare the servers alone."""
        if self.daily.is_running():
            await self.compare()
        else:
            self.daily.start()

    async def end(self) -> None:
        """Do no more, once what is being done is done."""
        async with self._working:
            self.daily.cancel()
