"""Triggers of a reload other than curators: changed files, SIGHUP and `verbatim reload`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Container
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import structlog

from bot.discord.kit.service import Service
from bot.library.results import ReloadResult
from bot.operations import control
from bot.operations.folder_watch import settled_changes
from bot.operations.signals import hangup_signals
from bot.storage.address import from_anywhere
from bot.wording import ENGLISH as wording

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.run")


@asynccontextmanager
async def reloads(service: Service, *, watch: bool, control_path: Path) -> AsyncIterator[None]:
    """During the block, reload the texts at SIGHUP, when asked at `control_path`, and with `watch` when a file changes."""

    async def handle(request: control.Message) -> control.Message:
        return await _asked(service, request)

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(reload_on_hangup(service))
        await stack.enter_async_context(control.serving(control_path, handle))
        if watch:
            await stack.enter_async_context(reload_on_change(service))
        yield


@asynccontextmanager
async def reload_on_hangup(service: Service) -> AsyncIterator[None]:
    """Reload the texts whenever SIGHUP comes, during the block."""
    running: set[asyncio.Task[ReloadResult | None]] = set()

    def reload() -> None:
        if len(running) > 1:  # the second one waits for the first, and will read everything
            return
        task = asyncio.create_task(reload_and_log(service))
        running.add(task)
        task.add_done_callback(running.discard)

    with hangup_signals(reload):
        yield
    if running:
        await asyncio.wait(running)


@asynccontextmanager
async def reload_on_change(service: Service) -> AsyncIterator[None]:
    """Reload the texts whenever files in their folder have changed, during the block."""

    async def watch() -> None:
        async for unfinished in settled_changes(service.library.folder):
            await reload_and_log(service, unfinished=unfinished, quietly=True)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _asked(service: Service, request: control.Message) -> control.Message:
    """Respond to a request: with the state of the texts, or with the lines that `verbatim reload` shows of a reload."""
    if request.get("command") == "status":
        return {
            "stale": list(service.library.stale),
            "storage": await asyncio.to_thread(from_anywhere, service.storage.where),
        }
    skip_broken, strict = bool(request.get("skip_broken")), bool(request.get("strict"))
    result = await reload_and_log(service, skip_broken=skip_broken, strict=strict)
    if result is None:
        return {"swapped": False, "lines": ["failed: see the log of the bot"]}
    return {
        "swapped": result.swapped,
        "lines": await service.run_quick(lambda: wording.reload(result)),
    }


async def reload_and_log(
    service: Service,
    *,
    unfinished: Container[str] = (),
    quietly: bool = False,
    **options: Any,
) -> ReloadResult | None:
    """Reload and log it: `quietly`, only what has not been logged before. None if it failed."""
    before = service.library.last_reload
    try:
        result = await service.reload(unfinished=unfinished, **options)
    except OSError as error:
        _log.warning("texts not read again: nothing has changed", problem=str(error))
        return None
    except Exception:  # nobody waits for it who could be told
        _log.exception("the texts could not be read again")
        return None
    new = before is None or (result.problems, result.stale) != (before.problems, before.stale)
    if result.swapped and (result.changes or not quietly):
        changes = result.changes
        _log.info(
            "texts read again",
            added=len(changes.added),
            changed=len(changes.changed),
            removed=len(changes.removed),
            seconds=round(result.seconds, 3),
            snapshot=result.snapshot.id,
        )
    if new or not quietly:
        event = (
            "a text stays as it was"
            if result.swapped
            else "texts not read again: nothing has changed"
        )
        found = chain.from_iterable(result.stale.values()) if result.swapped else result.problems
        for problem in found:
            _log.warning(event, problem=str(problem))
    return result
