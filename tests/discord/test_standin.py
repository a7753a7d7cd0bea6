"""The stand-in is as strict as Discord: what it takes, Discord takes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from benchmarks.standin import payloads
from benchmarks.standin.limits import ApiError, check_message
from benchmarks.standin.server import Standin
from benchmarks.standin.sessions import CONTENT, visible
from benchmarks.standin.specification import Specification
from benchmarks.standin.world import Right


class Caller:
    """A bot that sends what the test wants."""

    def __init__(self, session: aiohttp.ClientSession, discord: Standin) -> None:
        self._session = session
        self.discord = discord
        self.seconds = 0.0
        self.channel = discord.world.add_server()["channels"][0]
        self.member = payloads.user("member")

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Post JSON; return the status and the error code, or the response."""
        url = f"{self.discord.url}api/v10{path}"
        headers = {"Authorization": "Bot token"}
        async with self._session.post(url, json=body, headers=headers) as response:
            text = await response.text()
            data = json.loads(text) if text else {}
            return response.status, data.get("code", data)

    async def respond(self, interaction: dict[str, Any], kind: int, **data: Any) -> tuple[int, Any]:
        """Respond to an interaction."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
        return await self.post(path, {"type": kind, "data": data})

    async def follow(self, interaction: dict[str, Any], **data: Any) -> tuple[int, Any]:
        """Follow up."""
        return await self.post(f"/webhooks/200/{interaction['token']}?wait=true", data)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """A bot at a stand-in whose clock it sets."""
    async with Standin.serve() as discord, aiohttp.ClientSession() as session:
        caller = Caller(session, discord)
        discord.interactions.clock = lambda: caller.seconds
        yield caller


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"content": "a" * 2_001}, "2000"),
        ({}, "empty"),
        ({"components": [{"type": 1, "components": []}]}, "one to five"),
        ({"components": [{"type": 1, "components": [{"type": 2, "custom_id": "a", "label": "A"}] * 2}]}, "twice"),
        ({"components": [{"type": 1, "components": [{"type": 2, "custom_id": "a"}]}]}, "label"),
    ],
)  # fmt: skip
def test_messages_that_discord_refuses_are_refused(body: dict[str, Any], problem: str) -> None:
    """Although Discord's description allows them."""
    with pytest.raises(ApiError, match=problem):
        check_message(body)


def test_requests_are_checked_against_the_description_of_discord() -> None:
    """Its paths, their parameters and their bodies."""
    specification = Specification.of_discord()
    path = "/channels/1/messages"
    assert specification.problems("POST", path, {}, {"content": "Hello"}) == []
    assert "content" in specification.problems("POST", path, {}, {"content": 1})[0]
    assert "no parameter" in specification.problems("POST", path, {"wait": "true"}, {})[0]
    assert "cannot be" in specification.problems("GET", path, {"limit": "many"}, None)[0]
    assert "no such request" in specification.problems("GET", "/channel/1", {}, None)[0]


async def test_an_interaction_is_responded_to_once_and_in_time(caller: Caller) -> None:
    """Within three seconds; it is followed up for fifteen minutes."""
    slash = caller.discord.slash
    first = await slash(caller.member, caller.channel, "ask", question="Who?")
    assert await caller.follow(first.sent, content="too soon") == (404, 10015)
    assert (await caller.respond(first.sent, 4, content="Ana"))[0] == 204
    assert await caller.respond(first.sent, 4, content="Ana") == (400, 40060)
    caller.seconds = 15 * 60
    assert (await caller.follow(first.sent, content="Ben"))[0] == 200
    caller.seconds += 1
    assert await caller.follow(first.sent, content="too late") == (401, 50027)
    second = await slash(caller.member, caller.channel, "ask", question="Who?")
    caller.seconds += 4
    assert await caller.respond(second.sent, 4, content="Ana") == (404, 10062)
    assert [answer["content"] for answer in first.answers] == ["Ana", "Ben"]
    assert second.refused == [10062]


async def test_the_first_follow_up_fills_in_the_message_that_loads(caller: Caller) -> None:
    """It stays as private as it was announced."""
    exchange = await caller.discord.slash(caller.member, caller.channel, "ask", question="Who?")
    await caller.respond(exchange.sent, 5, flags=64)
    await caller.follow(exchange.sent, content="Ana")
    assert [answer["flags"] for answer in exchange.answers] == [64]
    assert caller.discord.world.said_by_bot(caller.channel["id"]) == []


async def test_a_nonce_posts_once(caller: Caller) -> None:
    """And what the bot may not do is refused."""
    path = f"/channels/{caller.channel['id']}/messages"
    for _ in range(2):
        await caller.post(path, {"content": "Ana", "nonce": "7", "enforce_nonce": True})
    assert len(caller.discord.world.said_by_bot(caller.channel["id"])) == 1
    caller.discord.world.rights[caller.channel["id"]] = Right.VIEW
    assert await caller.post(path, {"content": "Ana"}) == (403, 50013)


async def test_a_member_who_is_too_fast_is_told_when_to_come_back(caller: Caller) -> None:
    """After five messages to a channel."""
    caller.discord.rest.limits.enforced = True
    path = f"/channels/{caller.channel['id']}/messages"
    statuses = [(await caller.post(path, {"content": "Ana"}))[0] for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert caller.discord.rest.limits.exceeded == 1


def test_words_are_hidden_from_bots_without_the_intent() -> None:
    """Unless they mention the bot, are the bot's own, or are in a direct message."""
    channel = {"id": "1"}
    message = payloads.message(payloads.user("member"), channel, "secret", guild_id="2")
    assert visible(message, 1)["content"] == ""
    assert visible(message, CONTENT)["content"] == "secret"
    for more in ({"mentions": [payloads.BOT]}, {"author": payloads.BOT}, {"guild_id": None}):
        assert visible(message | more, 1)["content"] == "secret"
