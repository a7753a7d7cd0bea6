"""SIGHUP reads the texts again, as /reload does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.discord.kit.service import Service
from bot.operations.signals import hangup_signals

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.run")


@asynccontextmanager
async def reload_on_hangup(service: Service) -> AsyncIterator[None]:
    """Reload the texts whenever SIGHUP comes, during the block."""
    running: set[asyncio.Task[None]] = set()

    def reload() -> None:
        if len(running) > 1:  # the second one waits for the first, and will read everything
            return
        task = asyncio.create_task(_reload(service))
        running.add(task)
        task.add_done_callback(running.discard)

    with hangup_signals(reload):
        yield
    if running:
        await asyncio.wait(running)


async def _reload(service: Service) -> None:
    try:
        result = await service.reload(skip_broken=False)
    except Exception:  # nobody waits for it who could be told
        _log.exception("the texts could not be read again")
        return
    if result.swapped:
        changes = result.changes
        _log.info(
            "texts read again",
            added=len(changes.added),
            changed=len(changes.changed),
            removed=len(changes.removed),
            snapshot=result.snapshot.id,
        )
    else:
        for problem in result.problems:
            _log.warning("texts not read again: nothing has changed", problem=str(problem))
