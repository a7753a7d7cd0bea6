"""The bot over real sockets: it logs in, hears, replies, comes back and goes, by HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from bot.discord.kit.service import Service
from tests.discord import loopback
from tests.discord.loopback import SOON, Loopback, asked, ready, running, said


@pytest.fixture
async def there(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Loopback, asyncio.Task[None]]]:
    """Return a Discord on this machine with the bot in it, and the bot's task."""
    async with (
        loopback.serve() as server,
        running(server, service, monkeypatch) as (client, task),
    ):
        await ready(server, client)
        yield server, task


async def test_a_question_is_answered_although_it_must_wait_for_its_turn(
    there: tuple[Loopback, asyncio.Task[None]],
) -> None:
    """Discord's limits are kept to, and nothing is said twice."""
    server, _ = there
    limit = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
    server.refusals.append(said(limit, status=429))
    server.refusals[0].headers["Via"] = "1.1 discord"
    assert "The toll for carts was never raised." in (
        await asked(server, 8001, "Was the toll for carts ever raised?")
    ).replace("**", "")
    assert server.refusals == []
    assert server.posted.empty()


async def test_it_comes_back_when_the_connection_drops(
    there: tuple[Loopback, asyncio.Task[None]],
) -> None:
    """And takes up the session where it was."""
    server, _ = there
    await server.drop()
    assert await asyncio.wait_for(server.heard.get(), SOON) == 6
    assert (await asked(server, 8002, "hello")).startswith("Hello!")


async def test_a_signal_ends_it_in_good_order(
    there: tuple[Loopback, asyncio.Task[None]],
) -> None:
    """Without an error, and soon."""
    _, task = there
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, SOON)


async def test_an_event_that_cannot_be_read_does_not_end_it(
    there: tuple[Loopback, asyncio.Task[None]],
) -> None:
    """It is left out, and the session goes on."""
    server, _ = there
    await server.deliver("MESSAGE_CREATE", {"id": "8003"})
    assert (await asked(server, 8004, "hello")).startswith("Hello!")
    assert server.heard.empty()
