"""Slow work, held until the test releases it, so that nothing depends on a clock."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from discord.context_managers import Typing

from tests.conftest import World

MODULES = ("kit.sending", "ask.message_handler")
"""The modules that decide when to acknowledge an interaction or a message."""


def acknowledge_after(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Make the bot acknowledge work that takes longer than `seconds`."""
    for module in MODULES:
        monkeypatch.setattr(f"bot.discord.{module}.ACKNOWLEDGE_AFTER", seconds)


class Held:
    """Work that waits until it is released."""

    def __init__(self, world: World) -> None:
        self._env = world.env
        self._free = asyncio.Event()
        self.begun = 0
        """How many calls have started."""

    async def wait(self) -> None:
        """Wait until released; the simulated Discord settles meanwhile."""
        self.begun += 1
        if not self._free.is_set():
            await self._env.external_wait(self._free.wait(), reason="held by the test")

    async def let_go(self) -> None:
        """Release all held work, and wait for its end."""
        self._free.set()
        await self._env.settle()


def hold(world: World, monkeypatch: pytest.MonkeyPatch, of: type[Any] | object, name: str) -> Held:
    """Hold calls of the coroutine function `name`, and make the bot take any work to be slow."""
    held, does = Held(world), getattr(of, name)

    async def waiting(*args: Any, **kwargs: Any) -> Any:
        await held.wait()
        return await does(*args, **kwargs)

    async def typing_once(_: Typing) -> None:
        await world.env.external_wait(asyncio.Event().wait(), reason="shown to be typing")

    monkeypatch.setattr(of, name, waiting)
    monkeypatch.setattr(Typing, "do_typing", typing_once)
    acknowledge_after(monkeypatch, 0)
    return held
