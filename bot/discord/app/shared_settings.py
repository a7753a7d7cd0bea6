"""Polls the database for settings and preferences that another process has changed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.discord.kit.service import Service
from bot.storage.connections import StorageError

EVERY = 2.0
"""Seconds between two reads of the settings."""

PREFERENCES_EVERY = 15
"""At one in so many of these reads, members' preferences are read too: all, since nothing tells which have changed."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


@asynccontextmanager
async def following_settings(service: Service, every: float = EVERY) -> AsyncIterator[None]:
    """Read servers' settings and members' preferences again, during the block.

    Without shards there is no other process, and nothing is done.
    """
    if service.settings.shards is None:
        yield
        return
    task = asyncio.create_task(_follow(service, every))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow(service: Service, every: float) -> None:
    failing = False
    for look in itertools.count(1):
        try:
            await service.servers.refresh()
            if look % PREFERENCES_EVERY == 0:
                await service.preferences.load()
            failing = False
        except StorageError as error:
            if not failing:
                _log.warning("settings could not be read again", reason=str(error))
            failing = True
        await asyncio.sleep(every)
