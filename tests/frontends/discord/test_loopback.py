"""The bot over real sockets: it logs in, hears, replies, comes back and goes, by HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.frontends.discord.client import VerbatimClient
from bot.frontends.discord.service import Service
from tests.frontends.discord import loopback
from tests.frontends.discord.loopback import BOT, JOINED, MEMBER, Loopback, message, said

SOON = 20
"""Seconds after which what should have come is taken not to come."""


@pytest.fixture
async def there(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Loopback, asyncio.Task[None]]]:
    """Return a Discord on this machine with the bot in it, and the bot's task."""
    async with loopback.serve() as server:
        monkeypatch.setattr(Route, "BASE", f"{server.url}api")
        gateway = URL(server.url.replace("http", "ws"))
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        client = VerbatimClient(service)
        monkeypatch.setattr(client._connection, "guild_ready_timeout", 0.0)
        running = asyncio.create_task(client.run_until_stopped("the.bot.token"))
        assert await asyncio.wait_for(server.heard.get(), SOON) == 2
        await asyncio.wait_for(client.wait_until_ready(), SOON)
        yield server, running
        await client.close()
        await running


async def asked(server: Loopback, number: int, question: str) -> str:
    """Ask the bot by mention, and return its reply."""
    mention = message(number, MEMBER, f"<@100> {question}", guild_id="500", mentions=[BOT])
    await server.deliver("MESSAGE_CREATE", {**mention, "member": JOINED})
    reply = await asyncio.wait_for(server.posted.get(), SOON)
    assert reply["message_reference"]["message_id"] == number
    assert reply["allowed_mentions"]["parse"] == []
    content: str = reply["content"]
    return content


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
    _, running = there
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, SOON)


async def test_an_event_that_cannot_be_read_does_not_end_it(
    there: tuple[Loopback, asyncio.Task[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins anew, and answers."""
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda self: 0.0)
    server, _ = there
    await server.deliver("MESSAGE_CREATE", {"id": "8003"})
    assert await asyncio.wait_for(server.heard.get(), SOON) == 2
    assert (await asked(server, 8004, "hello")).startswith("Hello!")
