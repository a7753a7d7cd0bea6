"""What curators change in another process holds in this one too, within seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.discord.kit.service import Service
from bot.storage.connections import StorageError

EVERY = 2.0
"""Seconds between two looks at the storage."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


@asynccontextmanager
async def following_settings(service: Service, every: float = EVERY) -> AsyncIterator[None]:
    """Read the servers' settings again whenever they have changed, during the block.

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
    while True:
        try:
            await service.servers.refresh()
            failing = False
        except StorageError as error:
            if not failing:
                _log.warning("settings could not be read again", reason=str(error))
            failing = True
        await asyncio.sleep(every)
