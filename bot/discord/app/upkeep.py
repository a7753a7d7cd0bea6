"""Tracks the servers the bot joins and leaves, and deletes old data once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from discord.ext import tasks

from bot.discord.app.clock import DiscordClock
from bot.discord.kit.service import Service
from bot.storage.connections import StorageError

JUMP = timedelta(hours=1)
"""How far the clock may run ahead of the time that has passed; beyond that somebody, or a fault, has set it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.upkeep")

DOUBT = timedelta(hours=23)
"""How long a clock that was set forward is not believed."""


class Upkeep:
    """Keeps the list of servers up to date, and deletes data that are too old.

    If the storage fails, that is logged, and tried again the next time.
    """

    def __init__(
        self,
        service: Service,
        there: Callable[[], Iterable[int]],
        serves: Callable[[int], bool] = lambda _: True,
        clock: DiscordClock | None = None,
    ) -> None:
        """`there` lists the ids of the servers that the bot is in, as far as this process `serves` them."""
        self._service = service
        self._there = there
        self._serves = serves
        self._clock = clock or DiscordClock(service.now)
        self._working = asyncio.Lock()
        self._booted = service.now() - timedelta(seconds=service.elapsed())
        """When the clock that is believed says that `elapsed` began."""
        self._doubted_at: timedelta | None = None
        """The elapsed time at which the clock was found to be set forward."""

    async def compare(self) -> bool:
        """Note which servers the bot left or rejoined while offline; return False on failure."""
        servers, now = self._service.storage.servers, self._service.now()
        is_in = frozenset(self._there())
        try:
            for server in await servers.known() - is_in:
                if self._serves(server):
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
        """Note that the bot is back in a server: its data stay."""
        try:
            await self._service.storage.servers.returned(server)
        except StorageError as error:
            _log.warning("a return was not noted", guild=server, reason=str(error))

    async def purge(self) -> None:
        """Delete the data of servers left long ago, and old questions, unless another process does."""
        service, now = self._service, self._service.now()
        if self._is_doubtful(now):
            return
        if self._clock.ahead > JUMP:
            _log.warning(
                "old data are kept while the computer's clock is ahead of Discord's",
                ahead=str(self._clock.ahead),
            )
            return
        try:
            async with service.storage.alone("upkeep") as alone:
                if not alone:
                    _log.info("another process deletes old data at the moment")
                    return
                await self._purge(now)
        except StorageError as error:
            _log.warning("old data could not be deleted", reason=str(error))

    def _is_doubtful(self, now: datetime) -> bool:
        """Whether the clock has been set forward, less than a day ago.

        It may be called twice in a row: discord.py makes up for days that the clock has skipped.
        """
        elapsed = timedelta(seconds=self._service.elapsed())
        if now - elapsed - self._booted <= JUMP:
            self._booted, self._doubted_at = now - elapsed, None
        elif self._doubted_at is None:
            self._doubted_at = elapsed
            _log.warning(
                "the computer's clock was set forward: old data are kept for one more day",
                now=now.isoformat(),
            )
        elif elapsed - self._doubted_at >= DOUBT:
            self._booted, self._doubted_at = now - elapsed, None
        return self._doubted_at is not None

    async def _purge(self, now: datetime) -> None:
        service = self._service
        gone = await service.storage.servers.purge_departed(
            now - timedelta(days=service.grace_days)
        )
        for server in gone:
            service.servers.forget(server)
        questions = await service.storage.questions.purge(now)
        _log.info("old data deleted", servers=gone, questions=questions)

    @tasks.loop(hours=24)
    async def daily(self) -> None:
        """Purge now and once a day, after checking which servers the bot has rejoined."""
        async with self._working:
            if await self.compare():
                await self.purge()

    async def begin(self) -> None:
        """Start the daily task; if it is running, only compare the servers."""
        if self.daily.is_running():
            await self.compare()
        else:
            self.daily.start()

    async def end(self) -> None:
        """Stop, after finishing what is in progress."""
        async with self._working:
            self.daily.cancel()
